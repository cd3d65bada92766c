"""The metric of Hugging Face `evaluate`: loaded by path and by import, with the figures of `dataset_builder.score`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import dataset_builder
from tests.cli import HERE
from tests.curation.test_plain import plain
from tests.samples import make_checkout

evaluate = pytest.importorskip("evaluate", reason="needs evaluate (in the extra `test`)")
FOLDER = HERE / "metrics" / "khabar"


@pytest.fixture(autouse=True)
def caches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever `evaluate` writes stays in the test's folder."""
    monkeypatch.setattr("evaluate.config.HF_MODULES_CACHE", str(tmp_path / "modules"), raising=False)


def load(task: str, tmp_path: Path) -> Any:
    return evaluate.load(str(FOLDER), task, cache_dir=str(tmp_path / "metrics"))


@pytest.mark.parametrize("task", ["entities", "claims", "linking"])
def test_the_same_figures(task: str, tmp_path: Path) -> None:
    gold, predicted = plain(make_checkout(tmp_path / "checkout"))
    expected = dataset_builder.score(gold, predicted, task).as_record()
    found = load(task, tmp_path).compute(predictions=predicted, references=gold)
    assert found["measures"] == expected["measures"] and found["signature"] == expected["signature"]
    assert 0 < found["f1"] < 1 and found["f1"] == expected["measures"][expected["main"]]["f1"]
    assert found["low"] <= found["f1"] <= found["high"]
    metric = load(task, tmp_path)
    for guess, reference in zip(predicted, gold, strict=True):
        metric.add(prediction=guess, reference=reference)
    assert metric.compute()["measures"] == expected["measures"]


def test_a_zero_that_nothing_was_predicted_for_is_said(tmp_path: Path) -> None:
    gold = [{"spans": [{"layer": "ACTOR", "label": "STATE", "start": 0, "end": 5}]}]
    with pytest.warns(UserWarning, match="no actor is predicted"):
        found = load("entities", tmp_path).compute(predictions=[{"spans": []}], references=gold)
    assert found["f1"] == 0 and found["notice"].startswith("no actor is predicted")


def test_names_may_be_whole_numbers_and_offsets_have_an_end(tmp_path: Path) -> None:
    span = {"id": 1, "layer": "ACTOR", "label": "STATE", "start": 0, "end": 5}
    gold = [{"document": 3, "event": 9, "spans": [span]}]
    assert (
        load("entities", tmp_path).compute(predictions=[{"document": 3, "spans": [span]}], references=gold)["f1"] == 1
    )
    with pytest.raises(ValueError, match=r"predictions\[0\]\.spans\[0\]\.end is .*, which no text is long enough for"):
        load("entities", tmp_path).compute(predictions=[{"spans": [span | {"end": 2**70}]}], references=gold)


def test_imported_instead_of_loaded(tmp_path: Path) -> None:
    from metrics.khabar.khabar import Khabar

    metric = Khabar(config_name="entities", cache_dir=str(tmp_path))
    gold = [{"spans": [{"layer": "ACTOR", "label": "STATE", "start": 0, "end": 5}]}]
    assert metric.compute(predictions=gold, references=gold)["f1"] == 1.0
    assert {"predictions", "references"} == set(metric.features)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"start": 0.5}, r"predictions\[0\].spans\[0\].start is 0.5, not a whole number"),
        ({"start": "0"}, "not a whole number"),
        ({"end": True}, "not a whole number"),
        ({"label": 3}, "not text"),
        ({"tpye": "x"}, "unknown key 'tpye'"),
    ],
)
def test_what_columns_would_bend_is_refused(changed: dict[str, Any], message: str, tmp_path: Path) -> None:
    """`datasets` would make 0 of 0.5 and drop a key that it does not know."""
    span = {"layer": "ACTOR", "label": "STATE", "start": 0, "end": 5}
    with pytest.raises(ValueError, match=message):
        load("entities", tmp_path).compute(predictions=[{"spans": [span | changed]}], references=[{"spans": [span]}])


def test_broken_documents_are_named(tmp_path: Path) -> None:
    span = {"layer": "ACTOR", "label": "STATE", "start": 5, "end": 5}
    with pytest.raises(dataset_builder.KhabarError, match="predicted:1"):
        load("entities", tmp_path).compute(predictions=[{"spans": [span]}], references=[{"spans": []}])
    with pytest.raises(ValueError, match="is empty; name what was annotated"):
        load("entities", tmp_path).compute(predictions=[{"layers": [], "spans": []}], references=[{"spans": []}])
    for missing in ({}, {"spans": None}):
        with pytest.raises(ValueError, match=r"predictions\[0\] has no `spans`; an empty list says"):
            load("entities", tmp_path).compute(predictions=[missing], references=[{"spans": []}])


def test_what_stands_nowhere_counts(tmp_path: Path) -> None:
    """Precision 1/3: one right, two more that the text does not have. In references there is no such thing."""
    gold = [{"spans": [{"layer": "ACTOR", "label": "STATE", "start": 0, "end": 5}], "text": "قال زيد: عاد"}]
    guess = [gold[0] | {"spurious": {"ACTOR.STATE": 1, "LOCATION": 1}}]
    found = load("entities", tmp_path).compute(predictions=guess, references=gold)
    assert (found["precision"], found["recall"]) == (pytest.approx(1 / 3), 1.0)
    assert found["signature"] == dataset_builder.score(gold, guess).signature
    for spurious, message in (({"ACTOR": 1.5}, "not a whole number"), (["ACTOR"], "not a mapping")):
        with pytest.raises(ValueError, match=message):
            load("entities", tmp_path).compute(predictions=[gold[0] | {"spurious": spurious}], references=gold)
    with pytest.raises(ValueError, match="unknown key 'spurious'"):
        load("entities", tmp_path).compute(predictions=gold, references=guess)
    with pytest.raises(dataset_builder.KhabarError, match=r"ACTOR\.KING"):
        load("entities", tmp_path).compute(predictions=[gold[0] | {"spurious": {"ACTOR.KING": 1}}], references=gold)
    with pytest.raises(dataset_builder.KhabarError, match="text-differs"):
        load("entities", tmp_path).compute(predictions=[gold[0] | {"text": "x"}], references=gold)


def test_another_number_of_predictions_is_said(tmp_path: Path) -> None:
    gold = [{"spans": []}, {"spans": []}]
    with pytest.raises(ValueError, match="1 predictions and 2 references; give one prediction a document"):
        load("entities", tmp_path).compute(predictions=gold[:1], references=gold)


def test_whole_numbers_of_numpy_are_offsets(tmp_path: Path) -> None:
    import numpy as np

    gold = [{"spans": [{"layer": "ACTOR", "label": "STATE", "start": np.int64(0), "end": np.int32(5)}]}]
    assert load("entities", tmp_path).compute(predictions=gold, references=gold)["f1"] == 1.0
