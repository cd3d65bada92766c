"""Predictions from files: three forms lead to the same score, and nothing broken becomes a silent zero."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from dataset_builder.corpus import Corpus
from dataset_builder.curation.predictions import ClaimGiven, decoded, from_rows, read_predictions
from dataset_builder.errors import DataError, UsageError
from dataset_builder.model import Layer
from tests.cli import khabar
from tests.samples import make_checkout

ID = "composed-9001-a"


@pytest.fixture
def corpus(tmp_path: Path) -> Corpus:
    return make_checkout(tmp_path / "checkout")


def simple(layer: Layer) -> dict[str, Any]:
    """A layer in the simple form, as a user would write it."""
    return {
        "document": layer.document,
        "layers": list(layer.layers),
        "spans": [
            {"id": s.id, "layer": s.layer, "label": s.label, "start": s.start, "end": s.end, **s.attributes}
            for s in layer.spans
        ],
        "relations": [{"label": r.label, "head": r.head, "tail": r.tail} for r in layer.relations],
        "claims": [
            {k: v for k in ("id", "source", "cue", "content", "form", "act", "source_status", "medium", "parent")
             if (v := getattr(c, k)) is not None} | ({"continues": c.continues} if c.continues else {})
            for c in layer.claims
        ],
    }  # fmt: skip


def _write(path: Path, *records: object) -> Path:
    lines = (r if isinstance(r, str) else json.dumps(r, ensure_ascii=False) for r in records)
    path.write_text("".join(line + "\n" for line in lines), "utf8")
    return path


def _findings(path: Path, corpus: Corpus) -> list[str]:
    with pytest.raises(DataError) as caught:
        read_predictions(path, corpus)
    return [f"{i.line} {i.code}" for i in caught.value.incidents]


def test_gold_scores_one_in_every_form(corpus: Corpus, tmp_path: Path) -> None:
    split = corpus.splits.of(ID)
    assert split is not None
    where = "--track", split.track, "--split", split.name
    golds = [corpus.layer(id) for id in split.documents]
    jsonl = _write(tmp_path / "p.jsonl", *map(simple, golds))
    for predictions in (jsonl, corpus.root / "annotations" / "gold", "gold"):
        done = khabar(corpus, "score", predictions, *where, "--json")
        assert done.code == 0, done.err
        records = json.loads(done.out)
        assert [r["task"] for r in records] == ["entities", "events", "arguments", "claims", "frames", "linking"]
        assert all(r["measures"][r["main"]]["f1"] == 1 for r in records)
        assert records[0]["signature"].startswith(f"task:entities|track:{split.track}|split:{split.name}@")
    shown = khabar(corpus, "score", jsonl, *where, "--labels")
    assert "ACTOR.POLITICAL_BODY" in shown.out and "strict: correct" in shown.out
    same = khabar(corpus, "compare", "gold", jsonl, *where)
    assert same.code == 0 and "+0.000" in same.out


def test_rows_of_the_published_dataset(corpus: Corpus, tmp_path: Path) -> None:
    from datasets import load_dataset

    assert khabar(corpus, "build").code == 0
    splits = load_dataset(str(corpus.root / "dist" / "khabar"), "documents", cache_dir=str(tmp_path / "cache"))
    rows = [decoded(row, split.features) for split in splits.values() for row in split]
    layers = from_rows(rows, corpus.schema)
    gold = corpus.layer(ID)
    assert {(s.label, s.start, s.end) for s in layers[ID].spans} == {(s.label, s.start, s.end) for s in gold.spans}
    assert len(layers[ID].claims) == len(gold.claims) and len(layers[ID].relations) == len(gold.relations)


SPAN = {"layer": "ACTOR", "label": "STATE", "start": 0, "end": 4}


@pytest.mark.parametrize(
    ("record", "finding"),
    [
        ('{"document": "composed', "2 bad-json"),
        ({"document": ID}, "2 missing-key"),
        ({"document": ID, "layers": ["ACTOR"], "text": "x"}, "2 unknown-key"),
        ({"document": "composed-0000-z", "layers": ["ACTOR"]}, "2 unknown-document"),
        ({"document": ID, "layers": ["ACTOR"], "spans": [SPAN | {"end": 10**6}]}, "2 offset-range"),
        ({"document": ID, "layers": ["ACTOR"], "spans": [SPAN | {"start": 4}]}, "2 offset-range"),
        ({"document": ID, "layers": ["ACTOR"], "spans": [SPAN | {"start": -1}]}, "2 bad-value"),
        ({"document": ID, "layers": ["ACTOR"], "spans": [SPAN | {"label": "NATION"}]}, "2 unknown-label"),
        ({"document": ID, "layers": ["CLAIM"], "spans": [SPAN]}, "2 layer-not-declared"),
        ({"document": ID, "layers": ["ACTORS"]}, "2 unknown-layer"),
        (
            {"document": ID, "layers": ["EVENT"], "relations": [{"label": "AGENT", "head": "1", "tail": "2"}]},
            "2 dangling-reference",
        ),
        ({"document": "composed-9001-b", "layers": ["ACTOR"]}, "2 document-repeated"),
        (
            {"document": ID, "layers": ["ACTOR"], "spans": [SPAN | {"id": "1"}, SPAN | {"id": "1", "start": 1}]},
            "2 duplicate-id",
        ),
    ],
)
def test_what_is_broken_is_named_with_its_line(corpus: Corpus, tmp_path: Path, record: object, finding: str) -> None:
    first = {"document": "composed-9001-b", "layers": ["ACTOR"]}
    assert finding in _findings(_write(tmp_path / "p.jsonl", first, record), corpus)


def test_a_document_without_prediction_is_no_zero(corpus: Corpus, tmp_path: Path) -> None:
    path = _write(tmp_path / "p.jsonl", simple(corpus.layer(ID)))
    split = corpus.splits.of(ID)
    assert split is not None and len(split.documents) > 1
    where = "--track", split.track, "--split", split.name
    refused = khabar(corpus, "score", path, *where)
    assert refused.code == 2 and "have no prediction" in refused.err
    partial = khabar(corpus, "score", path, *where, "--partial")
    assert partial.code == 0 and "documents:1@" in partial.out


def test_unknown_names_get_suggestions(corpus: Corpus, tmp_path: Path) -> None:
    path = _write(tmp_path / "p.jsonl", simple(corpus.layer(ID)))
    assert "entities" in khabar(corpus, "score", path, "--task", "entitys", "--partial").err
    assert "composed" in khabar(corpus, "score", path, "--track", "compose").err
    assert "no such file" in khabar(corpus, "score", tmp_path / "none.jsonl").err
    with pytest.raises(UsageError, match="no prediction is in it"):
        read_predictions(_write(tmp_path / "empty.jsonl"), corpus)
    assert khabar(corpus, "compare", path).code == 2
    assert "each once" in khabar(corpus, "compare", path, path).err


def test_layers_that_were_not_looked_for_are_said(corpus: Corpus, tmp_path: Path) -> None:
    """No task needs actors alone, so nothing can be scored; with places the entities can, and the rest is named."""
    split = corpus.splits.of(ID)
    assert split is not None
    where = "--track", split.track, "--split", split.name, "--partial"
    alone = khabar(corpus, "score", _write(tmp_path / "a.jsonl", {"document": ID, "layers": ["ACTOR"]}), *where)
    assert alone.code == 2 and "no task can be scored" in alone.err
    both = {"document": ID, "layers": ["ACTOR", "LOCATION"]}
    done = khabar(corpus, "score", _write(tmp_path / "b.jsonl", both), *where)
    assert done.code == 0 and f"events is left out: {ID} has no layer EVENT" in done.err
    # Not all of the split was scored: the signature says which documents were.
    assert "documents:1@" in done.out


def test_an_empty_string_is_null() -> None:
    claim = ClaimGiven.model_validate({"source": "", "cue": "", "content": ["1"], "parent": "", "continues": ""})
    assert (claim.source, claim.cue, claim.parent, claim.continues) == (None, None, None, None)
