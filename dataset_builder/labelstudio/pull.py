"""Annotations from Label Studio into passes: every one that is whole is stored, every one that is not is named.

A pass is stored with the ids that its records had, so pulling twice changes nothing. What can be put right without
guessing (stray white space, an arrow drawn backwards) is, and is told; an annotation with an error is left as it stands
in the repository until it was mended in Label Studio, where nothing of it is lost.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from dataset_builder.codec import encode_layer
from dataset_builder.corpus import Corpus, sha256
from dataset_builder.curation.reading import canonical_text, storable
from dataset_builder.errors import DataError, UsageError
from dataset_builder.formats.sheet.ids import with_other_layers
from dataset_builder.incidents import Incident
from dataset_builder.labelstudio.annotations import read_annotation
from dataset_builder.labelstudio.export import STATES, Annotation, Task
from dataset_builder.labelstudio.storing import is_as_pulled
from dataset_builder.model import Document, Layer
from dataset_builder.validation.labels import check_labels
from dataset_builder.validation.references import LayerFile, check_references


@dataclass
class Pulled:
    """What came: layers to store by hand ("passes/amal"), findings, and how many of what kind there were.

    `same` are layers that stand here like that already, `kept` those that were corrected here and are not to be stored,
    `refused` those that can't be.
    """

    layers: list[tuple[str, Layer]] = field(default_factory=list)
    found: list[Incident] = field(default_factory=list)
    states: Counter[str] = field(default_factory=Counter)
    refused: list[tuple[str, str]] = field(default_factory=list)
    same: list[tuple[str, Layer]] = field(default_factory=list)
    kept: list[tuple[str, str]] = field(default_factory=list)

    def __str__(self) -> str:
        """The kinds in words.

        >>> print(Pulled(states=Counter(annotated=3, skipped=1)))
        3 annotated, 1 skipped
        """
        parts = [f"{self.states[state]} {words}" for state, words in STATES.items() if self.states[state]]
        return ", ".join(parts) or "no tasks"


def pull(tasks: Iterable[Task], corpus: Corpus, people: Mapping[str, str], replace: Collection[str] = ()) -> Pulled:
    """Read every task's annotations into layers as the repository may hold them; nothing is written.

    `people` are pseudonyms by e-mail address or user number. Raises UsageError where somebody has none. `replace` are
    the documents of which the server's version counts, whatever was corrected here.
    """
    tasks = list(tasks)
    check_people(tasks, people)
    pulled = Pulled()
    seen: dict[tuple[str, str], str] = {}
    for task in tasks:
        pulled.states += task.states
        latest: dict[str, Annotation] = {}
        for annotation in sorted(task.annotations, key=lambda a: a.version):
            name = pseudonym(annotation.who, people)
            if name in latest:
                fact = f"{name} submitted {task.document} more than once; the last of it counts"
                pulled.found.append(Incident("annotation-repeated", fact, shown_place(task)))
            latest[name] = annotation
        document = known_document(task, corpus, pulled) if latest else None
        for name, annotation in latest.items() if document else ():
            assert document is not None
            if (name, document.id) in seen:
                fact = f"{name} annotated {document.id} in {seen[name, document.id]} too; the first of them counts"
                pulled.found.append(Incident("annotation-repeated", fact, shown_place(task)))
                continue
            seen[name, document.id] = task.where
            _read(task, annotation, name, document, corpus, people, replace, pulled)
    return pulled


def shown_place(task: Task) -> str:
    """Where a finding about a task is."""
    return f"{task.document or 'no document'} ({task.where})"


def known_document(task: Task, corpus: Corpus, pulled: Pulled) -> Document | None:
    """The document of a task, if its text is the one that was annotated."""
    document = corpus.documents.get(task.document)
    if document is None:
        fact = f"the task's doc_id is {task.document[:80]!r}"
        pulled.found.append(Incident("task-document", fact, f"({task.where})"))
        return None
    if sha256(task.text.encode("utf8", "replace").decode("utf8")) != document.sha256:
        fact = f"what was annotated is another text than {document.id} ({len(task.text)} code points)"
        pulled.found.append(Incident("task-text", fact, shown_place(task)))
        return None
    return document


def _read(
    task: Task,
    annotation: Annotation,
    name: str,
    document: Document,
    corpus: Corpus,
    people: Mapping[str, str],
    replaced: Collection[str],
    pulled: Pulled,
) -> None:
    where, hand = shown_place(task), f"passes/{name}"
    if annotation.changed_by:
        other = next((people[who] for who in annotation.changed_by if who in people), "somebody without a pseudonym")
        pulled.found.append(Incident("annotation-changed", f"{name}'s annotation was changed by {other}", where))
    if annotation.state == "empty":
        pulled.found.append(Incident("annotation-empty", f"{name} submitted it without any region", where))
    try:
        text = canonical_text(corpus, document)
        earlier = corpus.layer(document.id, hand) if corpus.layer_path(document, hand).is_file() else None
    except DataError as error:
        # One text that is not here costs the others nothing.
        pulled.found += unreadable(error, where)
        pulled.refused.append((name, document.id))
        return
    if annotation.state == "empty" and earlier and earlier.spans and not set(earlier.layers) - set(task.layers):
        fact = f"{name}'s pass has {len(earlier.spans)} spans here, and would be emptied"
        pulled.found.append(Incident("annotation-emptied", fact, where))
        pulled.refused.append((name, document.id))
        return
    layer, found = read_annotation(
        annotation.result,
        document,
        text,
        corpus.schema,
        layers=task.layers,
        relations=task.relations,
        earlier=earlier,
        where=where,
    )
    guidelines = task.guidelines if re.fullmatch("[0-9a-f]{16}", task.guidelines) else corpus.guidelines_sha256
    layer = replace(layer, annotator=name, guidelines=guidelines)
    stored, more = joined_layer(layer, earlier, text, corpus, where)
    found += more
    pulled.found += found
    if stored is None or any(incident.is_error for incident in found):
        pulled.refused.append((name, document.id))
    elif earlier is not None and encode_layer(stored) == encode_layer(earlier):
        pulled.same.append((hand, stored))
    elif earlier is None or document.id in replaced or is_as_pulled(corpus, earlier, hand):
        pulled.layers.append((hand, stored))
    else:
        pulled.found.append(corrected_here(hand, where))
        pulled.kept.append((name, document.id))


def corrected_here(hand: str, where: str) -> Incident:
    """The finding about a layer that is left as it stands here."""
    return Incident("layer-corrected", f"{hand} is another here than on the server, and not as a pull left it", where)


def unreadable(error: DataError, where: str) -> list[Incident]:
    """Why a document can't be read here: what its file says, or that its text is not at hand."""
    return list(error.incidents) or [Incident("text-not-here", str(error), where)]


