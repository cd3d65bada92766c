"""CLAIM: each cue with its complement, its source and its content, by the word order of Arabic news.

A verb (قال) has its subject behind it, else before it, else drops it; its content begins at إنّ, a quotation mark or
the preposition that it governs. A participle (مضيفاً) goes on from the claim before. A preposition (بحسب) governs its
source, and its content is the rest of the sentence. نقلت A عن B قوله makes two claims, one in the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dataset_builder.baselines.rules import sources
from dataset_builder.baselines.rules.bare import bare
from dataset_builder.baselines.rules.complements import (
    FAR,
    PREPOSITION_OF,
    Marker,
    breaks_of,
    content_at,
    marker_of,
    that_in,
)
from dataset_builder.baselines.rules.contents import form_of
from dataset_builder.baselines.rules.cues import Anchor, CueFinder
from dataset_builder.baselines.rules.draft import Draft, joined
from dataset_builder.baselines.rules.found import Spans
from dataset_builder.baselines.rules.governing import governing, headline
from dataset_builder.baselines.rules.grammar import FUNCTION, NEGATION
from dataset_builder.baselines.rules.words import Words
from dataset_builder.lists import Cue

#: The outlet's own voice: يشار إلى، يذكر أن.
_OUTLET = frozenset({"يشار", "يذكر", "يجدر", "تجدر"})
#: Forms that are passive where no subject stands.
_PASSIVE = frozenset({"يعتقد", "يتوقع", "يشتبه", "قيل", "افيد", "يقال", "يظن", "يشاع", "ذكر", "اعلن"})
_ANNOUNCED = {
    "رفض": "reject",
    "ترحيب": "support",
    "ادان": "condemn",
    "مسوولي": "claim_responsibility",
    "تاييد": "support",
}


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
            breaks = breaks_of(words, anchors)
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
            return [] if made else headline(words, anchor, actors)
        if anchor.governs:
            return governing(words, anchor, actors, breaks, made)
        if anchor.cue.id in ("naqala", "naqilan") and (relayed := self._relayed(words, anchor, actors, breaks)):
            return relayed
        if anchor.kind == "noun":
            return _nominal(words, anchor, actors, breaks)
        return _verbal(words, anchor, actors, breaks, told or bool(made))

    def _relayed(self, words: Words, anchor: Anchor, actors: Spans, breaks: set[int]) -> list[Draft]:
        """نقلت A عن B قوله إن: who relays, and inside it who said it; without قوله the inner cue is عن."""
        most = min(words.limits[anchor.first][1], anchor.last + FAR)
        an = next((i for i in range(anchor.last, most) if words[i].letters == "عن"), None)
        if an is None or an + 1 >= most:
            return []
        outer_source = sources.behind(words, anchor.last, an, actors) or sources.before(words, anchor.first, actors)
        inner_cue, marker = None, None
        for at in range(an + 1, most):
            said = self._cues.find(words, at)
            if said and said.kind == "noun" and not said.before:
                inner_cue, marker = said, marker_of(words, said, most)
                if marker is None and said.takes("noun") and said.last < most:
                    marker = Marker("noun", said.last, said.last, words[said.last].start)
                break
            if (that := that_in(words, at)) is not None:
                marker = Marker("that", at, at, that)
                break
        if marker is None:
            return []
        inner_source = sources.behind(words, an + 1, inner_cue.first if inner_cue else marker.at, actors, True)
        contents = content_at(words, marker, breaks)
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
    if anchor.head != words[anchor.first].letters and "believe" in anchor.cue.acts and _is_negated(words, anchor):
        return "believe"
    return anchor.cue.acts[0]


def _is_negated(words: Words, anchor: Anchor) -> bool:
    return any(cut.letters in NEGATION for cut in words[anchor.first].cuts)


def _verbal(words: Words, anchor: Anchor, actors: Spans, breaks: set[int], told: bool) -> list[Draft]:
    """A verb or participle: what it says, and its subject behind it, before it, or dropped."""
    end = words.limits[anchor.first][1]
    marker = marker_of(words, anchor, end)
    if marker is None:
        return bare(words, anchor, actors, breaks, told)
    if anchor.head in _OUTLET and marker.at - anchor.last < 2:
        return []
    if marker.kind == "that" and anchor.takes("noun") and _has_object(words, anchor, marker, actors):
        return bare(words, anchor, actors, breaks, told)
    contents = content_at(words, marker, breaks)
    behind_preposition = marker.kind == "that" and words[marker.at - 1].letters in PREPOSITION_OF.values()
    stop = marker.at - behind_preposition
    source, status = None, "implicit"
    if anchor.kind != "participle":
        wide = marker.kind != "preposition"
        source = sources.behind(words, anchor.last, stop, actors, wide) if stop > anchor.last else None
        if source is None and not anchor.before:
            source = sources.before(words, anchor.first, actors)
        if source is not None:
            status = ""
        elif not told or (anchor.head in _PASSIVE and not anchor.before):
            status = "none"
    if marker.kind == "preposition" and source is None and stop - anchor.last > 4 and not told:
        return []
    return [Draft(anchor, contents, source, status)]


def _has_object(words: Words, anchor: Anchor, marker: Marker, actors: Spans) -> bool:
    """Whether a noun behind the subject is what the cue governs, and إنّ further on belongs to that noun's clause."""
    head = sources.directly(words, anchor.last, actors) if anchor.last < marker.at else None
    if head is None or (not head.is_name and words[head.first].letters[:2] != "ال"):
        return head is None and marker.at - anchor.last > 6
    if head.last >= marker.at or words[head.last].is_mark:
        return False
    behind = words[head.last]
    known = actors.beginning(head.last)
    return known is None and not any(c.letters in FUNCTION or c.before.endswith("ل") for c in behind.cuts)


def _nominal(words: Words, anchor: Anchor, actors: Spans, breaks: set[int]) -> list[Draft]:
    """A verbal noun with who does it right behind it: تأكيد المجلس أن، إدانة المجلس قصف السوق."""
    source = sources.directly(words, anchor.last, actors)
    if source is None:
        return []
    marker = marker_of(words, anchor, source.last + 6)
    if marker is None and anchor.takes("noun"):
        first = source.last
        if first >= words.limits[anchor.first][1] or words[first].is_mark or words[first].letters in FUNCTION:
            return []
        marker = Marker("noun", first, first, words[first].start)
    if marker is None or marker.at < source.last:
        return []
    return [Draft(anchor, content_at(words, marker, breaks), source, "")]
