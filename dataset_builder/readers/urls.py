"""Addresses of articles, without the words of the title that many of them spell, in any script."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

_TRACKING = re.compile(r"(utm_\w+|fbclid|gclid|ref)", re.IGNORECASE)
#: So many words of letters in a row are no section of a site but a title in Latin letters.
_SLUG_WORDS = 3
_DATE = re.compile(r"/(?:19|20)\d\d(?:/\d{1,2}){1,2}(?=[/?]|$)")


def bare(url: str) -> str:
    """`url` without what spells words beyond ASCII (raw or percent-encoded), without fragment and tracking.

    A path segment that holds such words goes; where no segment is a number by itself, a number at its beginning or end
    stays, being all that tells the article.

    What is no address at all gives "".

    >>> bare("http://www.example.net/ar/article/%D8%AE%D8%A8%D8%B1-%D8%AC%D8%AF%D9%8A%D8%AF-30/106/76940#top")
    'http://www.example.net/ar/article/106/76940'
    >>> bare("https://example.net/news/4711-خبر-جديد.html?id=5&utm_source=x&q=خبر")
    'https://example.net/news/4711?id=5'
    >>> bare("https://example.net/world-news/12345/qasf-ala-madinat-halab.html")
    'https://example.net/world-news/12345'
    """
    try:
        parts = urlsplit(url.strip())
        host = _host(parts.netloc)
    except ValueError:
        return ""
    segments = [unquote(segment) for segment in parts.path.split("/")]
    numbered = any(segment.isdecimal() for segment in segments)
    kept = (segment if not shows_words(segment) else "" if numbered else _number(segment) for segment in segments)
    path = "/".join(new for old, new in zip(segments, kept, strict=True) if new or not old)
    query = [(k, v) for k, v in parse_qsl(parts.query) if not shows_words(k + "=" + v) and not _TRACKING.fullmatch(k)]
    return urlunsplit((parts.scheme, host, quote(path), urlencode(query), ""))


def _number(segment: str) -> str:
    """The number that a segment of words begins or ends with, or ""."""
    name = re.sub(r"\.\w{2,5}$", "", segment)
    found = re.match(r"(\d+)\b", name) or re.search(r"\b(\d+)$", name)
    return found[1] if found else ""


def _host(netloc: str) -> str:
    """A host is public whatever it spells; beyond ASCII it is written as the network does."""
    return netloc if netloc.isascii() else netloc.encode("idna").decode("ascii")


def shows_words(text: str) -> bool:
    """Whether it holds words beyond ASCII, percent-encoded or not, or a run of Latin words as titles have it.

    >>> shows_words("JA-internationalNews-100-20170129"), shows_words("%D8%AE%D8%A8%D8%B1")
    (False, True)
    >>> shows_words("airstrike-on-aleppo-this-evening"), shows_words("middle-east")
    (True, False)
    """
    text = unquote(text)
    return not text.isascii() or _has_slug(text)


def _has_slug(text: str) -> bool:
    """Whether three words of letters stand in a row with hyphens, underscores or blanks between them."""
    runs = re.findall(r"[A-Za-z]{2,}(?:[-_ +]+[A-Za-z]{2,})+", re.sub(r"\.\w{2,5}$", "", text))
    return any(len(re.findall(r"[A-Za-z]{2,}", run)) >= _SLUG_WORDS for run in runs)


def identifies(url: str) -> bool:
    """Whether a bare address still tells its article: it has a number of three digits or more besides a date.

    >>> identifies("http://example.net/ar/article/106/76940"), identifies("https://example.net/2024/12/10/")
    (True, False)
    """
    parts = urlsplit(url)
    return re.search(r"\d{3}", _DATE.sub("/", f"{parts.path}?{parts.query}")) is not None
