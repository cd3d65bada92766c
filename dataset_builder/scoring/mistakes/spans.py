"""Mistakes in single spans: their ends and labels, what a loaded term is about, which id a name has."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from dataset_builder.model import Layer, Span
from dataset_builder.schema import Schema
from dataset_builder.scoring.claims import in_order
from dataset_builder.scoring.mistakes.parts import Found, Part, Side, of_span, place
from dataset_builder.scoring.schemes import Aligned
from dataset_builder.scoring.sides import Pair
from dataset_builder.scoring.tasks import ENTITIES
from dataset_builder.voice import voice

#: The layer whose spans have an attribute that is an id.
LINKED = {"entity": "ACTOR", "geonames": "LOCATION"}
_Link = tuple[str, int, int, str]


def _spans(pair: Pair, layers: Sequence[str], measure: str, label_kind: Callable[[Span, Span], str]) -> Found:
    """Mistakes of spans that must have label and both ends right; `label_kind` names a wrong label."""
    aligned = Aligned.of(pair, layers)
    for gold, predicted in aligned.couples:
        same_place, same_label = (
            (gold.start, gold.end) == (predicted.start, predicted.end),
            gold.label == predicted.label,
        )
        if same_place and same_label:
            continue
        kinds = [] if same_place else ["clitic" if _only_clitic(pair, gold, predicted) else "boundary"]
        kinds += [] if same_label else [label_kind(gold, predicted)]
        yield measure, " and ".join(kinds), of_span(gold), of_span(predicted)
    for gold in aligned.missing:
        yield measure, "nesting" if _nests(gold, aligned.gold, aligned.predicted) else "missed", of_span(gold), None
    for predicted in aligned.spurious:
        kind = "nesting" if _nests(predicted, aligned.predicted, aligned.gold) else "spurious"
        yield measure, kind, None, of_span(predicted)


def _only_clitic(pair: Pair, gold: Span, predicted: Span) -> bool:
    return pair.text is not None and gold.end == predicted.end and pair.at_word(gold) == pair.at_word(predicted)


def _nests(span: Span, own: Sequence[Span], others: Sequence[Span]) -> bool:
    """Whether it lies in or around a span of its own side, and the other side has something there, but not this."""
    inside = any(o is not span and (o.covers(span) or span.covers(o)) for o in own)
    return inside and any(span.overlaps(other) for other in others)


def entities(pair: Pair, schema: Schema) -> Found:
    return _spans(pair, ENTITIES, "strict", lambda gold, predicted: "type")


def events(pair: Pair, schema: Schema) -> Found:
    groups = {label.name: label.group for label in schema.layers["EVENT"].labels}

    def kind(gold: Span, predicted: Span) -> str:
        return "code" if groups[gold.label] == groups[predicted.label] else "group"

    return _spans(pair, ["EVENT"], "code", kind)


def frames(pair: Pair, schema: Schema) -> Found:
    yield from _spans(pair, ["FRAME"], "polarity", lambda gold, predicted: "polarity")
    for gold, predicted in Aligned.of(pair, ["FRAME"]).couples:
        if (gold.label, *place(gold)) != (predicted.label, *place(predicted)):
            continue
        there, found = (_targets(side, span) for side, span in zip(pair.sides, (gold, predicted), strict=True))
        if there != found:
            kind = "no target" if not found else "spurious target" if not there else "other target"
            yield "target", kind, _of_frame(pair.gold, gold), _of_frame(pair.predicted, predicted)
        kinds = [
            voice(side, span, pair.text, in_order(side)).kind
            for side, span in zip(pair.sides, (gold, predicted), strict=True)
        ]
        if kinds[0] != kinds[1]:
            yield "voice", f"{kinds[0]} taken for {kinds[1]}", of_span(gold, kinds[0]), of_span(predicted, kinds[1])


def _targets(layer: Layer, span: Span) -> frozenset[tuple[str, int, int]]:
    return frozenset((t.layer, t.start, t.end) for t in layer.tails(span.id, "ABOUT"))


def _of_frame(layer: Layer, span: Span) -> Side:
    about = tuple(Part("ABOUT", *place(t)) for t in layer.tails(span.id, "ABOUT"))
    return Side(span.label, (Part("FRAME", *place(span)), *about))


def links(pair: Pair, schema: Schema) -> Found:
    gold, predicted = (_linked(side) for side in pair.sides)
    missed, extra = sorted(set(gold) - set(predicted)), sorted(set(predicted) - set(gold))
    for kind, start, end, id in missed:
        other = next((key for key in extra if key[:3] == (kind, start, end)), None)
        if other is not None:
            extra.remove(other)
            yield "id", "wrong id", _of_link(gold, (kind, start, end, id)), _of_link(predicted, other)
            continue
        there = any((s.layer, s.start, s.end) == (LINKED[kind], start, end) for s in pair.predicted.spans)
        yield "id", "not linked" if there else "span missed", _of_link(gold, (kind, start, end, id)), None
    for key in extra:
        there = any((s.layer, s.start, s.end) == (LINKED[key[0]], *key[1:3]) for s in pair.gold.spans)
        yield "id", "linked, though the gold has no id" if there else "spurious span", None, _of_link(predicted, key)


def _linked(layer: Layer) -> dict[_Link, Span]:
    found = {}
    for name, of in LINKED.items():
        for span in layer.of(of):
            if id := span.attributes.get(name):
                found[name, span.start, span.end, id] = span
    return found


def _of_link(links: dict[_Link, Span], key: _Link) -> Side:
    return Side(key[3], (Part(LINKED[key[0]], key[1], key[2]),), links[key].label)
