"""From a layer to Label Studio: regions with their attributes, arrows between them, a task that holds the text.

Offsets are code points on both sides. Ids go along: a region has the id of its span; one that is the content of a claim
has the claim's id before it, since two claims may have the same words as content and are then two regions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from dataset_builder.labelstudio.names import LABEL, TEXT, Names
from dataset_builder.model import Claim, Document, Layer, Relation, Span
from dataset_builder.schema import Schema

#: One entry of a prediction's or annotation's "result", as Label Studio's JSON has it.
Entry = dict[str, Any]
#: Where a task keeps what is ours: in its "meta", which comes back as it was sent.
META = "khabar"


def make_task(document: Document, text: str, layers: Iterable[str], schema: Schema) -> Entry:
    """A task without predictions. `text` is the document's canonical text, `layers` what is to be annotated.

    The hash goes along, so that what comes back is never read against another text.
    """
    data = {"doc_id": document.id, "text": text, "text_sha256": document.sha256}
    meta = {"schema": schema.version, "layers": list(layers), "relations": {}}
    return {"data": data, "meta": {META: meta}, "predictions": []}


def add_prediction(task: Entry, layer: Layer, version: str, schema: Schema) -> None:
    """Put a layer into the task as a prediction that is chosen by the name `version`.

    Arrows have no ids in Label Studio, so those of relations stay with the task, by what each of them joins.
    """
    result = make_result(layer, task["data"]["text"], schema)
    task["predictions"].append({"model_version": version, "result": result})
    task["meta"][META]["relations"] |= {key_of(r): r.id for r in layer.relations}


def key_of(relation: Relation) -> str:
    """What stands for a relation where it has no id of its own.

    >>> key_of(Relation("r19c04e7", "AGENT", "s02b11aa", "s7f3a2c1"))
    'AGENT s02b11aa s7f3a2c1'
    """
    return f"{relation.label} {relation.head} {relation.tail}"


def make_result(layer: Layer, text: str, schema: Schema) -> list[Entry]:
    """The layer as result entries: regions in the order of the text, each followed by its attributes, then arrows.

    >>> schema = Schema.load()
    >>> spans = (Span("s00000001", "EVENT", "AIR", 4, 7, {"status": "occurred"}),)
    >>> for entry in make_result(Layer("d1", "1.0", 7, "0" * 64, ("EVENT",), spans), "في قصف", schema):
    ...     print(entry["from_name"], entry["id"], entry["value"])
    label s00000001 {'start': 4, 'end': 7, 'text': 'صف', 'labels': ['AIR']}
    status s00000001 {'start': 4, 'end': 7, 'text': 'صف', 'choices': ['occurred']}
    """
    names = Names(schema)
    contents = {id for claim in layer.claims for id in claim.content}
    found: list[Entry] = []
    for span in layer.spans:
        if span.id not in contents:
            found += _region(span.id, span, span.attributes, text, names)
    for claim in layer.claims:
        values = {name: value for name in schema.claim if (value := getattr(claim, name))}
        for number, id in enumerate(claim.content):
            found += _region(content_id(claim.id, id), layer.span(id), values if number == 0 else {}, text, names)
    found.sort(key=lambda entry: (entry["value"]["start"], -entry["value"]["end"]))
    return [*found, *_arrows(layer)]


def content_id(claim: str, span: str) -> str:
    """The id of a claim's content region.

    >>> content_id("c5d0e19b", "s44e1b80")
    'c5d0e19b_s44e1b80'
    """
    return f"{claim}_{span}"


def _region(id: str, span: Span, attributes: Mapping[str, str], text: str, names: Names) -> Iterator[Entry]:
    place = {"start": span.start, "end": span.end, "text": text[span.start : span.end]}

    def entry(name: str, type: str, key: str, value: str) -> Entry:
        return {"id": id, "from_name": name, "to_name": TEXT, "type": type, "value": {**place, key: [value]}}

    yield entry(LABEL, "labels", "labels", names.value(span.layer, span.label))
    for name, value in sorted(attributes.items()):
        if names.attributes[name].values:
            yield entry(name, "choices", "choices", value)
        else:
            # The words of a text area take the place of the region's own.
            yield entry(name, "textarea", "text", value)


def _arrows(layer: Layer) -> list[Entry]:
    """Label Studio keeps one arrow from a region to another, so those between the same two are one with two labels."""
    heads = {claim.id: content_id(claim.id, claim.content[0]) for claim in layer.claims if claim.content}
    labels: dict[tuple[str, str], list[str]] = {}
    for relation in layer.relations:
        labels.setdefault((relation.head, relation.tail), []).append(relation.label)
    for claim in layer.claims:
        for name, end in _ends(claim, heads):
            labels.setdefault((heads[claim.id], end), []).append(name)
    return [
        {"type": "relation", "from_id": head, "to_id": tail, "direction": "right", "labels": names}
        for (head, tail), names in labels.items()
    ]


def _ends(claim: Claim, heads: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    if claim.source:
        yield "source", claim.source
    if claim.cue:
        yield "cue", claim.cue
    for id in claim.content[1:]:
        yield "content", content_id(claim.id, id)
    for name in ("parent", "continues"):
        if other := getattr(claim, name):
            yield name, heads[other]
