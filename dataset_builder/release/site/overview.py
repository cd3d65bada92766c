"""Statistics, agreement and results as plots and tables, from the figures that the datasheet has too."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from dataset_builder.curation.adjudication import RIGHTS, Right
from dataset_builder.lists import Entity
from dataset_builder.release.html import Address, page
from dataset_builder.release.leaderboard import Result, read_results
from dataset_builder.release.site.documents import Shown
from dataset_builder.release.site.plots import Bar, Plot, Timeline, bars, stacked, timeline
from dataset_builder.release.site.writing import PAGES, STYLES, render_markdown
from dataset_builder.release.statistics import BLOCKS, Figures
from dataset_builder.scoring.tasks import TASKS

#: How many of the actors that are named most are shown.
MOST = 25


@dataclass(frozen=True)
class Section:
    """A part of a page: plots, a timeline, Markdown tables by their captions; `folded` is opened by who wants it."""

    title: str
    about: str = ""
    plots: tuple[Plot, ...] = ()
    timeline: Timeline | None = None
    tables: tuple[tuple[str, str], ...] = ()
    warnings: tuple[str, ...] = ()
    folded: tuple[Plot, ...] = ()
    folded_tables: tuple[tuple[str, str], ...] = ()


def overview(
    address: Address, title: str, lead: str, sections: Sequence[Section], more: Sequence[tuple[str, str]] = ()
) -> str:
    """A page of plots and tables; `more` are paths and names of pages that say more."""

    def rendered(markdown: str) -> str:
        return render_markdown(markdown, "", {}, address)

    return page(
        "site/overview.html",
        address,
        STYLES,
        title=title,
        lead=lead,
        sections=sections,
        more=more,
        rendered=rendered,
    )


def statistics_page(figures: Figures, documents: Sequence[Shown]) -> tuple[Address, str]:
    """The corpus in plots and tables."""
    address = Address("statistics.html", "statistics.html")
    tracks = sorted({d.entry.track for d in documents})

    def by_track(title: str, labels: Callable[[Shown], Iterator[str]], about: str = "") -> Plot:
        counted = [(label, tracks.index(d.entry.track)) for d in documents for label in labels(d)]
        return bars(title, stacked(counted, len(tracks)), about, series=tracks)

    days = [(d.day, tracks.index(d.entry.track)) for d in documents]
    sections = [
        Section("When", timeline=timeline("Documents by year of publication", days, tracks)),
        Section(
            "Where and what",
            plots=(
                by_track("Events by group", lambda d: (item.group.lower() for item in d.outline.of("EVENT"))),
                by_track("Documents by Syrian governorate", lambda d: iter(d.governorates), _WHERE),
            ),
        ),
        Section(
            "Who",
            plots=(
                by_track("Actors by type", lambda d: (s.label for s in d.entry.layer.of("ACTOR"))),
                bars("Actors named most", _actors(documents, figures.corpus.entities, tracks), _WHO, series=tracks),
            ),
        ),
        Section(
            "How it is told",
            plots=(
                by_track("Claims by act", lambda d: (claim.act for claim in d.entry.layer.claims)),
                by_track("Loaded words", lambda d: (s.label.lower() for s in d.entry.layer.of("FRAME"))),
            ),
        ),
        Section(
            "Tables", tables=_tables(figures, {"By track and split": "corpus", "Claims": "claims", "Labels": "labels"})
        ),
    ]
    return address, overview(address, "Statistics", "What the gold layer holds, by track.", sections)


_WHERE = "Of the places that a GeoNames record was found for, and of the event itself. Documents can count in several."
_WHO = "Mentions that are linked to an entity."


def _actors(documents: Sequence[Shown], entities: dict[str, Entity], tracks: Sequence[str]) -> list[Bar]:
    linked = [
        (entities[id].name_ar, tracks.index(d.entry.track))
        for d in documents
        for span in d.entry.layer.of("ACTOR")
        if (id := span.attributes.get("entity", "")) in entities
    ]
    return stacked(linked, len(tracks), arabic=True)[:MOST]


def _tables(figures: Figures, names: dict[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple((title, BLOCKS[name](figures)) for title, name in names.items())


def agreement_page(figures: Figures) -> tuple[Address, str]:
    """How far the two passes of the twice annotated documents agree, and which of them the gold followed."""
    address = Address("agreement.html", "agreement.html")
    found = figures.agreement
    kinds = ("F1, same extent", "F1, overlapping", "α, units")
    layers = [layer for layer, label in found.labels if not label]
    rows = [
        Bar(kind, value, series=number, group=layer)
        for layer in layers
        for number, (kind, value) in enumerate(zip(kinds, _ratios(figures, layer), strict=True))
    ]
    shares = [
        Bar(about, 1.0, figure=_shares(counts), note=f"of {counts.total()}", stack=tuple(_parts(counts)))
        for about, counts in sorted(figures.shares.counts.items(), key=lambda s: (-s[1].total(), s[0]))
    ]
    sections = [
        Section(
            "By layer", _PASSES.format(len(found.documents)), (bars("Two passes", rows, unit="%", digits=1, top=1.0),)
        ),
        Section("Who was right", _RIGHT, (bars("Differences", shares, unit="%", series=RIGHTS, top=1.0),)),
        Section("Tables", tables=_tables(figures, _AGREEMENT)),
    ]
    more = [(PAGES["annotations/README.md"].path, "How it was annotated")]
    return address, overview(address, "Agreement", _KINSHIP, sections, more)


def _parts(counts: Counter[Right]) -> list[float]:
    return [counts[right] / counts.total() for right in RIGHTS]


def _shares(counts: Counter[Right]) -> str:
    return " · ".join(f"{100 * part:.0f}" for part in _parts(counts))


_KINSHIP = (
    "Annotators, second readers and adjudicators are instances of one language model. That two passes agree says that "
    "the guidelines are read the same way twice by it, and is no evidence of what people would agree on."
)
_PASSES = "Of {} documents. F1 is 2 · shared / (first + second); α is Krippendorff's for units. In percent."
_RIGHT = (
    "What the gold has where two passes differ: the first pass's answer, the second's, both or neither. In percent."
)
_AGREEMENT = {
    "By layer and label": "agreement",
    "Claims and labels": "agreement of claims",
    "Who was right": "adjudication",
    "Passes": "passes",
}


def _ratios(figures: Figures, layer: str) -> tuple[float | None, float | None, float | None]:
    counts = figures.agreement.labels[layer, ""]
    return counts.strict, counts.overlap, figures.agreement.unitising_alpha((layer, ""))


def leaderboard_page(figures: Figures) -> tuple[Address, str]:
    """Each task's results with intervals, and the tables."""
    address = Address("leaderboard.html", "leaderboard.html")
    results = read_results(figures.corpus.root)
    sections = [
        Section(f"Tested on {test}", plots=tuple(_results([r for r in results if r.test == test])))
        for test in sorted({r.test for r in results})
    ]
    sections.append(Section("Tables", tables=_tables(figures, {"All results": "leaderboard"})))
    return address, overview(address, "Leaderboard", _RESULTS, sections)


_RESULTS = (
    "F1 in percent with 95 % intervals (bootstrap over events). Figures can be compared where their signatures are "
    "the same. A bar's name is its system and what it was trained on."
)


def _results(results: Sequence[Result]) -> Iterator[Plot]:
    for task in TASKS:
        here = [r for r in results if r.task == task]
        for signature in sorted({r.signature for r in here}):
            rows = [_bar(r) for r in here if r.signature == signature]
            ranked = sorted(rows, key=lambda bar: (-(bar.value or 0), bar.label))
            yield bars(task, ranked, signature, unit="%", digits=1, top=1.0)


def _bar(result: Result) -> Bar:
    main = result.figures["measures"][result.figures["main"]]
    trained = " + ".join(result.train) or "nothing"
    return Bar(f"{result.system}, on {trained}", main["f1"], main["low"], main["high"])
