"""Two passes merged, decided in Label Studio, and pulled as gold: every question is answered once and none is lost."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from dataset_builder.codec import encode_layer
from dataset_builder.commands import studio as shared
from dataset_builder.commands.cli import app
from dataset_builder.corpus import Corpus
from dataset_builder.curation.merging import Merged, merge
from dataset_builder.decisions import Graph, answers, encode_decisions
from dataset_builder.errors import DataError
from dataset_builder.files import write_atomic
from dataset_builder.labelstudio.adjudicating import MERGED, Adjudicated, adjudicated, make_adjudication, region_ids
from dataset_builder.labelstudio.check import check_config
from dataset_builder.labelstudio.client import connect
from dataset_builder.labelstudio.config import make_config
from dataset_builder.labelstudio.convert import Entry
from dataset_builder.labelstudio.export import read_tasks
from dataset_builder.model import Document, Layer, Relation, Span
from dataset_builder.schema import Schema
from dataset_builder.validation import validate
from tests.conftest import ROOT
from tests.labelstudio.fake import TOKEN, Studio
from tests.samples import TEXTS, council, make_checkout

SCHEMA = Schema.load()
ID = "composed-9001-a"


def place(layer: Layer, text: str, label: str) -> Span:
    return next(s for s in layer.spans if s.text == text and s.label == label)


def first() -> Layer:
    """The sample's gold, as the first hand has it."""
    return replace(council(), annotator="amal")


def second() -> Layer:
    """As the second hand has it: another extent, another attribute, one arrow less, another act, a loaded word less."""
    gold = council()
    market, strike = place(gold, "سوق البلدة", "FACILITY"), place(gold, "قصفت", "AIR")
    other = replace(market, id="s0000000a", start=market.start, end=market.start + 3, text="سوق")
    frame = place(gold, "المجرمة", "DELEGITIMISING")
    spans = [s for s in gold.spans if s not in (market, frame)]
    spans = [replace(s, attributes={**s.attributes, "killed": "3+"}) if s == strike else s for s in spans]
    gone = {market.id, frame.id}
    relations = [r for r in gold.relations if not {r.head, r.tail} & gone and r.label != "TARGET"]
    claims = [replace(c, act="affirm") if c.act == "say" else c for c in gold.claims]
    relations.append(Relation("r0000000a", "PLACE", strike.id, "s0000000a"))
    return replace(
        gold, spans=(*spans, other), relations=tuple(relations), claims=tuple(claims), annotator="basel"
    )  # fmt: skip


def merged() -> Merged:
    return merge(first(), second(), None, [], SCHEMA)


def test_what_agrees_is_no_question() -> None:
    same = merge(first(), first(), None, [], SCHEMA)
    assert same.asked == 0 and same.questions == []
    assert {node.name for node in same.nodes} == set(Graph.of(first(), SCHEMA).nodes)


def test_what_is_asked() -> None:
    """Two extents of a place, a loaded word, an attribute and an act: six questions with the arrow to the target.

    The arrows to the place and from the loaded word stand and fall with their ends.
    """
    found = merged()
    text = TEXTS[ID]
    shown = {text[n.node.span.start : n.node.span.end]: n.hands for n in found.nodes if n.open}
    hand_of = {"سوق البلدة": (1,), "سوق": (2,), "المجرمة": (1,)}
    assert shown == hand_of
    assert [(n.asked, n.name.split()[1]) for n in found.nodes if n.asked] == [
        ({"killed": ("3", "3+")}, "AIR"), ({"act": ("say", "affirm")}, "CONTENT")
    ]  # fmt: skip
    assert [arrow[1] for arrow, is_open in found.arrows.items() if is_open] == ["TARGET"]
    assert found.asked == 6


def task_of(corpus: Corpus, found: Merged) -> Entry:
    document = corpus.document(ID)
    made = make_adjudication(document, TEXTS[ID], found, [("amal", first()), ("basel", second())], SCHEMA)
    return {"id": 1, "project": 1, **made}


