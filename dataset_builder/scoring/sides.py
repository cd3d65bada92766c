"""What is scored: the same documents twice, as the gold has them and as a system predicts them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from dataset_builder.model import Layer, Span
from dataset_builder.scoring.counts import Array, Counts, count_equal
from dataset_builder.text.characters import is_mark, is_word
from dataset_builder.text.tokenise import tokens, word_start


@dataclass(frozen=True)
class Pair:
    """One document: `event` is the cluster or story that it tells, `text` what both layers have offsets into.

    Without a text, measures that need one can't be counted.
    """

    gold: Layer
    predicted: Layer
    text: str | None = None
    event: str = ""

    @property
    def sides(self) -> tuple[Layer, Layer]:
        return self.gold, self.predicted

    @cached_property
    def words(self) -> Sequence[tuple[int, int]]:
        """Words of the text, punctuation left out; ValueError without a text."""
        if self.text is None:
            raise ValueError(f"{self.gold.document}: words need the text")
        return [(a, b) for a, b in tokens(self.text) if is_word(self.text[a])]

    def words_of(self, spans: Iterable[Span]) -> frozenset[int]:
        """The numbers of the words that the spans touch."""
        touched = ((bisect_right(self._word_ends, s.start), bisect_left(self._word_starts, s.end)) for s in spans)
        return frozenset(number for first, end in touched for number in range(first, end))

    @cached_property
    def _word_starts(self) -> list[int]:
        return [start for start, _ in self.words]

    @cached_property
    def _word_ends(self) -> list[int]:
        return [end for _, end in self.words]

    def at_word(self, span: Span) -> int:
        """The span's start without the cut behind proclitics: the start of the word that it begins in."""
        if self.text is None:
            raise ValueError(f"{self.gold.document}: clitics need the text")
        return word_start(self.text, span.start) if not is_mark(self.text[span.start]) else span.start


Thing = tuple[str, tuple[Hashable, ...]]


def count(
    measure: str, pairs: Sequence[Pair], labels: Sequence[str], things: Callable[[Pair, Layer], Iterable[Thing]]
) -> Counts:
    """Counts of things that are right where label and key are equal; `things` gives them for one side of a pair."""
    numbers: dict[Hashable, int] = {}
    index = {label: i for i, label in enumerate(labels)}

    def rows(side: int) -> Iterator[tuple[int, ...]]:
        for number, pair in enumerate(pairs):
            for label, key in things(pair, pair.sides[side]):
                yield (number, index[label], numbers.setdefault(key, len(numbers)))

    return counted(measure, pairs, labels, count_equal(list(rows(0)), list(rows(1)), len(pairs), len(labels)))


def counted(measure: str, pairs: Sequence[Pair], labels: Sequence[str], cells: Array) -> Counts:
    """Cells of documents x (all, then each label) x 4 as counts of a measure."""
    documents = tuple(pair.gold.document for pair in pairs)
    events = tuple(pair.event or pair.gold.document for pair in pairs)
    return Counts(documents, events, ((measure, ""), *((measure, label) for label in labels)), cells)
