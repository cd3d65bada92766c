"""Scales, bars and years, worked by hand."""

from __future__ import annotations

import pytest

from dataset_builder.release.site.plots import Bar, bars, round_step, stacked, timeline


def test_bars_stand_on_one_scale() -> None:
    """The scale reaches to the longest end, 0.5: a value of 0.2 stands at 40 % of the width, ticks at 0.1 each."""
    plot = bars("", [Bar("a", 0.2, 0.1, 0.5), Bar("b", 0.4), Bar("c", None)], unit="%", digits=1)
    assert [plot.place(bar.value) for bar in plot.bars] == ["40.00", "80.00", "0.00"]
    assert (plot.place(0.1), plot.place(0.5)) == ("20.00", "100.00")
    assert [plot.shown(bar.value) for bar in plot.bars] == ["20.0", "40.0", "–"]
    assert plot.ticks == [
        ("0", "0.00"),
        ("10", "20.00"),
        ("20", "40.00"),
        ("30", "60.00"),
        ("40", "80.00"),
        ("50", "100.00"),
    ]
    assert plot.parts(plot.bars[2]) == []


def test_counts_have_thousands() -> None:
    plot = bars("", [Bar("a", 2404)])
    assert plot.shown(2404) == "2,404" and [text for text, _ in plot.ticks] == ["0", "500", "1,000", "1,500", "2,000"]


def test_parts_of_a_stack_follow_one_another() -> None:
    """3 and 1 of a longest bar of 4: the second begins where the first ends, at three quarters."""
    plot = bars("", stacked([("a", 0)] * 3 + [("a", 1), ("b", 1)], 2))
    assert [bar.label for bar in plot.bars] == ["a", "b"]
    assert plot.parts(plot.bars[0]) == [(0, "0.00", "75.00"), (1, "75.00", "25.00")]
    assert plot.parts(plot.bars[1]) == [(1, "0.00", "25.00")]


def test_nothing_to_plot_is_no_error() -> None:
    assert bars("", []).ticks[0] == ("0", "0.00")
    assert timeline("", [("", 0)], ["a"]).columns == ()


@pytest.mark.parametrize("top", [0.003, 0.07, 0.5, 1.0, 3, 9.99, 10, 47, 471, 29465])
def test_a_scale_has_two_to_six_ticks(top: float) -> None:
    step = round_step(top)
    assert 2 <= top / step <= 5 + 1e-9


def test_columns_are_stacked_from_below() -> None:
    """The highest column has 4: of a year with 1 and 2 the first is the lowest quarter, the second the half above."""
    found = timeline("", [("2011", 0), ("2011", 1), ("2011-05-01", 1), *[("2012", 0)] * 4], ["a", "b"])
    assert found.stacked(found.columns[0]) == [(0, "75.00", "25.00"), (1, "25.00", "50.00")]
