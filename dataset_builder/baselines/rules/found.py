"""What the rules have found so far: spans with the words that they cover."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from dataset_builder.baselines.rules.words import Words
from dataset_builder.baselines.system import span
from dataset_builder.model import Span


@dataclass(frozen=True)
class Found:
    """A span and the half-open range of its words; `number` is how a nominal speaks, "" for other spans."""

    span: Span
    first: int
    last: int
    number: str = ""

    @property
    def label(self) -> str:
        return self.span.label

    @property
    def start(self) -> int:
        return self.span.start

    @property
    def end(self) -> int:
        return self.span.end

    @property
    def is_name(self) -> bool:
        return self.span.attributes.get("mention") == "name"


def made(
    words: Words, layer: str, label: str, start: int, last: int, number: str = "", first: int = -1, **attributes: str
) -> Found:
    """A found span from an offset to the end of the word before `last`; empty attributes are left out."""
    given = {name: value for name, value in attributes.items() if value}
    first = words.starts[start] if first < 0 else first
    return Found(span(layer, label, start, words[last - 1].end, **given), first, last, number)


@dataclass
class Spans:
    """Found spans by the word that they begin at and the one that they end before."""

    all: list[Found] = field(default_factory=list)
    _from: dict[int, list[Found]] = field(default_factory=dict)
    _to: dict[int, list[Found]] = field(default_factory=dict)

    def add(self, each: Found) -> Found:
        self.all.append(each)
        self._from.setdefault(each.first, []).append(each)
        self._to.setdefault(each.last, []).append(each)
        return each

    def beginning(self, word: int) -> Found | None:
        """The longest that begins in a word."""
        return max(self._from.get(word, ()), key=lambda f: (f.last, -f.start), default=None)

    def ending(self, word: int) -> Found | None:
        """The longest that ends before a word."""
        return max(self._to.get(word, ()), key=lambda f: (-f.start, f.last), default=None)

    def between(self, first: int, last: int) -> list[Found]:
        """Those inside a range of words, in the order of the text."""
        inside = [f for word in range(first, last) for f in self._from.get(word, ()) if f.last <= last]
        return sorted(inside, key=lambda f: (f.start, -f.end))


def outermost(found: Sequence[Found]) -> list[Found]:
    """Those that lie in no other of them."""
    return [f for f in found if not any(o is not f and o.span.covers(f.span) for o in found)]
