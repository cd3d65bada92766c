"""`rules`: all five layers from lexicons, morphology and word order. Nothing is trained.

The lists are `annotations/lexicon/` and the names of `annotations/entities.jsonl`, which were made while the corpus was
annotated, its test documents included: what this system knows of names, cues and loaded terms, it knows from there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Self

from dataset_builder import lists
from dataset_builder.baselines.rules.actors import Actors
from dataset_builder.baselines.rules.arguments import Scene
from dataset_builder.baselines.rules.claims import Claims
from dataset_builder.baselines.rules.draft import records
from dataset_builder.baselines.rules.events import Event, Events
from dataset_builder.baselines.rules.found import Found, Spans
from dataset_builder.baselines.rules.frames import Frames
from dataset_builder.baselines.rules.places import Places
from dataset_builder.baselines.rules.words import Words
from dataset_builder.baselines.system import Example, made_layer, relation
from dataset_builder.lists import Cue, Entity, Item, LoadedTerm, Nominal, PlaceWord, Trigger
from dataset_builder.model import Layer, Relation
from dataset_builder.schema import Schema

_VIOLENT = ("BATTLE", "REMOTE", "CIVILIANS")


class Rules:
    """Finds actors and places by name and noun, events by trigger, claims by cue, loaded terms by list."""

    layers: tuple[str, ...] = ("ACTOR", "LOCATION", "EVENT", "CLAIM", "FRAME")

    def __init__(self, schema: Schema, without: Mapping[str, Collection[str]] | None = None) -> None:
        """`without` has ids that are taken out of a list, by the list's name, to see what they are worth."""

        def packaged(name: str, kind: type[Item]) -> dict[str, Item]:
            out = (without or {}).get(name, ())
            return {id: item for id, item in lists.packaged(name, kind).items() if id not in out}

        self.schema = schema
        groups = schema.event_groups
        self._violent = frozenset(code for group in _VIOLENT for code in groups.get(group, ()))
        cues = packaged("lexicon/cues.jsonl", Cue)
        self._claims = Claims(cues.values())
        self._events = Events(packaged("lexicon/triggers.jsonl", Trigger).values(), self._violent)
        self._frames = Frames(packaged("lexicon/frames.jsonl", LoadedTerm).values())
        ordinary = self._events.words() | self._frames.words() | self._claims.words()
        nominals = packaged("lexicon/nominals.jsonl", Nominal)
        self._actors = Actors(packaged("entities.jsonl", Entity), nominals, ordinary)
        self._places = Places(packaged("lexicon/places.jsonl", PlaceWord), ordinary | self._actors.words())
        self._acts = {label.name: label.act for label in schema.layers["EVENT"].labels if label.act}
        self._group = {code: group for group, codes in groups.items() for code in codes}

    def fit(self, examples: Sequence[Example], seed: int = 0) -> None:
        """Nothing: the system learns from no example."""

    def predict(self, document: str, text: str) -> Layer:
        words = Words.of(text)
        actors = self._actors.find(words)
        places = self._places.find(words, {i for f in actors.all for i in range(f.first, f.last)})
        drafts = self._claims.find(words, actors)
        events = self._events.find(Scene.of(words, actors, places, drafts, self._violent))
        events = [self._with_nisba(words, event, actors) for event in events]
        frames = self._frames.find(words, actors, [e.found for e in events])
        spans = [f.span for f in (*actors.all, *places.all)] + [e.found.span for e in events]
        spans += [f.found.span for f in frames]
        relations = [r for e in events for r in _arrows(e)]
        relations += [_arrow("ABOUT", f.found, about) for f in frames for about in f.about]
        claims, roles = records(drafts, [e.found.span for e in events], self._acts)
        layer = made_layer(document, text, self.layers, self.schema, [*spans, *roles], _distinct(relations))
        return replace(layer, claims=tuple(claims))

    def save(self, folder: Path) -> None:
        """Nothing was learned, so nothing is written."""

    @classmethod
    def load(cls, folder: Path, schema: Schema) -> Self:
        return cls(schema)

    def _with_nisba(self, words: Words, event: Event, actors: Spans) -> Event:
        """The event with the adjective of nationality behind it as agent, where it has none."""
        if event.trigger.pos == "verb" or any(role == "AGENT" for role, _ in event.arguments):
            return event
        nisba = self._actors.nisba(words, event.found, event.code in self._violent)
        if nisba is None or actors.ending(nisba.last) is not None:
            return event
        return replace(event, arguments=(*event.arguments, ("AGENT", actors.add(nisba))))


def _arrows(event: Event) -> Iterator[Relation]:
    for role, found in event.arguments:
        yield _arrow(role, event.found, found)


def _arrow(label: str, head: Found, tail: Found) -> Relation:
    return relation(label, head.span.id, tail.span.id)


def _distinct(relations: Sequence[Relation]) -> list[Relation]:
    return list({(r.label, r.head, r.tail): r for r in relations}.values())
