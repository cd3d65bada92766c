"""A layer as a person reads it: sentences, named spans, claims as a tree. Terminal and page both show this.

Names are those of a sheet: `a3` is the third ACTOR in the order of the text, `c2` the second claim.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from dataset_builder.codec import canonical
from dataset_builder.errors import DataError
from dataset_builder.model import Claim, Document, Layer, Span
from dataset_builder.schema import Schema
from dataset_builder.text.tokenise import sentences
from dataset_builder.voice import voice


@dataclass(frozen=True, slots=True)
class Item:
    """A span with its name. `surface` is None where the text was not hydrated; `attributes` are in the schema's order.

    `group` stands on events; `voice` on events and loaded words: "outlet", "quoted c1", "reported c1", or "in c1" where
    only the text would tell. A CLAIM span is named after its claims ("c1", "c1 c2"), or "" where none uses it.
    """

    name: str
    span: Span
    surface: str | None
    attributes: tuple[tuple[str, str], ...] = ()
    group: str = ""
    voice: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """A claim with its spans. `antecedent` is whose source it goes on from where it has none of its own.

    `inner` are the claims within its content, `parent` and `continues` the names of other claims or "".
    """

    name: str
    claim: Claim
    source: Item | None
    cue: Item | None
    content: tuple[Item, ...]
    antecedent: Item | None
    parent: str
    continues: str
    inner: tuple[Statement, ...]

    @property
    def items(self) -> tuple[Item, ...]:
        """Its source, cue and content, as far as there are any."""
        return tuple(item for item in (self.source, self.cue) if item) + self.content

    @property
    def start(self) -> int:
        """Where it stands in the text, as in a sheet: at its cue, else at what is said."""
        return (self.cue or self.content[0]).span.start


@dataclass(frozen=True, slots=True)
class Sentence:
    """`number` counts from 1, offsets are half-open code points. Items and statements are those that begin in it."""

    number: int
    start: int
    end: int
    items: tuple[Item, ...]
    statements: tuple[Statement, ...]


@dataclass(frozen=True)
class Outline:
    """One hand's layer of one document, ready to be shown; `text` is None where it was not hydrated.

    Without a text there is one sentence, numbered 0, that holds everything. `lost` is how many annotations could not be
    carried over to a copy that differs.
    """

    document: Document
    hand: str
    layer: Layer
    text: str | None
    items: Mapping[str, Item]
    statements: tuple[Statement, ...]
    sentences: tuple[Sentence, ...]
    lost: int = 0

    def of(self, layer: str) -> Iterator[Item]:
        """The items of one annotation layer in the order of the text."""
        return (self.items[span.id] for span in self.layer.of(layer))

    def arguments(self, item: Item) -> list[tuple[str, Item]]:
        """What the item's relations lead to, as (role, item)."""
        return [(r.label, self.items[r.tail]) for r in self.layer.relations if r.head == item.span.id]

    def sentence_of(self, offset: int) -> Sentence:
        """The sentence that the code point belongs to; white space goes with the sentence before it."""
        starts = [sentence.start for sentence in self.sentences]
        return self.sentences[max(bisect_right(starts, offset) - 1, 0)]


def make_outline(
    document: Document, layer: Layer, text: str | None, schema: Schema, hand: str = "gold", lost: int = 0
) -> Outline:
    """Arrange a layer for a reader. DataError where a surface is not what the text has or a reference leads nowhere."""
    _check(layer, text)
    layer = canonical(layer)
    claims = _claim_names(layer)
    items = {item.span.id: item for item in _items(layer, text, schema, claims)}
    statements = tuple(_statements(layer, items, claims, None))
    return Outline(
        document, hand, layer, text, items, statements, tuple(_sentences(layer, text, items, statements)), lost
    )


def _check(layer: Layer, text: str | None) -> None:
    spans = {span.id for span in layer.spans}
    claims = {claim.id: claim for claim in layer.claims}
    remedy = "run `khabar validate` to see all that is wrong with the layer"
    if text is not None and len(text) != layer.length:
        raise DataError(
            f"{layer.document}: annotated over {layer.length} code points, the text has {len(text)}; {remedy}"
        )
    for span in layer.spans:
        surface = None if text is None else text[span.start : span.end]
        if surface is not None and span.text not in (None, surface):
            place = f"{span.start} to {span.end}"
            raise DataError(f"{layer.document}: the surface of {span.id} is not what stands at {place}; {remedy}")
    named = [(r.id, end) for r in layer.relations for end in (r.head, r.tail)]
    named += [(claim.id, span) for claim in layer.claims for span in claim.spans]
    for owner, span_id in named:
        if span_id not in spans:
            raise DataError(f"{layer.document}: {owner} names the span {span_id}, which is not there; {remedy}")
    for claim in layer.claims:
        above = _above(claim, claims)
        if (above and above[-1] not in claims) or not claim.content:
            raise DataError(
                f"{layer.document}: {claim.id} has no content, or lies in a claim that is not there; {remedy}"
            )
        if claim.id in above or (claim.continues or claim.id) not in claims:
            raise DataError(f"{layer.document}: {claim.id} lies in itself or continues what is not there; {remedy}")


