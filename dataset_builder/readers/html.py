"""A web page: trafilatura takes the article out of it, and says title, outlet and address.

What trafilatura 2 does by default with a short article is to fall back on the whole page. Here it may not: no fallback,
precision over recall, so that a page without an article is no article.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from dataset_builder.incidents import Incident
from dataset_builder.readers.article import Article, Options, Refused, check_text, from_fields, whole
from dataset_builder.readers.dates import iso
from dataset_builder.readers.encoding import decode

_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_XML = re.compile(rb"""<\?xml[^>]{0,100}?encoding\s*=\s*["']([\w.:-]+)""")
_XML_TEXT = re.compile(r"^\s*<\?xml[^>]*\?>")
_LINKED_DATA = re.compile(r"<script[^>]+application/ld\+json[^>]*>(.*?)</script>", re.DOTALL | re.IGNORECASE)
_CONTROLS = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_BLOCKS = frozenset(("p", "div", "br", "li", "h1", "h2", "h3", "h4", "blockquote", "tr"))
#: Where pages say when they were published, best first: XPath and what to take.
_DATES = (
    "//meta[@property='article:published_time']/@content",
    "//*[@itemprop='datePublished']/@content",
    "//*[@itemprop='datePublished']/@datetime",
    "//meta[@name='date' or @name='pubdate' or @name='publishdate' or @name='DC.date.issued']/@content",
    "//article//time/@datetime",
)


def read_html(path: Path, options: Options) -> Iterator[Article | Incident]:
    """The article of one page. Its locator is the file's name without suffix."""
    yield from page(whole(path), declared=[options.encoding], path=str(path), locator=path.stem)


def page(
    data: bytes, *, declared: Sequence[str] = (), url: str = "", path: str = "", locator: str = ""
) -> Iterator[Article | Incident]:
    """The article of a page's bytes; `declared` are the encodings that HTTP or the user names, `url` where it was.

    Raises Refused where there is no article, or its encoding cannot be told.
    """
    decoded = decode(data, [*declared, *declared_in(data)])
    markup = _XML_TEXT.sub("", decoded.text.removeprefix("\ufeff"))
    found = _extracted(markup, url)
    if found is None or not (found.text or "").strip():
        raise Refused("no-text", "the page has no article text")
    known = {"url": url or found.url or "", "outlet": found.sitename or found.hostname or "", "path": path}
    known |= {"encoding": decoded.encoding, "reader": reader("html/1"), "raw_is": "extract"}
    date = _date(markup)
    yield from from_fields(found.title or "", found.text, date=date, locator=locator or known["url"], **known)


@cache
def reader(name: str) -> str:
    """The reader with the version of trafilatura, on which the text depends."""
    return f"{name}+trafilatura-{version('trafilatura')}"


def declared_in(data: bytes) -> list[str]:
    """The encodings that the first 4096 bytes of markup name."""
    head = data[:4096]
    return [found[1].decode("ascii") for pattern in (_XML, _CHARSET) if (found := pattern.search(head))]


def _extracted(markup: str, url: str) -> Any:
    import trafilatura

    return trafilatura.bare_extraction(
        markup,
        url=url or None,
        fast=True,
        favor_precision=True,
        include_comments=False,
        include_tables=False,
        with_metadata=True,
        date_extraction_params={"extensive_search": False, "original_date": True, "max_date": "2100-01-01"},
    )


def _date(markup: str) -> str:
    """When the page says that it was published, as it says it, or "": its linked data, else its meta elements.

    Trafilatura's own date is not used: it reads dates out of the text and guesses the order of day and month.
    """
    for block in _LINKED_DATA.findall(markup):
        try:
            given = _published(json.loads(block))
        except ValueError:
            continue
        if given:
            return given
    from lxml import html

    tree = html.fromstring(markup)
    candidates = [str(value) for path in _DATES for value in tree.xpath(path)]
    return next((c for c in candidates if iso(c)), candidates[0] if candidates else "")


def _published(data: Any) -> str:
    """The first datePublished in linked data, however deep it lies."""
    if isinstance(data, dict):
        given = data.get("datePublished")
        return given if isinstance(given, str) else next(filter(None, map(_published, data.values())), "")
    return next(filter(None, map(_published, data)), "") if isinstance(data, list) else ""


def fragment_text(markup: str) -> str:
    """The text of a piece of HTML, as feeds carry them: a line a block, white space single within.

    >>> fragment_text("<p>سطر <b>أول</b></p><p>سطر&nbsp;ثان<br>وثالث</p><script>x()</script>")
    'سطر أول\\nسطر ثان\\nوثالث'
    """
    from lxml import etree, html

    check_text(markup)
    # lxml takes no other control characters either; they are as little text as the markup.
    markup = _CONTROLS.sub(" ", markup)
    if not markup.strip():
        return ""
    tree = html.fragment_fromstring(markup, create_parent="div")
    etree.strip_elements(tree, "script", "style", "figure", "iframe", etree.Comment, with_tail=False)
    parts: list[str] = []
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        parts.append("\n" if element.tag in _BLOCKS else "")
        parts.append((element.text if event == "start" else element.tail) or "")
    lines = (" ".join(line.split()) for line in "".join(parts).split("\n"))
    return "\n".join(line for line in lines if line)
