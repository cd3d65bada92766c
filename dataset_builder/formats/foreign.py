"""What every other tool's format has in common: documents that go out, and what is read of a foreign file.

A format's module has `write`, which makes names and contents of files from documents, and `read`, which yields what a
file says as regions and arrows. `SUFFIX` is how its files end, `LOSES` what they can't carry.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from dataset_builder.errors import DataError, UsageError, unknown
from dataset_builder.formats.regions import Arrow, Names, Regions, make_regions
from dataset_builder.model import Layer
from dataset_builder.schema import Schema


@dataclass(frozen=True, slots=True)
class Item:
    """A document that goes out: its canonical text and a layer over it."""

    id: str
    text: str
    layer: Layer


@dataclass(frozen=True, slots=True)
class Foreign:
    """A document of a foreign file: its text as it stands there, and what is marked in it.

    `layers` are those that it says were annotated (none where it says nothing of that); `lacks` names what such files
    have no place for at all, "attributes" or "arrows".
    """

    id: str
    text: str
    read: Regions
    layers: tuple[str, ...] = ()
    lacks: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Labels:
    """Which label of ours a foreign file's word stands for: one of the schema's, or one that `given` maps.

    `given` has values like "ACTOR.PERSON" or "ACTOR.PERSON mention=name" by the word of the file, "" for what is to be
    passed over. Raises UsageError for a label that the schema has not.
    """

    schema: Schema
    given: Mapping[str, str]

    def __post_init__(self) -> None:
        known = [f"{layer.name}.{label}" for layer in self.schema.layers.values() for label in layer.names]
        for value in self.given.values():
            if value and value.split()[0] not in known:
                raise unknown("label", value.split()[0], known)
            if any("=" not in attribute for attribute in value.split()[1:]):
                raise UsageError(f"{value!r}: behind the label stand attributes with their values, like mention=name")

    @cached_property
    def names(self) -> Names:
        return Names(self.schema)

    def find(self, value: str) -> tuple[str, str] | None:
        """Layer and label, ("", "") for what is passed over, or None for a word that nobody knows.

        >>> labels = Labels(Schema.load(), {"PER": "ACTOR.PERSON", "O2": ""})
        >>> labels.find("PER"), labels.find("AIR"), labels.find("O2"), labels.find("LOC")
        (('ACTOR', 'PERSON'), ('EVENT', 'AIR'), ('', ''), None)
        """
        if value in self.given:
            layer, _, label = (self.given[value].split() or [""])[0].partition(".")
            return layer, label
        return self.names.label(value)

    def add(self, read: Regions, id: str, value: str, start: object, end: object) -> None:
        """Take a region with the file's word for its label into `read`, or report why not."""
        found = self.find(value)
        if found is None:
            read.report("region-label", f"a region at {start}–{end} is labelled {value!r}; --label {value}=LAYER.LABEL")
        elif found[0] and (region := read.add(id, *found, start, end)):
            region.attributes |= dict(pair.split("=", 1) for pair in self.given.get(value, "").split()[1:])


def decoded(path: Path) -> str:
    """A file's text; DataError where it is no UTF-8. Line ends stay as they are."""
    try:
        return path.read_bytes().decode("utf8")
    except UnicodeDecodeError as error:
        raise DataError(f"{path}: byte {error.start} is not UTF-8; convert the file first") from error


def needs(extra: str, module: str) -> UsageError:
    """What to say where a format's library is not installed."""
    return UsageError(f"this format needs the package {module}; install it with pip install 'khabar[{extra}]'")


def restore(foreign: Foreign, earlier: Layer) -> None:
    """Give regions and arrows back what their format has no place for, as the annotator's earlier layer has it.

    A region takes the attributes of the one that had its id, or its label and place; an arrow is drawn again where both
    of its ends still stand.
    """
    read = foreign.read
    regions, arrows = make_regions(earlier, read.schema)
    at: dict[tuple[str, str, int, int], list[str]] = {}
    for region in read.by_id.values():
        at.setdefault(region.place, []).append(region.id)
    same: dict[str, str] = {}
    for region in regions:
        if region.id in read.by_id:
            same[region.id] = region.id
        elif here := at.get(region.place):
            # Claims may share their words: each has a region of its own there, as long as there are enough.
            same[region.id] = here.pop(0) if len(here) > 1 else here[0]
    if "attributes" in foreign.lacks:
        for region in regions:
            if region.id in same:
                read.by_id[same[region.id]].attributes = dict(region.attributes)
    if "arrows" in foreign.lacks:
        drawn = (Arrow(arrow.label, same.get(arrow.head, ""), same.get(arrow.tail, "")) for arrow in arrows)
        read.arrows += (arrow for arrow in drawn if arrow.head and arrow.tail)
