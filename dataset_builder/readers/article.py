"""What a reader hands on: an article, or the reason why there is none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dataset_builder.incidents import Incident
from dataset_builder.readers.canonical import Canonical, canonical
from dataset_builder.readers.dates import iso

#: One record (a line, a page, a plain file) may have so many bytes. The longest news articles have some 100,000.
RECORD_LIMIT = 16 * 2**20
#: A file that has to be decoded as a whole may have so many.
FILE_LIMIT = 512 * 2**20
_LETTERS = re.compile(r"[^\W\d_]+")
_ARABIC = re.compile("[\u0600-\u08ff\ufb50-\ufefc]+")
_NO_TEXT = re.compile("[\0\ud800-\udfff]")


class Refused(Exception):  # noqa: N818 - not an error: what a reader decides
    """A record cannot become an article; carries the incident code and the fact. Never leaves this package."""

    def __init__(self, code: str, fact: str) -> None:
        super().__init__(fact)
        self.code = code
        self.fact = fact


@dataclass(frozen=True)
class Article:
    """One article as it came, in canonical form.

    `locator` is the native id in its collection. `published` is ISO 8601 or empty; `url` is as found (see
    `readers.urls.bare` for the form without title). `encoding` is how the bytes were read, `reader` the name and
    version of the reader. `canonical` maps the text back to a raw string, and `raw_is` says which: "file" (the
    decoded file or line), "fields" (title, LF, body as a record's fields held them), or "extract" (title, LF, body as
    they were taken out of HTML). `path` and `line` (from 1; 0 for a whole file) say where it stood. An article whose
    record is there but holds no text has `text` "".
    """

    locator: str
    title: str
    canonical: Canonical
    encoding: str
    reader: str
    raw_is: str
    published: str = ""
    url: str = ""
    outlet: str = ""
    path: str = ""
    line: int = 0

    @property
    def text(self) -> str:
        return self.canonical.text

    def raw_span(self, start: int, end: int) -> tuple[int, int]:
        """`Canonical.raw_span` of its text."""
        return self.canonical.raw_span(start, end)


@dataclass(frozen=True)
class Options:
    """What the user may say about the input: the encoding, and which column holds what (part → column name)."""

    encoding: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)


def whole(path: Path, limit: int = RECORD_LIMIT) -> bytes:
    """A file's bytes; Refused where it has more than `limit`."""
    size = path.stat().st_size
    if size > limit:
        raise Refused("record-too-long", f"it has {size:,} bytes, more than {limit:,}")
    return path.read_bytes()


def check_text(text: str) -> None:
    """Refuse what no text may hold.

    >>> check_text("ن\\ud800")
    Traceback (most recent call last):
    ...
    dataset_builder.readers.article.Refused: half a surrogate pair, U+D800, as character 2
    """
    if not (found := _NO_TEXT.search(text)):
        return
    place = f"as character {found.start() + 1}"
    if found[0] == "\0":
        raise Refused("nul-character", f"a NUL character {place}")
    raise Refused("lone-surrogate", f"half a surrogate pair, U+{ord(found[0]):04X}, {place}")


def check_arabic(text: str) -> None:
    """Refuse a text without any word, and one with fewer Arabic letters than others."""
    letters = "".join(_LETTERS.findall(text))
    if not letters:
        raise Refused("no-text", "no word of text was found")
    arabic = sum(map(len, _ARABIC.findall(letters)))
    if 2 * arabic < len(letters):
        raise Refused("not-arabic", f"{arabic} of {len(letters)} letters are Arabic")


def finished(text: Canonical, date: str = "", *, record: bool = False, **known: Any) -> Iterator[Article | Incident]:
    """The article of a text, and what is to be said of it; `known` are the other fields of `Article`.

    `record` says that a text-less one is still a record of its collection: it is handed on with text "" and its
    incident. Raises Refused where the text cannot be one.
    """
    check_text(text.text)
    when = iso(date) if date.strip() else ""
    article = Article(canonical=text, published=when or "", **known)
    if when is None:
        fact = f"the date {date.strip()[:60]!r} has no known form; none was kept"
        yield Incident("date-unknown", fact, article.path, article.line)
    if record and not text.text:
        yield article
        raise Refused("no-text", f"record {article.locator} has no text")
    check_arabic(text.text)
    yield article


def from_fields(title: str, body: str, **known: Any) -> Iterator[Article | Incident]:
    """The article of a title and a body that stand apart: title, LF, body; the title once where the body has it."""
    title = title.strip()
    first = body.lstrip().partition("\n")[0].strip()
    text = "" if not body.strip() else body if not title or first == title else f"{title}\n{body}"
    return finished(canonical(text), title=canonical(title or first).text, **known)


def attempted(found: Iterator[Article | Incident], path: str, line: int = 0) -> Iterator[Article | Incident]:
    """`found`, with a refusal in it turned into the incident that it is."""
    try:
        yield from found
    except Refused as refusal:
        yield Incident(refusal.code, refusal.fact, path, line)
