"""The columns that several configurations share: spans with their attributes, claims, voices, where a row stands.

Labels and attributes come from the schema, so a label that is added there is in the dataset without a change here.
Every `start` and `end` is a half-open code point offset into the document's text, in every configuration.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dataset_builder.model import Claim, Span
from dataset_builder.release.columns import Column, Columns, classes, filled, integers, strings
from dataset_builder.release.entries import Entry
from dataset_builder.schema import Attribute, Schema
from dataset_builder.voice import Voice

VOICES = ("outlet", "quoted", "reported")


def labels(schema: Schema, layers: Iterable[str]) -> list[str]:
    """The label names of some layers in the order of the schema; a name that two layers share stands once.

    >>> labels(Schema.load(), ["FRAME"])
    ['DELEGITIMISING', 'LEGITIMISING', 'VICTIM', 'EUPHEMISM']
    """
    return list(dict.fromkeys(name for layer in layers for name in schema.layers[layer].names))


def span_columns(
    spans: Sequence[Span], schema: Schema, layers: Sequence[str], with_words: bool = True
) -> dict[str, Column]:
    """Id, label, offsets, surface and the attributes of these layers; `layer` too if there are several."""
    columns: dict[str, Column] = {"id": strings([s.id for s in spans])}
    if len(layers) > 1:
        columns["layer"] = classes(layers, [s.layer for s in spans], "layer")
    columns["label"] = classes(labels(schema, layers), [s.label for s in spans], "label")
    columns["start"] = integers([s.start for s in spans])
    columns["end"] = integers([s.end for s in spans])
    if with_words:
        columns["text"] = strings([s.text for s in spans])
    return columns | attribute_columns(spans, schema, layers)


def attribute_columns(spans: Sequence[Span], schema: Schema, layers: Sequence[str]) -> dict[str, Column]:
    """A column an attribute: a ClassLabel where the schema lists its values, else text; null where there is none."""
    columns = {}
    for attribute in dict.fromkeys(a for layer in layers for a in schema.layers[layer].attributes):
        having = {layer for layer in layers if attribute in schema.layers[layer].attributes}
        values = [s.attributes.get(attribute.name, attribute.default) if s.layer in having else None for s in spans]
        columns[attribute.name] = _attribute(attribute, values)
    return columns


def _attribute(attribute: Attribute, values: Sequence[str | None]) -> Column:
    return classes(attribute.values, values, attribute.name) if attribute.values else filled(values)


def relation_columns(entries: Sequence[Entry], schema: Schema) -> Columns:
    """All relations of the documents, one after the other."""
    relations = [r for e in entries for r in e.layer.relations]
    return {
        "id": strings([r.id for r in relations]),
        "label": classes(list(schema.relations), [r.label for r in relations], "relation"),
        "head": strings([r.head for r in relations]),
        "tail": strings([r.tail for r in relations]),
    }


def claim_columns(claims: Sequence[Claim], schema: Schema) -> dict[str, Column]:
    """Id, attributes, and the claims that a claim lies in or goes on from."""
    columns: dict[str, Column] = {"id": strings([c.id for c in claims])}
    for name, attribute in schema.claim.items():
        columns[name] = _attribute(attribute, [getattr(c, name) or attribute.default for c in claims])
    columns["parent"] = filled([c.parent for c in claims])
    columns["continues"] = filled([c.continues for c in claims])
    return columns


def voice_columns(voices: Sequence[Voice | None]) -> dict[str, Column]:
    """Whose words a span is told in, and the innermost claim that says so; null for layers that have no voice."""
    return {
        "voice": classes(VOICES, [v.kind if v else None for v in voices], "voice"),
        "voice_claim": filled([v.claim.id if v and v.claim else None for v in voices]),
    }


def place_columns(rows: Sequence[tuple[Entry, int, int]]) -> dict[str, Column]:
    """Document, track and sentence of rows that stand at `start` … `end` of an entry.

    `sentence` counts from 0; `sentence_text` runs to the end of the sentence in which the row ends, and
    `sentence_text[start - sentence_start : end - sentence_start]` are a span's words.
    """
    numbers = [entry.sentence_at(start) for entry, start, _ in rows]
    lasts = [entry.sentence_at(max(start, end - 1)) for entry, start, end in rows]
    starts = [row[0].sentences[n][0] for row, n in zip(rows, numbers, strict=True)]
    ends = [row[0].sentences[n][1] for row, n in zip(rows, lasts, strict=True)]
    texts = [row[0].words[start:end] for row, start, end in zip(rows, starts, ends, strict=True)]
    return {
        "document": strings([entry.document.id for entry, _, _ in rows]),
        "track": strings([entry.track for entry, _, _ in rows]),
        "sentence": integers(numbers),
        "sentence_start": integers(starts),
        "sentence_text": strings(texts),
    }
