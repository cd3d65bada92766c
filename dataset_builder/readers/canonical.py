"""Canonical text: decoded, NFC, LF line ends, byte order mark removed, nothing else touched; and the way back to raw.

Spans are code points of canonical text. Who holds the file as it came needs them there, so each canonical text keeps
the pieces that it was made from.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

BYTE_ORDER_MARK = "\ufeff"
_LINE_END = re.compile(r"\r\n?")
# What a file of marked-up text writes for its own five signs, and by number.
_ENTITY = re.compile(r"&(?:(amp|lt|gt|quot|apos)|#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6}));")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}


@dataclass(frozen=True, slots=True)
class Piece:
    """Canonical `start:start+len(text)` came from raw `raw_start:raw_end`, character by character where `verbatim`."""

    start: int
    text: str
    raw_start: int
    raw_end: int
    verbatim: bool


@dataclass(frozen=True)
class Canonical:
    """Canonical text with the map to the string it was made from."""

    text: str
    raw: str = field(repr=False)
    pieces: tuple[Piece, ...] = field(repr=False)

    @cached_property
    def _starts(self) -> list[int]:
        return [piece.start for piece in self.pieces]

    def raw_span(self, start: int, end: int) -> tuple[int, int]:
        """Where the half-open code points `start:end` of the text stand in `raw`, half-open too.

        A span that cuts what was composed from several raw characters gets all of them. Raises IndexError unless
        0 <= start <= end <= len(text).

        >>> text = canonical("\\ufeffأ\\r\\nا\\u0654ب")
        >>> text.text, text.raw_span(2, 3), text.raw_span(3, 4)
        ('أ\\nأب', (4, 6), (6, 7))
        """
        if not 0 <= start <= end <= len(self.text):
            raise IndexError(f"{start}:{end} is no span of a text of {len(self.text)} code points")
        if start == end:
            at = self._bounds(start)[0] if start < len(self.text) else self.pieces[-1].raw_end if self.pieces else 0
            return at, at
        first, last = self._bounds(start), self._bounds(end - 1)
        return min(first[0], last[0]), max(first[1], last[1])

    def _bounds(self, position: int) -> tuple[int, int]:
        """The raw characters of one canonical one."""
        piece = self.pieces[bisect_right(self._starts, position) - 1]
        if not piece.verbatim:
            return piece.raw_start, piece.raw_end
        at = piece.raw_start + position - piece.start
        return at, at + 1


def canonical(raw: str) -> Canonical:
    """The canonical form of a decoded string; canonical text comes back as it is.

    >>> canonical("سطر\\r\\nآخر\\r").text
    'سطر\\nآخر\\n'
    """
    return assemble(raw, [(1 if raw.startswith(BYTE_ORDER_MARK) else 0, len(raw))])


def assemble(raw: str, slices: Iterable[tuple[int, int]], *, entities: bool = False) -> Canonical:
    """Canonical text of several slices of `raw`, one line end between them; `entities` resolves &amp; and the like.

    The line end between two slices maps to all that lies between them in `raw`.

    >>> made = assemble("<T>عنوان</T><B>نص</B>", [(3, 8), (15, 17)])
    >>> made.text, made.raw_span(5, 6)
    ('عنوان\\nنص', (8, 15))
    """
    pieces: list[Piece] = []
    position = 0
    before: int | None = None
    for first, last in slices:
        parts = _changes(raw, first, last, entities)
        if before is not None:
            parts = _joined((before, first), parts)
        for text, raw_start, raw_end, verbatim in parts:
            pieces.append(Piece(position, text, raw_start, raw_end, verbatim))
            position += len(text)
        before = last
    return Canonical("".join(piece.text for piece in pieces), raw, tuple(pieces))


Part = tuple[str, int, int, bool]


def _joined(gap: tuple[int, int], parts: Iterator[Part]) -> Iterator[Part]:
    yield "\n", min(gap), max(gap), False
    yield from parts


def _changes(raw: str, first: int, last: int, entities: bool) -> Iterator[Part]:
    """The canonical parts of one slice: (text, raw start, raw end, whether it is copied)."""
    copied = first
    for start, end, text in _replacements(raw, first, last, entities):
        if copied < start:
            yield raw[copied:start], copied, start, True
        if text:
            yield text, start, end, False
        copied = end
    if copied < last:
        yield raw[copied:last], copied, last, True


def _replacements(raw: str, first: int, last: int, entities: bool) -> Iterator[tuple[int, int, str]]:
    """What of `raw[first:last]` must change: (start, end, new text), in order."""
    given = raw[first:last]
    if "\r" not in given and unicodedata.is_normalized("NFC", given) and not (entities and "&" in given):
        return
    for units in _clusters(_units(raw, first, last, entities)):
        start, end = units[0][0], units[-1][1]
        text = unicodedata.normalize("NFC", "".join(unit[2] for unit in units))
        if text != raw[start:end]:
            yield start, end, text


Unit = tuple[int, int, str]


def _units(raw: str, first: int, last: int, entities: bool) -> Iterator[Unit]:
    """Raw characters one by one, a line end and an entity each as the one character that it stands for."""
    position = first
    while position < last:
        character = raw[position]
        end = position + 1
        if character == "\r":
            end += raw.startswith("\n", end, last)
            character = "\n"
        elif entities and character == "&" and (found := _ENTITY.match(raw, position, last)):
            character, end = _resolved(found), found.end()
        yield position, end, character
        position = end


def _resolved(entity: re.Match[str]) -> str:
    name, decimal, hexadecimal = entity.groups()
    if name:
        return _NAMED[name]
    number = int(decimal) if decimal else int(hexadecimal, 16)
    # A number that is no character is left as it was written.
    return chr(number) if 0 < number < 0x110000 and not 0xD800 <= number < 0xE000 else entity[0]


def _clusters(units: Iterator[Unit]) -> Iterator[list[Unit]]:
    """Units grouped so that NFC of the whole is NFC of each group: a base and what may compose with it."""
    group: list[Unit] = []
    for unit in units:
        if group and not _joins(unit[2][0]):
            yield group
            group = []
        group.append(unit)
    if group:
        yield group


def _joins(character: str) -> bool:
    """Whether NFC may compose or reorder it with what stands before: marks, and the letters that Korean and Kirat
    Rai syllables are put together from."""
    if character < "\u0300":
        return False
    return unicodedata.category(character)[0] == "M" or "\u1160" <= character <= "\u11ff" or character == "\U00016d67"
