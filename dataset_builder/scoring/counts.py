"""Counts are state, ratios are views: what was right, predicted and gold, kept for each document.

Everything that a score says is a sum over documents of one array, so that per-label tables, intervals and paired tests
all come from the same numbers.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
#: The four numbers of a cell: right among the predicted, predicted, right among the gold, gold. The two "right" differ
#: only where a measure gives credit for overlap.
RIGHT_PREDICTED, PREDICTED, RIGHT_GOLD, GOLD = range(4)


@dataclass(frozen=True, slots=True)
class Figure:
    """Precision, recall and F1 between 0 and 1, with the counts that they come from."""

    precision: float
    recall: float
    f1: float
    right: float
    predicted: float
    gold: float


def ratios(sums: Array) -> Array:
    """Precision, recall and F1 in the last axis, from cells in the last axis.

    Nothing predicted where nothing is gold is right: 1. Otherwise a ratio over nothing is 0.

    >>> ratios(np.array([[3.0, 4.0, 3.0, 6.0], [0.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 2.0]])).round(3).tolist()
    [[0.75, 0.5, 0.6], [1.0, 1.0, 1.0], [0.0, 0.0, 0.0]]
    """
    predicted, gold = sums[..., PREDICTED], sums[..., GOLD]
    empty = (predicted == 0) & (gold == 0)
    precision = np.where(empty, 1.0, sums[..., RIGHT_PREDICTED] / np.where(predicted == 0, 1, predicted))
    recall = np.where(empty, 1.0, sums[..., RIGHT_GOLD] / np.where(gold == 0, 1, gold))
    total = precision + recall
    f1 = np.where(total == 0, 0.0, 2 * precision * recall / np.where(total == 0, 1, total))
    return np.stack([precision, recall, f1], axis=-1)


@dataclass(frozen=True)
class Counts:
    """`cells` is documents x rows x 4. A row is a measure and a label; the label "" stands for all labels together.

    `events` says of each document which happening it tells: what resampling keeps together.
    """

    documents: tuple[str, ...]
    events: tuple[str, ...]
    rows: tuple[tuple[str, str], ...]
    cells: Array

    @cached_property
    def measures(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(measure for measure, _ in self.rows))

    def row(self, measure: str, label: str = "") -> int:
        """Where a row stands; KeyError for one that was not counted."""
        try:
            return self.rows.index((measure, label))
        except ValueError:
            raise KeyError((measure, label)) from None

    def figure(self, measure: str, label: str = "") -> Figure:
        """Micro figures of a row over all documents."""
        sums = self.cells[:, self.row(measure, label)].sum(axis=0)
        precision, recall, f1 = (float(value) for value in ratios(sums))
        return Figure(precision, recall, f1, float(sums[RIGHT_GOLD]), float(sums[PREDICTED]), float(sums[GOLD]))

    def labels(self, measure: str) -> list[str]:
        """The labels of a measure that stand in gold or prediction, without the row for all."""
        found = [label for of, label in self.rows if of == measure and label]
        return [label for label in found if self.cells[:, self.row(measure, label)].any()]

    def macro(self, measure: str) -> float | None:
        """Mean F1 of the labels that the gold has; None where it has none."""
        rows = self._gold_rows(measure)
        if not rows:
            return None
        return float(ratios(self.cells[:, rows].sum(axis=0))[:, 2].mean())

    def _gold_rows(self, measure: str) -> list[int]:
        rows = [self.row(measure, label) for label in self.labels(measure)]
        return [row for row in rows if self.cells[:, row, GOLD].sum() > 0]

    @cached_property
    def by_event(self) -> Array:
        """The cells summed over the documents of each event: events x rows x 4."""
        names = {event: i for i, event in enumerate(dict.fromkeys(self.events))}
        sums = np.zeros((len(names), *self.cells.shape[1:]))
        np.add.at(sums, [names[event] for event in self.events], self.cells)
        return sums


def join(parts: Sequence[Counts]) -> Counts:
    """Counts of several measures over the same documents, as one; ValueError where the documents differ."""
    first = parts[0]
    if any(part.documents != first.documents for part in parts):
        raise ValueError("counts of different documents can't be joined")
    rows = tuple(row for part in parts for row in part.rows)
    return Counts(first.documents, first.events, rows, np.concatenate([part.cells for part in parts], axis=1))


Rows = Sequence[tuple[int, ...]] | npt.NDArray[np.int64]
_Whole = npt.NDArray[np.int64]


def count_equal(gold: Rows, predicted: Rows, documents: int, labels: int) -> Array:
    """Cells of documents x (all, then each label) x 4, for things that are right where they are equal.

    A row is a document number, a label number, then whole numbers that identify the thing; equal rows of one side
    count once.

    >>> cells = count_equal([(0, 0, 3, 5), (0, 1, 3, 5)], [(0, 0, 3, 5), (0, 0, 9, 12)], documents=1, labels=2)
    >>> cells[0].astype(int).tolist()
    [[1, 2, 1, 2], [1, 2, 1, 1], [0, 0, 0, 1]]
    """
    first, second = (np.asarray(side, dtype=np.int64) for side in (gold, predicted))
    width = max(side.shape[1] if side.ndim == 2 else 2 for side in (first, second))
    joined = zip(first.reshape(-1, width).T, second.reshape(-1, width).T, strict=True)
    keys, divisor = _packed([np.concatenate(sides) for sides in joined], labels)
    there, found = _distinct(keys[: len(first)]), _distinct(keys[len(first) :])
    merged = np.sort(np.concatenate([there, found]), kind="stable")
    both = merged[1:][merged[1:] == merged[:-1]]
    cells = np.zeros((documents, labels + 1, 4))
    for columns, chosen in (((RIGHT_GOLD, RIGHT_PREDICTED), both), ((PREDICTED,), found), ((GOLD,), there)):
        # What is left of a key without the thing itself is the number of its document and label.
        place = chosen // divisor
        by_label = np.bincount(place, minlength=documents * labels).reshape(documents, labels)
        overall = np.bincount(place // labels, minlength=documents)
        for column in columns:
            cells[:, 0, column], cells[:, 1:, column] = overall, by_label
    return cells


def _distinct(keys: _Whole) -> _Whole:
    """The distinct keys in order; sorting is many times faster than `np.unique`, which hashes."""
    ordered = np.sort(keys)
    return ordered[np.concatenate([[True], ordered[1:] != ordered[:-1]])] if len(ordered) else ordered


def _packed(columns: Sequence[_Whole], labels: int) -> tuple[_Whole, int]:
    """Each row as one number, and by what it is divided to give document * labels + label.

    The columns behind these two are packed by their ranges; where that does not fit, each distinct one gets a number.
    Columns one by one, and keys in place: most of the time is waiting for memory.
    """
    keys = columns[0] * labels + columns[1]
    if not len(keys):
        return keys, 1
    ranges = [(int(column.min()), int(column.max())) for column in columns[2:]]
    sizes = [high - low + 1 for low, high in ranges]
    if math.prod(sizes) * (int(keys.max()) + 1) >= 2**62:
        distinct, numbers = np.unique(np.stack(columns[2:]), axis=1, return_inverse=True)
        return keys * distinct.shape[1] + numbers.reshape(-1), distinct.shape[1]
    for column, (low, _), size in zip(columns[2:], ranges, sizes, strict=True):
        keys *= size
        keys += column
        keys -= low
    return keys, math.prod(sizes)
