"""Adjudication: a sheet that shows what two passes dispute, and who was right in each difference."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from dataset_builder.corpus import Corpus
from dataset_builder.curation.adjudication import Shares, judge
from dataset_builder.formats import sheet
from dataset_builder.model import Claim, Layer, Relation, Span
from dataset_builder.schema import Schema
from tests.cli import khabar
from tests.samples import make_checkout

SCHEMA = Schema.load()
TEXT = "قصف الجيش البلدة"
ARMY = Span("s1", "ACTOR", "STATE_FORCES", 4, 9, {"mention": "nominal"}, "الجيش")
TOWN = Span("s2", "LOCATION", "POPULATED_PLACE", 10, 16, {}, "البلدة")
SHELLED = Span("s3", "EVENT", "SHELLING", 0, 3, {"status": "occurred", "incident": "i1"}, "قصف")


def _layer(*spans: Span, relations: tuple[Relation, ...] = (), claims: tuple[Claim, ...] = ()) -> Layer:
    return Layer("d1", "1.0", len(TEXT), "0" * 64, tuple(SCHEMA.layers), spans, relations, claims)


def _shares(first: Layer, second: Layer, gold: Layer) -> dict[str, dict[str, int]]:
    shares = Shares()
    judge(first, second, gold, SCHEMA, shares)
    return {about: dict(counts) for about, counts in shares.counts.items()}


FIRST = _layer(ARMY, TOWN, SHELLED, relations=(Relation("r1", "AGENT", "s3", "s1"),))


def test_alike_is_no_difference() -> None:
    other = replace(FIRST, spans=(ARMY, TOWN, replace(SHELLED, attributes={"status": "occurred", "incident": "i7"})))
    assert _shares(FIRST, other, FIRST) == {}


@pytest.mark.parametrize(
    ("gold", "right"),
    [
        (SHELLED, "first"),
        (replace(SHELLED, label="AIR"), "second"),
        (replace(SHELLED, label="CLASH"), "neither"),
    ],
)
def test_a_label_goes_to_who_has_the_golds(gold: Span, right: str) -> None:
    second = _layer(ARMY, TOWN, replace(SHELLED, label="AIR"))
    assert _shares(FIRST, second, _layer(ARMY, TOWN, gold))["EVENT"] == {right: 1}


def test_who_marked_nothing_is_right_where_the_gold_has_nothing() -> None:
    bare = _layer(ARMY, SHELLED)
    assert _shares(FIRST, bare, bare)["LOCATION"] == {"second": 1}
    assert _shares(FIRST, bare, FIRST)["LOCATION"] == {"first": 1}
    longer = _layer(ARMY, SHELLED, replace(TOWN, start=4))
    assert _shares(FIRST, bare, longer)["LOCATION"] == {"neither": 1}


def test_what_both_agree_on_makes_no_third_reading() -> None:
    """The second marks a part of what both marked and the gold has: the first, who did not, is right."""
    inner = Span("s9", "LOCATION", "POPULATED_PLACE", 12, 16, {}, "بلدة")
    assert _shares(_layer(TOWN), _layer(TOWN, inner), _layer(TOWN)) == {"LOCATION": {"first": 1}}


def test_both_can_be_right_of_two_spans_that_overlap() -> None:
    body = replace(ARMY, id="s9", label="COMMUNITY", start=0)
    assert _shares(_layer(ARMY), _layer(body), _layer(ARMY, body)) == {"ACTOR": {"both": 1}}


def test_attributes_and_arguments_count_where_both_have_the_span() -> None:
    planned = replace(SHELLED, attributes={"status": "planned"})
    second = _layer(ARMY, TOWN, planned, relations=(Relation("r1", "PLACE", "s3", "s2"),))
    gold = _layer(ARMY, TOWN, planned, relations=(Relation("r1", "AGENT", "s3", "s1"),))
    assert _shares(FIRST, second, gold) == {
        "EVENT status": {"second": 1},
        "AGENT": {"first": 1},
        "PLACE": {"first": 1},
    }


def test_claims_go_by_their_cue() -> None:
    cue = Span("s4", "CLAIM", "CUE", 0, 3, {}, "قصف")
    said = Span("s5", "CLAIM", "CONTENT", 10, 16, {}, "البلدة")
    claim = Claim("c1", "s1", "s4", ("s5",), "indirect", "say", "named")
    first = _layer(ARMY, cue, said, claims=(claim,))
    second = _layer(ARMY, cue, said, claims=(replace(claim, source=None, act="accuse", source_status="none"),))
    gold = _layer(ARMY, cue, said, claims=(replace(claim, act="deny"),))
    assert _shares(first, second, gold) == {
        "CLAIM source": {"first": 1},
        "CLAIM act": {"neither": 1},
        "CLAIM source_status": {"first": 1},
    }


def test_the_sheet_shows_agreed_lines_plain_and_disputed_ones_twice() -> None:
    second = _layer(
        ARMY, TOWN, replace(SHELLED, id="s7", label="AIR"), relations=(Relation("r1", "AGENT", "s7", "s1"),)
    )
    content, disputed = sheet.disputed(FIRST, second, TEXT, SCHEMA)
    body = content.split("\n\n", 1)[1].splitlines()
    assert disputed == 2
    assert body == [
        f"s1 {TEXT}",
        "a1 STATE_FORCES | الجيش",
        "l1 POPULATED_PLACE | البلدة",
        "#1 e1 SHELLING | قصف | incident=i1 AGENT=a1",
        "#2 e1 AIR | قصف | AGENT=a1",
    ]
    assert len(sheet.read(content, "d1", TEXT, "0" * 64, SCHEMA)[0].spans) == 2
    taken = re.sub("(?m)^#2 ", "", content)
    layer, found = sheet.read(taken, "d1", TEXT, "0" * 64, SCHEMA)
    assert not found and [s.label for s in layer.of("EVENT")] == ["AIR"] and len(layer.relations) == 1


def _pass(corpus: Corpus, id: str, annotator: str, layer: Layer) -> None:
    named = replace(layer, annotator=annotator, guidelines=corpus.guidelines_sha256)
    corpus.write_layer(named, f"passes/{annotator}")


def test_commands(tmp_path: Path) -> None:
    corpus = make_checkout(tmp_path / "checkout")
    id = "composed-9001-a"
    gold = corpus.layer(id)
    last = gold.relations[-1]
    assert khabar(corpus, "adjudicate", "shares").code == 2
    _pass(corpus, id, "amal", gold)
    _pass(corpus, id, "basil", replace(gold, relations=gold.relations[:-1]))
    done = khabar(corpus, "adjudicate", "sheets", "-o", "work/decide")
    assert done.code == 0 and "2 disputed lines of passes/amal (#1) and passes/basil (#2)" in done.out, done.out
    assert (corpus.root / "work" / "decide" / f"{id}.sheet").is_file()
    # Deciders lean to what stands first: which hand that is goes by the document, here the other one.
    paper = make_checkout(tmp_path / "hydrated", hydrated=True)
    for hand in ("amal", "basil"):
        _pass(paper, "paper-0001", hand, paper.layer("paper-0001"))
    assert "of passes/basil (#1) and passes/amal (#2)" in khabar(paper, "adjudicate", "sheets", "-o", "work").out
    shares = khabar(corpus, "adjudicate", "shares")
    assert re.search(rf"{last.label} +1 +1 +0 +0 +0", shares.out), shares.out
    agreement = khabar(corpus, "agree", "--json")
    assert agreement.code == 0 and '"first": "first pass"' in agreement.out
    assert "has not two passes" in khabar(corpus, "adjudicate", "sheets", "composed-9002-a", "-o", "work").err
