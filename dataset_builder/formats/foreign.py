"""What every other tool's format has in common: documents that go out, and what is read of a foreign file.

A format's module has `write`, which makes names and contents of files from documents, and `read`, which yields what a
file says as regions and arrows. `SUFFIX` is how its files end, `LOSES` what they can't carry.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from dataset_builder.errors import DataError, UsageError, unknown
from dataset_builder.formats.regions import Names, Region, Regions, is_ours, make_regions
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
    passed over; `used` are those of its words that a file had. Raises UsageError for a label, an attribute or a value
    that the schema has not.
    """

    schema: Schema
    given: Mapping[str, str]
    used: set[str] = field(default_factory=set, compare=False)

    def __post_init__(self) -> None:
        for value in filter(None, self.given.values()):
            label, *pairs = value.split()
            if label not in self.qualified:
                raise unknown("label", label, self.qualified)
            taken = self.names.fitting_of(*self.qualified[label])
            for pair in pairs:
                name, equals, answer = pair.partition("=")
                if not equals:
                    raise UsageError(f"{value!r}: behind the label stand attributes and values, like mention=name")
                if name not in taken:
                    raise unknown(f"attribute of {label}", name, taken)
                if not taken[name].admits(answer):
                    wanted = ", ".join(taken[name].values) or taken[name].pattern
                    raise UsageError(f"{value!r}: {name} is {answer!r}, not {wanted}")

    @cached_property
    def qualified(self) -> dict[str, tuple[str, str]]:
        """Layer and label by both their names, like ACTOR.PERSON."""
        return {f"{x.name}.{label}": (x.name, label) for x in self.schema.layers.values() for label in x.names}

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
            self.used.add(value)
            return self.qualified[self.given[value].split()[0]] if self.given[value] else ("", "")
        return self.names.label(value) or self.qualified.get(value)

    def add(self, read: Regions, id: str, value: object, start: object, end: object) -> None:
        """Take a region with the file's word for its label into `read`, or report why not."""
        if not isinstance(value, str) or not value.strip():
            read.report("region-label", f"a region at {start!s:.20}–{end!s:.20} has no label; give it one there")
            return
        found = self.find(value)
        if found is None:
            fact = f"a region at {start!s:.20}–{end!s:.20} is labelled {value!r:.60}; --label {value:.60}=LAYER.LABEL"
            read.report("region-label", fact)
        elif found[0] and (region := read.add(id, *found, start, end)):
            region.attributes |= dict(pair.split("=", 1) for pair in self.given.get(value, "").split()[1:])


def own_id(read: Regions, given: object, otherwise: str) -> str:
    """The id that a file gives a region where it is one of ours and no region has it yet, else the other one.

    Tools copy ids with regions, and people write notes.
    """
    return given if isinstance(given, str) and is_ours(given) and given not in read.by_id else otherwise


def decoded(path: Path, is_text: bool = False) -> str:
    """A file's content, its line ends as they are, without a byte order mark.

    Raises DataError where it can't be read, is no UTF-8, or `is_text` and begins with that mark, which offsets into it
    may or may not count.
    """
    try:
        content = path.read_bytes().decode("utf8")
    except UnicodeDecodeError as error:
        raise DataError(f"{path}: byte {error.start} is not UTF-8; convert the file first") from error
    except OSError as error:
        raise DataError(f"{path}: can't be read ({error.strerror}); check the path and who may read it") from error
    if is_text and content.startswith("\ufeff"):
        raise DataError(f"{path}: begins with a byte order mark (U+FEFF), so offsets may be one off; save without it")
    return content.removeprefix("\ufeff")


def needs(extra: str, module: str) -> UsageError:
    """What to say where a format's library is not installed."""
    return UsageError(f"this format needs the package {module}; install it with pip install 'khabar[{extra}]'")


def restore(foreign: Foreign, earlier: Layer) -> None:
    """Give regions and arrows back what their format has no place for, as the annotator's earlier layer has it.

    A region takes the attributes of the one that had its id and lies over it in the same layer, or its label and place;
    an arrow is drawn again where both of its ends still stand.
    """
    read = foreign.read
    regions, arrows = make_regions(earlier, read.schema)
    same = _same(regions, read)
    if "attributes" in foreign.lacks:
        for region in regions:
            if region.id in same:
                read.by_id[same[region.id]].attributes = dict(region.attributes)
    if "arrows" in foreign.lacks:
        for arrow in arrows:
            if {arrow.head, arrow.tail} <= same.keys():
                read.join(arrow.label, same[arrow.head], same[arrow.tail])


def _same(regions: Iterable[Region], read: Regions) -> dict[str, str]:
    """What the earlier regions are called now, by their ids."""
    at: dict[tuple[str, str, int, int], list[str]] = {}
    for region in read.by_id.values():
        at.setdefault(region.place, []).append(region.id)
    same: dict[str, str] = {}
    for region in regions:
        if region.id in read.by_id and _still(region, read.by_id[region.id]):
            same[region.id] = region.id
        elif here := at.get(region.place):
            # Claims may share their words: each has a region of its own there, as long as there are enough.
            same[region.id] = here.pop(0) if len(here) > 1 else here[0]
    return same


def _still(was: Region, now: Region) -> bool:
    """Whether a region that has the id of an earlier one is that one: in its layer, and over some of the same words."""
    return was.layer == now.layer and was.start < now.end and now.start < was.end
