"""Texts and manifest records for tests, drawn at random so that no two stretches are alike."""

from __future__ import annotations

import hashlib
import random

from dataset_builder.anchoring import folded_sha256, make_windows
from dataset_builder.model import Document, Layer, Span


def words(seed: int, count: int) -> str:
    rng = random.Random(seed)
    return " ".join("".join(rng.choices("ابتثجحخدرسشصعفقكلمنهوي", k=rng.randint(3, 8))) for _ in range(count))


def article(seed: int, title: int = 8, body: int = 120) -> str:
    """A title of `title` words and a body of `body`."""
    return f"{words(seed, title)}\n{words(seed + 10_000, body)}"


def record(document_id: str, text: str) -> Document:
    return Document(
        document_id,
        "test",
        "referenced",
        "",
        hashlib.sha256(text.encode()).hexdigest(),
        len(text),
        "test",
        "utf-8",
        folded_sha256=folded_sha256(text),
        windows=make_windows(document_id, text),
    )


def layer_of(document: Document, text: str, *places: tuple[int, int]) -> Layer:
    """A layer with one span for each (start, end), with ids s0, s1, …"""
    spans = tuple(Span(f"s{n}", "ACTOR", "STATE", a, b, text=text[a:b]) for n, (a, b) in enumerate(places))
    return Layer(document.id, "1.0", len(text), document.sha256, ("ACTOR",), spans=spans)
