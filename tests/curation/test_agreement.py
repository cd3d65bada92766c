"""Agreement of two hands: worked by hand on small layers, and by property."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from dataset_builder.corpus import Corpus
from dataset_builder.curation.agreement import Agreement, Compared, compare
from dataset_builder.model import Claim, Document, Layer, Span
from dataset_builder.scoring.alpha import Coincidences
from tests.cli import khabar
from tests.samples import make_checkout

TEXT = "abcde fghij klmno pqrst"  # 20 letters in 4 words of 5
DOCUMENT = Document("d1", "s", "included", "", "", len(TEXT), "", "")


def _span(id: str, layer: str, label: str, start: int, end: int) -> Span:
    return Span(id, layer, label, start, end, {}, TEXT[start:end])


def _layer(*spans: Span, claims: tuple[Claim, ...] = ()) -> Layer:
    return Layer("d1", "1.0", len(TEXT), "", ("ACTOR", "CLAIM"), spans, (), claims)


def _agreement(first: Layer, second: Layer, text: str | None = TEXT) -> Agreement:
    return compare([Compared(DOCUMENT, first, second, text)])


FIRST = _layer(
    _span("s1", "ACTOR", "STATE", 0, 5), _span("s2", "ACTOR", "STATE", 6, 11), _span("s3", "ACTOR", "MEDIA", 18, 23)
)
SECOND = _layer(
    _span("s4", "ACTOR", "STATE", 0, 5), _span("s5", "ACTOR", "STATE", 6, 17), _span("s6", "ACTOR", "PERSON", 18, 23)
)


def test_counts_of_a_worked_case() -> None:
    """STATE: the first word is the same, the second is one word against two. MEDIA and PERSON are one extent."""
    found = _agreement(FIRST, SECOND)
    state, whole = found.labels["ACTOR", "STATE"], found.labels["ACTOR", ""]
    assert (state.first, state.second, state.same, state.overlapping) == (2, 2, 1, 2)
    assert (state.strict, state.overlap) == (0.5, 1.0)
    assert (whole.first, whole.second, whole.same, whole.overlapping) == (3, 3, 1, 2)
    # Of 20 letters both mark 10 as STATE, only the second 5 more; of 4 words 2, and 1 more.
    assert state.letters == Coincidences.binary(10, 0, 5, 5)
    assert state.words == Coincidences.binary(2, 0, 1, 1)
    # 2 * 5 * 39 pairs differ against 2 * 25 * 15 expected ones: 1 - 390 / 750.
    assert state.letters.alpha == pytest.approx(0.48)
    assert whole.letters == Coincidences.binary(15, 0, 5, 0)


def test_types_on_shared_extents() -> None:
    found = _agreement(FIRST, SECOND)
    assert found.types["ACTOR"].pairs == {("STATE", "STATE"): 1, ("MEDIA", "PERSON"): 1}


def test_disagreements_are_named_by_kind_in_the_order_of_the_text() -> None:
    more = replace(SECOND, spans=(*SECOND.spans, _span("s7", "ACTOR", "STATE", 12, 14)))
    kinds = [(d.kind, d.first.text if d.first else None) for d in _agreement(FIRST, more).disagreements]
    assert kinds == [("extent", "fghij"), ("only second", None), ("label", "pqrst")]


def test_a_label_that_one_document_lacks_counts_there_as_seen_by_neither() -> None:
    nothing = _layer()
    found = compare([Compared(DOCUMENT, FIRST, FIRST, TEXT), Compared(DOCUMENT, nothing, nothing, TEXT)])
    assert found.labels["ACTOR", "MEDIA"].letters == Coincidences.binary(5, 0, 0, 35)
    assert found.letters == 40


def test_only_layers_that_both_annotated_count() -> None:
    found = _agreement(FIRST, replace(SECOND, layers=("CLAIM",)))
    assert found.labels["ACTOR", ""].first == 0 and found.disagreements == []


def _claim(id: str, cue: str | None, content: str, act: str) -> Claim:
    return Claim(id, None, cue, (content,), "indirect", act, "none")


def test_claims_are_paired_by_content_and_compared_part_by_part() -> None:
    spans = (
        _span("s1", "CLAIM", "CUE", 0, 5),
        _span("s2", "CLAIM", "CONTENT", 6, 17),
        _span("s3", "CLAIM", "CONTENT", 18, 23),
    )
    first = _layer(*spans, claims=(_claim("c1", "s1", "s2", "say"), _claim("c2", None, "s3", "deny")))
    shorter = (spans[0], _span("s2", "CLAIM", "CONTENT", 6, 11))
    second = _layer(*shorter, claims=(_claim("c9", "s1", "s2", "affirm"),))
    claims = _agreement(first, second).claims
    assert (claims.first, claims.second, claims.paired) == (2, 1, 1)
    assert claims.f1 == pytest.approx(2 / 3)
    assert claims.content_dice == pytest.approx(2 * 5 / (11 + 5))
    assert set(claims.agreeing) == {"source", "cue", "form", "source_status", "medium", "nested"}


def test_a_hand_agrees_with_itself_whatever_is_there(tmp_path: Path) -> None:
    corpus = make_checkout(tmp_path)
    pairs = [Compared(d, corpus.layer(d.id), corpus.layer(d.id), corpus.text(d)) for d in corpus.annotated()]
    found = compare(pairs)
    for key, counts in found.labels.items():
        assert counts.strict in (None, 1.0) and counts.letters.alpha in (None, 1.0)
        assert found.unitising_alpha(key) in (None, 1.0)
    assert found.disagreements == [] and found.claims.f1 == 1.0


def test_letters_need_no_text_since_anchors_have_them(tmp_path: Path) -> None:
    """The referenced document is compared by its anchors, and gives the figures that its text would give."""
    with_text, without = make_checkout(tmp_path / "a", hydrated=True), make_checkout(tmp_path / "b")
    changed = []
    for corpus in (with_text, without):
        layer = corpus.layer("paper-0001")
        kept = tuple(s for s in layer.spans if s.label != "CIVILIANS")
        ids = {s.id for s in kept}
        relations = tuple(r for r in layer.relations if {r.head, r.tail} <= ids)
        claims = tuple(
            replace(c, source=None, source_status="none") if c.source not in ids else c for c in layer.claims
        )
        other = replace(layer, spans=kept, relations=relations, claims=claims, annotator="amal")
        corpus.write_layer(other, "passes/amal")
        done = khabar(corpus, "agree", "gold", "passes/amal", "--json")
        assert done.code == 0, done.err
        changed.append(json.loads(done.out))
    for one, other in zip(changed[0]["labels"], changed[1]["labels"], strict=True):
        assert one.pop("alpha_words") is None or one["first"] + one["second"] > 0
        other.pop("alpha_words")
        assert one == other
    actors = next(row for row in changed[1]["labels"] if (row["layer"], row["label"]) == ("ACTOR", "all"))
    assert (actors["first"], actors["second"], actors["same"]) == (5, 3, 3)


def test_the_page_shows_each_disagreement_in_its_context_and_stays_out_of_git(tmp_path: Path) -> None:
    corpus = make_checkout(tmp_path / "checkout", hydrated=True)
    for document in corpus.annotated():
        layer = corpus.layer(document.id)
        spans = tuple(replace(s, label="STATE") if s.label == "ARMED_GROUP" else s for s in layer.spans)
        corpus.write_layer(replace(layer, spans=spans, annotator="amal"), "passes/amal")
    page = tmp_path / "agreement.html"
    assert khabar(corpus, "agree", "gold", "passes/amal", "--html", page).code == 0
    html = page.read_text("utf8")
    assert 'dir="rtl" lang="ar"' in html and "<mark>الميليشيا المجرمة</mark>" in html and "<script" not in html
    assert khabar(corpus, "agree", "gold", "passes/amal", "--html", "agreement.html").code == 2
    assert khabar(Corpus(corpus.root), "agree", "gold", "passes/amla").err.count("did you mean 'passes/amal'") == 1
