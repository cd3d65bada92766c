"""CLAIM: each cue with its complement, its source and its content, by the word order of Arabic news.

A verb (قال) has its subject behind it, else before it, else drops it; its content begins at إنّ, a quotation mark or the
preposition that it governs. A participle (مضيفاً) goes on from the claim before. A preposition (بحسب) governs its source,
and its content is the rest of the sentence. نقلت A عن B قوله makes two claims, one in the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from dataset_builder.baselines.rules import sources
from dataset_builder.baselines.rules.contents import Stretch, clause_end, form_of, opened, quotation, trimmed
from dataset_builder.baselines.rules.cues import Anchor, CueFinder
from dataset_builder.baselines.rules.draft import Draft, joined
from dataset_builder.baselines.rules.found import Found, Spans, made
from dataset_builder.baselines.rules.grammar import FUNCTION, PREPOSITIONS, THAT, TIME
from dataset_builder.baselines.rules.words import Words
from dataset_builder.lists import Cue
from dataset_builder.text.characters import CLOSING_QUOTES, OPENING_QUOTES, SENTENCE_ENDS

#: Most words from a cue to what its content begins with, and to a preposition that it governs.
_FAR, _NEAR = 30, 14
#: Most words before a headline's colon.
_HEADLINE = 9
_PREPOSITIONS = {"min": "من", "an": "عن", "ila": "الي", "ala": "علي", "fi": "في"}
#: The outlet's own voice: يشار إلى، يذكر أن.
_OUTLET = frozenset({"يشار", "يذكر", "يجدر", "تجدر"})
#: Forms that are passive where no subject stands.
_PASSIVE = frozenset({"يعتقد", "يتوقع", "يشتبه", "قيل", "افيد", "يقال", "يظن", "يشاع", "ذكر", "اعلن"})
_ANNOUNCED = {"رفض": "reject", "ترحيب": "support", "ادان": "condemn", "مسوولي": "claim_responsibility", "تاييد": "support"}


@dataclass(frozen=True)
class Marker:
    """Where a content begins: how, at which word, at which offset; `at` is the word of the marker itself."""

    kind: str
    at: int
    first: int
    start: int


class Claims:
    """Finds the claims of a text among its actors."""

    def __init__(self, cues: Iterable[Cue]) -> None:
        cues = list(cues)
        self._cues = CueFinder(cues)

    def words(self) -> frozenset[str]:
        """Every single-word form of a cue, to tell cues from names."""
        return self._cues.words()

    def find(self, words: Words, actors: Spans) -> list[Draft]:
        """All claims, in the order of the text."""
        drafts: list[Draft] = []
        inside = {i for f in actors.all if f.is_name for i in range(f.first + 1, f.last)}
        for begin, end in words.sentences:
            anchors = list(self._anchors(words, begin, end, inside))
            breaks = _breaks(words, anchors)
            made: list[Draft] = []
            for anchor in anchors:
                made += self._drafts(words, anchor, actors, breaks, made, bool(drafts))
            drafts += made
        for draft in drafts:
            self._describe(words, draft)
        return joined(drafts)

    def _anchors(self, words: Words, begin: int, end: int, inside: set[int]) -> Iterator[Anchor]:
        at = begin
        while at < end:
            anchor = None if at in inside else self._cues.find(words, at)
            if anchor:
                # An auxiliary before a cue was seen as a word of its own already.
                yield anchor
            at = anchor.last if anchor else at + 1

    def _drafts(
        self, words: Words, anchor: Anchor, actors: Spans, breaks: set[int], made: list[Draft], told: bool
    ) -> list[Draft]:
        if anchor.kind == "mark":
            return _headline(words, anchor, actors)
        if anchor.governs:
            return _governing(words, anchor, actors, breaks, made)
        if anchor.cue.id in ("naqala", "naqilan") and (relayed := self._relayed(words, anchor, actors, breaks)):
            return relayed
        if anchor.kind == "noun":
            return _nominal(words, anchor, actors, breaks)
        return _verbal(words, anchor, actors, breaks, told or bool(made))

    def _relayed(self, words: Words, anchor: Anchor, actors: Spans, breaks: set[int]) -> list[Draft]:
        """نقلت A عن B قوله إن: who relays, and inside it who said it; without قوله the inner cue is عن."""
        most = min(words.limits[anchor.first][1], anchor.last + _FAR)
        an = next((i for i in range(anchor.last, most) if words[i].letters == "عن"), None)
        if an is None or an + 1 >= most:
            return []
        outer_source = sources.behind(words, anchor.last, an, actors) or sources.before(words, anchor.first, actors)
        inner_cue, marker = None, None
        for at in range(an + 1, most):
            said = self._cues.find(words, at)
            if said and said.kind == "noun" and not said.before:
                inner_cue, marker = said, _marker(words, said, most)
                if marker is None and said.takes("noun") and said.last < most:
                    marker = Marker("noun", said.last, said.last, words[said.last].start)
                break
            if (that := _that(words, at)) is not None:
                marker = Marker("that", at, at, that)
                break
        if marker is None:
            return []
        inner_source = sources.behind(words, an + 1, inner_cue.first if inner_cue else marker.at, actors, True)
        contents = _content(words, marker, breaks)
        outer = Draft(anchor, contents, outer_source, "")
        inner = Draft(inner_cue or anchor, list(contents), inner_source, "", parent=outer)
        if inner_cue and contents:
            outer.contents = [(inner_source.start if inner_source else words[an + 1].start, contents[-1][1])]
        else:
            inner.cue = (words[an].start, words[an].end)
        inner.act = "" if inner_cue else "say"
        return [outer, inner] if inner_source else [outer]

    @staticmethod
    def _describe(words: Words, draft: Draft) -> None:
        """Status, medium, act and form, where they are not decided yet."""
        anchor, source = draft.anchor, draft.source
        if not draft.status:
            draft.status = sources.status(words, source) if source else "implicit"
        ends = words.starts.get(draft.contents[0][0], anchor.last) if draft.contents else anchor.last
        around = [(anchor.last, max(anchor.last, ends))]
        if draft.source and draft.source.first >= anchor.last:
            around.append((draft.source.first, min(draft.source.last + 4, words.limits[anchor.first][1])))
        draft.medium = sources.medium(words, around, source)
        if draft.parent and draft.medium == "unknown":
            draft.medium = sources.medium(words, [], draft.parent.source)
        behind = words.text[draft.contents[0][0] :][:40].split()[:1] if draft.contents else []
        draft.act = draft.act or _act(words, anchor, behind)
        draft.form = form_of(words.text, draft.contents, ("أن", "إن", "أنه", "إنه", "أنها", "إنها", "ان"))


def _act(words: Words, anchor: Anchor, behind: list[str]) -> str:
    """The cue's usual act; أعلن goes by the noun that it announces."""
    if anchor.cue.id == "alana" and behind:
        first = next((c.letters for c in words[min(anchor.last, len(words) - 1)].cuts), "")
        said = {first, *(w.letters for w in words.all[anchor.last : anchor.last + 4])}
        for stem, act in _ANNOUNCED.items():
            if any(word.startswith(stem) for word in said) and act in (*anchor.cue.acts, "reject", "condemn"):
                return act
    return anchor.cue.acts[0]


