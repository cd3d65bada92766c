"""Scoring plain lists: the figures of `khabar score`, whatever form the lists have, and nothing broken gets through."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import dataset_builder
from dataset_builder.codec import encode_layer
from dataset_builder.corpus import Corpus
from dataset_builder.errors import DataError, UsageError
from dataset_builder.scoring.tasks import TASKS
from tests.cli import khabar
from tests.curation.test_predictions import simple
from tests.release.test_mistakes import disturbed
from tests.samples import make_checkout

IDS = "composed-9001-a", "composed-9001-b"
STATE = ("ACTOR", "STATE", 0, 5)


def plain(corpus: Corpus) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The gold of two documents with their texts and event, and disturbed predictions of them."""
    golds = [corpus.layer(id) for id in IDS]
    texts = [corpus.text(corpus.document(id)) for id in IDS]
    events = [corpus.document(id).event for id in IDS]
    gold = [
        {**simple(layer), "text": text, "event": event} for layer, text, event in zip(golds, texts, events, strict=True)
    ]
    return gold, [simple(disturbed(layer)) for layer in golds]


def test_the_same_figures_as_the_command(tmp_path: Path) -> None:
    corpus = make_checkout(tmp_path / "checkout")
    folder = corpus.root / "work" / "p"
    folder.mkdir(parents=True)
    for id in IDS:
        (folder / f"{id}.jsonl").write_text(encode_layer(disturbed(corpus.layer(id))), "utf8")
    done = khabar(corpus, "score", "work/p", "--split", "train", "--json")
    assert done.code == 0, done.err
    gold, predicted = plain(corpus)
    wrong = 0
    for record in json.loads(done.out):
        found = dataset_builder.score(gold, predicted, record["task"], corpus.schema)
        assert json.loads(json.dumps(found.as_record()))["measures"] == record["measures"], record["task"]
        wrong += found.main.f1 < 1
        assert found.signature in str(found) and f"task:{record['task']}|track:given|split:gold@" in found.signature
    assert wrong == len(TASKS)


def test_what_was_never_predicted_is_warned_of_and_recorded() -> None:
    """Once each; nothing is said of a system that merely finds the wrong ones."""
    with pytest.warns(UserWarning, match="no actor is predicted in any document: entities is 0 for that") as caught:
        found = dataset_builder.score([[STATE]], [[]])
    assert len(caught) == 1 and caught[0].filename == __file__
    assert found.as_record()["notice"] == found.notice == str(caught[0].message)
    assert "notice" not in dataset_builder.score([[STATE]], [[("ACTOR", "MEDIA", 0, 5)]]).as_record()


@pytest.mark.parametrize("id", [float("nan"), ["a"], 1.5, True, "\ud800"])
def test_what_is_no_name_of_a_document_is_refused(id: Any) -> None:
    with pytest.raises(DataError, match=r"predicted:1: .*`document` is .*; name it with text or a whole number"):
        dataset_builder.score([{"spans": []}], [{"document": id, "spans": []}])


def test_what_is_no_argument_is_refused() -> None:
    for task in (None, ["entities"]):
        with pytest.raises(UsageError, match="name one task with text"):
            dataset_builder.score([[STATE]], [[STATE]], task)  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="give a Schema"):
        dataset_builder.score([[STATE]], [[STATE]], schema="1.0")  # type: ignore[arg-type]
    with pytest.raises(DataError, match=r"gold:1: .*half a surrogate pair at code point 2"):
        dataset_builder.score([{"spans": [], "text": "قا\ud800"}], [[]])


def test_a_whole_number_and_its_text_name_one_document() -> None:
    one = {"document": 7, "spans": [STATE]}
    assert dataset_builder.score([one], [one | {"document": "7"}]).main.f1 == 1


def test_counts_that_are_none_are_refused() -> None:
    with pytest.raises(DataError, match=r"spurious.ACTOR: .*less than or equal to 100000"):
        dataset_builder.score([[STATE]], [{"spans": [], "spurious": {"ACTOR": 10**400}}])


def test_tuples_and_mappings_are_the_same() -> None:
    tuples = [[STATE, ("LOCATION", "COUNTRY", 9, 14)]]
    names = ("layer", "label", "start", "end")
    mappings = [{"document": "a", "spans": [dict(zip(names, s, strict=True)) for s in tuples[0]]}]
    other = [[("ACTOR", "MEDIA", 0, 5)]]
    with pytest.warns(UserWarning, match="no place"):
        one, two = (dataset_builder.score(gold, other) for gold in (tuples, mappings))
    assert one.main == two.main and (one.main.gold, one.main.predicted) == (2, 1)
    event = {"id": "e", "layer": "EVENT", "label": "AIR", "start": 6, "end": 8}
    actor = dict(zip(names, STATE, strict=True)) | {"id": "a"}
    arrow = [{"spans": [event, actor], "relations": [("AGENT", "e", "a")]}]
    assert dataset_builder.score(arrow, arrow, "arguments").main.right == 1


