"""Regions of a text and arrows between them: the shape that most annotation tools have."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from dataset_builder.formats.regions.names import Names
from dataset_builder.incidents import Incident
from dataset_builder.schema import Schema
from dataset_builder.text.tokenise import trim


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

    @cached_property
    def names(self) -> Names:
        return Names(self.schema)

    def report(self, code: str, fact: str) -> None:
        self.found.append(Incident(code, fact, self.where))

    def add(self, id: object, layer: str, label: str, start: object, end: object) -> Region | None:
        """Take a region in, or report why it can't be one. `start` and `end` are half-open code points.

        White space at its ends is left out, and said.
        """
        # A bool is an int to Python, but no offset.
        if type(start) is not int or type(end) is not int or not 0 <= start < end <= len(self.text):
            fact = f"{label} stands at {start!r}–{end!r}, the text has {len(self.text)} code points"
            self.report("region-offsets", fact)
            return None
        if not isinstance(id, str) or not id or id in self.by_id:
            fact = f"{label} at {start}–{end} has the id {id!r}, which another region has or nobody can"
            self.report("region-id", fact)
            return None
        region = Region(id, layer, label, *trim(self.text, start, end))
        if region.start >= region.end:
            self.report("region-trimmed", f"{label} at {start}–{end} is only white space and was left out")
            return None
        if (region.start, region.end) != (start, end):
            fact = f"{self.quoted(region)} was marked with white space around it, {start}–{end}"
            self.report("region-trimmed", fact)
        self.by_id[id] = region
        return region

    def join(self, label: object, head: object, tail: object) -> None:
        """Draw an arrow between two regions by their ids, or report why there can't be one."""
        ends = [self.by_id.get(end) if isinstance(end, str) else None for end in (head, tail)]
        shown = [self.quoted(end) if end else "a region that was not read" for end in ends]
        if not isinstance(label, str) or label not in self.names.arrows:
            fact = f"an arrow {label!r:.40} from {shown[0]} to {shown[1]} has a label that is none of ours"
            self.report("region-left-out", fact)
        elif ends[0] is None or ends[1] is None:
            self.report("region-left-out", f"an arrow {label} from {shown[0]} to {shown[1]} was left out")
        else:
            self.arrows.append(Arrow(label, ends[0].id, ends[1].id))

    def answer(self, region: Region, name: object, value: object) -> None:
        """Give a region an attribute, or report that it is none that its label takes. Its value is checked later."""
        fits = name in self.names.fitting_of(region.layer, region.label) if isinstance(name, str) else False
        if fits and isinstance(name, str) and isinstance(value, str) and value.strip():
            region.attributes[name] = value.strip()
        else:
            fact = f"{self.quoted(region)} has {name!s:.40} {value!r:.60}, which no label of ours takes there"
            self.report("region-left-out", fact)

    def quoted(self, region: Region) -> str:
        """The region as a message names it: label, words, offsets."""
        words = self.text[region.start : region.end]
        short = words if len(words) <= 40 else f"{words[:18]} … {words[-18:]}"
        return f"{region.label} «{short}» ({region.start}–{region.end})"
