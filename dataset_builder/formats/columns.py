"""Columns of tokens and tags as they are read: a text, and for each column of tags its spans."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from dataset_builder.errors import DataError
from dataset_builder.text.characters import INVISIBLE

#: Tags that begin a span, and that end one; S and U are a span of one token, E and L the last of a span.
_BEGIN, _END = ("B-", "S-", "U-"), ("S-", "U-", "E-", "L-")
TAGS = ("B-", "I-", "E-", "L-", "S-", "U-")
_COMMENT = re.compile(r"# *([A-Za-z]\S*(?: \S+)?) = (.*)")
#: Lines that are no token: comments with a value, and where a document or paragraph begins.
_PASSED = re.compile(r"# *[A-Za-z]\S*( \S+)? = |# new(doc|par)\b|-DOCSTART-(\s|$)")
#: White space as Universal Dependencies writes it in the last column.
ESCAPED = {" ": r"\s", "\t": r"\t", "\n": r"\n", "\r": r"\r", "\\": r"\\", "|": r"\p"}
_UNESCAPED = {value: key for key, value in ESCAPED.items()}


@dataclass(frozen=True, slots=True)
class Tag:
    """A span that tags say: `start` and `end` are half-open code points of the text that the words make."""

    label: str
    start: int
    end: int


def documents(content: str) -> Iterator[list[tuple[int, str]]]:
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
class Words:
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


def words_of(lines: Sequence[tuple[int, str]], where: str) -> Words:
    """What the numbered lines of one document say; DataError for a line that has not the form.

    >>> lines = ["زار O", "بان B-PER", "كي E-PER", "", "عاد O"]
    >>> found = words_of(list(enumerate(lines, 1)), "")
    >>> found.text, found.columns
    ('زار بان كي\\nعاد', [[Tag(label='PER', start=4, end=10)]])
    """
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
            if tag != "O" and not (tag[:2] in TAGS and tag[2:]):
                first, count = unknown_tags.get(tag, (number, 0))
                unknown_tags[tag] = first, count + 1
    columns = [list(_spans(rows, number)) for number in range(len(rows[0].tags) if rows else 0)]
    return Words("".join(parts), columns, comments, unknown_tags)


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
        now = now if kind in TAGS else ""
        if now != label or kind in _BEGIN or is_closed or row.sentence != sentence:
            number += 1
        label, sentence, is_closed = now, row.sentence, kind in _END
        yield number, label


def _unescape(written: str) -> str:
    return re.sub(r"\\[stnr\\p]", lambda match: _UNESCAPED[match[0]], written)
