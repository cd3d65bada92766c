"""Web archives: every HTML response of a WARC file is read as a page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from email.message import Message
from pathlib import Path
from typing import Any

from dataset_builder.incidents import Incident
from dataset_builder.readers.article import RECORD_LIMIT, Article, Options, Refused, attempted
from dataset_builder.readers.html import page
from dataset_builder.readers.urls import bare

HTML = ("text/html", "application/xhtml+xml")


def read_warc(path: Path, options: Options) -> Iterator[Article | Incident]:
    """The articles of the responses with status 200 and an HTML type; the rest is counted in one incident.

    An article's locator is its address.
    """
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    passed: Counter[str] = Counter()
    seen = 0
    with path.open("rb") as file:
        try:
            archive = ArchiveIterator(file)
            for record in archive:
                seen += 1
                reason = _no_page(record)
                data = b"" if reason else record.content_stream().read(RECORD_LIMIT + 1)
                _check_whole(record, seen)
                if reason:
                    passed[reason] += 1
                    continue
                url = record.rec_headers.get_header("WARC-Target-URI") or ""
                where = f"{path}#{bare(url)}"
                yield from attempted(_page(data, record, url, where, options), where)
        except (ArchiveLoadFailed, EOFError, OSError) as error:
            raise Refused("record-broken", f"the archive breaks off after {seen} records: {error}") from None
        left = path.stat().st_size - archive.offset
    if not seen:
        raise Refused("format-unknown", "there is no WARC record in it")
    if left:
        raise Refused("record-broken", f"the archive breaks off after {seen} records, in the head of another")
    if passed:
        listed = ", ".join(f"{count} {reason}" for reason, count in sorted(passed.items()))
        yield Incident("records-skipped", f"no pages: {listed}", str(path))


def _no_page(record: Any) -> str:
    """Why a record is no page, or ""."""
    if record.rec_type != "response" or record.http_headers is None:
        return str(record.rec_type)
    if (status := record.http_headers.get_statuscode()) != "200":
        return f"status {status}"
    kind = _content_type(record).get_content_type()
    return "" if kind in HTML else kind


def _content_type(record: Any) -> Message:
    message = Message()
    message["Content-Type"] = record.http_headers.get_header("Content-Type") or ""
    return message


def _check_whole(record: Any, number: int) -> None:
    """Refuse a record with fewer bytes than it announces, which warcio passes over: its page would lack its end."""
    if not record.rec_type:
        raise Refused("record-broken", f"the archive breaks off in the head of record {number}")
    while record.raw_stream.read(2**16):
        pass
    if missing := getattr(record.raw_stream, "limit", 0):
        raise Refused("record-broken", f"the archive breaks off in record {number}, {missing:,} bytes before its end")


def _page(data: bytes, record: Any, url: str, where: str, options: Options) -> Iterator[Article | Incident]:
    if len(data) > RECORD_LIMIT:
        raise Refused("record-too-long", f"the page has more than {RECORD_LIMIT:,} bytes")
    declared = [options.encoding, _content_type(record).get_content_charset("")]
    yield from page(data, declared=declared, url=url, path=where, locator=url)
