"""The bias audit as plots: over all outlets of a track, and folded away by their stance; its tables below."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from operator import attrgetter

from dataset_builder.lists import Entity
from dataset_builder.release.bias import Figure, Report, Row
from dataset_builder.release.bias import page as tables
from dataset_builder.release.bias.figure import ALL, Comparison
from dataset_builder.release.bias.page import SHOWN, VIEWS, WHOLE, View, columns
from dataset_builder.release.bias.versions import LINES
from dataset_builder.release.html import Address
from dataset_builder.release.site.overview import Section, overview
from dataset_builder.release.site.plots import Bar, Column, Plot, Timeline, bars
from dataset_builder.release.statistics import Figures

FIRST = Address("bias.html", "bias.html")


def bias_pages(figures: Figures) -> Iterator[tuple[Address, str]]:
    """A page for each track; tracks are never counted together. The first one's is the section's."""
    tracks = sorted({entry.track for entry in figures.entries})
    paths = {track: FIRST.path if track == tracks[0] else f"bias-{track}.html" for track in tracks}
    for track in tracks:
        report = figures.bias(track)
        address = Address(paths[track], FIRST.path)
        more = [(paths[other], f"Track {other}") for other in tracks if other != track]
        title = f"Bias audit, {tables.heading(report).lower()}"
        yield address, overview(address, title, _LEAD, list(_sections(report, figures.corpus.entities)), more)


_LEAD = (
    "Who speaks, who answers, whose violence has no agent, what is told as fact. Shares in percent with 95 % intervals "
    "drawn by document; where there is too little for a share, the counts stand alone."
)


def _sections(report: Report, entities: Mapping[str, Entity]) -> Iterator[Section]:
    kind = f"Figures over {report.documents} documents. {report.signature}"
    warnings = tuple(f"{warning}." for warning in report.warnings)
    if report.designed:
        warnings = (_DESIGNED, *warnings)
    yield Section("Outlets", kind, tuple(_outlets(report)), warnings=warnings)
    shown: dict[str, list[View]] = {}
    for view in VIEWS:
        if not view.instead_of or report.figure(view.instead_of).missing:
            shown.setdefault(view.figure, []).append(view)
    for id, views in shown.items():
        yield _section(report, report.figure(id), views, entities)
    yield Section("All tables", folded_tables=(("Every figure, with its counts", tables.page(report)),))


_DESIGNED = (
    "Designed, not found: these outlets are invented styles, and the figures say what their author was asked to write, "
    "nothing about any outlet."
)


def _section(report: Report, figure: Figure, views: Sequence[View], entities: Mapping[str, Entity]) -> Section:
    question = figure.question
    about = f"{question.definition} ({question.reference}.)" if question.reference else question.definition
    if figure.missing:
        return Section(question.heading, about, warnings=(f"Left out: {figure.missing}.",))
    if question.id == "years":
        return Section(question.heading, about, timeline=_years(figure))
    plots = tuple(_over_all(report, figure, view, entities) for view in views)
    folded = (_by_stance(report, figure, view, entities) for view in views)
    return Section(question.heading, about, plots, folded=tuple(plot for plot in folded if plot.bars))


def _outlets(report: Report) -> Iterator[Plot]:
    for id in ("outlets", "outlet-words", "concentration"):
        figure = report.figure(id)
        rows = sorted(figure.rows, key=lambda row: (row.keys[0], -row.part, row.keys))
        made = [_bar(figure, row, row.keys[-1].removeprefix("composed:")) for row in rows]
        if figure.question.axes[1:]:
            made = [replace(bar, group=row.keys[0]) for bar, row in zip(made, rows, strict=True)]
        yield _plot(figure, figure.question.heading, made, figure.question.definition)


def _kept(figure: Figure, view: View) -> list[Row]:
    """The rows over all outlets that are shown: those of the largest wholes, or all where what is missing matters."""
    rows = [row for row in figure.rows if row.keys[0] == ALL and row.keys[2:] == view.last]
    size = attrgetter("part" if figure.question.depth == 1 else "whole")
    rows.sort(key=lambda row: (row.keys[1] != ALL, -size(row), row.keys))
    return rows if figure.question.axes[1] in WHOLE else rows[: SHOWN + (rows[:1] != [] and rows[0].keys[1] == ALL)]


def _over_all(report: Report, figure: Figure, view: View, entities: Mapping[str, Entity]) -> Plot:
    made = [_bar(figure, row, *_label(report, figure, row, entities)) for row in _kept(figure, view)]
    return _plot(figure, view.about.rstrip(":") or "All outlets", made)


def _by_stance(report: Report, figure: Figure, view: View, entities: Mapping[str, Entity]) -> Plot:
    """The same for each stance, as far as there is enough of it."""
    found = {row.keys: row for row in figure.rows if row.value is not None}
    made = []
    for row in _kept(figure, view):
        group, arabic = _label(report, figure, row, entities)
        there = ((s, found.get((s, *row.keys[1:]))) for s in columns(report)[1:])
        made += [replace(_bar(figure, r, s), group=group, arabic_group=arabic) for s, r in there if r is not None]
    return _plot(figure, view.about.rstrip(":"), made)


def _label(report: Report, figure: Figure, row: Row, entities: Mapping[str, Entity]) -> tuple[str, bool]:
    """What a row is about, and whether that is Arabic."""
    name = row.keys[1]
    if figure.question.axes[1] != "actor":
        return ("all sides" if name == ALL else name), False
    if name in entities:
        return entities[name].name_ar, True
    return tables.name_of(name, report).replace("_", " "), False


def _bar(figure: Figure, row: Row, label: str, arabic: bool = False) -> Bar:
    counts = f"{row.part:,} of {row.whole:,}"
    if row.value is None:
        return Bar(label, None, figure=counts, arabic=arabic)
    note = counts if figure.question.kind == "share" else ""
    return Bar(label, row.value, row.low, row.high, arabic=arabic, note=note)


def _plot(figure: Figure, title: str, made: Sequence[Bar], about: str = "") -> Plot:
    kind, unit = figure.question.kind, figure.question.unit
    if kind == "share":
        return bars(title, made, about, unit="%", digits=1)
    if kind == "rate":
        return bars(title, made, about or f"Per 100 {unit}.", digits=1)
    return bars(title, made, about, digits=3, top=1.0)


def _years(figure: Figure) -> Timeline:
    """Every year that the figure has a row of, empty ones too."""
    rows = sorted((row for row in figure.rows if row.keys[0] == ALL), key=lambda row: row.keys)
    return Timeline("", tuple(Column(row.keys[1], (row.part,)) for row in rows), ())


def audited_lines(comparison: Comparison) -> dict[str, dict[str, str]]:
    """What the audit counts in each version of an event: by name of the line, and by id of the document."""
    return {name: dict(zip(comparison.documents, cells(comparison), strict=True)) for name, cells in LINES}
