"""Claims of a verb without إنّ or preposition: a quotation before it, or a noun phrase behind its subject."""

from __future__ import annotations

from dataset_builder.baselines.rules import sources
from dataset_builder.baselines.rules.complements import FAR, Marker, content_at
from dataset_builder.baselines.rules.contents import opened, quotation, trimmed
from dataset_builder.baselines.rules.cues import Anchor
from dataset_builder.baselines.rules.draft import Draft
from dataset_builder.baselines.rules.found import Found, Spans
from dataset_builder.baselines.rules.grammar import FUNCTION, PREPOSITIONS, THAT, TIME
from dataset_builder.baselines.rules.words import Words
from dataset_builder.text.characters import CLOSING_QUOTES, OPENING_QUOTES, SENTENCE_ENDS

#: Most words from a cue to the name of its subject where a noun phrase may follow.
_NEAR = 8


def bare(words: Words, anchor: Anchor, actors: Spans, breaks: set[int], told: bool) -> list[Draft]:
    """The claims of such a cue; `told` is whether there was a claim before, which a dropped subject goes on from."""
    begin, end = words.limits[anchor.first]
    before = anchor.first - 1
    comma = before >= begin and words[before].letters in ",،"
    closed = before - comma >= begin and words[before - comma].letters in CLOSING_QUOTES
    far = min(end, anchor.last + (FAR if closed or comma else _NEAR))
    behind = sources.behind(words, anchor.last, far, actors, closed or comma) if anchor.last < end else None
    if anchor.takes("quote") and closed:
        return _after_quotation(words, anchor, before - comma, behind, end)
    if comma and anchor.takes("quote") and behind and behind.first == anchor.last and anchor.kind == "verb":
        return _parenthesis(words, anchor, behind, begin, end)
    if not anchor.takes("noun"):
        return []
    source, first = (None, anchor.last) if anchor.kind == "participle" else _subject(words, anchor, actors, behind)
    if source is None and not _may_drop(words, anchor, first, end, told):
        return []
    if not _may_begin(words, anchor, first, end):
        return []
    contents = content_at(words, Marker("noun", first, first, words[first].start), breaks)
    return [Draft(anchor, contents, source, "" if source else "implicit")]


def _subject(words: Words, anchor: Anchor, actors: Spans, behind: Found | None) -> tuple[Found | None, int]:
    """The subject behind a verb, else before it; and the word that the object may begin with."""
    source = sources.directly(words, anchor.last, actors)
    if source is None and behind and behind.is_name and behind.label == "PERSON":
        source = behind
    if source:
        return source, _behind_adjuncts(words, source.last, words.limits[anchor.first][1])
    return (None if anchor.before else sources.before(words, anchor.first, actors)), anchor.last


def _may_begin(words: Words, anchor: Anchor, first: int, end: int) -> bool:
    """Whether a word can begin a noun phrase that is said; طلب عدم is a wish for oneself."""
    if first >= end or (words[first].is_mark and words[first].letters not in OPENING_QUOTES):
        return False
    word = words[first].letters
    return not (word in PREPOSITIONS or word in THAT or (word == "عدم" and anchor.cue.id == "talaba"))


def _may_drop(words: Words, anchor: Anchor, first: int, end: int, told: bool) -> bool:
    """Whether the subject is dropped and the noun behind is the object.

    أعلنت حالة الطوارئ may be passive, and then says nobody's words.
    """
    if anchor.kind == "participle":
        return first < end
    if not told or "و" not in anchor.before or first >= end:
        return False
    word = words[first].letters
    return word not in FUNCTION and not (anchor.head.endswith("ت") and word.endswith(("ة", "ات")))


def _behind_adjuncts(words: Words, at: int, end: int) -> int:
    """The word behind adjuncts of time and place: اليوم، في بيان، خلال مؤتمر صحفي."""
    while at < end:
        if words[at].letters in TIME:
            at += 1
        elif words[at].letters in ("في", "خلال", "عبر") and at + 1 < end and sources.artefact(words, at + 1):
            at += 2
            while at < end and words[at].letters.endswith(("ي", "ية", "ة")) and words[at].letters not in FUNCTION:
                at += 1
        else:
            break
    return at


def _after_quotation(words: Words, anchor: Anchor, closing: int, source: Found | None, end: int) -> list[Draft]:
    """ "…"، قال X، "…" """
    opening = opened(words, closing)
    if opening is None:
        return []
    contents = [(words[a].start, words[b - 1].end) for a, b in quotation(words, opening)]
    after = source.last if source else anchor.last
    if after + 1 < end and words[after].letters in ",،" and (parts := quotation(words, after + 1)):
        contents += [(words[a].start, words[b - 1].end) for a, b in parts]
    return [Draft(anchor, contents, source, "" if source else "implicit")]


def _parenthesis(words: Words, anchor: Anchor, source: Found, begin: int, end: int) -> list[Draft]:
    """الهدنة، قال المتحدث، سوف تمدد: one content in two parts; at the end of the sentence in one."""
    after = source.last
    left = trimmed(words, begin, anchor.first)
    if left <= begin or (
        after < end and words[after].letters not in ",،" and words[after].letters not in SENTENCE_ENDS
    ):
        return []
    contents = [(words[begin].start, words[left - 1].end)]
    right = trimmed(words, after + 1, end) if after + 1 < end else 0
    if right > after + 1:
        contents.append((words[after + 1].start, words[right - 1].end))
    return [Draft(anchor, contents, source, "")]
