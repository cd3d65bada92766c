"""What holds for any two layers: identity, symmetry, additivity, order; and resampling that can be worked out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dataset_builder.model import Claim, Layer, Relation, Span
from dataset_builder.scoring.claims import AlignedClaims, dice
from dataset_builder.scoring.counts import Counts, count_equal, join
from dataset_builder.scoring.resampling import bootstrap, compare, holm, weights
from dataset_builder.scoring.schemes import SCHEMES, Aligned, count_schemes, outcomes
from dataset_builder.scoring.score import score
from dataset_builder.scoring.tasks import TASKS, outermost
from tests.scoring.layers import SCHEMA, actors, layer, pair

LABELS = {
    "ACTOR": ["STATE", "PERSON", "MEDIA"],
    "LOCATION": ["COUNTRY", "REGION"],
    "EVENT": ["SHELLING", "AIR", "CLASH"],
    "FRAME": ["VICTIM", "EUPHEMISM"],
    "CLAIM": ["CUE", "CONTENT"],
}


@st.composite
def layers(draw: st.DrawFn) -> Layer:
    """Spans at word edges of the ten-word text, any nesting and overlap, with arguments and claims among them."""
    spans: dict[str, Span] = {}
    for name, labels in LABELS.items():
        for _ in range(draw(st.integers(0, 4))):
            first = draw(st.integers(0, 9))
            last = draw(st.integers(first, min(9, first + 3)))
            start, end, label = 5 * first, 5 * last + 4, draw(st.sampled_from(labels))
            id = f"{name}{label}{start}-{end}"
            spans[id] = Span(id, name, label, start, end)

    def of(label: str) -> list[str]:
        return [s.id for s in spans.values() if label in (s.layer, s.label)]

    relations = [
        Relation(f"r{head}", draw(st.sampled_from(["AGENT", "TARGET"])), head, draw(st.sampled_from(of("ACTOR"))))
        for head in of("EVENT")
        if of("ACTOR")
    ]
    claims = []
    for number, content in enumerate(of("CONTENT")):
        source = draw(st.sampled_from([None, *of("ACTOR")]))
        cue = draw(st.sampled_from([None, *of("CUE")]))
        status = "named" if source else "none"
        parent = draw(st.sampled_from([None, *(c.id for c in claims)]))
        claims.append(Claim(f"c{number}", source, cue, (content,), "indirect", "say", status, parent=parent))
    return layer(*spans.values(), relations=relations, claims=claims)


@settings(max_examples=60)
@given(layers())
def test_a_layer_against_itself_is_all_right(one: Layer) -> None:
    for task in TASKS.values():
        counts = score([pair(one, one)], task, SCHEMA).counts
        assert all(counts.figure(measure).f1 == 1 for measure in counts.measures), task.name


@settings(max_examples=60)
@given(layers(), layers())
def test_precision_is_recall_the_other_way_round(one: Layer, two: Layer) -> None:
    for task in TASKS.values():
        there, back = (score([pair(a, b)], task, SCHEMA).counts for a, b in ((one, two), (two, one)))
        for measure in there.measures:
            # Which of several equally good pairings of claims is taken may differ; `soft` is the same in all of them.
            if measure not in OF_PAIRS or _mirrored(one, two):
                assert there.figure(measure).precision == pytest.approx(back.figure(measure).recall), measure


#: Measures of claims that look at what a pair has beside its three roles.
OF_PAIRS = ("content and actor", "attribution", "nesting")


def _mirrored(one: Layer, two: Layer) -> bool:
    there, back = (
        [(a.roles, b.roles) for a, b in AlignedClaims.of(p).together] for p in (pair(one, two), pair(two, one))
    )
    return all((b, a) in back for a, b in there) and len(there) == len(back)


@settings(max_examples=40)
@given(layers(), layers(), layers(), st.randoms())
def test_counts_add_up_and_order_is_nothing(one: Layer, two: Layer, three: Layer, random: object) -> None:
    other = replace(three, document="d2")
    pairs = [pair(one, two), pair(other, replace(two, document="d2"))]
    # Other ids in another order: neither says anything.
    names = {claim.id: f"c{99 - number}" for number, claim in enumerate(two.claims)}
    claims = tuple(replace(c, id=names[c.id], parent=names.get(c.parent or "")) for c in two.claims[::-1])
    shuffled = replace(two, spans=two.spans[::-1], relations=two.relations[::-1], claims=claims)
    for task in TASKS.values():
        both = task.count(pairs, SCHEMA)
        apart = [task.count([each], SCHEMA).cells for each in pairs]
        assert np.allclose(both.cells, np.concatenate(apart))
        assert np.allclose(task.count([pair(one, shuffled)], SCHEMA).cells, apart[0])
        assert np.allclose(task.count(pairs[::-1], SCHEMA).cells, both.cells[::-1])


def _counts(rights: list[int], events: list[str] | None = None) -> Counts:
    """Ten predicted and ten gold things a document, so many of them right."""
    names = tuple(f"d{i}" for i in range(len(rights)))
    cells = np.array([[[r, 10.0, r, 10.0]] for r in rights], dtype=float)
    return Counts(names, tuple(events or names), (("strict", ""),), cells)


def test_intervals_hold_the_figure_and_shrink_to_it() -> None:
    interval = bootstrap(_counts([2, 9, 4, 7, 5, 8, 3, 6]))[0]
    assert 0.3 < interval.low < 0.55 < interval.high < 0.8
    alike = bootstrap(_counts([5, 5, 5, 5]))[0]
    assert (alike.low, alike.high) == pytest.approx((0.5, 0.5))


def test_a_rare_label_that_is_never_found_has_no_chance_of_being_right() -> None:
    """One of twenty documents has the label: resamples without it say nothing, and in all others nothing is right."""
    cells = np.zeros((20, 1, 4))
    cells[0, 0] = 0, 0, 0, 1
    names = tuple(f"d{i}" for i in range(20))
    interval = bootstrap(Counts(names, names, (("strict", "rare"),), cells))[0]
    assert (interval.low, interval.high) == (0.0, 0.0)
    nothing = bootstrap(Counts(names, names, (("strict", "none"),), np.zeros((20, 1, 4))))[0]
    assert (nothing.low, nothing.high) == (1.0, 1.0)


def test_documents_of_one_event_are_drawn_together() -> None:
    """Eight documents of two events are two draws: a resample is all of one, all of the other, or half and half."""
    apart, together = _counts([0] * 4 + [10] * 4), _counts([0] * 4 + [10] * 4, ["a"] * 4 + ["b"] * 4)
    assert (bootstrap(together)[0].low, bootstrap(together)[0].high) == pytest.approx((0.0, 1.0))
    assert bootstrap(apart)[0].low > 0.1
    assert weights(5, 100, 0).sum(axis=1).tolist() == [5.0] * 100


def test_a_difference_that_never_changes_sides_is_unlikely_by_chance() -> None:
    """Swapping none or all of ten events is as extreme as observed: 2 of 1,024 ways, so p is near .002."""
    difference = compare(_counts([6] * 10), _counts([4] * 10), ("strict", ""))
    assert difference.value == pytest.approx(0.2)
    assert 0.0005 < difference.p < 0.006
    same = compare(_counts([5, 6, 4]), _counts([5, 6, 4]), ("strict", ""))
    assert (same.value, same.p) == (0.0, 1.0)
    with pytest.raises(ValueError, match="different documents"):
        compare(_counts([1]), _counts([1, 2]), ("strict", ""))


def test_seeded() -> None:
    counts = _counts([2, 9, 4, 7])
    assert bootstrap(counts, seed=3) == bootstrap(counts, seed=3)
    assert holm([0.5]) == [0.5] and holm([]) == []


def test_rows_too_wide_to_pack_count_the_same() -> None:
    gold = [(0, 0, 2**40, 7), (0, 0, 2**41, 7)]
    predicted = [(0, 0, 2**40, 7), (0, 0, 2**40, 2**41)]
    assert count_equal(gold, predicted, 1, 1)[0, 0].tolist() == [1, 2, 1, 2]
    assert count_equal([], [], 2, 1).sum() == 0


def test_counts_of_different_documents_are_not_joined() -> None:
    with pytest.raises(ValueError, match="different documents"):
        join([_counts([1]), _counts([1, 2])])
    with pytest.raises(KeyError):
        _counts([1]).figure("soft")
    assert _counts([3]).macro("strict") is None
    assert actors(("STATE", 0, 4)).document == "d1"


@settings(max_examples=100)
@given(layers(), layers())
def test_quick_ways_give_what_plain_ones_give(one: Layer, two: Layer) -> None:
    """Outermost spans, Dice and the outcomes of MUC, each against its definition."""
    spans = [*one.spans, *two.spans]
    plain = [s for s in spans if not any(o.covers(s) and o.end - o.start > s.end - s.start for o in spans)]
    assert sorted(map(repr, outermost(spans))) == sorted(map(repr, plain))
    fillers = [tuple((s.start, s.end) for s in side.spans[:3]) for side in (one, two)]
    points = [{point for a, b in filler for point in range(a, b)} for filler in fillers]
    total = len(points[0]) + len(points[1])
    assert dice(*fillers) == pytest.approx(2 * len(points[0] & points[1]) / total if total else 1.0)
    aligned = Aligned.of(pair(one, two), ["ACTOR"])
    counts = count_schemes([pair(one, two)], ["ACTOR"], [f"ACTOR.{name}" for name in SCHEMA.layers["ACTOR"].names])
    for scheme in SCHEMES:
        found = outcomes(counts, scheme)
        assert (found.missing, found.spurious) == (len(aligned.missing), len(aligned.spurious))
        assert found.correct + found.incorrect + found.partial == len(aligned.couples)
    same_extent = sum((a.start, a.end) == (b.start, b.end) for a, b in aligned.couples)
    assert outcomes(counts, "exact").correct == outcomes(counts, "partial").correct == same_extent


@settings(max_examples=60)
@given(st.lists(st.tuples(*[st.integers(0, 3)] * 4)), st.lists(st.tuples(*[st.integers(0, 3)] * 4)))
def test_sorted_keys_count_what_sets_count(gold: list[tuple[int, ...]], predicted: list[tuple[int, ...]]) -> None:
    cells = count_equal(gold, predicted, documents=4, labels=4)
    for document in range(4):
        one, two = ({row for row in side if row[0] == document} for side in (gold, predicted))
        assert cells[document, 0].tolist() == [len(one & two), len(two), len(one & two), len(one)]
        assert cells[document, 1:, 3].tolist() == [sum(row[1] == label for row in one) for label in range(4)]
