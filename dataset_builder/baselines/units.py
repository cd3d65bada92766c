"""What is tagged: words, with proclitics split off wherever they may be, so that spans can be cut behind them.

A split that is wrong (ب of بلدة) costs little, since a tagger learns to keep both parts together; one that is missing
costs the span.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dataset_builder.model import Span
from dataset_builder.text.characters import is_mark, is_word
from dataset_builder.text.tokenise import sentences, tokens

#: What may stand before a word, outermost first; at most one of each.
_PROCLITICS = ("وف", "بكلس")
#: Letters that must be left behind a proclitic.
_REST = 2


@dataclass(frozen=True, slots=True)
class Unit:
    """A stretch of text, and the written word that it is a part of, as half-open code points."""

    start: int
    end: int
    word: tuple[int, int]

    @property
    def is_proclitic(self) -> bool:
        return self.end < self.word[1]


def units(text: str) -> list[Unit]:
    """The units of a text in order.

    >>> text = "وبإدلب قال: للثوار"
    >>> [text[u.start:u.end] for u in units(text)]
    ['و', 'ب', 'إدلب', 'قال', ':', 'ل', 'لثوار']
    """
    return [unit for start, end in tokens(text) for unit in _split(text, start, end)]


def _split(text: str, start: int, end: int) -> Iterator[Unit]:
    word, position = (start, end), start
    for letters in _PROCLITICS:
        behind = position + 1
        while behind < end and is_mark(text[behind]):
            behind += 1
        rest = sum(is_word(c) and not is_mark(c) for c in text[behind:end])
        if is_word(text[start]) and text[position] in letters and rest >= _REST:
            yield Unit(position, behind, word)
            position = behind
    yield Unit(position, end, word)


def by_sentence(text: str, found: Sequence[Unit]) -> list[tuple[int, int]]:
    """For each sentence that has units the half-open range of their numbers."""
    cuts, first = [], 0
    for _, end in sentences(text):
        last = first
        while last < len(found) and found[last].start < end:
            last += 1
        if first < last:
            cuts.append((first, last))
        first = last
    return cuts


def covered(spans: Sequence[Span], found: Sequence[Unit]) -> list[tuple[int, int, Span]]:
    """For each span the half-open range of units inside it; a span that no unit lies in is left out."""
    ranges = []
    for each in spans:
        inside = [i for i, unit in enumerate(found) if each.start <= unit.start and unit.end <= each.end]
        if inside:
            ranges.append((inside[0], inside[-1] + 1, each))
    return ranges
