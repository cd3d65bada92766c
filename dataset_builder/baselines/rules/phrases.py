"""Phrases looked up in folded words, whatever their proclitics: a dictionary step a word, the longest first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from dataset_builder.baselines.rules.words import Words

Value = TypeVar("Value")


@dataclass(frozen=True)
class Match(Generic[Value]):
    """A phrase in a text: its offsets, the half-open range of its words, the proclitics cut off, what it stands for."""

    start: int
    end: int
    first: int
    last: int
    before: str
    value: Value


class Phrases(Generic[Value]):
    """Values by phrases.

    >>> places = Phrases([(("دير", "الزور"), "town"), (("دير",), "monastery")])
    >>> found = places.find(Words.of("بدير الزور"), 0)
    >>> found.value, found.start, found.before
    ('town', 1, 'ب')
    """

    def __init__(self, phrases: Iterable[tuple[Sequence[str], Value]]) -> None:
        known: dict[str, dict[tuple[str, ...], Value]] = defaultdict(dict)
        for phrase, value in phrases:
            if phrase and phrase[0]:
                known[phrase[0]].setdefault(tuple(phrase[1:]), value)
        self._known = {
            first: sorted(rest.items(), key=lambda item: (-len(item[0]), item[0])) for first, rest in known.items()
        }

    def find(self, words: Words, at: int) -> Match[Value] | None:
        """The longest phrase that begins in this word, and of equals the one with the fewest proclitics cut off."""
        best: Match[Value] | None = None
        for cut in words[at].cuts:
            for rest, value in self._known.get(cut.letters, ()):
                last = at + 1 + len(rest)
                if best is not None and last <= best.last:
                    break
                if rest and tuple(words.said(at + 1, last)) != rest:
                    continue
                if words.limits[at][1] < last:
                    continue
                best = Match(cut.start, words[last - 1].end, at, last, cut.before, value)
                break
        return best

    def within(self, words: Words, begin: int, end: int) -> list[Match[Value]]:
        """Every match that begins in a range of words, from left to right, each behind the one before."""
        found, at = [], begin
        while at < end:
            match = self.find(words, at)
            if match:
                found.append(match)
            at = match.last if match else at + 1
        return found

    def single(self) -> set[str]:
        """The phrases that are one word."""
        return {first for first, rest in self._known.items() if any(not tail for tail, _ in rest)}
