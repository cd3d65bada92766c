"""Arabic in places that also hold Latin: terminals, logs, HTML with English labels.

Two things go wrong when a text is printed as it is. Its neighbours and its own punctuation change places, because the
bidirectional algorithm sees one long line; so each Arabic stretch is put into an isolate, which terminals without
bidirectional layout ignore. And a text may hold characters that command instead of showing: direction overrides that
make it read as something else, escape sequences that recolour or rewrite the terminal; so these are spelled out.
Nothing here reorders characters: what is printed can be copied and searched.
"""

from __future__ import annotations

import unicodedata
from functools import cache

RIGHT_TO_LEFT_ISOLATE = "\u2067"
FIRST_STRONG_ISOLATE = "\u2068"
POP_ISOLATE = "\u2069"

# Format characters that are printed: the Arabic number, year and verse signs that stand around digits.
_PRINTED_FORMATS = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u0890\u0891\u08e2")


@cache
def is_command(character: str) -> bool:
    """Whether a character acts instead of showing: a control, a direction mark, a zero-width or line separator.

    >>> is_command("\\u202e"), is_command("\\x1b"), is_command("\\n"), is_command("ق"), is_command("\\u064e")
    (True, True, False, False, False)
    """
    if character in "\n\t" or character in _PRINTED_FORMATS:
        return False
    return unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp")


def escape(character: str) -> str:
    """How a character that acts is written.

    >>> escape("\\u202e")
    '[U+202E]'
    """
    return f"[U+{ord(character):04X}]"


def visible(text: str) -> str:
    """The text with every character that would act spelled out as `[U+202E]`; all others stay as they are.

    >>> visible("قسد\\u202e \\x1b[31m")
    'قسد[U+202E] [U+001B][31m'
    """
    return "".join(escape(character) if is_command(character) else character for character in text)


def isolate(text: str, arabic: bool = True) -> str:
    """The text made visible and safe to stand in a line of the other direction.

    With `arabic` it reads from right to left whatever it begins with (a quotation mark, a number); without, its first
    letter decides.

    >>> isolate("قسد").encode("unicode_escape").decode()
    '\\\\u2067\\\\u0642\\\\u0633\\\\u062f\\\\u2069'
    """
    return f"{RIGHT_TO_LEFT_ISOLATE if arabic else FIRST_STRONG_ISOLATE}{visible(text)}{POP_ISOLATE}"
