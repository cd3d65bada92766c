"""What stands between two letters: the punctuation that a span may begin or end with, in any of its shapes.

A copy may write “ for ", — for - or ... for …, may put white space around it or leave it out. What an edge takes is
certain or it is nothing: where a copy's punctuation could be read in two ways the span is lost, not moved.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from dataset_builder.text.characters import INVISIBLE, QUOTES, is_mark

_SHAPES = {
    **dict.fromkeys([*QUOTES, *"`´‛❛❜❝❞〝〞"], '"'),
    **dict.fromkeys("−_", "-"),
    **dict.fromkeys("۔…·•‥", "."),
    **dict.fromkeys("،٬、", ","),
    **dict.fromkeys("؛⁏", ";"),
    **dict.fromkeys("؟", "?"),
    **dict.fromkeys("٪", "%"),
    **dict.fromkeys("٭", "*"),
    **dict.fromkeys("∶ː", ":"),
}
_BRACKETS = {"Ps": "(", "Pe": ")", "Pi": '"', "Pf": '"', "Pd": "-"}
#: A run of these is one sign: "..." is "…", "--" is "—", "!!!" is "!".
_RUNS = frozenset(".-!?*")
_SINGLE_QUOTES = frozenset("'`´‘’‚‛")


@dataclass(frozen=True, slots=True)
class Sign:
    """One sign of punctuation in a gap: its shape, where it stands (half-open code points), what it touches.

    `inner` says whether the group of signs it belongs to touches, without white space, the letter that the gap is read
    from, `outer` whether that group touches the letter at the gap's far end.
    """

    shape: str
    start: int
    end: int
    inner: bool = False
    outer: bool = False


@cache
def shape(character: str) -> str:
    """The one form that stands for all forms of a sign.

    >>> [shape(c) for c in "«“'"], shape("—"), shape("؟"), shape("：")
    (['"', '"', '"'], '-', '?', ':')
    """
    for form in (character, unicodedata.normalize("NFKC", character)[:1]):
        if form in _SHAPES:
            return _SHAPES[form]
        if (category := unicodedata.category(form)) in _BRACKETS:
            return _BRACKETS[category]
    return unicodedata.normalize("NFKC", character)


def letter_end(text: str, last: int) -> int:
    """The end of the letter at code point `last` with what follows and belongs to it: marks, tatweel, a bare hamza.

    >>> letter_end("قسدٌ،", 2)
    4
    """
    end = last + 1
    while end < len(text) and (is_mark(text[end]) or text[end] == "ء"):
        end += 1
    return end


def signs(text: str, start: int, end: int) -> list[Sign]:
    """The signs in text[start:end], a stretch without folded letters, in the order of the text.

    >>> [(s.shape, s.start, s.end, s.inner, s.outer) for s in signs('قال: "نعم', 3, 6)]
    [(':', 3, 4, True, False), ('"', 5, 6, False, True)]
    """
    groups: list[list[Sign]] = [[]]
    for position in range(start, end):
        character = text[position]
        if character in INVISIBLE:
            continue
        if character.isspace():
            groups.append([])
        elif is_mark(character):
            if groups[-1]:
                groups[-1][-1] = replace(groups[-1][-1], end=position + 1)
        else:
            _add(groups[-1], Sign(shape(character), position, position + 1), text)
    starts_at_letter = start > 0 and bool(groups[0])
    ends_at_letter = end < len(text) and bool(groups[-1])
    last = len(groups) - 1
    return [
        replace(sign, inner=n == 0 and starts_at_letter, outer=n == last and ends_at_letter)
        for n, group in enumerate(groups)
        for sign in group
    ]


def _add(group: list[Sign], sign: Sign, text: str) -> None:
    """Append a sign to its group, or lengthen the last one where both together are one sign."""
    before = group[-1] if group else None
    if before and before.shape == sign.shape:
        pair = before.end - before.start == 1 and text[before.start] == text[sign.start] in _SINGLE_QUOTES
        if sign.shape in _RUNS or pair:
            group[-1] = replace(before, end=sign.end)
            return
    group.append(sign)


def mirrored(gap: Sequence[Sign]) -> list[Sign]:
    """The same gap read from its other end."""
    return [replace(s, inner=s.outer, outer=s.inner) for s in reversed(gap)]


def written(text: str) -> str:
    """An edge as it is published: its signs, with one blank for any white space, without marks and letters.

    >>> written('\\u200f" \\u00a0('), written("ءَ")
    ('" (', 'ء')
    """
    kept = "".join(" " if c.isspace() else c for c in text if c not in INVISIBLE and not is_mark(c))
    return re.sub(" +", " ", kept)


def taken(wanted: Sequence[Sign], gap: Sequence[Sign]) -> int | None:
    """How many signs of `gap` an edge that had the signs `wanted` takes, both read outward from the span's letters.

    A wanted sign that the gap has nowhere is gone and takes nothing. None where that is not certain: the sign is there,
    but behind another one or typed against the letter on the far side; there is more than one of it; or another stands
    where it was (a quotation mark may go without a trace, for a full stop that became a comma nobody can tell).

    >>> taken(signs('.”', 0, 2), signs('".', 0, 2)), taken(signs('".', 0, 2), signs('.', 0, 1))
    (None, 1)
    """
    count = 0
    for number, sign in enumerate(wanted):
        rest = gap[count:]
        if rest and rest[0].shape == sign.shape and (_near(rest[0]) or not sign.inner):
            count += 1
        elif any(s.shape == sign.shape for s in rest) or (rest and _replaces(rest[0], wanted[number:])):
            return None
    rest = gap[count:]
    if count and rest and rest[0].shape == gap[count - 1].shape and _near(rest[0]):
        return None
    return count


def _replaces(found: Sign, wanted: Sequence[Sign]) -> bool:
    """Whether a sign that is not among the wanted ones stands where the first of them was."""
    quotation_mark_gone = wanted[0].shape == '"' and found.shape not in "()"
    return _near(found) and found.shape not in [w.shape for w in wanted] and not quotation_mark_gone


def _near(sign: Sign) -> bool:
    """Whether a sign may belong to the letters that its gap is read from: it is not typed against the far ones only."""
    return sign.inner or not sign.outer


def only_run(wanted: Sequence[Sign], gap: Sequence[Sign]) -> tuple[int, int] | None:
    """Where the signs `wanted` stand in `gap`, first and end code point; None where nowhere or more than once."""
    shapes = [s.shape for s in gap]
    sought = [s.shape for s in wanted]
    found = [n for n in range(len(gap) - len(sought) + 1) if shapes[n : n + len(sought)] == sought]
    if not sought or len(found) != 1:
        return None
    return gap[found[0]].start, gap[found[0] + len(sought) - 1].end
