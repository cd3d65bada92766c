"""Joining spans: arguments of events, what a loaded term is about, the roles of a claim, and every attribute.

One maximum-entropy classifier a question, over where two spans stand to each other and what they are. Candidates are
spans of the same sentence and, for arguments, of the one before.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from dataset_builder.baselines import gazetteers
from dataset_builder.baselines.features import lemma
from dataset_builder.baselines.maxent import MaxEnt
from dataset_builder.baselines.system import Example, relation
from dataset_builder.model import Claim, Layer, Relation, Span
from dataset_builder.schema import Schema
from dataset_builder.text.normalise import fold
from dataset_builder.text.tokenise import sentences

#: Chance from which on two spans are joined; chosen on validation splits.
ENOUGH = 0.35
#: The same for the roles of a claim, of which the likeliest is taken.
_ENOUGH_OF_CLAIM = 0.25
_ABOUT = {"EVENT": ("ACTOR", "LOCATION"), "FRAME": ("ACTOR", "EVENT")}
#: The attribute that links a span of a layer.
_LINKED = {"ACTOR": "entity", "LOCATION": "geonames"}
_CLAIM = ("form", "act", "source_status", "medium")


@dataclass(frozen=True)
class Place:
    """Which sentence each offset of a text is in."""

    text: str
    cuts: Sequence[tuple[int, int]]

    @classmethod
    def of(cls, text: str) -> Place:
        return cls(text, sentences(text))

    def sentence(self, span: Span) -> int:
        return next((i for i, (a, b) in enumerate(self.cuts) if a <= span.start < b), -1)

    def apart(self, head: Span, tail: Span) -> int:
        """Sentences from the tail to the head: 0 in the same one, 1 where the tail is in the one before."""
        return self.sentence(head) - self.sentence(tail)

    def row(self, head: Span, tail: Span, others: Sequence[Span]) -> list[str]:
        """Features of a pair, `others` being all that the tail was chosen from."""
        left, right = (head, tail) if head.start <= tail.start else (tail, head)
        between = self.text[left.end : right.start]
        words = [lemma(word) for word in between.split()]
        side = "after" if head.start <= tail.start else "before"
        nearer = [o for o in others if o is not tail and _gap(head, o) < _gap(head, tail)]
        like = sum(o.layer == tail.layer for o in nearer)
        same_side = sum(o.layer == tail.layer and (o.start >= head.start) == (tail.start >= head.start) for o in nearer)
        verb, preposition = lemma(head_text(self.text, head)), self.preposition(tail)
        apart = self.apart(head, tail)
        row = [
            f"{side} apart={apart}",
            f"{side} words={_size(len(words))}",
            f"{side} like={min(like, 3)} {tail.layer}",
            f"{side} same side={min(same_side, 2)} {tail.layer} {apart}",
            f"nearer={min(len(nearer), 4)}",
            f"in title={self.sentence(tail) == 0} {self.sentence(head) == 0}",
            f"comma={'،' in between} colon={':' in between}",
            f"inside={tail.covers(head)} {head.covers(tail)}",
            f"in longer={any(o.covers(tail) for o in others if o is not tail)}",
        ]
        row += [f"{side} {head.label}>{tail.label}", f"{head.label}>{tail.label}", f"tail={tail.label} {side}"]
        row += [f"head={head.label} {side} {tail.layer} {same_side == 0}"]
        row += [f"preposition={preposition}", f"{side} {preposition} {tail.layer}", f"{preposition} {head.label}"]
        row += [f"verb={verb}", f"{verb} {side} {tail.layer}", f"{verb} {preposition}"]
        row += [f"between={word}" for word in words[:5]] + [f"last={word}" for word in words[-1:]]
        return [*row, f"{side} first={words[0] if words else ''}", f"tail word={lemma(head_text(self.text, tail))}"]

    def preposition(self, span: Span) -> str:
        """What stands before a span: letters of its own word, else the word before."""
        start = span.start
        while start and not self.text[start - 1].isspace():
            start -= 1
        if start < span.start:
            return fold(self.text[start : span.start]).letters + "-"
        before = self.text[max(0, start - 14) : start].split()
        return fold(before[-1]).letters if before else ""


def _size(count: int) -> str:
    return str(count) if count < 4 else "4-6" if count < 7 else "7-12" if count < 13 else "more"


def head_text(text: str, span: Span) -> str:
    return text[span.start : span.end].split()[0] if text[span.start : span.end].strip() else ""


def _gap(a: Span, b: Span) -> int:
    return max(a.start, b.start) - min(a.end, b.end)


class Linker:
    """Learns how the spans of gold layers are joined, and joins predicted ones."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self.relations: dict[str, MaxEnt] = defaultdict(MaxEnt)
        self.attributes: dict[str, MaxEnt] = defaultdict(MaxEnt)
        self.entities: dict[str, str] = {}

    def fit(self, examples: Sequence[Example]) -> None:
        data: dict[str, list[tuple[list[str], str]]] = defaultdict(list)
        values: dict[str, list[tuple[list[str], str]]] = defaultdict(list)
        names: dict[str, Counter[str]] = defaultdict(Counter)
        for example in examples:
            place = Place.of(example.text)
            for question, row, label in _pairs(example.layer, place):
                data[question].append((row, label))
            for question, row, label in self._values(example.layer, place):
                values[question].append((row, label))
            for each in example.layer.spans:
                if kind := _LINKED.get(each.layer):
                    names[_key(example.text, each)][each.attributes.get(kind, "")] += 1
        for target, learned in ((self.relations, data), (self.attributes, values)):
            for question, items in learned.items():
                target[question].fit([row for row, _ in items], [label for _, label in items])
        self.entities = {name: ids.most_common(1)[0][0] for name, ids in names.items()}

    def _values(self, layer: Layer, place: Place) -> Iterator[tuple[str, list[str], str]]:
        for span in layer.spans:
            for attribute in self._choices(span):
                if value := span.attributes.get(attribute):
                    yield f"{span.layer} {attribute}", _span_row(span, place), value
        for claim in layer.claims:
            row = _claim_row(claim, layer, place)
            for name in _CLAIM:
                yield f"CLAIM {name}", row, getattr(claim, name)

    def _choices(self, span: Span) -> list[str]:
        """Attributes of a span that are one of a few values."""
        return [a.name for a in self.schema.layers[span.layer].attributes if a.values]

    def joined(self, layer: Layer, text: str) -> Layer:
        """The layer with attributes, relations and claims."""
        place = Place.of(text)
        layer = replace(layer, spans=tuple(self._with_values(span, place) for span in layer.spans))
        relations = tuple(self._arrows(layer, place))
        layer = replace(layer, relations=relations)
        return self._with_claims(layer, place)

    def _with_values(self, span: Span, place: Place) -> Span:
        values = {
            name: self.attributes[f"{span.layer} {name}"].label(_span_row(span, place)) for name in self._choices(span)
        }
        if (kind := _LINKED.get(span.layer)) and (id := self._linked(span, place)):
            values[kind] = id
        return replace(span, attributes={k: v for k, v in {**span.attributes, **values}.items() if v})

    def _linked(self, span: Span, place: Place) -> str:
        """What training linked the name to most often, if it had it; else, for a place or country, GeoNames' id."""
        key = _key(place.text, span)
        if key in self.entities or span.label not in ("COUNTRY", "POPULATED_PLACE"):
            return self.entities.get(key, "")
        return gazetteers.geonames().get(gazetteers.folded(place.text[span.start : span.end].split()), "")

    def _arrows(self, layer: Layer, place: Place) -> Iterator[Relation]:
        for head in layer.spans:
            if head.layer not in _ABOUT:
                continue
            candidates = _candidates(head, layer, place)
            rated: dict[str, list[tuple[float, Span]]] = defaultdict(list)
            for tail in candidates:
                row = place.row(head, tail, candidates)
                labels = [name for name in self._labels(head.layer) if tail.layer in self.schema.relations[name].tail]
                chances = [(self.relations[head.layer].chance(row, label), label) for label in labels]
                chance, label = max(chances, default=(0.0, ""))
                if chance >= ENOUGH:
                    rated[label].append((chance, tail))
            for label, found in rated.items():
                for _, tail in sorted(found, key=lambda each: -each[0])[:2]:
                    yield relation(label, head.id, tail.id)

    def _labels(self, head: str) -> list[str]:
        return [name for name, relation in self.schema.relations.items() if head in relation.head]

    def _with_claims(self, layer: Layer, place: Place) -> Layer:
        """A claim a cue: the content and the source that most likely belong to it; one without content is dropped."""
        cues = [s for s in layer.of("CLAIM") if s.label == "CUE"]
        claims: list[Claim] = []
        for cue in cues:
            content = self._best("content", cue, [s for s in _contents(layer) if not s.overlaps(cue)], place)
            if content is None:
                continue
            source = self._best(
                "source", cue, [s for s in _sources(layer) if not (s.overlaps(content) or s.overlaps(cue))], place
            )
            claims.append(
                Claim(
                    f"c{cue.id[1:]}", source.id if source else None, cue.id, (content.id,), "indirect", "say", "named"
                )
            )
        made: list[Claim] = []
        for claim in claims:
            chosen = {n: self.attributes[f"CLAIM {n}"].label(_claim_row(claim, layer, place)) for n in _CLAIM}
            last = made[-1].id if made else None
            if claim.source is None:
                implicit = last is not None
                chosen["source_status"] = "implicit" if implicit else "none"
                claim = replace(claim, continues=last)
            elif chosen["source_status"] in ("implicit", "none"):
                chosen["source_status"] = "named"
            made.append(replace(claim, **chosen))  # type: ignore[arg-type]
        used = {id for claim in made for id in claim.spans}
        spans = tuple(s for s in layer.spans if s.layer != "CLAIM" or s.id in used)
        return replace(layer, spans=spans, claims=tuple(_nested(made, layer)))

    def _best(self, role: str, cue: Span, candidates: Sequence[Span], place: Place) -> Span | None:
        near = [s for s in candidates if place.apart(cue, s) == 0]
        rated = [(self.relations[role].chance(place.row(cue, s, near), "yes"), s) for s in near]
        best = max(rated, key=lambda r: r[0], default=(0.0, None))
        return best[1] if best[0] >= _ENOUGH_OF_CLAIM else None

    def state(self) -> dict[str, Any]:
        return {
            "relations": {name: model.state() for name, model in self.relations.items()},
            "attributes": {name: model.state() for name, model in self.attributes.items()},
            "entities": self.entities,
        }

    def restore(self, state: dict[str, Any]) -> None:
        for target, kept in ((self.relations, state["relations"]), (self.attributes, state["attributes"])):
            for name, model in kept.items():
                target[name].restore(model)
        self.entities = state["entities"]


