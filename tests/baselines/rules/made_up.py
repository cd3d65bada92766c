"""What `rules` finds in a made-up sentence, in words."""

from __future__ import annotations

from dataset_builder.baselines.rules import Rules
from dataset_builder.model import Claim, Layer
from dataset_builder.schema import Schema
from dataset_builder.validation.labels import check_labels
from dataset_builder.validation.references import LayerFile, check_dangling

SCHEMA = Schema.load()
RULES = Rules(SCHEMA)


def predicted(text: str) -> Layer:
    """The layer of a text, which must be valid whatever was found."""
    layer = RULES.predict("made-up", text)
    file = LayerFile(layer, "made-up", {}, "")
    assert not [i for i in (*check_dangling(file), *check_labels(file, SCHEMA, text)) if i.is_error]
    return layer


def words_of(layer: Layer, text: str, id: str | None) -> str:
    return "-" if id is None else text[layer.span(id).start : layer.span(id).end]


def claims(text: str) -> list[str]:
    """Each claim as source | cue | content."""
    layer = predicted(text)
    return [
        f"{words_of(layer, text, c.source)} | {words_of(layer, text, c.cue)} | "
        + " + ".join(words_of(layer, text, id) for id in c.content)
        for c in layer.claims
    ]


def the_claim(text: str) -> Claim:
    layer = predicted(text)
    assert len(layer.claims) == 1, claims(text)
    return layer.claims[0]


def events(text: str) -> list[str]:
    """Each event as code trigger ROLE=argument …, roles in the order of the alphabet."""
    layer = predicted(text)
    found = []
    for event in layer.of("EVENT"):
        roles = sorted(f"{r.label}={words_of(layer, text, r.tail)}" for r in layer.relations if r.head == event.id)
        found.append(" ".join([event.label, words_of(layer, text, event.id), *roles]))
    return found


def spans(text: str, layer: str) -> list[str]:
    return [f"{s.label} {text[s.start : s.end]}" for s in predicted(text).of(layer)]
