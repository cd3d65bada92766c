"""AGENT, TARGET and PLACE of an event, by word order, preposition, and what kind of word the trigger is.

A verb has its subject behind it (قصف الجيش البلدة), else before it; a masdar of doing something to somebody has its
object behind it (اعتقال طلاب); whoever dies or flees is TARGET wherever he stands.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dataset_builder.baselines.rules.draft import Draft
from dataset_builder.baselines.rules.found import Found, Spans, outermost
from dataset_builder.baselines.rules.grammar import FUNCTION
from dataset_builder.baselines.rules.words import Words
from dataset_builder.lists import Trigger

#: Most words between a trigger and what stands behind it, and before it.
_FAR, _BACK = 10, 6
_BY = frozenset({"قبل", "يد", "ايدي", "جانب"})
_AGAINST = frozenset({"ضد", "بحق", "علي", "الي", "مع", "من", "ل", "عن", "ب"})
#: Codes of masdars whose object stands behind them, and of verbs whose subject is the one hit or moved.
_OBJECT = frozenset({"AID", "ARREST", "ABDUCTION", "RELEASE", "ATTACK", "INVESTIGATE", "SEXUAL", "SANCTION"})
_MOVED = frozenset({"DISPLACEMENT"})
_BOTH = frozenset({"CLASH", "TALKS", "AGREEMENT"})


@dataclass(frozen=True)
class Scene:
    """What arguments are looked for in."""

    words: Words
    actors: Spans
    places: Spans
    speakers: dict[int, Draft]
    violent: frozenset[str]

    @classmethod
    def of(
        cls, words: Words, actors: Spans, places: Spans, drafts: list[Draft], violent: frozenset[str] = frozenset()
    ) -> Scene:
        """`drafts` are the claims, whose cues may be triggers too; `violent` are codes of violence."""
        speakers = {i: d for d in drafts for i in range(d.anchor.first, d.anchor.last)}
        return cls(words, actors, places, speakers, violent)


def arguments(scene: Scene, found: Found, trigger: Trigger, following: int) -> Iterator[tuple[str, Found]]:
    """Roles and spans; `following` is the word at which the next trigger stands."""
    if (draft := scene.speakers.get(found.first)) is not None:
        yield from _of_claim(scene, draft)
        return
    words, end = scene.words, scene.words.limits[found.first][1]
    stop = min(end, found.last + _FAR, max(following, found.last))
    behind = outermost(scene.actors.between(found.last, _clause(words, found.last, stop)))
    yield from _parties(scene, found, trigger, behind)
    if place := _place(scene, found, end):
        yield "PLACE", place


def _of_claim(scene: Scene, draft: Draft) -> Iterator[tuple[str, Found]]:
    """Who speaks is the agent of a verbal act; who stands between him and the content is addressed or blamed."""
    speaker: Draft | None = draft
    while speaker and speaker.source is None and speaker.continues:
        speaker = speaker.continues
    source = speaker.source if speaker else None
    if source and source.span.layer == "ACTOR":
        yield "AGENT", source
    if not draft.contents or draft.contents[0][0] < draft.anchor.end:
        return
    own = draft.source.last if draft.source and draft.source.first >= draft.anchor.last else draft.anchor.last
    begin = scene.words.starts.get(draft.contents[0][0], own)
    addressed = outermost(scene.actors.between(own, max(own, begin + 1)))
    for each in addressed[:1]:
        yield "TARGET", each


def _parties(scene: Scene, found: Found, trigger: Trigger, behind: list[Found]) -> Iterator[tuple[str, Found]]:
    """Who did it and who was hit: those behind the trigger, and where no agent is among them the subject before it."""
    agent = target = None
    for each in _with_coordinated(scene, behind[:2]):
        role = _role(scene, found, trigger, each, agent)
        if role:
            agent, target = (each, target) if role == "AGENT" else (agent, each)
            yield role, each
    subject = _subject(scene, found, _BACK if trigger.pos == "verb" else _BACK // 2) if agent is None else None
    if subject is not None:
        if not _is_hit(scene, found, trigger, subject):
            yield "AGENT", subject
        elif target is None and (trigger.toll or found.label in _MOVED):
            yield "TARGET", subject


def _role(scene: Scene, found: Found, trigger: Trigger, each: Found, agent: Found | None) -> str:
    """The role of an actor behind a trigger, "" where it has none."""
    words, code, mark = scene.words, found.label, _mark(scene.words, each)
    is_verb = trigger.pos == "verb"
    if mark in _BY:
        return "AGENT"
    if code in _BOTH and mark != "مع" and not is_verb:
        return "AGENT"
    if mark == "بين" or mark in _AGAINST or (each.label == "CIVILIANS" and code in scene.violent):
        return "TARGET"
    if _is_hit(scene, found, trigger, each) or (not is_verb and code in _OBJECT):
        return "TARGET"
    if agent is not None and words.text[each.start - 1] != "و":
        return "TARGET"
    return "AGENT" if each.first - found.last <= (3 if is_verb else 1) else ""


def _is_hit(scene: Scene, found: Found, trigger: Trigger, each: Found) -> bool:
    """Whether whoever stands with the trigger dies or moves by it."""
    if found.label in _MOVED:
        return True
    if trigger.toll:
        return trigger.pos != "verb" or each.label in ("CIVILIANS", "PERSON")
    return each.label == "CIVILIANS" and found.label in scene.violent


def _with_coordinated(scene: Scene, behind: list[Found]) -> list[Found]:
    """The actors, with the one that و joins to the last."""
    if behind and behind[-1].last < len(scene.words):
        joined = scene.actors.beginning(behind[-1].last)
        if joined and scene.words.text[joined.start - 1] == "و" and joined not in behind:
            return [*behind, joined]
    return behind


def _subject(scene: Scene, found: Found, back: int) -> Found | None:
    """The nearest actor before a trigger in its clause, that no preposition governs."""
    begin = scene.words.limits[found.first][0]
    for last in range(found.first, max(begin, found.first - back) - 1, -1):
        each = scene.actors.ending(last)
        if each and each.first >= begin:
            return each if _mark(scene.words, each) not in _AGAINST else None
        if last > begin and scene.words[last - 1].letters in "،,؛:":
            return None
    return None


def _place(scene: Scene, found: Found, end: int) -> Found | None:
    """The first place behind a trigger in its clause, else the nearest before it."""
    words = scene.words
    stop = _clause(words, found.last, min(end, found.last + _FAR))
    behind = [p for p in scene.places.between(found.last, stop) if p.label != "COUNTRY" or _mark(words, p)]
    if behind:
        return behind[0]
    begin = max(words.limits[found.first][0], found.first - _BACK)
    before = scene.places.between(begin, found.first)
    return before[-1] if before else None


def _clause(words: Words, first: int, stop: int) -> int:
    """The first mark that ends a clause between two words, or the second of them."""
    return next((i for i in range(first, stop) if words[i].letters in "،,؛:"), stop)


def _mark(words: Words, each: Found) -> str:
    """The preposition before an argument, attached or not; "" where there is none."""
    cut = next((c for c in words[each.first].cuts if c.start == each.start), None)
    if cut and cut.before.strip("وف"):
        return cut.before[-1]
    word = words[each.first - 1].letters if each.first else ""
    return word if word in FUNCTION or word in _BY or word == "بين" else ""
