"""Split lists: each rule broken once, on a real checkout."""

from __future__ import annotations

from pathlib import Path

import pytest

from dataset_builder.corpus import Corpus
from dataset_builder.errors import DataError
from dataset_builder.splits import Splits, pin
from dataset_builder.validation.splits import check_splits
from tests import samples


def codes(corpus: Corpus) -> list[str]:
    fresh = Corpus(corpus.root)
    return [incident.code for incident in check_splits(fresh)]


def test_the_sample_is_sound_and_read_in_order(tmp_path: Path) -> None:
    corpus = samples.make_checkout(tmp_path)
    splits = Splits.load(tmp_path)
    assert codes(corpus) == []
    assert [(s.track, s.name, len(s.documents)) for s in splits.lists] == [
        ("composed", "train", 2),
        ("composed", "test", 2),
        ("referenced", "train", 1),
    ]
    assert splits.sources == {"composed": ("composed",), "referenced": ("paper",)}
    found = splits.of("composed-9002-b")
    assert found is not None and found.name == "test"
    assert splits.of("composed-9002-z") is None
    assert {id: split.name for id, split in splits.placed.items()}["paper-0001"] == "train"


def test_an_edited_list_is_seen_and_a_pin_settles_it(tmp_path: Path) -> None:
    corpus = samples.make_checkout(tmp_path)
    train = tmp_path / "splits" / "composed" / "train.txt"
    train.write_text("composed-9001-b\n", "utf8")
    assert codes(corpus) == ["split-list-edited", "split-missing"]
    assert pin(tmp_path) == ["splits/splits.toml"]
    assert codes(corpus) == ["split-missing"]
    assert pin(tmp_path) == []


def test_pin_writes_a_new_list_in_order_and_keeps_the_comment(tmp_path: Path) -> None:
    corpus = samples.make_checkout(tmp_path)
    toml = tmp_path / "splits" / "splits.toml"
    toml.write_text("# Why these.\n" + toml.read_text("utf8"), "utf8")
    (tmp_path / "splits" / "composed" / "train.txt").write_text("composed-9001-b\n", "utf8")
    (tmp_path / "splits" / "composed" / "validation.txt").write_text("composed-9001-a\n\n", "utf8")
    assert "split-list-edited" in codes(corpus)
    pin(tmp_path)
    assert toml.read_text("utf8").startswith("# Why these.\n[tracks.composed]")
    assert codes(corpus) == ["split-cluster"]


@pytest.mark.parametrize(
    ("splits", "code"),
    [
        ({"composed": {"train": ["composed-9001-a", "composed-9001-b", "composed-9009-a"]}}, "split-unknown-document"),
        ({"composed": {"train": ["composed-9001-a"], "test": ["composed-9001-a"]}}, "split-twice"),
        ({"composed": {"train": ["composed-9001-a"], "test": ["composed-9001-b"]}}, "split-cluster"),
        ({"composed": {"train": ["composed-9001-a"]}}, "split-missing"),
    ],
)
def test_each_rule(tmp_path: Path, splits: dict[str, dict[str, list[str]]], code: str) -> None:
    corpus = samples.make_checkout(tmp_path)
    samples.write_splits(tmp_path, splits)
    assert code in codes(corpus)


def test_a_document_of_another_source_is_named(tmp_path: Path) -> None:
    samples.make_checkout(tmp_path)
    toml = tmp_path / "splits" / "splits.toml"
    toml.write_text(toml.read_text("utf8").replace('["paper"]', '["composed"]'), "utf8")
    (incident,) = check_splits(Corpus(tmp_path))
    assert incident.code == "split-source"
    assert incident.where == "splits/referenced/train.txt:1"
    assert "'paper'" in incident.fact


def test_an_unsorted_list_is_named_with_its_line(tmp_path: Path) -> None:
    samples.make_checkout(tmp_path)
    (tmp_path / "splits" / "composed" / "train.txt").write_text("composed-9001-b\ncomposed-9001-a\n", "utf8")
    order = next(i for i in check_splits(Corpus(tmp_path)) if i.code == "split-order")
    assert order.line == 2


def test_an_unreadable_table_is_one_sentence(tmp_path: Path) -> None:
    samples.make_checkout(tmp_path)
    (tmp_path / "splits" / "splits.toml").write_text("[tracks.composed]\n", "utf8")
    with pytest.raises(DataError, match=r"splits\.toml: not a table of tracks"):
        Splits.load(tmp_path)


def test_a_checkout_without_splits_has_none(tmp_path: Path) -> None:
    assert Splits.load(tmp_path) == Splits()