def test_the_passes_stand_as_versions_and_only_the_disputed_is_open(tmp_path: Path) -> None:
    task = task_of(make_checkout(tmp_path), merged())
    assert [p["model_version"] for p in task["predictions"]] == ["amal", "basel", MERGED]
    result = task["predictions"][2]["result"]
    labels = [entry for entry in result if entry.get("from_name") == "label"]
    assert len({entry["id"] for entry in labels}) == len(labels) == 22
    open_ = [entry for entry in labels if not entry.get("readonly")]
    assert sorted(entry["value"]["text"] for entry in open_) == sorted(
        ["سوق البلدة", "سوق", "المجرمة", "قصفت", "إن طائرات قصفت سوق البلدة صباح الأحد وقتلت 3 مدنيين"]
    )
    assert all(entry["meta"]["text"][0].endswith("?") for entry in open_)
    assert "TARGET?" in {label for entry in result if entry["type"] == "relation" for label in entry["labels"]}
    # Every control and label that the task uses is offered, and the configuration is right.
    config = make_config(SCHEMA, adjudicating=True)
    assert list(check_config(config, SCHEMA, adjudicating=True)) == []
    assert [i.code for i in check_config(config, SCHEMA)][:1] == ["config-value"]


def submit(task: Entry, result: Iterable[Any], who: int = 2) -> list[dict[str, Any]]:
    annotation = {"id": 1, "completed_by": who, "updated_by": who, "result": list(result), "updated_at": "2026"}
    return [{**task, "annotations": [annotation], "predictions": [1, 2, 3]}]


def come(corpus: Corpus, task: Entry, result: Iterable[Any]) -> Adjudicated:
    """What a pull reads, whatever gold there was before."""
    return adjudicated(read_tasks(submit(task, result), {}), corpus, {"2": "karim"}, [task["data"]["doc_id"]])


def decide(task: Entry, found: Merged, gold: Layer, document: Document) -> list[Any]:
    """What an adjudicator who knows the gold does with the merged version: each question is answered as it has it."""
    want = Graph.of(gold, SCHEMA)
    ids = region_ids(found, document)
    result = copy.deepcopy(task["predictions"][-1]["result"])
    for node in found.nodes:
        right = node.name in want.nodes
        base = next(e for e in result if e.get("id") == ids[node.name])
        if node.open:
            value = {**base["value"], "choices": ["right" if right else "wrong"]}
            result.append({**base, "from_name": "decision", "type": "choices", "value": value})
        for name in node.asked:
            result = [e for e in result if (e.get("id"), e.get("from_name")) != (ids[node.name], name)]
            if right and (answer := want.nodes[node.name].attributes.get(name)):
                attribute = {**SCHEMA.claim, **{a.name: a for x in SCHEMA.layers.values() for a in x.attributes}}[name]
                kind, key = ("choices", "choices") if attribute.values else ("textarea", "text")
                value = {**{k: base["value"][k] for k in ("start", "end")}, key: [answer]}
                result.append({**base, "from_name": name, "type": kind, "value": value})
    kept = {(ids[head], label, ids[tail]) for head, label, tail in want.arrows if {head, tail} <= set(ids)}
    for entry in [e for e in result if e["type"] == "relation"]:
        answered = [label.removesuffix("?") for label in entry["labels"]]
        entry["labels"] = [x for x in answered if (entry["from_id"], x, entry["to_id"]) in kept]
        if not entry["labels"]:
            result.remove(entry)
    return result


def test_decided_it_becomes_gold_with_a_record_of_each_decision(tmp_path: Path) -> None:
    corpus = make_checkout(tmp_path)
    found, document = merged(), corpus.document(ID)
    task = task_of(corpus, found)
    came = come(corpus, task, decide(task, found, council(), document))
    assert came.found == [] and came.refused == []
    ((_, layer, decisions),) = came.layers
    assert Graph.of(layer, SCHEMA).nodes.keys() == Graph.of(council(), SCHEMA).nodes.keys()
    assert encode_layer(layer) == encode_layer(council())  # ids of spans, relations and claims as the first hand's
    said = {d.question: (d.answer, d.by) for d in decisions.values()}
    text = TEXTS[ID]
    start = text.index("سوق البلدة")
    assert said[f"LOCATION FACILITY {start}-{start + 10}"] == ("yes", "karim")
    assert said[f"LOCATION FACILITY {start}-{start + 3}"] == ("no", "karim")
    at = text.index("قصفت")
    assert said[f"EVENT AIR {at}-{at + 4} killed"] == ("3", "karim")
    # No word of the text is in the record, since texts may be somebody else's.
    written = encode_decisions(decisions)
    assert not any("\u0600" <= character <= "\u06ff" for character in written) and written.count("\n") == len(decisions)


