"""Adjudication in Label Studio: what two passes agree on is locked, what they dispute must be answered there.

The task starts from a version "merged"; both passes stand beside it, each as a version that can be looked at. In the
merged one a region that only one pass has is asked about (right or wrong), an attribute that they answer differently
is empty or begins with a question mark, and so does the label of an arrow that only one of them drew.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dataset_builder.codec import encode_layer
from dataset_builder.corpus import Corpus
from dataset_builder.curation.merging import Merged, MergedNode
from dataset_builder.curation.reading import canonical_text
from dataset_builder.decisions import Decision, answers, parse_question
from dataset_builder.errors import DataError
from dataset_builder.formats.regions import Ids, Names, content_id
from dataset_builder.incidents import Incident
from dataset_builder.labelstudio.annotations import read_annotation
from dataset_builder.labelstudio.convert import META, Entry, add_prediction, make_task
from dataset_builder.labelstudio.export import Task
from dataset_builder.labelstudio.names import DECISION, LABEL, OPEN, RIGHT, TEXT, WRONG
from dataset_builder.labelstudio.pull import (
    Pulled,
    check_people,
    corrected_here,
    joined_layer,
    known_document,
    pseudonym,
    shown_place,
    unreadable,
)
from dataset_builder.labelstudio.storing import is_as_pulled, layer_hash
from dataset_builder.model import Document, Layer
from dataset_builder.schema import Schema

MERGED = "merged"


def make_adjudication(
    document: Document, text: str, merged: Merged, passes: Sequence[tuple[str, Layer]], schema: Schema
) -> Entry:
    """The task of a document: the merged version, the passes by their annotators' names, and what is asked."""
    layers = [name for name in schema.layers if all(name in layer.layers for _, layer in passes)]
    task = make_task(document, text, layers, schema)
    for name, layer in passes:
        add_prediction(task, layer, name, schema)
    ids = region_ids(merged, document)
    result = [entry for node in merged.nodes for entry in _region(node, ids[node.name], text, schema)]
    result.sort(key=lambda entry: (entry["value"]["start"], -entry["value"]["end"]))
    task["predictions"].append({"model_version": MERGED, "result": [*result, *_arrows(merged, ids)]})
    for (head, label, tail), id in merged.ids.items():
        if id:
            ends = (_span_id(ids[name]) for name in (head, tail))
            task["meta"][META]["relations"][" ".join((label, *ends))] = id
    task["meta"][META]["open"] = [ids[node.name] for node in merged.nodes if node.open]
    task["meta"][META]["questions"] = merged.questions
    return task


def region_ids(merged: Merged, document: Document) -> dict[str, str]:
    """Each region's id in Label Studio; a span or claim that the passes have in two places has two ids."""
    ids = Ids(document.id)
    spans: dict[tuple[str, str, int, int], str] = {}
    claims: dict[tuple[str, str], str] = {}
    found: dict[str, str] = {}
    for node in merged.nodes:
        span = node.node.span
        place = (span.layer, span.label, span.start, span.end)
        if place not in spans:
            spans[place] = ids.take(span.id) or ids.made("s", node.name)
        if not node.node.claim:
            found[node.name] = spans[place]
            continue
        # Further content goes with its claim, whose name stands behind "of".
        head = node.name.rpartition(" of ")[2]
        if (head, node.node.claim) not in claims:
            claims[head, node.node.claim] = ids.take(node.node.claim) or ids.made("c", head)
        found[node.name] = content_id(claims[head, node.node.claim], spans[place])
    return found


def _span_id(region: str) -> str:
    return region.rpartition("_")[2]


