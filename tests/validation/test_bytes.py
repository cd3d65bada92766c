"""Findings that need bytes, marks or texts that a text editor would not leave."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from dataset_builder.corpus import Corpus, sha256
from dataset_builder.validation import validate
from tests.samples import COUNCIL, FOREIGN, make_checkout

GOLD = "annotations/gold/composed/composed-9001-a.jsonl"
PAPER = "annotations/gold/paper/paper-0001.jsonl"
MANIFEST = "annotations/documents/composed.jsonl"


def _codes(root: Path) -> set[str]:
    return {incident.code for incident in validate(Corpus(root))}


def _edit(root: Path, file: str, change: Callable[[str], str]) -> None:
    path = root / file
    path.write_bytes(change(path.read_text("utf8")).encode("utf8"))


def test_a_line_that_is_not_utf8_is_named_and_the_rest_is_read(tmp_path: Path) -> None:
    make_checkout(tmp_path)
    path = tmp_path / GOLD
    path.write_bytes(path.read_bytes().replace("قال".encode(), b"\xff\xfe", 1))
    found = list(validate(Corpus(tmp_path)))
    assert ("encoding", GOLD) in {(i.code, i.path) for i in found}
    assert all(i.path == GOLD for i in found)


def _retold(root: Path, text: str) -> None:
    """Another text under the same id, with manifest and layer header following it."""
    (root / "articles/composed/composed-9001-a.txt").write_bytes(text.encode("utf8"))
    old, new = sha256(COUNCIL), sha256(text)
    for file in (MANIFEST, GOLD):
        _edit(root, file, lambda s: s.replace(old, new).replace('"length":165', f'"length":{len(text)}'))


def test_a_span_that_cuts_a_mark_from_its_letter(tmp_path: Path) -> None:
    make_checkout(tmp_path)
    _retold(tmp_path, COUNCIL[:27] + "\u064f" + COUNCIL[28:])
    assert "cut-grapheme" in _codes(tmp_path)


@pytest.mark.parametrize("text", ["\ufeff" + COUNCIL[1:], COUNCIL.replace("\n", "\r"), COUNCIL[:-1] + "\u0344"])
def test_a_text_that_is_not_canonical(tmp_path: Path, text: str) -> None:
    make_checkout(tmp_path)
    _retold(tmp_path, text)
    assert "text-not-canonical" in _codes(tmp_path)


def test_a_text_that_stands_twice(tmp_path: Path) -> None:
    make_checkout(tmp_path)
    first = sha256((tmp_path / "articles/composed/composed-9001-a.txt").read_text("utf8"))
    second = sha256((tmp_path / "articles/composed/composed-9001-b.txt").read_text("utf8"))
    _edit(tmp_path, MANIFEST, lambda s: s.replace(second, first))
    assert "text-repeated" in _codes(tmp_path)


def test_a_referenced_text_without_windows(tmp_path: Path) -> None:
    make_checkout(tmp_path)
    _edit(tmp_path, "annotations/documents/paper.jsonl", lambda s: s[: s.index(',"windows"')] + "}\n")
    assert "windows-missing" in _codes(tmp_path)


def test_an_anchor_is_checked_where_the_text_is_here(tmp_path: Path) -> None:
    make_checkout(tmp_path)
    text = tmp_path / "articles/paper/paper-0001.txt"
    text.parent.mkdir(parents=True)
    text.write_bytes(FOREIGN.encode("utf8"))
    assert _codes(tmp_path) == set()
    _edit(tmp_path, PAPER, lambda s: s.replace('"at":[0,5]', '"at":[0,4]'))
    assert _codes(tmp_path) == {"anchor-mismatch"}
