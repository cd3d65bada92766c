"""The four schemes, worked by hand; where nervaluate and seqeval are right they agree, where not it is said."""

from __future__ import annotations

import random

import numpy as np
import pytest

from dataset_builder.scoring.counts import Counts
from dataset_builder.scoring.schemes import SCHEMES, Scheme, count_schemes, outcomes
from dataset_builder.scoring.tasks import task
from tests.scoring.layers import SCHEMA, actors, layer, pair, span

LABELS = [f"ACTOR.{name}" for name in SCHEMA.layers["ACTOR"].names]
#: Same; other label; wider; narrower with another label; missed. Then two spurious ones.
GOLD = actors(("STATE", 0, 4), ("MEDIA", 5, 9), ("PERSON", 10, 14), ("PERSON", 20, 29), ("STATE", 35, 39))
GUESS = actors(
    ("STATE", 0, 4), ("STATE", 5, 9), ("PERSON", 10, 19), ("MEDIA", 20, 24), ("STATE", 30, 34), ("STATE", 45, 49)
)


def _count(gold: object = GOLD, guess: object = GUESS) -> Counts:
    return count_schemes([pair(gold, guess)], ["ACTOR"], LABELS)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("scheme", "expected"),
    [
        # 5 gold and 6 predicted spans, 4 of which overlap a gold one: 1 missing, 2 spurious in every scheme.
        ("strict", (1, 3, 0, 1, 2)),  # only the first pair has extent and label
        ("exact", (2, 2, 0, 1, 2)),  # the first two have the extent
        ("partial", (2, 0, 2, 1, 2)),  # the other two overlap
        ("type", (2, 2, 0, 1, 2)),  # the first and the third have the label
    ],
)
def test_outcomes(scheme: Scheme, expected: tuple[int, ...]) -> None:
    found = outcomes(_count(), scheme)
    assert (found.correct, found.incorrect, found.partial, found.missing, found.spurious) == expected


def test_figures_of_a_worked_case() -> None:
    """strict: precision 1/6, recall 1/5, F1 2/11. partial: 2 + 2 · 0.5 = 3 right, so 3/6, 3/5 and 6/11."""
    counts = _count()
    strict, partial = counts.figure("strict"), counts.figure("partial")
    assert (strict.precision, strict.recall) == pytest.approx((1 / 6, 1 / 5))
    assert strict.f1 == pytest.approx(2 / 11)
    assert (partial.right, partial.f1) == (3.0, pytest.approx(6 / 11))


def test_an_incorrect_pair_is_missing_for_one_label_and_spurious_for_the_other() -> None:
    """STATE: gold 2, predicted 4 (one of them on a MEDIA), right 1. MEDIA: gold 1, predicted 1, right 0."""
    counts = _count()
    state, media = counts.figure("strict", "ACTOR.STATE"), counts.figure("strict", "ACTOR.MEDIA")
    assert (state.right, state.predicted, state.gold) == (1, 4, 2)
    assert (media.right, media.predicted, media.gold) == (0, 1, 1)
    # Macro: STATE 2 · 1 / (4 + 2) = 1/3, MEDIA 0, PERSON 0 (two gold, one predicted with the wrong extent).
    assert counts.macro("strict") == pytest.approx(1 / 9)


def test_spans_that_merely_touch_do_not_overlap() -> None:
    """nervaluate 1.2.1 takes ends to be inside, so (0, 4) and (4, 9) count as overlapping there."""
    found = outcomes(_count(actors(("STATE", 0, 4)), actors(("STATE", 4, 9))), "partial")
    assert (found.partial, found.missing, found.spurious) == (0, 1, 1)


def test_order_of_predictions_never_matters() -> None:
    """nervaluate 1.2.1 pairs greedily: with (0, 3) before (0, 5) its strict count is 0, the other way round 1."""
    guesses = [("STATE", 0, 3), ("STATE", 0, 5), ("MEDIA", 0, 5), ("STATE", 2, 9)]
    for seed in range(10):
        shuffled = random.Random(seed).sample(guesses, len(guesses))
        counts = _count(actors(("STATE", 0, 5)), actors(*shuffled))
        assert [counts.figure(scheme).right for scheme in SCHEMES] == [1, 1, 1, 1]


def test_ties_are_the_same_in_every_order() -> None:
    guesses = [("STATE", 0, 4), ("MEDIA", 4, 8)]
    found = [_count(actors(("PERSON", 2, 6)), actors(*order)) for order in (guesses, guesses[::-1])]
    assert np.array_equal(found[0].cells, found[1].cells)


def test_nested_spans_all_count() -> None:
    gold = actors(("PERSON", 0, 14), ("POLITICAL_BODY", 5, 14), ("STATE", 10, 14))
    assert _count(gold, gold).figure("strict").right == 3
    assert _count(gold, actors(("PERSON", 0, 14))).figure("strict").recall == pytest.approx(1 / 3)


