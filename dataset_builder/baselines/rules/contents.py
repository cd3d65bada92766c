"""Where a claim's content ends, and the words in quotation marks."""

from __future__ import annotations

from collections.abc import Collection

from dataset_builder.baselines.rules.grammar import STRONG_TURNS, TURNS
from dataset_builder.baselines.rules.words import Words
from dataset_builder.text.characters import CLOSING_QUOTES, OPENING_QUOTES, QUOTES, SENTENCE_ENDS

Stretch = tuple[int, int]
_COMMAS = frozenset("،,؛;")


def clause_end(words: Words, first: int, breaks: Collection[int]) -> int:
    """The word before which a content ends that begins at word `first`.

    It runs to the end of the sentence's coordination: up to a word of `breaks` (a later cue of the outlet's), or a
    comma and a turn (فيما، بينما), never inside quotation marks, and without final marks.
    """
    most = words.limits[first][1]
    last = first
    while last < most:
        if last > first:
            if last in breaks or words[last].letters in STRONG_TURNS:
                break
            if words[last].letters in _COMMAS and last + 1 < most and words[last + 1].letters in TURNS:
                break
        last = min(words.quotations.get(last, last) + 1, most)
    return trimmed(words, first, last)


def trimmed(words: Words, first: int, last: int) -> int:
    """The end without commas and sentence ends."""
    while last > first and (words[last - 1].letters in _COMMAS or words[last - 1].letters in SENTENCE_ENDS):
        last -= 1
    return last


def quotation(words: Words, at: int) -> list[Stretch]:
    """The ranges of words of a quotation that opens at a mark: one a sentence, marks inside; [] if it never closes.

    The next sentences belong to it as long as it is open.
    """
    closing = words.quotations.get(at)
    return [] if closing is None else _by_sentence(words, at, closing + 1)


def _by_sentence(words: Words, first: int, last: int) -> list[Stretch]:
    found = []
    while first < last:
        end = min(words.limits[first][1], last)
        kept = end if end == last else trimmed(words, first, end)
        if kept > first:
            found.append((first, kept))
        first = end
    return found


def opened(words: Words, closing: int) -> int | None:
    """The word with the mark that opens the quotation which closes at a word, in the same paragraph."""
    return words.quoted_from.get(closing)


def form_of(text: str, contents: Collection[tuple[int, int]], that: Collection[str]) -> str:
    """Whether content is in quotation marks altogether (a word like أن before them aside), in part, or not."""
    parts = [text[start:end] for start, end in contents]
    marks = [sum(character in QUOTES for character in part) for part in parts]
    if not sum(marks):
        return "indirect"
    bare = [part.split(maxsplit=1)[1] if part.split()[0] in that and " " in part else part for part in parts]
    joined = " ".join(bare)
    whole = joined[0] in OPENING_QUOTES and joined[-1] in CLOSING_QUOTES and sum(marks) <= 2 * len(parts)
    return "direct" if whole else "mixed"
