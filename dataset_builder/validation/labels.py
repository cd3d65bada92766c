"""Level 3: the schema. Labels, attributes, what a relation may join, how the parts of a claim fit together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from dataset_builder.errors import UsageError
from dataset_builder.incidents import Incident
from dataset_builder.model import Claim, Span
from dataset_builder.schema import Schema
from dataset_builder.text.tokenise import may_end, may_start
from dataset_builder.validation.references import LayerFile


def check_labels(file: LayerFile, schema: Schema, text: str | None) -> Iterator[Incident]:
    """Everything of level 3 about one layer file; `text` is the canonical text where it is at hand."""
    if file.layer.schema != schema.version:
        yield file.incident("schema-version", f"made with schema {file.layer.schema}, this is {schema.version}")
    for name in file.layer.layers:
        if name not in schema.layers:
            yield file.incident("unknown-layer", f"layers names {name!r}")
    for name in ("spurious", "given") if file.hand else ():
        if getattr(file.layer, name):
            yield file.incident("unknown-key", f"{name!r} is a key of predictions only")
    seen: dict[tuple[str, str, int, int], str] = {}
    for span in file.layer.spans:
        yield from _span(file, span, schema)
        if text is not None:
            yield from _cut(file, span, text)
        key = (span.layer, span.label, span.start, span.end)
        if key in seen:
            yield file.incident("span-repeated", f"{span.id} repeats {seen[key]}", span.id)
        seen[key] = span.id
    yield from _relations(file, schema)
    for claim in file.layer.claims:
        yield from _claim(file, claim, schema)
    yield from _verbal(file, schema)
    yield from _about(file)


def _span(file: LayerFile, span: Span, schema: Schema) -> Iterator[Incident]:
    layer = schema.layers.get(span.layer)
    if layer is None:
        yield file.incident("unknown-layer", f"{span.id} is of layer {span.layer!r}", span.id)
        return
    if span.layer not in file.layer.layers:
        fact = f"{span.id} is of {span.layer}, which the header does not name as annotated"
        yield file.incident("layer-not-declared", fact, span.id)
    try:
        layer.label(span.label)
    except UsageError as error:
        yield file.incident("unknown-label", f"{span.id}: {error}", span.id)
    known = {attribute.name: attribute for attribute in layer.attributes}
    for name, value in span.attributes.items():
        if name not in known:
            fact = f"{span.id}: {span.layer} has no attribute {name!r} ({', '.join(known) or 'it has none'})"
            yield file.incident("unknown-attribute", fact, span.id)
        elif name == "date" and known[name].admits(value) and not is_date(value):
            yield file.incident("impossible-date", f"{span.id}: the calendar has no {value}", span.id)
        elif not known[name].admits(value):
            wanted = ", ".join(known[name].values) or f"a value like {known[name].pattern}"
            yield file.incident("attribute-value", f"{span.id}: {name} is {value!r}, not {wanted}", span.id)
    for attribute in layer.attributes:
        if attribute.required and attribute.name not in span.attributes:
            yield file.incident("attribute-missing", f"{span.id} has no {attribute.name}", span.id)


def is_date(value: str) -> bool:
    """Whether an ISO 8601 date or date-time, of whatever precision, is one that the calendar has.

    >>> [is_date(d) for d in ("2017", "2017-04", "2017-02-31", "2017-04-24T08:34:00+01:00", "12/04/2017")]
    [True, True, False, True, False]
    """
    if re.fullmatch(r"\d{4}(-\d{2})?", value):
        value = f"{value}-01-01"[:10]
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return re.match(r"\d{4}-\d{2}-\d{2}", value) is not None


def _cut(file: LayerFile, span: Span, text: str) -> Iterator[Incident]:
    if not may_start(text, span.start) or not may_end(text, span.end):
        fact = f"{span.id} begins behind more than proclitics, or ends inside a word"
        yield file.incident("cut-word", fact, span.id)


def _relations(file: LayerFile, schema: Schema) -> Iterator[Incident]:
    spans = {span.id: span for span in file.layer.spans}
    seen: dict[tuple[str, str, str], str] = {}
    for relation in file.layer.relations:
        kind = schema.relations.get(relation.label)
        if kind is None:
            known = ", ".join(schema.relations)
            fact = f"{relation.id}: there is no relation {relation.label!r}; known: {known}"
            yield file.incident("unknown-relation", fact, relation.id)
            continue
        for end, id, allowed in (("head", relation.head, kind.head), ("tail", relation.tail, kind.tail)):
            span = spans.get(id)
            if span and span.layer not in allowed:
                fact = f"{relation.label} needs {end} {' or '.join(allowed)}, got {span.layer} ({span.id})"
                yield file.incident("relation-signature", fact, relation.id)
        key = (relation.label, relation.head, relation.tail)
        if key in seen:
            yield file.incident("relation-repeated", f"{relation.id} repeats {seen[key]}", relation.id)
        seen[key] = relation.id


def _claim(file: LayerFile, claim: Claim, schema: Schema) -> Iterator[Incident]:
    for name, attribute in schema.claim.items():
        if not attribute.admits(value := getattr(claim, name)):
            fact = f"{claim.id}: {name} is {value!r}, not {', '.join(attribute.values)}"
            yield file.incident("attribute-value", fact, claim.id)
    if not claim.content:
        yield file.incident("claim-without-content", f"{claim.id} has no content span", claim.id)
    yield from _roles(file, claim)
    if (claim.source is None) != (claim.source_status in ("implicit", "none")):
        fact = f"{claim.id} is {claim.source_status} and has {'no' if claim.source is None else 'a'} source"
        yield file.incident("claim-source", fact, claim.id)
    if claim.source_status == "implicit" and not claim.continues:
        yield file.incident("claim-continues", f"{claim.id} has an implicit source and continues no claim", claim.id)
    yield from _nesting(file, claim)


def _roles(file: LayerFile, claim: Claim) -> Iterator[Incident]:
    spans = {span.id: span for span in file.layer.spans}
    parts = [("source", claim.source), ("cue", claim.cue), *(("content", id) for id in claim.content)]
    held = [(role, spans[id]) for role, id in parts if id in spans]
    for role, span in held:
        fits = span.layer == "ACTOR" or span.label == "SOURCE" if role == "source" else span.label == role.upper()
        if not fits:
            fact = f"the {role} of {claim.id} is {span.layer} {span.label} ({span.id})"
            yield file.incident("claim-role", fact, claim.id)
    for number, (role, span) in enumerate(held):
        for other_role, other in held[number + 1 :]:
            if span.overlaps(other) and "content" in (role, other_role):
                fact = f"{role} {span.id} and {other_role} {other.id} of {claim.id} overlap"
                yield file.incident("claim-overlap", fact, claim.id)


def _nesting(file: LayerFile, claim: Claim) -> Iterator[Incident]:
    claims = {c.id: c for c in file.layer.claims}
    spans = {span.id: span for span in file.layer.spans}
    for link in ("parent", "continues"):
        seen = {claim.id}
        other = claims.get(getattr(claim, link) or "")
        while other and other.id not in seen:
            seen.add(other.id)
            other = claims.get(getattr(other, link) or "")
        if other and other.id == claim.id:
            yield file.incident("claim-cycle", f"{claim.id} is its own {link} in the end", claim.id)
    parent = claims.get(claim.parent or "")
    if parent is None or parent.id == claim.id:
        return
    outer = [spans[id] for id in parent.content if id in spans]
    for id in claim.content:
        if id in spans and not any(content.covers(spans[id]) for content in outer):
            fact = f"content {id} of {claim.id} lies outside the content of its parent {parent.id}"
            yield file.incident("claim-outside-parent", fact, claim.id)


def _verbal(file: LayerFile, schema: Schema) -> Iterator[Incident]:
    """A performative is both: an event and a claim whose cue has the same words."""
    if not {"EVENT", "CLAIM"} <= set(file.layer.layers):
        return
    acts = {label.name: label.act for label in schema.layers["EVENT"].labels if label.act and label.act != "say"}
    spans = {span.id: span for span in file.layer.spans}
    cues = [(spans[c.cue], c) for c in file.layer.claims if c.cue in spans]
    for span in file.layer.of("EVENT"):
        act = acts.get(span.label)
        if act and span.attributes.get("status") in ("occurred", "ongoing"):
            over = [claim for cue, claim in cues if cue.overlaps(span)]
            if not any(claim.act == act for claim in over):
                what = f"the claim there has act {over[0].act}" if over else "no claim has its words as cue"
                yield file.incident("verbal-without-claim", f"{span.id} is {span.label}, but {what}", span.id)


def _about(file: LayerFile) -> Iterator[Incident]:
    coloured = {relation.head for relation in file.layer.relations if relation.label == "ABOUT"}
    for span in file.layer.of("FRAME"):
        if span.id not in coloured:
            yield file.incident("frame-about-nothing", f"{span.id} ({span.label}) has no ABOUT", span.id)
