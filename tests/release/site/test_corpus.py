"""The site of the corpus itself, as it would be published."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from dataset_builder.corpus import Corpus
from dataset_builder.release.entries import select
from dataset_builder.release.site.build import write
from dataset_builder.text.normalise import fold
from tests.browser import barriers
from tests.release.site.links import broken

if TYPE_CHECKING:
    from playwright.sync_api import Page

HERE = Path(__file__).resolve().parents[3]
LOOKED_AT = (
    "documents/composed-0001-a.html",
    "clusters/0001-aleppo-evacuation.html",
    "statistics.html",
    "bias.html",
    "agreement.html",
)
LISTED = "all => all.filter(row => !row.hidden).map(row => row.id)"


def test_the_site_of_the_corpus(tmp_path: Path, visit: Callable[..., Page]) -> None:
    """One test, since the build takes longest: links, words of others, the list and its search, a page of each kind."""
    corpus = Corpus(HERE)
    write(corpus, tmp_path / "site")
    assert broken(tmp_path / "site") == []
    referenced = [e.document.id for e in select(corpus).standoff]
    assert len(referenced) > 300
    for id in referenced:
        assert not re.search(r"[\u0600-\u06ff]", (tmp_path / "site" / "documents" / f"{id}.html").read_text("utf8")), id
    page = visit(tmp_path / "site" / "index.html")
    assert page.locator("#documents > li").count() == len(select(corpus).all)
    texts = {d.id: corpus.text(d) or "" for d in corpus.documents.values() if d.is_included}
    for asked, written in (("مجلس الأمن", "مجلس الأمن"), ("دير الزُّور", "دير الزور"), ("النُصره", "النصرة")):
        page.fill("[name=text]", asked)
        page.keyboard.press("Enter")
        found = set(page.eval_on_selector_all("#documents > li", LISTED))
        there = {id for id, text in texts.items() if re.search(rf"\b{written}", text)}
        words = [fold(word).letters for word in written.split()]
        may = {id for id, text in texts.items() if all(word in fold(text).letters for word in words)}
        told = {d.id for d in corpus.documents.values() if d.cluster and written in corpus.clusters[d.cluster].title_ar}
        assert there and there <= found <= may | told, asked
    for path in LOOKED_AT:
        assert barriers(visit(tmp_path / "site" / path, viewport={"width": 375, "height": 812})) == [], path


def test_every_linked_place_has_a_name() -> None:
    corpus = Corpus(HERE)
    linked = {
        s.attributes["geonames"]
        for e in select(corpus).all
        for s in e.layer.of("LOCATION")
        if "geonames" in s.attributes
    }
    assert linked - set(corpus.places) == set()
    assert [
        place.id for place in corpus.places.values() if not re.fullmatch(r"[\u0621-\u0652 ()]+", place.name_ar)
    ] == []