def _breaks(words: Words, anchors: list[Anchor]) -> set[int]:
    """Words at which the outlet goes on: a participle behind a comma, a preposition, وقال."""
    found = set()
    for anchor in anchors:
        comma = anchor.first > 0 and words[anchor.first - 1].letters in ",،"
        if anchor.kind == "participle" and (comma or "و" in anchor.before or _goes_on(words, anchor)):
            found.add(anchor.first - comma)
        elif anchor.governs and (comma or words.limits[anchor.first][1] - anchor.last < _NEAR):
            found.add(anchor.first - comma)
        elif anchor.kind == "verb" and "و" in anchor.before and _marker(words, anchor, anchor.last + _NEAR):
            found.add(anchor.first - comma)
    return found


def _goes_on(words: Words, anchor: Anchor) -> bool:
    """Whether a participle in the accusative has a complement: مشيراً إلى."""
    return anchor.head.endswith(("ا", "ة")) and _marker(words, anchor, anchor.last + 4) is not None


def _that(words: Words, at: int) -> int | None:
    """The offset of إنّ or أنّ in a word, without ب before it."""
    return next((c.start for c in words[at].cuts if c.letters in THAT and c.before in ("", "ب")), None)


def _marker(words: Words, anchor: Anchor, most: int) -> Marker | None:
    """What the content of a cue begins with: the first of إنّ, quotation mark, colon, governed preposition."""
    most = min(most, words.limits[anchor.first][1], anchor.last + _FAR)
    comma = False
    for at in range(anchor.last, most):
        word = words[at]
        if word.letters in SENTENCE_ENDS or word.letters == "؛":
            return None
        if at in words.quotations and anchor.takes("quote") and not _names(words, at):
            return Marker("quote", at, at, word.start)
        if word.letters == ":" and anchor.takes("quote") and at + 1 < most:
            return Marker("quote", at, at + 1, words[at + 1].start)
        that = _that(words, at)
        if that is not None and (anchor.takes("that") or at > anchor.last and _is_governed(words, anchor, at - 1)):
            return Marker("that", at, at, that)
        if that is not None and anchor.takes("bi") and that > word.start:
            return Marker("that", at, at, that)
        comma = comma or word.letters in ",،"
        if not comma and at - anchor.last < _NEAR and (marker := _preposition(words, anchor, at, most)):
            return marker
    return None


