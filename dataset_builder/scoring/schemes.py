"""The four schemes of SemEval-2013 task 9.1 over one alignment, after MUC-5 (Chinchor & Sundheim 1993).

Gold and predicted spans are paired one to one, so that spans of equal extent and label come first, then equal extents,
then equal labels, then the greatest overlap; the pairing has the greatest weight of all, so that the order of spans
never matters. Half-open spans that merely touch do not overlap.

| scheme | correct | incorrect | partial |
|---|---|---|---|
| strict | extent and label equal | any other pair | |
| exact | extent equal | any other pair | |
| partial | extent equal | | any other pair |
| type | label equal | any other pair | |

What is left over is missing (gold) or spurious (predicted).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from dataset_builder.model import Span
from dataset_builder.scoring.counts import GOLD, PREDICTED, RIGHT_GOLD, RIGHT_PREDICTED, Array, Counts, join
from dataset_builder.scoring.matching import heaviest
from dataset_builder.scoring.sides import Pair, counted

Scheme = Literal["strict", "exact", "partial", "type"]
SCHEMES: tuple[Scheme, ...] = ("strict", "exact", "partial", "type")
#: Weights of a pair beside its overlap, which is at most 1: each outweighs all lesser ones of a document together.
_EXTENT, _LABEL = 1e6, 1e3


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Counts of one scheme: correct, incorrect, partial, missing, spurious."""

    correct: int = 0
    incorrect: int = 0
    partial: int = 0
    missing: int = 0
    spurious: int = 0


@dataclass(frozen=True)
class Aligned:
    """The distinct spans of some layers on both sides of a document, and the indices of those that are pairs."""

    gold: Sequence[Span]
    predicted: Sequence[Span]
    indices: Sequence[tuple[int, int]]

    @classmethod
    def of(cls, pair: Pair, layers: Sequence[str]) -> Aligned:
        gold, predicted = (distinct(side.spans, layers) for side in pair.sides)
        return cls(gold, predicted, align(gold, predicted))

    @property
    def couples(self) -> list[tuple[Span, Span]]:
        return [(self.gold[i], self.predicted[j]) for i, j in self.indices]

    @property
    def missing(self) -> list[Span]:
        """Gold spans without a partner."""
        paired = {i for i, _ in self.indices}
        return [span for i, span in enumerate(self.gold) if i not in paired]

    @property
    def spurious(self) -> list[Span]:
        """Predicted spans without a partner."""
        paired = {j for _, j in self.indices}
        return [span for j, span in enumerate(self.predicted) if j not in paired]


def align(gold: Sequence[Span], predicted: Sequence[Span]) -> list[tuple[int, int]]:
    """Pairs of indices of spans that overlap, one to one.

    >>> gold = [Span("g", "ACTOR", "STATE", 0, 5)]
    >>> guesses = [Span("p", "ACTOR", "STATE", 0, 3), Span("q", "ACTOR", "STATE", 0, 5)]
    >>> align(gold, guesses), align(gold, guesses[::-1])
    ([(0, 1)], [(0, 0)])
    """
    places = {(s.layer, s.label, s.start, s.end): i for i, s in enumerate(predicted)}
    same = {i: j for i, s in enumerate(gold) if (j := places.get((s.layer, s.label, s.start, s.end))) is not None}
    taken = set(same.values())
    left = [i for i in range(len(gold)) if i not in same]
    right = [j for j in range(len(predicted)) if j not in taken]
    here, there = [gold[i] for i in left], [predicted[j] for j in right]
    pairs = heaviest({(i, j): w for i, j in overlapping(here, there) if (w := _weight(here[i], there[j]))})
    return sorted([*same.items(), *((left[i], right[j]) for i, j in pairs)])


