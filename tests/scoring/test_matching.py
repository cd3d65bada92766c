"""The assignment is the best one, found by trying all, and does not depend on order."""

from __future__ import annotations

from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from dataset_builder.scoring.matching import assign

TABLES = st.integers(1, 5).flatmap(
    lambda columns: st.lists(st.lists(st.integers(0, 6), min_size=columns, max_size=columns), min_size=1, max_size=5)
)


def _best(table: list[list[int]]) -> int:
    rows, columns = len(table), len(table[0])
    if rows > columns:
        return _best([list(row) for row in zip(*table, strict=True)])
    return max(sum(table[r][c] for r, c in enumerate(chosen)) for chosen in permutations(range(columns), rows))


@settings(max_examples=300)
@given(TABLES)
def test_no_other_assignment_weighs_more(table: list[list[int]]) -> None:
    rows, columns = range(len(table)), range(len(table[0]))
    pairs = assign(rows, columns, lambda r, c: table[r][c])
    assert len({r for r, _ in pairs}) == len({c for _, c in pairs}) == len(pairs)
    assert all(table[r][c] > 0 for r, c in pairs)
    assert sum(table[r][c] for r, c in pairs) == _best(table)
    turned = assign(list(rows)[::-1], list(columns)[::-1], lambda r, c: table[r][c])
    assert sum(table[rows[-1 - r]][columns[-1 - c]] for r, c in turned) == _best(table)


def test_nothing_to_assign() -> None:
    assert assign([], [1], lambda a, b: 1) == [] and assign([1], [2], lambda a, b: 0) == []
