"""All five layers at once: a tagging finds the spans, a linker joins them to events, claims and frames."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol, Self

from dataset_builder.baselines.crf import CrfTagging
from dataset_builder.baselines.links import Linker
from dataset_builder.baselines.system import Example, made_layer, with_triggers
from dataset_builder.baselines.taggers import Tagger, all_taggers
from dataset_builder.model import Layer, Span
from dataset_builder.schema import Schema


class Tagging(Protocol):
    """Finds spans in texts."""

    def fit(self, examples: Sequence[Example], seed: int = 0) -> None: ...

    def predict(self, text: str) -> list[Span]: ...

    def save(self, folder: Path) -> None: ...

    def load(self, folder: Path) -> None: ...


class Joint:
    """A system of a tagging and a linker; subclasses name the tagging."""

    layers: tuple[str, ...] = ("ACTOR", "LOCATION", "EVENT", "CLAIM", "FRAME")
    tagging_of: Callable[[Sequence[Tagger]], Tagging]

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self.tagging = type(self).tagging_of(all_taggers(schema))
        self.linker = Linker(schema)

    def fit(self, examples: Sequence[Example], seed: int = 0) -> None:
        """Learn the spans, then how the gold's are joined."""
        self.tagging.fit(examples, seed)
        self.linker.fit(examples)

    def predict(self, document: str, text: str) -> Layer:
        return self._joined(document, text, self.tagging.predict(text))

    def predict_given(self, document: str, text: str, triggers: Sequence[Span]) -> Layer:
        return self._joined(document, text, with_triggers(self.tagging.predict(text), triggers))

    def _joined(self, document: str, text: str, spans: Sequence[Span]) -> Layer:
        return self.linker.joined(made_layer(document, text, self.layers, self.schema, spans), text)

    def save(self, folder: Path) -> None:
        self.tagging.save(folder)
        (folder / "linker.json").write_text(json.dumps(self.linker.state(), ensure_ascii=False), "utf8")

    @classmethod
    def load(cls, folder: Path, schema: Schema) -> Self:
        system = cls(schema)
        system.tagging.load(folder)
        system.linker.restore(json.loads((folder / "linker.json").read_text("utf8")))
        return system


class Crf(Joint):
    """`crf`: see `CrfTagging`."""

    tagging_of = CrfTagging

    def doubt(self, text: str) -> float:
        """See `CrfTagging.doubt`."""
        assert isinstance(self.tagging, CrfTagging)
        return self.tagging.doubt(text)
