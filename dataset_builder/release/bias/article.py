"""One document as the audit sees it: who its actors and speakers are, and what happens in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from dataset_builder.corpus import INCLUDED_SOURCE
from dataset_builder.model import Claim, Document, Layer, Span
from dataset_builder.release.bias.figure import ALL
from dataset_builder.release.bias.terms import Terms
from dataset_builder.release.entries import Entry
from dataset_builder.text.characters import is_word
from dataset_builder.text.tokenise import tokens
from dataset_builder.voice import asserting, source_actor

#: What begins the side of who has none.
NO_SIDE = "no side"
UNCLEAR = f"{NO_SIDE}: not clear on that date"
NO_SOURCE = "no source given"
NO_ACTOR = "no actor"
NO_AGENT = "no agent"
UNRESOLVED = "dropped subject, not resolved"


def is_side(side: str) -> bool:
    """Whether this is a side of the conflict, and not a word on why there is none.

    >>> is_side("opposition"), is_side("no side: CIVILIANS"), is_side(NO_SOURCE)
    (True, False, False)
    """
    return not side.startswith(NO_SIDE) and side not in (NO_SOURCE, NO_ACTOR, UNRESOLVED)


@dataclass(frozen=True, slots=True)
class Subject:
    """Who a mention or a source is. `id` is the entity's, or "" where it has none.

    `actor` is what it is counted under: the id, or the role in words. `side` is the entity's on the day of publication,
    or says why there is none.
    """

    id: str
    actor: str
    side: str


@dataclass(frozen=True, slots=True)
class Happening:
    """What the triggers of one incident tell, those that are told as having happened; at least one of these.

    `code` is that of the first violent trigger, or of the first. `agents` and `targets` are the arguments of all its
    triggers, since they stand on the first. `claims` are the innermost claims that its triggers stand in; `is_fact`
    says whether one stands outside all claims.
    """

    incident: str
    triggers: tuple[Span, ...]
    code: str
    is_violent: bool
    agents: tuple[Span, ...]
    targets: tuple[Span, ...]
    is_fact: bool
    claims: tuple[Claim, ...]


class Article:
    """A document of a track with what the audit looks up in it, each computed when first asked for."""

    def __init__(self, entry: Entry, terms: Terms) -> None:
        self.entry, self.terms = entry, terms

    @property
    def document(self) -> Document:
        return self.entry.document

    @property
    def layer(self) -> Layer:
        return self.entry.layer

    @property
    def happens_in(self) -> str:
        """Within what an incident's id says one happening: the cluster of composed documents, else the document.

        The versions of a cluster were annotated together; other documents on the same event number theirs anew.
        """
        return self.document.cluster if self.document.source == INCLUDED_SOURCE else self.document.id

    @property
    def outlet(self) -> str:
        return self.document.outlet or "unknown"

    @property
    def stance(self) -> str:
        return self.entry.outlet.stance if self.entry.outlet else "unknown"

    @property
    def groups(self) -> tuple[str, str]:
        """What the document is counted under on the first axis: its outlet's stance, and all."""
        return ALL, self.stance

    def subject(self, actor: Span) -> Subject:
        """Who an ACTOR span is."""
        return self._subjects[actor.id]

    @cached_property
    def _subjects(self) -> Mapping[str, Subject]:
        return {actor.id: self._subject(actor) for actor in self.layer.of("ACTOR")}

    def _subject(self, actor: Span) -> Subject:
        entity = actor.attributes.get("entity", "")
        sides = self.terms.sides(entity, self.document.published) if entity else ()
        side = sides[0] if len(sides) == 1 else UNCLEAR if sides else f"{NO_SIDE}: {actor.label}"
        return Subject(entity, entity or f"without an id: {actor.label}", side)

    def speaker(self, claim: Claim) -> Subject:
        """Who speaks: the source, the antecedent of a dropped subject, or the actor that a source speaks for."""
        actor = source_actor(self.layer, claim)
        if actor is None:
            why = self._why_none(claim)
            return Subject("", why, why)
        if not self.subject(actor).id and actor.label in self.terms.counted.speaks_for:
            inside = [a for a in self.layer.of("ACTOR") if actor.covers(a) and self.subject(a).id]
            if inside:
                return self.subject(max(inside, key=lambda a: (a.end - a.start, -a.start)))
        return self.subject(actor)

    def _why_none(self, claim: Claim) -> str:
        """Why no actor speaks, told from the claim that a dropped subject goes on from."""
        by_id = {other.id: other for other in self.layer.claims}
        seen = {claim.id}
        while claim.source is None and claim.continues in by_id and claim.continues not in seen:
            seen.add(claim.continues)
            claim = by_id[claim.continues]
        if claim.source is not None:
            return NO_ACTOR
        return UNRESOLVED if claim.source_status == "implicit" else NO_SOURCE

    @cached_property
    def speakers(self) -> Mapping[str, Subject]:
        """The speaker of each claim, by claim id."""
        return {claim.id: self.speaker(claim) for claim in self.layer.claims}

    def asserting(self, span: Span) -> Claim | None:
        """The innermost claim that the span stands in, None in the outlet's own voice."""
        found = asserting(self.layer, span)
        return found[0] if found else None

    @cached_property
    def agents(self) -> Mapping[str, list[Span]]:
        """The agents of each incident, from all of its triggers; one trigger without an incident's id is its own."""
        found: dict[str, list[Span]] = {}
        for trigger in self.layer.of("EVENT"):
            incident = trigger.attributes.get("incident") or trigger.id
            found.setdefault(incident, []).extend(self.entry.arguments.get((trigger.id, "AGENT"), ()))
        return found

    @cached_property
    def happenings(self) -> tuple[Happening, ...]:
        """What is told as having happened, each incident once, in the order of the text."""
        incidents: dict[str, list[Span]] = {}
        for trigger in self.layer.of("EVENT"):
            incidents.setdefault(trigger.attributes.get("incident") or trigger.id, []).append(trigger)
        made = (self._happening(incident, triggers) for incident, triggers in incidents.items())
        return tuple(happening for happening in made if happening is not None)

    def _happening(self, incident: str, triggers: list[Span]) -> Happening | None:
        told = [t for t in triggers if t.attributes.get("status", "occurred") in self.terms.counted.happened]
        if not told:
            return None
        violent = [trigger for trigger in told if self.terms.is_violent(trigger.label)]
        voices = [self.asserting(trigger) for trigger in told]
        return Happening(
            incident,
            tuple(told),
            (violent or told)[0].label,
            bool(violent),
            self._arguments(triggers, "AGENT"),
            self._arguments(triggers, "TARGET"),
            None in voices,
            tuple({claim.id: claim for claim in voices if claim is not None}.values()),
        )

    def _arguments(self, triggers: list[Span], label: str) -> tuple[Span, ...]:
        found = (actor for trigger in triggers for actor in self.entry.arguments.get((trigger.id, label), ()))
        return tuple({actor.id: actor for actor in found}.values())

    @cached_property
    def contents(self) -> tuple[tuple[int, int, Claim], ...]:
        """The content spans with their claims, the innermost first."""
        spans = ((self.layer.span(id), claim) for claim in self.layer.claims for id in claim.content)
        found = [(span.start, span.end, claim) for span, claim in spans]
        return tuple(sorted(found, key=lambda c: (c[1] - c[0], c[2].id)))

    def content_at(self, position: int) -> Claim | None:
        """The innermost claim whose content holds the code point at `position`."""
        return next((claim for start, end, claim in self.contents if start <= position < end), None)

    @cached_property
    def words(self) -> tuple[Claim | None, ...] | None:
        """For each word of the text the claim that it is said in; None where the text is not at hand.

        A word is in a content if its last letter is: proclitics may stand outside, a full stop does not count.
        """
        text = self.entry.text
        if text is None:
            return None
        return tuple(self.content_at(end - 1) for start, end in tokens(text) if is_word(text[start]))
