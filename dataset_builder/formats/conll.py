"""CoNLL columns: one token a line with BIO tags, an empty line behind each sentence; one column a layer and depth.

Tokens are cut where spans begin and end, so that spans inside of a written word are exact (و|قال). White space stands
in the last column as Universal Dependencies writes it (SpaceAfter=No, SpacesAfter=\\n), so that the text is exact too.
Foreign files have a word and, in their last column, a BIO or BIOES tag; with white space between, a sentence a line. A
`# newdoc` or -DOCSTART- line begins another document.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from pathlib import Path

from dataset_builder.errors import DataError, unknown
from dataset_builder.formats.foreign import Foreign, Item, Labels, decoded
from dataset_builder.formats.regions import Names, Region, Regions, make_regions
from dataset_builder.schema import Schema
from dataset_builder.text.characters import INVISIBLE
from dataset_builder.text.tokenise import sentences, tokens

LOSES = "attributes, relations, and which source, cue and content make a claim; ids"
SUFFIX = ".conll"
LACKS = frozenset({"attributes", "arrows"})
_COLUMNS, _LAYERS = "# columns = ", "# layers = "
#: Tags that begin a span, and that end one; S and U are a span of one token, E and L the last of a span.
_BEGIN, _END = ("B-", "S-", "U-"), ("S-", "U-", "E-", "L-")
_TAGS = ("B-", "I-", "E-", "L-", "S-", "U-")
_COMMENT = re.compile(r"# *([A-Za-z]\S*(?: \S+)?) = (.*)")
#: Lines that are no token: comments with a value, and where a document or paragraph begins.
_PASSED = re.compile(r"# *[A-Za-z]\S*( \S+)? = |# new(doc|par)\b|-DOCSTART-(\s|$)")
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
    """The documents of a file: in our columns, or in a foreign one's first and last."""
    documents = list(_documents(decoded(path)))
    for number, lines in enumerate(documents, 1):
        words = _words(lines, str(path))
        regions = Regions(words.text, labels.schema, str(path))
        for depth, column in enumerate(words.columns):
            for tag in column:
                labels.add(regions, f"{depth}:{tag.label}:{tag.start}:{tag.end}", tag.label, tag.start, tag.end)
        for said, (line, count) in words.unknown.items():
            known = f"neither O nor one of {' '.join(_TAGS)} with a label"
            fact = f"line {line}: the tag {said!r:.60} is {known}; it stands on {count} lines"
            regions.report("region-label", fact)
        name = words.comments.get("newdoc id") or (path.stem if len(documents) == 1 else f"{path.stem}-{number}")
        done = words.comments.get("layers", "").split()
        if wrong := [layer for layer in done if layer not in labels.schema.layers]:
            raise DataError(f"{path}: # layers: {unknown('layer', wrong[0], labels.schema.layers)}")
        yield Foreign(name, words.text, regions, tuple(done), LACKS)


def read_words(content: str, where: str) -> tuple[str, list[list[Tag]]]:
    """The text of a file of one document, and for each column of tags its spans. DataError for a line that has not the
    form.

    >>> read_words("زار O\\nبان B-PER\\nكي E-PER\\n\\nعاد O\\n", "")
    ('زار بان كي\\nعاد', [[Tag(label='PER', start=4, end=10)]])
    """
    words = _words(list(enumerate(re.split(r"\r?\n", content), 1)), where)
    return words.text, words.columns


def _documents(content: str) -> Iterator[list[tuple[int, str]]]:
    """The lines of each document with their numbers from 1; what has no token is none."""
    lines: list[tuple[int, str]] = []
    for number, line in enumerate(re.split(r"\r?\n", content), 1):
        if re.match(r"# newdoc\b|-DOCSTART-(\s|$)", line):
            if _has_tokens(lines):
                yield lines
            lines = []
        lines.append((number, line))
    if _has_tokens(lines):
        yield lines


