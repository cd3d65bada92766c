"""The simple form of a layer: one JSON object a document, easy to write from any program.

Ids join spans within a document and may be any words::

    {"document": "composed-0012-a", "layers": ["ACTOR", "EVENT"], "spans": [
        {"id": "1", "layer": "ACTOR", "label": "STATE_FORCES", "start": 4, "end": 9},
        {"id": "2", "layer": "EVENT", "label": "SHELLING", "start": 0, "end": 3}],
     "relations": [{"label": "AGENT", "head": "2", "tail": "1"}]}

`layers` says what the system looked for: a layer that is named and has no span was found empty, one that is not named
can't be scored. `spans` must be there, since a prediction that was forgotten is not one of nothing.

`read_record` is the one way in for lines, rows and lists: what it takes is all there and nothing in it is unknown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from operator import index
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from dataset_builder.errors import did_you_mean
from dataset_builder.incidents import Incident
from dataset_builder.model import Claim, Layer, Relation, Span
from dataset_builder.schema import Schema
from dataset_builder.scoring.spurious import unknown_names
from dataset_builder.validation.labels import check_labels
from dataset_builder.validation.references import LayerFile, check_dangling


def _words(value: object) -> object:
    """Names and ids are text, or whole numbers of any kind. NaN would be the id "nan", 7.0 another one than 7."""
    if value is None or isinstance(value, str):
        return value
    try:
        assert not isinstance(value, bool)
        return str(index(value))  # type: ignore[arg-type]
    except (TypeError, AssertionError):
        raise ValueError("should be text or a whole number") from None


def _link(value: object) -> object:
    return None if value == "" else _words(value)


Name = Annotated[str, BeforeValidator(_words, json_schema_input_type=str | int)]
Value = Annotated[str | None, BeforeValidator(_words, json_schema_input_type=str | int | None)]
#: Null, or "", where there is none.
Link = Annotated[str | None, BeforeValidator(_link, json_schema_input_type=str | int | None)]


class _Given(BaseModel):
    model_config = ConfigDict(extra="forbid")


class SpanGiven(_Given):
    """A span; further keys are attributes of its layer (mention, entity, status …)."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Value] = Field(init=False)
    id: Name = ""
    layer: Name
    label: Name
    start: int = Field(ge=0, strict=True, description="first code point, counted from 0")
    end: int = Field(gt=0, strict=True, description="code point behind the last one")
    text: str | None = Field(None, description="the span's words; compared with the document's where given")


class RelationGiven(_Given):
    """An arrow between two spans of the document, by their ids."""

    id: Name = ""
    label: Name
    head: Name
    tail: Name


class ClaimGiven(_Given):
    """A claim; source, cue and content are ids of spans, parent and continues ids of claims. "" is null."""

    id: Name = ""
    source: Link = None
    cue: Link = None
    content: list[Name] = Field(min_length=1)
    form: Name = "indirect"
    act: Name = "say"
    source_status: Name = "named"
    medium: Name = "unknown"
    parent: Link = None
    continues: Link = None


class PredictionRecord(_Given):
    """One document's prediction."""

    document: Name
    layers: list[Name] = Field(min_length=1, description="the layers that the system looked for")
    spans: list[SpanGiven] = Field(description="what it found; an empty list says that it found nothing")
    relations: list[RelationGiven] = []
    claims: list[ClaimGiven] = []
    # More than any text has words for: a count that is not a count.
    spurious: dict[str, Annotated[int, Field(ge=0, le=100_000, strict=True)]] = Field(
        default={}, description="how many things the system said that stand nowhere in the text, by name"
    )
    given: list[Literal["triggers"]] = Field(
        default=[], description="what of the gold the system was told: triggers are code and ends of each event"
    )


_RECORDS: Mapping[str, type[BaseModel]] = {"spans": SpanGiven, "relations": RelationGiven, "claims": ClaimGiven}
#: What a missing key means to somebody who has not written it.
_MISSING = {
    "spans": "; an empty list says that nothing was found",
    "layers": "; name what the system looked for, found or not",
}


def as_layer(record: PredictionRecord, length: int, sha256: str, schema: Schema) -> Layer:
    """The record as a layer of a text of this length and hash; attributes that have a default may be left out."""
    spans = []
    for number, given in enumerate(record.spans):
        attributes = {key: value for key, value in given.__pydantic_extra__.items() if value}
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
        found += explain(error, path, line)
        return None


def explain(error: ValidationError, path: str, line: int) -> Iterator[Incident]:
    """What is wrong with a record, each as an incident. A misspelt key is not missing as well."""
    faults = error.errors(include_url=False)
    extra = [fault["loc"] for fault in faults if fault["type"] == "extra_forbidden"]
    lacking = {fault["loc"] for fault in faults if fault["type"] == "missing"}
    asked = {loc: _suggestion(loc, lacking) for loc in extra}
    for fault in faults:
        loc, where = fault["loc"], ".".join(map(str, fault["loc"]))
        match fault["type"]:
            case "missing":
                if not any(key[:-1] == loc[:-1] and f"mean {loc[-1]!r}?" in hint for key, hint in asked.items()):
                    fact = f"{where!r} is missing{_MISSING.get(where, '')}"
                    yield Incident("missing-key", fact, path, line)
            case "extra_forbidden":
                yield Incident("unknown-key", f"{where!r} is no key of {_kind(loc)}; {asked[loc]}", path, line)
            case "model_type" | "dict_type":
                what = f"{where}: {_kind((*loc, ''))}" if loc else "a prediction"
                fact = f"{what} is one JSON object, not {_shown(fault['input'])}"
                yield Incident("bad-value", fact, path, line)
            case "list_type" if fault["input"] is None:
                yield Incident("missing-key", f"{where!r} is null{_MISSING.get(where, '')}", path, line)
            case _:
                message = str(fault.get("ctx", {}).get("error", fault["msg"])).removeprefix("Input ")
                yield Incident("bad-value", f"{where}: {message} (got {_shown(fault['input'])})", path, line)


def _suggestion(loc: tuple[int | str, ...], lacking: set[tuple[int | str, ...]]) -> str:
    """The key that is meant, one that is missing there before any other."""
    name, here = str(loc[-1]), loc[:-1]
    if name == "id" and (*here, "document") in lacking:
        return "did you mean 'document'?"
    kind = _RECORDS[str(here[0])] if here else PredictionRecord
    near = did_you_mean(name, [str(key[-1]) for key in lacking if key[:-1] == here])
    return near if near.startswith("did") else did_you_mean(name, kind.model_fields)


def _kind(loc: tuple[int | str, ...]) -> str:
    return f"a {str(loc[0]).removesuffix('s')}" if len(loc) > 1 else "a prediction"


def _shown(value: object) -> str:
    """A value short enough for a message, with what can't be seen spelt out."""
    text = repr(value.encode("unicode_escape").decode() if isinstance(value, str) else value)
    return text if len(text) <= 60 else f"{text[:60]}…"


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
