"""The simple form of a layer: one JSON object a document, easy to write from any program.

Ids join spans within a document and may be any words::

    {"document": "composed-0012-a", "layers": ["ACTOR", "EVENT"], "spans": [
        {"id": "1", "layer": "ACTOR", "label": "STATE_FORCES", "start": 4, "end": 9},
        {"id": "2", "layer": "EVENT", "label": "SHELLING", "start": 0, "end": 3}],
     "relations": [{"label": "AGENT", "head": "2", "tail": "1"}]}

`layers` says what the system looked for: a layer that is named and has no span was found empty, one that is not named
can't be scored.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from dataset_builder.codec import problems
from dataset_builder.incidents import Incident
from dataset_builder.model import Claim, Layer, Relation, Span
from dataset_builder.schema import Schema
from dataset_builder.scoring.spurious import unknown_names
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
    start: int = Field(ge=0, strict=True, description="first code point, counted from 0")
    end: int = Field(gt=0, strict=True, description="code point behind the last one")
    text: str | None = Field(None, description="the span's words; compared with the document's where given")


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
    spurious: dict[str, Annotated[int, Field(ge=0)]] = Field(
        default={}, description="how many things the system said that stand nowhere in the text, by name"
    )
    given: list[Literal["triggers"]] = Field(
        default=[], description="what of the gold the system was told: triggers are code and ends of each event"
    )


def as_layer(record: PredictionRecord, length: int, sha256: str, schema: Schema) -> Layer:
    """The record as a layer of a text of this length and hash; attributes that have a default may be left out."""
    spans = []
    for number, given in enumerate(record.spans):
        attributes = {k: str(v) for k, v in (given.model_extra or {}).items() if v not in (None, "")}
        known = schema.layers[given.layer].attributes if given.layer in schema.layers else ()
        for attribute in known:
            if attribute.fallback:
                attributes.setdefault(attribute.name, attribute.fallback)
        id = given.id or f"span {number}"
        spans.append(Span(id, given.layer, given.label, given.start, given.end, attributes, given.text))
    claims = (
        Claim(**{**c.model_dump(), "id": c.id or f"claim {n}", "content": tuple(c.content)})
        for n, c in enumerate(record.claims)
    )
    relations = (Relation(f"relation {n}", r.label, r.head, r.tail) for n, r in enumerate(record.relations))
    return Layer(
        document=record.document,
        schema=schema.version,
        length=length,
        sha256=sha256,
        layers=tuple(record.layers),
        spans=tuple(spans),
        relations=tuple(relations),
        claims=tuple(claims),
        spurious=record.spurious,
        given=tuple(record.given),
    )


def read_record(value: object, path: str, line: int, found: list[Incident]) -> PredictionRecord | None:
    """The record, or None where it is none: then `found` says why, at this line of the path."""
    try:
        return PredictionRecord.model_validate(value)
    except ValidationError as error:
        found += problems(error, path, line)
        return None


def layer_file(layer: Layer, path: str, line: int) -> LayerFile:
    """The layer as it stood, all of it, on one line."""
    ids = [s.id for s in layer.spans] + [r.id for r in layer.relations] + [c.id for c in layer.claims]
    return LayerFile(layer, path, dict.fromkeys([*ids, ""], line), "")


def check_layer(file: LayerFile, schema: Schema, text: str | None) -> Iterator[Incident]:
    """Whatever keeps a layer from being scored. Of its length 0 says that it is not known."""
    layer = file.layer
    for kind, given in (("span", [s.id for s in layer.spans]), ("claim", [c.id for c in layer.claims])):
        for id in sorted({id for id in given if given.count(id) > 1}):
            fact = f"{layer.document}: {kind} id {id!r} is used {given.count(id)} times"
            yield file.incident("duplicate-id", fact)
    for span in layer.spans:
        if not 0 <= span.start < span.end:
            fact = f"{span.id} ({span.start}–{span.end}) is no extent of a text"
            yield file.incident("offset-range", fact, span.id)
        elif layer.length and span.end > layer.length:
            fact = f"{span.id} ({span.start}–{span.end}) does not fit the text's {layer.length} code points"
            yield file.incident("offset-range", fact, span.id)
        elif text is not None and span.text is not None and span.text != text[span.start : span.end]:
            fact = f"{span.id} ({span.start}–{span.end}) has other words than the text there"
            yield file.incident("surface-mismatch", fact, span.id)
    for name in unknown_names(layer.spurious, schema):
        yield file.incident("unknown-label", f"spurious has {name!r}, which is no layer, label, relation or claim role")
    dangling = list(check_dangling(file))
    yield from dangling or check_labels(file, schema, None)


def json_schema() -> Mapping[str, Any]:
    """The simple form as JSON Schema, which `docs/predictions.schema.json` holds."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **PredictionRecord.model_json_schema()}
