"""CoNLL columns: one token a line with BIO tags, an empty line behind each sentence; one column a layer and depth.

Tokens are cut where spans begin and end, so that spans inside of a written word are exact (و|قال). White space stands
in the last column as Universal Dependencies writes it (SpaceAfter=No, SpacesAfter=\\n), so that the text is exact too.
Foreign files have a word and, in their last column, a BIO tag; with white space between, a sentence a line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from pathlib import Path

from dataset_builder.errors import DataError
from dataset_builder.formats.foreign import Foreign, Item, Labels, decoded
from dataset_builder.formats.regions import Names, Region, Regions, make_regions
from dataset_builder.schema import Schema
from dataset_builder.text.tokenise import sentences, tokens

LOSES = "attributes, relations, and which source, cue and content make a claim; ids"
SUFFIX = ".conll"
LACKS = frozenset({"attributes", "arrows"})
_COLUMNS, _LAYERS = "# columns = ", "# layers = "
_ESCAPED = {" ": r"\s", "\t": r"\t", "\n": r"\n", "\r": r"\r", "\\": r"\\", "|": r"\p"}
_UNESCAPED = {value: key for key, value in _ESCAPED.items()}


@dataclass(frozen=True, slots=True)
class Tag:
    """A span that tags say: `start` and `end` are half-open code points of the text that the words make."""

    label: str
    start: int
    end: int


def write(items: Iterable[Item], schema: Schema) -> Iterator[tuple[str, bytes]]:
    """A file a document."""
    for item in items:
        yield f"{item.id}{SUFFIX}", "".join(f"{line}\n" for line in _lines(item, schema)).encode("utf8")


def _lines(item: Item, schema: Schema) -> Iterator[str]:
    names = Names(schema)
    columns = _columns(make_regions(item.layer, schema)[0], schema)
    cuts = {edge for _, column in columns for region in column for edge in (region.start, region.end)}
    words = list(cut(item.text, cuts))
    yield f"# newdoc id = {item.id}"
    yield f"{_LAYERS}{' '.join(item.layer.layers)}"
    yield _COLUMNS + " ".join(["FORM", *(name for name, _ in columns), "MISC"])
    tags = [_tags(column, words, names) for _, column in columns]
    sentence_ends = {end for _, end in sentences(item.text)}
    for number, (start, end) in enumerate(words):
        before = item.text[:start] if number == 0 else ""
        behind = item.text[end : words[number + 1][0] if number + 1 < len(words) else len(item.text)]
        yield "\t".join([item.text[start:end], *(column[number] for column in tags), _misc(before, behind)])
        following = words[number + 1][0] if number + 1 < len(words) else len(item.text) + 1
        if any(end <= cut <= following for cut in sentence_ends):
            yield ""


def _columns(regions: Sequence[Region], schema: Schema) -> list[tuple[str, list[Region]]]:
    """Regions of each layer in as many columns as they lie over one another, the outermost first."""
    found: list[tuple[str, list[Region]]] = []
    for layer in schema.layers:
        depths: list[list[Region]] = [[]]
        for region in (r for r in regions if r.layer == layer):
            free = next((column for column in depths if not column or column[-1].end <= region.start), None)
            if free is None:
                depths.append(free := [])
            free.append(region)
        found += ((layer if n == 1 else f"{layer}:{n}", column) for n, column in enumerate(depths, 1))
    return found


def cut(text: str, cuts: set[int]) -> Iterator[tuple[int, int]]:
    """Tokens as half-open code points, cut at every offset of `cuts` inside of one."""
    for start, end in tokens(text):
        edges = [start, *sorted(cut for cut in cuts if start < cut < end), end]
        yield from pairwise(edges)


def _tags(column: Sequence[Region], words: Sequence[tuple[int, int]], names: Names) -> list[str]:
    tags = ["O"] * len(words)
    for region in column:
        inside = [i for i, (start, end) in enumerate(words) if region.start <= start and end <= region.end]
        for number in inside:
            tags[number] = f"{'B' if number == inside[0] else 'I'}-{names.value(region.layer, region.label)}"
    return tags


def _misc(before: str, behind: str) -> str:
    parts = [f"SpacesBefore={_escape(before)}"] if before else []
    if behind != " ":
        parts.append(f"SpacesAfter={_escape(behind)}" if behind else "SpaceAfter=No")
    return "|".join(parts) or "_"


def _escape(space: str) -> str:
    return "".join(_ESCAPED.get(character, character) for character in space)


def _unescape(written: str) -> str:
    return re.sub(r"\\[stnr\\p]", lambda match: _UNESCAPED[match[0]], written)


def read(path: Path, labels: Labels) -> Iterator[Foreign]:
    """The document of a file: in our columns, or in a foreign one's first and last."""
    content = decoded(path)
    text, columns = read_words(content, str(path))
    regions = Regions(text, labels.schema, str(path))
    for number, column in enumerate(columns):
        for tag in column:
            labels.add(regions, f"{number}:{tag.label}:{tag.start}:{tag.end}", tag.label, tag.start, tag.end)
    named = re.search(r"^# newdoc id = (\S+)", content, re.M)
    done = re.search(rf"^{re.escape(_LAYERS)}(.*)", content, re.M)
    yield Foreign(named[1] if named else path.stem, text, regions, tuple(done[1].split()) if done else (), LACKS)


