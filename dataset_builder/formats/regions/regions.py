"""Regions of a text and arrows between them: the shape that most annotation tools have."""

from __future__ import annotations

from dataclasses import dataclass, field

from dataset_builder.incidents import Incident
from dataset_builder.schema import Schema


@dataclass
class Region:
    """A stretch of the text (half-open code points) with its label and attributes; `id` is Label Studio's."""

    id: str
    layer: str
    label: str
    start: int
    end: int
    attributes: dict[str, str] = field(default_factory=dict)

    @property
    def place(self) -> tuple[str, str, int, int]:
        return self.layer, self.label, self.start, self.end


@dataclass(frozen=True, slots=True)
class Arrow:
    """One label of an arrow from the region `head` to the region `tail`."""

    label: str
    head: str
    tail: str


@dataclass
class Regions:
    """What one annotation's result says. `found` holds an incident for everything that it says wrongly.

    `where` is what an incident shows as its place: the document's id with a link to the task.
    """

    text: str
    schema: Schema
    where: str
    by_id: dict[str, Region] = field(default_factory=dict)
    arrows: list[Arrow] = field(default_factory=list)
    found: list[Incident] = field(default_factory=list)

    def report(self, code: str, fact: str) -> None:
        self.found.append(Incident(code, fact, self.where))

    def quoted(self, region: Region) -> str:
        """The region as a message names it: label, words, offsets."""
        words = self.text[region.start : region.end]
        short = words if len(words) <= 40 else f"{words[:18]} … {words[-18:]}"
        return f"{region.label} «{short}» ({region.start}–{region.end})"
