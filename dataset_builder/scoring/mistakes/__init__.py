"""What a system gets wrong, by kind: every gold thing that a measure did not count as right, and every predicted one.

A mistake has a gold side, a predicted side, or both where the two belong together. So for each measure the gold sides
are as many as its gold things less the right ones, the predicted sides as many as its predicted things less the right
ones, document by document: the kinds add up to the score. What a prediction has that stands nowhere in the text
(`Layer.spurious`) is a mistake without a place.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from dataset_builder.schema import Schema
from dataset_builder.scoring.mistakes.arguments import arguments
from dataset_builder.scoring.mistakes.claims import claims
from dataset_builder.scoring.mistakes.parts import Found, Mistake, Part, Side
from dataset_builder.scoring.mistakes.spans import entities, events, frames, links
from dataset_builder.scoring.sides import Pair
from dataset_builder.scoring.spurious import names_of

__all__ = ["MEASURES", "MISTAKES", "NOWHERE", "Mistake", "Part", "Side", "find_mistakes"]

#: The kind of what a prediction says and the text does not.
NOWHERE = "stands nowhere"

#: By task, what finds its mistakes: measure, kind, gold side and predicted side.
MISTAKES: dict[str, Callable[[Pair, Schema], Found]] = {
    "entities": entities,
    "events": events,
    "arguments": arguments,
    "claims": claims,
    "frames": frames,
    "linking": links,
}
#: The measures that mistakes add up to, each with the one on whose right things alone it is asked: None for all.
MEASURES: dict[str, dict[str, str | None]] = {
    "entities": {"strict": None},
    "events": {"code": None},
    "arguments": {"classification": None},
    "claims": {"soft": None, "attribution": None, "nesting": None},
    "frames": {"polarity": None, "target": "polarity", "voice": "polarity"},
    "linking": {"id": None},
}


def find_mistakes(pairs: Sequence[Pair], task: str, schema: Schema) -> list[Mistake]:
    """The mistakes of a task on documents that it scores, in the order of documents, measures and text."""
    made = ((pair, each) for pair in pairs for each in (*MISTAKES[task](pair, schema), *_nowhere(pair, task, schema)))
    found = [Mistake(pair.gold.document, task, *each) for pair, each in made]
    measures = list(MEASURES[task])
    documents = {pair.gold.document: number for number, pair in enumerate(pairs)}
    return sorted(found, key=lambda m: (documents[m.document], measures.index(m.measure), m.start, m.kind))


def _nowhere(pair: Pair, task: str, schema: Schema) -> Found:
    """What the system said that has no place; under a measure that is asked of another's right things it is not."""
    for measure, basis in MEASURES[task].items():
        for name in names_of(task, measure, schema) if basis is None else ():
            for _ in range(pair.predicted.spurious.get(name, 0)):
                yield measure, NOWHERE, None, Side(name, (), "is not in the text")
