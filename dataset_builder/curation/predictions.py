"""Predictions of a system as layers: from layer files, from simple JSONL, from rows of the published dataset.

Simple JSONL has one document a line; ids join spans within it and may be any words::

    {"document": "composed-0012-a", "layers": ["ACTOR", "EVENT"], "spans": [
        {"id": "1", "layer": "ACTOR", "label": "STATE_FORCES", "start": 4, "end": 9},
        {"id": "2", "layer": "EVENT", "label": "SHELLING", "start": 0, "end": 3}],
     "relations": [{"label": "AGENT", "head": "2", "tail": "1"}]}

`layers` says what the system looked for: a layer that is named and has no span was found empty, one that is not named
can't be scored. Whatever is wrong is named with its line, and nothing is scored until it is right.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from dataset_builder.codec import decode_layer, parse_lines, problems
from dataset_builder.corpus import Corpus
from dataset_builder.errors import DataError, UsageError
from dataset_builder.incidents import Incident
from dataset_builder.model import Claim, Document, Layer, Relation, Span
from dataset_builder.schema import Schema
from dataset_builder.validation.labels import check_labels
from dataset_builder.validation.references import LayerFile, check_dangling


class _Given(BaseModel):
    model_config = ConfigDict(extra="forbid", coerce_numbers_to_str=True)


class SpanGiven(_Given):
    """A span; further keys are attributes of its layer (mention, entity, status …)."""

    model_config = ConfigDict(extra="allow", coerce_numbers_to_str=True)
    id: str = ""
    layer: str
    label: str
    start: int = Field(ge=0, description="first code point")
    end: int = Field(gt=0, description="code point behind the last one")


class RelationGiven(_Given):
    """An arrow between two spans of the document, by their ids."""

    label: str
    head: str
    tail: str


class ClaimGiven(_Given):
    """A claim; source, cue and content are ids of spans, parent and continues ids of claims. "" is null."""

    @field_validator("source", "cue", "parent", "continues", mode="before")
    @classmethod
    def _null(cls, value: object) -> object:
        return None if value == "" else value

    id: str = ""
    source: str | None = None
    cue: str | None = None
    content: list[str] = Field(min_length=1)
    form: str = "indirect"
    act: str = "say"
    source_status: str = "named"
    medium: str = "unknown"
    parent: str | None = None
    continues: str | None = None


class PredictionRecord(_Given):
    """One document's prediction."""

    document: str
    layers: list[str] = Field(min_length=1, description="the layers that the system looked for")
    spans: list[SpanGiven] = []
    relations: list[RelationGiven] = []
    claims: list[ClaimGiven] = []


def layers_of(name: str, corpus: Corpus) -> dict[str, Layer]:
    """The layers of a hand ("gold", "passes/<annotator>") as stored, or of a file or folder of predictions.

    Raises as `read_predictions` does.
    """
    if name in corpus.hands():
        return {document.id: corpus.layer(document.id, name) for document in corpus.annotated(name)}
    return read_predictions(Path(name), corpus)


def read_predictions(path: Path, corpus: Corpus) -> dict[str, Layer]:
    """The predicted layers by document id, from a folder of layer files or a JSONL file.

    Raises UsageError where there is nothing to read, DataError with every finding where something is wrong.
    """
    if not path.exists():
        raise UsageError(f"{path}: no such file or folder; give predictions as JSONL or a folder of layer files")
    found: list[Incident] = []
    read = _from_folder(path, found) if path.is_dir() else _from_jsonl(path, corpus, found)
    layers: dict[str, Layer] = {}
    for file in read:
        id = file.layer.document
        if id in layers:
            found.append(file.incident("document-repeated", f"{id} was predicted above already"))
        layers[id] = file.layer
        found += [i for i in _check(file, corpus) if i.is_error]
    if any(incident.is_error for incident in found):
        raise DataError(f"{path}: predictions that can't be scored; {len(found)} findings", found)
    if not layers:
        raise UsageError(f"{path}: no prediction is in it")
    return layers


