"""Which of two passes the gold followed, difference by difference; nothing is stored, three layers say it all.

A difference is a question that both hands answered and not alike: is this span there, with this label and extent; what
is its attribute; which actor is this event's AGENT; who is this claim's source. The gold's answer says who was right:
the first hand, the second, both (two spans of which each hand had one) or neither.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from dataset_builder.corpus import Corpus
from dataset_builder.curation.agreement import Disagreement, differing
from dataset_builder.model import Layer, Span
from dataset_builder.schema import Schema

Right = Literal["first", "second", "both", "neither"]
RIGHTS: tuple[Right, ...] = ("first", "second", "both", "neither")
#: Attributes that are free to choose, so that two hands can't differ in them.
FREE = ("incident",)

Question = tuple[Any, ...]


@dataclass
class Shares:
    """How often who was right, by what the question is about ("ACTOR", "AGENT", "CLAIM source" …)."""

    documents: list[str] = field(default_factory=list)
    counts: dict[str, Counter[Right]] = field(default_factory=dict)

    def add(self, about: str, right: Right) -> None:
        self.counts.setdefault(about, Counter())[right] += 1

    @property
    def total(self) -> Counter[Right]:
        """Over all kinds of question."""
        return sum(self.counts.values(), Counter())


def decided(corpus: Corpus) -> Shares:
    """The differences of every document with two passes and gold."""
    found = Shares()
    for document, one, two in corpus.twice_annotated():
        if corpus.layer_path(document).is_file():
            first, second, gold = (corpus.layer(document.id, hand) for hand in (one, two, "gold"))
            judge(first, second, gold, corpus.schema, found)
    return found


def judge(first: Layer, second: Layer, gold: Layer, schema: Schema, shares: Shares) -> None:
    """Add one document's differences and how the gold decided each.

    >>> schema = Schema.load()
    >>> layer = lambda *spans: Layer("d1", "1.0", 20, "0" * 64, ("ACTOR",), spans=spans)
    >>> one = layer(Span("s1", "ACTOR", "STATE", 0, 5), Span("s2", "ACTOR", "MEDIA", 8, 12))
    >>> two = layer(Span("s1", "ACTOR", "STATE", 0, 7))
    >>> shares = Shares()
    >>> judge(one, two, layer(Span("s1", "ACTOR", "STATE", 0, 7)), schema, shares)
    >>> dict(shares.counts["ACTOR"])
    {'second': 2}
    """
    shares.documents.append(gold.document)
    agreed = {_place(s) for s in first.spans} & {_place(s) for s in second.spans}
    for layer in first.layers:
        for difference in differing(gold.document, layer, list(first.of(layer)), list(second.of(layer))):
            shares.add(layer, _of_span(difference, gold, agreed))
    one, two, decided = (_answers(layer, schema) for layer in (first, second, gold))
    for question in one.keys() & two.keys() & decided.keys():
        if one[question] != two[question]:
            shares.add(_about(question), _of_answer(one[question], two[question], decided[question]))


def _of_span(difference: Disagreement, gold: Layer, agreed: set[Question]) -> Right:
    """A hand without a span was right where the gold has no other span of that label there, but what both agreed on."""
    there = {(s.label, s.start, s.end) for s in gold.of(difference.layer)}
    kept = [s is not None and (s.label, s.start, s.end) in there for s in (difference.first, difference.second)]
    if any(kept):
        return "both" if all(kept) else "first" if kept[0] else "second"
    spans = [s for s in (difference.first, difference.second) if s]
    others = [g for g in gold.of(difference.layer) if _place(g) not in agreed]
    touched = any(s.overlaps(g) and s.label == g.label for s in spans for g in others)
    if len(spans) == 2 or touched:
        return "neither"
    return "second" if difference.second is None else "first"


def _of_answer(first: object, second: object, gold: object) -> Right:
    return "first" if gold == first else "second" if gold == second else "neither"


def _about(question: Question) -> str:
    return str(question[0])


def _answers(layer: Layer, schema: Schema) -> Mapping[Question, object]:
    """Every question that a layer answers besides which spans there are."""
    return dict((*_of_attributes(layer, schema), *_of_arguments(layer, schema), *_of_claims(layer)))


def _place(span: Span) -> Question:
    return span.layer, span.label, span.start, span.end


def _of_attributes(layer: Layer, schema: Schema) -> Iterator[tuple[Question, object]]:
    for span in layer.spans:
        for attribute in schema.layers[span.layer].attributes:
            if attribute.name not in FREE:
                yield (f"{span.layer} {attribute.name}", *_place(span)), span.attributes.get(attribute.name)


def _of_arguments(layer: Layer, schema: Schema) -> Iterator[tuple[Question, object]]:
    for span in layer.spans:
        for role in schema.relations.values():
            if span.layer in role.head:
                tails = frozenset((tail.start, tail.end) for tail in layer.tails(span.id, role.name))
                yield (role.name, *_place(span)), tails


def _of_claims(layer: Layer) -> Iterator[tuple[Question, object]]:
    """A claim goes by its cue, one without a cue by where its content begins."""
    by_id = {claim.id: claim for claim in layer.claims}

    def key(id: str | None) -> Question | None:
        if id is None:
            return None
        claim = by_id[id]
        span = layer.span(claim.cue or claim.content[0])
        return (span.start, span.end) if claim.cue else (span.start,)

    for claim in layer.claims:
        place = key(claim.id)
        source = layer.span(claim.source) if claim.source else None
        yield ("CLAIM source", place), (source.start, source.end) if source else None
        for name in ("form", "act", "source_status", "medium"):
            yield (f"CLAIM {name}", place), getattr(claim, name)
        yield ("CLAIM parent", place), key(claim.parent)
        yield ("CLAIM continues", place), key(claim.continues)
