"""Every link and name in a folder of pages, read by Python's own parser."""

from __future__ import annotations

import posixpath
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit


class Names(HTMLParser):
    """The ids of a page, where its links lead, and what it would load."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if found.get("id"):
            self.ids.append(str(found["id"]))
        if tag == "a" and "href" in found:
            self.links.append(str(found["href"]))
        if tag == "link" or "src" in found or "style" in found:
            self.loaded.append(f"{tag} {found}")


def broken(site: Path) -> list[str]:
    """What is wrong in a site: links that lead nowhere, ids that stand twice, anything that would be loaded."""
    pages = {p.relative_to(site).as_posix(): Names(p.read_text("utf8")) for p in sorted(site.rglob("*.html"))}
    found = []
    for path, names in pages.items():
        found += [f"{path}: id {id} stands twice" for id in {i for i in names.ids if names.ids.count(i) > 1}]
        found += [f"{path}: loads {what}" for what in names.loaded]
        for href in names.links:
            parts = urlsplit(href)
            if parts.scheme in ("http", "https"):
                continue
            target = (
                posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(parts.path))) if parts.path else path
            )
            if parts.scheme or target not in pages or (parts.fragment and parts.fragment not in pages[target].ids):
                found.append(f"{path}: {href} leads nowhere")
    return found