def test_a_repeated_prediction_counts_once() -> None:
    twice = layer(span("ACTOR", "STATE", 0, 4), span("ACTOR", "STATE", 0, 4))
    assert _count(actors(("STATE", 0, 4)), twice).figure("strict").precision == 1


def test_two_spans_on_one_extent_are_two() -> None:
    """With the right label of both the extent is right twice; with one label of two, once."""
    gold = actors(("STATE", 0, 4), ("PERSON", 0, 4))
    found = outcomes(_count(gold, actors(("STATE", 0, 4), ("MEDIA", 0, 4))), "exact")
    assert (found.correct, found.incorrect) == (2, 0)
    found = outcomes(_count(gold, actors(("STATE", 0, 4), ("MEDIA", 0, 4))), "strict")
    assert (found.correct, found.incorrect) == (1, 1)


def test_flat_has_outermost_spans_and_clitic_forgives_a_proclitic() -> None:
    gold = actors(("PERSON", 0, 14), ("STATE", 10, 14), ("STATE", 21, 24))
    guess = actors(("PERSON", 0, 14), ("STATE", 20, 24))
    counts = task("entities").count([pair(gold, guess)], SCHEMA)
    # Flat: PERSON and the second STATE are outermost; the guess has the first of them.
    assert (counts.figure("flat").right, counts.figure("flat").gold) == (1, 2)
    # The gold's 21 stands one letter inside the word that begins at 20.
    assert (counts.figure("strict").right, counts.figure("clitic").right) == (1, 2)


def _bio(places: list[tuple[str, int, int]], words: int) -> list[str]:
    tags = ["O"] * words
    for label, start, end in places:
        tags[start] = f"B-{label}"
        tags[start + 1 : end] = [f"I-{label}"] * (end - start - 1)
    return tags


def _flat(seed: int) -> list[tuple[str, int, int]]:
    """Flat spans over 40 words, never touching a neighbour of the same label."""
    draw = random.Random(seed)
    places, at = [], 0
    while (at := at + draw.randint(1, 4)) < 38:
        end = min(at + draw.randint(1, 3), 40)
        places.append((draw.choice(["STATE", "MEDIA", "PERSON"]), at, end))
        at = end
    return places


@pytest.mark.parametrize("seed", range(20))
def test_flat_cases_equal_seqeval_and_nervaluate(seed: int) -> None:
    """Words are offsets here. Every fifth gold span is kept as it is in the guess, others come from another draw."""
    from nervaluate import Evaluator
    from seqeval.metrics.v1 import precision_recall_fscore_support
    from seqeval.scheme import IOB2

    gold = _flat(seed)
    other = [p for p in _flat(seed + 100) if not any(p[1] < e and s < p[2] for _, s, e in gold[::5])]
    guess = sorted([*gold[::5], *other], key=lambda p: p[1])
    counts = _count(actors(*gold), actors(*guess))
    ours = counts.figure("strict")
    tags = [_bio(gold, 40)], [_bio(guess, 40)]
    theirs = precision_recall_fscore_support(*tags, average="micro", scheme=IOB2)
    assert (ours.precision, ours.recall, ours.f1) == pytest.approx(theirs[:3])
    records = [[[{"label": label, "start": s, "end": e - 1} for label, s, e in side]] for side in (gold, guess)]
    overall = Evaluator(*records, tags=["STATE", "MEDIA", "PERSON"]).evaluate()["overall"]
    assert counts.figure("strict").right == overall["strict"].correct
    assert counts.figure("exact").right >= overall["exact"].correct
    assert counts.figure("strict").f1 == pytest.approx(overall["strict"].f1)


def test_where_nervaluate_is_wrong() -> None:
    """Shown on the version that was checked, so that a mended one is noticed."""
    from nervaluate import Evaluator

    def strict(gold: list[dict[str, object]], guess: list[dict[str, object]]) -> int:
        found = Evaluator([gold], [guess], tags=["A"]).evaluate()["overall"]["strict"]
        return int(found.correct)

    gold = [{"label": "A", "start": 0, "end": 5}]
    guess = [{"label": "A", "start": 0, "end": 3}, {"label": "A", "start": 0, "end": 5}]
    assert (strict(gold, guess), strict(gold, guess[::-1])) == (0, 1)
    unknown = Evaluator([gold], [[*gold, {"label": "B", "start": 8, "end": 9}]], tags=["A"]).evaluate()
    assert unknown["overall"]["strict"].spurious == 0  # a label outside of the list vanishes; ours is an error


def test_where_seqeval_goes_by_its_mode() -> None:
    from seqeval.metrics import f1_score
    from seqeval.scheme import IOB2

    gold, guess = [["B-A", "I-A", "O"]], [["I-A", "I-A", "O"]]
    assert f1_score(gold, guess) == 1.0
    assert f1_score(gold, guess, mode="strict", scheme=IOB2) == 0.0
