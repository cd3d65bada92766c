"""`crf`: a linear-chain CRF (Lafferty et al. 2001) a tagger, over spelling, affixes, context and place names."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

from tqdm import tqdm

from dataset_builder.baselines.features import features
from dataset_builder.baselines.links import Linker
from dataset_builder.baselines.maxent import crfsuite, train
from dataset_builder.baselines.system import Example, made_layer, span
from dataset_builder.baselines.taggers import all_taggers, decode, encode
from dataset_builder.baselines.units import Unit, units
from dataset_builder.model import Layer, Span
from dataset_builder.schema import Schema
from dataset_builder.text.tokenise import sentences

#: Of L-BFGS with both penalties; the values were chosen on ANERcorp, not on this corpus.
PARAMETERS = {"c1": 0.1, "c2": 0.05, "max_iterations": 100, "feature.possible_transitions": True}

Rows = list[list[str]]


class Crf:
    """One CRF a tagger; spans are joined to events, claims and frames by a linker that learns as well."""

    layers: tuple[str, ...] = ("ACTOR", "LOCATION", "EVENT", "CLAIM", "FRAME")

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self.models: dict[str, bytes] = {}
        self.linker = Linker(schema)
        self._taggers: dict[str, Any] = {}

    def fit(self, examples: Sequence[Example], seed: int = 0) -> None:
        """Train every tagger on the examples, sentence by sentence; L-BFGS draws nothing, so no seed is needed."""
        read = [_Sentences.of(e.text, self.rows(e.text)) for e in examples]
        for tagger in tqdm(all_taggers(self.schema), desc="taggers", disable=None, leave=False):
            gold = [tagger.spans(example.layer) for example in examples]
            if any(gold):
                self.models[tagger.name] = _train([(s, encode(g, s.units)) for s, g in zip(read, gold, strict=True)])
        self.linker.fit(examples)

    def rows(self, text: str) -> Rows:
        """The features of a text's units."""
        return features(text, units(text))

    def predict(self, document: str, text: str) -> Layer:
        """Tag sentence by sentence, then join what was found."""
        read = _Sentences.of(text, self.rows(text))
        spans: list[Span] = []
        for tagger in all_taggers(self.schema):
            if tagger.name in self.models:
                tags = read.tagged(self._tagger(tagger.name))
                spans += (span(tagger.layer, *found) for found in decode(tags, read.units))
        return self.linker.joined(made_layer(document, text, self.layers, self.schema, spans), text)

    def _tagger(self, name: str) -> Any:
        if name not in self._taggers:
            self._taggers[name] = crfsuite().Tagger()
            self._taggers[name].open_inmemory(self.models[name])
        return self._taggers[name]

    def save(self, folder: Path) -> None:
        """One model file a tagger, and the linker's."""
        for name, model in self.models.items():
            (folder / f"{name}.crfsuite").write_bytes(model)
        (folder / "linker.json").write_text(json.dumps(self.linker.state(), ensure_ascii=False), "utf8")

    @classmethod
    def load(cls, folder: Path, schema: Schema) -> Self:
        system = cls(schema)
        system.models = {path.stem: path.read_bytes() for path in sorted(folder.glob("*.crfsuite"))}
        system.linker.restore(json.loads((folder / "linker.json").read_text("utf8")))
        return system


class _Sentences:
    """A text's units and their features, cut into sentences."""

    def __init__(self, found: list[Unit], rows: Rows, cuts: list[tuple[int, int]]) -> None:
        self.units, self.rows, self.cuts = found, rows, cuts

    @classmethod
    def of(cls, text: str, rows: Rows) -> _Sentences:
        found = units(text)
        cuts, first = [], 0
        for _, end in sentences(text):
            last = first
            while last < len(found) and found[last].start < end:
                last += 1
            cuts.append((first, last))
            first = last
        return cls(found, rows, [cut for cut in cuts if cut[0] < cut[1]])

    def tagged(self, tagger: Any) -> list[str]:
        return [tag for a, b in self.cuts for tag in tagger.tag(self.rows[a:b])]


def _train(data: Sequence[tuple[_Sentences, list[str]]]) -> bytes:
    """The bytes of a model trained on every sentence; those without a span teach what is none."""
    return train([(read.rows[a:b], tags[a:b]) for read, tags in data for a, b in read.cuts], PARAMETERS)