def test_claims_as_extents() -> None:
    """Two claims share a cue; the second has no source, and its content is found one word of three too short."""
    text = "قال زيد: عاد الى بيت، ونام"
    said = [((4, 7), (0, 3), [(9, 20)]), (None, (0, 3), [(23, 26)])]
    gold = [{"text": text, "spans": [("ACTOR", "PERSON", 4, 7)], "claims": said}]
    found = dataset_builder.score(gold, gold, "claims")
    assert (found.main.right, found.counts.figure("attribution").right) == (2, 2)
    short = [{"spans": [("ACTOR", "PERSON", 4, 7)], "claims": [((4, 7), (0, 3), [(9, 16)])]}]
    figure = dataset_builder.score(gold, short, "claims").counts.figure("roles by words", "CONTENT")
    # Of four words of content in the gold the prediction has two: (2/3 + 0/1) / 2 gold contents, 1 predicted.
    assert (figure.recall, figure.precision) == (pytest.approx(1 / 3), 1.0)


def test_events_are_kept_together() -> None:
    """Four documents of one event are one draw, so the interval has no width; of four events it has."""
    gold = [{"spans": [STATE], "event": "x"} for _ in range(4)]
    guess = [[STATE], [], [STATE], []]
    together = dataset_builder.score(gold, guess).intervals["strict", ""]
    apart = dataset_builder.score([[STATE]] * 4, guess).intervals["strict", ""]
    assert together.low == together.high and apart.low < apart.high


def test_not_annotated_is_left_out() -> None:
    gold = [{"spans": [STATE]}, {"layers": ["ACTOR"], "spans": [STATE]}]
    assert dataset_builder.score(gold, [[STATE], [STATE]]).left_out == ("2",)


@pytest.mark.parametrize(
    ("predicted", "message"),
    [
        ([[("ACTOR", "STATE", 5, 5)]], r"predicted:1: error\[L2 offset-range\] span 0 \(5–5\) is no extent"),
        ([[("ACTOR", "STATE", -1, 5)]], r"predicted:1: error\[L1 bad-value\] spans.0.start"),
        ([[("ACTOR", "STATE", "0", 5)]], r"predicted:1: error\[L1 bad-value\] spans.0.start"),
        ([[("ACTOR", "STATE", 0, float("nan"))]], r"predicted:1: error\[L1 bad-value\] spans.0.end"),
        ([[("ACTOR", "STAT", 0, 5)]], "did you mean 'STATE'"),
        ([[("ACTORS", "STATE", 0, 5)]], "unknown-layer"),
        ([[("STATE", 0, 5)]], r"a span is a mapping or \(layer, label, start, end\)"),
        ([[STATE, STATE]], "span-repeated"),
        ([[("ACTOR", "STATE", 0, 99)]], "does not fit the text's 12 code points"),
        (
            [{"spans": [{**dict(zip(("layer", "label", "start", "end"), STATE, strict=True)), "text": "قال"}]}],
            "surface",
        ),
        ([{"span": [STATE]}], "'span' is no key of a prediction; did you mean 'spans'"),
        (["ACTOR"], "a document is a mapping or a list of spans, not str"),
        ([None], "a document is a mapping or a list of spans, not NoneType"),
        ([{"spans": 3}], "`spans` is int, not a list"),
        ([{"spans": "ACTOR"}], "`spans` is str, not a list"),
        ([{"relations": {"a": 1}}], "`relations` is dict, not a list"),
        ([{"claims": 3}], "`claims` is int, not a list"),
        ([{"layers": "ACTOR"}], "`layers` is str, not a list"),
        ([{"layers": 3}], "`layers` is int, not a list"),
        ([{"spans": [3]}], r"a span is a mapping or \(layer, label, start, end\), not 3"),
        ([{"claims": [(3, None, [])]}], "a part of a claim is a mapping"),
        ([[("ACTOR", "STATE", True, 5)]], r"spans.0.start"),
        ([{3: 4}], "predicted:1"),
        ([{"claims": [(None, None, 3)]}], "the contents of a claim are a list"),
        ([{"spans": [], "claims": [(None, None, [])]}], "bad-value"),
        ([{}], r"predicted:1: error\[L1 missing-key\] 'spans' is missing; an empty list says that nothing was found"),
        ([{"spans": None}], "'spans' is missing"),
        ([{"spans": [STATE], "relation": []}], "'relation' is no key of a prediction; did you mean 'relations'"),
        ([{"spans": [STATE], "text": "قال زيد, عاد"}], r"text-differs\] `text` \(12 .* from code point 7 on"),
        ([{"spans": [STATE], "text": 3}], "`text` is int, not text"),
        ([{"spans": [STATE], "spurious": {"ACTOR": 1.5}}], "spurious.ACTOR: should be a valid integer"),
        (
            [
                {
                    "spans": [
                        {**dict(zip(("layer", "label", "start", "end"), STATE, strict=True)), "entity": float("nan")}
                    ]
                }
            ],
            r"spans.0.entity: should be text or a whole number \(got nan\)",
        ),
    ],
)
def test_broken_predictions_are_named(predicted: list[Any], message: str) -> None:
    with pytest.raises(DataError, match=message):
        dataset_builder.score([{"text": "قال زيد: عاد", "spans": [STATE]}], predicted)


