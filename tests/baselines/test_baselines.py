"""Baselines as a user trains and runs them: learned, saved, loaded, and the same again."""

from __future__ import annotations

import json
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from dataset_builder.baselines.card import Card
from dataset_builder.baselines.links import Linker
from dataset_builder.baselines.maxent import MaxEnt
from dataset_builder.baselines.system import Example, TakesTriggers, span
from dataset_builder.baselines.table import SYSTEMS, baseline
from dataset_builder.baselines.taggers import all_taggers, decode, encode
from dataset_builder.baselines.units import units
from dataset_builder.codec import canonical, decode_layer, encode_layer
from dataset_builder.corpus import Corpus
from dataset_builder.curation.reading import readable
from dataset_builder.errors import UsageError
from dataset_builder.model import Layer
from dataset_builder.schema import Schema
from dataset_builder.scoring.score import score
from dataset_builder.scoring.sides import Pair
from dataset_builder.scoring.tasks import TASKS
from dataset_builder.validation.labels import check_labels
from dataset_builder.validation.references import LayerFile, check_dangling
from tests.cli import HERE, khabar
from tests.samples import make_checkout

SCHEMA = Schema.load()


@pytest.fixture(scope="module")
def examples() -> list[Example]:
    """The twelve articles of three clusters of this repository."""
    corpus = Corpus(HERE)
    ids = [id for id in corpus.documents if id[:13] in ("composed-0004", "composed-0005", "composed-0006")]
    read = [readable(corpus, id) for id in ids]
    return [Example(r.text or "", r.layer) for r in read]


# These have tests of their own.
@pytest.mark.parametrize("name", [s.name for s in SYSTEMS.values() if s.learning == "must" and not s.encodes])
def test_what_was_learned_is_found_again(name: str, examples: list[Example], tmp_path: Path) -> None:
    """On its own training articles a system must do well, and what it writes must be valid and load as the same."""
    system = baseline(name).make(SCHEMA)
    system.fit(examples)
    system.save(tmp_path)
    again = baseline(name).load(tmp_path, SCHEMA)
    pairs = []
    for example in examples:
        layer = system.predict(example.layer.document, example.text)
        assert layer == again.predict(example.layer.document, example.text)
        file = LayerFile(layer, name, {}, "")
        assert not [i for i in (*check_dangling(file), *check_labels(file, SCHEMA, example.text)) if i.is_error]
        # What `khabar predict` writes is what `khabar score` reads.
        read, wrong, _ = decode_layer(encode_layer(layer).encode())
        assert not wrong and read == canonical(layer)
        pairs.append(Pair(example.layer, layer, example.text))
    found = {task: score(pairs, TASKS[task], SCHEMA).main.f1 for task in TASKS}
    assert found["entities"] > 0.7 and found["events"] > 0.6, found
    assert found["arguments"] > 0.2 and found["claims"] > 0.1, found


@pytest.mark.parametrize("name", ["memory", "crf"])
def test_arguments_of_gold_triggers(name: str, examples: list[Example]) -> None:
    """Told where the events are, a system has exactly these, and no fewer of their arguments right than without."""
    system = baseline(name).make(SCHEMA)
    assert isinstance(system, TakesTriggers)
    system.fit(examples[:8])
    own, told = [], []
    for example in examples[8:]:
        id, text, triggers = example.layer.document, example.text, list(example.layer.of("EVENT"))
        given = system.predict_given(id, text, triggers)
        assert {(t.label, t.start, t.end) for t in given.of("EVENT")} == {(t.label, t.start, t.end) for t in triggers}
        assert not any("incident" in t.attributes or "killed" in t.attributes for t in given.of("EVENT"))
        told.append(Pair(example.layer, given, text))
        own.append(Pair(example.layer, system.predict(id, text), text))
    without, with_gold = (score(pairs, TASKS["arguments"], SCHEMA).counts for pairs in (own, told))
    assert with_gold.figure("classification").right > without.figure("classification").right
    # All events are shared, so what holds under this condition is all there is.
    assert with_gold.figure("given events") == with_gold.figure("classification")


def test_every_gold_span_survives_the_taggers(examples: list[Example]) -> None:
    """Units and tags keep the ends of spans, proclitics and all; what nests inside its own label is lost."""
    lost = total = 0
    for example in examples:
        found = units(example.text)
        for tagger in all_taggers(SCHEMA):
            gold = {(s.label, s.start, s.end) for s in tagger.spans(example.layer)}
            kept = set(decode(encode(tagger.spans(example.layer), found), found))
            assert kept <= gold, kept - gold
            lost, total = lost + len(gold - kept), total + len(gold)
    assert total > 1000 and lost / total < 0.05, (lost, total)


def test_a_classifier_that_saw_one_label_says_it() -> None:
    model = MaxEnt()
    assert model.label(["a"]) == ""
    model.fit([["a"], ["b"]], ["x", "x"])
    assert (model.label(["c"]), model.chance(["c"], "x"), model.chance(["c"], "y")) == ("x", 1.0, 0.0)
    model.fit([["a"], ["b"]] * 5, ["x", "y"] * 5)
    assert (model.label(["a"]), model.label(["b"])) == ("x", "y")
    again = MaxEnt()
    again.restore(model.state())
    assert again.chance(["a"], "x") == model.chance(["a"], "x") > 0.5


