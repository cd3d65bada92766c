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

from dataset_builder.model import Span
from dataset_builder.scoring.counts import GOLD, PREDICTED, RIGHT_GOLD, RIGHT_PREDICTED, Array, Counts, join
from dataset_builder.scoring.matching import assign
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

    def __add__(self, other: Outcomes) -> Outcomes:
        return Outcomes(*(getattr(self, n) + getattr(other, n) for n in Outcomes.__slots__))


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
    pairs = assign([gold[i] for i in left], [predicted[j] for j in right], _weight)
    return sorted([*same.items(), *((left[i], right[j]) for i, j in pairs)])


def _weight(a: Span, b: Span) -> float:
    shared = min(a.end, b.end) - max(a.start, b.start)
    if shared <= 0 or a.layer != b.layer:
        return 0.0
    extent = (a.start, a.end) == (b.start, b.end)
    return extent * _EXTENT + (a.label == b.label) * _LABEL + 2 * shared / (a.end - a.start + b.end - b.start)


def credit(scheme: Scheme, a: Span, b: Span) -> float:
    """What a pair is worth in a scheme: 1 correct, 0.5 partial, 0 incorrect."""
    extent, label = (a.start, a.end) == (b.start, b.end), a.label == b.label
    match scheme:
        case "strict":
            return float(extent and label)
        case "exact":
            return float(extent)
        case "partial":
            return 1.0 if extent else 0.5
        case "type":
            return float(label)


def count_schemes(pairs: Sequence[Pair], layers: Sequence[str], labels: Sequence[str]) -> Counts:
    """A measure a scheme over the spans of these layers; labels are "LAYER.LABEL".

    An incorrect pair is missing for the gold's label and spurious for the predicted one's. Spans of one side with the
    same layer, label and extent count once.
    """
    index = {label: i + 1 for i, label in enumerate(labels)}
    cells = {scheme: np.zeros((len(pairs), len(labels) + 1, 4)) for scheme in SCHEMES}
    for number, pair in enumerate(pairs):
        gold, predicted = (distinct(side.spans, layers) for side in pair.sides)
        aligned = align(gold, predicted)
        for scheme, table in cells.items():
            _add(table[number], scheme, gold, predicted, aligned, index)
    return join([counted(scheme, pairs, labels, table) for scheme, table in cells.items()])


def distinct(spans: Sequence[Span], layers: Sequence[str]) -> list[Span]:
    """The spans of these layers by place and label, repeated ones once: ties are the same whatever the order."""
    found = {(s.start, s.end, s.layer, s.label): s for s in spans if s.layer in layers}
    return [found[key] for key in sorted(found)]


def _add(
    table: Array,
    scheme: Scheme,
    gold: Sequence[Span],
    predicted: Sequence[Span],
    aligned: Sequence[tuple[int, int]],
    index: dict[str, int],
) -> None:
    for column, spans in ((GOLD, gold), (PREDICTED, predicted)):
        for span in spans:
            table[[0, index[f"{span.layer}.{span.label}"]], column] += 1
    for i, j in aligned:
        worth = credit(scheme, gold[i], predicted[j])
        table[[0, index[f"{gold[i].layer}.{gold[i].label}"]], RIGHT_GOLD] += worth
        table[[0, index[f"{predicted[j].layer}.{predicted[j].label}"]], RIGHT_PREDICTED] += worth


def outcomes(pairs: Sequence[Pair], layers: Sequence[str], scheme: Scheme) -> Outcomes:
    """Correct, incorrect, partial, missing and spurious over all documents, as MUC has them; what a system said and
    that has no place in the text is spurious.
    """
    total = Outcomes()
    for pair in pairs:
        gold, predicted = (distinct(side.spans, layers) for side in pair.sides)
        aligned = align(gold, predicted)
        worth = [credit(scheme, gold[i], predicted[j]) for i, j in aligned]
        nowhere = sum(n for name, n in pair.predicted.spurious.items() if name.partition(".")[0] in layers)
        total += Outcomes(
            correct=worth.count(1.0),
            incorrect=worth.count(0.0),
            partial=worth.count(0.5),
            missing=len(gold) - len(aligned),
            spurious=len(predicted) - len(aligned) + nowhere,
        )
    return total
