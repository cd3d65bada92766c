"""A sheet to adjudicate on: the first hand's records, and as comments what the second hand has differently.

Both hands' records go by one set of ids, so that a line which stands in both says the same::

    s1 قصف الجيش البلدة
    a1 STATE_FORCES | الجيش
    #1 e1 SHELLING | قصف | AGENT=a1
    #2 e1 AIR | قصف | AGENT=a1

A line without a sign is agreed. The adjudicator takes the sign (`#1 ` or `#2 `) off the line that is right, or writes a
third line; what stays a comment is not read.
"""

from __future__ import annotations

import re

from dataset_builder.formats.sheet.quotes import Sentences
from dataset_builder.formats.sheet.writer import head, names_of, records_of
from dataset_builder.model import Claim, Layer, Span
from dataset_builder.schema import Schema
from dataset_builder.text.tokenise import sentences

_INCIDENT = re.compile(r" incident=\S+")


def disputed(first: Layer, second: Layer, text: str, schema: Schema) -> tuple[str, int]:
    """The sheet, and how many lines of either hand are disputed. Incident ids are free, so they are no dispute.

    The layers need words and offsets into `text`. Raises DataError for a span that no quote can name.
    """
    numbered = Sentences(text, sentences(text))
    names = names_of(first, schema)
    shared = _shared_names(first, second, names)
    others = names_of(second, schema, taken=names.values(), known=shared)
    lines: dict[int, list[str]] = {}
    count = 0
    mine = list(records_of(first, numbered, names, schema))
    theirs = list(records_of(second, numbered, others, schema))
    agreed = {_plain(line) for _, line in mine} & {_plain(line) for _, line in theirs}
    for sign, records in (("", mine), ("#1 ", mine), ("#2 ", theirs)):
        for number, line in records:
            if (_plain(line) in agreed) == (sign == ""):
                # Incident ids are each hand's own; the second's would meet the first's with another meaning.
                lines.setdefault(number, []).append(sign + (_plain(line) if sign == "#2 " else line))
                count += sign != ""
    body = ""
    for number, (start, end) in enumerate(numbered.stretches, 1):
        body += "\n" + "\n".join([f"s{number} {text[start:end]}", *lines.get(number, [])]) + "\n"
    return head(first.document, first.sha256, first.layers) + body, count


def _plain(line: str) -> str:
    return _INCIDENT.sub("", line)


def _shared_names(first: Layer, second: Layer, names: dict[str, str]) -> dict[str, str]:
    """For records of the second hand that stand where one of the first's does, the first's sheet id."""
    spans = {_place(span): span.id for span in first.spans}
    extents = {(span.layer, span.start, span.end): span.id for span in first.spans}
    found: dict[str, str] = {}
    for span in second.spans:
        same = spans.get(_place(span)) or extents.get((span.layer, span.start, span.end))
        if same in names and names[same] not in found.values():
            found[span.id] = names[same]
    claims = {_claim_place(first, claim): claim.id for claim in first.claims}
    for claim in second.claims:
        same = claims.get(_claim_place(second, claim))
        if same in names:
            found[claim.id] = names[same]
    return found


def _place(span: Span) -> tuple[str, str, int, int]:
    return span.layer, span.label, span.start, span.end


def _claim_place(layer: Layer, claim: Claim) -> tuple[int, int]:
    """A claim goes by its cue, or by where its content begins."""
    span = layer.span(claim.cue or claim.content[0])
    return span.start, span.end if claim.cue else -1
