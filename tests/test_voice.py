"""Whose voice: derived from claims, innermost first, and who speaks where nobody is named."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dataset_builder.model import Claim, Layer, Span
from dataset_builder.voice import quotations, source_actor, voice
from tests.samples import COUNCIL, council


def _span(text: str, layer: str = "FRAME") -> Span:
    start = COUNCIL.index(text)
    return Span("s-new", layer, "X", start, start + len(text), {}, text)


@pytest.mark.parametrize(
    ("words", "kind", "act"),
    [
        ("الميليشيا", "quoted", "accuse"),
        ("الهجوم", "reported", "accuse"),
        ("طائرات", "reported", "say"),
        ("ونفت", "outlet", ""),
    ],
)
def test_voice_on_a_told_event(words: str, kind: str, act: str) -> None:
    found = voice(council(), _span(words), COUNCIL)
    assert (found.kind, found.claim.act if found.claim else "") == (kind, act)


def test_a_mixed_claim_without_its_text_leaves_the_voice_open() -> None:
    found = voice(council(), _span("الميليشيا"), None)
    assert found.kind == "" and found.claim is not None


def test_the_innermost_claim_asserts_a_span() -> None:
    spans = (Span("s1", "CLAIM", "CONTENT", 0, 30), Span("s2", "CLAIM", "CONTENT", 10, 30))
    outer = Claim("c1", None, None, ("s1",), "indirect", "report", "none")
    inner = Claim("c2", None, None, ("s2",), "direct", "say", "none", parent="c1")
    layer = Layer("d", "1.0", 30, "", ("CLAIM",), spans=spans, claims=(outer, inner))
    assert voice(layer, Span("s3", "EVENT", "AIR", 12, 15), None).kind == "quoted"
    assert voice(layer, Span("s4", "EVENT", "AIR", 2, 5), None).kind == "reported"


def test_an_implicit_source_is_who_spoke_before() -> None:
    layer = council()
    implicit = next(c for c in layer.claims if c.source_status == "implicit")
    actor = source_actor(layer, implicit)
    assert actor is not None and actor.text == "مجلس الناحية"
    circle = tuple(replace(c, source=None, continues=implicit.id) for c in layer.claims)
    assert source_actor(replace(layer, claims=circle), circle[2]) is None


def test_a_source_with_an_actor_inside() -> None:
    spans = (
        Span("s1", "CLAIM", "SOURCE", 0, 20),
        Span("s2", "ACTOR", "PERSON", 0, 12),
        Span("s3", "ACTOR", "STATE", 6, 12),
        Span("s4", "CLAIM", "CONTENT", 21, 30),
    )
    claim = Claim("c1", "s1", None, ("s4",), "indirect", "say", "named")
    layer = Layer("d", "1.0", 30, "", ("ACTOR", "CLAIM"), spans=spans, claims=(claim,))
    assert source_actor(layer, claim) == spans[1]


def test_an_unclosed_quotation_runs_to_the_end_and_straight_marks_alternate() -> None:
    text = 'قال "أ" ثم "ب'
    assert [text[a:b] for a, b in quotations(text)] == ["أ", "ب"]
    assert list(quotations("لا شيء")) == []