def _above(claim: Claim, claims: Mapping[str, Claim]) -> list[str]:
    """The ids of the claims that this one lies in, innermost first; ends where an id is unknown or comes again."""
    above: list[str] = []
    parent = claim.parent
    while parent is not None and parent not in above:
        above.append(parent)
        parent = claims[parent].parent if parent in claims else None
    return above


def _claim_names(layer: Layer) -> dict[str, str]:
    return {claim.id: f"c{number}" for number, claim in enumerate(layer.claims, 1)}


def _items(layer: Layer, text: str | None, schema: Schema, claims: Mapping[str, str]) -> Iterator[Item]:
    users: dict[str, list[str]] = defaultdict(list)
    for claim in layer.claims:
        for id in claim.spans:
            users[id].append(claims[claim.id])
    counts: Counter[str] = Counter()
    for span in layer.spans:
        known = schema.layers.get(span.layer)
        prefix = known.prefix if known else span.layer[:1].lower()
        counts[prefix] += 1
        name = " ".join(users[span.id]) if span.layer == "CLAIM" else f"{prefix}{counts[prefix]}"
        group = next((label.group for label in known.labels if label.name == span.label), "") if known else ""
        surface = span.text if text is None else text[span.start : span.end]
        order = [attribute.name for attribute in known.attributes] if known else []
        attributes = sorted(span.attributes.items(), key=lambda pair: order.index(pair[0]) if pair[0] in order else 99)
        spoken = _voice(layer, span, text, claims) if span.layer in ("EVENT", "FRAME") else ""
        yield Item(name, span, surface, tuple(attributes), group, spoken)


def _voice(layer: Layer, span: Span, text: str | None, claims: Mapping[str, str]) -> str:
    found = voice(layer, span, text)
    return f"{found.kind or 'in'} {claims[found.claim.id]}" if found.claim else found.kind


def _statements(
    layer: Layer, items: Mapping[str, Item], names: Mapping[str, str], parent: str | None
) -> Iterator[Statement]:
    for claim in layer.claims:
        if claim.parent == parent:
            yield Statement(
                name=names[claim.id],
                claim=claim,
                source=items[claim.source] if claim.source else None,
                cue=items[claim.cue] if claim.cue else None,
                content=tuple(items[id] for id in claim.content),
                antecedent=_antecedent(layer, claim, items),
                parent=names[parent] if parent else "",
                continues=names[claim.continues] if claim.continues else "",
                inner=tuple(_statements(layer, items, names, claim.id)),
            )


def _antecedent(layer: Layer, claim: Claim, items: Mapping[str, Item]) -> Item | None:
    """The source of the nearest claim along `continues` that has one; None where the claim has its own."""
    by_id = {c.id: c for c in layer.claims}
    seen: set[str] = set()
    at = claim
    while at.source is None and at.continues and at.continues not in seen:
        seen.add(at.continues)
        at = by_id[at.continues]
    return items[at.source] if at is not claim and at.source else None


def _sentences(
    layer: Layer, text: str | None, items: Mapping[str, Item], statements: Iterable[Statement]
) -> Iterator[Sentence]:
    stretches = sentences(text) if text is not None else []
    if not stretches:
        yield Sentence(0, 0, layer.length, tuple(items.values()), tuple(statements))
        return
    starts = [start for start, _ in stretches]
    by_sentence: dict[int, list[Item]] = defaultdict(list)
    claims_by: dict[int, list[Statement]] = defaultdict(list)
    for item in items.values():
        by_sentence[max(bisect_right(starts, item.span.start) - 1, 0)].append(item)
    for statement in statements:
        claims_by[max(bisect_right(starts, statement.start) - 1, 0)].append(statement)
    for index, (start, end) in enumerate(stretches):
        yield Sentence(index + 1, start, end, tuple(by_sentence[index]), tuple(claims_by[index]))