def test_what_was_decided_is_not_asked_again_and_what_is_new_is(tmp_path: Path) -> None:
    corpus = make_checkout(tmp_path)
    found, document = merged(), corpus.document(ID)
    task = task_of(corpus, found)
    ((_, gold, decisions),) = come(corpus, task, decide(task, found, council(), document)).layers
    write_atomic(corpus.decisions_path(document), encode_decisions(decisions))
    known = corpus.decisions(document)
    assert known == decisions
    again = merge(first(), second(), gold, known, SCHEMA)
    assert again.asked == 0
    # The second hand goes on annotating: a region more, and a change of mind about what was decided already.
    later = second()
    more = Span("s0000000b", "FRAME", "VICTIM", 0, 4, {}, TEXTS[ID][:4])
    changed = [replace(s, attributes={**s.attributes, "killed": "9"}) if s.label == "AIR" else s for s in later.spans]
    later = replace(later, spans=(*changed, more))
    rest = merge(first(), later, gold, known, SCHEMA)
    assert [node.name for node in rest.nodes if node.open] == ["FRAME VICTIM 0-4"]
    asked = {name for node in rest.nodes for name in node.asked}
    assert asked == {"killed"}  # of the headline's strike, about which nobody was asked before
    strike = next(n for n in rest.nodes if n.name.startswith("EVENT AIR") and n.attributes.get("killed"))
    assert strike.attributes["killed"] == "3"


def test_an_open_question_keeps_the_document_back_and_is_named(tmp_path: Path) -> None:
    corpus = make_checkout(tmp_path)
    found, document = merged(), corpus.document(ID)
    task = task_of(corpus, found)
    untouched = come(corpus, task, task["predictions"][-1]["result"])
    assert untouched.refused == [ID] and untouched.layers == []
    facts = [f"{i.code}: {i.fact}" for i in untouched.found]
    assert [f.split(":")[0] for f in facts] == ["decision-missing"] * 5 + ["claim-incomplete"]
    assert "decision-missing: FACILITY «سوق البلدة» (60–70) is neither right nor wrong" in facts
    assert any("the arrow TARGET? from AIR «قصفت» (55–59) to CIVILIANS «مدنيين»" in f for f in facts)
    assert any(f.endswith("killed of AIR «قصفت» (55–59) is still a question: 3 or 3+") for f in facts)
    assert facts[-1].endswith("has no act")
    # A region that was deleted is decided; so is one by its answer; each alone is not enough.
    done = decide(task, found, council(), document)
    some = [e for e in done if not (e.get("from_name") == "decision" and e["value"]["choices"] == ["right"])]
    assert [i.code for i in come(corpus, task, some).found] == ["decision-missing"] * 2
    wrong = {e["id"] for e in done if e.get("from_name") == "decision" and e["value"]["choices"] == ["wrong"]}
    deleted = [e for e in done if not wrong & {e.get("id"), e.get("from_id"), e.get("to_id")}]
    assert [encode_layer(layer) for _, layer, _ in come(corpus, task, deleted).layers] == [encode_layer(council())]


def test_a_third_reading_is_gold_too(tmp_path: Path) -> None:
    """The adjudicator marks what neither hand has."""
    corpus = make_checkout(tmp_path)
    found, document = merged(), corpus.document(ID)
    task = task_of(corpus, found)
    value = {"start": 157, "end": 164, "labels": ["REGION"]}
    extra = {"id": "Ab1-_cdEf0", "from_name": "label", "to_name": "text", "type": "labels", "value": value}
    came = come(corpus, task, [*decide(task, found, council(), document), extra])
    ((_, gold, decisions),) = came.layers
    assert [s.label for s in gold.spans if (s.start, s.end) == (157, 164)] == ["REGION"]
    rest = merge(first(), second(), gold, decisions, SCHEMA)
    assert rest.asked == 0 and "LOCATION REGION 157-164" in {node.name for node in rest.nodes}


def test_every_adjudicated_document_can_be_decided_to_its_gold() -> None:
    """On all passes of composed articles: whoever decides as the gold did gets the gold, and is asked nothing twice."""
    corpus, count, asked = Corpus(ROOT), 0, 0
    for document, one, two in corpus.twice_annotated():
        text = corpus.text(document) if document.is_included else None
        if text is None or not corpus.layer_path(document).is_file():
            continue
        passes = [(hand.removeprefix("passes/"), corpus.layer(document.id, hand)) for hand in (one, two)]
        gold = corpus.layer(document.id)
        found = merge(passes[0][1], passes[1][1], None, [], SCHEMA)
        task = make_adjudication(document, text, found, passes, SCHEMA)
        labels = [e["id"] for e in task["predictions"][-1]["result"] if e.get("from_name") == "label"]
        assert len(labels) == len(set(labels)) == len(found.nodes)
        want, have = Graph.of(gold, SCHEMA), {node.name for node in found.nodes}
        if want.nodes.keys() <= have and want.arrows.keys() <= found.arrows.keys():
            came = come(corpus, {"id": 1, "project": 1, **task}, decide(task, found, gold, document))
            assert [i for i in came.found if i.is_error] == [], document.id
            ((_, layer, decisions),) = came.layers
            got = Graph.of(layer, SCHEMA)
            assert got.nodes.keys() == want.nodes.keys() and got.arrows.keys() == want.arrows.keys(), document.id
            assert merge(passes[0][1], passes[1][1], layer, decisions, SCHEMA).asked == 0, document.id
            assert {d.question for d in answers(found.questions, layer, "x", SCHEMA)} == set(found.questions)
            count += 1
        asked += found.asked
    assert count >= 40 and asked > 200, (count, asked)