def _has_tokens(lines: Iterable[tuple[int, str]]) -> bool:
    return any(line.strip() and not _PASSED.match(line) for _, line in lines)


@dataclass(frozen=True, slots=True)
class _Words:
    """A document's text, the spans of each column, its comments, and the tags that nobody knows: first line, count."""

    text: str
    columns: list[list[Tag]]
    comments: Mapping[str, str]
    unknown: Mapping[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class _Row:
    """A token with its tags; `sentence` changes where a span can't go on."""

    start: int
    end: int
    tags: Sequence[str]
    sentence: int


def _words(lines: Sequence[tuple[int, str]], where: str) -> _Words:
    comments = {m[1]: m[2].strip() for _, line in lines if (m := _COMMENT.fullmatch(line))}
    width = len(comments["columns"].split()) if "columns" in comments else 0
    parts: list[str] = []
    rows: list[_Row] = []
    unknown_tags: dict[str, tuple[int, int]] = {}
    at = sentence = 0
    ended = False
    for number, line in lines:
        if _PASSED.match(line):
            continue
        fields = line.split("\t") if width else [f.strip() for f in line.split("\t")] if "\t" in line else line.split()
        if not any(fields):
            ended = bool(rows)
            continue
        if len(fields) < 2 or not fields[0] or (width and len(fields) != width):
            wanted = f"{width} columns with tabs between" if width else "`word TAG`, one a line"
            raise DataError(f"{where}:{number}: {line[:60]!r} has {len(fields)} columns; the form is {wanted}")
        if width:
            before, behind = _spaces(fields[-1], f"{where}:{number}")
        else:
            before, behind = "\n" if ended else " " if rows else "", ""
            sentence += ended
        ended = False
        start = at + len(before)
        rows.append(_Row(start, start + len(fields[0]), fields[1:-1] if width else fields[-1:], sentence))
        parts += [before, fields[0], behind]
        at = rows[-1].end + len(behind)
        for tag in rows[-1].tags:
            if tag != "O" and not (tag[:2] in _TAGS and tag[2:]):
                first, count = unknown_tags.get(tag, (number, 0))
                unknown_tags[tag] = first, count + 1
    columns = [list(_spans(rows, number)) for number in range(len(rows[0].tags) if rows else 0)]
    return _Words("".join(parts), columns, comments, unknown_tags)


def _spaces(written: str, where: str) -> tuple[str, str]:
    """What stands before and behind a token of ours; DataError where that is more than white space."""
    misc = dict(part.split("=", 1) for part in written.split("|") if "=" in part)
    before = _unescape(misc.get("SpacesBefore", ""))
    behind = "" if misc.get("SpaceAfter") == "No" else _unescape(misc.get("SpacesAfter", r"\s"))
    if wrong := [c for c in before + behind if not (c.isspace() or c in INVISIBLE)]:
        raise DataError(f"{where}: SpacesBefore or SpacesAfter holds {wrong[0]!r}, and may hold white space only")
    return before, behind


def _spans(rows: Sequence[_Row], column: int) -> Iterator[Tag]:
    """The spans of one column. An I or E that goes on from nothing begins a span, as in IOB1."""
    for (_, label), group in groupby(zip(_openings(rows, column), rows, strict=True), lambda pair: pair[0]):
        stretch = [row for _, row in group]
        if label:
            yield Tag(label, stretch[0].start, stretch[-1].end)


def _openings(rows: Sequence[_Row], column: int) -> Iterator[tuple[int, str]]:
    """For each token a number that changes where a span begins or ends, and the span's label, "" outside."""
    number, label, sentence, is_closed = 0, "", 0, False
    for row in rows:
        kind, now = row.tags[column][:2], row.tags[column][2:]
        now = now if kind in _TAGS else ""
        if now != label or kind in _BEGIN or is_closed or row.sentence != sentence:
            number += 1
        label, sentence, is_closed = now, row.sentence, kind in _END
        yield number, label