def _names(words: Words, at: int) -> bool:
    """Whether a quotation is a name: two words or fewer, with the sentence going on."""
    return words.quotations[at] - at <= 3 and words[at - 1].letters not in ":،,"


def _is_governed(words: Words, anchor: Anchor, at: int) -> bool:
    return any(anchor.takes(name) and words[at].letters == word for name, word in _PREPOSITIONS.items())


def _preposition(words: Words, anchor: Anchor, at: int, most: int) -> Marker | None:
    if at + 1 < most and _is_governed(words, anchor, at):
        if _that(words, at + 1) is None:
            return Marker("preposition", at, at + 1, words[at + 1].start)
        return None
    if anchor.takes("bi"):
        for cut in words[at].cuts:
            if cut.before == "ب" and len(cut.letters) > 2 and words[at].letters not in FUNCTION:
                return Marker("preposition", at, at, cut.start)
    return None


def _content(words: Words, marker: Marker, breaks: set[int]) -> list[Stretch]:
    """The offsets of a content that begins at a marker."""
    first = marker.first
    if marker.kind == "quote" and words[first].letters in OPENING_QUOTES and (parts := quotation(words, first)):
        return [(words[a].start, words[b - 1].end) for a, b in parts]
    last = clause_end(words, first, breaks)
    if last <= first:
        return []
    return [(marker.start, words[last - 1].end)]


def _verbal(words: Words, anchor: Anchor, actors: Spans, breaks: set[int], told: bool) -> list[Draft]:
    """A verb or participle: what it says, and its subject behind it, before it, or dropped."""
    begin, end = words.limits[anchor.first]
    marker = _marker(words, anchor, end)
    if marker is None:
        return _bare(words, anchor, actors, breaks, told)
    if anchor.head in _OUTLET and marker.at - anchor.last < 2:
        return []
    if marker.kind == "that" and anchor.takes("noun") and _has_object(words, anchor, marker, actors):
        return _bare(words, anchor, actors, breaks, told)
    contents = _content(words, marker, breaks)
    stop = marker.at - 1 if marker.kind == "that" and words[marker.at - 1].letters in _PREPOSITIONS.values() else marker.at
    source, status = None, "implicit"
    if anchor.kind != "participle":
        wide = marker.kind != "preposition"
        source = sources.behind(words, anchor.last, stop, actors, wide) if stop > anchor.last else None
        if source is None and not anchor.before:
            source = sources.before(words, anchor.first, actors)
        if source is not None:
            status = ""
        elif not told or anchor.head in _PASSIVE and not anchor.before:
            status = "none"
    if marker.kind == "preposition" and source is None and stop - anchor.last > 4 and not told:
        return []
    return [Draft(anchor, contents, source, status)]


