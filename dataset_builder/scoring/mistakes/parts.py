"""What a mistake is, and the two sides that it has."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dataset_builder.model import Span


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of the text and what it is there: a label, a role."""

    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Side:
    """What one side has: its label and the stretches that it is made of, the one that says where it stands first.

    What stands nowhere in the text has none.
    """

    label: str
    parts: tuple[Part, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Mistake:
    """Something that is not right in a measure of a task, in one document. One of the two sides may be None."""

    document: str
    task: str
    measure: str
    kind: str
    gold: Side | None
    predicted: Side | None

    @property
    def has_place(self) -> bool:
        """Whether it stands somewhere in the text."""
        return any(side.parts for side in (self.gold, self.predicted) if side)

    @property
    def start(self) -> int:
        """The first code point of either side, 0 for what has no place."""
        return min((part.start for side in (self.gold, self.predicted) if side for part in side.parts), default=0)


#: Measure, kind, gold side, predicted side.
Found = Iterator[tuple[str, str, Side | None, Side | None]]


def place(span: Span) -> tuple[int, int]:
    return span.start, span.end


def of_span(span: Span, note: str = "") -> Side:
    """A side that is one span."""
    return Side(span.label, (Part(span.layer, span.start, span.end),), note)
