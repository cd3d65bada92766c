"""From a layer to Label Studio: regions with their attributes, arrows between them, a task that holds the text.

Offsets are code points on both sides. Ids go along.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from dataset_builder.formats.regions import Names, Region, key_of, make_regions
from dataset_builder.labelstudio.names import LABEL, TEXT
from dataset_builder.model import Document, Layer
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


def make_result(layer: Layer, text: str, schema: Schema) -> list[Entry]:
    """The layer as result entries: regions in the order of the text, each followed by its attributes, then arrows.

    >>> from dataset_builder.model import Span
    >>> schema = Schema.load()
    >>> spans = (Span("s00000001", "EVENT", "AIR", 4, 7, {"status": "occurred"}),)
    >>> for entry in make_result(Layer("d1", "1.0", 7, "0" * 64, ("EVENT",), spans), "في قصف", schema):
    ...     print(entry["from_name"], entry["id"], entry["value"])
    label s00000001 {'start': 4, 'end': 7, 'text': 'صف', 'labels': ['AIR']}
    status s00000001 {'start': 4, 'end': 7, 'text': 'صف', 'choices': ['occurred']}
    """
    names = Names(schema)
    regions, arrows = make_regions(layer, schema)
    found = [entry for region in regions for entry in _entries(region, text, names)]
    # Label Studio keeps one arrow from a region to another, so those between the same two are one with two labels.
    labels: dict[tuple[str, str], list[str]] = {}
    for arrow in arrows:
        labels.setdefault((arrow.head, arrow.tail), []).append(arrow.label)
    return found + [
        {"type": "relation", "from_id": head, "to_id": tail, "direction": "right", "labels": drawn}
        for (head, tail), drawn in labels.items()
    ]


def _entries(region: Region, text: str, names: Names) -> Iterator[Entry]:
    place = {"start": region.start, "end": region.end, "text": text[region.start : region.end]}

    def entry(name: str, type: str, key: str, value: str) -> Entry:
        return {"id": region.id, "from_name": name, "to_name": TEXT, "type": type, "value": {**place, key: [value]}}

    yield entry(LABEL, "labels", "labels", names.value(region.layer, region.label))
    for name, value in region.attributes.items():
        if names.attributes[name].values:
            yield entry(name, "choices", "choices", value)
        else:
            # The words of a text area take the place of the region's own.
            yield entry(name, "textarea", "text", value)
