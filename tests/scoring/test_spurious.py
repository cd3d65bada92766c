"""What a system said and that stands nowhere counts as predicted and wrong, in every task, from every form of file."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from dataset_builder.codec import decode_layer, encode_layer
from dataset_builder.curation.predictions import read_predictions
from dataset_builder.errors import DataError, UsageError
from dataset_builder.model import Layer
from dataset_builder.scoring.schemes import outcomes
from dataset_builder.scoring.score import Score, score
from dataset_builder.scoring.sides import Pair
from dataset_builder.scoring.spurious import _MEASURES
from dataset_builder.scoring.tasks import TASKS
from dataset_builder.validation import validate
from tests.cli import khabar
from tests.samples import COUNCIL, council, edit_layer, make_checkout
from tests.scoring.layers import SCHEMA, actors, pair


def scored(task: str, **spurious: int) -> Score:
    """The gold of a sample article as its own prediction, with things that stand nowhere beside it."""
    named = {name.replace("__", "."): n for name, n in spurious.items()}
    return score([Pair(council(), replace(council(), spurious=named), COUNCIL)], TASKS[task], SCHEMA)


def test_by_hand() -> None:
    """Gold: two actors. Predicted: one of them; of three more a STATE and one without a known label stand nowhere, and
    the third is another layer's. Right 1, predicted 1 + 2, gold 2: precision 1/3, recall 1/2, F1 = 2/5.
    """
    gold = actors(("STATE", 0, 4), ("PERSON", 5, 9))
    predicted = replace(actors(("PERSON", 5, 9)), spurious={"ACTOR.STATE": 1, "ACTOR": 1, "EVENT.AIR": 1})
    found = score([pair(gold, predicted)], TASKS["entities"], SCHEMA)
    assert (found.main.right, found.main.predicted, found.main.gold) == (1, 3, 2)
    assert (found.main.precision, found.main.recall) == (pytest.approx(1 / 3), 0.5)
    assert found.main.f1 == pytest.approx(0.4)
    state = found.counts.figure("strict", "ACTOR.STATE")
    assert (state.right, state.predicted, state.gold, state.f1) == (0, 1, 1, 0.0)
    for scheme in ("strict", "exact", "partial", "type"):
        assert found.counts.figure(scheme).predicted == 3
    muc = outcomes(found.counts, "strict")
    assert (muc.correct, muc.missing, muc.spurious) == (1, 1, 2)


def test_each_task_counts_its_own() -> None:
    """Of a perfect prediction precision falls to n / (n + what stands nowhere), and recall stays."""
    cases = {
        "entities": ({"ACTOR__STATE": 2, "LOCATION": 1}, 3),
        "events": ({"EVENT__AIR": 1, "EVENT": 1}, 2),
        "arguments": ({"AGENT": 1, "PLACE": 1, "ABOUT": 5}, 2),
        "claims": ({"CLAIM": 2, "CLAIM__CUE": 2, "CLAIM__CONTENT": 1}, 2),
        "frames": ({"FRAME__VICTIM": 1}, 1),
    }
    for task, (spurious, more) in cases.items():
        perfect, found = scored(task), scored(task, **spurious)
        assert found.main.gold == perfect.main.gold and found.main.recall == 1.0, task
        assert found.main.predicted == perfect.main.predicted + more, task
        assert found.main.precision == pytest.approx(found.main.gold / (found.main.gold + more)), task
        assert score([Pair(council(), council(), COUNCIL)], TASKS[task], SCHEMA).main.f1 == 1.0
    assert scored("linking", ACTOR__STATE=2).main.precision == 1.0


def test_rows_of_labels_and_groups() -> None:
    found = scored("events", EVENT__AIR=1, EVENT__CLASH=2).counts
    assert found.figure("code", "CLASH").predicted == 2 and found.figure("group", "BATTLE").predicted == 2
    air = found.figure("code", "AIR")
    assert air.predicted == air.gold + 1
    assert found.figure("identification", "EVENT").predicted == found.figure("identification").predicted
    roles = scored("claims", CLAIM__CUE=1, CLAIM=1).counts
    cue = roles.figure("roles exact", "CUE")
    assert cue.predicted == cue.gold + 1 and roles.figure("roles exact", "SOURCE").precision == 1.0
    assert roles.figure("attribution").precision == 1.0


def test_every_measure_that_is_named_is_one() -> None:
    for task, measures in _MEASURES.items():
        assert set(measures) <= set(scored(task).counts.measures), task


def test_the_gold_has_none() -> None:
    with pytest.raises(UsageError, match="d1: the gold has `spurious`"):
        score([pair(replace(actors(), spurious={"ACTOR": 1}), actors())], TASKS["entities"], SCHEMA)


def test_they_travel_in_files(tmp_path: Path) -> None:
    """In a layer file, in simple JSONL, and to the figures of `khabar score`; in gold they are an error."""
    corpus = make_checkout(tmp_path / "checkout")
    gold = {id: corpus.layer(id) for id in ("composed-9002-a", "composed-9002-b")}
    said = {"ACTOR.STATE": 3, "CLAIM": 1}
    folder = corpus.root / "work"
    folder.mkdir()
    for id, layer in gold.items():
        predicted = replace(layer, spurious=said if id.endswith("a") else {})
        again, found, _ = decode_layer(encode_layer(predicted).encode())
        assert again is not None and again.spurious == predicted.spurious and not found
        (folder / f"{id}.jsonl").write_text(encode_layer(predicted), "utf8")
    assert '"spurious"' not in encode_layer(gold["composed-9002-b"])
    done = khabar(corpus, "score", "work", "--task", "entities", "--json")
    strict = json.loads(done.out)[0]["measures"]["strict"]
    assert strict["predicted"] == strict["gold"] + 3 and strict["recall"] == 1.0
    row = {"document": "composed-9002-a", "layers": ["ACTOR", "LOCATION"], "spans": [], "spurious": {"ACTOR": 2}}
    path = tmp_path / "simple.jsonl"
    path.write_text(json.dumps(row) + "\n", "utf8")
    assert read_predictions(path, corpus)["composed-9002-a"].spurious == {"ACTOR": 2}
    for wrong in ({"ACTOR.KING": 1}, {"ACTOR": -1}, {"ACTOR": "many"}, {"ACTOR": 2.0}, ["ACTOR"]):
        path.write_text(json.dumps({**row, "spurious": wrong}) + "\n", "utf8")
        with pytest.raises(DataError):
            read_predictions(path, corpus)
    edit_layer(corpus, _gold(corpus.layer("composed-9001-a")))
    assert [str(i) for i in validate(corpus) if i.code == "unknown-key"]


def _gold(layer: Layer) -> Layer:
    return replace(layer, spurious={"ACTOR": 1})
