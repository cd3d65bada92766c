"""Mistakes in arguments: the role, the trigger, the ends, or that two spans are not joined."""

from __future__ import annotations

from typing import Any

from dataset_builder.model import Layer
from dataset_builder.schema import Schema
from dataset_builder.scoring.events import Argument
from dataset_builder.scoring.events import arguments as arguments_of
from dataset_builder.scoring.matching import assign
from dataset_builder.scoring.mistakes.parts import Found, Part, Side, place
from dataset_builder.scoring.sides import Pair


def arguments(pair: Pair, schema: Schema) -> Found:
    roles = [name for name, relation in schema.relations.items() if "EVENT" in relation.head]
    gold, predicted = ({_key(a): a for a in arguments_of(side, roles)} for side in pair.sides)
    missed, extra = (
        [side[key] for key in sorted(side) if key not in other]
        for side, other in ((gold, predicted), (predicted, gold))
    )
    indices = assign(missed, extra, _kinship)
    for i, j in indices:
        yield "classification", _kind(missed[i], extra[j]), _of_argument(missed[i]), _of_argument(extra[j])
    taken, used = {i for i, _ in indices}, {j for _, j in indices}
    for i, argument in enumerate(missed):
        if i not in taken:
            yield "classification", _unfound(argument, pair.predicted, "missed"), _of_argument(argument), None
    for j, argument in enumerate(extra):
        if j not in used:
            yield "classification", _unfound(argument, pair.gold, "spurious"), None, _of_argument(argument)


def _key(argument: Argument) -> tuple[Any, ...]:
    return argument.role, *argument.event, argument.span.start, argument.span.end


def _kinship(gold: Argument, predicted: Argument) -> float:
    """How much two arguments have in common: the event, the place of the argument, the role; 0 where too little."""
    event, extent = gold.event == predicted.event, place(gold.span) == place(predicted.span)
    near_event, near_place = gold.trigger.overlaps(predicted.trigger), gold.span.overlaps(predicted.span)
    role = gold.role == predicted.role
    if not (near_place and (near_event or role)):
        return 0.0
    return 16 * (event and extent) + 8 * event + 4 * extent + 2 * near_event + 1 + role


def _kind(gold: Argument, predicted: Argument) -> str:
    if not gold.trigger.overlaps(predicted.trigger):
        return "other trigger"
    kinds = []
    if gold.event != predicted.event:
        kinds.append("trigger's code" if place(gold.trigger) == place(predicted.trigger) else "trigger's boundary")
    if place(gold.span) != place(predicted.span):
        kinds.append("boundary")
    if gold.role != predicted.role:
        kinds.append("role")
    return " and ".join(kinds)


def _unfound(argument: Argument, other: Layer, kind: str) -> str:
    """Which of its two ends the other side lacks already."""
    if not any(argument.trigger.overlaps(s) for s in other.of("EVENT")):
        return f"{kind}, no such trigger"
    if not any(argument.span.overlaps(s) for s in other.of(argument.span.layer)):
        return f"{kind}, no such {argument.span.layer.lower()}"
    return f"{kind}, not joined"


def _of_argument(argument: Argument) -> Side:
    trigger, span = argument.trigger, argument.span
    label = f"{trigger.label} {argument.role} {span.label}"
    return Side(label, (Part(trigger.label, *place(trigger)), Part(argument.role, *place(span))))
