"""Claims of a cue that governs its source (بحسب، وفق ما أعلن، كما قال), and of a headline's colon."""

from __future__ import annotations

from dataset_builder.baselines.rules import sources
from dataset_builder.baselines.rules.contents import Stretch, clause_end, trimmed
from dataset_builder.baselines.rules.cues import Anchor
from dataset_builder.baselines.rules.draft import Draft
from dataset_builder.baselines.rules.found import Found, Spans, made
from dataset_builder.baselines.rules.grammar import FUNCTION, THAT
from dataset_builder.baselines.rules.words import Words
from dataset_builder.text.characters import OPENING_QUOTES

#: Most words before a headline's colon.
_HEADLINE = 9
#: Most words from such a cue to the end of its source.
_FAR = 12


def headline(words: Words, anchor: Anchor, actors: Spans) -> list[Draft]:
    """A colon in the title behind an actor: what stands behind it is said."""
    begin, end = words.limits[anchor.first]
    if begin != 0 or not begin < anchor.first <= begin + _HEADLINE or anchor.last >= end:
        return []
    source = actors.ending(anchor.first)
    if source is None and anchor.last in words.quotations and words[begin].letters not in FUNCTION:
        source = made(words, "CLAIM", "SOURCE", words[begin].start, anchor.first, "office", begin)
    if source and source.label == "STATE" and source.is_name and source.last - source.first == 1:
        return []  # سوريا: is a dateline
    if source is None or (source.first > begin and not (source.is_name and source.label == "PERSON")):
        return []
    last = trimmed(words, anchor.last, end)
    return [Draft(anchor, [(words[anchor.last].start, words[last - 1].end)], source, "")] if last > anchor.last else []


def governing(words: Words, anchor: Anchor, actors: Spans, breaks: set[int], told: list[Draft]) -> list[Draft]:
    """A cue that governs its source; without one it is none (وفق الخطة). `told` are the sentence's claims so far."""
    begin, end = words.limits[anchor.first]
    most = min(end, anchor.last + _FAR)
    stop = next((i for i in range(anchor.last, most) if words[i].letters in ",،؛.:"), most)
    is_own = anchor.cue.id.startswith("ala-hadd") and words[anchor.last - 1].letters.endswith(("ه", "ها", "هم"))
    source = None if is_own else _governed(words, anchor, anchor.last, stop, actors)
    if source is None and not is_own:
        return []
    draft = Draft(anchor, [], source, "implicit" if is_own else "")
    left = trimmed(words, begin, anchor.first)
    around = [d for d in told if d.anchor.last <= anchor.first and d.contents and d.contents[0][0] > anchor.end]
    if left <= begin:
        draft.contents = _initial(words, anchor, source.last if source else anchor.last, stop, breaks)
    elif around:
        draft.contents, draft.parent = list(around[0].contents), around[0]
    else:
        first = next((d.anchor.start for d in told if d.anchor.first == begin), words[begin].start)
        draft.contents = [(first, words[left - 1].end)]
    return [draft]


def _governed(words: Words, anchor: Anchor, first: int, stop: int, actors: Spans) -> Found | None:
    """The source that a cue governs: an actor, a name near it, or a document."""
    if first >= stop:
        return None
    if first in words.quotations and first + 1 < stop:
        first += 1
    if anchor.cue.kind == "verb":
        return sources.behind(words, first, stop, actors)
    head = actors.beginning(first)
    if head and words[first].start <= head.start:
        wide = sources.behind(words, first, stop, actors) if head.start == words[first].start else head
        return wide or head
    document = sources.artefact(words, first)
    inside = actors.between(first, min(stop, first + 9))
    if document is None:
        persons = [f for f in inside if f.label == "PERSON" and f.is_name]
        return persons[0] if persons else None
    return inside[0] if inside else document


def _initial(words: Words, anchor: Anchor, after: int, stop: int, breaks: set[int]) -> list[Stretch]:
    """بحسب X، …: the content is what follows; ف before it stays outside."""
    end = words.limits[anchor.first][1]
    first = stop + 1 if stop < end and words[stop].letters in ",،" else max(after, anchor.last)
    if first >= end or (words[first].is_mark and words[first].letters not in OPENING_QUOTES):
        return []
    start = words[first].start
    start = next((c.start for c in words[first].cuts if c.before == "ف" and c.letters in THAT | {"قد"}), start)
    last = clause_end(words, first, breaks - {anchor.first})
    return [(start, words[last - 1].end)] if last > first else []
