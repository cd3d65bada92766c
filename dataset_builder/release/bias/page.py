"""The audit to read: a section for each question, with its definition, and a table with its intervals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dataset_builder.release.bias.article import NO_AGENT
from dataset_builder.release.bias.casualties import DEFINITION, OUTLET
from dataset_builder.release.bias.figure import ALL, Figure, Keys, Report, Row, Tolls
from dataset_builder.release.markdown import table

#: Rows shown of a table; the JSON has all.
SHOWN = 12
#: A stance with fewer documents has no column of its own.
LEAST = 10


@dataclass(frozen=True, slots=True)
class View:
    """A table of a figure: one axis down, the outlets' stances across. `last` picks the keys behind these two.

    One that stands in for another figure is shown only where that one is missing.
    """

    figure: str
    last: Keys = ()
    about: str = ""
    instead_of: str = ""


#: What is shown of the figures whose first axis is the stance, in order; the JSON has the rest.
VIEWS = (
    View("years"),
    View("governorates"),
    View("governorates-mentioned"),
    View("countries-mentioned"),
    View("event-groups"),
    View("attributed"),
    View("claims-by-side"),
    View("quotes-by-side"),
    View("words-by-side"),
    View("characters-by-side", instead_of="words-by-side"),
    View("claims-by-actor"),
    View("quotes-by-actor"),
    View("words-by-actor"),
    View("characters-by-actor", instead_of="words-by-actor"),
    View("reply-accused", ("is a source",), "The accused is itself a source:"),
    View("reply-accused", ("it or its side is a source",), "The accused or another of its side is a source:"),
    View("reply-accused", ("is quoted directly",), "The accused is quoted directly:"),
    View("reply-blamed", ("is a source",), "The agent is itself a source:"),
    View("reply-blamed", ("it or its side is a source",), "The agent or another of its side is a source:"),
    View("cues", ("endorsing",), "Endorsing:"),
    View("cues", ("distancing",), "Distancing:"),
    View("loaded-by-side", ("outlet", "DELEGITIMISING"), "Delegitimising, in the outlet's own voice:"),
    View("loaded-by-side", ("claim", "DELEGITIMISING"), "Delegitimising, inside somebody's claim:"),
    View("loaded-by-side", ("outlet", "LEGITIMISING"), "Legitimising, in the outlet's own voice:"),
    View("loaded-by-side", ("outlet", "VICTIM"), "As victims, in the outlet's own voice:"),
    View("loaded-by-actor", ("outlet", "DELEGITIMISING"), "Delegitimising, in the outlet's own voice:"),
    View("loaded-by-actor", ("claim", "DELEGITIMISING"), "Delegitimising, inside somebody's claim:"),
    View("loaded-acts", ("outlet", "DELEGITIMISING"), "Delegitimising, in the outlet's own voice:"),
    View("loaded-acts", ("claim", "DELEGITIMISING"), "Delegitimising, inside somebody's claim:"),
    View("agentless-by-target", (NO_AGENT,), "No agent:"),
    View("agentless-by-group", (NO_AGENT,), "No agent:"),
    View("claimed-by-group", ("only claimed",), "Only claimed:"),
    View("claimed-by-agent", ("only claimed",), "Only claimed:"),
)
#: Axes that have an order of their own; the others are shown by number.
ORDERED = ("year",)
#: Axes that are shown whole, since what is missing matters.
WHOLE = ("year", "governorate")


def page(report: Report) -> str:
    """The whole report as Markdown, from level-3 headings on."""
    kind = "**designed, not found**" if report.designed else "found"
    lines = [f"Figures over {report.documents} documents: {kind}. `{report.signature}`", ""]
    lines += [f"> **Warning.** {warning}." for line in report.warnings for warning in (line, "")][:-1]
    lines += ["", *_outlets(report)]
    done: set[str] = set()
    for view in VIEWS:
        figure = report.figure(view.figure)
        if view.instead_of and not report.figure(view.instead_of).missing:
            continue
        if view.figure not in done:
            lines += _head(figure)
            done.add(view.figure)
        if figure.rows:
            lines += [*([view.about, ""] if view.about else []), _matrix(report, figure, view.last), ""]
    lines += _terms(report) + _tolls(report)
    return "\n".join(lines).rstrip()


def _head(figure: Figure) -> list[str]:
    question = figure.question
    reference = f" ({question.reference}.)" if question.reference else ""
    lines = ["", f"### {question.heading}", "", f"{question.definition}{reference}", ""]
    if figure.missing:
        return [*lines, f"*Left out: {figure.missing}.*", ""]
    lines += [f"*Not counted: {n} documents; {why}.*" for why, n in figure.left_out.items()]
    return [*lines, ""] if figure.left_out else lines


def _outlets(report: Report) -> list[str]:
    lines: list[str] = []
    for id in ("outlets", "outlet-words", "concentration"):
        figure = report.figure(id)
        rows = sorted(figure.rows, key=lambda row: (row.keys[0], -row.part, row.keys))
        shown = [[": ".join(row.keys), _cell(figure, row)] for row in rows]
        lines += [*_head(figure), table(["", figure.question.kind], shown), ""]
    return lines


def _matrix(report: Report, figure: Figure, last: Keys) -> str:
    """The second axis down and stances across, for the rows whose other keys are `last`."""
    stances = columns(report)
    chosen = {row.keys[:2]: row for row in figure.rows if row.keys[2:] == last}
    names = list(dict.fromkeys(keys[1] for keys in chosen))
    axis = figure.question.axes[1]
    if axis not in ORDERED:
        names.sort(key=lambda name: (name != ALL, -_weight(figure, chosen.get((ALL, name))), name))
    # Of one whole for each column a row that is not there is a 0; elsewhere there was nothing to count in.
    absent = "0" if figure.question.depth == 1 else "–"
    kept = names if axis in WHOLE else names[: SHOWN + (ALL in names)]
    rows: list[list[object]] = []
    if figure.question.depth == 1:
        # One whole for each column: said once, above the shares.
        wholes = [next((row.whole for keys, row in chosen.items() if keys[0] == stance), 0) for stance in stances]
        rows.append([f"*{figure.question.unit}*", *wholes])
    for name in kept:
        cells = [_cell(figure, chosen.get((stance, name))) or absent for stance in stances]
        rows.append([report.names.get(name, name) if axis == "actor" else name, *cells])
    if len(kept) < len(names):
        rows.append([f"*{len(names) - len(kept)} more*", *[""] * len(stances)])
    return table([f"{axis} ↓, outlets →", *stances], rows)


def columns(report: Report) -> list[str]:
    """All outlets together, and each stance that has documents enough where there are two such."""
    stances = [row for row in report.figure("outlets").rows if row.keys[0] == "stance" and row.part >= LEAST]
    ordered = [row.keys[1] for row in sorted(stances, key=lambda row: (-row.part, row.keys))]
    return [ALL, *ordered] if len(ordered) > 1 else [ALL]


def _weight(figure: Figure, row: Row | None) -> int:
    """What a table is sorted by: the part of one whole, else the whole itself."""
    if row is None:
        return 0
    return row.part if figure.question.depth == 1 or figure.question.id == "loaded-by-actor" else row.whole


def _cell(figure: Figure, row: Row | None) -> str:
    """A value with its interval and counts, or the counts alone where there is too little, or all, or none.

    The whole is left out where it stands above the column.
    """
    if row is None:
        return ""
    question = figure.question
    of = "per" if question.kind == "rate" else "of"
    counts = f"{row.part:,}" if question.depth == 1 else f"{row.part:,} {of} {row.whole:,}"
    if row.value is None or row.low is None or row.high is None:
        return counts
    scale, digits = (100 if question.kind == "share" else 1), (3 if question.kind == "index" else 1)
    value, low, high = (f"{scale * number:.{digits}f}" for number in (row.value, row.low, row.high))
    if question.kind == "index":
        return f"{value} ({low}–{high}), as {1 / row.value:.1f} equal ones"
    return f"{value} ({low}–{high}){' %' if question.kind == 'share' else ''}, {counts}"


def text_table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table of words, each column aligned where reading begins."""
    return table(head, rows).replace("|---:", "|---")


