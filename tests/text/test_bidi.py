"""Nothing in a text may act on the terminal or page that shows it, and nothing of it may disappear."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataset_builder.text.bidi import escape, is_command, isolate, visible
from dataset_builder.text.characters import DIRECTION_MARKS, INVISIBLE

TRICKY = st.text(
    st.sampled_from([*'قسد و،\n\t"«[]U+20', *INVISIBLE, "\x1b", "\r", "\x9b", "\u2028", "\u0600", "\ud800"])
)


@given(TRICKY | st.text())
def test_visible_text_holds_nothing_that_acts(text: str) -> None:
    assert not any(is_command(character) for character in visible(text))


@given(TRICKY)
def test_whatever_does_not_act_stays_in_its_order(text: str) -> None:
    shown = visible(text)
    for character in text:
        piece = escape(character) if is_command(character) else character
        assert shown.startswith(piece)
        shown = shown[len(piece) :]
    assert shown == ""


@given(TRICKY)
def test_an_isolate_cannot_be_left_from_inside(text: str) -> None:
    inside = isolate(text)[1:-1]
    assert not DIRECTION_MARKS & set(inside)


@pytest.mark.parametrize("character", sorted(INVISIBLE))
def test_every_invisible_character_is_spelled_out(character: str) -> None:
    assert visible(f"قس{character}د") == f"قس[U+{ord(character):04X}]د"


@pytest.mark.parametrize("text", ["يُدينُ «قسد»", "كتاباً…", "٣٫٥ % — ﷺ", "a\u0301", "\u06001445", "سطر\nآخر\tهنا"])
def test_ordinary_text_is_unchanged(text: str) -> None:
    assert visible(text) == text


def test_terminal_sequences_are_disarmed() -> None:
    shown = visible("\x1b]0;عنوان\x07\x1b[2J\r\x9b31m\x08")
    assert all(unicodedata.category(character) != "Cc" for character in shown)
    assert shown.startswith("[U+001B]]0;عنوان[U+0007]")


def test_the_isolate_fits_the_text() -> None:
    assert isolate('"قسد"') == '\u2067"قسد"\u2069'
    assert isolate("SDF", arabic=False) == "\u2068SDF\u2069"
