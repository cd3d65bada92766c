"""`khabar convert` as a user meets it: where files go, what is refused, what is said of files that are broken."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dataset_builder.corpus import Corpus
from tests.cli import khabar
from tests.samples import ROAD, make_checkout

ID = "composed-9002-b"


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """Nothing here is changed by a test: what is written goes to folders of its own."""
    return make_checkout(tmp_path_factory.mktemp("convert") / "checkout")


def doccano(path: Path, *records: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{json.dumps(record)}\n" for record in records), "utf8")
    return path


def entity(text: str, label: str = "FACILITY") -> dict[str, object]:
    return {"text": text, "label": [[0, len(text), label]]}


def test_words_of_others_go_nowhere_that_git_looks(corpus: Corpus, tmp_path: Path) -> None:
    given = doccano(tmp_path / "news.jsonl", entity("سوق"))
    refused = khabar(corpus, "convert", "from", "doccano", given, "-o", "news")
    assert refused.code == 2 and "belongs to somebody else" in refused.err
    assert not (corpus.root / "news").exists()
    done = khabar(corpus, "convert", "from", "doccano", given, "-o", tmp_path / "out")
    assert done.code == 0 and (tmp_path / "out" / "news-1.txt").read_text("utf8") == "سوق"


@pytest.mark.parametrize("way", ["to", "from"])
def test_a_file_is_no_folder(way: str, corpus: Corpus, tmp_path: Path) -> None:
    given = doccano(tmp_path / "news.jsonl", entity("سوق"))
    arguments = ["to", "brat", ID] if way == "to" else ["from", "doccano", str(given)]
    for out in (given, given / "below"):
        done = khabar(corpus, "convert", *arguments, "-o", out)
        assert done.code == 2 and done.err.count("\n") == 1 and "news.jsonl: a file; name a folder" in done.err


def test_what_was_worked_on_is_not_overwritten(corpus: Corpus, tmp_path: Path) -> None:
    to = ("convert", "to", "brat", ID, "-o", str(tmp_path))
    assert khabar(corpus, *to).code == khabar(corpus, *to).code == 0
    ann = tmp_path / f"{ID}.ann"
    ann.write_text("T1\tFACILITY 0 5\tاتهام\n", "utf8")
    refused = khabar(corpus, *to)
    assert refused.code == 2 and "is there already" in refused.err and ann.read_text("utf8").startswith("T1\tFACILITY")
    assert khabar(corpus, *to, "--overwrite").code == 0 and "FACILITY 0 5" not in ann.read_text("utf8")


def test_no_document_is_written_twice(corpus: Corpus, tmp_path: Path) -> None:
    twice = khabar(corpus, "convert", "to", "brat", ID, ID, "-o", tmp_path / "out")
    assert twice.code == 2 and f"document '{ID}' would be written twice" in twice.err
    alike = doccano(tmp_path / "a.jsonl", *(entity("سوق") | {"document": id} for id in ("a/b", "a-b")))
    done = khabar(corpus, "convert", "from", "doccano", alike, "-o", tmp_path / "out")
    assert done.code == 2 and "file 'a-b' would be written twice" in done.err and not (tmp_path / "out").exists()


def test_the_others_are_read_where_one_is_broken(corpus: Corpus, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    doccano(folder / "a.jsonl", 3)
    doccano(folder / "b.jsonl", entity("سوق"))
    doccano(folder / "c.jsonl", entity("سوق", "NO"))
    done = khabar(corpus, "convert", "from", "doccano", folder, "-o", tmp_path / "out", "--label", "PER=ACTOR.PERSON")
    assert done.code == 1 and "a.jsonl:1: no document of doccano" in done.err
    assert done.out == "b-1: 1 spans, 0 relations, 0 claims\nc-1: not stored, 1 errors\n"
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"b-1.txt", "b-1.jsonl"}
    assert "--label PER: no region that was read has it" in done.err


def test_a_label_that_nobody_maps_does_not_flood(corpus: Corpus, tmp_path: Path) -> None:
    """200 regions of two labels: three of each are shown, with what maps them."""
    path = tmp_path / "a.conll"
    path.write_text("بان B-PER\nحلب B-LOC\n\n" * 100, "utf8")
    done = khabar(corpus, "convert", "from", "conll", path, "-o", tmp_path / "out")
    assert done.code == 1 and "194 more like these" in done.err
    assert [done.err.count(f"--label {word}=LAYER.LABEL") for word in ("PER", "LOC")] == [3, 3]


def test_a_hand_that_has_no_layer_is_named(corpus: Corpus, tmp_path: Path) -> None:
    wrong = khabar(corpus, "convert", "to", "brat", "-o", tmp_path, "--hand", "passes/amal")
    assert wrong.code == 2 and "there is no layer of 'passes/amal'" in wrong.err
    given = doccano(tmp_path / "a.jsonl", entity(ROAD) | {"document": ID})
    store = ("convert", "from", "doccano", given, "--hand", "passes/amal", "--onto")
    wrong = khabar(corpus, *store, "glod")
    assert wrong.code == 2 and "did you mean 'gold'" in wrong.err
    another = khabar(corpus, "convert", "from", "doccano", given, "--hand", "passes/Amal")
    assert another.code == 2 and not (corpus.root / "annotations" / "passes").exists()


def test_claims_of_a_referenced_text_come_back_without_its_words(tmp_path: Path) -> None:
    """Claims alone, out and back: actors and their ids stay, and nothing that is stored holds a word of the text."""
    corpus = make_checkout(tmp_path / "checkout", hydrated=True)
    out = khabar(corpus, "convert", "to", "brat", "paper-0001", "-o", "work/b", "--layers", "CLAIM")
    assert out.code == 0 and "without the actors that are their sources" in out.err
    back = ("convert", "from", "brat", "work/b", "--hand", "passes/amal", "--onto", "gold")
    refused = khabar(corpus, *back)
    assert refused.code == 1 and "nothing of ACTOR" in refused.err and "passes/amal" not in corpus.hands()
    done = khabar(corpus, *back, "--layers", "CLAIM")
    assert done.code == 0, done.err
    gold, fresh = (corpus.layer("paper-0001", hand) for hand in ("gold", "passes/amal"))
    assert (fresh.spans, fresh.relations, fresh.claims) == (gold.spans, gold.relations, gold.claims)
    assert all(span.text is None for span in fresh.spans)
