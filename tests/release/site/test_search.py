"""The text search's view: the same letters and places in the script as in `text.normalise`, on every text."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dataset_builder.corpus import Corpus
from dataset_builder.release.html import environment
from dataset_builder.release.site.documents import shown_documents
from dataset_builder.release.site.search import TYPED, folding, search_data
from dataset_builder.text.normalise import fold
from tests.samples import TEXTS

if TYPE_CHECKING:
    from playwright.sync_api import Page

HERE = Path(__file__).resolve().parents[3]
FOLD = """([source, folding, texts]) => {
  const { fold } = new Function(source + "; return makeFold;")()(folding);
  return texts.map((text) => { const view = fold(text); return [view.letters, view.index]; });
}"""


def by_script(page: Page, texts: Sequence[str]) -> Any:
    """What the site's script makes of the texts: folded letters, and the UTF-16 place that each is from."""
    source = environment().loader.get_source(environment(), "site/fold.js")[0]  # type: ignore[union-attr]
    return page.evaluate(FOLD, [source, folding(texts), list(texts)])


def by_package(text: str) -> list[object]:
    """The same from `fold`, its code points turned into UTF-16 places."""
    view = fold(text)
    places = [0]
    for character in text:
        places.append(places[-1] + len(character.encode("utf-16-le")) // 2)
    index = [places[int(i)] for i in view.index]
    letters = [(letter, place) for letter, place in zip(view.letters, index, strict=True)]
    # A letter beyond the basic plane is two units of one place in the script.
    return [view.letters, [place for letter, place in letters for _ in range(len(letter.encode("utf-16-le")) // 2)]]


def test_the_script_folds_every_text_of_the_corpus_alike(open_page: Callable[..., Page]) -> None:
    texts = [p.read_text("utf8") for p in sorted((HERE / "articles").rglob("*.txt"))]
    assert len(texts) >= 160
    page = open_page("<!DOCTYPE html>")
    assert by_script(page, texts) == [by_package(text) for text in texts]


def test_the_script_folds_other_peoples_texts_alike(open_page: Callable[..., Page], shared_raw: Path) -> None:
    files = [p for p in sorted(shared_raw.rglob("*")) if p.suffix in (".txt", ".sgml", ".conllu") and p.is_file()]
    texts = [p.read_bytes().decode("utf8", "replace")[:5000] for p in files]
    assert len(texts) > 100
    page = open_page("<!DOCTYPE html>")
    for start in range(0, len(texts), 100):
        part = texts[start : start + 100]
        assert by_script(page, part) == [by_package(text) for text in part]


def test_the_script_folds_what_is_rare_alike(open_page: Callable[..., Page]) -> None:
    rare = ["قُسِّد", "ﻻ ﷲ ﷺ", "٣٫٥ ۴", "ةىئؤأإآٱء", "گچپ", "ＡＢc ß ſ İ", "𝐀𞸀😀 x", "é e\u0301", "\u200fقسد\u202e", ""]
    page = open_page("<!DOCTYPE html>")
    assert by_script(page, rare) == [by_package(text) for text in rare]


@settings(max_examples=200)
@given(st.text())
def test_the_table_says_what_folding_does(text: str) -> None:
    """Looked up character by character, the table gives the letters of the whole."""
    table = {character: letters for letters, characters in folding([text]).items() for character in characters}
    assert "".join(table.get(character, "") for character in text) == fold(text).letters


def test_whoever_types_a_character_of_these_blocks_finds_it() -> None:
    known = "".join(folding([]).values())
    typed = [chr(code) for first, last in TYPED for code in range(first, last + 1)]
    assert [c for c in typed if fold(c).letters and c not in known] == []


def test_texts_that_are_not_shown_are_not_in_the_data(corpus: Corpus) -> None:
    data = json.loads(search_data(shown_documents(corpus)))["documents"]
    assert data["composed-9001-a"]["text"] == TEXTS["composed-9001-a"]
    assert data["composed-9001-a"]["about"] == "composed-9001-a Market حدث"
    assert data["paper-0001"] == {"about": "paper-0001", "text": ""}
    local = json.loads(search_data(shown_documents(corpus, with_texts=True)))["documents"]
    assert local["paper-0001"]["text"] == TEXTS["paper-0001"]


@pytest.mark.parametrize("end", ["</script>", "<!--", "<script"])
def test_a_text_cannot_end_the_script_element(corpus: Corpus, end: str) -> None:
    shown = [replace(d, entry=replace(d.entry, text=f"قال {end}")) for d in shown_documents(corpus)]
    data = search_data(shown)
    assert "<" not in data and json.loads(data)["documents"]["paper-0001"]["text"] == f"قال {end}"
