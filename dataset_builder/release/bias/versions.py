"""Each documented event with its versions side by side, as Markdown. Counts only: one article is no sample."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from dataset_builder.release.bias.article import NO_AGENT
from dataset_builder.release.bias.figure import ALL, Compared, Comparison, Report, Telling
from dataset_builder.release.bias.page import name_of, text_table, toll_cells
from dataset_builder.release.bias.telling import CLAIMED, NOT_VERBAL

#: Sides shown of a line, the commonest first.
SHOWN = 5


def clusters(report: Report) -> str:
    """A section for each event, from level-3 headings on."""
    kind = "designed, not found" if report.designed else "found"
    head = f"{len(report.comparisons)} events: **{kind}**. `{report.signature}`"
    return "\n\n".join([head, *(_section(comparison, report) for comparison in report.comparisons)])


def _section(comparison: Comparison, report: Report) -> str:
    columns = [
        f"{id.rsplit('-', 1)[-1]}: {outlet.split(':')[-1]}"
        for id, outlet in zip(comparison.documents, comparison.outlets, strict=True)
    ]
    rows = [[label, *cells(comparison)] for label, cells in LINES]
    parts = [
        f"### {comparison.cluster}: {comparison.title}",
        f"{comparison.date}, {comparison.governorate}.",
        text_table(["", *columns], rows),
    ]
    if told := _told(comparison, report):
        parts += ["What is told, and as whose word:", text_table(["event", *columns], told)]
    if tolls := _tolls(comparison, report):
        parts += ["Casualty figures that differ:", text_table(["event", *columns], tolls)]
    return "\n\n".join(parts)


def _lines(comparison: Comparison, question: str) -> list[Compared]:
    return [line for line in comparison.lines if line.question == question]


def _listed(question: str, *last: str) -> Callable[[Comparison], list[str]]:
    """For each version the values of the first key with their counts, of the lines whose other keys are `last`."""

    def cells(comparison: Comparison) -> list[str]:
        lines = [line for line in _lines(comparison, question) if line.keys[1:] == last and line.keys[0] != ALL]
        return [_most((line.keys[0], line.parts[i]) for line in lines) for i in _columns(comparison)]

    return cells


def _most(counted: Iterable[tuple[str, int]]) -> str:
    found = sorted((c for c in counted if c[1]), key=lambda c: (-c[1], c[0]))
    shown = [f"{name} {number}" for name, number in found[:SHOWN]]
    rest = sum(number for _, number in found[SHOWN:])
    return ", ".join([*shown, *([f"others {rest}"] if rest else [])]) or "–"


def _of(question: str, *keys: str) -> Callable[[Comparison], list[str]]:
    """For each version "part of whole" of the line with these keys."""

    def cells(comparison: Comparison) -> list[str]:
        # Every line of one whole carries it, so any of them tells how much there was where the part is absent.
        wholes = [line for line in _lines(comparison, question) if line.keys[: len(keys) - 1] == keys[:-1]]
        line = next((line for line in wholes if line.keys == keys), None)
        parts = line.parts if line else tuple(0 for _ in comparison.documents)
        return [
            f"{parts[i]:,} of {whole:,}" if (whole := max((w.wholes[i] for w in wholes), default=0)) else "–"
            for i in _columns(comparison)
        ]

    return cells


def _columns(comparison: Comparison) -> range:
    return range(len(comparison.documents))


#: The lines of a cluster's table.
LINES: tuple[tuple[str, Callable[[Comparison], list[str]]], ...] = (
    ("stance", lambda comparison: list(comparison.stances)),
    ("characters in claims", _of("attributed", "in claims")),
    ("claims by side of the source", _listed("claims-by-side")),
    ("direct quotes by side", _listed("quotes-by-side")),
    ("accused actors that are a source", _of("reply-accused", ALL, "is a source")),
    ("agents of violence that are a source", _of("reply-blamed", ALL, "is a source")),
    ("endorsing cues", _of("cues", ALL, "endorsing")),
    ("distancing cues", _of("cues", ALL, "distancing")),
    ("delegitimising terms, own voice", _listed("loaded-by-side", "outlet", "DELEGITIMISING")),
    ("delegitimising terms, in claims", _listed("loaded-by-side", "claim", "DELEGITIMISING")),
    ("legitimising terms, own voice", _listed("loaded-by-side", "outlet", "LEGITIMISING")),
    ("as victims, own voice", _listed("loaded-by-side", "outlet", "VICTIM")),
    ("violence without an agent", _of("agentless-by-target", ALL, NO_AGENT)),
    ("violence only claimed", _of("claimed-by-agent", ALL, CLAIMED)),
    ("events only claimed, all but VERBAL", _of("claimed-by-group", NOT_VERBAL, CLAIMED)),
)


def _told(comparison: Comparison, report: Report) -> list[list[str]]:
    """The violent events that two versions or more tell."""
    rows = []
    for telling in comparison.tellings:
        if telling.violent and sum(map(bool, telling.told)) > 1:
            rows.append([f"{telling.incident} {telling.code}", *_telling(telling, report)])
    return rows


def _telling(telling: Telling, report: Report) -> list[str]:
    return [
        told + (": " + ", ".join(name_of(actor, report) for actor in sources) if told == "claimed" else "") or "–"
        for told, sources in zip(telling.told, telling.sources, strict=True)
    ]


def _tolls(comparison: Comparison, report: Report) -> list[list[str]]:
    return [
        [f"{tolls.incident} {tolls.of}", *(cells.get(id, "–") for id in comparison.documents)]
        for tolls in report.tolls
        if tolls.happening == comparison.cluster
        for cells in [toll_cells(tolls, report)]
    ]
