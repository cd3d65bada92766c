"""`memory`: what training called by a label is called so again, wherever the longest match stands; the floor."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Self

from dataset_builder.baselines.links import Linker
from dataset_builder.baselines.system import Example, made_layer, span, with_triggers
from dataset_builder.baselines.units import covered, units
from dataset_builder.model import Layer, Span
from dataset_builder.schema import Schema
from dataset_builder.text.normalise import fold
from dataset_builder.text.tokenise import sentences, trim

#: A phrase is marked where training marked at least this share of its occurrences.
SHARE = 0.5
#: Longest phrase in units.
_LONGEST = 10
#: Layers whose spans repeat from text to text; contents of claims do not.
_REMEMBERED = ("ACTOR", "LOCATION", "EVENT", "FRAME", "CUE")

Phrase = tuple[str, ...]


class Memory:
    """Longest match over the spans of training, with proclitics split off, and the label that was most frequent."""

    layers: tuple[str, ...] = ("ACTOR", "LOCATION", "EVENT", "CLAIM", "FRAME")

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self.known: dict[str, dict[Phrase, str]] = {name: {} for name in _REMEMBERED}
        self.linker = Linker(schema)

    def fit(self, examples: Sequence[Example], seed: int = 0) -> None:
        """Remember spans that are marked in at least half of the places where their words stand."""
        marked: dict[str, dict[Phrase, Counter[str]]] = {n: defaultdict(Counter) for n in _REMEMBERED}
        seen: Counter[Phrase] = Counter()
        for example in examples:
            found = units(example.text)
            words = _words(example.text, [(u.start, u.end) for u in found])
            for name in _REMEMBERED:
                for first, end, each in covered(_spans(example.layer, name), found):
                    if end - first <= _LONGEST:
                        marked[name][tuple(words[first:end])][each.label] += 1
            for length in range(1, _LONGEST + 1):
                seen.update(tuple(words[i : i + length]) for i in range(len(words) - length + 1))
        for name, phrases in marked.items():
            kept = {p: labels for p, labels in phrases.items() if labels.total() / seen[p] >= SHARE}
            self.known[name] = {phrase: labels.most_common(1)[0][0] for phrase, labels in kept.items()}
        self.linker.fit(examples)

    def predict(self, document: str, text: str) -> Layer:
        return self._joined(document, text, self._found(text))

    def predict_given(self, document: str, text: str, triggers: Sequence[Span]) -> Layer:
        return self._joined(document, text, with_triggers(self._found(text), triggers))

    def _joined(self, document: str, text: str, spans: Sequence[Span]) -> Layer:
        return self.linker.joined(made_layer(document, text, self.layers, self.schema, spans), text)

    def _found(self, text: str) -> list[Span]:
        """Everything remembered that stands in the text; a claim's content is what follows its cue in the sentence."""
        found = units(text)
        words = _words(text, [(u.start, u.end) for u in found])
        spans: list[Span] = []
        for name, known in self.known.items():
            position = 0
            while position < len(words):
                length = next(
                    (n for n in range(min(_LONGEST, len(words) - position), 0, -1) if _at(words, position, n) in known),
                    0,
                )
                if length:
                    label = known[_at(words, position, length)]
                    where = found[position].start, found[position + length - 1].end
                    spans.append(span("CLAIM" if name == "CUE" else name, label, *where))
                position += length or 1
        return spans + _contents(text, [s for s in spans if s.label == "CUE"])

    def save(self, folder: Path) -> None:
        known = {name: [[*phrase, label] for phrase, label in kept.items()] for name, kept in self.known.items()}
        content = json.dumps({"known": known, "linker": self.linker.state()}, ensure_ascii=False)
        (folder / "memory.json").write_text(content, "utf8")

    @classmethod
    def load(cls, folder: Path, schema: Schema) -> Self:
        system = cls(schema)
        state = json.loads((folder / "memory.json").read_text("utf8"))
        system.known = {n: {tuple(p[:-1]): p[-1] for p in phrases} for n, phrases in state["known"].items()}
        system.linker.restore(state["linker"])
        return system


def _spans(layer: Layer, name: str) -> list[Span]:
    if name == "CUE":
        return [s for s in layer.of("CLAIM") if s.label == "CUE"]
    return list(layer.of(name))


def _words(text: str, places: Sequence[tuple[int, int]]) -> list[str]:
    return [fold(text[a:b]).letters or text[a] for a, b in places]


def _at(words: Sequence[str], position: int, length: int) -> Phrase:
    return tuple(words[position : position + length])


def _contents(text: str, cues: Sequence[Span]) -> list[Span]:
    """From behind each cue to the end of its sentence, without the full stop."""
    made = []
    for cue in cues:
        end = next((b for a, b in sentences(text) if a <= cue.start < b), cue.end)
        start, end = trim(text, cue.end, end)
        while end > start and text[end - 1] in ".؟!":
            end -= 1
        if end > start:
            made.append(span("CLAIM", "CONTENT", start, end))
    return made