def test_events_may_be_counted_from_zero() -> None:
    """0 is an event as 1 is; a document without one is its own, the first of them not the event "1"."""

    def together(*events: object) -> list[int]:
        """By document the first one that is drawn with it."""
        gold = [{"spans": [STATE], "event": event} for event in events]
        names = dataset_builder.score(gold, [[STATE]] * len(gold)).counts.events
        return [names.index(name) for name in names]

    assert together(0, 0, 1, 1) == together("a", "a", "b", "b") == together(np.int64(0), 0, "1", 1) == [0, 0, 2, 2]
    assert together("", None, 1, 1) == [0, 1, 2, 2]
    for wrong in (float("nan"), True, ["a"]):
        with pytest.raises(UsageError, match=r"gold:2: `event` is .*; name it with text or a whole number"):
            together(0, wrong)


def test_what_stands_nowhere_counts_against_the_prediction() -> None:
    """One right of 1 + 3 predicted; on the gold's side it means nothing and is refused."""
    said = {"spans": [STATE], "spurious": {"ACTOR.STATE": np.int64(2), "LOCATION": 1}, "text": "قال زيد: عاد"}
    found = dataset_builder.score([[STATE]], [said])
    assert (found.main.right, found.main.predicted, found.main.precision) == (1, 4, 0.25)
    assert dataset_builder.score([{"spans": [STATE], "text": said["text"]}], [said]).main == found.main
    with pytest.raises(UsageError, match="the gold has `spurious`"):
        dataset_builder.score([{"spans": [STATE], "spurious": {"ACTOR": 1}}], [[STATE]])


def test_whole_numbers_of_numpy_are_offsets() -> None:
    """Systems get them from `argmax` and `nonzero`; an array of documents or of extents is a list too."""
    text, number = "قال زيد: عاد الى بيت", np.int64
    gold = [{"text": text, "spans": [("ACTOR", "PERSON", 4, 7)], "claims": [((4, 7), (0, 3), [(9, 20)])]}]
    extents = np.array([[9, 20]])
    guess = [{"spans": [("ACTOR", "PERSON", number(4), np.uint8(7))], "claims": [((4, number(7)), (0, 3), extents)]}]
    assert dataset_builder.score(gold, guess, "claims").main.f1 == 1.0
    with pytest.raises(DataError, match=r"spans\.0\.start"):
        dataset_builder.score([[STATE]], [[("ACTOR", "STATE", np.float64(0), 5)]])


def test_lists_that_do_not_fit() -> None:
    for wrong in ({"a": [STATE]}, "ACTOR", 3, None):
        with pytest.raises(UsageError, match=r"predicted is .*; give a list of documents"):
            dataset_builder.score([[STATE]], wrong)  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="1 gold and 2 predicted"):
        dataset_builder.score([[STATE]], [[STATE], [STATE]])
    with pytest.raises(UsageError, match="is of document 'b', the gold there of 'a'"):
        dataset_builder.score([{"document": "a", "spans": []}], [{"document": "b", "spans": []}])
    with pytest.raises(UsageError, match="'a' was given above already"):
        dataset_builder.score([{"document": "a", "spans": []}] * 2, [[], []])
    with pytest.raises(UsageError, match="give the document its `text`"):
        dataset_builder.score([[]], [[]], "claims")
    with pytest.raises(UsageError, match="did you mean 'claims'"):
        dataset_builder.score([[]], [[]], "claim")
    with pytest.raises(UsageError, match="the prediction has no layer LOCATION"):
        dataset_builder.score([[STATE]], [{"layers": ["ACTOR"], "spans": [STATE]}])
    with pytest.raises(UsageError, match="nothing to score"):
        dataset_builder.score([], [])