def overlapping(some: Sequence[Span], others: Sequence[Span]) -> list[tuple[int, int]]:
    """The indices of all pairs that share at least one code point."""
    (starts, ends), (low, high) = (
        (np.array([s.start for s in side]), np.array([s.end for s in side])) for side in (some, others)
    )
    found = np.nonzero((starts[:, None] < high) & (low < ends[:, None]))
    return list(zip(*(indices.tolist() for indices in found), strict=True))


def _weight(a: Span, b: Span) -> float:
    """Of two spans that overlap; 0 where they can be no pair."""
    if a.layer != b.layer:
        return 0.0
    shared = min(a.end, b.end) - max(a.start, b.start)
    extent = (a.start, a.end) == (b.start, b.end)
    return extent * _EXTENT + (a.label == b.label) * _LABEL + 2 * shared / (a.end - a.start + b.end - b.start)


def count_schemes(pairs: Sequence[Pair], layers: Sequence[str], labels: Sequence[str]) -> Counts:
    """A measure a scheme over the spans of these layers; labels are "LAYER.LABEL".

    An incorrect pair is missing for the gold's label and spurious for the predicted one's. Spans of one side with the
    same layer, label and extent count once.
    """
    index = {label: i + 1 for i, label in enumerate(labels)}
    found = [Aligned.of(pair, layers) for pair in pairs]
    sides = {GOLD: [a.gold for a in found], PREDICTED: [a.predicted for a in found]}
    bare = np.zeros((len(pairs), len(labels) + 1, 4))
    for column, spans in sides.items():
        _add(bare, column, [(n, index[f"{s.layer}.{s.label}"]) for n, here in enumerate(spans) for s in here], 1)
    numbered = [(n, a, b) for n, each in enumerate(found) for a, b in each.couples]
    places = {
        RIGHT_GOLD: [(n, index[f"{a.layer}.{a.label}"]) for n, a, _ in numbered],
        RIGHT_PREDICTED: [(n, index[f"{b.layer}.{b.label}"]) for n, _, b in numbered],
    }
    extent = np.array([(a.start, a.end) == (b.start, b.end) for _, a, b in numbered], dtype=bool)
    label = np.array([a.label == b.label for _, a, b in numbered], dtype=bool)
    worth = {"strict": extent & label, "exact": extent, "partial": np.where(extent, 1.0, 0.5), "type": label}
    parts = []
    for scheme in SCHEMES:
        cells = bare.copy()
        for column, where in places.items():
            _add(cells, column, where, worth[scheme])
        cells[:, 0] = cells[:, 1:].sum(axis=1)
        parts.append(counted(scheme, pairs, labels, cells))
    return join(parts)


def _add(cells: Array, column: int, places: Sequence[tuple[int, int]], worth: Array | NDArray[np.bool_] | int) -> None:
    """Add what each is worth to the cells at these documents and rows."""
    np.add.at(cells[..., column], tuple(np.array(places, dtype=int).reshape(-1, 2).T), worth)


def distinct(spans: Sequence[Span], layers: Sequence[str]) -> list[Span]:
    """The spans of these layers by place and label, repeated ones once: ties are the same whatever the order."""
    found = {(s.start, s.end, s.layer, s.label): s for s in spans if s.layer in layers}
    return [found[key] for key in sorted(found)]


def outcomes(counts: Counts, scheme: Scheme) -> Outcomes:
    """Correct, incorrect, partial, missing and spurious over all documents, as MUC has them.

    A view of the counts: a pair is worth 1 or 0.5 in `partial`, and 1 in `exact` where it is worth 1 in `partial`, so
    the number of pairs is twice what is right in `partial` less what is right in `exact`.
    """
    extents, figure = counts.figure("exact").right, counts.figure(scheme)
    couples = round(2 * counts.figure("partial").right - extents)
    correct = round(extents if scheme == "partial" else figure.right)
    partial = couples - correct if scheme == "partial" else 0
    left = round(figure.gold) - couples, round(figure.predicted) - couples
    return Outcomes(correct, couples - correct - partial, partial, *left)
