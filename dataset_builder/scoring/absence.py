"""What no prediction has although the gold does: a figure of 0 that says nothing of how well a system finds things.

A system that names a layer and predicts nothing of it, or never fills an attribute, gets a 0 that looks like any other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from dataset_builder.model import Layer
from dataset_builder.schema import Schema
from dataset_builder.scoring.counts import Figure
from dataset_builder.scoring.sides import Pair

#: By task, how many things of each kind a layer has; kinds in the singular, as "no claim is predicted".
_Count = Callable[[Layer, Schema], int]
_THINGS: Mapping[str, Mapping[str, _Count]] = {
    "entities": {
        "actor": lambda layer, _: sum(1 for _ in layer.of("ACTOR")),
        "place": lambda layer, _: sum(1 for _ in layer.of("LOCATION")),
    },
    "events": {"event": lambda layer, _: sum(1 for _ in layer.of("EVENT"))},
    "arguments": {"argument of an event": lambda layer, schema: _arguments(layer, schema)},
    "claims": {"claim": lambda layer, _: len(layer.claims)},
    "frames": {"loaded term": lambda layer, _: sum(1 for _ in layer.of("FRAME"))},
    "linking": {
        "entity id": lambda layer, _: sum("entity" in s.attributes for s in layer.of("ACTOR")),
        "GeoNames id": lambda layer, _: sum("geonames" in s.attributes for s in layer.of("LOCATION")),
    },
}


def _arguments(layer: Layer, schema: Schema) -> int:
    return sum("EVENT" in schema.relations[r.label].head for r in layer.relations)


def nothing_predicted(task: str, main: Figure, pairs: Sequence[Pair], schema: Schema) -> str:
    """Which of a task's kinds of things the gold has and no document's prediction, in a sentence; "" for none.

    `main` is the task's main figure over these documents.
    """
    absent = {}
    for kind, count in _THINGS[task].items():
        gold, predicted = (sum(count(pair.sides[side], schema) for pair in pairs) for side in (0, 1))
        if gold and not predicted:
            absent[kind] = gold
    if not absent:
        return ""
    said = " and ".join(f"no {kind}" for kind in absent) + " is predicted in any document"
    if not main.right and not main.predicted:
        return f"{said}: {task} is 0 for that reason"
    return f"{said}, the gold has {' and '.join(map(str, absent.values()))}: {task} misses them all"
