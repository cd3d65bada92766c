"""Scoring events and their arguments, after Ji & Grishman 2008: a trigger by its extent and code, an argument by its
event, role and extent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from dataset_builder.model import Layer, Span
from dataset_builder.schema import Schema
from dataset_builder.scoring.counts import Counts, join
from dataset_builder.scoring.matching import heaviest
from dataset_builder.scoring.schemes import overlapping
from dataset_builder.scoring.sides import Pair, Thing, count, counted


def count_events(pairs: Sequence[Pair], schema: Schema) -> Counts:
    """Triggers: their codes (main), their groups, and that there is one at all (identification)."""
    codes = schema.layers["EVENT"].names
    group = {label.name: label.group for label in schema.layers["EVENT"].labels}

    def by(label_of: dict[str, str]) -> Callable[[Pair, Layer], Iterator[Thing]]:
        def things(pair: Pair, side: Layer) -> Iterator[Thing]:
            for span in side.of("EVENT"):
                yield label_of[span.label], (span.start, span.end)

        return things

    return join(
        [
            count("code", pairs, codes, by({code: code for code in codes})),
            count("group", pairs, list(schema.event_groups), by(group)),
            count("identification", pairs, ("EVENT",), by(dict.fromkeys(codes, "EVENT"))),
        ]
    )


@dataclass(frozen=True)
class Argument:
    """An actor or place in its role in an event."""

    trigger: Span
    role: str
    span: Span

    @property
    def event(self) -> tuple[str, int, int]:
        return self.trigger.label, self.trigger.start, self.trigger.end


def arguments(layer: Layer, roles: Sequence[str]) -> list[Argument]:
    """All arguments of a layer, in the order of its relations."""
    return [Argument(layer.span(r.head), r.label, layer.span(r.tail)) for r in layer.relations if r.label in roles]


def count_arguments(pairs: Sequence[Pair], schema: Schema) -> Counts:
    """Arguments of predicted events: classification (main), identification without the role, and by overlap.

    "given events" counts only arguments of events that both sides have: what a system does where the trigger is right.
    """
    roles = [name for name, relation in schema.relations.items() if "EVENT" in relation.head]

    def classified(pair: Pair, side: Layer) -> Iterator[Thing]:
        for found in arguments(side, roles):
            yield found.role, (found.event, found.span.start, found.span.end)

    def identified(pair: Pair, side: Layer) -> Iterator[Thing]:
        for found in arguments(side, roles):
            yield "argument", (found.event, found.span.start, found.span.end)

    def given(pair: Pair, side: Layer) -> Iterator[Thing]:
        shared = set.intersection(*({(s.label, s.start, s.end) for s in each.of("EVENT")} for each in pair.sides))
        for found in arguments(side, roles):
            if found.event in shared:
                yield found.role, (found.event, found.span.start, found.span.end)

    return join(
        [
            count("classification", pairs, roles, classified),
            count("identification", pairs, ("argument",), identified),
            count("given events", pairs, roles, given),
            _overlapping(pairs, roles),
        ]
    )


def _overlapping(pairs: Sequence[Pair], roles: Sequence[str]) -> Counts:
    """Like classification, but trigger and argument need only overlap the gold's; one to one."""
    cells = np.zeros((len(pairs), len(roles) + 1, 4))
    for number, pair in enumerate(pairs):
        for row, role in enumerate(roles, 1):
            gold, predicted = ([a for a in arguments(side, roles) if a.role == role] for side in pair.sides)
            near = overlapping([a.span for a in gold], [a.span for a in predicted])
            right = len(heaviest({(i, j): _overlap(gold[i], predicted[j]) for i, j in near}))
            cells[number, row] = right, len(predicted), right, len(gold)
    cells[:, 0] = cells[:, 1:].sum(axis=1)
    return counted("overlap", pairs, roles, cells)


def _overlap(a: Argument, b: Argument) -> float:
    alike = a.trigger.label == b.trigger.label and a.trigger.overlaps(b.trigger) and a.span.overlaps(b.span)
    shared = min(a.span.end, b.span.end) - max(a.span.start, b.span.start)
    return alike * (1 + shared / max(a.span.end - a.span.start, b.span.end - b.span.start))
