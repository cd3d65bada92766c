"""What the pages know of each document: its annotations as an outline, where it is listed and under what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from dataset_builder.codec import canonical
from dataset_builder.corpus import Corpus
from dataset_builder.curation.reading import readable
from dataset_builder.lists import Cluster, Place
from dataset_builder.release.entries import Entry, select
from dataset_builder.release.html import Address
from dataset_builder.release.outline import Outline, make_outline
from dataset_builder.release.page import Around, Link
from dataset_builder.schema import Schema

#: The country whose governorates are told apart.
SYRIA = "Syria"


@dataclass(frozen=True)
class Shown:
    """One document of the site. `lost` counts annotations that a differing copy of a referenced text does not hold."""

    entry: Entry
    schema: Schema
    places: tuple[Place, ...]
    cluster: Cluster | None = None
    lost: int = 0

    @property
    def id(self) -> str:
        return self.entry.document.id

    @property
    def path(self) -> str:
        return f"documents/{self.id}.html"

    @property
    def address(self) -> Address:
        return Address(self.path, "index.html")

    @cached_property
    def outline(self) -> Outline:
        return make_outline(self.entry.document, self.entry.layer, self.entry.text, self.schema, "gold", self.lost)

    @property
    def title(self) -> str:
        """The first line of its text, or "" where that is not to be had."""
        return (self.entry.text or "").partition("\n")[0].strip()

    @property
    def outlet(self) -> str:
        """The outlet's name, or where it is not known the source's."""
        return self.entry.outlet.name if self.entry.outlet else self.entry.document.source

    @property
    def stance(self) -> str:
        return self.entry.outlet.stance if self.entry.outlet else ""

    @property
    def style(self) -> str:
        """What tells it from the others on its event: its outlet, a composed one in short."""
        return self.outlet.removeprefix("Composed in the manner of ")

    @property
    def day(self) -> str:
        """When it was published, as far as that is known: 2016-12-19, 2024-12 or ""."""
        return self.entry.document.published[:10]

    @cached_property
    def groups(self) -> tuple[str, ...]:
        """The groups of its events, in the schema's order."""
        found = {item.group for item in self.outline.of("EVENT")}
        return tuple(group for group in self.schema.event_groups if group in found)

    @property
    def governorates(self) -> tuple[str, ...]:
        """Syrian governorates of its places, and that of its event."""
        found = {place.governorate for place in self.places} | {self.cluster.governorate if self.cluster else ""}
        return tuple(sorted(found - {""}))

    @property
    def towns(self) -> tuple[Place, ...]:
        """Its places without the countries."""
        return tuple(place for place in self.places if not place.is_country)

    @property
    def countries(self) -> tuple[str, ...]:
        found = {place.country for place in self.places} | ({SYRIA} if self.governorates else set())
        return tuple(sorted(found))

    @property
    def place_values(self) -> tuple[str, ...]:
        """The choices of the place filter that leave it in."""
        governorates = (f"{SYRIA}: {governorate}" for governorate in self.governorates)
        return (*self.countries, *governorates, *(place.id for place in self.towns))


def shown_documents(corpus: Corpus, with_texts: bool = False) -> list[Shown]:
    """Every document of the release, by track and id; no referenced text is even opened without `with_texts`.

    Raises DataError where an included text is missing or a layer is broken.
    """
    return [
        _shown(corpus, entry, with_texts)
        for entry in sorted(select(corpus).all, key=lambda e: (e.track, e.document.id))
    ]


def _shown(corpus: Corpus, entry: Entry, with_texts: bool) -> Shown:
    lost = 0
    if with_texts and not entry.document.is_included:
        reading = readable(corpus, entry.document.id)
        entry = replace(entry, layer=canonical(reading.layer), text=reading.text)
        lost = len(reading.lost)
    linked = {span.attributes["geonames"] for span in entry.layer.of("LOCATION") if "geonames" in span.attributes}
    places = sorted((corpus.places[id] for id in linked if id in corpus.places), key=lambda p: (p.name, p.id))
    return Shown(entry, corpus.schema, tuple(places), corpus.clusters.get(entry.document.cluster), lost)


def surroundings(documents: Sequence[Shown]) -> Mapping[str, Around]:
    """What stands around each document, by id."""
    by_cluster: dict[str, list[Shown]] = {}
    for document in documents:
        if document.cluster:
            by_cluster.setdefault(document.cluster.id, []).append(document)
    return {d.id: _around(d, n, documents, by_cluster) for n, d in enumerate(documents)}


def _around(document: Shown, number: int, all_: Sequence[Shown], by_cluster: Mapping[str, Sequence[Shown]]) -> Around:
    def link(other: Shown) -> Link:
        return Link(document.address.to(other.path), other.id)

    event: Link | None = None
    versions: tuple[Link, ...] = ()
    if document.cluster:
        event = Link(document.address.to(cluster_path(document.cluster.id)), document.cluster.title)
        others = by_cluster[document.cluster.id]
        versions = tuple(Link(document.address.to(d.path), d.style, d is document) for d in others)
    return Around(
        outlet=document.outlet,
        designed=bool(document.entry.outlet and document.entry.outlet.designed),
        event=event,
        versions=versions,
        previous=link(all_[number - 1]) if number else None,
        next=link(all_[number + 1]) if number + 1 < len(all_) else None,
    )


def cluster_path(id: str) -> str:
    """Where the page of an event stands."""
    return f"clusters/{id}.html"


@dataclass(frozen=True, slots=True)
class Choice:
    """What a filter can be set to; `documents` is how many it leaves."""

    value: str
    name: str
    documents: int
    arabic: str = ""


@dataclass(frozen=True)
class Filters:
    """Every filter of the list with its choices; places come in groups, by country."""

    tracks: list[Choice]
    outlets: list[Choice]
    stances: list[Choice]
    groups: list[Choice]
    places: dict[str, list[Choice]]


def filters(documents: Sequence[Shown]) -> Filters:
    """The filters of a list of these documents: what none of them has is no choice."""
    return Filters(
        tracks=_choices((d.entry.track, d.entry.track) for d in documents),
        outlets=_choices((d.entry.document.outlet, d.outlet) for d in documents),
        stances=_choices((d.stance, d.stance) for d in documents if d.stance),
        groups=_choices((g, g.lower()) for d in documents for g in d.groups),
        places=dict(_places(documents)),
    )


def _choices(values: Iterable[tuple[str, str]]) -> list[Choice]:
    """A choice for each value, by name, from (value, name) once for each document that has it."""
    found: dict[str, list[str]] = {}
    for value, name in values:
        found.setdefault(value, []).append(name)
    return [Choice(value, names[0], len(names)) for value, names in sorted(found.items(), key=lambda f: f[1][0])]


def _places(documents: Sequence[Shown]) -> Iterator[tuple[str, list[Choice]]]:
    """By country, that of most documents first: anywhere in it, its governorates, its places."""
    arabic = {place.id: place.name_ar for d in documents for place in d.places}
    countries = _choices((country, country) for d in documents for country in d.countries)
    for country in sorted(countries, key=lambda c: (-c.documents, c.name)):
        choices = [replace(country, name=f"anywhere in {country.name}")]
        if country.name == SYRIA:
            choices += _choices((f"{SYRIA}: {g}", f"{g} governorate") for d in documents for g in d.governorates)
        towns = _choices((p.id, p.name) for d in documents for p in d.towns if p.country == country.name)
        yield country.name, choices + [replace(town, arabic=arabic[town.value]) for town in towns]
