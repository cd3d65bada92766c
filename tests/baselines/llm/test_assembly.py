"""Answers put together to a layer, which is valid whatever a model says."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from itertools import pairwise

import pytest

from dataset_builder.baselines.llm.assembly import Assembly
from dataset_builder.baselines.llm.form import read
from dataset_builder.baselines.llm.system import windows
from dataset_builder.codec import decode_layer, encode_layer
from dataset_builder.corpus import Corpus
from dataset_builder.curation.reading import readable
from dataset_builder.scoring.score import score
from dataset_builder.scoring.sides import Pair
from dataset_builder.scoring.spurious import unknown_names
from dataset_builder.scoring.tasks import TASKS
from tests.baselines.llm.answers import SCHEMA, always, answer, asked, assert_valid, spans, wrote
from tests.baselines.llm.chat_server import reply, serving
from tests.cli import HERE
from tests.samples import BRIDGE, COUNCIL, ROAD, WIRE, bridge, council, road, wire


def test_windows_give_what_one_request_gives() -> None:
    """A text in windows of 300 code points, each answered perfectly: all spans, all links but those into far ones."""
    corpus = Corpus(HERE)
    read_ = readable(corpus, "composed-0004-a")
    text, gold = read_.text or "", read_.layer
    assembly = Assembly(text, SCHEMA)
    cut = windows(text, 300)
    assert len(cut) > 3 and all(a.end <= b.own and b.start < b.own for a, b in pairwise(cut))
    for window in cut:
        inside = tuple(s for s in gold.spans if window.start <= s.start and s.end <= window.end)
        ids = {s.id for s in inside}
        part = replace(
            gold,
            spans=inside,
            relations=tuple(r for r in gold.relations if {r.head, r.tail} <= ids),
            claims=tuple(c for c in gold.claims if set(c.spans) <= ids),
        )
        assembly.add(window, read(wrote(part, text, window), SCHEMA) or pytest.fail())
    layer = assembly.layer("composed-0004-a")
    assert_valid(layer, text)
    assert spans(layer) == spans(gold) and not layer.spurious
    assert len(layer.relations) >= 0.9 * len(gold.relations) and len(layer.claims) == len(gold.claims)


def test_unknown_labels_and_words_that_stand_nowhere_count_against_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of four actors two stand in the text with a label of the schema, so precision is 2 of 4; the gold has five
    actors and two places. Of three arguments one leads to an actor that is there.
    """
    said = answer(
        ACTOR=[
            {"id": "a1", "label": "POLITICAL_BODY", "text": "مجلس الناحية", "before": "", "mention": "name"},
            {"id": "a2", "label": "CIVILIANS", "text": "مدنيين", "before": "وقتلت 3", "mention": "nominal"},
            {"id": "a3", "label": "SOLDIERS", "text": "قوات الإقليم", "before": "ونفت", "mention": "name"},
            {"id": "a4", "label": "STATE_FORCES", "text": "الجيش السوري", "before": "", "mention": "name"},
        ],
        EVENT=[{"id": "e1", "label": "AIR", "text": "قصفت", "before": "إن طائرات", "status": "occurred",
                "AGENT": ["a4"], "TARGET": ["a2", "a9"], "PLACE": []}],
        CLAIM=[{"id": "c1", "source": {"text": "الناطق العسكري", "before": ""}, "cue": {"text": "قال", "before": ""},
                "content": [{"text": "إن طائرات قصفت سوق البلدة", "before": "قال مجلس الناحية"}],
                "form": "indirect", "act": "say", "source_status": "named", "medium": "unknown"}],
    )  # fmt: skip
    with serving(always(reply(said))) as served:
        layer, system = asked(served, monkeypatch)
    assert layer.spurious == {
        "ACTOR": 1, "ACTOR.STATE_FORCES": 1, "AGENT": 1, "TARGET": 1,
        "CLAIM": 1, "CLAIM.CONTENT": 1, "CLAIM.CUE": 1, "CLAIM.SOURCE": 1,
    }  # fmt: skip
    pair = Pair(council(), layer, COUNCIL)
    entities = score([pair], TASKS["entities"], SCHEMA)
    assert (entities.main.right, entities.main.predicted, entities.main.gold) == (2, 4, 7)
    assert entities.main.precision == 0.5
    forces = entities.counts.figure("strict", "ACTOR.STATE_FORCES")
    assert (forces.predicted, forces.gold) == (1, 1)
    arguments = score([pair], TASKS["arguments"], SCHEMA).main
    assert (arguments.right, arguments.predicted) == (1, 3)
    claims = score([pair], TASKS["claims"], SCHEMA)
    assert (claims.main.right, claims.main.predicted, claims.main.gold) == (0, 1, 4)
    assert claims.counts.figure("roles exact", "CUE").predicted == 1
    assert "1 spurious" not in system.summary() and "2 of 8 quotes stand nowhere" in system.summary()


