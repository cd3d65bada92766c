"""Decisions between passes lead to regions that there are, in the schema's words, and the gold follows them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from dataset_builder.corpus import Corpus
from dataset_builder.decisions import Decision, Graph, answer, encode_decisions
from dataset_builder.files import write_atomic
from dataset_builder.validation import validate
from tests.cli import khabar
from tests.samples import council, make_checkout

ID = "composed-9001-a"


def checkout(folder: Path, *decisions: Decision, id: str = ID) -> Corpus:
    """The sample with two passes like its gold over the council's article, and these decisions."""
    corpus = make_checkout(folder)
    for name in ("amal", "basel"):
        corpus.write_layer(replace(council(), annotator=name, guidelines="0" * 16), f"passes/{name}")
    path = corpus.root / "annotations" / "decisions" / "composed" / f"{id}.jsonl"
    write_atomic(path, encode_decisions({d.question: d for d in decisions}))
    return corpus


def found(corpus: Corpus, level: int = 4) -> list[str]:
    """What is said of decisions, by code."""
    return [i.code for i in validate(corpus, level=level) if i.path.startswith("annotations/decisions")]


def test_what_the_gold_has_is_right_whatever_is_asked(tmp_path: Path) -> None:
    """Every region, attribute and arrow of the gold, claims' included, and the same asked of what it has not."""
    graph = Graph.of(council(), make_checkout(tmp_path / "a").schema)
    questions = [*graph.nodes, *(" ".join(arrow) for arrow in graph.arrows)]
    questions += [f"{name} {attribute}" for name, node in graph.nodes.items() for attribute in node.attributes]
    kinds = {word for about in questions for word in about.split()}
    assert {"AGENT", "source", "cue", "continues", "act", "killed", "entity"} <= kinds
    made = [Decision(about, answer(about, graph), "karim") for about in questions]
    assert {d.answer for d in made} > {"yes"} and "no" not in {d.answer for d in made}
    assert found(checkout(tmp_path / "b", *made)) == []
    turned = [replace(d, answer="no" if d.answer == "yes" else "") for d in made]
    assert found(checkout(tmp_path / "c", *turned)) == ["decision-differs"] * len(made)


@pytest.mark.parametrize(
    ("about", "given", "code"),
    [
        ("EVENT CONDEMN 13-17", "maybe", "attribute-value"),
        ("EVENT CONDEMN 13-17 status", "yes", "attribute-value"),
        ("EVENT CONDEMN 13-17 status", "", "decision-differs"),
        ("EVENT CONDEMN 13-17 mention", "name", "unknown-attribute"),
        ("EVENT CONDEMN 13-17 act", "say", "unknown-attribute"),
        ("EVENT CONDEMNS 13-17", "yes", "unknown-label"),
        ("EVENTS CONDEMN 13-17", "yes", "unknown-layer"),
        ("EVENT CONDEMN 13-17 NEAR ACTOR POLITICAL_BODY 0-12", "no", "unknown-relation"),
        ("EVENT CONDEMN 13-17 AGENT ACTOR POLITICAL_BODY 0-12", "no", "decision-differs"),
        ("EVENT CONDEMN 13-17 AGENT ACTOR POLITICAL_BODY 0-11", "no", "decision-about-nothing"),
        ("EVENT CONDEMN 13-17 #2", "no", "decision-about-nothing"),
        ("EVENT CONDEMN 13-13", "no", "offset-range"),
        ("EVENT CONDEMN 13-166", "no", "offset-range"),
    ],
)
def test_what_is_wrong_with_a_decision(tmp_path: Path, about: str, given: str, code: str) -> None:
    """The text has 165 code points; the gold has CONDEMN with status occurred at 13, by the actor at 0."""
    assert code in found(checkout(tmp_path, Decision(about, given, "karim")))


def test_words_of_a_text_are_no_question(tmp_path: Path) -> None:
    corpus = checkout(tmp_path)
    path = corpus.decisions_path(corpus.document(ID))
    good = {"question": "EVENT CONDEMN 13-17", "answer": "yes", "by": "karim"}
    for bad in ({"question": "يدين"}, {"by": "karim@example.org"}, {"by": ""}, {"answer": 1}, {"note": "x"}):
        path.write_text(json.dumps(good | bad, ensure_ascii=False) + "\n", "utf8")
        assert found(corpus) == ["unknown-key" if "note" in bad else "bad-value"], bad


def test_where_decisions_stand(tmp_path: Path) -> None:
    condemn = Decision("EVENT CONDEMN 13-17", "yes", "karim")
    assert found(checkout(tmp_path / "a", condemn, id="composed-9001-z")) == ["unknown-document"]
    corpus = checkout(tmp_path / "b", condemn)
    path = corpus.decisions_path(corpus.document(ID))
    (path.parent.parent / "paper").mkdir()
    path.rename(path.parent.parent / "paper" / path.name)
    assert found(corpus) == ["wrong-place"]


@pytest.mark.parametrize("gone", ["gold", "passes/basel"])
def test_gold_and_both_passes_are_wanted(tmp_path: Path, gone: str) -> None:
    corpus = checkout(tmp_path, Decision("EVENT CONDEMN 13-17", "yes", "karim"))
    corpus.layer_path(corpus.document(ID), gone).unlink()
    assert found(corpus) == ["decision-without-layers"] and found(corpus, level=3) == []


def test_a_layer_with_errors_is_named_as_its_own(tmp_path: Path) -> None:
    """A claim without content and an arrow to nowhere are no reason to end."""
    corpus = checkout(tmp_path, Decision("EVENT CONDEMN 13-17", "no", "karim"))
    claims = (replace(council().claims[0], content=()), *council().claims[1:])
    corpus.write_layer(replace(council(), claims=claims))
    assert found(corpus) == []
    corpus.write_layer(replace(council(), spans=council().spans[1:]))
    assert found(corpus) == []
    corpus.layer_path(corpus.document(ID)).write_text("{", "utf8")
    assert found(corpus) == []


def test_the_commands_know_decisions(tmp_path: Path) -> None:
    """`fmt` puts them in order, `validate` takes them as a path, `--explain` shows a line."""
    rows = [Decision(about, "yes", "karim") for about in ("EVENT CONDEMN 13-17", "ACTOR POLITICAL_BODY 0-12")]
    corpus = checkout(tmp_path / "checkout", *rows)
    path = corpus.decisions_path(corpus.document(ID))
    lines = path.read_text("utf8").splitlines(keepends=True)
    path.write_text("".join(reversed(lines)), "utf8")
    wrong = khabar(corpus, "validate", path)
    assert wrong.code == 1 and f"decisions/composed/{ID}.jsonl:1: error[L1 not-canonical]" in wrong.err
    assert "formatted annotations/decisions" in khabar(corpus, "fmt").out
    assert path.read_text("utf8") == "".join(lines) and khabar(corpus, "validate", path).code == 0
    said = khabar(corpus, "validate", "--explain", "decision-differs").out
    assert '"question":"EVENT CONDEMN 13-17"' in said and "annotations/decisions/composed" in said