def test_a_linker_without_training_joins_nothing(examples: list[Example]) -> None:
    joined = Linker(SCHEMA).joined(examples[0].layer, examples[0].text)
    assert not joined.relations and not joined.claims


def test_a_pair_is_joined_once_and_names_are_linked_as_before(examples: list[Example]) -> None:
    """Of AGENT and TARGET of a pair the likelier stands; what training linked keeps its id, others have GeoNames'."""
    linker = Linker(SCHEMA)
    linker.fit(examples)
    bare = [replace(s, attributes={}) for s in examples[0].layer.spans]
    made = linker.joined(replace(examples[0].layer, spans=tuple(bare), relations=(), claims=()), examples[0].text)
    joined = Counter((r.head, r.tail) for r in made.relations)
    assert joined and max(joined.values()) == 1
    linked = [(s.layer, a) for s in made.spans for a in s.attributes if a in ("entity", "geonames")]
    assert {("ACTOR", "entity"), ("LOCATION", "geonames")} == set(linked)
    text = "زار طوكيو"
    new = Layer("x", SCHEMA.version, len(text), "", ("LOCATION",), (span("LOCATION", "POPULATED_PLACE", 4, 9),))
    assert linker.joined(new, text).spans[0].attributes["geonames"] == "1850147"


def test_a_card_says_where_a_system_comes_from(tmp_path: Path) -> None:
    card = Card("crf", ("composed",), 96, "1.0.0", 3, "0.2.0", hardware="x86_64, 2 cores", seconds=61.4,
                validation={"composed": {"events": (0.4853, 0.41, 0.556, "task:events|track:composed")}})  # fmt: skip
    card.write(tmp_path, "a linear-chain CRF")
    assert Card.read(tmp_path) == replace(
        card, validation={"composed": {"events": [0.4853, 0.41, 0.556, "task:events|track:composed"]}}
    )
    page = (tmp_path / "README.md").read_text("utf8")
    assert "| composed | events | 48.5 | 41.0–55.6 | `task:events|track:composed` |" in page
    for said in (
        "96 documents",
        "`composed`",
        "data version 1.0.0",
        "seed 3",
        "## Limits",
        "CC BY 4.0",
        "61 s on x86_64",
    ):
        assert said in page
    foreign = replace(card, foreign=4, encoder="e5-small").page("")
    assert "keep them on your machine" in foreign and "CC BY" not in foreign and "license: other" in foreign


def test_commands(tmp_path: Path) -> None:
    corpus = make_checkout(tmp_path / "checkout")
    trained = khabar(corpus, "train", "--system", "memory", "--model", "work/memory")
    assert trained.code == 0 and "memory learned from 2 documents of composed" in trained.out, trained.err
    assert "no track has a validation split" in (corpus.root / "work" / "memory" / "README.md").read_text("utf8")
    done = khabar(corpus, "predict", "--model", "work/memory", "-o", "work/predictions")
    assert done.code == 0, done.err
    scored = khabar(corpus, "score", "work/predictions")
    assert scored.code == 0 and "task:entities|track:composed|split:test@" in scored.out
    told = khabar(corpus, "predict", "--model", "work/memory", "-o", "work/told", "--gold-triggers")
    assert told.code == 0, told.err
    found = json.loads(khabar(corpus, "score", "work/told", "--task", "events", "--json").out)
    assert found[0]["measures"]["code"]["f1"] == 1
    # Its figures can't be taken for those of a system that was told nothing.
    assert "|given:triggers|" in found[0]["signature"] and "|given:" not in scored.out
    alone = khabar(corpus, "score", "work/told")
    assert "task:arguments|" in alone.out and "task:events|" not in alone.out and "|given:triggers|" in alone.out
    assert "events is left out: the system was told the gold's triggers" in alone.err
    refused = khabar(corpus, "compare", "work/told", "work/predictions")
    assert refused.code == 2 and "work/told triggers, work/predictions nothing" in refused.err
    text = tmp_path / "new.txt"
    text.write_text("قصف الجيش البلدة", "utf8")
    assert khabar(corpus, "predict", text, "--model", "work/memory", "-o", tmp_path / "out").code == 0
    assert (tmp_path / "out" / "new.jsonl").is_file()
    nothing = khabar(corpus, "predict", text, "--model", "work/memory", "-o", tmp_path / "out", "--gold-triggers")
    assert nothing.code == 2 and "needs documents that have gold" in nothing.err
    assert "no trained system is there" in khabar(corpus, "predict", "--model", "work", "-o", "work/p").err
    assert "memory" in khabar(corpus, "train", "--system", "memori", "--model", "work/m").err
    referenced = khabar(corpus, "train", "--system", "memory", "--model", "work/m", "--train", "referenced")
    assert "khabar hydrate" in referenced.err


def test_gliner_without_its_package_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "gliner", None)
    made = baseline("gliner").make(SCHEMA, ["model=somewhere"])
    with pytest.raises(UsageError, match=r"pip install 'khabar\[gliner\]'"):
        made.predict("d", "قصف الجيش البلدة")
