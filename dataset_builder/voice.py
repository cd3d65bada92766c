"""Whose voice a span is in: derived from the claims, never typed by hand.

A span inside a claim's content is in that claim's voice: "quoted" where it stands inside quotation marks (the words are
the source's own), "reported" in indirect content (nobody can tell whose word it is). Everything else is the "outlet"'s.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dataset_builder.model import Claim, Layer, Span
from dataset_builder.text.characters import CLOSING_QUOTES, OPENING_QUOTES, QUOTES


@dataclass(frozen=True, slots=True)
class Voice:
    """`kind` is "outlet", "quoted", "reported", or "" where a mixed claim's text is not there to tell.

    `claim` is the innermost claim that asserts the span, None in the outlet's own voice.
    """

    kind: str
    claim: Claim | None = None


def voice(layer: Layer, span: Span, text: str | None, claims: Sequence[Claim] | None = None) -> Voice:
    """Whose voice `span` is in; `text` is the document's or None where it was not hydrated, `claims` as in `asserting`.

    >>> said = Span("s1", "CLAIM", "CONTENT", 4, 20)
    >>> claim = Claim("c1", None, None, ("s1",), "mixed", "say", "none")
    >>> layer = Layer("d", "1.0", 20, "", ("CLAIM",), spans=(said,), claims=(claim,))
    >>> text = 'قال: إن "جرائم" وقعت'
    >>> voice(layer, Span("s2", "FRAME", "DELEGITIMISING", 9, 14), text).kind
    'quoted'
    >>> voice(layer, Span("s3", "EVENT", "ATTACK", 16, 20), text).kind
    'reported'
    >>> voice(layer, Span("s4", "EVENT", "ATTACK", 0, 3), text).kind
    'outlet'
    """
    inner = asserting(layer, span, claims)
    if inner is None:
        return Voice("outlet")
    claim, content = inner
    if claim.form == "indirect":
        return Voice("reported", claim)
    if claim.form == "direct":
        return Voice("quoted", claim)
    if text is None:
        return Voice("", claim)
    inside = any(start <= span.start and span.end <= end for start, end in quotations(text, content.start, content.end))
    return Voice("quoted" if inside else "reported", claim)


def asserting(layer: Layer, span: Span, claims: Sequence[Claim] | None = None) -> tuple[Claim, Span] | None:
    """The innermost claim with a content span that covers `span`, and that content span; None outside all claims.

    Innermost is the shortest content, and of equally short ones that of the first of `claims`: by their ids, which are
    for good, where no other order is given. A claim's own source and cue are not inside its content, and a span as wide
    as the content is.
    """
    covering = (
        (claim, content)
        for claim in (sorted(layer.claims, key=lambda c: c.id) if claims is None else claims)
        for content in (layer.span(id) for id in claim.content)
        if content.covers(span) and span.id not in claim.spans
    )
    return min(covering, key=lambda found: found[1].end - found[1].start, default=None)


def quotations(text: str, start: int = 0, end: int | None = None) -> Iterator[tuple[int, int]]:
    """The stretches inside quotation marks between two offsets, marks left out; an unclosed one runs to `end`.

    >>> [text[a:b] for text in ['«واحد» ثم "اثنان" و“ثلاثة'] for a, b in quotations(text)]
    ['واحد', 'اثنان', 'ثلاثة']
    """
    opened: int | None = None
    end = len(text) if end is None else end
    for position in range(start, end):
        character = text[position]
        if character not in QUOTES:
            continue
        if opened is None and character in OPENING_QUOTES:
            opened = position + 1
        elif opened is not None and character in CLOSING_QUOTES:
            yield opened, position
            opened = None
    if opened is not None:
        yield opened, end


def source_actor(layer: Layer, claim: Claim) -> Span | None:
    """The actor who speaks: the source itself where it is an ACTOR, else the widest ACTOR inside it.

    An implicit source is looked up along `continues`; None where no actor is to be had.
    """
    seen = {claim.id}
    by_id = {c.id: c for c in layer.claims}
    while claim.source is None and claim.continues in by_id and claim.continues not in seen:
        seen.add(claim.continues)
        claim = by_id[claim.continues]
    if claim.source is None:
        return None
    source = layer.span(claim.source)
    if source.layer == "ACTOR":
        return source
    inside = [actor for actor in layer.of("ACTOR") if source.covers(actor)]
    return max(inside, key=lambda a: (a.end - a.start, -a.start), default=None)
