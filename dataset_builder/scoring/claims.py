"""Scoring claims: each role by itself, the whole claim as a tuple, whether the right actor speaks, and nesting.

Claims of gold and prediction are paired one to one, so that the sum of Dice overlaps of their three roles is greatest
(the assignment of Petersen-Frey & Biemann 2024 for German quotations); a pair shares part of the cue, or of the content
where one has no cue. Dice is over code points, 2 · shared / (one + other). Of pairings with equal sums the one with
most softly right pairs is taken, and claims are taken in the order of the text: in which order, and on which side, they
were given never decides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from dataset_builder.model import Claim, Extents, Layer, Place, Span
from dataset_builder.scoring.alpha import merged
from dataset_builder.scoring.counts import GOLD, PREDICTED, RIGHT_GOLD, RIGHT_PREDICTED, Array, Counts, join
from dataset_builder.scoring.matching import assign
from dataset_builder.scoring.sides import Pair, Thing, count, counted
from dataset_builder.voice import source_actor

Role = Literal["SOURCE", "CUE", "CONTENT"]
ROLES: tuple[Role, ...] = ("SOURCE", "CUE", "CONTENT")
#: From this Dice on two role fillers count as the same in soft figures.
SOFT = 0.5
#: What a softly right pair weighs beside its Dice sum: enough to decide between equal sums, and nothing else.
_TIE = 1e-6
STATUSES = ("named", "anonymous", "collective", "implicit", "none")


def filler(layer: Layer, claim: Claim, role: Role) -> list[Span]:
    """The spans that fill a role: none, one, or for content one or more in the order of the text."""
    ids = {"SOURCE": (claim.source,), "CUE": (claim.cue,), "CONTENT": claim.content}[role]
    return sorted((layer.span(id) for id in ids if id), key=lambda s: (s.start, s.end))


def extents(spans: Sequence[Span]) -> Extents:
    return tuple((s.start, s.end) for s in spans)


def dice(one: Extents, other: Extents) -> float:
    """Overlap of two fillers over code points; 1 where both are empty.

    >>> dice(((0, 4),), ((2, 6),)), dice((), ()), dice((), ((0, 2),))
    (0.5, 1.0, 0.0)
    """
    if not one or not other:
        return float(not one and not other)
    one, other = (tuple(merged(filler)) if len(filler) > 1 else filler for filler in (one, other))
    shared = sum(max(0, min(b, d) - max(a, c)) for a, b in one for c, d in other)
    return 2 * shared / sum(end - start for start, end in (*one, *other))


@dataclass(frozen=True)
class Filled:
    """A claim with the extents of its roles."""

    claim: Claim
    roles: dict[Role, Extents]

    @classmethod
    def all_of(cls, layer: Layer) -> list[Filled]:
        """The claims of a layer in the order of the text."""
        return [cls(c, {role: extents(filler(layer, c, role)) for role in ROLES}) for c in in_order(layer)]


def in_order(layer: Layer) -> list[Claim]:
    """Claims by the place of content, cue and source; of one place by what they are, then by the claims they lead to.

    >>> part = [Span(id, "CLAIM", "CONTENT", start, start + 4) for id, start in (("a", 9), ("b", 2))]
    >>> said = [Claim(f"c{span.id}", None, None, (span.id,), "indirect", "say", "none") for span in part]
    >>> [claim.id for claim in in_order(Layer("d", "1.0", 20, "", ("CLAIM",), tuple(part), claims=tuple(said)))]
    ['cb', 'ca']
    """
    place = {claim.id: layer.place(claim) for claim in layer.claims}
    nowhere: Place = ((), (), ())

    def key(claim: Claim) -> tuple[object, ...]:
        what = claim.form, claim.act, claim.source_status, claim.medium
        others = (place.get(id or "", nowhere) for id in (claim.parent, claim.continues))
        return place[claim.id], what, *others, claim.id

    return sorted(layer.claims, key=key)


def align(gold: Sequence[Filled], predicted: Sequence[Filled]) -> list[tuple[int, int]]:
    """Pairs of indices of claims that belong together, one to one; both sides in the order of the text."""

    def weight(a: Filled, b: Filled) -> float:
        anchor: Role = "CUE" if a.roles["CUE"] and b.roles["CUE"] else "CONTENT"
        if not dice(a.roles[anchor], b.roles[anchor]):
            return 0.0
        shares = [dice(a.roles[role], b.roles[role]) for role in ROLES]
        return sum(shares) + _TIE * (min(shares) >= SOFT)

    return assign(gold, predicted, weight)


def count_claims(pairs: Sequence[Pair]) -> Counts:
    """All measures of the task `claims`."""
    aligned = [AlignedClaims.of(pair) for pair in pairs]
    parts = [
        counted("soft", pairs, (), _cells(aligned, _soft)),
        count("strict", pairs, ("claim",), _whole),
        count("roles exact", pairs, ROLES, _fillers),
        counted("roles by words", pairs, ROLES, _by_words(pairs)),
        counted("content and actor", pairs, (), _cells(aligned, _attributed)),
        counted("attribution", pairs, STATUSES, _attribution(aligned)),
        counted("nesting", pairs, (), _nesting(aligned)),
    ]
    return join(parts)


def _whole(pair: Pair, side: Layer) -> Iterator[Thing]:
    for filled in Filled.all_of(side):
        yield "claim", tuple(filled.roles[role] for role in ROLES)


def _fillers(pair: Pair, side: Layer) -> Iterator[Thing]:
    for filled in Filled.all_of(side):
        yield from ((role, filled.roles[role]) for role in ROLES if filled.roles[role])


def _by_words(pairs: Sequence[Pair]) -> Array:
    """Words of each filler that some filler of the other side has, as a share, after Johansson & Moschitti 2013.

    Recall is the mean share over gold fillers, precision over predicted ones. A filler without a word (a colon) counts
    by its characters.
    """
    cells = np.zeros((len(pairs), len(ROLES) + 1, 4))
    for number, pair in enumerate(pairs):
        for row, role in enumerate(ROLES, 1):
            fillers = [[f for c in side.claims if (f := filler(side, c, role))] for side in pair.sides]
            units = [[_units(pair, f) for f in {extents(f): f for f in side}.values()] for side in fillers]
            unions: list[frozenset[object]] = [frozenset().union(*side) for side in units]
            for side, right, total in ((0, RIGHT_GOLD, GOLD), (1, RIGHT_PREDICTED, PREDICTED)):
                cells[number, row, right] = sum(len(u & unions[1 - side]) / len(u) for u in units[side])
                cells[number, row, total] = len(units[side])
    cells[:, 0] = cells[:, 1:].sum(axis=1)
    return cells


def _units(pair: Pair, spans: Sequence[Span]) -> frozenset[object]:
    words = pair.words_of(spans)
    return frozenset(words or (("character", point) for s in spans for point in range(s.start, s.end)))


@dataclass(frozen=True)
class AlignedClaims:
    """A document's claims on both sides, and the indices of those that belong together."""

    pair: Pair
    gold: Sequence[Filled]
    predicted: Sequence[Filled]
    indices: Sequence[tuple[int, int]]

    @classmethod
    def of(cls, pair: Pair) -> AlignedClaims:
        gold, predicted = (Filled.all_of(side) for side in pair.sides)
        return cls(pair, gold, predicted, align(gold, predicted))

    @property
    def together(self) -> list[tuple[Filled, Filled]]:
        return [(self.gold[i], self.predicted[j]) for i, j in self.indices]

    def same_actor(self, gold: Claim, predicted: Claim) -> bool:
        """Whether the actor who speaks is the same: of an implicit source its antecedent's."""
        a, b = source_actor(self.pair.gold, gold), source_actor(self.pair.predicted, predicted)
        if a is None or b is None:
            return a is b
        linked = a.attributes.get("entity", "")
        return dice(extents([a]), extents([b])) >= SOFT or (linked != "" and linked == b.attributes.get("entity"))

    @cached_property
    def nested_right(self) -> frozenset[str]:
        """Ids of the gold's nested claims whose partner lies in the partner of the claim that they lie in."""
        partner = {gold.claim.id: predicted.claim for gold, predicted in self.together}
        nested = [f.claim for f in self.gold if f.claim.parent]
        within = [c for c in nested if c.id in partner and c.parent in partner]
        return frozenset(c.id for c in within if partner[c.id].parent == partner[c.parent or ""].id)


