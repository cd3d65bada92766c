"""Plots as plain shapes for templates: rows of bars with intervals, and columns over years.

A row's label is text of the page, so the browser shapes it, wraps it and reads it out; only bar and interval are
drawn, in percent of the width, so that a plot fits a phone as it fits a wall. Every plot is a table underneath.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bar:
    """One row. `low` and `high` are the ends of its interval, None without one; `series` colours it, from 0.

    `arabic` and `arabic_group` say what is Arabic; `group` opens a group of rows where it differs from the row before;
    `value` is None where nothing could be measured; `figure` stands in place of the value, `note` small behind it.
    `stack` cuts the bar into parts, one a series, that sum to the value.
    """

    label: str
    value: float | None
    low: float | None = None
    high: float | None = None
    series: int = 0
    arabic: bool = False
    group: str = ""
    arabic_group: bool = False
    figure: str = ""
    note: str = ""
    stack: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Plot:
    """Rows of bars on one scale from 0 to `top`. `unit` is "" for counts, "%" where values are shares of 1.

    `series` names the colours, where there are several; `about` says what is counted, and of what.
    """

    title: str
    bars: tuple[Bar, ...]
    top: float
    about: str = ""
    unit: str = ""
    series: tuple[str, ...] = ()
    digits: int = 0

    def place(self, value: float | None) -> str:
        """Where a value stands, in percent of the width; beyond the scale's ends at the end."""
        return f"{100 * min(max(value or 0.0, 0.0), self.top) / self.top:.2f}" if self.top else "0.00"

    def parts(self, bar: Bar) -> list[tuple[int, str, str]]:
        """(series, where it begins, width) of each drawn part of a bar, in percent of the width."""
        if bar.value is None:
            return []
        parts, before = [], 0.0
        for series, value in enumerate(bar.stack) if bar.stack else [(bar.series, bar.value)]:
            if value:
                parts.append((series, self.place(before), self.place(value)))
            before += value
        return parts

    def shown(self, value: float | None) -> str:
        """The value as a figure of the page: a count, or a percentage without its sign."""
        if value is None:
            return "–"
        return f"{100 * value:.{self.digits}f}" if self.unit == "%" else f"{value:,.{self.digits}f}"

    @property
    def ticks(self) -> list[tuple[str, str]]:
        """Round values on the scale with where they stand."""
        step = round_step(self.top)
        scale = 100 if self.unit == "%" else 1
        return [(f"{n * step * scale:,.10g}", self.place(n * step)) for n in range(int(self.top / step + 1e-9) + 1)]


def stacked(counted: Iterable[tuple[str, int]], series: int, arabic: bool = False) -> list[Bar]:
    """A row for each label of (label, series) pairs, the parts of each series stacked, longest first.

    >>> [(bar.label, bar.stack) for bar in stacked([("a", 0), ("b", 1), ("b", 1), ("b", 0)], 2)]
    [('b', (1, 2)), ('a', (1, 0))]
    """
    found: dict[str, list[int]] = {}
    for label, number in counted:
        found.setdefault(label, [0] * series)[number] += 1
    rows = sorted(found.items(), key=lambda f: (-sum(f[1]), f[0]))
    return [Bar(label, sum(counts), arabic=arabic, stack=tuple(counts)) for label, counts in rows]


def bars(
    title: str,
    rows: Iterable[Bar],
    about: str = "",
    unit: str = "",
    series: Sequence[str] = (),
    digits: int = 0,
    top: float | None = None,
) -> Plot:
    """A plot whose scale reaches to the longest bar or interval, or to `top`."""
    rows = tuple(rows)
    longest = max((v for bar in rows for v in (bar.value, bar.high) if v is not None), default=0.0)
    return Plot(title, rows, top or longest or 1.0, about, unit, tuple(series), digits)


def round_step(top: float) -> float:
    """The step of 1, 2 or 5 times a power of ten that cuts a scale to `top` into at most five parts.

    >>> round_step(471), round_step(1.0), round_step(7)
    (100.0, 0.2, 2.0)
    """
    power = 10.0 ** math.floor(math.log10(top))
    steps = (power * factor for factor in (0.1, 0.2, 0.5, 1.0, 2.0, 5.0))
    return next(step for step in steps if top / step <= 5 + 1e-9)


@dataclass(frozen=True, slots=True)
class Column:
    """A year (or other step) with a count for each series."""

    label: str
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """Columns in order of time, the series stacked in each."""

    title: str
    columns: tuple[Column, ...]
    series: tuple[str, ...]
    about: str = ""

    @property
    def top(self) -> int:
        return max((sum(column.counts) for column in self.columns), default=0) or 1

    def stacked(self, column: Column) -> list[tuple[int, str, str]]:
        """(series, top edge, height) of each part, in percent of the height from above."""
        found, below = [], 0
        for number, count in enumerate(column.counts):
            below += count
            if count:
                found.append((number, f"{100 - 100 * below / self.top:.2f}", f"{100 * count / self.top:.2f}"))
        return found


def timeline(title: str, dated: Sequence[tuple[str, int]], series: Sequence[str], about: str = "") -> Timeline:
    """Columns by year from (date, series) pairs; years without any stand there empty, pairs without a date nowhere.

    >>> [c.counts for c in timeline("", [("2012-03-01", 0), ("2014", 1), ("2014-05", 0), ("", 0)], ["a", "b"]).columns]
    [(1, 0), (0, 0), (1, 1)]
    """
    years = [(int(day[:4]), number) for day, number in dated if day]
    if not years:
        return Timeline(title, (), tuple(series), about)
    span = range(min(year for year, _ in years), max(year for year, _ in years) + 1)
    columns = (Column(str(y), tuple(years.count((y, n)) for n in range(len(series)))) for y in span)
    return Timeline(title, tuple(columns), tuple(series), about)
