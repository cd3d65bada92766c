"""How sure a figure is: intervals and paired tests that resample events, not documents or sentences.

Articles on one event share names, places and claims. To draw sentences would make intervals about half as wide as they
are, and misleading.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dataset_builder.scoring.counts import GOLD, PREDICTED, Array, Counts, ratios


@dataclass(frozen=True, slots=True)
class Interval:
    """Percentile interval of F1 that holds 95 % of the resampled values."""

    low: float
    high: float


def weights(events: int, resamples: int, seed: int) -> Array:
    """How often each event is drawn in each resample: resamples x events, each row summing to `events`."""
    generator = np.random.default_rng(seed)
    return generator.multinomial(events, np.full(events, 1 / events), size=resamples).astype(float)


def bootstrap(counts: Counts, resamples: int = 1000, seed: int = 0) -> list[Interval]:
    """An interval for the F1 of each row (Efron & Tibshirani 1993, percentile method).

    Resamples in which a row has nothing gold and nothing predicted say nothing of it and are left out of its interval;
    a row that has nothing at all has the interval 1 to 1.
    """
    by_event = counts.by_event
    drawn = np.tensordot(weights(len(by_event), resamples, seed), by_event, axes=1)
    empty = (drawn[..., PREDICTED] == 0) & (drawn[..., GOLD] == 0)
    values = np.where(empty & ~empty.all(axis=0), np.nan, ratios(drawn)[..., 2])
    low, high = np.nanpercentile(values, [2.5, 97.5], axis=0)
    return [Interval(float(a), float(b)) for a, b in zip(low, high, strict=True)]


@dataclass(frozen=True, slots=True)
class Difference:
    """F1 of one system minus F1 of another on the same documents, its interval, and how likely chance makes as much."""

    value: float
    interval: Interval
    p: float


#: Resamples of a comparison, of either kind.
SWAPS = 10_000


def compare(one: Counts, two: Counts, row: tuple[str, str], resamples: int = SWAPS, seed: int = 0) -> Difference:
    """Paired bootstrap of the difference, and approximate randomisation that swaps whole events (Yeh 2000).

    p is (c + 1) / (resamples + 1), c being the resamples whose difference is at least as great either way. ValueError
    where the two were not counted over the same documents.
    """
    if one.documents != two.documents or one.events != two.events:
        raise ValueError("the two systems were scored on different documents")
    first, second = (c.by_event[:, c.row(*row)] for c in (one, two))
    observed = _f1(first.sum(axis=0)) - _f1(second.sum(axis=0))
    drawn = weights(len(first), resamples, seed)
    low, high = np.percentile(_f1(drawn @ first) - _f1(drawn @ second), [2.5, 97.5])
    swapped = np.random.default_rng(seed + 1).integers(0, 2, size=(resamples, len(first))).astype(float)
    moved = swapped @ (second - first)
    chance = _f1(first.sum(axis=0) + moved) - _f1(second.sum(axis=0) - moved)
    # A little slack, since the sums of a swap that changes nothing come in another order.
    extreme = int((np.abs(chance) >= abs(float(observed)) - 1e-12).sum())
    return Difference(float(observed), Interval(float(low), float(high)), (extreme + 1) / (resamples + 1))


def least_p(events: int, resamples: int = SWAPS) -> float:
    """What p comes to at best: of 2^n ways to swap n events, none and all give a difference as great as is observed.

    >>> least_p(5), round(least_p(40), 6)
    (0.0625, 0.0001)
    """
    return max(2.0 ** (1 - events), 1 / (resamples + 1))


def _f1(sums: Array) -> Array:
    return ratios(sums)[..., 2]


def holm(values: Sequence[float]) -> list[float]:
    """p-values of several tests, corrected by Holm's step-down method (1979), in the order given.

    >>> holm([0.01, 0.04, 0.03])
    [0.03, 0.06, 0.06]
    """
    corrected = [0.0] * len(values)
    highest = 0.0
    for rank, i in enumerate(sorted(range(len(values)), key=values.__getitem__)):
        highest = max(highest, min(1.0, (len(values) - rank) * values[i]))
        corrected[i] = highest
    return corrected
