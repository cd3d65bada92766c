"""EVENT: triggers of the lexicon, the code by the words around them, and arguments by word order and preposition."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from dataset_builder.baselines.rules.arguments import Scene, arguments
from dataset_builder.baselines.rules.found import Found, made
from dataset_builder.baselines.rules.grammar import NEGATION, TIME
from dataset_builder.baselines.rules.morphology import noun, verb
from dataset_builder.baselines.rules.phrases import Match, Phrases
from dataset_builder.baselines.rules.words import Words, letters_of
from dataset_builder.lists import Trigger

#: Words to each side of a trigger in which its code is looked for.
_NEAR = 12
_FUTURE = frozenset({"سوف", "لن"})
#: Words before a trigger that make it something wished for or feared, not done.
_HYPOTHETICAL = frozenset({"ان", "ل", "الي", "لوقف", "بوقف", "وقف", "ضرورة", "احتمال", "محاولة", "دون", "خطر", "منع"})


@dataclass(frozen=True)
class Event:
    """A trigger with what the lexicon knows of it, and its arguments by role."""

    found: Found
    trigger: Trigger
    arguments: tuple[tuple[str, Found], ...] = ()

    @property
    def code(self) -> str:
        return self.found.label


class Events:
    """Finds events. `violent` are the codes beside which words of death are no events of their own."""

    def __init__(self, triggers: Iterable[Trigger], violent: frozenset[str]) -> None:
        kept = sorted(triggers, key=lambda t: (t.pos != "phrase", t.id))
        self._phrases = Phrases(entry for trigger in kept for entry in _forms(trigger))
        self._violent = violent
        self._stems = {stem: letters_of(stem) for t in kept for stem in _context(t)}

    def words(self) -> frozenset[str]:
        """Every single-word form, to tell triggers from names."""
        return frozenset(self._phrases.single())

    def find(self, scene: Scene) -> list[Event]:
        """All events of a text with their arguments."""
        words, actors, places = scene.words, scene.actors, scene.places
        named = {i for f in actors.all if f.is_name or f.number in ("office", "outlet") for i in range(f.first, f.last)}
        named |= {i for f in places.all for i in range(f.first, f.last)}
        found: list[Event] = []
        for begin, end in words.sentences:
            matches = [m for m in self._phrases.within(words, begin, end) if self._counts(words, m, named)]
            events = [self._coded(words, m) for m in matches]
            deadly = any(e.code in self._violent and not e.trigger.toll for e in events)
            events = [e for e in events if not (e.trigger.toll and deadly)]
            starts = [e.found.first for e in events]
            for event in events:
                following = min((s for s in starts if s >= event.found.last), default=end)
                roles = tuple(arguments(scene, event.found, event.trigger, following))
                found.append(self._by_agent(replace(event, arguments=roles)))
        return found

    def _counts(self, words: Words, match: Match[Trigger], named: set[int]) -> bool:
        trigger = match.value
        if match.first in named and match.last - match.first == 1:
            return False
        letters = words[match.first].letters
        if trigger.pos == "verb" and match.last - match.first == 1 and letters in TIME:
            return False
        if trigger.pos in ("verb", "participle") and match.before.strip("وفسل"):
            return False
        if match.before.strip("وفبلكس"):
            return False
        if trigger.needs and not self._near(words, match, trigger.needs):
            return False
        return not (trigger.unless and self._near(words, match, trigger.unless, 1))

    def _near(self, words: Words, match: Match[Trigger], stems: Sequence[str], far: int = _NEAR) -> bool:
        """Whether a word near by in the sentence begins with one of the stems, proclitics and article aside."""
        begin, end = words.limits[match.first]
        begin, end = max(begin, match.first - far), min(end, match.last + far)
        wanted = tuple(self._stems[stem] for stem in stems)
        return any(
            cut.letters.startswith(wanted) or cut.letters.removeprefix("ال").startswith(wanted)
            for i in range(begin, end)
            if not match.first <= i < match.last
            for cut in words[i].cuts
        )

    def _coded(self, words: Words, match: Match[Trigger]) -> Event:
        trigger = match.value
        code = next((v.code for v in trigger.variants if v.near and self._near(words, match, v.near)), trigger.code)
        status = _status(words, match)
        return Event(made(words, "EVENT", code, match.start, match.last, first=match.first, status=status), trigger)

    def _by_agent(self, event: Event) -> Event:
        """The code that depends on who did it."""
        agents = [f.label for role, f in event.arguments if role == "AGENT"]
        for variant in event.trigger.variants:
            if variant.agents and agents and agents[0] in variant.agents:
                found = event.found
                span = replace(found.span, label=variant.code)
                return replace(event, found=replace(found, span=span))
        return event


def _forms(trigger: Trigger) -> Iterator[tuple[tuple[str, ...], Trigger]]:
    for form in trigger.forms:
        first, *rest = form.split()
        tail = tuple(letters_of(word) for word in rest)
        inflect = verb if trigger.pos == "verb" else noun
        bare = trigger.pos == "participle" or (form.startswith("ال") and not rest)
        for each in sorted({letters_of(first)} if bare else inflect(first) | {letters_of(first)}):
            yield (each, *tail), trigger
            if rest and trigger.pos == "phrase" and each.startswith("ال") and not tail[0].startswith("ال"):
                yield (each, f"ال{tail[0]}", *tail[1:]), trigger


def _context(trigger: Trigger) -> Iterator[str]:
    yield from (*trigger.needs, *trigger.unless, *(word for v in trigger.variants for word in v.near))


def _status(words: Words, match: Match[Trigger]) -> str:
    begin = words.limits[match.first][0]
    before = [c.letters for w in words.all[max(begin, match.first - 2) : match.first] for c in w.cuts]
    if any(word in NEGATION or word == "عدم" for word in before[-3:]):
        return "negated"
    if "س" in match.before or any(word in _FUTURE for word in before):
        return "planned"
    if match.before.endswith("ل") or any(word in _HYPOTHETICAL for word in before[-3:]):
        return "hypothetical"
    return "occurred"
