"""Documents on one happening: proposed by shared words, joined by hand, kept in one split."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from dataset_builder.corpus import Corpus
from dataset_builder.curation.stories import join, propose
from dataset_builder.errors import UsageError
from dataset_builder.model import Document
from dataset_builder.validation import validate
from tests.cli import khabar
from tests.samples import make_checkout


def _document(id: str, published: str = "2020-03-01", **more: str) -> Document:
    return replace(Document(id, "s", "included", "", "", 0, "", ""), published=published, **more)


FLOOD = "قتل خمسة أشخاص في قصف استهدف سوق المدينة صباح الأحد"
AGAIN = "ارتفاع حصيلة قصف سوق المدينة: خمسة أشخاص قتلوا"
OTHER = "الرئيسان يبحثان التعاون الاقتصادي خلال قمة في العاصمة"


def _propose(**documents: tuple[Document, str]) -> list[tuple[str, str]]:
    return [(p.first.id, p.second.id) for p in propose(documents, least=0.1)]


def test_what_shares_words_within_days_is_proposed() -> None:
    a, b, c = _document("a"), _document("b", "2020-03-03"), _document("c")
    assert _propose(a=(a, FLOOD), b=(b, AGAIN), c=(c, OTHER)) == [("a", "b")]


def test_what_is_far_apart_or_joined_already_is_not() -> None:
    a = _document("a", story="a")
    assert _propose(a=(a, FLOOD), b=(_document("b", "2021-03-03"), AGAIN)) == []
    assert _propose(a=(a, FLOOD), b=(_document("b", story="a"), AGAIN)) == []


def test_a_date_without_a_day_is_near_to_all() -> None:
    assert _propose(a=(_document("a", "2019-12"), FLOOD), b=(_document("b", ""), AGAIN)) == [("b", "a")]


@pytest.fixture
def corpus(tmp_path: Path) -> Corpus:
    return make_checkout(tmp_path / "checkout")


def test_joining_takes_the_whole_story_along(corpus: Corpus) -> None:
    for document in corpus.documents.values():
        assert document.event == document.cluster or document.id == "paper-0001"
    done = khabar(corpus, "stories", "paper-0001", "composed-9001-a")
    assert done.code == 0 and "one event now: 9001-sample" in done.out
    assert Corpus(corpus.root).documents["paper-0001"].cluster == "9001-sample"


def test_two_clusters_are_not_one_event(corpus: Corpus) -> None:
    with pytest.raises(UsageError, match="different events"):
        join(corpus, ["composed-9001-a", "composed-9002-a"])
    with pytest.raises(UsageError, match="two documents or more"):
        join(corpus, ["composed-9001-a"])


def test_a_story_in_two_splits_is_an_error(corpus: Corpus) -> None:
    """The sample's paper is a training document, its second cluster a test one."""
    join(corpus, ["paper-0001", "composed-9002-a"])
    found = [i for i in validate(Corpus(corpus.root)) if i.is_error]
    assert [i.code for i in found] == ["split-cluster"]
    assert "9002-sample is in 2 splits" in found[0].fact