def test_content_that_holds_its_cue_or_source_is_cut_out_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "نفت قوات الإقليم ذلك، وقالت قوات الإقليم إن الجسر مفتوح."
    source = {"text": "قوات الإقليم", "before": "وقالت"}
    said = answer(
        CLAIM=[{"id": "c1", "source": source, "cue": {"text": "قالت", "before": "ذلك، و"},
                "content": [{"text": "قالت قوات الإقليم إن الجسر مفتوح", "before": ""}],
                "source_status": "implicit", "parent": "c1", "continues": "c7"}],
    )  # fmt: skip
    with serving(always(reply(said))) as served:
        layer, _ = asked(served, monkeypatch, text)
    claim = layer.claims[0]
    content = layer.span(claim.content[0])
    assert text[content.start : content.end] == "إن الجسر مفتوح"
    assert (claim.source_status, claim.parent, claim.continues) == ("named", None, None)


def test_claims_that_are_each_others_parent_are_untied(monkeypatch: pytest.MonkeyPatch) -> None:
    quote = {"text": "إن القصف أوقع 3 قتلى", "before": "قوله"}
    claims = [
        {"id": f"c{n}", "cue": {"text": cue}, "content": [quote], "parent": f"c{3 - n}", "continues": f"c{3 - n}"}
        for n, cue in ((1, "نقلت"), (2, "قوله"))
    ]
    with serving(always(reply(answer(CLAIM=claims)))) as served:
        layer, _ = asked(served, monkeypatch, WIRE)
    assert len(layer.claims) == 2 and sum(c.parent is not None for c in layer.claims) == 1


def test_whatever_a_model_says_the_layer_is_valid() -> None:
    """Gold answers with values swapped, dropped and replaced by values of other types, 200 times."""
    draw = random.Random(0)
    strange = [
        "",
        None,
        0,
        -1.5,
        True,
        [],
        {},
        "…",
        "ـ",
        ":",
        "a1",
        "c1",
        "قال",
        "من",
        "٣",
        "\u200f",
        ["a1", None],
        {"text": "قال"},
    ]

    def spoilt(node: object, values: list[object]) -> object:
        if draw.random() < 0.06:
            return draw.choice(strange if draw.random() < 0.5 else values)
        if isinstance(node, dict):
            return {k: spoilt(v, values) for k, v in node.items() if draw.random() > 0.03}
        return [spoilt(v, values) for v in node] if isinstance(node, list) else node

    def leaves(node: object) -> list[object]:
        if isinstance(node, dict | list):
            return [leaf for each in (node.values() if isinstance(node, dict) else node) for leaf in leaves(each)]
        return [node]

    kept = spurious = 0
    for gold, text in ((council(), COUNCIL), (wire(), WIRE), (bridge(), BRIDGE), (road(), ROAD)):
        whole = json.loads(wrote(gold, text))
        for _ in range(50):
            given = read(json.dumps(spoilt(whole, leaves(whole)), ensure_ascii=False), SCHEMA)
            assembly = Assembly(text, SCHEMA)
            if given is not None:
                assembly.add(windows(text, 10_000)[0], given)
            layer = assembly.layer("d")
            assert_valid(layer, text)
            assert unknown_names(layer.spurious, SCHEMA) == []
            again, found, _ = decode_layer(encode_layer(layer).encode())
            assert again is not None and not found
            kept, spurious = kept + len(layer.spans), spurious + sum(layer.spurious.values())
    assert kept > 500 and spurious > 250, (kept, spurious)
