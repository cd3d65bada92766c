"""Chances of tags, and the spans that follow from them: one way for every tagging, alone or pooled with others."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from dataset_builder.baselines.decoding import Floats, best
from dataset_builder.baselines.system import span
from dataset_builder.baselines.taggers import Tagger, decode
from dataset_builder.baselines.units import Unit, by_sentence, covered, units
from dataset_builder.model import Span

#: Chances below this are as good as none: a pool has no member whose word alone can rule a tag out.
LEAST = 1e-6


@dataclass(frozen=True)
class Chances:
    """What one tagger makes of a text: `rows` is units x `tags`, each row from 0 to 1 and summing to 1.

    The tags of a coarse tagger only say where a span is; its `labels` gives the chance of each label for the span of a
    half-open range of units.
    """

    tags: Sequence[str]
    rows: Floats
    labels: Callable[[int, int], Mapping[str, float]] | None = None


def pooled(members: Sequence[Chances]) -> Chances:
    """The geometric mean of several taggers' chances, of the tags and labels that all of them know.

    This is the logarithmic opinion pool with equal weights (Genest & Zidek 1986, "Combining probability distributions",
    Statistical Science 1). What one holds for unlikely stays unlikely, so spans for which both have some evidence win:

    >>> sure, unsure = Chances(["O", "B-AIR"], np.array([[0.2, 0.8]])), Chances(["O", "B-AIR"], np.array([[0.5, 0.5]]))
    >>> pooled([sure, unsure]).rows.round(2).tolist()
    [[0.33, 0.67]]
    """
    first = members[0]
    tags = [tag for tag in first.tags if all(tag in m.tags for m in members)]
    columns = [m.rows[:, [m.tags.index(tag) for tag in tags]] for m in members]
    asked = [m.labels for m in members if m.labels is not None]

    def labels(start: int, end: int) -> dict[str, float]:
        found = [ask(start, end) for ask in asked]
        names = [name for name in found[0] if all(name in each for each in found)]
        return dict(zip(names, _mean([np.array([[e[n] for n in names]]) for e in found])[0].tolist(), strict=True))

    return Chances(tags, _mean(columns), labels if asked else None)


def _mean(tables: Sequence[Floats]) -> Floats:
    """The geometric mean, every row summing to 1 again."""
    logs = np.mean([np.log(np.maximum(table, LEAST)) for table in tables], axis=0)
    return np.asarray(np.exp(logs - np.logaddexp.reduce(logs, axis=1, keepdims=True)))


class ChanceTagging(ABC):
    """A tagging that says how likely each tag is.

    `cut` says what is tagged: units with proclitics split off, or words as they are.
    """

    def __init__(self, taggers: Sequence[Tagger], cut: Callable[[str], list[Unit]] = units) -> None:
        self.taggers = taggers
        self.cut = cut

    @abstractmethod
    def chances(self, text: str, found: Sequence[Unit]) -> Mapping[str, Chances]:
        """By the taggers' names what each that has learned something makes of a text with these units, at least one."""

    def predict(self, text: str) -> list[Span]:
        """What every tagger finds, sentence by sentence."""
        found = self.cut(text)
        if not found:
            return []
        chances, cuts = self.chances(text, found), by_sentence(text, found)
        known = [tagger for tagger in self.taggers if tagger.name in chances]
        return [s for tagger in known for s in _spans(tagger, chances[tagger.name], found, cuts)]


def _spans(tagger: Tagger, chances: Chances, found: Sequence[Unit], cuts: Sequence[tuple[int, int]]) -> Iterator[Span]:
    tags = [tag for a, b in cuts for tag in best(chances.rows[a:b], chances.tags)]
    plain = [span(tagger.layer, *each) for each in decode(tags, found)]
    if chances.labels is None:
        yield from plain
        return
    for first, end, each in covered(plain, found):
        labels = chances.labels(first, end)
        yield span(tagger.layer, max(labels, key=lambda name: labels[name]), each.start, each.end)