def test_the_commands_from_two_passes_to_gold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing with gold is asked unless it is named; a task that asks less than there is to ask now is not built on."""
    corpus, studio = make_checkout(tmp_path), Studio()
    for name, layer in (("amal", first()), ("basel", second())):
        corpus.write_layer(replace(layer, annotator=name, guidelines="0" * 16), f"passes/{name}")
    monkeypatch.setattr(shared, "connect", lambda url, token: connect(url, TOKEN, studio.transport))
    monkeypatch.setenv("KHABAR_ROOT", str(corpus.root))

    def khabar(*arguments: str) -> Result:
        return CliRunner().invoke(app, ["adjudicate", *arguments])

    assert "nothing is disputed" in khabar("push").stdout and studio.stored == []
    corpus.layer_path(corpus.document(ID)).unlink()
    done = khabar("push")
    assert f"{ID}: 6 questions" in done.stdout and "1 documents sent" in done.stdout, done.output
    assert studio.projects[0]["model_version"] == MERGED
    assert "0 decided, 0 with errors, 1 not begun" in khabar("pull").stdout
    # The second hand goes on: what is asked there is no longer all.
    more = replace(second(), spans=(*second().spans, Span("s0000000b", "FRAME", "VICTIM", 0, 4, {}, TEXTS[ID][:4])))
    corpus.write_layer(replace(more, annotator="basel", guidelines="0" * 16), "passes/basel")
    stale = khabar("push")
    assert stale.exit_code == 1 and "1 things more, such as 'FRAME VICTIM 0-4'" in stale.output
    task = studio.stored[0]
    studio.annotate(1, decide(task, merged(), council(), corpus.document(ID)), updated_at="2026-11-22T21:00:00Z")
    came = khabar("pull", "--annotator", "amal@example.org=karim")
    assert came.exit_code == 0 and "1 decided" in came.stdout, came.output
    assert encode_layer(corpus.layer(ID)) == encode_layer(council())
    assert [i.code for i in validate(Corpus(corpus.root)) if i.path.startswith("annotations/decisions")] == []
    rest = khabar("push", "--project", "Khabar adjudication 2")
    assert f"{ID}: 1 questions" in rest.stdout and len(studio.stored) == 2
    assert "(nothing changed)" in khabar("pull").stdout


PAPER = "paper-0001"


@pytest.fixture
def deciding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Corpus, Studio, Callable[..., Result]]:
    """Two documents with two passes that differ, one of them of a text that belongs to somebody else, and no gold."""
    corpus, studio = make_checkout(tmp_path, hydrated=True), Studio()
    gold = corpus.layer(PAPER)
    less = replace(gold, spans=tuple(s for s in gold.spans if s.layer != "FRAME"))
    less = replace(less, relations=tuple(r for r in less.relations if r.label != "ABOUT"))
    for name, layers in (("amal", (first(), gold)), ("basel", (second(), less))):
        for layer in layers:
            corpus.write_layer(replace(layer, annotator=name, guidelines="0" * 16), f"passes/{name}")
    monkeypatch.setattr(shared, "connect", lambda url, token: connect(url, TOKEN, studio.transport))
    monkeypatch.setenv("KHABAR_ROOT", str(corpus.root))
    for id in (ID, PAPER):
        corpus.layer_path(corpus.document(id)).unlink()
    return corpus, studio, lambda *arguments: CliRunner().invoke(app, ["adjudicate", *arguments])


def test_a_text_that_is_not_here_is_left_out_of_a_push_and_named(
    deciding: tuple[Corpus, Studio, Callable[..., Result]],
) -> None:
    corpus, studio, khabar = deciding
    text = corpus.text_path(corpus.document(PAPER))
    content = text.read_bytes()
    text.unlink()
    done = khabar("push")
    assert done.exit_code == 1 and "1 documents sent" in done.stdout and f"{ID}: 6 questions" in done.stdout
    assert f"{PAPER}: error[L0 text-not-here]" in done.stderr and "khabar hydrate" in done.stderr
    assert [task["data"]["doc_id"] for task in studio.stored] == [ID]
    alone = khabar("push", PAPER)
    assert alone.exit_code == 1 and "text-not-here" in alone.stderr and "nothing else is disputed" in alone.stdout
    text.write_bytes(content)
    whole = khabar("push")
    assert whole.exit_code == 0 and "1 documents sent, 1 there before" in whole.stdout, whole.output


def test_a_text_that_is_not_here_costs_the_others_nothing(
    deciding: tuple[Corpus, Studio, Callable[..., Result]],
) -> None:
    corpus, studio, khabar = deciding
    assert khabar("push").exit_code == 0
    studio.annotate(studio.task_of(ID), decide(studio.stored[0], merged(), council(), corpus.document(ID)))
    studio.annotate(studio.task_of(PAPER), [{"id": "x"}])
    text = corpus.text_path(corpus.document(PAPER))
    content = text.read_bytes()
    text.unlink()
    done = khabar("pull", "--annotator", "amal@example.org=karim")
    assert done.exit_code == 1 and "1 decided, 1 with errors, 0 not begun" in done.stdout, done.output
    assert f"{PAPER} (" in done.stderr and "text-not-here" in done.stderr and "khabar hydrate" in done.stderr
    assert encode_layer(corpus.layer(ID)) == encode_layer(council()) and corpus.decisions(corpus.document(ID))
    assert not corpus.layer_path(corpus.document(PAPER)).exists()
    text.write_bytes(content)
    assert "text-not-here" not in khabar("pull").stderr


def test_gold_that_was_corrected_here_is_left_with_its_decisions(
    deciding: tuple[Corpus, Studio, Callable[..., Result]],
) -> None:
    corpus, studio, khabar = deciding
    document = corpus.document(ID)
    khabar("push", ID)
    studio.annotate(1, decide(studio.stored[0], merged(), council(), document), updated_at="2026-11-22T21:00:00Z")
    assert khabar("pull", "--annotator", "amal@example.org=karim").exit_code == 0
    decisions = corpus.decisions_path(document).read_bytes()
    corrected = replace(council(), claims=council().claims[:-1])
    corpus.write_layer(corrected)
    done = khabar("pull")
    assert done.exit_code == 1 and "0 decided, 1 left as they were corrected here" in done.stdout, done.output
    assert f"{ID} (" in done.stderr and "layer-corrected" in done.stderr and "--replace" in done.stderr
    assert corpus.layer(ID) == Corpus(corpus.root).layer(ID) and len(corpus.layer(ID).claims) == len(corrected.claims)
    assert corpus.decisions_path(document).read_bytes() == decisions
    taken = khabar("pull", "--replace", ID)
    assert taken.exit_code == 0 and ".khabar/replaced/gold/composed" in taken.stdout, taken.output
    assert encode_layer(corpus.layer(ID)) == encode_layer(council())


def test_gold_from_which_an_adjudication_began_is_replaced(
    deciding: tuple[Corpus, Studio, Callable[..., Result]],
) -> None:
    """Gold that no pull wrote, sent by name: what was decided takes its place, but not if it was changed meanwhile."""
    corpus, studio, khabar = deciding
    before = replace(council(), relations=council().relations[1:])
    corpus.write_layer(before)
    assert f"{ID}: 6 questions" in khabar("push", ID).stdout
    studio.annotate(1, decide(studio.stored[0], merged(), council(), corpus.document(ID)))
    corpus.write_layer(replace(before, claims=before.claims[:-1]))
    assert "layer-corrected" in khabar("pull", "--annotator", "amal@example.org=karim").stderr
    corpus.write_layer(before)
    done = khabar("pull")
    assert done.exit_code == 0 and "1 decided" in done.stdout, done.output
    assert encode_layer(corpus.layer(ID)) != encode_layer(before)


@pytest.mark.parametrize("content", ["{", '{"question": 1}\n', "[]\n"])
def test_broken_decisions_are_named(tmp_path: Path, content: str) -> None:
    corpus = make_checkout(tmp_path)
    write_atomic(corpus.decisions_path(corpus.document(ID)), content)
    with pytest.raises(DataError, match=r"annotations/decisions/composed/composed-9001-a\.jsonl:1: error"):
        corpus.decisions(corpus.document(ID))
