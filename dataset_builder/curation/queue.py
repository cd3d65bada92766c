"""What to annotate next: the least annotated documents, those that a system doubts most, those that two dispute.

A document that a system has learned from says nothing of what the system does not know, so it is kept out of the last
two orders. All three are orders of documents; none says how much a new annotation will be worth.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from dataset_builder.corpus import Corpus, sha256
from dataset_builder.model import Document, Layer

#: Two passes and a decision between them is what a document gets; one that has them does not wait.
PASSES = 2


@dataclass(frozen=True, slots=True)
class Waiting:
    """A document that could be annotated, with what it has: passes, gold, its text at hand.

    `worth` is what it was ordered by (higher first), or None where nothing was computed.
    """

    document: Document
    passes: int
    has_gold: bool
    has_text: bool
    worth: float | None = None


def waiting(corpus: Corpus, below: int = PASSES) -> Iterator[Waiting]:
    """The documents with fewer than `below` passes, least annotated first: by passes, then without gold, then by id.

    Repeats and documents that are kept out do not wait.
    """
    passes = corpus.hands()[1:]
    found = [
        Waiting(
            document,
            sum(corpus.layer_path(document, hand).is_file() for hand in passes),
            corpus.layer_path(document).is_file(),
            (text := corpus.text(document)) is not None and sha256(text) == document.sha256,
        )
        for document in corpus.documents.values()
        if not document.duplicate_of and not document.excluded
    ]
    yield from sorted(
        (each for each in found if each.passes < below), key=lambda w: (w.passes, w.has_gold, w.document.id)
    )


def ordered(documents: Iterable[Waiting], worth: Callable[[Document], float]) -> list[Waiting]:
    """The documents by falling worth; equals keep their order."""
    judged = [replace(each, worth=worth(each.document)) for each in documents]
    return sorted(judged, key=lambda w: -(w.worth or 0.0))


def disagreement(first: Layer, second: Layer) -> float:
    """How far two layers are apart: 1 - F1 of spans with the same layer, label and ends. 0 where neither has a span.

    Layers that only one of the two looked for are left out.

    >>> from dataset_builder.model import Span
    >>> a, b = Span("s1", "ACTOR", "STATE", 0, 4), Span("s2", "ACTOR", "STATE", 5, 9)
    >>> one, two = (Layer("d", "1.0", 9, "", ("ACTOR",), spans) for spans in ((a, b), (a,)))
    >>> round(disagreement(one, two), 3)  # 2 · 1 shared / (2 + 1) = 0.667
    0.333
    """
    shared = set(first.layers) & set(second.layers)
    one, two = (
        {(s.layer, s.label, s.start, s.end) for s in side.spans if s.layer in shared} for side in (first, second)
    )
    return 1 - 2 * len(one & two) / (len(one) + len(two)) if one or two else 0.0
