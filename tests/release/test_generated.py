"""Figures in documents: computed between markers, stale ones found."""

from __future__ import annotations

from pathlib import Path

import pytest

from dataset_builder.corpus import Corpus
from dataset_builder.errors import DataError, UsageError
from dataset_builder.model import Claim, Layer
from dataset_builder.release.generated import fill
from dataset_builder.release.statistics import BLOCKS, Figures, nesting
from tests.cli import HERE, khabar
from tests.samples import make_checkout


def test_what_stands_between_markers_is_made_anew() -> None:
    document = "A <!-- generated: x -->1<!-- end --> b\n<!-- generated: x -->\nold\n<!-- end -->\n"
    assert (
        fill(document, {"x": str}, 2)
        == "A <!-- generated: x -->2<!-- end --> b\n<!-- generated: x -->\n2\n<!-- end -->\n"
    )
    with pytest.raises(UsageError, match="generated text"):
        fill("<!-- generated: y --><!-- end -->", {"x": str}, 2)
    with pytest.raises(DataError, match="has no <!-- end -->"):
        fill("<!-- generated: x -->", {"x": str}, 2)


def test_nesting_counts_the_claims_around() -> None:
    claims = (
        Claim("c1", None, None, ("s1",), "indirect", "say", "none"),
        Claim("c2", None, None, ("s2",), "indirect", "say", "none", parent="c1"),
        Claim("c3", None, None, ("s3",), "indirect", "say", "none", parent="c2"),
    )
    assert nesting(Layer("d", "1.0", 9, "", ("CLAIM",), claims=claims)) == [0, 1, 2]


def test_a_stale_figure_is_found_and_renewed(tmp_path: Path) -> None:
    corpus = make_checkout(tmp_path / "checkout")
    sheet = corpus.root / "README.md"
    sheet.write_text("It has <!-- generated: number of documents -->4<!-- end --> documents.\n", "utf8")
    stale = khabar(corpus, "datasheet", "--check")
    assert stale.code == 1 and "+It has <!-- generated: number of documents -->5<!-- end --> documents." in stale.out
    assert khabar(corpus, "datasheet").code == 0
    assert "-->5<!-- end -->" in sheet.read_text("utf8")
    assert khabar(corpus, "datasheet", "--check").code == 0


def test_every_block_can_be_made_without_texts_of_others(tmp_path: Path) -> None:
    """The same figures with and without hydrated texts."""
    bare = make_checkout(tmp_path / "bare")
    hydrated = make_checkout(tmp_path / "hydrated", hydrated=True)
    for corpus in (bare, hydrated):
        for hand in ("amal", "basil"):
            for document in corpus.documents.values():
                corpus.write_layer(corpus.layer(document.id), f"passes/{hand}")
    made = [{name: make(Figures(corpus)) for name, make in BLOCKS.items()} for corpus in (bare, hydrated)]
    assert made[0] == made[1]
    assert "| **ACTOR** |" in made[0]["agreement"] and made[0]["number of documents"] == "5"


def test_this_repositorys_documents_are_as_the_data_has_them() -> None:
    done = khabar(Corpus(HERE), "datasheet", "--check")
    assert done.code == 0, done.out