def _has_object(words: Words, anchor: Anchor, marker: Marker, actors: Spans) -> bool:
    """Whether a noun behind the subject is what the cue governs, and إنّ further on belongs to that noun's clause."""
    head = sources.directly(words, anchor.last, actors) if anchor.last < marker.at else None
    if head is None or not head.is_name and words[head.first].letters[:2] != "ال":
        return head is None and marker.at - anchor.last > 6
    if head.last >= marker.at or words[head.last].is_mark:
        return False
    behind = words[head.last]
    known = actors.beginning(head.last)
    return known is None and not any(c.letters in FUNCTION or c.before.endswith("ل") for c in behind.cuts)


def _bare(words: Words, anchor: Anchor, actors: Spans, breaks: set[int], told: bool) -> list[Draft]:
    """A cue without إنّ or preposition: said before it in quotation marks, or a noun phrase behind the subject."""
    begin, end = words.limits[anchor.first]
    quoted = anchor.first > begin and words[anchor.first - 1].letters in CLOSING_QUOTES | {"،", ","}
    far = min(end, anchor.last + (_FAR if quoted else 8))
    behind = sources.behind(words, anchor.last, far, actors, quoted) if anchor.last < end else None
    before = anchor.first - 1
    comma = before >= begin and words[before].letters in ",،"
    if comma:
        before -= 1
    if anchor.takes("quote") and before >= begin and words[before].letters in CLOSING_QUOTES:
        return _after_quotation(words, anchor, before, behind, end)
    if comma and anchor.takes("quote") and behind and behind.first == anchor.last and anchor.kind == "verb":
        return _parenthesis(words, anchor, behind, begin, end)
    if not anchor.takes("noun"):
        return []
    source = None
    first = anchor.last
    if anchor.kind != "participle":
        head = sources.directly(words, anchor.last, actors)
        source = head or (behind if behind and behind.is_name and behind.label == "PERSON" else None)
        if source:
            first = _behind_adjuncts(words, source.last, end)
        elif not anchor.before:
            source = sources.before(words, anchor.first, actors)
    if source is None and anchor.kind != "participle" and not (told and "و" in anchor.before):
        return []
    if source is None and not _may_drop(words, anchor, first, end):
        return []
    if first >= end or words[first].is_mark and words[first].letters not in OPENING_QUOTES:
        return []
    if words[first].letters in PREPOSITIONS or words[first].letters in THAT | {"عدم"} and anchor.cue.id == "talaba":
        return []
    if words[first].letters in THAT:
        return []
    contents = _content(words, Marker("noun", first, first, words[first].start), breaks)
    return [Draft(anchor, contents, source, "" if source else "implicit")]


def _may_drop(words: Words, anchor: Anchor, first: int, end: int) -> bool:
    """Whether a noun behind the cue can be its object: أعلنت حالة الطوارئ may be passive, and says nobody's words."""
    if anchor.kind == "participle":
        return first < end
    word = words[first].letters if first < end else ""
    feminine = word.endswith(("ة", "ات"))
    return bool(word) and word not in FUNCTION and not (anchor.head.endswith("ت") and feminine)


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
    if left <= begin or after < end and words[after].letters not in ",،" and words[after].letters not in SENTENCE_ENDS:
        return []
    contents = [(words[begin].start, words[left - 1].end)]
    right = trimmed(words, after + 1, end) if after + 1 < end else 0
    if right > after + 1:
        contents.append((words[after + 1].start, words[right - 1].end))
    return [Draft(anchor, contents, source, "")]


