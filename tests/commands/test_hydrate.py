"""Hydrating as a user does it: a checkout or a downloaded dataset, exact copies, copies that differ, and none."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from dataset_builder.codec import decode_layer
from dataset_builder.corpus import Corpus
from dataset_builder.curation.reading import readable
from tests.cli import khabar
from tests.samples import FOREIGN, make_checkout


@pytest.fixture
def checkout(tmp_path: Path) -> Corpus:
    return make_checkout(tmp_path / "checkout")


def _copy(tmp_path: Path, name: str, text: str) -> Path:
    folder = tmp_path / "news"
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, "utf8", newline="")
    return folder


def test_an_exact_copy(checkout: Corpus, tmp_path: Path) -> None:
    folder = _copy(tmp_path, "a.txt", FOREIGN)
    _copy(tmp_path, "b.txt", "عنوان آخر\nونص لا صلة له بالموضوع إطلاقاً.")
    done = khabar(checkout, "hydrate", folder)
    assert done.code == 0 and "paper-0001: exact (15 spans)" in done.out
    assert checkout.text_path(checkout.document("paper-0001")).read_text("utf8") == FOREIGN
    found = readable(checkout, "paper-0001")
    assert all(s.text == FOREIGN[s.start : s.end] for s in found.layer.spans) and found.exact


def test_a_copy_that_differs_is_re_anchored_and_verified(checkout: Corpus, tmp_path: Path) -> None:
    text = FOREIGN.replace("«", '"').replace(" ", "  ").replace("صحيفة: ", "صحيفة : ").replace("أ", "ا") + "\nالمحرر"
    done = khabar(checkout, "hydrate", _copy(tmp_path, "a.txt", text))
    assert done.code == 0 and "paper-0001: re-anchored (15 spans of 15)" in done.out
    found = readable(checkout, "paper-0001")
    assert not found.exact and found.text == text and found.lost == ()
    words = {s.text.replace("  ", " ") for s in found.layer.spans if s.text}
    assert {"مكتب الوسيط الاممي", "عصابات الحاجز", ":"} <= words


def test_the_better_copy_wins_whatever_the_order_and_a_worse_one_later_changes_nothing(
    checkout: Corpus, tmp_path: Path
) -> None:
    folder = _copy(tmp_path, "a.txt", FOREIGN.replace(" ", "  "))
    _copy(tmp_path, "b.txt", FOREIGN)
    _copy(tmp_path, "c.txt", FOREIGN.split("\n")[1])
    assert "exact (15 spans)" in khabar(checkout, "hydrate", folder).out
    (folder / "b.txt").unlink()
    assert "exact (15 spans)" in khabar(checkout, "hydrate", folder).out


def test_what_a_copy_lacks_is_lost_by_name(checkout: Corpus, tmp_path: Path) -> None:
    retitled = "عنوان وضعه ناقل الخبر\n" + FOREIGN.split("\n")[1]
    done = khabar(checkout, "hydrate", _copy(tmp_path, "a.txt", retitled), "--details")
    assert "paper-0001: re-anchored (12 spans of 15)" in done.out
    assert done.err.count("span-lost]") == 3 and done.err.count("annotation-lost]") == 1
    # The layer lacks them too, and says so whenever it is read.
    found = readable(checkout, "paper-0001")
    assert len(found.layer.spans) == 12 and len(found.layer.claims) == 2 and len(found.lost) == 4


def test_nothing_found_is_said_and_ends_with_1(checkout: Corpus, tmp_path: Path) -> None:
    done = khabar(checkout, "hydrate", _copy(tmp_path, "a.txt", "خبر\nلا صلة له بأي وثيقة من وثائق المدونة."))
    assert done.code == 1 and "paper-0001: not found" in done.out


def test_a_folder_that_is_not_there(checkout: Corpus, tmp_path: Path) -> None:
    done = khabar(checkout, "hydrate", tmp_path / "nowhere")
    assert done.code == 2 and "nowhere: no such file or folder" in done.err and "Traceback" not in done.err


def test_jsonl_and_a_copy_without_its_title(checkout: Corpus, tmp_path: Path) -> None:
    body = FOREIGN.split("\n")[1]
    line = json.dumps({"id": "7", "title": "عنوان غيره المحرر كلياً", "text": body}, ensure_ascii=False)
    done = khabar(checkout, "hydrate", _copy(tmp_path, "a.jsonl", line + "\n"))
    assert "paper-0001: re-anchored (" in done.out


def test_a_downloaded_dataset_is_enough(checkout: Corpus, tmp_path: Path) -> None:
    dataset = tmp_path / "download"
    assert khabar(checkout, "build", "--out", dataset).code == 0
    folder = _copy(tmp_path, "a.txt", FOREIGN)
    khabar(checkout, "hydrate", folder)
    gold = readable(checkout, "paper-0001").layer
    shutil.rmtree(checkout.root)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    done = khabar(elsewhere, "hydrate", folder, "--dataset", dataset, "--out", tmp_path / "out")
    assert done.code == 0 and "paper-0001: exact (15 spans)" in done.out, done.err
    layer, incidents, _ = decode_layer((tmp_path / "out" / "paper-0001.jsonl").read_bytes())
    assert incidents == [] and layer == gold


def test_words_are_not_written_where_git_takes_them_up(checkout: Corpus, tmp_path: Path) -> None:
    dataset = tmp_path / "download"
    khabar(checkout, "build", "--out", dataset)
    folder = _copy(tmp_path, "a.txt", FOREIGN)
    done = khabar(checkout, "hydrate", folder, "--dataset", dataset, "--out", "found")
    assert done.code == 2 and "write to work/ or outside" in done.err
    assert khabar(checkout, "hydrate", folder, "--dataset", dataset, "--out", "work/found").code == 0


def test_one_broken_gold_file_does_not_keep_the_others(checkout: Corpus, tmp_path: Path) -> None:
    path = checkout.layer_path(checkout.document("paper-0001"))
    path.write_text(path.read_text("utf8").replace('"start":0', '"start":-1', 1), "utf8")
    done = khabar(checkout, "hydrate", _copy(tmp_path, "a.txt", FOREIGN))
    assert done.code == 1 and "left out, since their gold is broken: paper-0001" in done.err
    assert "Traceback" not in done.err
