"""Mistakes by kind: each kind worked by hand, and for any two layers they add up to the score."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings

from dataset_builder.model import Claim, Layer, Relation, Span
from dataset_builder.scoring.counts import GOLD, PREDICTED, RIGHT_GOLD, RIGHT_PREDICTED
from dataset_builder.scoring.mistakes import MEASURES, MISTAKES, Mistake, find_mistakes
from dataset_builder.scoring.score import score
from dataset_builder.scoring.sides import Pair
from dataset_builder.scoring.tasks import TASKS
from tests.scoring.layers import SCHEMA, actors, layer, pair, span
from tests.scoring.test_properties import layers


def _kinds(task: str, gold: Layer, predicted: Layer, measure: str = "") -> list[str]:
    found = find_mistakes([pair(gold, predicted)], task, SCHEMA)
    return [m.kind for m in found if measure in ("", m.measure)]


def assert_adds_up(pairs: list[Pair], task: str, found: list[Mistake]) -> None:
    """Document by document: what is not right is there once, on the side that it stands on."""
    counts = TASKS[task].count(pairs, SCHEMA)
    for measure, base in MEASURES[task].items():
        cells = counts.cells[:, counts.row(measure)]
        for number, each in enumerate(pairs):
            here = [m for m in found if (m.document, m.measure) == (each.gold.document, measure)]
            if base is not None:
                assert len(here) == counts.cells[number, counts.row(base), RIGHT_GOLD] - cells[number, RIGHT_GOLD]
                continue
            sides = sum(m.gold is not None for m in here), sum(m.predicted is not None for m in here)
            cell = cells[number]
            assert sides == (cell[GOLD] - cell[RIGHT_GOLD], cell[PREDICTED] - cell[RIGHT_PREDICTED]), (task, measure)
    assert {m.measure for m in found} <= set(MEASURES[task])


def test_every_task_and_every_main_measure_has_mistakes() -> None:
    assert set(MISTAKES) == set(MEASURES) == set(TASKS)
    assert all(TASKS[task].main in measures for task, measures in MEASURES.items())


@settings(max_examples=60)
@given(layers(), layers())
def test_any_two_layers_add_up(one: Layer, two: Layer) -> None:
    other = replace(two, document="d2")
    pairs = [pair(one, two), pair(other, replace(one, document="d2"))]
    for task in TASKS:
        assert_adds_up(pairs, task, find_mistakes(pairs, task, SCHEMA))
        assert find_mistakes([pair(one, one)], task, SCHEMA) == []


@pytest.mark.parametrize(
    ("gold", "predicted", "kinds"),
    [
        ([("STATE", 0, 4)], [("MEDIA", 0, 4)], ["type"]),
        ([("STATE", 0, 9)], [("STATE", 0, 4)], ["boundary"]),
        ([("STATE", 6, 9)], [("STATE", 5, 9)], ["clitic"]),  # the same word, one letter more
        ([("STATE", 0, 9)], [("MEDIA", 0, 4)], ["boundary and type"]),
        ([("STATE", 0, 4)], [], ["missed"]),
        ([], [("STATE", 0, 4)], ["spurious"]),
        # The person is found, the body inside him is not; and the other way round.
        ([("PERSON", 0, 14), ("POLITICAL_BODY", 5, 14)], [("PERSON", 0, 14)], ["nesting"]),
        ([("PERSON", 0, 14)], [("PERSON", 0, 14), ("POLITICAL_BODY", 5, 14)], ["nesting"]),
    ],
)
def test_entities(gold: list[tuple[str, int, int]], predicted: list[tuple[str, int, int]], kinds: list[str]) -> None:
    assert _kinds("entities", actors(*gold), actors(*predicted)) == kinds


def test_events() -> None:
    """AIR and SHELLING are both REMOTE; CLASH is of another group."""
    gold = layer(span("EVENT", "SHELLING", 0, 4), span("EVENT", "SHELLING", 5, 9), span("EVENT", "CLASH", 10, 14))
    guess = layer(span("EVENT", "AIR", 0, 4), span("EVENT", "CLASH", 5, 9), span("EVENT", "CLASH", 10, 19))
    assert _kinds("events", gold, guess) == ["code", "group", "boundary"]


EVENT, OTHER = span("EVENT", "SHELLING", 0, 4), span("EVENT", "CLASH", 25, 29)
ARMY, TOWN = span("ACTOR", "STATE_FORCES", 5, 9), span("LOCATION", "POPULATED_PLACE", 15, 19)


def _joined(*arrows: tuple[str, Span, Span], without: Span | None = None) -> Layer:
    spans = [s for s in (EVENT, OTHER, ARMY, TOWN) if s is not without]
    return layer(*spans, relations=[Relation(f"r{n}", label, a.id, b.id) for n, (label, a, b) in enumerate(arrows)])


def test_arguments() -> None:
    gold = _joined(("AGENT", EVENT, ARMY))
    assert _kinds("arguments", gold, _joined(("TARGET", EVENT, ARMY))) == ["role"]
    assert _kinds("arguments", gold, _joined(("AGENT", OTHER, ARMY))) == ["other trigger"]
    assert _kinds("arguments", gold, _joined()) == ["missed, not joined"]
    assert _kinds("arguments", gold, _joined(without=EVENT)) == ["missed, no such trigger"]
    assert _kinds("arguments", gold, _joined(without=ARMY)) == ["missed, no such actor"]
    assert _kinds("arguments", _joined(), gold) == ["spurious, not joined"]
    longer, recoded = replace(EVENT, id="e", end=9), replace(EVENT, id="f", label="AIR")
    for event, kind in ((longer, "trigger's boundary"), (recoded, "trigger's code")):
        guess = layer(event, ARMY, relations=[Relation("r", "AGENT", event.id, ARMY.id)])
        assert _kinds("arguments", gold, guess) == [kind]


SOURCE, CUE = span("ACTOR", "PERSON", 0, 4), span("CLAIM", "CUE", 5, 9)
CONTENT = span("CLAIM", "CONTENT", 10, 29)


def _said(content: Span = CONTENT, source: Span | None = SOURCE, cue: Span | None = CUE, **values: object) -> Layer:
    status = "named" if source else "none"
    claim = Claim("c1", source and source.id, cue and cue.id, (content.id,), "indirect", "say", status)
    spans = [s for s in (source, cue, content) if s]
    return layer(*spans, claims=[replace(claim, **values)])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("predicted", "kinds"),
    [
        (_said(replace(CONTENT, id="x", end=14)), ["content too short"]),
        (_said(replace(CONTENT, id="x", start=10, end=49)), []),  # 2 · 19 / (19 + 39) is .66: wide, but half right
        (_said(span("CLAIM", "CONTENT", 30, 49)), ["wrong content"]),
        (_said(source=None), ["source missed"]),
        (_said(source=span("ACTOR", "PERSON", 40, 44)), ["wrong source"]),
        (_said(cue=None), ["cue missed"]),
        (_said(span("CLAIM", "CONTENT", 40, 49), cue=span("CLAIM", "CUE", 35, 39)), ["spurious claim", "cue missed"]),
    ],
)
def test_claims(predicted: Layer, kinds: list[str]) -> None:
    assert sorted(_kinds("claims", _said(), predicted, "soft")) == sorted(kinds)


def test_a_source_that_the_gold_has_not() -> None:
    assert _kinds("claims", _said(source=None), _said(), "soft") == ["source spurious"]
    short = _said(replace(CONTENT, id="x", end=14))
    assert _kinds("claims", short, _said(), "soft") == ["content too long"]
    assert _kinds("claims", layer(), _said(), "soft") == ["spurious claim"]


def test_who_speaks_and_what_nests() -> None:
    """The second claim goes on from the first; predicted, it goes on from nothing and does not nest."""
    cue, content = span("CLAIM", "CUE", 15, 19), span("CLAIM", "CONTENT", 20, 29)
    first = _said()
    second = Claim("c2", None, cue.id, (content.id,), "indirect", "say", "implicit", continues="c1", parent="c1")
    gold = replace(first, spans=(*first.spans, cue, content), claims=(*first.claims, second))
    alone = replace(gold, claims=(first.claims[0], replace(second, continues=None, parent=None)))
    assert _kinds("claims", gold, alone, "attribution") == ["implicit source resolved wrongly"]
    assert _kinds("claims", gold, alone, "nesting") == ["nesting missed"]
    assert _kinds("claims", alone, gold, "nesting") == ["spurious nesting"]
    assert _kinds("claims", gold, first, "nesting") == ["nested claim missed"]
    assert _kinds("claims", gold, first, "soft") == ["nested claim missed"]
    elsewhere = span("ACTOR", "PERSON", 40, 44)
    assert _kinds("claims", _said(), _said(source=elsewhere), "attribution") == ["wrong actor"]


def test_frames() -> None:
    term, actor, other = span("FRAME", "VICTIM", 0, 4), span("ACTOR", "PERSON", 5, 9), span("ACTOR", "PERSON", 10, 14)

    def told(target: Span | None, label: str = "VICTIM") -> Layer:
        frame = replace(term, label=label)
        arrows = [Relation("r", "ABOUT", frame.id, target.id)] if target else []
        return layer(frame, actor, other, relations=arrows)

    assert _kinds("frames", told(actor), told(actor, "EUPHEMISM")) == ["polarity"]
    assert _kinds("frames", told(actor), told(other)) == ["other target"]
    assert _kinds("frames", told(actor), told(None)) == ["no target"]
    assert _kinds("frames", told(None), told(actor)) == ["spurious target"]
    content = span("CLAIM", "CONTENT", 0, 14)
    claim = Claim("c", None, None, (content.id,), "indirect", "say", "none")
    quoted = replace(told(actor), spans=(*told(actor).spans, content), claims=(claim,))
    assert _kinds("frames", told(actor), quoted) == ["outlet taken for reported"]


def test_what_stands_nowhere() -> None:
    """Each is a mistake of the main measure without a place, so that the kinds still add up to the score."""
    said = {
        "ACTOR.STATE": 2,
        "LOCATION": 1,
        "EVENT.AIR": 1,
        "AGENT": 1,
        "ABOUT": 4,
        "CLAIM": 1,
        "CLAIM.CUE": 1,
        "FRAME.VICTIM": 1,
    }
    pairs = [pair(layer(EVENT, ARMY), replace(layer(EVENT, ARMY), spurious=said))]
    expected = {"entities": 3, "events": 1, "arguments": 1, "claims": 1, "frames": 1, "linking": 0}
    for task, count in expected.items():
        found, main = find_mistakes(pairs, task, SCHEMA), TASKS[task].main
        assert [(m.measure, m.kind, m.has_place) for m in found] == [(main, "stands nowhere", False)] * count, task
        figure = score(pairs, TASKS[task], SCHEMA).main
        assert figure.predicted - figure.right == count, task
    names = [m.predicted.label for m in find_mistakes(pairs, "entities", SCHEMA) if m.predicted]
    assert sorted(names) == ["ACTOR.STATE", "ACTOR.STATE", "LOCATION"]


def test_links() -> None:
    def linked(id: str, end: int = 4) -> Layer:
        return layer(span("ACTOR", "STATE", 0, end, **({"entity": id} if id else {})))

    assert _kinds("linking", linked("iran"), linked("iraq")) == ["wrong id"]
    assert _kinds("linking", linked("iran"), linked("")) == ["not linked"]
    assert _kinds("linking", linked(""), linked("iran")) == ["linked, though the gold has no id"]
    assert _kinds("linking", linked("iran"), linked("iran", 9)) == ["span missed", "spurious span"]
