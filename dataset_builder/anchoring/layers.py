"""Layers of a referenced text: without its words, with them again, and moved to a copy that differs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from dataset_builder.anchoring.search import Copy, Match
from dataset_builder.anchoring.spans import LostError, digest, locate, make_anchor
from dataset_builder.errors import DataError, KhabarError
from dataset_builder.incidents import Incident
from dataset_builder.model import Claim, Document, Layer, Span


def without_words(layer: Layer, text: str, document: Document, path: str = "") -> Layer:
    """The layer as it may be published: every span has an anchor in place of its words.

    `text` is the document's canonical text and `document` its manifest record with windows. Raises KhabarError where
    they do not belong together, DataError with one incident per span where a span's ends cannot be found again or its
    surface is not what the text has.
    """
    copy = _own_text(layer, text, document)
    spans, incidents = [], []
    for span in layer.spans:
        surface = text[span.start : span.end]
        try:
            if span.text is not None and span.text != surface:
                raise LostError("has another surface than the text at its offsets")
            anchor = make_anchor(document.id, document.windows, copy, span.start, span.end)
        except LostError as reason:
            incidents.append(Incident("span-not-anchored", f"{_named(span)} {reason}", path))
            continue
        spans.append(replace(span, text=None, anchor=anchor))
    _raise(incidents, document, "cannot be told without their words")
    return replace(layer, spans=tuple(spans))


def with_words(layer: Layer, text: str, document: Document, path: str = "") -> Layer:
    """The layer with its words filled in from the document's canonical text, and without anchors.

    The inverse of `without_words`, for an exact copy. Raises KhabarError where `text` is none (see `move`), DataError
    with one incident per span where an anchor does not belong to the offsets beside it.
    """
    copy = _own_text(layer, text, document)
    spans, incidents = [], []
    for span in layer.spans:
        try:
            if span.anchor is not None and span.anchor != make_anchor(
                document.id, document.windows, copy, span.start, span.end
            ):
                raise LostError("has an anchor that does not belong to its offsets in this text")
        except LostError as reason:
            incidents.append(Incident("anchor-mismatch", f"{_named(span)} {reason}", path))
        spans.append(replace(span, text=text[span.start : span.end], anchor=None))
    _raise(incidents, document, "do not fit their anchors")
    return replace(layer, spans=tuple(spans))


def move(layer: Layer, match: Match, copy: Copy, path: str = "") -> tuple[Layer, tuple[Incident, ...]]:
    """The layer with offsets into `copy` and words from it, and an incident for everything that was lost on the way.

    A span moves only if its place is certain and its keyed digest agrees. A relation or claim that loses a span, and a
    claim that loses the claim it lies in or continues, is lost too. Raises KhabarError where `match` is of another
    document or a span has no anchor.
    """
    if match.document != layer.document:
        raise KhabarError(f"{layer.document}: the match is of {match.document}; find this document in the copy first")
    spans, incidents = [], []
    for span in layer.spans:
        try:
            spans.append(_moved(span, match, copy))
        except LostError as reason:
            incidents.append(Incident("span-lost", f"{layer.document}: {_named(span)} {reason}", path))
    here = {span.id for span in spans}
    relations = [r for r in layer.relations if {r.head, r.tail} <= here]
    claims = _complete(layer.claims, here)
    gone = [f"relation {r.label} {r.id}" for r in layer.relations if r not in relations]
    gone += [f"claim {c.id} ({c.act})" for c in layer.claims if c not in claims]
    incidents += (
        Incident("annotation-lost", f"{layer.document}: {lost} lost with a span or claim that it joins", path)
        for lost in gone
    )
    moved = replace(
        layer,
        length=len(copy.text),
        sha256=copy.sha256,
        spans=tuple(spans),
        relations=tuple(relations),
        claims=tuple(claims),
    )
    return moved, tuple(incidents)


def _moved(span: Span, match: Match, copy: Copy) -> Span:
    if span.anchor is None:
        raise KhabarError(f"{match.document}: {_named(span)} has no anchor; give the layer to without_words first")
    start, end = locate(span.anchor, match, copy)
    if digest(span.anchor, match, copy.folded) != span.anchor.digest:
        raise LostError("has an anchor whose digest does not agree with the copy's letters")
    return replace(span, start=start, end=end, text=copy.text[start:end], anchor=None)


def _complete(claims: Iterable[Claim], spans: set[str]) -> list[Claim]:
    """The claims that have all their spans and, to whatever depth, the claims they lie in or continue."""
    kept = [c for c in claims if spans.issuperset(c.spans)]
    while True:
        ids = {c.id for c in kept}
        again = [c for c in kept if {c.parent, c.continues} - {None} <= ids]
        if len(again) == len(kept):
            return kept
        kept = again


def _own_text(layer: Layer, text: str, document: Document) -> Copy:
    copy = Copy(text)
    if layer.document != document.id:
        raise KhabarError(f"{document.id}: the layer is of {layer.document}; give it its own document's record")
    if not document.windows:
        raise KhabarError(f"{document.id}: the manifest has no windows for it; only a referenced text has anchors")
    for owner, sha256 in (("manifest", document.sha256), ("layer", layer.sha256)):
        if copy.sha256 != sha256:
            raise KhabarError(
                f"{document.id}: the text is not the one that the {owner} describes (SHA-256 {copy.sha256[:12]}…, "
                f"expected {sha256[:12]}…); take the canonical text, or move the layer to this copy"
            )
    return copy


def _raise(incidents: list[Incident], document: Document, what: str) -> None:
    if incidents:
        raise DataError(f"{document.id}: {len(incidents)} spans {what}; first: {incidents[0].fact}", incidents)


def _named(span: Span) -> str:
    return f"span {span.id} ({span.layer}.{span.label})"
