"""`rules` as a whole: its lists, scraps of text, articles, time, and as a user runs it."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from dataset_builder.baselines.table import baseline
from dataset_builder.corpus import Corpus
from dataset_builder.curation.reading import readable
from dataset_builder.lists import Cue, Nominal, PlaceWord, Trigger, packaged
from dataset_builder.scoring.score import score
from dataset_builder.scoring.sides import Pair
from dataset_builder.scoring.tasks import TASKS
from dataset_builder.validation.collection import check_lists
from tests.baselines.rules.made_up import RULES, SCHEMA, predicted
from tests.cli import HERE, khabar
from tests.samples import make_checkout


@pytest.mark.parametrize(
    "text", ["", " \n", ".", '"', "«««", "قال", "بحسب", "نقلت عن", "قال: ", "a b 3.5", "و", ":\n:", '"قال" "']
)
def test_scraps_are_valid(text: str) -> None:
    assert predicted(text).layers == RULES.layers


def test_the_lists_cover_the_codes_and_are_the_schema_s() -> None:
    triggers = packaged("lexicon/triggers.jsonl", Trigger).values()
    codes = {t.code for t in triggers} | {v.code for t in triggers for v in t.variants}
    # MOB is an attack by a crowd: no word says it.
    assert set(SCHEMA.layers["EVENT"].names) - codes == {"MOB"}
    assert {n.label for n in packaged("lexicon/nominals.jsonl", Nominal).values()} <= set(SCHEMA.layers["ACTOR"].names)
    assert all(p.forms for p in packaged("lexicon/places.jsonl", PlaceWord).values())
    cues = packaged("lexicon/cues.jsonl", Cue)
    assert cues["qala"].complements == ("that", "quote") and cues["wafq"].complements == ("source",)


def test_a_wrong_label_in_a_list_is_named(tmp_path: Path) -> None:
    corpus = make_checkout(tmp_path / "checkout")
    path = corpus.root / "annotations" / "lexicon" / "triggers.jsonl"
    path.parent.mkdir(exist_ok=True)
    path.write_text('{"id":"x","pos":"noun","code":"SHELING","gloss":"x","lemma":"قصف","forms":["قصف"]}\n', "utf8")
    found = [i for i in check_lists(Corpus(corpus.root)) if i.code == "unknown-label"]
    assert [str(i.fact) for i in found] == ["x has label SHELING"]


def test_it_runs_without_a_folder(tmp_path: Path) -> None:
    corpus = make_checkout(tmp_path / "checkout")
    text = tmp_path / "new.txt"
    text.write_text("قصف الجيش البلدة، بحسب سكان.", "utf8")
    done = khabar(corpus, "predict", text, "--system", "rules", "-o", tmp_path / "out")
    assert done.code == 0 and '"cue"' in (tmp_path / "out" / "new.jsonl").read_text("utf8"), done.err
    assert khabar(corpus, "predict", "--system", "rules", "-o", "work/rules").code == 0
    assert khabar(corpus, "score", "work/rules").code == 0
    assert "name what is to predict" in khabar(corpus, "predict", "-o", "work/rules").err
    assert "must learn first" in khabar(corpus, "predict", "--system", "memory", "-o", "work/rules").err
    assert "learns nothing" in khabar(corpus, "train", "--system", "rules", "--model", "work/rules").err


def test_its_rows_are_without_training(tmp_path: Path) -> None:
    corpus = make_checkout(tmp_path / "checkout")
    assert "the row is rules/none-composed" in khabar(corpus, "reproduce", "rules/composed-composed", "--write").err
    assert "the row is memory/composed-composed" in khabar(corpus, "reproduce", "memory/none-composed", "--write").err
    assert khabar(corpus, "reproduce", "rules/none-composed", "--write").code == 0
    again = khabar(corpus, "reproduce")
    assert again.code == 0 and "as stored" in again.out and "NOT" not in again.out
    assert "| rules | nothing |" in khabar(corpus, "leaderboard").out


def test_on_validation_articles_it_beats_the_floor_and_is_fast() -> None:
    """Claims F1 of `memory` on composed articles is .168; precision of cues is what rules are for."""
    ids = (HERE / "splits" / "composed" / "validation.txt").read_text("utf8").split()
    corpus, system, pairs = Corpus(HERE), baseline("rules").make(SCHEMA), []
    begun = time.perf_counter()
    for reading in (readable(corpus, id) for id in ids):
        layer = system.predict(reading.document.id, reading.text or "")
        assert layer == system.predict(reading.document.id, reading.text or "")
        pairs.append(Pair(reading.layer, layer, reading.text, reading.document.event))
    assert time.perf_counter() - begun < 20
    found = score(pairs, TASKS["claims"], SCHEMA)
    assert found.main.f1 > 0.5, found.main
    right = guessed = 0
    for pair in pairs:
        gold = {(s.start, s.end) for s in pair.gold.of("CLAIM") if s.label == "CUE"}
        cues = {(s.start, s.end) for s in pair.predicted.of("CLAIM") if s.label == "CUE"}
        right, guessed = right + len(gold & cues), guessed + len(cues)
    assert right / guessed > 0.85, right / guessed


def test_time_grows_with_the_text() -> None:
    """Ten times the text takes about ten times as long, not a hundred times."""
    text = "قال وزير النقل إن الجسر مغلق، مضيفاً أن المرفأ يعمل. قصفت طائرات روسية مدينة إدلب، بحسب سكان.\n"

    def seconds(times: int) -> float:
        begun = time.process_time()
        RULES.predict("long", text * times)
        return time.process_time() - begun

    seconds(5)
    assert seconds(300) < 40 * seconds(30)
