"""What training marked, as a feature: how often the words of a phrase were a span where they stood.

It is what `memory` goes by. For training, each document is told only what the other folds marked (jackknifing): its own
spans would be remembered without fail, and a tagger would trust the feature more than a new text deserves.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

#: Longest phrase in units.
_LONGEST = 4
FOLDS = 5

Phrase = tuple[str, ...]
#: Half-open range of a text's units.
Stretch = tuple[int, int]


def folds(count: int) -> list[list[int]]:
    """The numbers of `count` documents in at most five folds of neighbours, which are often on the same event.

    >>> folds(6)
    [[0, 1], [2], [3], [4], [5]]
    """
    parts = min(FOLDS, count)
    edges = [-(-count * i // parts) for i in range(parts + 1)]
    return [list(range(a, b)) for a, b in pairwise(edges)]


@dataclass(frozen=True)
class Phrases:
    """For each phrase that was ever marked the times that it stood somewhere and the times that it was marked."""

    counts: dict[Phrase, tuple[int, int]]

    @classmethod
    def of(cls, texts: Sequence[Sequence[str]], spans: Sequence[Sequence[Stretch]]) -> Phrases:
        """From the units' words of each text, and the ranges of its spans."""
        marked: Counter[Phrase] = Counter()
        for words, ranges in zip(texts, spans, strict=True):
            marked.update(tuple(words[a:b]) for a, b in ranges if b - a <= _LONGEST)
        seen: Counter[Phrase] = Counter()
        for words in texts:
            seen.update(phrase for _, phrase in _stretches(words) if phrase in marked)
        return cls({phrase: (seen[phrase], marked[phrase]) for phrase in marked})

    @classmethod
    def of_others(cls, texts: Sequence[Sequence[str]], spans: Sequence[Sequence[Stretch]]) -> list[Phrases]:
        """For each text those of the texts in other folds."""
        found: list[Phrases] = []
        for inside in folds(len(texts)):
            others = [i for i in range(len(texts)) if i not in set(inside)]
            made = cls.of([texts[i] for i in others], [spans[i] for i in others])
            found += [made] * len(inside)
        return found

    def rows(self, words: Sequence[str]) -> list[list[str]]:
        """For each unit the longest known phrases that begin there or that it goes on.

        >>> known = Phrases.of([["قصف", "بعد", "قصف"]], [[(0, 1)]])
        >>> known.rows(["بعد", "قصف"])
        [['unknown'], ['B half of few']]
        """
        rows: list[list[str]] = [[] for _ in words]
        longest: dict[int, int] = {}
        for start, phrase in _stretches(words):
            if phrase in self.counts and len(phrase) > longest.get(start, 0):
                longest[start] = len(phrase)
        for start, length in longest.items():
            said = _said(*self.counts[tuple(words[start : start + length])])
            for step in range(length):
                rows[start + step].append(f"{'I' if step else 'B'} {said}")
        return [row or ["unknown"] for row in rows]

    def state(self) -> list[Any]:
        return [[*phrase, *numbers] for phrase, numbers in self.counts.items()]

    @classmethod
    def restored(cls, state: Sequence[Any]) -> Phrases:
        return cls({tuple(row[:-2]): (row[-2], row[-1]) for row in state})


def _stretches(words: Sequence[str]) -> Iterator[tuple[int, Phrase]]:
    for start in range(len(words)):
        for length in range(1, min(_LONGEST, len(words) - start) + 1):
            yield start, tuple(words[start : start + length])


def _said(seen: int, marked: int) -> str:
    """Share and number in words that a feature can be learned of."""
    share = marked / seen
    how = "nearly all" if share >= 0.8 else "half" if share >= 0.5 else "some" if share >= 0.2 else "little"
    return f"{how} of {'one' if seen < 2 else 'few' if seen < 5 else 'many'}"
