"""Columns of tokens and tags as they are read: a text, and for each column of tags its spans."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

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


def words_of(lines: Sequence[tuple[int, str]], where: str, called: Callable[[str], str] = str) -> Words:
    """What the numbered lines of one document say, labels as they are `called`; DataError for a line without the form.

    A foreign line has a word and one tag for each span that it is in, the outermost first (Wojood), all of them in one
    column of what is returned. Where no line has several tags and nothing else, others may stand between, and the last
    field is the tag (CoNLL-2003).

    >>> lines = ["زار O", "بلدية B-ORG", "حلب I-ORG B-LOC", "", "عاد O"]
    >>> found = words_of(list(enumerate(lines, 1)), "")
    >>> found.text, found.columns
    ('زار بلدية حلب\\nعاد', [[Tag(label='ORG', start=4, end=13), Tag(label='LOC', start=10, end=13)]])
    """
    comments = {m[1]: m[2].strip() for _, line in lines if (m := _COMMENT.fullmatch(line))}
    width = len(comments["columns"].split()) if "columns" in comments else 0
    parts: list[str] = []
    rows: list[_Row] = []
    unknown_tags: dict[str, tuple[int, int]] = {}
    at = sentence = 0
    ended = False
    split = [(n, line, _fields(line, width > 0)) for n, line in lines if not _PASSED.match(line)]
    is_nested = not width and any(len(fields) > 2 and all(map(_is_tag, fields[1:])) for _, _, fields in split)
    for number, line, fields in split:
        if not any(fields):
            ended = bool(rows)
            continue
        if len(fields) < 2 or not fields[0].strip() or (width and len(fields) != width):
            wanted = f"{width} columns with tabs between" if width else "`word TAG`, one a line"
            raise DataError(f"{where}:{number}: {line[:60]!r} has {len(fields)} columns; the form is {wanted}")
        if width:
            before, behind = _spaces(fields[-1], f"{where}:{number}")
        else:
            before, behind = "\n" if ended else " " if rows else "", ""
            sentence += ended
        ended = False
        start = at + len(before)
        tags = fields[1:-1] if width else fields[1:] if is_nested else fields[-1:]
        rows.append(_Row(start, start + len(fields[0]), tags, sentence))
        parts += [before, fields[0], behind]
        at = rows[-1].end + len(behind)
        for tag in rows[-1].tags:
            if not _is_tag(tag):
                first, count = unknown_tags.get(tag, (number, 0))
                unknown_tags[tag] = first, count + 1
    columns = [[replace(row, tags=row.tags[n : n + 1]) for row in rows] for n in range(width - 2)] if width else [rows]
    return Words("".join(parts), [_spans(column, called) for column in columns], comments, unknown_tags)


def _fields(line: str, is_ours: bool) -> list[str]:
    """The columns of a line. A blank that breaks no line may stand inside of a word, so it parts none."""
    if is_ours:
        return line.split("\t")
    if "\t" in line:
        return [field.strip() for field in line.split("\t")]
    fields = re.split(" +", line.strip(" \r"))
    return fields if len(fields) > 1 else line.split()


def _is_tag(field: str) -> bool:
    return field == "O" or (field[:2] in TAGS and len(field) > 2)


def _spaces(written: str, where: str) -> tuple[str, str]:
    """What stands before and behind a token of ours; DataError where that is more than white space."""
    misc = dict(part.split("=", 1) for part in written.split("|") if "=" in part)
    before = _unescape(misc.get("SpacesBefore", ""))
    behind = "" if misc.get("SpaceAfter") == "No" else _unescape(misc.get("SpacesAfter", r"\s"))
    if wrong := [c for c in before + behind if not (c.isspace() or c in INVISIBLE)]:
        raise DataError(f"{where}: SpacesBefore or SpacesAfter holds {wrong[0]!r}, and may hold white space only")
    return before, behind


def _spans(rows: Sequence[_Row], called: Callable[[str], str]) -> list[Tag]:
    """The distinct spans that tags say, by where they begin, the outermost first.

    A tag that begins none goes on with the first span of its label that no tag of its token has gone on with yet; where
    there is none it begins one, as in IOB1.
    """
    found: list[_Open] = []
    going: list[_Open] = []
    sentence = 0
    for row in rows:
        waiting = going if row.sentence == sentence else []
        going, sentence = [], row.sentence
        for tag in row.tags:
            if tag == "O" or not _is_tag(tag):
                continue
            kind, label = tag[:2], called(tag[2:])
            span = next((s for s in waiting if s.label == label), None) if kind not in _BEGIN else None
            if span is None:
                found.append(span := _Open(label, row.start, row.end))
            else:
                waiting.remove(span)
                span.end = row.end
            if kind not in _END:
                going.append(span)
    return list(dict.fromkeys(Tag(span.label, span.start, span.end) for span in found))


@dataclass(eq=False, slots=True)
class _Open:
    """A span that the next token may go on with."""

    label: str
    start: int
    end: int


def _unescape(written: str) -> str:
    return re.sub(r"\\[stnr\\p]", lambda match: _UNESCAPED[match[0]], written)
