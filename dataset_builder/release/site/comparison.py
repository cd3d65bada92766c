"""One event as its outlets tell it, side by side: what happened, who speaks, what is called what, and the texts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from dataset_builder.lists import Cluster, Entity
from dataset_builder.model import Claim, Span
from dataset_builder.release.outline import Item
from dataset_builder.release.page import Segment, segments
from dataset_builder.release.site.documents import Shown
from dataset_builder.text.normalise import fold
from dataset_builder.voice import source_actor

#: What is marked in a text that stands beside others.
MARKED = ("EVENT", "FRAME")


@dataclass(frozen=True, slots=True)
class Telling:
    """How one version names a happening: trigger, agents and targets, and the figures that it gives."""

    trigger: Item
    agents: tuple[Item, ...]
    targets: tuple[Item, ...]
    figures: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Happening:
    """What versions tell under one `incident` id; `tellings` has a tuple for each version, () where it is silent."""

    incident: str
    group: str
    label: str
    tellings: tuple[tuple[Telling, ...], ...]

    @property
    def told_by(self) -> int:
        return sum(bool(found) for found in self.tellings)


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who is quoted or reported: how many claims, and how many of them with words of its own."""

    name: str
    claims: int
    quoted: int


@dataclass(frozen=True, slots=True)
class Word:
    """A loaded word with what it colours, how often, and in whose voice."""

    surface: str
    label: str
    about: str
    voice: str
    times: int


