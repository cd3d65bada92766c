"""Character classes that Arabic news needs, one place for each.

Harakat and tatweel belong to the word they stand in (Python's `\\w` and `str.isalnum` leave harakat out, which cuts a
vocalised word into pieces); invisible direction marks belong to no word.
"""

from __future__ import annotations

import unicodedata

TATWEEL = "\u0640"
#: Letters that stand before a word and outside of a span: and, so, in/by, to/for, like, and the future marker.
PROCLITICS = frozenset("وفبلكس")
DIRECTION_MARKS = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
INVISIBLE = DIRECTION_MARKS | frozenset("\u200b\u200c\u200d\u2060\ufeff\u00ad")
OPENING_QUOTES = frozenset("\"'«‹“„‘‚″＂")
CLOSING_QUOTES = frozenset("\"'»›”“’″＂")
QUOTES = OPENING_QUOTES | CLOSING_QUOTES
SENTENCE_ENDS = frozenset(".!?؟۔…")


def is_mark(character: str) -> bool:
    """Whether it is a combining mark (harakat among them) or tatweel, which change no letter's identity.

    >>> is_mark("\\u064e"), is_mark("ـ"), is_mark("م")
    (True, True, False)
    """
    return character == TATWEEL or unicodedata.category(character) in ("Mn", "Me")


def is_letter(character: str) -> bool:
    """Whether it is a letter or a digit.

    >>> is_letter("ة"), is_letter("٣"), is_letter("،"), is_letter("ـ")
    (True, True, False, False)
    """
    return character != TATWEEL and character.isalnum()


def is_word(character: str) -> bool:
    """Whether it is part of a word: a letter, a digit, a mark or tatweel."""
    return is_letter(character) or is_mark(character)
