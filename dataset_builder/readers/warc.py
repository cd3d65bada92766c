"""Web archives: every HTML response of a WARC file is read as a page."""

from __future__ import annotations

import zlib
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
    passed: Counter[str] = Counter()
    for number, record in enumerate(_records(path), 1):
        reason = _no_page(record)
        body = b"" if reason else _body(record)
        _check_whole(record, number)
        if reason:
            passed[reason] += 1
            continue
        url = record.rec_headers.get_header("WARC-Target-URI") or ""
        where = f"{path}#{bare(url)}"
        yield from attempted(_page(body, record, url, where, options), where)
    if passed:
        listed = ", ".join(f"{count} {reason}" for reason, count in sorted(passed.items()))
        yield Incident("records-skipped", f"no pages: {listed}", str(path))


def _records(path: Path) -> Iterator[Any]:
    """warcio's records; Refused where it cannot go on."""
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    seen = 0
    with path.open("rb") as file:
        archive = ArchiveIterator(file)
        while True:
            try:
                record = next(archive, None)
            # AttributeError is what warcio raises for a response without an address.
            except (ArchiveLoadFailed, EOFError, OSError, ValueError, AttributeError) as error:
                raise Refused("record-broken", f"the archive breaks off after {seen} records: {error}") from None
            if record is None:
                break
            seen += 1
            yield record
        left = path.stat().st_size - archive.offset
    if not seen:
        raise Refused("format-unknown", "there is no WARC record in it")
    if left:
        raise Refused("record-broken", f"the archive breaks off after {seen} records, in the head of another")


def _no_page(record: Any) -> str:
    """Why a record is no page, or ""."""
    if record.rec_type != "response" or record.http_headers is None:
        return str(record.rec_type or "damaged")
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


def _body(record: Any) -> bytes:
    """The bytes of the answer as sent: chunks joined, still compressed."""
    from warcio.bufferedreaders import ChunkedDataReader

    chunked = (record.http_headers.get_header("Transfer-Encoding") or "").lower() == "chunked"
    stream = ChunkedDataReader(record.raw_stream) if chunked else record.raw_stream
    return bytes(stream.read(RECORD_LIMIT + 1))


def _unpacked(body: bytes, packing: str) -> bytes:
    """The page out of its compression, which must be whole; archives that say gzip and hold plain markup are common.

    warcio's own unpacking is not used: it passes over a lost end, and fails on Brotli with that package's version 1.2.
    """
    if packing == "br":
        return _unpacked_brotli(body)
    if packing not in ("gzip", "x-gzip", "deflate") or body.lstrip().startswith(b"<"):
        return body
    for form in (47, -15):  # zlib's numbers for "gzip or zlib, as the head says" and for bare deflate
        unpacker = zlib.decompressobj(form)
        try:
            page = unpacker.decompress(body, RECORD_LIMIT + 1)
        except zlib.error:
            continue
        if unpacker.eof or len(page) > RECORD_LIMIT:
            return page
    raise Refused("record-broken", f"the page's {packing} data are damaged or cut off")


def _unpacked_brotli(body: bytes) -> bytes:
    import brotli

    unpacker = brotli.Decompressor()
    try:
        page = bytes(unpacker.process(body, output_buffer_limit=RECORD_LIMIT + 1))
    except brotli.error:
        page = b""
    # A page over the limit is told as too long later; anything else that is not whole is damaged.
    if page and (unpacker.is_finished() or len(page) > RECORD_LIMIT):
        return page
    raise Refused("record-broken", "the page's br data are damaged or cut off")


def _page(body: bytes, record: Any, url: str, where: str, options: Options) -> Iterator[Article | Incident]:
    data = _unpacked(body, (record.http_headers.get_header("Content-Encoding") or "").strip().lower())
    if len(data) > RECORD_LIMIT:
        raise Refused("record-too-long", f"the page has more than {RECORD_LIMIT:,} bytes")
    declared = [options.encoding, _content_type(record).get_content_charset("")]
    yield from page(data, declared=declared, url=url, path=where, locator=url)
