"""`memory`: what training called by a label is called so again, wherever the longest match stands; the floor."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path

from dataset_builder.baselines.joint import Joint
from dataset_builder.baselines.system import Example, span
from dataset_builder.baselines.taggers import Tagger
from dataset_builder.baselines.units import Unit, covered, units
from dataset_builder.model import Span
from dataset_builder.text.normalise import fold
from dataset_builder.text.tokenise import sentences, trim

#: A phrase is marked where training marked at least this share of its occurrences.
SHARE = 0.5
#: Longest phrase in units.
_LONGEST = 10
#: Taggers whose spans don't repeat from text to text.
_SINGLE = ("CLAIM.SOURCE", "CLAIM.CONTENT")

Phrase = tuple[str, ...]


class MemoryTagging:
    """Longest match over the spans of training, with proclitics split off, and the label that was most frequent.

    The labels of a layer are remembered together: where one phrase has several, the most frequent one counts.
    """

    def __init__(self, taggers: Sequence[Tagger], cut: Callable[[str], list[Unit]] = units) -> None:
        self.cut = cut
        kept = [tagger for tagger in taggers if tagger.name not in _SINGLE]
        self.taggers = {layer: [t for t in kept if t.layer == layer] for layer in dict.fromkeys(t.layer for t in kept)}
        self.known: dict[str, dict[Phrase, str]] = {}

    def fit(self, examples: Sequence[Example], seed: int = 0) -> None:
        """Remember spans that are marked in at least half of the places where their words stand."""
        marked: dict[str, dict[Phrase, Counter[str]]] = {layer: defaultdict(Counter) for layer in self.taggers}
        seen: Counter[Phrase] = Counter()
        for example in examples:
            found = self.cut(example.text)
            words = _words(example.text, found)
            for layer, taggers in self.taggers.items():
                spans = [each for tagger in taggers for each in tagger.spans(example.layer)]
                for first, end, each in covered(sorted(spans, key=lambda s: (s.start, s.end)), found):
                    if end - first <= _LONGEST:
                        marked[layer][tuple(words[first:end])][each.label] += 1
            for length in range(1, _LONGEST + 1):
                seen.update(tuple(words[i : i + length]) for i in range(len(words) - length + 1))
        for layer, phrases in marked.items():
            kept = {p: labels for p, labels in phrases.items() if labels.total() / seen[p] >= SHARE}
            self.known[layer] = {phrase: labels.most_common(1)[0][0] for phrase, labels in kept.items()}

    def predict(self, text: str) -> list[Span]:
        """Everything remembered that stands in the text; a claim's content is what follows its cue in the sentence."""
        found = self.cut(text)
        words = _words(text, found)
        spans: list[Span] = []
        for layer, known in self.known.items():
            position = 0
            while position < len(words):
                length = next(
                    (n for n in range(min(_LONGEST, len(words) - position), 0, -1) if _at(words, position, n) in known),
                    0,
                )
                if length:
                    label = known[_at(words, position, length)]
                    spans.append(span(layer, label, found[position].start, found[position + length - 1].end))
                position += length or 1
        return spans + _contents(text, [s for s in spans if s.label == "CUE"])

    def save(self, folder: Path) -> None:
        known = {layer: [[*phrase, label] for phrase, label in kept.items()] for layer, kept in self.known.items()}
        (folder / "memory.json").write_text(json.dumps(known, ensure_ascii=False), "utf8")

    def load(self, folder: Path) -> None:
        state = json.loads((folder / "memory.json").read_text("utf8"))
        self.known = {layer: {tuple(p[:-1]): p[-1] for p in state[layer]} for layer in self.taggers}


def _words(text: str, found: Sequence[Unit]) -> list[str]:
    return [fold(text[u.start : u.end]).letters or text[u.start] for u in found]


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


class Memory(Joint):
    """`memory`: see `MemoryTagging`."""

    tagging_of = MemoryTagging