def read_words(content: str, where: str) -> tuple[str, list[list[Tag]]]:
    """A file's text, and for each column of tags its spans. DataError for a line that has not the form.

    >>> read_words("زار O\\nبان B-PER\\nكي I-PER\\n\\nعاد O\\n", "")
    ('زار بان كي\\nعاد', [[Tag(label='PER', start=4, end=10)]])
    """
    known = re.search(rf"^{re.escape(_COLUMNS)}(.+)$", content, re.M)
    width = len(known[1].split()) if known else 0
    parts: list[str] = []
    at = 0
    rows: list[tuple[int, int, list[str]]] = []
    waiting = ""
    for number, line in enumerate(re.split(r"\r?\n", content), 1):
        if known and line.startswith("# "):
            continue
        fields = line.split("\t") if known else line.split()
        if not any(fields):
            waiting = "\n" if rows and not known else ""
            continue
        if len(fields) < 2 or (width and len(fields) != width):
            wanted = f"{width} columns with tabs between" if width else "`word TAG`, one a line"
            raise DataError(f"{where}:{number}: {line[:60]!r} has {len(fields)} columns; the form is {wanted}")
        misc = dict(part.split("=", 1) for part in fields[-1].split("|") if "=" in part) if known else {}
        before = _unescape(misc.get("SpacesBefore", "")) if known else (waiting or (" " if rows else ""))
        waiting = ""
        parts += [before, fields[0]]
        start = at + len(before)
        at = start + len(fields[0])
        rows.append((start, at, fields[1:-1] if known else fields[-1:]))
        if known:
            behind = "" if "SpaceAfter" in misc else _unescape(misc.get("SpacesAfter", r"\s"))
            parts.append(behind)
            at += len(behind)
    columns = zip(*(tags for _, _, tags in rows), strict=True)
    places = [(start, end) for start, end, _ in rows]
    return "".join(parts), [list(_spans(column, places)) for column in columns]


def _spans(tags: Sequence[str], places: Sequence[tuple[int, int]]) -> Iterator[Tag]:
    """The spans of one column. An I that goes on from nothing begins a span, as in IOB1."""
    for (_, label), group in groupby(zip(_openings(tags), tags, places, strict=True), lambda row: row[0]):
        stretch = [place for _, _, place in group]
        if label:
            yield Tag(label, stretch[0][0], stretch[-1][1])


def _openings(tags: Sequence[str]) -> Iterator[tuple[int, str]]:
    """For each tag a number that changes where a span begins or ends, and the span's label, "" outside."""
    number, label = 0, ""
    for tag in tags:
        now = tag[2:] if tag[:2] in ("B-", "I-") else ""
        if now != label or tag.startswith("B-"):
            number += 1
        label = now
        yield number, label