def _nominal(words: Words, anchor: Anchor, actors: Spans, breaks: set[int]) -> list[Draft]:
    """A verbal noun with who does it right behind it: تأكيد المجلس أن، إدانة المجلس قصف السوق."""
    source = sources.directly(words, anchor.last, actors)
    if source is None:
        return []
    marker = _marker(words, anchor, source.last + 6)
    if marker is None and anchor.takes("noun"):
        first = source.last
        if first >= words.limits[anchor.first][1] or words[first].is_mark or words[first].letters in FUNCTION:
            return []
        marker = Marker("noun", first, first, words[first].start)
    if marker is None or marker.at < source.last:
        return []
    return [Draft(anchor, _content(words, marker, breaks), source, "")]


def _headline(words: Words, anchor: Anchor, actors: Spans) -> list[Draft]:
    """A colon in the title behind an actor: what stands behind it is said."""
    begin, end = words.limits[anchor.first]
    if begin != 0 or not begin < anchor.first <= begin + _HEADLINE or anchor.last >= end:
        return []
    source = actors.ending(anchor.first)
    if source is None and anchor.last in words.quotations and words[begin].letters not in FUNCTION:
        source = made(words, "CLAIM", "SOURCE", words[begin].start, anchor.first, "office", begin)
    if source and source.label == "STATE" and source.is_name and source.last - source.first == 1:
        return []  # سوريا: is a dateline
    if source is None or source.first > begin and not (source.is_name and source.label == "PERSON"):
        return []
    last = trimmed(words, anchor.last, end)
    return [Draft(anchor, [(words[anchor.last].start, words[last - 1].end)], source, "")] if last > anchor.last else []


def _governing(words: Words, anchor: Anchor, actors: Spans, breaks: set[int], made: list[Draft]) -> list[Draft]:
    """A cue that governs its source. Without one it is none: وفق الخطة."""
    begin, end = words.limits[anchor.first]
    first = anchor.last
    stop = next((i for i in range(first, min(end, first + 12)) if words[i].letters in ",،؛.:"), min(end, first + 12))
    own = anchor.cue.kind == "phrase" and anchor.head.endswith(("ه", "ها", "هم"))
    if anchor.cue.id.startswith("ala-hadd") and words[anchor.last - 1].letters.endswith(("ه", "ها", "هم")):
        source: Found | None = None
        after, own = anchor.last, True
    else:
        own = False
        source = _governed(words, anchor, first, stop, actors)
        if source is None:
            return []
        after = source.last
    status = "implicit" if own else ""
    left = trimmed(words, begin, anchor.first)
    if left <= begin:
        return _initial(words, anchor, source, status, max(after, first), stop, breaks)
    around = next((d for d in made if d.anchor.last <= anchor.first and d.contents and d.contents[0][0] > anchor.end), None)
    if around:
        return [Draft(anchor, list(around.contents), source, status, parent=around)]
    start = next((c.start for c in words[begin].cuts if c.before == "و"), words[begin].start)
    if not any(c.before == "و" and c.start > words[begin].start for c in words[begin].cuts) or begin == 0:
        start = words[begin].start
    return [Draft(anchor, [(start, words[left - 1].end)], source, status)]


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


def _initial(
    words: Words, anchor: Anchor, source: Found | None, status: str, after: int, stop: int, breaks: set[int]
) -> list[Draft]:
    """بحسب X، …: the content is what follows; ف before it stays outside."""
    end = words.limits[anchor.first][1]
    first = after
    if stop < end and words[stop].letters in ",،":
        first = stop + 1
    if first >= end or words[first].is_mark and words[first].letters not in OPENING_QUOTES:
        return []
    start = next((c.start for c in words[first].cuts if c.before == "ف" and c.letters in THAT | {"قد"}), words[first].start)
    last = clause_end(words, first, breaks - {anchor.first})
    return [Draft(anchor, [(start, words[last - 1].end)], source, status)] if last > first else []
