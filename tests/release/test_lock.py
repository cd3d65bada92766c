"""The lock of a version: what it refuses, and with which names."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from dataset_builder.corpus import Corpus
from dataset_builder.errors import DataError
from dataset_builder.release.content import make_release
from dataset_builder.release.lock import Lock, check_lock, read_lock, read_version, write_lock
from tests import samples

LOCK = Lock("0.2.0", {"a": "1", "b": "2"}, {"documents/train": "x"})


def locked(tmp_path: Path) -> Corpus:
    corpus = samples.make_checkout(tmp_path)
    assert write_lock(tmp_path, make_release(corpus).lock)
    return corpus


def set_version(corpus: Corpus, version: str) -> Corpus:
    (corpus.root / "annotations" / "release.toml").write_text(f'version = "{version}"\n', "utf8")
    return Corpus(corpus.root)


def facts(caught: pytest.ExceptionInfo[DataError]) -> list[str]:
    assert {incident.code for incident in caught.value.incidents} == {"version-locked"}
    return [incident.fact for incident in caught.value.incidents]


def test_a_lock_is_read_as_written(tmp_path: Path) -> None:
    assert read_lock(tmp_path) is None
    (tmp_path / "annotations").mkdir()
    write_lock(tmp_path, LOCK)
    assert read_lock(tmp_path) == LOCK
    assert not write_lock(tmp_path, LOCK)


@pytest.mark.parametrize("change", ['"1"', '"a"', '"x"', "0.2.0", "\n"])
def test_an_edited_lock_is_found_out(tmp_path: Path, change: str) -> None:
    (tmp_path / "annotations").mkdir()
    write_lock(tmp_path, LOCK)
    path = tmp_path / "annotations" / "release.jsonl"
    edited = path.read_text("utf8").replace(change, {"0.2.0": "what"}.get(change, ""), 1)
    if change != '"x"':
        path.write_text(edited, "utf8")
    else:
        path.write_text("", "utf8")
    with pytest.raises(DataError, match="edited by hand or cut off"):
        read_lock(tmp_path)


def test_changed_added_and_removed_documents_are_named(tmp_path: Path) -> None:
    corpus = locked(tmp_path)
    samples.edit_layer(corpus, replace(samples.wire(), claims=samples.wire().claims[:1]))
    splits = {"composed": {"train": ["composed-9001-b"], "test": ["composed-9002-a", "composed-9002-b"]}}
    samples.write_splits(tmp_path, splits)
    with pytest.raises(DataError, match="raise the version") as caught:
        make_release(Corpus(tmp_path))
    assert facts(caught) == ["composed-9001-a was removed", "composed-9001-b changed", "paper-0001 was removed"]
    samples.write_splits(tmp_path, {"composed": {"test": ["composed-9002-a"]}})
    write_lock(tmp_path, make_release(set_version(corpus, "0.1.1")).lock)
    samples.write_splits(tmp_path, {"composed": {"test": ["composed-9002-a", "composed-9002-b"]}})
    with pytest.raises(DataError) as caught:
        make_release(Corpus(tmp_path))
    assert facts(caught) == ["composed-9002-b was added"]


def test_a_document_that_moves_to_another_split_has_changed(tmp_path: Path) -> None:
    locked(tmp_path)
    samples.write_splits(tmp_path, {**samples.SPLITS, "referenced": {"test": ["paper-0001"]}})
    with pytest.raises(DataError) as caught:
        make_release(Corpus(tmp_path))
    assert facts(caught) == ["paper-0001 changed"]


def test_an_outlet_whose_stance_changes_changes_its_documents(tmp_path: Path) -> None:
    locked(tmp_path)
    outlets = tmp_path / "annotations" / "outlets.jsonl"
    outlets.write_text(outlets.read_text("utf8").replace('"stance":"agency"', '"stance":"government"'), "utf8")
    with pytest.raises(DataError) as caught:
        make_release(Corpus(tmp_path))
    assert facts(caught) == ["composed-9001-b changed", "composed-9002-b changed"]


def test_new_rows_of_the_same_documents_are_named_by_table(tmp_path: Path) -> None:
    corpus = locked(tmp_path)
    lock = read_lock(tmp_path)
    assert lock is not None
    changed = replace(lock, content={**lock.content, "events/test": "0" * 64})
    with pytest.raises(DataError, match="schema or code make other rows of the same documents in events/test"):
        check_lock(changed, make_release(corpus).lock)


def test_versions_go_up_and_dev_is_free(tmp_path: Path) -> None:
    corpus = locked(tmp_path)
    samples.edit_layer(corpus, replace(samples.wire(), claims=()))
    with pytest.raises(DataError, match=r"0\.0\.9 is older than 0\.1\.0"):
        make_release(set_version(corpus, "0.0.9"))
    before = read_lock(tmp_path)
    in_progress = make_release(set_version(corpus, "0.2.0-dev"))
    assert not write_lock(tmp_path, in_progress.lock)
    assert read_lock(tmp_path) == before
    assert write_lock(tmp_path, make_release(set_version(corpus, "0.10.0")).lock)
    after = read_lock(tmp_path)
    assert after is not None and after.version == "0.10.0"


@pytest.mark.parametrize("content", ["", "version = 1\n", 'version = "one"\n', 'version = "1.0.0\n', "version ="])
def test_a_version_that_is_none_is_one_sentence(tmp_path: Path, content: str) -> None:
    corpus = samples.make_checkout(tmp_path)
    (tmp_path / "annotations" / "release.toml").write_text(content, "utf8")
    with pytest.raises(DataError, match=r"^annotations/release\.toml: "):
        read_version(corpus)


def test_a_missing_version_says_what_to_write(tmp_path: Path) -> None:
    corpus = samples.make_checkout(tmp_path)
    (tmp_path / "annotations" / "release.toml").unlink()
    with pytest.raises(DataError, match=r'is missing; write the data version into it, like version = "0\.1\.0-dev"'):
        read_version(corpus)
