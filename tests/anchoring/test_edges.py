"""Which punctuation a span takes in a copy: decided case by case, and lost where two readings are possible."""

from __future__ import annotations

import pytest

from dataset_builder.anchoring.edges import signs, taken, written


def end_taken(edge: str, gap: str) -> str | None:
    """What a span that ended with `edge` takes of `gap`, which stands between two letters."""
    text = f"ا{gap}ب"
    found = signs(text, 1, len(text) - 1)
    count = taken(signs(f"ا{edge}", 1, len(edge) + 1), found)
    return None if count is None else text[1 : found[count - 1].end] if count else ""


@pytest.mark.parametrize(
    ("edge", "gap", "expected", "why"),
    [
        ('"', '" ', '"', "as it was"),
        ('"', "” ", "”", "another shape"),
        ('"', "'' ", "''", "two apostrophes are one quotation mark"),
        ('"', '\u200f" ', '\u200f"', "a direction mark is not there"),
        ('"', " ، ", "", "quotation marks may all be gone"),
        ('"', ". ", "", "the full stop was outside"),
        ('".', ". ", ".", "only the quotation mark is gone"),
        ('".', "”. ", "”.", "both, one in another shape"),
        ("…", "... ", "...", "an ellipsis is a run of stops"),
        ("...", "… ", "…", "and the other way round"),
        ("!", "!!! ", "!!!", "a run is one sign"),
        ('"', ' " ', ' "', "a blank was put before it"),
        ('"', '" "', '"', "the second one belongs to the next word"),
        ('"', ' "', None, "typed against the next word: it may be another one"),
        (' "', ' "', ' "', "but in the original it was typed so too"),
        ('"', '، "', None, "it is there, behind another sign"),
        ('"', '""', None, "two marks and no blank: nothing says where the span ended"),
        ('"', '"" ', None, "which of two?"),
        (".", "، ", None, "another sign stands where it was"),
        ('"', "( ", None, "brackets may stand for quotation marks"),
        ("", '" ', "", "nothing was wanted, nothing is taken"),
    ],
)
def test_edge(edge: str, gap: str, expected: str | None, why: str) -> None:
    assert end_taken(edge, gap) == expected, why


def test_published_edge_has_no_marks_and_no_white_space_of_its_own() -> None:
    assert written("\u064e\u200f ،\u00a0\n«") == " ، «"
