"""What the guesser of guessing.py knows: how often words follow one another, and which names there are.

It reads articles that it does not attack, and other corpora; a folder is the one that holds ud_pud and aqmar.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from dataset_builder.text.characters import PROCLITICS
from dataset_builder.text.normalise import fold

#: How many words are tried after each, beside the common ones.
NEXT_WORDS, COMMON_WORDS = 25, 25
WORD = re.compile("[^\\W_](?:[^\\W_]|[\u064b-\u065f\u0670])*")
LABELS = {"PER": "PERSON", "LOC": "LOCATION", "ORG": "ORGANISATION"}


@dataclass
class Guesser:
    words: Counter[str] = field(default_factory=Counter)
    pairs: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    names: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def __post_init__(self) -> None:
        self._following: dict[str, list[tuple[str, float]]] = {}
        self._alike: dict[tuple[str, int], list[tuple[str, int]]] = {}

    def read(self, tokens: Iterable[str]) -> None:
        last = ""
        for token in tokens:
            if word := fold(token).letters:
                self.words[word] += 1
                self.pairs[last][word] += 1
                last = word

    @cached_property
    def total(self) -> int:
        return sum(self.words.values())

    @cached_property
    def common(self) -> list[str]:
        return [w for w, _ in self.words.most_common(COMMON_WORDS)]

    @cached_property
    def endings(self) -> list[tuple[str, float]]:
        """What may be left of a word that began in the window before, with its log2 probability."""
        counts: Counter[str] = Counter()
        for word, count in self.words.most_common(3000):
            counts.update({word[n:]: count for n in range(len(word))})
        total = counts.total()
        return [(ending, math.log2(count / total)) for ending, count in counts.most_common(150)]

    def log2(self, word: str, last: str) -> float:
        after = self.pairs.get(last)
        pair = after[word] / after.total() if after else 0.0
        spelled = 2 ** (-4.2 * len(word))
        return math.log2(0.6 * pair + 0.37 * self.words[word] / self.total + 0.03 * spelled)

    def following(self, last: str) -> list[tuple[str, float]]:
        """The words to try after `last`, with their log2 probability."""
        if last not in self._following:
            after = self.pairs.get(last, Counter[str]())
            words = dict.fromkeys([*(w for w, _ in after.most_common(NEXT_WORDS)), *self.common])
            self._following[last] = [(word, self.log2(word, last)) for word in words]
        return self._following[last]

    def names_like(self, label: str, letters: int) -> list[tuple[str, int]]:
        """The names with this label and so many letters, the most frequent first."""
        if (label, letters) not in self._alike:
            self._alike[label, letters] = [(k, n) for k, n in self.names[label].most_common() if len(k) == letters]
        return self._alike[label, letters]

    @cached_property
    def by_letters(self) -> dict[int, list[str]]:
        """Words, words without their proclitic and pairs of words, by letters, the frequent ones first."""
        counts: Counter[str] = Counter(self.words)
        for word, n in self.words.items():
            if word[0] in PROCLITICS and len(word) > 3:
                counts[word[1:]] += n
        for first, after in self.pairs.items():
            counts.update({first + second: n for second, n in after.items()})
        table: dict[int, list[str]] = defaultdict(list)
        for words, _ in counts.most_common():
            table[len(words)].append(words)
        return table


def background(raw: Path) -> Iterator[list[str]]:
    for path in sorted((raw / "ud_pud").glob("*.conllu")):
        for sentence in re.findall(r"^# text = (.*)$", path.read_text("utf8"), re.MULTILINE):
            yield sentence.split()
    for path in sorted((raw / "aqmar").glob("*.txt")):
        yield [line.split(" ")[0] for line in path.read_text("utf8").splitlines() if line]


def name_list(raw: Path) -> dict[str, str]:
    """Folded names and their labels, from AQMAR's annotations; names of three letters and less are left out."""
    names: dict[str, Counter[str]] = defaultdict(Counter)
    for path in sorted((raw / "aqmar").glob("*.txt")):
        rows = [line.split(" ") for line in path.read_text("utf8").splitlines()]
        tags = " ".join(f"{n}:{row[1]}" for n, row in enumerate(rows) if len(row) == 2)
        for found in re.finditer(r"(\d+):B-(PER|LOC|ORG)((?: \d+:I-\2)*)", tags):
            first = int(found[1])
            name = "".join(fold(row[0]).letters for row in rows[first : first + 1 + found[3].count(":")])
            if len(name) > 3:
                names[name][LABELS[found[2]]] += 1
    return {name: labels.most_common(1)[0][0] for name, labels in names.items()}


def named_spans(text: str, names: dict[str, str]) -> Iterator[tuple[int, int, str]]:
    """Every name of the list that stands in the text, after a proclitic or not, the longest first."""
    words = [m.span() for m in WORD.finditer(text)]
    end = 0
    for n, (start, _) in enumerate(words):
        for size in (3, 2, 1):
            stop = words[n + size - 1][1] if n + size <= len(words) else 0
            for begin in (start, start + 1):
                label = names.get(fold(text[begin:stop]).letters)
                if label and begin >= end and (begin == start or text[start] in PROCLITICS):
                    yield begin, stop, label
                    end = stop
