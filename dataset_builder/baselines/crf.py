"""`crf`: a linear-chain CRF (Lafferty et al. 2001) a tagger, over spelling, affixes, context and place names."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tqdm import tqdm

from dataset_builder.baselines.features import features
from dataset_builder.baselines.maxent import crfsuite, train
from dataset_builder.baselines.system import Example, span
from dataset_builder.baselines.taggers import Tagger, decode, encode
from dataset_builder.baselines.units import Unit, by_sentence, units
from dataset_builder.model import Span

#: Of L-BFGS with both penalties; the values were chosen on ANERcorp, not on this corpus.
PARAMETERS = {"c1": 0.1, "c2": 0.05, "max_iterations": 100, "feature.possible_transitions": True}

Rows = list[list[str]]


class CrfTagging:
    """One CRF a tagger. `cut` says what is tagged: units with proclitics split off, or words as they are."""

    def __init__(self, taggers: Sequence[Tagger], cut: Callable[[str], list[Unit]] = units) -> None:
        self.taggers = taggers
        self.cut = cut
        self.models: dict[str, bytes] = {}
        self._open: dict[str, Any] = {}

    def fit(self, examples: Sequence[Example], seed: int = 0) -> None:
        """Train every tagger on the examples, sentence by sentence; L-BFGS draws nothing, so no seed is needed."""
        read = [
            Cut.of(e.text, self.cut(e.text), rows)
            for e, rows in zip(examples, self.training_rows(examples), strict=True)
        ]
        for tagger in tqdm(self.taggers, desc="taggers", disable=None, leave=False):
            gold = [tagger.spans(example.layer) for example in examples]
            if any(gold):
                tags = [encode(spans, each.units) for spans, each in zip(gold, read, strict=True)]
                data = [(each.rows[a:b], t[a:b]) for each, t in zip(read, tags, strict=True) for a, b in each.cuts]
                self.models[tagger.name] = train(data, PARAMETERS)

    def training_rows(self, examples: Sequence[Example]) -> list[Rows]:
        """The features of each example's units, for training."""
        return [self.rows(example.text) for example in examples]

    def rows(self, text: str) -> Rows:
        """The features of a text's units."""
        return features(text, self.cut(text))

    def predict(self, text: str) -> list[Span]:
        """What every tagger finds, sentence by sentence."""
        read = Cut.of(text, self.cut(text), self.rows(text))
        found: list[Span] = []
        for tagger in self.taggers:
            if tagger.name in self.models:
                found += (
                    span(tagger.layer, *each) for each in decode(read.tagged(self._tagger(tagger.name)), read.units)
                )
        return found

    def doubt(self, text: str) -> float:
        """The expected number of wrong tags in 100 units, over all taggers: the sum of 1 - P(tag) of the best tagging,
        with P from the forward-backward algorithm. 0 for a text without units."""
        read = Cut.of(text, self.cut(text), self.rows(text))
        wrong = 0.0
        for tagger in map(self._tagger, self.models):
            for a, b in read.cuts:
                for position, tag in enumerate(tagger.tag(read.rows[a:b])):
                    wrong += 1 - tagger.marginal(tag, position)
        return 100 * wrong / len(read.units) if read.units else 0.0

    def _tagger(self, name: str) -> Any:
        if name not in self._open:
            self._open[name] = crfsuite().Tagger()
            self._open[name].open_inmemory(self.models[name])
        return self._open[name]

    def save(self, folder: Path) -> None:
        """One model file a tagger."""
        for name, model in self.models.items():
            (folder / f"{name}.crfsuite").write_bytes(model)

    def load(self, folder: Path) -> None:
        self.models = {path.stem: path.read_bytes() for path in sorted(folder.glob("*.crfsuite"))}


@dataclass(frozen=True)
class Cut:
    """A text's units and their features, and which of them each sentence has."""

    units: Sequence[Unit]
    rows: Rows
    cuts: Sequence[tuple[int, int]]

    @classmethod
    def of(cls, text: str, found: Sequence[Unit], rows: Rows) -> Cut:
        return cls(found, rows, by_sentence(text, found))

    def tagged(self, tagger: Any) -> list[str]:
        return [tag for a, b in self.cuts for tag in tagger.tag(self.rows[a:b])]
