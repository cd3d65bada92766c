"""The tasks of the benchmark: what each compares, and which figure stands for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from dataset_builder.errors import unknown
from dataset_builder.model import TRIGGERS, Layer, Span
from dataset_builder.schema import Schema
from dataset_builder.scoring.claims import count_claims, in_order
from dataset_builder.scoring.counts import Counts, join
from dataset_builder.scoring.events import count_arguments, count_events
from dataset_builder.scoring.schemes import count_schemes, distinct
from dataset_builder.scoring.sides import Pair, Thing, count
from dataset_builder.voice import voice

ENTITIES = ("ACTOR", "LOCATION")
#: Of what tasks figures say something where a system was told this of the gold.
TOLD = {TRIGGERS: ("arguments",)}


@dataclass(frozen=True)
class Task:
    """What is scored under a name.

    `layers` must have been annotated in the gold, or a document is left out; `main` is the measure whose F1 stands for
    the task; `needs_text` says that offsets alone do not do.
    """

    name: str
    about: str
    layers: tuple[str, ...]
    main: str
    count: Callable[[Sequence[Pair], Schema], Counts]
    needs_text: bool = False


def count_entities(pairs: Sequence[Pair], schema: Schema) -> Counts:
    """The four schemes; "clitic" forgives a proclitic more or less; "flat" has outermost spans only."""
    labels = [f"{layer}.{label}" for layer in ENTITIES for label in schema.layers[layer].names]

    def clitic(pair: Pair, side: Layer) -> Iterator[Thing]:
        for span in distinct(side.spans, ENTITIES):
            yield f"{span.layer}.{span.label}", (pair.at_word(span), span.end)

    def flat(pair: Pair, side: Layer) -> Iterator[Thing]:
        for span in outermost(distinct(side.spans, ENTITIES)):
            yield f"{span.layer}.{span.label}", (span.start, span.end)

    parts = [count_schemes(pairs, ENTITIES, labels)]
    if all(pair.text is not None for pair in pairs):
        parts.append(count("clitic", pairs, labels, clitic))
    return join([*parts, count("flat", pairs, labels, flat)])


def outermost(spans: Sequence[Span]) -> list[Span]:
    """The spans that lie in no longer one, whatever its layer or label.

    >>> places = [(8, 12), (0, 9), (4, 9)]
    >>> [(s.start, s.end) for s in outermost([Span("", "ACTOR", "STATE", *place) for place in places])]
    [(0, 9), (8, 12)]
    """
    found: list[Span] = []
    for each in sorted(spans, key=lambda s: (s.start, -s.end)):
        # Whatever begins earlier and reaches as far is around it; of those the last kept one reaches furthest.
        if not found or each.end > found[-1].end or (each.start, each.end) == (found[-1].start, found[-1].end):
            found.append(each)
    return found


def count_frames(pairs: Sequence[Pair], schema: Schema) -> Counts:
    """Loaded terms with their polarity; with what they colour as well; with whose voice they are in as well."""
    labels = schema.layers["FRAME"].names

    def polarity(pair: Pair, side: Layer) -> Iterator[Thing]:
        for span in side.of("FRAME"):
            yield span.label, (span.start, span.end)

    def target(pair: Pair, side: Layer) -> Iterator[Thing]:
        for span in side.of("FRAME"):
            tails = frozenset((t.layer, t.start, t.end) for t in side.tails(span.id, "ABOUT"))
            yield span.label, (span.start, span.end, tails)

    def voiced(pair: Pair, side: Layer) -> Iterator[Thing]:
        claims = in_order(side)  # a prediction's ids say nothing, so they must not decide between equals
        for span in side.of("FRAME"):
            yield span.label, (span.start, span.end, voice(side, span, pair.text, claims).kind)

    measures = {"polarity": polarity, "target": target, "voice": voiced}
    return join([count(name, pairs, labels, things) for name, things in measures.items()])


def count_links(pairs: Sequence[Pair], schema: Schema) -> Counts:
    """Ids of linked actors and places; "given spans" has only spans that both sides have with the same label."""
    names = {"ACTOR": "entity", "LOCATION": "geonames"}

    def linked(pair: Pair, side: Layer) -> Iterator[Thing]:
        for span in side.spans:
            name = names.get(span.layer)
            if name and (id := span.attributes.get(name)):
                yield name, (span.start, span.end, id)

    def given(pair: Pair, side: Layer) -> Iterator[Thing]:
        shared = set.intersection(*({(s.layer, s.label, s.start, s.end) for s in each.spans} for each in pair.sides))
        for span in side.spans:
            name = names.get(span.layer)
            if name and (span.layer, span.label, span.start, span.end) in shared and (id := span.attributes.get(name)):
                yield name, (span.start, span.end, id)

    kinds = tuple(names.values())
    return join([count("id", pairs, kinds, linked), count("given spans", pairs, kinds, given)])


def _claims(pairs: Sequence[Pair], schema: Schema) -> Counts:
    return count_claims(pairs)


TASKS: dict[str, Task] = {
    task.name: task
    for task in (
        Task("entities", "actors and places with their types", ENTITIES, "strict", count_entities),
        Task("events", "event triggers with their codes", ("EVENT",), "code", count_events),
        Task(
            "arguments", "who did it, to whom, where", ("EVENT", "ACTOR", "LOCATION"), "classification", count_arguments
        ),
        Task("claims", "who says what: source, cue, content", ("CLAIM", "ACTOR"), "soft", _claims, needs_text=True),
        Task("frames", "loaded terms with polarity, target, voice", ("FRAME", "CLAIM"), "polarity", count_frames),
        Task("linking", "entity and GeoNames ids", ENTITIES, "id", count_links),
    )
}


def task(name: str) -> Task:
    """The task of this name; UsageError with a suggestion where there is none."""
    if name not in TASKS:
        raise unknown("task", name, TASKS)
    return TASKS[name]
