"""`crf`: a linear-chain CRF (Lafferty et al. 2001) a tagger, over spelling, context, names and what training marked."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from dataset_builder.baselines.chances import Chances, ChanceTagging
from dataset_builder.baselines.decoding import Floats
from dataset_builder.baselines.features import features, lemmas
from dataset_builder.baselines.maxent import MaxEnt, crfsuite, train
from dataset_builder.baselines.phrases import Phrases
from dataset_builder.baselines.system import Example
from dataset_builder.baselines.taggers import Tagger, encode
from dataset_builder.baselines.units import Unit, by_sentence, covered, units
from dataset_builder.model import Span

#: Of L-BFGS with both penalties, chosen on ANERcorp; leaving out features that were seen once halves the time (AQMAR).
PARAMETERS = {
    "c1": 0.1, "c2": 0.05, "max_iterations": 100, "feature.possible_transitions": True, "feature.minfreq": 2,
}  # fmt: skip
#: Features of a unit that tell what a span that was found without a label is called, by how they begin.
_TELLING = (
    "w=", "m=", "s=", "bare=", "p3=", "p4=", "x3=", "c=", "m-1=", "m1=", "m-2=", "m2=", "chance ",
)  # fmt: skip

Rows = list[list[str]]


class CrfTagging(ChanceTagging):
    """One CRF a tagger."""

    def __init__(self, taggers: Sequence[Tagger], cut: Callable[[str], list[Unit]] = units) -> None:
        super().__init__(taggers, cut)
        self.models: dict[str, bytes] = {}
        self.phrases: dict[str, Phrases] = {}
        self.names: dict[str, MaxEnt] = {}
        self._open: dict[str, Any] = {}

    def fit(self, examples: Sequence[Example], seed: int = 0) -> None:
        """Train every tagger on the examples, sentence by sentence; L-BFGS draws nothing, so no seed is needed."""
        found = [self.cut(example.text) for example in examples]
        rows = self.training_rows(examples, found)
        read = [Cut.of(e.text, each, own) for e, each, own in zip(examples, found, rows, strict=True)]
        for tagger in tqdm(self.taggers, desc="taggers", disable=None, leave=False):
            gold = [tagger.spans(example.layer) for example in examples]
            if any(gold):
                self._learn(tagger, gold, read)

    def _learn(self, tagger: Tagger, gold: Sequence[list[Span]], read: Sequence[Cut]) -> None:
        ranges = [covered(spans, each.units) for spans, each in zip(gold, read, strict=True)]
        words, marked = [each.words for each in read], [[(a, b) for a, b, _ in found] for found in ranges]
        self.phrases[tagger.name] = Phrases.of(words, marked)
        data = []
        for spans, each, known in zip(gold, read, Phrases.of_others(words, marked), strict=True):
            rows, tags = each.with_phrases(known), encode(tagger.tagged(spans), each.units)
            data += [(rows[a:b], tags[a:b]) for a, b in each.cuts]
        self.models[tagger.name] = train(data, PARAMETERS)
        if tagger.coarse:
            named = [
                (each.name_row(a, b), s.label) for found, each in zip(ranges, read, strict=True) for a, b, s in found
            ]
            self.names[tagger.name] = MaxEnt()
            self.names[tagger.name].fit([row for row, _ in named], [label for _, label in named])

    def training_rows(self, examples: Sequence[Example], found: Sequence[Sequence[Unit]]) -> list[Rows]:
        """The features of each example's units, for training."""
        return [self.rows(example.text, each) for example, each in zip(examples, found, strict=True)]

    def rows(self, text: str, found: Sequence[Unit]) -> Rows:
        """The features of a text's units."""
        return features(text, found)

    def chances(self, text: str, found: Sequence[Unit]) -> Mapping[str, Chances]:
        """From the forward-backward algorithm; of labels from a classifier over all that a span has."""
        read = Cut.of(text, found, self.rows(text, found))
        return {name: self._chances(name, read) for name in self.models}

    def _chances(self, name: str, read: Cut) -> Chances:
        model, rows = self._tagger(name), read.with_phrases(self.phrases[name])
        tags = model.labels()
        table = np.concatenate([_marginals(model, rows[a:b], tags) for a, b in read.cuts])
        if name not in self.names:
            return Chances(tags, table)
        return Chances(tags, table, lambda first, end: self.names[name].chances(read.name_row(first, end)))

    def doubt(self, text: str) -> float:
        """The expected number of wrong tags in 100 units, over all taggers: the sum of 1 - P(tag) of the best tagging,
        with P from the forward-backward algorithm. 0 for a text without units."""
        found = self.cut(text)
        read = Cut.of(text, found, self.rows(text, found))
        wrong = 0.0
        for name in self.models:
            model, rows = self._tagger(name), read.with_phrases(self.phrases[name])
            for a, b in read.cuts:
                wrong += sum(1 - model.marginal(tag, i) for i, tag in enumerate(model.tag(rows[a:b])))
        return 100 * wrong / len(read.units) if read.units else 0.0

    def _tagger(self, name: str) -> Any:
        if name not in self._open:
            self._open[name] = crfsuite().Tagger()
            self._open[name].open_inmemory(self.models[name])
        return self._open[name]

    def save(self, folder: Path) -> None:
        """One model file a tagger, and one for all of what else they know."""
        for name, model in self.models.items():
            (folder / f"{name}.crfsuite").write_bytes(model)
        state = {
            "phrases": {name: phrases.state() for name, phrases in self.phrases.items()},
            "names": {name: model.state() for name, model in self.names.items()},
        }
        (folder / "taggers.json").write_text(json.dumps(state, ensure_ascii=False), "utf8")

    def load(self, folder: Path) -> None:
        """Read what `save` wrote; OSError where a learned model is missing, ValueError where one is cut off."""
        state = json.loads((folder / "taggers.json").read_text("utf8"))
        self.phrases = {name: Phrases.restored(kept) for name, kept in state["phrases"].items()}
        paths = sorted(folder / f"{name}.crfsuite" for name in self.phrases)
        self.models = {path.stem: _whole_model(path) for path in paths}
        self.names = {name: MaxEnt.restored(kept) for name, kept in state["names"].items()}


