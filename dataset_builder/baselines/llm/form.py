"""The JSON that a model is asked for: its schema, made from the label inventory, and reading it however it comes.

One array a layer. A span is `{"id", "label", "text", "before", attributes …, relations …}`, a claim has quotes
`{"text", "before"}` for source, cue and content. Offsets are never asked for: models can't count.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pydantic_core

from dataset_builder.baselines.llm.placing import Ground, words_before
from dataset_builder.formats.sheet.values import LINK
from dataset_builder.model import Claim, Layer, Span
from dataset_builder.schema import Attribute, LayerSchema, Schema

CLAIM = "CLAIM"
_LINKS = ("parent", "continues")
#: Quotes of more words than this are cut to so many words at each end.
_LONG, _ENDS = 10, 4
_FENCE = re.compile(r"```(?:json)?\s*(.*?)(?:```|\Z)", re.DOTALL)
_THOUGHT = re.compile(r"<think>.*?(?:</think>|\Z)", re.DOTALL)


@dataclass(frozen=True)
class Quote:
    """Words of the text, and the few words before them."""

    text: str
    before: str = ""


@dataclass(frozen=True)
class SpanGiven:
    """A span as a model gives it; `label` is "" where the schema has none of that name. `ends` are ids by relation."""

    id: str
    layer: str
    label: str
    quote: Quote
    attributes: Mapping[str, str] = field(default_factory=dict)
    ends: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class ClaimGiven:
    """A claim as a model gives it, maybe without content; `values` are attributes, `links` the ids of other claims."""

    id: str
    source: Quote | None
    cue: Quote | None
    content: tuple[Quote, ...]
    values: Mapping[str, str]
    links: Mapping[str, str]


@dataclass(frozen=True)
class Answer:
    """What a model says of a window. `malformed` has the layer of every record that can't be read at all."""

    spans: tuple[SpanGiven, ...] = ()
    claims: tuple[ClaimGiven, ...] = ()
    malformed: tuple[str, ...] = ()


def asked_attributes(layer: LayerSchema) -> list[Attribute]:
    """The attributes that a model can know: ids of entities and places stand in lists that it does not have."""
    return [a for a in layer.attributes if a.name != LINK.get(layer.name)]


def relations_from(layer: str, schema: Schema) -> list[str]:
    return [name for name, relation in schema.relations.items() if layer in relation.head]


def json_schema(schema: Schema) -> dict[str, Any]:
    """The JSON schema of an answer. Keys that mostly say nothing may be left out, more than a third of an answer's
    length; OpenAI's strict dialect would have them all.

    >>> made = json_schema(Schema.load())
    >>> made["required"], made["properties"]["EVENT"]["items"]["required"]
    (['ACTOR', 'LOCATION', 'EVENT', 'CLAIM', 'FRAME'], ['id', 'label', 'text'])
    """
    return _object({name: _array(_record(layer, schema)) for name, layer in schema.layers.items()}, schema.layers)


def _record(layer: LayerSchema, schema: Schema) -> dict[str, Any]:
    if layer.name == CLAIM:
        quote = _object(dict.fromkeys(("text", "before"), _STRING), ["text"])
        parts = {"id": _STRING, "source": quote, "cue": quote, "content": _array(quote)}
        values = {name: _values(attribute) for name, attribute in schema.claim.items()}
        required = ["id", "content", *(a.name for a in schema.claim.values() if not a.default)]
        return _object({**parts, **values, **dict.fromkeys(_LINKS, _STRING)}, required)
    keys = {"id": _STRING, "label": _enum(layer.names), "text": _STRING, "before": _STRING}
    keys |= {attribute.name: _values(attribute) for attribute in asked_attributes(layer)}
    required = ["id", "label", "text", *(a.name for a in asked_attributes(layer) if a.required and not a.default)]
    return _object({**keys, **dict.fromkeys(relations_from(layer.name, schema), _array(_STRING))}, required)


_STRING: dict[str, Any] = {"type": "string"}


def _object(properties: Mapping[str, Any], required: Iterable[str]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(required),
        "additionalProperties": False,
    }


