"""Small layers to score: spans over one text, written as (label, start, end)."""

from __future__ import annotations

from collections.abc import Sequence

from dataset_builder.model import Claim, Layer, Relation, Span
from dataset_builder.schema import Schema
from dataset_builder.scoring.sides import Pair

SCHEMA = Schema.load()
ALL = tuple(SCHEMA.layers)
#: Ten words of four letters: word n stands at 5n to 5n + 4.
TEXT = " ".join(["كلمة"] * 10)


def span(layer: str, label: str, start: int, end: int, **attributes: str) -> Span:
    return Span(f"{layer}{label}{start}-{end}", layer, label, start, end, attributes)


def layer(
    *spans: Span, relations: Sequence[Relation] = (), claims: Sequence[Claim] = (), document: str = "d1"
) -> Layer:
    return Layer(document, SCHEMA.version, len(TEXT), "", ALL, spans, tuple(relations), tuple(claims))


def pair(gold: Layer, predicted: Layer, event: str = "") -> Pair:
    return Pair(gold, predicted, TEXT, event)


def actors(*places: tuple[str, int, int], document: str = "d1") -> Layer:
    return layer(*(span("ACTOR", *place) for place in places), document=document)
