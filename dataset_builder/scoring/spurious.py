"""What a system said and that stands nowhere in the text: predicted, and wrong.

A generative system may quote words that the text does not have. They have no offsets, so no span can stand for them;
left out, they would raise precision unseen. A prediction carries them as counts by name instead, in `Layer.spurious`:

- `ACTOR.STATE`: a span of that layer and label; `ACTOR` alone: a span without a label that the schema has;
- `AGENT`: a relation with an end that has no place;
- `CLAIM`: a claim of which a part has no place; `CLAIM.SOURCE`, `CLAIM.CUE`, `CLAIM.CONTENT`: the roles that it filled.

They count as predicted in every measure that they are things of. Conditional measures, nesting and linking stay as they
are: whether their condition holds of a thing without a place can't be said.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from dataset_builder.schema import Schema
from dataset_builder.scoring.counts import PREDICTED, Counts
from dataset_builder.scoring.sides import Pair

_ROLES = ("SOURCE", "CUE", "CONTENT")
#: Measures of each task of which a spurious thing is a thing.
_MEASURES = {
    "entities": ("strict", "exact", "partial", "type", "clitic", "flat"),
    "events": ("code", "group", "identification"),
    "arguments": ("classification", "identification", "overlap"),
    "claims": ("soft", "strict", "roles exact", "roles by words", "content and actor"),
    "frames": ("polarity", "target", "voice"),
}


def with_spurious(counts: Counts, task: str, pairs: Sequence[Pair], schema: Schema) -> Counts:
    """The counts of a task with what each prediction says that stands nowhere, as predicted."""
    if not any(pair.predicted.spurious for pair in pairs):
        return counts
    cells = counts.cells.copy()
    for column, (measure, label) in enumerate(counts.rows):
        if measure in _MEASURES.get(task, ()):
            names = _names(task, measure, label, schema)
            for row, pair in enumerate(pairs):
                cells[row, column, PREDICTED] += sum(pair.predicted.spurious.get(name, 0) for name in names)
    return replace(counts, cells=cells)


def names_of(task: str, measure: str, schema: Schema) -> Iterable[str]:
    """The names whose counts a measure of a task has in its row of all labels; none where they are no things of it."""
    return _names(task, measure, "", schema) if measure in _MEASURES.get(task, ()) else ()


def _names(task: str, measure: str, label: str, schema: Schema) -> Iterable[str]:
    """The names that count in a row; the row of all labels has those without a label too."""
    match task, measure:
        case "entities", _:
            return [label] if label else [*_all("ACTOR", schema), *_all("LOCATION", schema)]
        case "events", "group" if label:
            return [f"EVENT.{code}" for code in schema.event_groups[label]]
        case "events", "code" if label:
            return [f"EVENT.{label}"]
        case "events", _:
            return _all("EVENT", schema)
        case "arguments", "identification":
            return _arguments(schema)
        case "arguments", _:
            return [label] if label else _arguments(schema)
        case "claims", "roles exact" | "roles by words":
            return [f"CLAIM.{label}"] if label else [f"CLAIM.{role}" for role in _ROLES]
        case "claims", _:
            return ["CLAIM"]
        case _:
            return [f"FRAME.{label}"] if label else _all("FRAME", schema)


def _all(layer: str, schema: Schema) -> list[str]:
    return [layer, *(f"{layer}.{label}" for label in schema.layers[layer].names)]


def _arguments(schema: Schema) -> list[str]:
    return [name for name, relation in schema.relations.items() if "EVENT" in relation.head]


def unknown_names(spurious: Mapping[str, int], schema: Schema) -> list[str]:
    """The names that no row has.

    >>> unknown_names({"ACTOR": 1, "ACTOR.STATE": 1, "AGENT": 2, "CLAIM.CUE": 1, "ACTOR.KING": 1}, Schema.load())
    ['ACTOR.KING']
    """
    known = {name for layer in schema.layers for name in _all(layer, schema)} | set(schema.relations)
    return [name for name in spurious if name not in known]
