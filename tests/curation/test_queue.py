"""What to annotate next, on a small checkout whose counts are known, and with systems trained on this repository."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from dataset_builder.baselines.system import Example
from dataset_builder.baselines.table import baseline
from dataset_builder.corpus import Corpus
from dataset_builder.curation.queue import disagreement, ordered, waiting
from dataset_builder.curation.reading import readable
from dataset_builder.model import Layer, Span
from tests.cli import HERE, khabar
from tests.samples import bridge, council, make_checkout, road


@pytest.fixture
def checkout(tmp_path: Path) -> Corpus:
    return make_checkout(tmp_path / "checkout")


def test_the_least_annotated_come_first(checkout: Corpus) -> None:
    """The council has two passes and waits no more, the road one, the others none; the bridge has no gold either."""
    for hand, layers in (("amal", (council(), road())), ("basil", (council(),))):
        for layer in layers:
            checkout.write_layer(replace(layer, annotator=hand, guidelines="0" * 16), f"passes/{hand}")
    checkout.layer_path(checkout.document(bridge().document)).unlink()
    found = list(waiting(Corpus(checkout.root)))
    order = [each.document.id for each in found]
    assert order[0] == bridge().document and order[-1] == road().document
    assert council().document not in order
    assert [each.passes for each in found] == [0] * (len(found) - 1) + [1]
    assert council().document in [each.document.id for each in waiting(Corpus(checkout.root), below=3)]


def test_repeats_and_documents_kept_out_do_not_wait() -> None:
    corpus = Corpus(HERE)
    kept_out = {d.id for d in corpus.documents.values() if d.duplicate_of or d.excluded}
    assert len(kept_out) == 40  # 35 too short or of another kind, 5 repeats
    assert not kept_out & {each.document.id for each in waiting(corpus, below=99)}


def test_difference_of_two_layers_by_hand() -> None:
    """First a, b, c; second a, b with another label: 1 shared, 3 + 2 spans, 1 - 2 · 1 / 5 = 0.6. A place that only the
    second looked for does not count."""
    a, b, c = (Span(f"s{n}", "ACTOR", "STATE", 5 * n, 5 * n + 4) for n in range(3))
    place = Span("s9", "LOCATION", "COUNTRY", 0, 4)
    first = Layer("d", "1.0", 20, "", ("ACTOR",), (a, b, c))
    second = Layer("d", "1.0", 20, "", ("ACTOR", "LOCATION"), (a, replace(b, label="PERSON"), place))
    assert disagreement(first, second) == disagreement(second, first) == pytest.approx(0.6)
    assert disagreement(first, first) == 0
    nothing = replace(first, spans=())
    assert disagreement(nothing, nothing) == 0 and disagreement(first, nothing) == 1


def test_equals_keep_their_order(checkout: Corpus) -> None:
    documents = list(waiting(checkout))
    assert [e.document for e in ordered(documents, lambda _: 1.0)] == [e.document for e in documents]
    by_length = ordered(documents, lambda document: document.length)
    assert [e.document.length for e in by_length] == sorted((e.document.length for e in documents), reverse=True)


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A CRF and a memory that learned the twelve articles of three clusters."""
    folder = tmp_path_factory.mktemp("models")
    corpus = Corpus(HERE)
    ids = [id for id in corpus.documents if id[:13] in ("composed-0004", "composed-0005", "composed-0006")]
    examples = [Example(r.text or "", r.layer) for r in (readable(corpus, id) for id in ids)]
    for name in ("crf", "memory"):
        system = baseline(name).make(corpus.schema)
        system.fit(examples)
        (folder / name).mkdir()
        system.save(folder / name)
        card = {"system": name, "train": ["composed"], "documents": len(ids), "data": "0", "seed": 0}
        (folder / name / "khabar-system.json").write_text(json.dumps(card))
    return folder


def test_a_crf_doubts_what_it_has_not_seen_more_than_what_it_has(models: Path) -> None:
    corpus = Corpus(HERE)
    crf = baseline("crf").load(models / "crf", corpus.schema)
    seen, unseen = (corpus.text(corpus.document(f"composed-{n}-a")) for n in ("0004", "0020"))
    assert 0 < crf.doubt(seen) < crf.doubt(unseen) < 100 * 30  # type: ignore[attr-defined]
    assert crf.doubt("") == 0  # type: ignore[attr-defined]


def test_the_queue_leaves_out_what_was_learned_from(models: Path) -> None:
    trained = set((HERE / "splits" / "composed" / "train.txt").read_text("utf8").split())
    arguments = ("queue", "--source", "composed", "--below", "9", "--limit", "0", "--json")
    everything = khabar(HERE, *arguments)
    assert everything.code == 0, everything.err
    assert len(everything.out.splitlines()) == 160
    done = khabar(HERE, *arguments, "--model", models / "crf", "--against", models / "memory")
    assert done.code == 0, done.err
    rows = [json.loads(line) for line in done.out.splitlines()]
    assert len(rows) == 64 and not trained & {row["document"] for row in rows}
    worth = [row["difference"] for row in rows]
    assert worth == sorted(worth, reverse=True) and 0 < worth[0] <= 1
    assert "left out: 96 documents that were learned from" in done.err


def test_what_is_not_here_is_counted_and_shown_on_demand(checkout: Corpus) -> None:
    """The paper's article is referenced and was not hydrated; the four composed ones are here."""
    done = khabar(checkout, "queue", "--json")
    assert len(done.out.splitlines()) == 4 and "1 more whose text is not here (--all" in done.err
    everything = [json.loads(line) for line in khabar(checkout, "queue", "--json", "--all").out.splitlines()]
    assert [row["document"] for row in everything if not row["text"]] == ["paper-0001"] and len(everything) == 5


def test_a_system_without_chances_is_no_doubter(models: Path, tmp_path: Path) -> None:
    done = khabar(HERE, "queue", "--model", models / "memory")
    assert done.code == 2 and "memory says nothing of its chances; give a second system --against it" in done.err
    assert "--against compares with --model" in khabar(HERE, "queue", "--against", models / "memory").err
    assert "there is no source 'composd'; known: ant, composed" in khabar(HERE, "queue", "--source", "composd").err
    assert "no trained system is there" in khabar(HERE, "queue", "--model", tmp_path).err