def _check(file: LayerFile, corpus: Corpus) -> Iterable[Incident]:
    document = corpus.documents.get(file.layer.document)
    if document is None:
        yield file.incident("unknown-document", f"{file.layer.document} stands in no manifest")
        return
    for span in file.layer.spans:
        if not 0 <= span.start < span.end <= document.length:
            fact = f"{span.id} ({span.start}–{span.end}) does not fit the text's {document.length} code points"
            yield file.incident("offset-range", fact, span.id)
    dangling = list(check_dangling(file))
    yield from dangling or check_labels(file, corpus.schema, None)


def _from_folder(path: Path, found: list[Incident]) -> Iterable[LayerFile]:
    for each in sorted(path.rglob("*.jsonl")):
        layer, incidents, lines = decode_layer(each.read_bytes(), str(each))
        found += (i for i in incidents if i.is_error)
        if layer is not None:
            yield LayerFile(layer, str(each), lines, "")


def _from_jsonl(path: Path, corpus: Corpus, found: list[Incident]) -> Iterable[LayerFile]:
    for number, value in parse_lines(path.read_bytes(), str(path)):
        if isinstance(value, Incident):
            found.append(value)
            continue
        try:
            record = PredictionRecord.model_validate(value)
        except ValidationError as error:
            found += problems(error, str(path), number)
            continue
        layer = as_layer(record, corpus.documents.get(record.document), corpus.schema)
        for kind, given in (("span", [s.id for s in layer.spans]), ("claim", [c.id for c in layer.claims])):
            for id in sorted({id for id in given if given.count(id) > 1}):
                fact = f"{record.document}: {kind} id {id!r} is used {given.count(id)} times"
                found.append(Incident("duplicate-id", fact, str(path), number))
        ids = [s.id for s in layer.spans] + [r.id for r in layer.relations] + [c.id for c in layer.claims]
        yield LayerFile(layer, str(path), dict.fromkeys([*ids, ""], number), "")


def as_layer(record: PredictionRecord, document: Document | None, schema: Schema) -> Layer:
    """The record as a layer of the document; attributes that the schema has a default for may be left out."""
    spans = []
    for number, given in enumerate(record.spans):
        attributes = {k: str(v) for k, v in (given.model_extra or {}).items() if v not in (None, "")}
        known = schema.layers[given.layer].attributes if given.layer in schema.layers else ()
        for attribute in known:
            if attribute.default or attribute.required:
                attributes.setdefault(attribute.name, attribute.default or attribute.values[0])
        id = given.id or f"span {number}"
        spans.append(Span(id, given.layer, given.label, given.start, given.end, attributes))
    claims = (
        Claim(**{**c.model_dump(), "id": c.id or f"claim {n}", "content": tuple(c.content)})
        for n, c in enumerate(record.claims)
    )
    relations = (Relation(f"relation {n}", r.label, r.head, r.tail) for n, r in enumerate(record.relations))
    return Layer(
        document=record.document,
        schema=schema.version,
        length=document.length if document else 0,
        sha256=document.sha256 if document else "",
        layers=tuple(record.layers),
        spans=tuple(spans),
        relations=tuple(relations),
        claims=tuple(claims),
    )


def from_rows(rows: Iterable[Mapping[str, Any]], schema: Schema) -> dict[str, Layer]:
    """Layers from rows of configuration `documents` (or `standoff`) with label names, as `decoded` gives them.

    Rows are taken as they are: they are a release's, which validation has seen.
    """
    layers = {}
    for row in rows:
        spans = [
            {k: v for k, v in span.items() if k not in ("text", "voice", "voice_claim") and v is not None}
            for span in row["spans"]
        ]
        record = PredictionRecord.model_validate(
            {"document": row["id"], **{k: row[k] for k in ("layers", "claims")}, "spans": spans}
            | {"relations": [{k: r[k] for k in ("label", "head", "tail")} for r in row["relations"]]}
        )
        layers[row["id"]] = as_layer(record, None, schema)
    return layers


def decoded(value: Any, feature: Any) -> Any:
    """A row of `datasets` with the names of labels in place of their numbers, at every depth."""
    if value is None:
        return None
    if hasattr(feature, "int2str"):
        return feature.int2str(value)
    if isinstance(value, list):
        return [decoded(item, feature.feature) for item in value]
    if isinstance(value, dict):
        return {key: decoded(item, feature[key]) for key, item in value.items()}
    return value