def _region(node: MergedNode, id: str, text: str, schema: Schema) -> Iterator[Entry]:
    names = Names(schema)
    span = node.node.span
    common: Entry = {"id": id, "to_name": TEXT}
    if not node.open and not node.asked:
        common["readonly"] = True
    else:
        common["meta"] = {"text": [_note(node)]}
    place = {"start": span.start, "end": span.end, "text": text[span.start : span.end]}

    def entry(name: str, type: str, key: str, value: str) -> Entry:
        return {**common, "from_name": name, "type": type, "value": {**place, key: [value]}}

    yield entry(LABEL, "labels", "labels", names.value(span.layer, span.label))
    for name, value in sorted(node.attributes.items()):
        kind, key = ("choices", "choices") if names.attributes[name].values else ("textarea", "text")
        yield entry(name, kind, key, value)
    for name, (one, two) in node.asked.items():
        # Nothing is chosen where one can choose; where one writes, what stands there can't be read until it is changed.
        if not names.attributes[name].values:
            yield entry(name, "textarea", "text", f"{OPEN} {one or '–'} {OPEN} {two or '–'}")


def _note(node: MergedNode) -> str:
    """What is asked about a region, as its note in Label Studio says it."""
    if node.open:
        return f"only in pass {node.hands[0]}: {RIGHT} or {WRONG}?"
    return "; ".join(f"{name}: {one or '–'} or {two or '–'}?" for name, (one, two) in node.asked.items())


def _arrows(merged: Merged, ids: Mapping[str, str]) -> list[Entry]:
    labels: dict[tuple[str, str], list[str]] = {}
    for (head, label, tail), is_open in merged.arrows.items():
        labels.setdefault((ids[head], ids[tail]), []).append(f"{label}{OPEN}" if is_open else label)
    return [
        {"type": "relation", "from_id": head, "to_id": tail, "direction": "right", "labels": names}
        for (head, tail), names in labels.items()
    ]


def decided_result(
    result: Iterable[Mapping[str, Any]], open_regions: Iterable[str], text: str, where: str
) -> tuple[list[Mapping[str, Any]], list[Incident]]:
    """The result without what was decided to be wrong, and a finding for every question that nobody answered.

    An open region that is gone was decided by deleting it.
    """
    entries = [entry for entry in result if isinstance(entry, Mapping)]
    given = {entry.get("id"): _answer(entry) for entry in entries if entry.get("from_name") == DECISION}
    wrong = {id for id, answer in given.items() if answer == WRONG}
    kept = [
        entry
        for entry in entries
        if entry.get("from_name") != DECISION
        and not wrong & {entry.get("id"), entry.get("from_id"), entry.get("to_id")}
    ]
    there = {entry.get("id"): _shown(entry, text) for entry in kept if entry.get("from_name") == LABEL}
    facts = [f"{there[id]} is neither right nor wrong" for id in open_regions if id in there and given.get(id) != RIGHT]
    answered: list[Mapping[str, Any]] = []
    for entry in kept:
        open_labels = [label for label in _labels(entry) if label.endswith(OPEN)]
        if open_labels:
            drawn = " to ".join(there.get(entry.get(key), "?") for key in ("from_id", "to_id"))
            facts += [f"the arrow {label} from {drawn} is still a question" for label in open_labels]
            rest = [label for label in _labels(entry) if label not in open_labels]
            if rest:
                answered.append({**entry, "labels": rest})
        elif words := _unanswered(entry):
            facts.append(f"{entry.get('from_name')} of {there.get(entry.get('id'), '?')} is still a question: {words}")
        else:
            answered.append(entry)
    return answered, [Incident("decision-missing", fact, where) for fact in facts]


def _answer(entry: Mapping[str, Any]) -> str:
    value = entry.get("value")
    chosen = value.get("choices") if isinstance(value, Mapping) else None
    return str(chosen[0]) if isinstance(chosen, list) and len(chosen) == 1 else ""


def _labels(entry: Mapping[str, Any]) -> list[str]:
    labels = entry.get("labels") if entry.get("type") == "relation" else None
    return [str(label) for label in labels] if isinstance(labels, list) else []


