"""From a quote to offsets: the n-th place where these words stand in a sentence, whole words or behind proclitics."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from dataset_builder.text.normalise import fold
from dataset_builder.text.tokenise import Stretch, may_end, may_start, tokens

#: `s3:` before a quote takes it from another sentence; ` #2` after it means its second occurrence.
_PART = re.compile(r"(?:s(?P<sentence>\d+):)?(?P<words>.*?)(?:\s+#(?P<number>\d+))?", re.DOTALL)
_ELLIPSIS = re.compile(r"(?<!\\)\s+…\s+")
_PLUS = re.compile(r"(?<!\\)\s\+\s")
_ESCAPED = re.compile(r"\\(.)")


class QuoteError(ValueError):
    """The quote can't be resolved; the message says why and what would fit."""

    code = "sheet-quote"


@dataclass(frozen=True)
class Sentences:
    """A text with its numbered sentences (from 1), in which quotes are looked up."""

    text: str
    stretches: Sequence[Stretch]

    def stretch(self, number: int) -> Stretch:
        if not 1 <= number <= len(self.stretches):
            raise QuoteError(f"there is no sentence s{number}; the text has s1 to s{len(self.stretches)}")
        return self.stretches[number - 1]

    def number_of(self, offset: int) -> int:
        """The number of the sentence that a code point stands in."""
        for number, (start, end) in enumerate(self.stretches, 1):
            if start <= offset < end:
                return number
        raise QuoteError(f"offset {offset} stands in no sentence")


def resolve_all(field: str, sentences: Sentences, here: int) -> list[Stretch]:
    """Every part of a field whose parts are joined by ` + `; see `resolve`."""
    return [resolve(part, sentences, here) for part in _PLUS.split(field)]


def resolve(quote: str, sentences: Sentences, here: int) -> Stretch:
    """Half-open offsets of a quote from the sentence numbered `here`; raises QuoteError.

    >>> text = "قال قائد إن قسد وقائد قسد انسحبا"
    >>> one = Sentences(text, [(0, len(text))])
    >>> [text.__getitem__(slice(*resolve(q, one, 1))) for q in ("إن … انسحبا", "قسد #2", "قائد #2")]
    ['إن قسد وقائد قسد انسحبا', 'قسد', 'قائد']
    >>> resolve("قسد", one, 1)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    dataset_builder.formats.sheet.quotes.QuoteError: 'قسد' stands 2 times in s1: write #1 ... or #2 ...
    """
    parts = _ELLIPSIS.split(quote.strip())
    if len(parts) > 2:
        raise QuoteError(f"{quote!r} has more than one … ; write the first words … the last words")
    first, begin_sentence = _place(parts[0], sentences, here, after=None)
    if len(parts) == 1:
        return first
    last, _ = _place(parts[1], sentences, begin_sentence, after=first[1])
    return first[0], last[1]


def _place(part: str, sentences: Sentences, here: int, after: int | None) -> tuple[Stretch, int]:
    match = _PART.fullmatch(part)
    assert match is not None  # every group is optional, so any string matches
    words = _ESCAPED.sub(r"\1", match["words"]).strip()
    number = int(match["sentence"] or here)
    start, end = sentences.stretch(number)
    if after is not None:
        start = max(start, after)
    if not words:
        raise QuoteError("the quote is empty; write the words as they stand in the sentence")
    whole, inside = occurrences(sentences.text, words, start, end)
    places = whole + inside
    if not places:
        raise QuoteError(f"{words!r} does not stand in s{number}" + _nearest(words, sentences.text[start:end], after))
    if match["number"]:
        wanted = int(match["number"])
        if not 1 <= wanted <= len(places):
            raise QuoteError(f"{words!r} stands {len(places)} times in s{number}, so there is no #{wanted}")
        return places[wanted - 1], number
    # The end of a long span is the first fitting place after its beginning; anything else must be unambiguous.
    if after is None and len(whole or inside) > 1:
        shown = " or ".join(f"#{i} ({_context(sentences.text, place)})" for i, place in enumerate(places, 1))
        raise QuoteError(f"{words!r} stands {len(places)} times in s{number}: write {shown}")
    return places[0], number


def occurrences(text: str, words: str, start: int, end: int) -> tuple[list[Stretch], list[Stretch]]:
    """Where `words` stand between two offsets: as whole words (or behind proclitics), and inside of words.

    >>> occurrences("من ومن أمن", "من", 0, 10)
    ([(0, 2), (4, 6)], [(8, 10)])
    """
    whole: list[Stretch] = []
    inside: list[Stretch] = []
    position = text.find(words, start, end)
    while position >= 0:
        place = (position, position + len(words))
        fits = may_start(text, place[0]) and may_end(text, place[1])
        (whole if fits else inside).append(place)
        position = text.find(words, position + 1, end)
    return whole, inside


def _context(text: str, place: Stretch) -> str:
    before = text[max(0, place[0] - 12) : place[0]].split()[-1:]
    after = text[place[1] : place[1] + 12].split()[:1]
    return " ".join([*before, f"[{text[slice(*place)]}]", *after])


def _nearest(words: str, sentence: str, after: int | None) -> str:
    """A hint: the stretch of as many words that looks most like the quote."""
    stretches = list(tokens(sentence))
    count = max(1, len(list(tokens(words))))
    wanted = fold(words).letters
    best, best_ratio = "", 0.6
    for i in range(len(stretches) - count + 1):
        candidate = sentence[stretches[i][0] : stretches[i + count - 1][1]]
        ratio = SequenceMatcher(None, wanted, fold(candidate).letters, autojunk=False).ratio()
        if ratio > best_ratio:
            best, best_ratio = candidate, ratio
    where = " behind the beginning of the span" if after is not None else ""
    return f"{where}; did you mean {best!r}?" if best else where