def _array(items: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


def _enum(values: Iterable[str]) -> dict[str, Any]:
    return {"type": "string", "enum": list(values)}


def _values(attribute: Attribute) -> dict[str, Any]:
    if not attribute.values:
        return _STRING
    return _enum(attribute.values)


def write(layer: Layer, ground: Ground, schema: Schema) -> str:
    """The answer that says this layer of a stretch of text, in as few words as lead back to it: context stands only
    where a quote stands several times, long quotes are cut short.
    """
    names: dict[str, str] = {}
    for name, known in schema.layers.items():
        ids = [claim.id for claim in layer.claims] if name == CLAIM else [span.id for span in layer.of(name)]
        names |= {id: f"{known.prefix}{number}" for number, id in enumerate(ids, 1)}
    answer: dict[str, list[Any]] = {}
    for name, known in schema.layers.items():
        if name == CLAIM:
            answer[name] = [_claim_written(claim, layer, ground, schema, names) for claim in layer.claims]
        else:
            answer[name] = [_span_written(span, known, layer, ground, schema, names) for span in layer.of(name)]
    return json.dumps(answer, ensure_ascii=False, separators=(",", ":"))


def _quoted(span: Span | None, ground: Ground) -> dict[str, str]:
    if span is None:
        return {}
    place, words = (span.start, span.end), ground.text[span.start : span.end]
    before = words_before(ground.text, span.start, ground.start) if len(ground.places(words)) > 1 else ""
    pieces = words.split()
    if len(pieces) > _LONG:
        short = " … ".join(" ".join(part) for part in (pieces[:_ENDS], pieces[-_ENDS:]))
        words = short if ground.place(short, before, set()) == place else words
    return _saying({"text": words, "before": before})


def _saying(record: Mapping[str, Any]) -> dict[str, Any]:
    """A record without the keys that say nothing."""
    return {key: value for key, value in record.items() if value not in ("", [], {})}


def _span_written(
    span: Span, known: LayerSchema, layer: Layer, ground: Ground, schema: Schema, names: Mapping[str, str]
) -> dict[str, Any]:
    record: dict[str, Any] = {"id": names[span.id], "label": span.label, **_quoted(span, ground)}
    values = {a.name: span.attributes.get(a.name, "") for a in asked_attributes(known)}
    record |= {a.name: values[a.name] for a in asked_attributes(known) if values[a.name] != a.default}
    for label in relations_from(span.layer, schema):
        record[label] = [names[tail.id] for tail in layer.tails(span.id, label)]
    return _saying(record)


def _claim_written(
    claim: Claim, layer: Layer, ground: Ground, schema: Schema, names: Mapping[str, str]
) -> dict[str, Any]:
    record: dict[str, Any] = {"id": names[claim.id]}
    for role in ("source", "cue"):
        id = getattr(claim, role)
        record[role] = _quoted(layer.span(id) if id else None, ground)
    record["content"] = [_quoted(layer.span(id), ground) for id in claim.content]
    record |= {a.name: value for a in schema.claim.values() if (value := getattr(claim, a.name)) != a.default}
    return _saying(record | {link: names.get(getattr(claim, link) or "", "") for link in _LINKS})


def read(content: str, schema: Schema, partial: bool = False) -> Answer | None:
    """What an answer says, whatever of it can be read; None where it holds no JSON object.

    Thoughts, code fences and words around the object are taken off. With `partial` an answer that breaks off counts as
    far as it goes.

    >>> read("Sure! ```json\\n{}\\n```", Schema.load()), read('{"ACTOR": [', Schema.load())
    (Answer(spans=(), claims=(), malformed=()), None)
    """
    values = _parsed(content, partial)
    if not isinstance(values, dict):
        return None
    spans: list[SpanGiven] = []
    claims: list[ClaimGiven] = []
    malformed: list[str] = []
    for name, layer in schema.layers.items():
        records = values.get(name) or []
        for record in records if isinstance(records, list) else [records]:
            made = _claim_read(record, schema) if name == CLAIM else _span_read(record, layer, schema)
            if made is None:
                malformed.append(name)
            elif isinstance(made, ClaimGiven):
                claims.append(made)
            else:
                spans.append(made)
    return Answer(tuple(spans), tuple(claims), tuple(malformed))


def _parsed(content: str, partial: bool) -> Any:
    content = _THOUGHT.sub("", content)
    for candidate in (content, *_FENCE.findall(content)):
        begin, end = candidate.find("{"), candidate.rfind("}")
        if begin < 0:
            continue
        whole = candidate[begin : end + 1] if end > begin and not partial else candidate[begin:]
        try:
            return pydantic_core.from_json(whole, allow_partial=partial)
        except ValueError:
            continue
    return None


def _text(value: Any) -> str:
    """A string, or a number as one; "" for anything else."""
    return value if isinstance(value, str) else str(value) if type(value) in (int, float) else ""


def _texts(value: Any) -> Iterator[str]:
    for each in value if isinstance(value, list) else [value]:
        if text := _text(each):
            yield text


def _quote(value: Any) -> Quote | None:
    """A quote, also as bare words; None where it has no words."""
    if isinstance(value, dict):
        value, before = _text(value.get("text")), _text(value.get("before"))
    else:
        value, before = _text(value), ""
    return Quote(value, before) if value.strip() else None


def _span_read(record: Any, layer: LayerSchema, schema: Schema) -> SpanGiven | None:
    quote = _quote(record) if isinstance(record, dict) else None
    if quote is None:
        return None
    label = _text(record.get("label"))
    attributes = {a.name: _text(record.get(a.name)).strip() for a in asked_attributes(layer)}
    ends = {label: tuple(_texts(record.get(label))) for label in relations_from(layer.name, schema)}
    return SpanGiven(
        _text(record.get("id")),
        layer.name,
        label if label in layer.names else "",
        quote,
        {name: value for name, value in attributes.items() if value},
        ends,
    )


def _claim_read(record: Any, schema: Schema) -> ClaimGiven | None:
    if not isinstance(record, dict):
        return None
    given = record.get("content")
    content = tuple(filter(None, map(_quote, given if isinstance(given, list) else [given])))
    source, cue = _quote(record.get("source")), _quote(record.get("cue"))
    if not (content or source or cue):
        return None
    values = {name: _text(record.get(name)).strip() for name in schema.claim}
    links = {link: _text(record.get(link)) for link in _LINKS}
    return ClaimGiven(_text(record.get("id")), source, cue, content, values, links)
