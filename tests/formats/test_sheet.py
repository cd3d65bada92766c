"""Sheets: what is written by hand becomes the layer that was meant, and every mistake stays in its line."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dataset_builder.formats import sheet
from dataset_builder.formats.sheet.ids import keep_ids
from dataset_builder.model import Claim, Layer, Relation, Span
from dataset_builder.schema import Schema
from dataset_builder.text.tokenise import may_end, may_start, sentences, tokens
from tests.samples import COUNCIL, council

SCHEMA = Schema.load()
TEXT = (
    'اتهام: المجلس يدين "النسور"\n'
    "وقال المجلس المحلي في بيان إن النسور قصفت السوق ثم إن السوق أُغلق. وأضاف أن للنسور يداً في ذلك.\n"
    "ونقلت وكالة الوادي عن شاهد قوله إنه رأى | علامة # على الجدار …، + ثم مضى."
)
SHEET = """
# khabar sheet 1
# document: d1
s1
a1 POLITICAL_BODY | المجلس
a2 ARMED_GROUP | النسور | =
e1 CONDEMN | يدين | AGENT=a1 TARGET=a2
c1 a1 | يدين | "النسور" | indirect condemn collective
s2
a3 POLITICAL_BODY | المجلس المحلي
a4 ARMED_GROUP | النسور | =eagles
e2 SHELLING | قصفت | AGENT=a4 PLACE=l1 killed=90+ date=2024-12
l1 FACILITY | السوق #1
c2 a3 | قال | إن النسور … السوق #1 + إن السوق … أُغلق | indirect say collective statement
s3
a5 ARMED_GROUP | لنسور | =eagles
c3 - | أضاف | أن … ذلك | indirect accuse implicit statement continues=c2
s4 ونقلت وكالة الوادي عن شاهد قوله إنه رأى | علامة # على الجدار …، + ثم مضى.
a6 MEDIA | وكالة الوادي | =
a7 PERSON | شاهد
c4 a6 | نقلت | قوله … مضى | indirect report named
c5 شاهد | قوله | إنه رأى \\| … مضى | indirect say anonymous parent=c4
"""


def _counting() -> Callable[[], str]:
    numbers = itertools.count()
    return lambda: f"{next(numbers):08x}"


def _read(content: str, text: str = TEXT) -> tuple[Layer, list[str]]:
    digest = hashlib.sha256(text.encode("utf8")).hexdigest()
    layer, found = sheet.read(content, "d1", text, digest, SCHEMA, path="d1.sheet", mint=_counting())
    return layer, [f"{i.line} {i.code}: {i.fact}" for i in found]


def test_a_sheet_becomes_the_layer_that_was_meant() -> None:
    layer, found = _read(SHEET)
    assert found == []
    by_text = {(s.layer, s.label, s.text): s for s in layer.spans}
    assert by_text["ACTOR", "ARMED_GROUP", "لنسور"].attributes == {"mention": "name", "entity": "eagles"}
    assert by_text["EVENT", "SHELLING", "قصفت"].attributes == {"status": "occurred", "killed": "90+", "date": "2024-12"}
    assert len([s for s in layer.spans if s.text == "النسور" and s.layer == "ACTOR"]) == 2
    ends = {(r.label, layer.span(r.head).text, layer.span(r.tail).text) for r in layer.relations}
    assert ends == {
        ("AGENT", "يدين", "المجلس"),
        ("TARGET", "يدين", "النسور"),
        ("AGENT", "قصفت", "النسور"),
        ("PLACE", "قصفت", "السوق"),
    }
    claims = {layer.span(c.cue).text: c for c in layer.claims if c.cue}
    assert [layer.span(i).text for i in claims["قال"].content] == ["إن النسور قصفت السوق", "إن السوق أُغلق"]
    assert claims["أضاف"].continues == claims["قال"].id and claims["أضاف"].source is None
    assert claims["قوله"].parent == claims["نقلت"].id
    assert layer.span(claims["قوله"].content[0]).text == "إنه رأى | علامة # على الجدار …، + ثم مضى"


def test_a_quoted_source_is_the_actor_where_it_has_its_extent() -> None:
    layer, _ = _read(SHEET)
    said = next(c for c in layer.claims if c.cue and layer.span(c.cue).text == "قوله")
    assert said.source is not None and layer.span(said.source).layer == "ACTOR"
    assert not [s for s in layer.spans if s.label == "SOURCE"]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("a1 POLITICAL_BODY", "sheet-syntax: a1: 1 fields"),
        ("هراء", "sheet-syntax: 'هراء' is no sentence"),
        (
            "a1 POLITICAL_BODI | المجلس",
            "sheet-label: there is no ACTOR label 'POLITICAL_BODI'; did you mean 'POLITICAL_BODY'",
        ),
        ("x1 STATE | المجلس", "sheet-id: x1: no layer has the letter x"),
        ("a1 STATE | السوق", "sheet-quote: a1: 'السوق' stands 2 times in s2: write #1"),
        ("a1 STATE | السوق #3", "sheet-quote: a1: 'السوق' stands 2 times in s2, so there is no #3"),
        ("a1 STATE | المجلس المحلى", "did you mean 'المجلس المحلي'?"),
        ("a1 STATE | s9:المجلس", "sheet-quote: a1: there is no sentence s9"),
        ("a1 STATE | المجلس | planned", "sheet-value: a1: there is no value 'planned'"),
        ("e1 AIR | قصفت | AGENT=a9", "sheet-reference: e1: there is no span 'a9'"),
        ("e1 AIR | قصفت | killed=dozens", "sheet-value: e1: killed can't be 'dozens'"),
        ("l1 FACILITY | السوق #1 | AGENT=l1", "sheet-value: l1: AGENT begins at EVENT"),
        ("c1 - | قال | إن … أُغلق | indirect say", "sheet-value: c1: source_status is missing"),
        ("c1 a7 | قال | إن … أُغلق | indirect say named", "there is no actor 'a7'"),
        ("c1 - | قال | إن #1 … أُغلق | indirect say none parent=c7", "sheet-reference: c1: there is no claim 'c7'"),
        ("s7", "sheet-sentence: there is no sentence s7; the text has s1 to s4"),
        ("s2 كلام آخر", "sheet-sentence: s2 has other words"),
    ],
)
def test_a_mistake_is_named_in_its_line_and_the_rest_is_read(line: str, expected: str) -> None:
    layer, found = _read(f"s2\nl5 FACILITY | السوق #2\n{line}\ns4\na8 PERSON | شاهد\n")
    assert len(found) == 1 and found[0].startswith("3 ") and expected in found[0], found
    assert {"السوق", "شاهد"} <= {s.text for s in layer.spans}


def test_a_record_used_twice_and_a_sheet_of_another_document() -> None:
    _, found = _read("# document: d2\ns2\na1 STATE | المجلس المحلي\na1 STATE | المجلس المحلي\na2 STATE | المجلس المحلي")
    assert [f.split(":")[0] for f in found] == ["1 sheet-document", "4 sheet-id", "5 sheet-id"]


def test_an_empty_sheet_holds_the_text_and_the_forms_and_reads_as_nothing() -> None:
    empty = sheet.new("d1", TEXT, hashlib.sha256(TEXT.encode()).hexdigest(), ["ACTOR", "CLAIM"])
    layer, found = _read(empty)
    assert found == [] and layer.spans == () and layer.claims == ()
    assert layer.layers == ("ACTOR", "CLAIM")
    assert "FRAME" not in empty and all(TEXT[a:b] in empty for a, b in sentences(TEXT))


def test_what_did_not_change_keeps_its_id() -> None:
    first, _ = _read(SHEET)
    digest = hashlib.sha256(TEXT.encode("utf8")).hexdigest()
    again, _ = sheet.read(SHEET.replace("e2 SHELLING", "e2 AIR"), "d1", TEXT, digest, SCHEMA)
    kept = keep_ids(again, first)
    had = {s.id for s in first.spans}
    changed = [s for s in kept.spans if s.label == "AIR"]
    assert {s.id for s in kept.spans if s.label != "AIR"} <= had and len(changed) == 1
    assert [c.id for c in kept.claims] == [c.id for c in first.claims]


def _plain(layer: Layer) -> tuple[object, ...]:
    """What a layer says, whatever its ids are."""
    shown = {s.id: (s.layer, s.label, s.start, s.end, tuple(sorted(s.attributes.items())), s.text) for s in layer.spans}
    said = {c.id: tuple(shown[i] for i in c.spans) for c in layer.claims}
    claims = {
        (said[c.id], said.get(c.parent or ""), said.get(c.continues or ""), c.form, c.act, c.source_status, c.medium)
        for c in layer.claims
    }
    relations = {(r.label, shown[r.head], shown[r.tail]) for r in layer.relations}
    return set(shown.values()), relations, claims, layer.layers


def _round(layer: Layer, text: str) -> None:
    written = sheet.write(layer, text, SCHEMA)
    back, found = sheet.read(written, layer.document, text, layer.sha256, SCHEMA)
    assert [str(i) for i in found] == [], written
    assert _plain(back) == _plain(layer)


def test_a_layer_survives_the_way_through_a_sheet() -> None:
    _round(_read(SHEET)[0], TEXT)
    _round(council(), COUNCIL)


WORDS = st.sampled_from(
    [
        "قال",
        "وقال",
        "للنسور",
        "قسد",
        "بقسد",
        "إن",
        "أن",
        "من",
        "كَتَبَ",
        "|",
        "#",
        "…",
        "+",
        "\\",
        "s3:",
        "«",
        "»",
        "3.5",
        "-",
    ]
)


@st.composite
def marked(draw: st.DrawFn) -> tuple[str, Layer]:
    """A text of few words that often recur, with spans anywhere that a span may stand."""
    lines = draw(st.lists(st.lists(WORDS, min_size=1, max_size=9).map(" ".join), min_size=1, max_size=4))
    text = draw(st.sampled_from(["\n", ". "])).join(lines)
    edges = [edge for a, b in tokens(text) for edge in (a, b)] + [i for i in range(len(text)) if may_start(text, i)]
    starts = sorted({i for i in edges if i < len(text) and not text[i].isspace()})
    ends = sorted({i for i in edges if i and may_end(text, i) and not text[i - 1].isspace()})
    spans: dict[tuple[int, int], str] = {}
    for number in range(draw(st.integers(1, 6))):
        start = draw(st.sampled_from(starts))
        later = [e for e in ends if e > start]
        if later:
            spans.setdefault((start, draw(st.sampled_from(later))), f"s{number:08x}")
    actors = [Span(i, "ACTOR", "STATE", a, b, {"mention": "name"}, text[a:b]) for (a, b), i in spans.items()]
    made = list(actors)
    relations, claims = [], []
    if len(actors) > 1:
        a, b = actors[:2]
        made.append(Span("s000000e0", "EVENT", "AIR", b.start, b.end, {"status": "planned", "killed": "~80"}, b.text))
        relations.append(Relation("r00000000", "TARGET", "s000000e0", a.id))
        made.append(Span("s000000c0", "CLAIM", "CONTENT", b.start, b.end, {}, b.text))
        claims.append(Claim("c00000000", a.id, None, ("s000000c0",), "mixed", "report", "named", "report"))
    digest = hashlib.sha256(text.encode("utf8")).hexdigest()
    layer = Layer(
        "d1", SCHEMA.version, len(text), digest, tuple(SCHEMA.layers), tuple(made), tuple(relations), tuple(claims)
    )
    return text, layer


@settings(max_examples=300)
@given(marked())
def test_any_layer_survives_the_way_through_a_sheet(case: tuple[str, Layer]) -> None:
    text, layer = case
    _round(layer, text)


def test_the_real_seed_article_can_be_cut_into_sentences(shared_raw: Path) -> None:
    text = (shared_raw / "000_96f747cc30f1cb0f.txt").read_text("utf8")
    found = sentences(text)
    assert len(found) == 9 and found[0][1] == text.index("\n")
    kept = "".join(text[a:b] for a, b in found)
    assert "".join(kept.split()) == "".join(text.split())
