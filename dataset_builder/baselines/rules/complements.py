"""Where a cue's content begins: at إنّ, quotation marks, a colon, or a preposition; and what breaks it off."""

from __future__ import annotations

from dataclasses import dataclass

from dataset_builder.baselines.rules.contents import Stretch, clause_end, quotation
from dataset_builder.baselines.rules.cues import Anchor
from dataset_builder.baselines.rules.grammar import FUNCTION, THAT
from dataset_builder.baselines.rules.words import Words
from dataset_builder.text.characters import OPENING_QUOTES, SENTENCE_ENDS

#: Most words from a cue to what its content begins with, and to a preposition that it governs.
FAR, NEAR = 30, 14
PREPOSITION_OF = {"min": "من", "an": "عن", "ila": "الي", "ala": "علي", "fi": "في"}


@dataclass(frozen=True)
class Marker:
    """Where a content begins: how, at which word, at which offset; `at` is the word of the marker itself."""

    kind: str
    at: int
    first: int
    start: int


def breaks_of(words: Words, anchors: list[Anchor]) -> set[int]:
    """Words at which the outlet goes on: a participle behind a comma, a preposition, وقال."""
    found = set()
    for anchor in anchors:
        comma = anchor.first > 0 and words[anchor.first - 1].letters in ",،"
        if _breaks(words, anchor, comma):
            found.add(anchor.first - comma)
    return found


def _breaks(words: Words, anchor: Anchor, comma: bool) -> bool:
    if anchor.governs:
        return comma or words.limits[anchor.first][1] - anchor.last < NEAR
    if anchor.kind == "participle":
        return comma or "و" in anchor.before or _goes_on(words, anchor)
    return anchor.kind == "verb" and "و" in anchor.before and marker_of(words, anchor, anchor.last + NEAR) is not None


def _goes_on(words: Words, anchor: Anchor) -> bool:
    """Whether a participle in the accusative has a complement: مشيراً إلى."""
    return anchor.head.endswith(("ا", "ة")) and marker_of(words, anchor, anchor.last + 4) is not None


def that_in(words: Words, at: int) -> int | None:
    """The offset of إنّ or أنّ in a word, without ب before it."""
    return next((c.start for c in words[at].cuts if c.letters in THAT and c.before in ("", "ب")), None)


def marker_of(words: Words, anchor: Anchor, most: int) -> Marker | None:
    """What the content of a cue begins with: the first of إنّ, quotation mark, colon, governed preposition."""
    most = min(most, words.limits[anchor.first][1], anchor.last + FAR)
    comma = False
    for at in range(anchor.last, most):
        word = words[at]
        if word.letters in SENTENCE_ENDS or word.letters == "؛":
            return None
        if at in words.quotations and anchor.takes("quote") and not _names(words, at):
            return Marker("quote", at, at, word.start)
        if word.letters == ":" and anchor.takes("quote") and at + 1 < most:
            return Marker("quote", at, at + 1, words[at + 1].start)
        that = that_in(words, at)
        if that is not None and (anchor.takes("that") or (at > anchor.last and _is_governed(words, anchor, at - 1))):
            return Marker("that", at, at, that)
        if that is not None and anchor.takes("bi") and that > word.start:
            return Marker("that", at, at, that)
        comma = comma or word.letters in ",،"
        if not comma and at - anchor.last < NEAR and (marker := _preposition(words, anchor, at, most)):
            return marker
    return None


def _names(words: Words, at: int) -> bool:
    """Whether a quotation is a name: two words or fewer, with the sentence going on."""
    return words.quotations[at] - at <= 3 and words[at - 1].letters not in ":،,"


def _is_governed(words: Words, anchor: Anchor, at: int) -> bool:
    return any(anchor.takes(name) and words[at].letters == word for name, word in PREPOSITION_OF.items())


def _preposition(words: Words, anchor: Anchor, at: int, most: int) -> Marker | None:
    if at + 1 < most and _is_governed(words, anchor, at):
        if that_in(words, at + 1) is None:
            return Marker("preposition", at, at + 1, words[at + 1].start)
        return None
    if anchor.takes("bi"):
        for cut in words[at].cuts:
            if cut.before == "ب" and len(cut.letters) > 2 and words[at].letters not in FUNCTION:
                return Marker("preposition", at, at, cut.start)
    return None


def content_at(words: Words, marker: Marker, breaks: set[int]) -> list[Stretch]:
    """The offsets of a content that begins at a marker."""
    first = marker.first
    if marker.kind == "quote" and words[first].letters in OPENING_QUOTES and (parts := quotation(words, first)):
        return [(words[a].start, words[b - 1].end) for a, b in parts]
    last = clause_end(words, first, breaks)
    if last <= first:
        return []
    return [(marker.start, words[last - 1].end)]
