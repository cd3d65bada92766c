"""Alpha against published worked examples, and against the definition worked by brute force."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataset_builder.scoring.alpha import Coincidences, merged, unitised

BITS = st.lists(st.tuples(st.booleans(), st.booleans()), min_size=2, max_size=30)


@given(BITS)
def test_alpha_is_observed_against_expected_disagreement(pairs: list[tuple[bool, bool]]) -> None:
    """By definition: pairs within units against pairs of any two of the 2n values."""
    values = [v for pair in pairs for v in pair]
    n = len(values)
    observed = sum(a != b for a, b in pairs) / len(pairs)
    expected = sum(values[i] != values[j] for i in range(n) for j in range(n) if i != j) / (n * (n - 1))
    alpha = Coincidences.of([a for a, _ in pairs], [b for _, b in pairs]).alpha
    assert alpha is None if expected == 0 else alpha == pytest.approx(1 - observed / expected)


@given(BITS, BITS)
def test_counts_add(one: list[tuple[bool, bool]], two: list[tuple[bool, bool]]) -> None:
    def of(pairs: list[tuple[bool, bool]]) -> Coincidences:
        return Coincidences.of([a for a, _ in pairs], [b for _, b in pairs])

    assert (of(one) + of(two)).alpha == of(one + two).alpha


def test_the_second_category_of_the_published_example_is_perfect() -> None:
    """Krippendorff 2004, p. 254: both observers mark [30, 90) and [150, 200) as k; expected disagreement .0490."""
    units = [(30, 90), (150, 200)]
    found = unitised(units, units, 300)
    assert (found.observed, round(found.expected, 4), found.alpha) == (0.0, 0.0490, 1.0)


def test_both_categories_together_give_the_published_figure() -> None:
    c = unitised([(75, 145), (220, 250)], [(70, 150), (205, 225), (250, 270)], 300)
    k = unitised([(30, 90), (150, 200)], [(30, 90), (150, 200)], 300)
    assert 1 - (c.observed + k.observed) / (c.expected + k.expected) == pytest.approx(0.8591, abs=0.0005)


def test_nothing_marked_says_nothing() -> None:
    assert unitised([], [], 100).alpha is None
    assert unitised([], [], 0).alpha is None
    assert Coincidences.binary(0, 0, 0, 50).alpha is None


UNITS = st.lists(st.tuples(st.integers(0, 50), st.integers(1, 9)).map(lambda u: (u[0], u[0] + u[1])), max_size=6)


@given(UNITS, UNITS)
def test_unitising_alpha_is_symmetric_and_at_most_1(
    first: list[tuple[int, int]], second: list[tuple[int, int]]
) -> None:
    one, two = merged(first), merged(second)
    there, back = unitised(one, two, 60), unitised(two, one, 60)
    assert there.observed == back.observed and there.expected == pytest.approx(back.expected)
    assert there.alpha is None or there.alpha <= 1
    assert unitised(one, one, 60).observed == 0