def _unanswered(entry: Mapping[str, Any]) -> str:
    """The two answers of an attribute that still stand as they were sent."""
    value = entry.get("value")
    written = value.get("text") if isinstance(value, Mapping) and entry.get("type") == "textarea" else None
    words = str(written[0]) if isinstance(written, list) and written else ""
    return " or ".join(words.split(f"{OPEN} ")[1:]).replace("  ", " ") if words.startswith(f"{OPEN} ") else ""


def _shown(entry: Mapping[str, Any], text: str) -> str:
    """A region as a message names it."""
    value = entry.get("value")
    if (
        not isinstance(value, Mapping)
        or not isinstance(value.get("start"), int)
        or not isinstance(value.get("end"), int)
    ):
        return "a region"
    words = text[value["start"] : value["end"]]
    short = words if len(words) <= 40 else f"{words[:18]} … {words[-18:]}"
    return f"{(value.get('labels') or ['?'])[0]} «{short}» ({value['start']}–{value['end']})"


@dataclass
class Adjudicated:
    """What came: gold layers with the decisions that made them, findings, and documents with open questions.

    `kept` are documents whose gold was corrected here and is not to be stored, `refused` those whose can't be.
    """

    layers: list[tuple[Document, Layer, dict[str, Decision]]] = field(default_factory=list)
    found: list[Incident] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)


def adjudicated(
    tasks: Iterable[Task], corpus: Corpus, people: Mapping[str, str], replace: Collection[str] = ()
) -> Adjudicated:
    """Read adjudicated tasks into gold with a record of each decision; nothing is written.

    The last submitted annotation of a task counts. Raises UsageError where somebody has no pseudonym. `replace` are the
    documents of which the server's version counts, whatever was corrected here since.
    """
    tasks = [task for task in tasks if task.questions]
    check_people(tasks, people)
    came = Adjudicated()
    for task in tasks:
        if not task.annotations:
            came.open.append(task.document)
            continue
        pulled = Pulled()
        document = known_document(task, corpus, pulled)
        came.found += pulled.found
        if document is not None:
            _read(task, document, corpus, people, replace, came)
    return came


def _read(
    task: Task,
    document: Document,
    corpus: Corpus,
    people: Mapping[str, str],
    replaced: Collection[str],
    came: Adjudicated,
) -> None:
    annotation = max(task.annotations, key=lambda a: a.version)
    where = shown_place(task)
    strange = [question for question in task.questions if parse_question(question) is None]
    if annotation.state == "empty" or strange:
        # What is in the gold already would be gone, agreed regions with it; or words of a text would be stored.
        fact = f"{strange[0][:40]!r} is no question" if strange else "it was submitted without any region"
        came.found.append(Incident("decision-missing", fact, where))
        came.refused.append(document.id)
        return
    try:
        text = canonical_text(corpus, document)
        gold = corpus.layer(document.id) if corpus.layer_path(document).is_file() else None
        before = corpus.decisions(document)
    except DataError as error:
        came.found += unreadable(error, where)
        came.refused.append(document.id)
        return
    result, found = decided_result(annotation.result, task.open, text, where)
    layer, more = read_annotation(
        result,
        document,
        text,
        corpus.schema,
        layers=task.layers,
        relations=task.relations,
        earlier=gold,
        where=where,
        defaults=False,
    )
    found += more
    stored, more = joined_layer(layer, gold, text, corpus, where)
    found += more
    came.found += found
    if stored is None or any(incident.is_error for incident in found):
        came.refused.append(document.id)
        return
    if gold is not None and not (
        encode_layer(stored) == encode_layer(gold)
        or document.id in replaced
        or is_as_pulled(corpus, gold, "gold")
        or layer_hash(gold) == task.gold
    ):
        came.found.append(corrected_here("gold", where))
        came.kept.append(document.id)
        return
    by = pseudonym(annotation.who, people)
    # A decision keeps the name of whoever made it until its answer changes.
    now = {d.question: d for d in answers(task.questions, stored, by, corpus.schema)}
    same = {q: before[q] for q, d in now.items() if q in before and before[q].answer == d.answer}
    came.layers.append((document, stored, before | now | same))
