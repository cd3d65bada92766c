"""brat standoff: a `.txt` with the text and an `.ann` with a line for each region, arrow and attribute.

Offsets are code points. brat marks no line ends, so a region over several lines is one of several fragments.
https://brat.nlplab.org/standoff.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import count, pairwise
from pathlib import Path

from dataset_builder.errors import DataError
from dataset_builder.formats.foreign import Foreign, Item, Labels, decoded, own_id
from dataset_builder.formats.regions import Names, Region, Regions, make_regions
from dataset_builder.schema import Schema

LOSES = "ids of relations; which layers were annotated (those with a region are taken to be)"
SUFFIX = ".ann"
_TEXT_BOUND = re.compile(
    r"T\S*\t(?P<label>\S+) (?P<places>{0}(;{0})*)(\t(?P<words>.*))?".format("[0-9]{1,9} [0-9]{1,9}")
)
_RELATION = re.compile(r"R\S*\t(?P<label>\S+) \S+?:(?P<head>\S+) \S+?:(?P<tail>\S+)\s*")
_EVENT = re.compile(r"E\S*\t\S+?:(?P<trigger>\S+)(?P<arguments>( \S+:\S+)*)\s*")
_NOTE = re.compile(r"#\S*\tAnnotatorNotes (\S+)\t(\S+)\s*")
_ATTRIBUTE = re.compile(r"[AM]\S*\t(?P<name>\S+) (?P<of>\S+)( (?P<value>.*))?")


def write(items: Iterable[Item], schema: Schema) -> Iterator[tuple[str, bytes]]:
    """Two files a document. The ids of ours are in notes, since brat numbers its own."""
    for item in items:
        yield f"{item.id}.txt", item.text.encode("utf8")
        yield f"{item.id}.ann", "".join(f"{line}\n" for line in _lines(item, schema)).encode("utf8")


def _lines(item: Item, schema: Schema) -> Iterator[str]:
    names = Names(schema)
    regions, arrows = make_regions(item.layer, schema)
    numbers = {region.id: f"T{number}" for number, region in enumerate(regions, 1)}
    attributes = count(1)
    for number, region in enumerate(regions, 1):
        places = ";".join(f"{start} {end}" for start, end in _fragments(item.text, region))
        words = item.text[region.start : region.end].replace("\n", " ")
        yield f"T{number}\t{names.value(region.layer, region.label)} {places}\t{words}"
        for name, value in region.attributes.items():
            yield f"A{next(attributes)}\t{name} T{number} {value}"
        yield f"#{number}\tAnnotatorNotes T{number}\t{region.id}"
    for number, arrow in enumerate(arrows, 1):
        yield f"R{number}\t{arrow.label} Arg1:{numbers[arrow.head]} Arg2:{numbers[arrow.tail]}"


def _fragments(text: str, region: Region) -> Iterator[tuple[int, int]]:
    for line in re.finditer(r"[^\n]+", text[region.start : region.end]):
        yield region.start + line.start(), region.start + line.end()


def read(path: Path, labels: Labels) -> Iterator[Foreign]:
    """The document of an `.ann` file, whose text stands beside it in a `.txt`.

    An event of brat is taken for its trigger, its arguments for arrows from there.
    """
    beside = path.with_suffix(".txt")
    if not beside.is_file():
        raise DataError(f"{path}: its text {beside.name} is not beside it; brat keeps the two together")
    text = decoded(beside, is_text=True)
    regions = Regions(text, labels.schema, str(path))
    lines = [line.rstrip("\r") for line in decoded(path).split("\n")]
    notes = [m.groups() for line in lines if (m := _NOTE.fullmatch(line))]
    same: dict[str, str] = {}  # brat's id to ours
    for number, line in enumerate(lines, 1):
        own = line.split("\t", 1)[0]
        if match := _TEXT_BOUND.fullmatch(line):
            given = next((id for of, id in notes if of == own and own_id(regions, id, "")), None)
            same[own] = own_id(regions, given, own)
            _region(same[own], match, regions, labels)
        elif match := _EVENT.fullmatch(line):
            same[own] = same.get(match["trigger"], match["trigger"])
        elif line.startswith("T"):
            fact = f"line {number} ({line[:40]!r}) is no region: `T1<tab>LABEL START END<tab>words`"
            regions.report("region-offsets", fact)
        elif line.strip() and line[0] != "#" and not (_RELATION.fullmatch(line) or _ATTRIBUTE.fullmatch(line)):
            regions.report("region-left-out", f"line {number} ({line[:40]!r}) is nothing that a layer has")
    for line in lines:
        _joins(line, same, regions)
    yield Foreign(path.stem, text, regions)


def _region(id: str, match: re.Match[str], regions: Regions, labels: Labels) -> None:
    places = [tuple(map(int, place.split())) for place in match["places"].split(";")]
    start, end = places[0][0], places[-1][1]
    between = [regions.text[a[1] : b[0]] for a, b in pairwise(places)]
    if any(gap.strip() for gap in between):
        fact = f"{match['label']} at {match['places']} has words of others between its parts"
        regions.report("region-left-out", fact)
        return
    words = " ".join(regions.text[a:b] for a, b in places)
    if match["words"] is not None and match["words"].split() != words.split():
        fact = f"{match['label']} at {match['places']} is {match['words'][:60]!r} there, the text has {words[:60]!r}"
        regions.report("surface-mismatch", fact)
    labels.add(regions, id, match["label"], start, end)


def _joins(line: str, same: Mapping[str, str], regions: Regions) -> None:
    """Take in what a relation, event or attribute line says of regions that were read."""
    if match := _RELATION.fullmatch(line):
        regions.join(match["label"], same.get(match["head"]), same.get(match["tail"]))
    elif match := _EVENT.fullmatch(line):
        for argument in match["arguments"].split():
            role, tail = argument.split(":", 1)
            # brat numbers a second argument of the same role.
            label = role if role in regions.names.arrows else re.sub(r"[0-9]+$", "", role)
            regions.join(label, same.get(match["trigger"]), same.get(tail))
    elif match := _ATTRIBUTE.fullmatch(line):
        if region := regions.by_id.get(same.get(match["of"], "")):
            regions.answer(region, match["name"], match["value"])
        else:
            regions.report("region-left-out", f"{match['name']} is said of {match['of']}, which was not read")
