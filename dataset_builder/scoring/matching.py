"""Which of one side belongs to which of the other: the one-to-one assignment of greatest weight, whatever the order."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")
Weight = Callable[[T, T], float]


def assign(first: Sequence[T], second: Sequence[T], weight: Weight[T]) -> list[tuple[int, int]]:
    """Pairs of indices, each index once at most, with the greatest sum of weights; pairs of weight 0 are left out.

    Weights are 0 or more.

    >>> assign("ab", "xy", lambda a, b: {"ax": 5, "ay": 4, "bx": 4}.get(a + b, 0))
    [(0, 1), (1, 0)]
    """
    return heaviest({(i, j): weight(a, b) for i, a in enumerate(first) for j, b in enumerate(second)})


def heaviest(weights: Mapping[tuple[int, int], float]) -> list[tuple[int, int]]:
    """The same, from the weights of the pairs that are possible.

    Solved apart for each group that they connect, which keeps long documents fast.

    >>> heaviest({(0, 0): 5, (0, 1): 4, (1, 0): 4})
    [(0, 1), (1, 0)]
    """
    weights = {pair: weight for pair, weight in weights.items() if weight > 0}
    pairs: list[tuple[int, int]] = []
    for rows, columns in _groups(list(weights)):
        table = [[weights.get((i, j), 0.0) for j in columns] for i in rows]
        pairs += [(rows[r], columns[c]) for r, c in _solve(table) if table[r][c] > 0]
    return sorted(pairs)


def _groups(edges: Sequence[tuple[int, int]]) -> list[tuple[list[int], list[int]]]:
    """The connected groups of rows and columns."""
    group: dict[Hashable, Hashable] = {}

    def root(node: Hashable) -> Hashable:
        while group.setdefault(node, node) != node:
            group[node] = node = group[group[node]]
        return node

    for i, j in edges:
        group[root(("row", i))] = root(("column", j))
    found: dict[Hashable, tuple[list[int], list[int]]] = {}
    for i in sorted({i for i, _ in edges}):
        found.setdefault(root(("row", i)), ([], []))[0].append(i)
    for j in sorted({j for _, j in edges}):
        found[root(("column", j))][1].append(j)
    return list(found.values())


def _solve(table: Sequence[Sequence[float]]) -> list[tuple[int, int]]:
    """The Hungarian method with potentials (Kuhn 1955, Munkres 1957), maximising; O(rows² columns)."""
    if len(table) > len(table[0]):
        return [(r, c) for c, r in _solve(list(zip(*table, strict=True)))]
    rows, columns = len(table), len(table[0])
    state = _Prices([0.0] * (rows + 1), [0.0] * (columns + 1), [0] * (columns + 1))
    for row in range(1, rows + 1):
        _give(row, table, state)
    return sorted((row - 1, j - 1) for j, row in enumerate(state.owner) if j and row)


@dataclass
class _Prices:
    """Potentials of rows and columns, counted from 1, and `owner[j]`: the row that column j is given to, 0 for none."""

    rows: list[float]
    columns: list[float]
    owner: list[int]


def _give(row: int, table: Sequence[Sequence[float]], state: _Prices) -> None:
    """Give the row a column, along the cheapest path that moves earlier rows to others."""
    count = len(state.columns)
    slack, came, used = [math.inf] * count, [0] * count, [False] * count
    state.owner[0] = row
    column = 0
    while state.owner[column]:
        used[column] = True
        held = state.owner[column]
        for j in range(1, count):
            cost = -table[held - 1][j - 1] - state.rows[held] - state.columns[j]
            if not used[j] and cost < slack[j]:
                slack[j], came[j] = cost, column
        nearest = min((j for j in range(1, count) if not used[j]), key=slack.__getitem__)
        _shift(slack[nearest], slack, used, state)
        column = nearest
    while column:
        state.owner[column], column = state.owner[came[column]], came[column]


def _shift(least: float, slack: list[float], used: Sequence[bool], state: _Prices) -> None:
    for j, is_used in enumerate(used):
        if is_used:
            state.rows[state.owner[j]] += least
            state.columns[j] -= least
        else:
            slack[j] -= least