@dataclass(frozen=True, slots=True)
class Run:
    """Stretches of a text that are all the content of a claim, or all not; `segments` carry events and loaded words."""

    is_said: bool
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Version:
    """One outlet's article: what it selects, figures by name, who speaks, loaded words, and the text in stretches."""

    shown: Shown
    note: str
    figures: tuple[tuple[str, str], ...]
    speakers: tuple[Speaker, ...]
    words: tuple[Word, ...]
    paragraphs: tuple[tuple[Run, ...], ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """An event with its versions; `shared` are happenings that two or more tell, most told first."""

    cluster: Cluster
    versions: tuple[Version, ...]
    happenings: tuple[Happening, ...]

    @property
    def shared(self) -> tuple[Happening, ...]:
        return tuple(h for h in self.happenings if h.told_by > 1)

    @property
    def alone(self) -> tuple[Happening, ...]:
        return tuple(h for h in self.happenings if h.told_by == 1)


#: Figures by their name and the id of a document.
Figures = Mapping[str, Mapping[str, str]]


def compare_versions(
    cluster: Cluster, documents: Sequence[Shown], entities: Mapping[str, Entity], audited: Figures
) -> Comparison:
    """Lay the documents on one event beside each other, in the order given. Each must have its text.

    `audited` are figures of the bias audit; where it has none of a document there is a dash.
    """
    notes = {version.id: version.note for version in cluster.documents}
    versions = tuple(_version(d, notes.get(d.id, ""), entities, audited) for d in documents)
    return Comparison(cluster, versions, tuple(_happenings(documents)))


def _version(document: Shown, note: str, entities: Mapping[str, Entity], audited: Figures) -> Version:
    return Version(
        document,
        note,
        (*_figures(document), *((name, cells.get(document.id, "–")) for name, cells in audited.items())),
        tuple(_speakers(document, entities)),
        tuple(_words(document)),
        tuple(_paragraphs(document)),
    )


def _figures(document: Shown) -> Iterator[tuple[str, str]]:
    layer, outline = document.entry.layer, document.outline
    yield "words", f"{document.entry.document.words:,}"
    yield "claims", f"{len(layer.claims)}, {sum(c.form != 'indirect' for c in layer.claims)} with quoted words"
    for about, name in (("EVENT", "events"), ("FRAME", "loaded words")):
        own = sum(item.voice == "outlet" for item in outline.of(about))
        yield name, f"{own} in its own voice, {len(list(outline.of(about))) - own} in claims"


def _speakers(document: Shown, entities: Mapping[str, Entity]) -> Iterator[Speaker]:
    """By claims, those without any actor as "" last."""
    counts: Counter[str] = Counter()
    quoted: Counter[str] = Counter()
    names: dict[str, str] = {}
    for claim in document.entry.layer.claims:
        key, name = _speaker(document, claim, entities)
        names.setdefault(key, name)
        counts[key] += 1
        quoted[key] += claim.form != "indirect"
    for key, number in sorted(counts.items(), key=lambda c: (not c[0], -c[1], names[c[0]])):
        yield Speaker(names[key], number, quoted[key])


def _speaker(document: Shown, claim: Claim, entities: Mapping[str, Entity]) -> tuple[str, str]:
    """What a speaker is counted under and is called: an entity, else the words themselves."""
    actor = source_actor(document.entry.layer, claim)
    if actor is None and claim.source:
        actor = document.entry.layer.span(claim.source)
    if actor is None:
        return "", ""
    entity = entities.get(actor.attributes.get("entity", ""))
    return (entity.id, entity.name_ar) if entity else (fold(actor.text or "").letters, actor.text or "")


def _words(document: Shown) -> Iterator[Word]:
    outline = document.outline
    found = Counter(
        (item.surface or "", item.span.label, _about(item, document), item.voice.partition(" ")[0])
        for item in outline.of("FRAME")
    )
    for (surface, label, about, voice), times in sorted(found.items(), key=lambda f: (-f[1], f[0])):
        yield Word(surface, label, about, voice, times)


def _about(item: Item, document: Shown) -> str:
    return " · ".join(dict.fromkeys(other.surface or "" for _, other in document.outline.arguments(item)))


def _paragraphs(document: Shown) -> Iterator[tuple[Run, ...]]:
    text, layer = document.entry.words, document.entry.layer
    said = {id for claim in layer.claims for id in claim.content}
    spans = [span for span in layer.spans if span.layer in MARKED or span.id in said]
    start = 0
    for line in text.split("\n"):
        if line:
            stretches = [
                (any(span.id in said for span in over), Segment(text[a:b], _marked(over)))
                for a, b, over in segments(spans, start, start + len(line))
            ]
            yield tuple(Run(key, tuple(s for _, s in run)) for key, run in groupby(stretches, key=itemgetter(0)))
        start += len(line) + 1


def _marked(over: Sequence[Span]) -> tuple[Span, ...]:
    """One span of each marked layer."""
    return tuple({span.layer: span for span in over if span.layer in MARKED}.values())


def _happenings(documents: Sequence[Shown]) -> Iterator[Happening]:
    """By how many versions tell them, then in the order in which the versions come to them."""
    found: dict[str, list[list[Item]]] = {}
    for number, document in enumerate(documents):
        for item in document.outline.of("EVENT"):
            incident = item.span.attributes.get("incident", "")
            if incident:
                found.setdefault(incident, [[] for _ in documents])[number].append(item)
    for incident, by_version in sorted(found.items(), key=lambda f: -sum(map(bool, f[1]))):
        codes = Counter((item.group, item.span.label) for items in by_version for item in items)
        tellings = tuple(
            tuple(_tellings(document, items)) for document, items in zip(documents, by_version, strict=True)
        )
        yield Happening(incident, *max(sorted(codes), key=lambda code: codes[code]), tellings)


def _tellings(document: Shown, items: Sequence[Item]) -> Iterator[Telling]:
    """Each wording once."""
    seen = set()
    for item in items:
        arguments = document.outline.arguments(item)
        agents = tuple(other for role, other in arguments if role == "AGENT")
        targets = tuple(other for role, other in arguments if role == "TARGET")
        figures = tuple((n, v) for n, v in item.attributes if n in ("killed", "injured", "displaced"))
        key = (item.surface, tuple(a.surface for a in agents), tuple(t.surface for t in targets), figures, item.voice)
        if key not in seen:
            seen.add(key)
            yield Telling(item, agents, targets, figures)