def _terms(report: Report) -> list[str]:
    """The commonest terms of each side, in the outlets' own voice and in claims."""
    figure = report.figure("loaded-terms")
    lines = _head(figure)
    found: dict[str, dict[str, list[Row]]] = {}
    for row in figure.rows:
        if row.keys[0] == ALL:
            found.setdefault(row.keys[1], {}).setdefault(row.keys[2], []).append(row)
    rows = [
        [side, _commonest(voices.get("outlet", ())), _commonest(voices.get("claim", ()))]
        for side, voices in found.items()
    ]
    rows.sort(key=lambda row: row[0])
    return [*lines, text_table(["side", "in the outlets' own voice", "inside claims"], rows), ""] if rows else lines


def _commonest(rows: Iterable[Row], number: int = 6) -> str:
    most = sorted(rows, key=lambda row: (-row.part, row.keys))[:number]
    return "، ".join(f"{row.keys[3]} {row.part}" for row in most) or "–"


def _tolls(report: Report) -> list[str]:
    exclusive = [each for each in report.tolls if each.disjoint]
    lines = ["", "### Casualty figures that differ on one event", "", DEFINITION, ""]
    lines += [f"{len(report.tolls)} differ, {len(exclusive)} of them exclude each other; these are:", ""]
    rows = [[f"{e.happening} {e.incident}", f"{e.code}, {e.of}", _given(e, report)] for e in exclusive]
    return [*lines, text_table(["event", "what", "who gives what"], rows)] if rows else [*lines[:-2], "None."]


def _given(tolls: Tolls, report: Report) -> str:
    cells = toll_cells(tolls, report)
    if list(cells) == [tolls.happening]:
        return cells[tolls.happening]
    return "; ".join(f"**{document.rsplit('-', 1)[-1]}** {said}" for document, said in cells.items())


def toll_cells(tolls: Tolls, report: Report) -> dict[str, str]:
    """For each document that gives a number, who gives which there, with the victims where they are said."""
    by_voice: dict[tuple[str, str], list[str]] = {}
    for toll in tolls.given:
        victims = f" ({', '.join(name_of(v, report) for v in toll.victims)})" if toll.victims else ""
        words = by_voice.setdefault((toll.document, toll.voice), [])
        if toll.words + victims not in words:
            words.append(toll.words + victims)
    documents: dict[str, list[str]] = {}
    for (document, voice), words in by_voice.items():
        who = "outlet" if voice == OUTLET else name_of(voice, report)
        documents.setdefault(document, []).append(f"{who} {', '.join(words)}")
    return {document: "; ".join(said) for document, said in documents.items()}


def name_of(actor: str, report: Report) -> str:
    """An entity's English name, or the role of who has no id."""
    return report.names.get(actor, actor.removeprefix("without an id: ").lower() if " " in actor else actor)


def pages(reports: Sequence[Report]) -> str:
    """Several tracks under one another, each under its own heading."""
    return "\n\n".join(f"## {heading(report)}\n\n{page(report)}" for report in reports) + "\n"


def heading(report: Report) -> str:
    """What stands over a report: composed outlets were designed."""
    return f"Track {report.track}: {'designed, not found' if report.designed else 'found'}"