def _whole_model(path: Path) -> bytes:
    """The bytes of a model, whose header says how many there are: CRFsuite itself would read behind the end."""
    data = path.read_bytes()
    if data[:4] != b"lCRF" or int.from_bytes(data[4:8], "little") != len(data):
        raise ValueError(f"{path.name} is no whole model of CRFsuite")
    return data


@dataclass(frozen=True)
class Cut:
    """A text's units with their lemmas and features, and which of them each sentence has."""

    units: Sequence[Unit]
    words: Sequence[str]
    rows: Rows
    cuts: Sequence[tuple[int, int]]

    @classmethod
    def of(cls, text: str, found: Sequence[Unit], rows: Rows) -> Cut:
        return cls(found, lemmas(text, found), rows, by_sentence(text, found))

    def with_phrases(self, known: Phrases) -> Rows:
        return [[*row, *more] for row, more in zip(self.rows, known.rows(self.words), strict=True)]

    def name_row(self, start: int, end: int) -> list[str]:
        """Features of the span of units from `start` to `end`: theirs, and all their words at once."""
        inside = sorted({x for row in self.rows[start:end] for x in row if x.startswith(_TELLING)})
        words = self.words[start:end]
        return [*inside, f"all={' '.join(words)}", f"first={words[0]}", f"last={words[-1]}"]


def _marginals(model: Any, rows: Rows, tags: Sequence[str]) -> Floats:
    """The chance of each tag at each unit of a sentence."""
    model.set(rows)
    return np.array([[model.marginal(tag, i) for tag in tags] for i in range(len(rows))])
