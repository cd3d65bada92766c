"""Spans from BIO tags: worked by hand, and equal to seqeval in its default mode on any tags."""

from __future__ import annotations

import random

import pytest

from dataset_builder.scoring.tags import count_tags


@pytest.mark.parametrize(
    ("tags", "spans"),
    [
        (["B-A", "I-A", "O"], 1),
        (["B-A", "B-A"], 2),
        (["I-A", "I-A"], 1),
        (["B-A", "I-B"], 2),  # another label begins another span
        (["O", "I-A", "O", "I-A"], 2),
    ],
)
def test_where_spans_begin(tags: list[str], spans: int) -> None:
    found = count_tags([tags], [tags]).figure("strict")
    assert (found.right, found.gold) == (spans, spans)


def test_a_span_ends_with_its_sequence() -> None:
    """One span over the border would be one; they are two, one of which is right."""
    found = count_tags([["B-A"], ["I-A", "O"]], [["B-A"], ["I-A", "I-A"]]).figure("strict")
    assert (found.right, found.predicted, found.gold) == (1, 2, 2)


@pytest.mark.parametrize("seed", range(10))
def test_any_tags_equal_seqeval(seed: int) -> None:
    from seqeval.metrics import f1_score, precision_score, recall_score

    draw = random.Random(seed)
    tags = ["O", "O", "B-A", "I-A", "B-B", "I-B"]
    gold = [[draw.choice(tags) for _ in range(draw.randint(0, 12))] for _ in range(30)]
    guess = [[tag if draw.random() < 0.7 else draw.choice(tags) for tag in line] for line in gold]
    counts = count_tags(gold, guess)
    ours = counts.figure("strict")
    theirs = [metric(gold, guess) for metric in (precision_score, recall_score, f1_score)]
    assert [ours.precision, ours.recall, ours.f1] == pytest.approx(theirs)
    assert counts.macro("strict") == pytest.approx(f1_score(gold, guess, average="macro"))


def test_broken_input() -> None:
    with pytest.raises(ValueError, match="sequence 1 has other lengths"):
        count_tags([["O"], ["O", "O"]], [["O"], ["O"]])
    with pytest.raises(ValueError, match="2 and 1 sequences"):
        count_tags([["O"], ["O"]], [["O"]])
    for tags in (["X"], [""], ["B-"], ["S-PER"], [None]):
        with pytest.raises(ValueError, match=r"the tag .* is neither O nor B- or I- with a label"):
            count_tags([["O"]], [tags])  # type: ignore[list-item]
    with pytest.raises(ValueError, match="a sequence of tags is text"):
        count_tags(["B-PER", "I-PER"], ["B-LOC", "I-LOC"])
    assert count_tags([], []).figure("strict").f1 == 1
    assert count_tags([["O"]], [["B-A"]]).figure("strict").f1 == 0
