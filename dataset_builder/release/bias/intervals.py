"""Values and intervals of a figure's rows: documents are drawn, since what is in one article hangs together.

A row is a ratio of two sums over documents. Documents that have any of the whole are drawn with replacement, as many as
there are, and the ratio of the drawn sums is taken each time; the interval holds the middle 95 % of these (Efron &
Tibshirani 1993, percentile method).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

import numpy as np
import numpy.typing as npt

from dataset_builder.release.bias.figure import Keys, Minimum, Question, Row, Tally
from dataset_builder.scoring.resampling import weights

Array = npt.NDArray[np.float64]

#: What a share, a rate and an index are multiplied by.
_SCALE = {"share": 1.0, "rate": 100.0, "index": 1.0}


def rows(
    question: Question, tallies: Sequence[Tally], minimum: Minimum, resamples: int = 1000, seed: int = 0
) -> tuple[Row, ...]:
    """The rows of a question from its documents' tallies, sorted by keys."""
    made: list[Row] = []
    for whole, parts in sorted(_parts(question, tallies).items()):
        there = [tally for tally in tallies if tally.wholes.get(whole)]
        below = _column(there, lambda tally, whole=whole: tally.wholes[whole])  # type: ignore[misc]
        above = np.stack([_column(there, lambda tally, key=key: tally.parts.get(key, 0)) for key in parts], axis=1)  # type: ignore[misc]
        drawn = weights(len(there), resamples, seed)
        measure = _Measure(question, below, above, drawn, minimum)
        made += [measure.index(whole)] if question.kind == "index" else [measure.row(i, k) for i, k in enumerate(parts)]
    return tuple(made)


def _parts(question: Question, tallies: Iterable[Tally]) -> dict[Keys, list[Keys]]:
    """The keys of all parts by the keys of their whole; a whole that is nowhere above 0 has no row."""
    found: defaultdict[Keys, set[Keys]] = defaultdict(set)
    counted = {whole for tally in tallies for whole, number in tally.wholes.items() if number}
    for tally in tallies:
        for key in tally.parts:
            if key[: question.depth] in counted:
                found[key[: question.depth]].add(key)
    if question.zeros:
        tails = {key[question.depth :] for keys in found.values() for key in keys}.union(question.parts)
        return {whole: sorted(whole + tail for tail in tails) for whole in counted if tails}
    return {whole: sorted(keys) for whole, keys in found.items()}


def _column(tallies: Iterable[Tally], number: Callable[[Tally], int]) -> Array:
    return np.array([number(tally) for tally in tallies], dtype=float)


class _Measure:
    """The parts of one whole: documents x parts, and what is drawn from them."""

    def __init__(self, question: Question, below: Array, above: Array, drawn: Array, minimum: Minimum) -> None:
        self.question, self.below, self.above, self.drawn = question, below, above, drawn
        self.scale = _SCALE[question.kind]
        self.few = _few(question, int(below.sum()), len(below), minimum)

    def row(self, i: int, keys: Keys) -> Row:
        part, whole = int(self.above[:, i].sum()), int(self.below.sum())
        if self.few:
            return Row(keys, part, whole, len(self.below), note=self.few)
        value = _rounded(self.scale * part / whole)
        values = self.scale * (self.drawn @ self.above[:, i]) / (self.drawn @ self.below)
        low, high = _percentiles(values)
        if low == high:
            none = "every draw gives the same, so no interval can be drawn"
            return Row(keys, part, whole, len(self.below), value, note=none)
        return Row(keys, part, whole, len(self.below), value, low, high)

    def index(self, keys: Keys) -> Row:
        whole = int(self.below.sum())
        if self.few:
            return Row(keys, whole, whole, len(self.below), note=self.few)
        value = _rounded(float(_herfindahl(self.above.sum(axis=0))))
        low, high = _percentiles(_herfindahl(self.drawn @ self.above))
        return Row(keys, whole, whole, len(self.below), value, low, high)


def _herfindahl(counts: Array) -> Array:
    """The sum of squared shares along the last axis: 1 / k for k equal ones, 1 where there is only one.

    >>> float(_herfindahl(np.array([3.0, 1.0])))
    0.625
    """
    shares = counts / counts.sum(axis=-1, keepdims=True)
    squares: Array = (shares**2).sum(axis=-1)
    return squares


def _few(question: Question, units: int, documents: int, minimum: Minimum) -> str:
    """Why no value is given, "" where there is enough of it."""
    if units < minimum.units:
        return f"too few: {units} {question.unit}, {minimum.units} are needed"
    if documents < minimum.documents:
        return f"too few: {documents} documents, {minimum.documents} are needed"
    return ""


def _percentiles(values: Array) -> tuple[float, float]:
    low, high = np.percentile(values, [2.5, 97.5])
    return _rounded(float(low)), _rounded(float(high))


def _rounded(value: float) -> float:
    """Four digits, so that the last bits of a sum do not show."""
    return round(value, 4)
