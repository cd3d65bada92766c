"""RSS and Atom feeds: each entry's full text where the feed has it, else its summary (the reader's name says which)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from dataset_builder.incidents import Incident
from dataset_builder.readers.article import Article, Options, Refused, attempted, from_fields, whole
from dataset_builder.readers.encoding import decode
from dataset_builder.readers.html import declared_in, fragment_text

_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")


def read_feed(path: Path, options: Options) -> Iterator[Article | Incident]:
    """An article an entry. Its locator is the entry's id (guid), or else its address."""
    import feedparser

    data = whole(path)
    decoded = decode(data, [options.encoding, *declared_in(data)])
    # The encoding was settled above; feedparser, left alone, would guess where the declaration is wrong.
    markup = _DECLARATION.sub("", decoded.text.removeprefix("\ufeff")).encode("utf8")
    try:
        feed = feedparser.parse(markup, response_headers={"content-type": "application/xml; charset=utf-8"})
    except ValueError as error:  # such as a reference to half a surrogate pair
        raise Refused("record-broken", f"the feed's markup cannot be read: {error}") from None
    if not feed.get("version") and not feed.entries:
        raise Refused("format-unknown", "it is neither RSS nor Atom")
    if feed.bozo:
        yield Incident("feed-malformed", f"{feed.bozo_exception}", str(path))
    if not feed.entries:
        raise Refused("no-text", "the feed has no entry")
    for number, entry in enumerate(feed.entries, 1):
        where = f"{path}#{number}"
        yield from attempted(_article(entry, feed.feed.get("title") or "", decoded.encoding, where), where)


def _article(entry: Any, outlet: str, encoding: str, where: str) -> Iterator[Article | Incident]:
    full = max((content.get("value") or "" for content in entry.get("content") or ()), key=len, default="")
    body = fragment_text(full) or fragment_text(entry.get("summary") or "")
    known = {"url": entry.get("link") or "", "outlet": outlet, "encoding": encoding, "raw_is": "extract", "path": where}
    known |= {"reader": "feed/1" if full else "feed-summary/1", "locator": entry.get("id") or entry.get("link") or ""}
    date = entry.get("published") or entry.get("updated") or ""
    if not body:
        raise Refused("no-text", "the entry has neither content nor summary")
    yield from from_fields(fragment_text(entry.get("title") or "").replace("\n", " "), body, date=date, **known)
