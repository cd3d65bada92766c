"""From what a model says of the windows of a text to one layer of it.

Whatever it says that can't stand in a layer is counted as spurious, by layer and label, relation or claim role, so that
a score counts it as predicted and wrong: words that stand nowhere, labels that the schema does not have, arguments that
lead to nothing, claims with a part that has no place.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from dataset_builder.baselines.llm.form import CLAIM, Answer, ClaimGiven, Quote, SpanGiven
from dataset_builder.baselines.llm.placing import Ground, without
from dataset_builder.baselines.system import digest, made_layer, relation, span
from dataset_builder.model import Claim, Layer, Relation, Span
from dataset_builder.schema import Attribute, Schema
from dataset_builder.text.tokenise import Stretch
from dataset_builder.validation.labels import is_date

#: Roles of a claim, as a score's rows call them.
_ROLES = ("SOURCE", "CUE", "CONTENT")


@dataclass(frozen=True)
class Window:
    """The stretch start … end - 1 of a text that a model sees; what begins before `own` the window before it has."""

    start: int
    own: int
    end: int


@dataclass
class Assembly:
    """What has been put together so far. `spurious` has no place in a layer, `notes` counts what was mended."""

    text: str
    schema: Schema
    spans: dict[tuple[str, str, int, int], Span] = field(default_factory=dict)
    relations: dict[tuple[str, str, str], Relation] = field(default_factory=dict)
    claims: dict[tuple[object, ...], Claim] = field(default_factory=dict)
    spurious: Counter[str] = field(default_factory=Counter)
    notes: Counter[str] = field(default_factory=Counter)

    def add(self, window: Window, answer: Answer) -> None:
        """Take up what was said of a window."""
        ground = Ground(self.text, window.start, window.end)
        self.spurious.update(answer.malformed)
        self.notes["records that can't be read"] += len(answer.malformed)
        made = self._add_spans(window, answer.spans, ground)
        self._add_relations(answer.spans, made)
        self._add_claims(window, answer.claims, ground)

    def layer(self, document: str) -> Layer:
        """All of it, as a layer that validates."""
        claims = linked(list(self.claims.values()), {span.id: span for span in self.spans.values()})
        made = made_layer(
            document, self.text, tuple(self.schema.layers), self.schema, list(self.spans.values()),
            list(self.relations.values()),
        )  # fmt: skip
        return replace(made, claims=tuple(claims), spurious=dict(sorted((+self.spurious).items())))

    def _place(self, quote: Quote, ground: Ground, used: set[Stretch]) -> Stretch | None:
        self.notes["quotes"] += 1
        place = ground.place(quote.text, quote.before, used)
        if place is None:
            self.notes["quotes without a place"] += 1
        elif "…" not in quote.text and self.text[slice(*place)] != quote.text.strip():
            self.notes["quotes that were written otherwise"] += 1
        if place is not None:
            used.add(place)
        return place

    def _keep(self, made: Span) -> Span:
        """The span, or the one of the same layer, label and extent that is there already."""
        return self.spans.setdefault((made.layer, made.label, made.start, made.end), made)

    def _add_spans(self, window: Window, given: Sequence[SpanGiven], ground: Ground) -> list[Span | None]:
        """The span that each record makes; None where it has no place."""
        used: dict[str, set[Stretch]] = {}
        found: list[Span | None] = []
        for each in given:
            place = self._place(each.quote, ground, used.setdefault(each.layer, set()))
            if place is None or not each.label:
                self.notes["unknown labels"] += not each.label
                self.spurious[f"{each.layer}.{each.label}".rstrip(".")] += 1
                found.append(None)
                continue
            attributes = self._attributes(each)
            made = span(each.layer, each.label, place[0], place[1], **attributes)
            if place[0] >= window.own:
                self.notes["repeated"] += (made.layer, made.label, *place) in self.spans
                made = self._keep(made)
            else:  # the window before has this stretch: what it marked there counts
                made = self._marked(each.layer, place) or made
            found.append(made)
        return found

    def _marked(self, layer: str, place: Stretch) -> Span | None:
        return next((s for s in self.spans.values() if s.layer == layer and (s.start, s.end) == place), None)

    def _attributes(self, given: SpanGiven) -> dict[str, str]:
        kept = {}
        for attribute in self.schema.layers[given.layer].attributes:
            value = given.attributes.get(attribute.name, "")
            if value and not _admits(attribute, value):
                self.notes["attributes that can't be"] += 1
                value = ""
            if value := value or attribute.fallback:
                kept[attribute.name] = value
        return kept

    def _add_relations(self, given: Sequence[SpanGiven], made: Sequence[Span | None]) -> None:
        kept = {s.id for s in self.spans.values()}
        found = {each.id: span for each, span in zip(given, made, strict=True)}
        for each, head in zip(given, made, strict=True):
            for label, ends in each.ends.items():
                for end in ends:
                    tail = found.get(end)
                    if head is None or tail is None or tail.layer not in self.schema.relations[label].tail:
                        self.spurious[label] += 1
                    elif {head.id, tail.id} <= kept:
                        self.relations[label, head.id, tail.id] = relation(label, head.id, tail.id)
                    else:
                        self.notes["links into another window that are lost"] += 1

    def _add_claims(self, window: Window, given: Sequence[ClaimGiven], ground: Ground) -> None:
        used: dict[str, set[Stretch]] = {role: set() for role in _ROLES}
        made: dict[str, Claim] = {}
        for each in given:
            claim = self._claim(window, each, ground, used)
            if claim is not None:
                parent, continued = (made.get(each.links.get(link, "")) for link in ("parent", "continues"))
                parent_id, continued_id = parent.id if parent else None, continued.id if continued else None
                made[each.id] = claim = replace(claim, parent=parent_id, continues=continued_id)
                self.claims.setdefault(claim.spans, claim)
        # A parent may be named before it is given.
        for each in given:
            mine, parent = made.get(each.id), made.get(each.links.get("parent", ""))
            if mine and parent and not mine.parent and mine.spans in self.claims:
                kept = self.claims[mine.spans]
                self.claims[mine.spans] = kept if kept.parent else replace(kept, parent=parent.id)

    def _claim(self, window: Window, given: ClaimGiven, ground: Ground, used: dict[str, set[Stretch]]) -> Claim | None:
        """The claim; None where a part of it has no place, which makes the whole of it spurious."""
        quotes = [("SOURCE", given.source), ("CUE", given.cue), *(("CONTENT", quote) for quote in given.content)]
        places = [(r, self._place(q, ground, used[r])) for r, q in quotes if q is not None]
        held = [place for role, place in places if role != "CONTENT" and place]
        content = [p for role, place in places if role == "CONTENT" and place for p in without(place, held, self.text)]
        if any(place is None for _, place in places) or not content:
            self.spurious[CLAIM] += 1
            self.spurious.update(f"{CLAIM}.{role}" for role in dict.fromkeys(role for role, _ in places))
            return None
        of = {role: place for role, place in places if place}
        cue = of.get("CUE")
        if (cue or min(content))[0] < window.own:
            return None  # the window before has it
        source = of.get("SOURCE")
        source_id = self._source(source).id if source else None
        cue_id = self._keep(span(CLAIM, "CUE", *cue)).id if cue else None
        ids = tuple(dict.fromkeys(self._keep(span(CLAIM, "CONTENT", *p)).id for p in sorted(content)))
        return Claim(f"c{digest(source_id, cue_id, *ids)}", source_id, cue_id, ids, **self._values(given))

    def _source(self, place: Stretch) -> Span:
        """The actor of this extent, else a span of its own."""
        return self._marked("ACTOR", place) or self._keep(span(CLAIM, "SOURCE", *place))

    def _values(self, given: ClaimGiven) -> dict[str, str]:
        made = {}
        for name, attribute in self.schema.claim.items():
            value = given.values.get(name, "")
            if not attribute.admits(value):
                self.notes["attributes that can't be"] += bool(value) or not attribute.default
                value = attribute.default or attribute.values[0]
            made[name] = value
        return made


def linked(claims: Sequence[Claim], spans: Mapping[str, Span]) -> list[Claim]:
    """The claims in the order of the text, with what they say of each other made consistent: a claim continues an
    earlier one, an implicit one without a name for it the one just before; a parent's content holds the claim's.
    """
    ordered = sorted(claims, key=lambda c: (min(spans[id].start for id in c.spans), c.id))
    by_id = {claim.id: claim for claim in ordered}
    made: list[Claim] = []
    for claim in ordered:
        earlier = [c.id for c in made]
        continues = claim.continues if claim.continues in earlier else None
        status = claim.source_status
        if claim.source is not None:
            status = "named" if status in ("implicit", "none") else status
        elif continues or (status == "implicit" and earlier):
            status, continues = "implicit", continues or earlier[-1]
        else:
            status = "none"
        parent = by_id.get(claim.parent or "")
        if parent is not None and not _holds(parent, claim, spans, by_id):
            parent = None
        claim = replace(claim, continues=continues, source_status=status, parent=parent.id if parent else None)
        by_id[claim.id] = claim
        made.append(claim)
    return made


def _holds(parent: Claim, claim: Claim, spans: Mapping[str, Span], by_id: Mapping[str, Claim]) -> bool:
    """Whether the claim's content lies in the parent's, and the parent does not lie in the claim by its own links."""
    above: Claim | None = parent
    seen: set[str] = set()
    while above is not None and above.id not in seen:
        seen.add(above.id)
        above = by_id.get(above.parent or "")
    outer = [spans[id] for id in parent.content]
    return claim.id not in seen and all(any(o.covers(spans[id]) for o in outer) for id in claim.content)


def _admits(attribute: Attribute, value: str) -> bool:
    return attribute.admits(value) and (attribute.name != "date" or is_date(value))
