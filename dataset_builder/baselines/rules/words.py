"""A text as folded words that map back to offsets, each also without the proclitics that may stand before it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from dataset_builder.text.characters import CLOSING_QUOTES, OPENING_QUOTES, is_letter
from dataset_builder.text.normalise import fold
from dataset_builder.text.tokenise import sentences, tokens

#: What may stand before a word, outermost first; at most one of each. See `dataset_builder.baselines.units`.
_PROCLITICS = ("وف", "بكلس")
#: Letters that must be left behind a proclitic.
_REST = 2


def letters_of(word: str) -> str:
    """The folded letters of one word, with a final ة kept: تابعة is not تابعه.

    >>> letters_of("القوّة"), letters_of("إلى")
    ('القوة', 'الي')
    """
    letters = fold(word).letters
    return f"{letters[:-1]}ة" if letters.endswith("ه") and _last_letter(word) == "ة" else letters


def _last_letter(word: str) -> str:
    return next((character for character in reversed(word) if is_letter(character)), "")


@dataclass(frozen=True, slots=True)
class Cut:
    """A reading of a written word: the offset where it begins, its folded letters, and the proclitics cut off.

    Behind ل the article has lost its alif (للثوار); `letters` has it again, the offset is that of the second ل.
    """

    start: int
    letters: str
    before: str


@dataclass(frozen=True, slots=True)
class Word:
    """A written word or a mark. `letters` are folded, of a mark it is the mark; `sentence` counts from 0."""

    start: int
    end: int
    letters: str
    cuts: tuple[Cut, ...]
    sentence: int

    @property
    def is_mark(self) -> bool:
        return not is_letter(self.letters[0])


@dataclass(frozen=True)
class Words:
    """All words of a text, in order.

    >>> words = Words.of("وقصف للثوار.")
    >>> [w.letters for w in words]
    ['وقصف', 'للثوار', '.']
    >>> [(c.letters, c.before) for c in words[1].cuts]
    [('للثوار', ''), ('لثوار', 'ل'), ('الثوار', 'ل')]
    """

    text: str
    all: tuple[Word, ...]

    @classmethod
    def of(cls, text: str) -> Words:
        view = fold(text)
        found, letter, most = [], 0, len(view.letters)
        cuts = sentences(text)
        sentence = 0
        places = view.index.tolist()
        for start, end in tokens(text):
            while letter < most and places[letter] < start:
                letter += 1
            first = letter
            while letter < most and places[letter] < end:
                letter += 1
            while sentence + 1 < len(cuts) and cuts[sentence + 1][0] <= start:
                sentence += 1
            letters = view.letters[first:letter]
            if letters.endswith("ه") and text[places[letter - 1]] == "ة":
                letters = f"{letters[:-1]}ة"
            known = tuple(_cuts(letters, places[first:letter])) if letters else (Cut(start, text[start:end], ""),)
            found.append(Word(start, end, letters or text[start:end], known, sentence))
        return cls(text, tuple(found))

    def __len__(self) -> int:
        return len(self.all)

    def __getitem__(self, index: int) -> Word:
        return self.all[index]

    def __iter__(self) -> Iterator[Word]:
        return iter(self.all)

    @cached_property
    def sentences(self) -> list[tuple[int, int]]:
        """The half-open range of words of each sentence that has any."""
        ranges: list[tuple[int, int]] = []
        first = 0
        for i in range(1, len(self.all) + 1):
            if i == len(self.all) or self.all[i].sentence != self.all[first].sentence:
                ranges.append((first, i))
                first = i
        return ranges

    @cached_property
    def limits(self) -> list[tuple[int, int]]:
        """For each word the range of its sentence."""
        return [(a, b) for a, b in self.sentences for _ in range(a, b)]

    @cached_property
    def quotations(self) -> dict[int, int]:
        """Words with a mark that opens a quotation, and the word with the mark that closes it, in one paragraph."""
        pairs: dict[int, int] = {}
        opening: int | None = None
        for i, word in enumerate(self.all):
            if i and "\n" in self.text[self.all[i - 1].end : word.start]:
                opening = None
            if opening is None and word.letters in OPENING_QUOTES:
                opening = i
            elif opening is not None and word.letters in CLOSING_QUOTES:
                pairs[opening], opening = i, None
        return pairs

    @cached_property
    def quoted_from(self) -> dict[int, int]:
        """The same by the word that closes."""
        return {closing: opening for opening, closing in self.quotations.items()}

    @cached_property
    def starts(self) -> dict[int, int]:
        """The word that begins, or is cut, at an offset."""
        return {cut.start: i for i, word in enumerate(self.all) for cut in word.cuts}

    @cached_property
    def ends(self) -> dict[int, int]:
        """The number behind the word that ends at an offset."""
        return {word.end: i + 1 for i, word in enumerate(self.all)}

    def said(self, first: int, end: int) -> list[str]:
        """The folded letters of a range of words."""
        return [word.letters for word in self.all[first:end]]


def _cuts(letters: str, places: Sequence[int]) -> Iterator[Cut]:
    """Readings of a word, the one with the fewest proclitics first."""
    yield Cut(places[0], letters, "")
    outer = letters[0] if letters[0] in _PROCLITICS[0] and len(letters) > _REST else ""
    for at in range(len(outer) + 1):
        if at:
            yield Cut(places[at], letters[at:], outer)
        inner = letters[at]
        if inner in _PROCLITICS[1] and len(letters) - at > _REST:
            yield Cut(places[at + 1], letters[at + 1 :], outer[:at] + inner)
            if inner == "ل" and letters[at + 1] == "ل":
                yield Cut(places[at + 1], "ا" + letters[at + 1 :], outer[:at] + inner)