def _name(text: str, span: Span) -> str:
    return fold(text[span.start : span.end]).letters


def _key(text: str, span: Span) -> str:
    return f"{span.layer} {_name(text, span)}"


def _contents(layer: Layer) -> list[Span]:
    return [s for s in layer.of("CLAIM") if s.label == "CONTENT"]


def _sources(layer: Layer) -> list[Span]:
    return [s for s in layer.spans if s.layer == "ACTOR" or (s.layer, s.label) == ("CLAIM", "SOURCE")]


def _candidates(head: Span, layer: Layer, place: Place) -> list[Span]:
    return [
        s for s in layer.spans if s.layer in _ABOUT[head.layer] and place.apart(head, s) in (0, 1) and s is not head
    ]


def _pairs(layer: Layer, place: Place) -> Iterator[tuple[str, list[str], str]]:
    """Training pairs: for relations by head layer, for claims by role."""
    arrows = {(r.head, r.tail): r.label for r in layer.relations}
    for head in layer.spans:
        if head.layer in _ABOUT:
            candidates = _candidates(head, layer, place)
            for tail in candidates:
                yield head.layer, place.row(head, tail, candidates), arrows.get((head.id, tail.id), "-")
    for claim in layer.claims:
        if claim.cue is None:
            continue
        cue = layer.span(claim.cue)
        for role, candidates, right in (
            ("content", _contents(layer), set(claim.content)),
            ("source", _sources(layer), {claim.source}),
        ):
            near = [s for s in candidates if place.apart(cue, s) == 0]
            for each in near:
                yield role, place.row(cue, each, near), "yes" if each.id in right else "no"


