"""A zero that nothing was predicted for is said; one that was earned is not."""

from __future__ import annotations

from dataclasses import replace

from dataset_builder.model import Claim, Layer, Relation
from dataset_builder.scoring.absence import _THINGS
from dataset_builder.scoring.score import score
from dataset_builder.scoring.sides import Pair
from dataset_builder.scoring.tasks import TASKS
from tests.scoring.layers import SCHEMA, layer, pair, span

ARMY = replace(span("ACTOR", "STATE_FORCES", 5, 9), attributes={"entity": "army"})
TOWN = replace(span("LOCATION", "POPULATED_PLACE", 15, 19), attributes={"geonames": "1"})
EVENT, CONTENT, TERM = span("EVENT", "AIR", 0, 4), span("CLAIM", "CONTENT", 20, 24), span("FRAME", "VICTIM", 25, 29)
GOLD = layer(
    *(ARMY, TOWN, EVENT, CONTENT, TERM),
    relations=[Relation("r", "AGENT", EVENT.id, ARMY.id), Relation("q", "ABOUT", TERM.id, ARMY.id)],
    claims=[Claim("c", None, None, (CONTENT.id,), "indirect", "say", "none")],
)


def _said(predicted: Layer, *others: Pair) -> dict[str, str]:
    pairs = [pair(GOLD, predicted), *others]
    found = {name: score(pairs, task, SCHEMA).notice for name, task in TASKS.items()}
    return {name: sentence for name, sentence in found.items() if sentence}


def test_every_task_is_told_of() -> None:
    assert set(_THINGS) == set(TASKS)


def test_spans_without_anything_that_joins_them() -> None:
    """All five layers are declared, spans alone predicted, and none of them is linked."""
    bare = tuple(replace(s, attributes={}) for s in GOLD.spans)
    assert _said(replace(GOLD, spans=bare, relations=(), claims=())) == {
        "arguments": "no argument of an event is predicted in any document: arguments is 0 for that reason",
        "claims": "no claim is predicted in any document: claims is 0 for that reason",
        "linking": "no entity id and no GeoNames id is predicted in any document: linking is 0 for that reason",
    }


def test_one_kind_of_two() -> None:
    said = _said(replace(GOLD, spans=tuple(s for s in GOLD.spans if s != TOWN)))
    assert said == {
        "entities": "no place is predicted in any document, the gold has 1: entities misses them all",
        "linking": "no GeoNames id is predicted in any document, the gold has 1: linking misses them all",
    }


def test_nothing_is_said_of_a_zero_that_was_earned() -> None:
    """Another label is wrong, and not absent; what one document has is not absent; nor what no gold has."""
    wrong = replace(GOLD, spans=(replace(ARMY, label="STATE"), *GOLD.spans[1:]))
    assert _said(GOLD) == _said(wrong) == {}
    other = replace(GOLD, document="d2")
    assert _said(layer(), Pair(other, other, pair(GOLD, GOLD).text)) == {}
    assert score([pair(layer(), layer())], TASKS["claims"], SCHEMA).notice == ""
    # What stands nowhere was predicted: the precision of 0 is its own.
    assert "for that reason" not in _said(replace(layer(), spurious={"CLAIM": 1}))["claims"]