def _cells(aligned: Sequence[AlignedClaims], right: Callable[[AlignedClaims, Filled, Filled], bool]) -> Array:
    """Whole claims: how many pairs are right, of all predicted and of all gold claims."""
    cells = np.zeros((len(aligned), 1, 4))
    for number, each in enumerate(aligned):
        found = sum(right(each, a, b) for a, b in each.together)
        cells[number, 0] = found, len(each.predicted), found, len(each.gold)
    return cells


def _soft(each: AlignedClaims, gold: Filled, predicted: Filled) -> bool:
    """Every role at least half right, and none filled that the gold leaves empty."""
    return all(dice(gold.roles[role], predicted.roles[role]) >= SOFT for role in ROLES)


def _attributed(each: AlignedClaims, gold: Filled, predicted: Filled) -> bool:
    return same_content(gold, predicted) and each.same_actor(gold.claim, predicted.claim)


def same_content(gold: Filled, predicted: Filled) -> bool:
    return dice(gold.roles["CONTENT"], predicted.roles["CONTENT"]) >= SOFT


def _attribution(aligned: Sequence[AlignedClaims]) -> Array:
    """Of pairs with the same content, those with the right actor, by the gold's source status: an accuracy."""
    cells = np.zeros((len(aligned), len(STATUSES) + 1, 4))
    for number, each in enumerate(aligned):
        for gold, predicted in each.together:
            if same_content(gold, predicted):
                right = float(each.same_actor(gold.claim, predicted.claim))
                cells[number, [0, 1 + STATUSES.index(gold.claim.source_status)]] += (right, 1, right, 1)
    return cells


def _nesting(aligned: Sequence[AlignedClaims]) -> Array:
    """Claims that lie in another: right where the claim and the one that it lies in both belong together."""
    cells = np.zeros((len(aligned), 1, 4))
    for number, each in enumerate(aligned):
        right, nested = len(each.nested_right), sum(f.claim.parent is not None for f in each.gold)
        predicted = sum(f.claim.parent is not None for f in each.predicted)
        cells[number, 0] = right, predicted, right, nested
    return cells
