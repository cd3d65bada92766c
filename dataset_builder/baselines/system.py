"""What a baseline is: fit on gold layers, predict a layer from a text."""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, Self, runtime_checkable

from dataset_builder.model import Layer, Relation, Span
from dataset_builder.schema import Schema


@dataclass(frozen=True)
class Example:
    """A text with its gold layer, whose offsets lead into it."""

    text: str
    layer: Layer


class System(Protocol):
    """A baseline. `layers` are those that it predicts; a seeded fit on the same examples gives the same system."""

    layers: tuple[str, ...]

    def fit(self, examples: Sequence[Example], seed: int = 0) -> None:
        """Learn from the examples; a system that needs no training data does nothing."""

    def predict(self, document: str, text: str) -> Layer:
        """All that the system finds in a text, with offsets into it."""

    def save(self, folder: Path) -> None:
        """Write what was learned into an existing folder, without words of referenced texts where `safe` is asked."""

    @classmethod
    def load(cls, folder: Path, schema: Schema) -> Self:
        """The system that `save` wrote."""


class Remote(ABC):
    """A system that sends texts to a server: that is said before it happens, and what it cost afterwards.

    A base class, so that asking whether a system is one reads none of these, which need to know the server.
    """

    @property
    @abstractmethod
    def workers(self) -> int:
        """How many texts may be predicted at a time."""

    @property
    @abstractmethod
    def destination(self) -> str:
        """The address that texts go to, "" where they stay on this machine."""

    @abstractmethod
    def report(self) -> dict[str, Any]:
        """What was asked, what it cost and what had no place, without words of a text."""

    @abstractmethod
    def summary(self) -> str:
        """The report in a sentence."""


@runtime_checkable
class TakesTriggers(Protocol):
    """A system that can be told where events are, so that its arguments alone can be judged."""

    def predict_given(self, document: str, text: str, triggers: Sequence[Span]) -> Layer:
        """Like `predict`, with these EVENT spans in place of its own; only extents and codes of them are used."""


def with_triggers(spans: Sequence[Span], triggers: Sequence[Span]) -> list[Span]:
    """The spans with these triggers in place of their own, without attributes: nothing but the place is given away."""
    given = [span("EVENT", t.label, t.start, t.end) for t in triggers]
    return [s for s in spans if s.layer != "EVENT"] + given


def made_layer(
    document: str,
    text: str,
    layers: Sequence[str],
    schema: Schema,
    spans: Sequence[Span],
    relations: Sequence[Relation] = (),
) -> Layer:
    """A predicted layer with the text's length and hash; repeated spans are taken out."""
    distinct = {(s.layer, s.label, s.start, s.end): s for s in spans}
    return Layer(
        document=document,
        schema=schema.version,
        length=len(text),
        sha256=hashlib.sha256(text.encode("utf8")).hexdigest(),
        layers=tuple(layers),
        spans=tuple(sorted(distinct.values(), key=lambda s: (s.start, -s.end, s.layer, s.label))),
        relations=tuple(relations),
    )


def span(layer: str, label: str, start: int, end: int, **attributes: str) -> Span:
    """A predicted span; its id says where it stands, so that equal predictions are equal."""
    return Span(f"s{digest(layer, label, start, end)}", layer, label, start, end, attributes)


def relation(label: str, head: str, tail: str) -> Relation:
    """A predicted relation between two spans' ids; its own id says what it joins.

    >>> relation("AGENT", "s1", "s2").id
    'rfb6dd5de'
    """
    return Relation(f"r{digest(label, head, tail)}", label, head, tail)


def digest(*parts: object) -> str:
    """Eight hex that say what a record is made of, as ids in layer files have them."""
    return hashlib.sha256(" ".join(map(str, parts)).encode()).hexdigest()[:8]