def _span_row(span: Span, place: Place) -> list[str]:
    words = [fold(word).letters for word in place.text[span.start : span.end].split()]
    before = [fold(w).letters for w in place.text[max(0, span.start - 25) : span.start].split()[-2:]]
    row = [f"label={span.label}", f"words={min(len(words), 4)}", f"first={words[0] if words else ''}"]
    row += [f"article={place.text[span.start : span.end].startswith('ال')}", f"all={' '.join(words)}"]
    return row + [f"before={word}" for word in before]


def _claim_row(claim: Claim, layer: Layer, place: Place) -> list[str]:
    content = layer.span(claim.content[0])
    source = layer.span(claim.source) if claim.source else None
    row = [f"source={source.label if source else ''}", f"first={fold(head_text(place.text, content)).letters}"]
    if source:
        row.append(f"mention={source.attributes.get('mention', '')}")
    if claim.cue:
        cue = layer.span(claim.cue)
        row += [f"cue={_name(place.text, cue)}", f"cue end={_name(place.text, cue)[-3:]}"]
        around = place.text[cue.end : cue.end + 60]
        row += [f"near={fold(word).letters}" for word in around.split()[:6]]
    quotes = sum(place.text[content.start : content.end].count(mark) for mark in '"«»“”')
    begins = place.text[content.start] in '"«“'
    return [*row, f"quotes={min(quotes, 2)}", f"begins quoted={begins}"]


def _nested(claims: Sequence[Claim], layer: Layer) -> list[Claim]:
    """Each claim with the one of the shortest content that holds its cue and content as its parent."""
    content = {claim.id: layer.span(claim.content[0]) for claim in claims}
    made = []
    for claim in claims:
        parts = [content[claim.id], layer.span(claim.cue or claim.content[0])]
        around = [o for o in claims if o is not claim and all(content[o.id].covers(part) for part in parts)]
        # Two claims with the same content would each lie in the other.
        around = [o for o in around if not content[claim.id].covers(content[o.id])]
        closest = min(around, key=lambda o: (content[o.id].end - content[o.id].start, o.id), default=None)
        made.append(replace(claim, parent=closest.id) if closest else claim)
    return made
