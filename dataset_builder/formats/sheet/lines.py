"""The lines of a sheet: what each one is, before anything is looked up."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

FORM = "# khabar sheet 1"
HEADER = re.compile(r"#\s*(document|sha256|layers|annotator)\s*:\s*(.*)")
SENTENCE = re.compile(r"s(\d+)(?:\s+(.*))?")
RECORD = re.compile(r"([a-z])(\d+)\s+(.*)")
_BAR = re.compile(r"(?<!\\)\s*(?<!\\)\|\s*")


@dataclass(frozen=True, slots=True)
class RecordLine:
    """One record: its id ("a1"), the sentence it stands under, its fields between bars, and its line number."""

    id: str
    prefix: str
    sentence: int
    fields: tuple[str, ...]
    line: int


@dataclass(frozen=True, slots=True)
class SentenceLine:
    """A numbered sentence; `text` is empty where the annotator left the words out."""

    number: int
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class FaultyLine:
    """A line that is none of the forms, with what is wrong."""

    fact: str
    line: int


@dataclass
class Header:
    """What the comment lines at the top say."""

    document: str = ""
    sha256: str = ""
    layers: tuple[str, ...] = ()
    annotator: str = ""
    lines: dict[str, int] = field(default_factory=dict)


def parse(content: str) -> tuple[Header, list[SentenceLine | RecordLine | FaultyLine]]:
    """The header and every other line that is not blank or a comment.

    >>> _, lines = parse("s1 قال\\na1 STATE | أنقرة | =tr\\nهراء")
    >>> [type(line).__name__ for line in lines], lines[1].fields
    (['SentenceLine', 'RecordLine', 'FaultyLine'], ('STATE', 'أنقرة', '=tr'))
    """
    header = Header()
    lines: list[SentenceLine | RecordLine | FaultyLine] = []
    lines.extend(_lines(content, header))
    return header, lines


def _lines(content: str, header: Header) -> Iterator[SentenceLine | RecordLine | FaultyLine]:
    sentence = 0
    for number, raw in enumerate(content.removeprefix("\ufeff").split("\n"), 1):
        line = raw.strip()
        if match := HEADER.fullmatch(line):
            value = match[2].strip()
            header.lines[match[1]] = number
            setattr(header, match[1], tuple(value.split()) if match[1] == "layers" else value)
        elif not line or line.startswith("#"):
            continue
        elif match := SENTENCE.fullmatch(line):
            sentence = int(match[1])
            yield SentenceLine(sentence, (match[2] or "").strip(), number)
        elif match := RECORD.fullmatch(line):
            if sentence:
                fields = tuple(part.strip() for part in _BAR.split(match[3]))
                yield RecordLine(match[1] + match[2], match[1], sentence, fields, number)
            else:
                yield FaultyLine("a record stands before the first sentence line (s1)", number)
        else:
            yield FaultyLine(
                f"{line[:40]!r} is no sentence (s1 …), no record (a1 LABEL | quote | …) and no # comment", number
            )
