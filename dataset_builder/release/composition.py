"""Where the articles come from, in figures for the datasheet: events, outlets, years, references, lengths."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from dataset_builder.lists import Cluster, Entity
from dataset_builder.release.entries import Entry
from dataset_builder.release.markdown import table


def clusters_by_year(clusters: Iterable[Cluster]) -> str:
    """Events of composed articles in each year from the first to the last, years without any among them."""
    found = Counter(int(cluster.date[:4]) for cluster in clusters)
    years = range(min(found), max(found) + 1) if found else range(0)
    return table(["year of the event", *map(str, years)], [["events", *(found[year] for year in years)]])


def clusters_by_governorate(clusters: Iterable[Cluster], governorates: Iterable[str]) -> str:
    """Events of composed articles by governorate, most first; `governorates` stand there even if they have none."""
    counts = dict.fromkeys(governorates, 0) | Counter(c.governorate for c in clusters)
    found = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return table(["governorate", *(name for name, _ in found)], [["events", *(number for _, number in found)]])


def outlets_by_year(entries: Sequence[Entry], track: str) -> str:
    """Documents of a track by outlet and year of publication, with each outlet's share of the track's words."""
    chosen = [e for e in entries if e.track == track]
    years = sorted({e.document.published[:4] for e in chosen})
    words = sum(e.document.words for e in chosen)
    rows = []
    for outlet, _ in Counter(e.document.outlet for e in chosen).most_common():
        own = [e for e in chosen if e.document.outlet == outlet]
        name = own[0].outlet.name if own[0].outlet else outlet
        found = Counter(e.document.published[:4] for e in own)
        share = sum(e.document.words for e in own) / words
        rows.append([name, *(found[year] for year in years), f"{share:.1%}"])
    return table(["outlet", *(year or "unknown" for year in years), "share of words"], rows)


def years(days: Iterable[str]) -> str:
    """The first and the last year of ISO days, unknown ones ("") left out.

    >>> years(["2014-02-01", "", "2017-05-03"]), years(["2014"])
    ('2014 to 2017', '2014')
    """
    known = sorted({day[:4] for day in days if day})
    return " to ".join(dict.fromkeys([known[0], known[-1]])) if known else "–"


def mean_words(entries: Sequence[Entry], track: str) -> str:
    """Words of a track's documents on average, rounded; words are stretches between white space."""
    lengths = [e.document.words for e in entries if e.track == track]
    return f"{sum(lengths) / len(lengths):.0f}" if lengths else "–"


def persons(entities: Iterable[Entity]) -> int:
    """How many entities were ever a PERSON."""
    return sum(any(dated.value == "PERSON" for dated in entity.types) for entity in entities)


def quotations_of_entities(entries: Sequence[Entry]) -> int:
    """Claims of composed articles with words in quotation marks whose source is a listed person or body."""
    return sum(
        claim.form != "indirect" and bool(claim.source) and "entity" in entry.layer.span(claim.source or "").attributes
        for entry in entries
        if entry.track == "composed"
        for claim in entry.layer.claims
    )