def joined_layer(
    layer: Layer, earlier: Layer | None, text: str, corpus: Corpus, where: str
) -> tuple[Layer | None, list[Incident]]:
    """What was annotated with the layers of `earlier` that were not asked for, as `checked_layer` gives it."""
    found: list[Incident] = []
    if earlier and set(earlier.layers) - set(layer.layers):
        layer, lost = with_other_layers(layer, with_text(earlier, text))
        found += (Incident("annotation-lost", f"{what} lost with a span that it joins", where) for what in lost)
    stored, more = checked_layer(layer, text, corpus, where)
    return stored, found + more


def with_text(layer: Layer, text: str) -> Layer:
    """The layer with its words, as one of a referenced text is stored without."""
    return replace(layer, spans=tuple(replace(s, text=text[s.start : s.end], anchor=None) for s in layer.spans))


def checked_layer(layer: Layer, text: str, corpus: Corpus, where: str) -> tuple[Layer | None, list[Incident]]:
    """The layer as the repository may hold it, with what validation would say of it; None where it can't be held."""
    ids = [s.id for s in layer.spans] + [c.id for c in layer.claims] + [r.id for r in layer.relations]
    lines = dict.fromkeys([*ids, ""], 0)
    try:
        stored = storable(corpus, layer)
    except DataError as error:
        return None, [_named(incident, layer, where) for incident in error.incidents]
    file = LayerFile(stored, where, lines, "")
    found = [*check_references(file, corpus), *check_labels(file, corpus.schema, text)]
    # An answer that is missing was told already, as such.
    found = [incident for incident in found if not (incident.code == "attribute-value" and " is ''" in incident.fact)]
    return stored, [_named(incident, layer, where) for incident in found]


def _named(incident: Incident, layer: Layer, where: str) -> Incident:
    """The finding with the words that it is about: whoever mends it in Label Studio sees words, not ids."""
    spans = {span.id: span for span in layer.spans}
    claims = {claim.id: claim for claim in layer.claims}
    for id in re.findall(r"\b[sc][0-9a-f]{8}\b", incident.fact):
        span = spans.get(id) or (spans.get(claims[id].content[0]) if id in claims and claims[id].content else None)
        if span is not None and span.text:
            short = span.text if len(span.text) <= 40 else f"{span.text[:18]} … {span.text[-18:]}"
            return replace(incident, fact=f"{incident.fact}: {span.label} «{short}»", path=where, line=0)
    return replace(incident, path=where, line=0)


def pseudonym(who: Iterable[str], people: Mapping[str, str]) -> str:
    """The pseudonym of whoever goes by one of these names, or ""."""
    return next((people[name] for name in who if name in people), "")


def check_people(tasks: Iterable[Task], people: Mapping[str, str]) -> None:
    """UsageError where somebody annotated who has no pseudonym."""
    missing = Counter(
        annotation.who[0] if annotation.who else "nobody"
        for task in tasks
        for annotation in task.annotations
        if not pseudonym(annotation.who, people)
    )
    if missing:
        shown = ", ".join(f"{who} ({count} annotations)" for who, count in missing.items())
        raise UsageError(
            f"annotators without a pseudonym: {shown}; give each one with --annotator {next(iter(missing))}=PSEUDONYM "
            "(addresses are kept in .khabar/annotators.toml, which git ignores; numbers hold for this time only)"
        )
