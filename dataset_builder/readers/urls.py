"""Addresses of articles, without the words of the title that many of them spell."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit, urlunsplit

_TRACKING = re.compile(r"(utm_\w+|fbclid|gclid|ref)", re.IGNORECASE)


def bare(url: str) -> str:
    """`url` without what spells words beyond ASCII (raw or percent-encoded), without fragment and tracking.

    Of a path segment that holds such words only a number at its beginning or end is kept.

    >>> bare("http://www.example.net/ar/article/%D8%AE%D8%A8%D8%B1-%D8%AC%D8%AF%D9%8A%D8%AF/106/76940#top")
    'http://www.example.net/ar/article/106/76940'
    >>> bare("https://example.net/news/4711-خبر-جديد.html?id=5&utm_source=x&q=خبر")
    'https://example.net/news/4711?id=5'
    """
    parts = urlsplit(url.strip())
    path = "/".join(kept for segment in parts.path.split("/") if (kept := _without_words(segment)) is not None)
    query = [(k, v) for k, v in parse_qsl(parts.query) if (k + v).isascii() and not _TRACKING.fullmatch(k)]
    return urlunsplit((parts.scheme, _host(parts.netloc), path, urlencode(query), ""))


def _without_words(segment: str) -> str | None:
    if unquote(segment).isascii():
        return segment
    bare_segment = re.sub(r"\.\w{2,5}$", "", unquote(segment))
    first, last = re.match(r"(\d+)\b", bare_segment), re.search(r"\b(\d+)$", bare_segment)
    found = first or last
    return found[1] if found else None


def _host(netloc: str) -> str:
    """A host is public whatever it spells; beyond ASCII it is written as the network does."""
    return netloc if netloc.isascii() else netloc.encode("idna").decode("ascii")


def shows_words(text: str) -> bool:
    """Whether it holds words beyond ASCII, percent-encoded or not.

    >>> shows_words("JA-internationalNews-100-20170129"), shows_words("%D8%AE%D8%A8%D8%B1")
    (False, True)
    """
    return not unquote(text).isascii()
