"""`khabar show` on a small checkout: what is printed and written, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from dataset_builder.commands.show import show
from dataset_builder.errors import UsageError
from tests.samples import FOREIGN, make_checkout

WORDS = [word for word in FOREIGN.split() if len(word) > 3]


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KHABAR_ROOT", str(tmp_path))
    return tmp_path


def test_an_included_document_is_printed(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make_checkout(root)
    show("composed-9001-a")
    out, err = capsys.readouterr()
    assert "s2    \u2067قال مجلس الناحية إن طائرات" in out
    assert "\x1b" not in out and err == ""


def test_a_text_that_is_not_here_has_structure_without_words(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make_checkout(root)
    show("paper-0001")
    out, err = capsys.readouterr()
    assert "RESTRICT" in out and "a4 [134–147]" not in out and "[134–147]" in out
    assert "khabar hydrate" in err
    assert not any(word in out + err for word in WORDS)


def test_a_hydrated_text_is_shown_and_kept_out_of_git(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make_checkout(root, hydrated=True)
    with pytest.raises(UsageError, match=r"write to work/"):
        show("paper-0001", html=root / "page.html")
    assert not (root / "page.html").exists()
    show("paper-0001", html=root / "work" / "page.html")
    assert "عصابات" in (root / "work" / "page.html").read_text("utf8")
    show("paper-0001")
    assert "\u2067عصابات الحاجز\u2069" in capsys.readouterr().out


def test_what_a_differing_copy_loses_is_said(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    corpus = make_checkout(root)
    copy = FOREIGN.replace("البعيد غداً", "البعيد اليوم")
    path = corpus.text_path(corpus.document("paper-0001"))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(copy, "utf8")
    show("paper-0001")
    out, err = capsys.readouterr()
    assert "not carried over" in out and "span-lost" in err


def test_included_pages_may_be_written_anywhere_but_to_a_folder(root: Path) -> None:
    make_checkout(root)
    show("composed-9001-b", html=root / "page.html")
    assert (root / "page.html").read_bytes().startswith(b"<!DOCTYPE html>")
    with pytest.raises(UsageError, match="a folder"):
        show("composed-9001-b", html=root)


@pytest.mark.parametrize(("document", "hand"), [("composed-9001-z", "gold"), ("composed-9001-a", "passes/nobody")])
def test_unknown_names_are_said_with_known_ones(root: Path, document: str, hand: str) -> None:
    make_checkout(root)
    with pytest.raises(UsageError, match=r"there is no (document|hand) "):
        show(document, hand=hand)
