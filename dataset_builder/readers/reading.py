"""From files to articles: the format by name or by what the file looks like, and every problem as an incident."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from dataset_builder.errors import unknown
from dataset_builder.incidents import Incident
from dataset_builder.readers.article import Article, Options, Refused, attempted
from dataset_builder.readers.encoding import MARKS, decode
from dataset_builder.readers.feed import read_feed
from dataset_builder.readers.html import read_html
from dataset_builder.readers.plain import read_plain
from dataset_builder.readers.rows import read_csv, read_jsonl, read_parquet
from dataset_builder.readers.sgml import read_sgml
from dataset_builder.readers.warc import read_warc

Reader = Callable[[Path, Options], Iterator[Article | Incident]]
FORMATS: dict[str, Reader] = {
    "plain": read_plain,
    "html": read_html,
    "jsonl": read_jsonl,
    "csv": read_csv,
    "parquet": read_parquet,
    "sgml": read_sgml,
    "warc": read_warc,
    "feed": read_feed,
}
SUFFIXES = {
    ".txt": "plain",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".tsv": "csv",
    ".parquet": "parquet",
    ".sgml": "sgml",
    ".sgm": "sgml",
    ".warc": "warc",
    ".warc.gz": "warc",
    ".xml": "feed",
    ".rss": "feed",
    ".atom": "feed",
}


def read(path: Path, format: str | None = None, options: Options | None = None) -> Iterator[Article | Incident]:
    """The articles of a file, or of all files in a folder, and an incident for each thing that could not be read.

    `format` is one of FORMATS, or None to recognise it. Raises UsageError for an unknown format; nothing that stands in
    a file raises.
    """
    if format is not None and format not in FORMATS:
        raise unknown("format", format, FORMATS)
    options = options or Options()
    for file in files([path], format):
        yield from [file] if isinstance(file, Incident) else attempted(_read(file, format, options), str(file))


def _read(path: Path, format: str | None, options: Options) -> Iterator[Article | Incident]:
    try:
        if path.stat().st_size == 0:
            raise Refused("empty-file", "there is nothing in it")
        is_empty = True
        for found in FORMATS[format or recognise(path)](path, options):
            is_empty = False
            yield found
        if is_empty:
            raise Refused("empty-file", "there is no record in it")
    except OSError as error:
        raise Refused("unreadable-file", f"it cannot be read: {error.strerror or error}") from None


def files(paths: Iterable[Path], format: str | None = None) -> Iterator[Path | Incident]:
    """Every file of the paths, folders walked in the order of names; a file there whose suffix no format has is told.

    With a `format`, every file of a folder is taken, save hidden ones.
    """
    for path in paths:
        if path.is_dir():
            inside = sorted(p for p in path.rglob("*") if p.is_file() and not p.name.startswith("."))
            if not inside:
                yield Incident("empty-folder", "there is no file in it", str(path))
            for file in inside:
                if format is None and not _by_suffix(file):
                    yield Incident("file-skipped", "its suffix says nothing about a format", str(file))
                else:
                    yield file
        elif path.is_file():
            yield path
        else:
            yield Incident("unreadable-file", "there is no such file", str(path))


def _by_suffix(path: Path) -> str:
    name = path.name.lower()
    return next((format for suffix, format in SUFFIXES.items() if name.endswith(suffix)), "")


def recognise(path: Path) -> str:
    """The format of a file: by its first bytes where they say it, else by its suffix. Refused where neither does."""
    with path.open("rb") as file:
        head = file.read(2048)
    if found := _by_content(head):
        return found
    if found := _by_suffix(path):
        return found
    # Without a suffix, a text is taken as plain text; what is none is refused here, with the reason.
    decode(head[: head.rfind(b"\n") + 1] or head)
    return "plain"


def _by_content(head: bytes) -> str:
    """The format that the first bytes show beyond doubt, or ""."""
    for magic, format in ((b"PAR1", "parquet"), (b"WARC/", "warc")):
        if head.startswith(magic):
            return format
    mark = next((mark for mark, _ in MARKS if head.startswith(mark)), b"")
    start = head.removeprefix(mark).replace(b"\0", b"").lstrip()[:1024].lower()
    if start.startswith((b"<!doctype html", b"<html")):
        return "html"
    if start.startswith((b"<doc>", b"<doc ")):
        return "sgml"
    if start.startswith((b"<rss", b"<feed", b"<rdf:rdf")):
        return "feed"
    if start.startswith(b"<?xml"):
        return "html" if b"<html" in start else "feed" if any(t in start for t in (b"<rss", b"<feed", b"<rdf")) else ""
    return "jsonl" if start.startswith(b'{"') else ""
