"""Finding referenced texts in what somebody has, and checking every span on what was found.

Nothing is taken for a document that the windows do not confirm; of several copies the one that keeps most spans wins.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from dataset_builder.anchoring import Copy, Index, Match, find, move, with_words
from dataset_builder.incidents import Incident
from dataset_builder.model import Document, Layer
from dataset_builder.readers.article import Article

Layers = Callable[[str], Layer | None]


@dataclass(frozen=True, slots=True)
class Hydrated:
    """A document found in a copy. `layer` (None where nothing is annotated) has words and offsets into `text`.

    `spans` of `wanted` came along; `lost` names the others. `exact` means that the copy is the canonical text.
    """

    document: Document
    text: str
    layer: Layer | None
    exact: bool
    letters: int
    lost: tuple[Incident, ...] = ()
    wanted: int = 0

    @property
    def spans(self) -> int:
        return len(self.layer.spans) if self.layer else 0

    @property
    def rank(self) -> tuple[bool, int, int]:
        """Larger is better: exact before re-anchored, then by spans, then by letters found."""
        return self.exact, self.spans, self.letters

    def __str__(self) -> str:
        """The outcome in words: "exact (31 spans)" or "re-anchored (29 spans of 31)"."""
        if self.exact:
            return f"exact ({self.spans} spans)"
        return f"re-anchored ({self.spans} spans of {self.wanted})"


def hydrate(
    documents: Mapping[str, Document],
    layers: Layers,
    articles: Iterable[Article | Incident],
    have: Mapping[str, str] | None = None,
) -> tuple[dict[str, Hydrated], list[Incident]]:
    """The best copy of each referenced document among `articles`, and what could not be read.

    `layers` gives a document's layer with anchors, or None; `have` is the text that is already here, by id, which stays
    unless something better turns up.
    """
    index = Index(documents.values())
    best: dict[str, Hydrated] = {}
    for id, text in (have or {}).items():
        copy = Copy(text)
        if match := find(documents[id], copy):
            best[id] = carried(documents[id], layers(id), match, copy)
    found: list[Incident] = []
    for article in articles:
        if isinstance(article, Incident):
            found.append(article)
            continue
        copy = Copy(article.text)
        for match in index.recognise(copy):
            id = match.document
            # An exact copy can't be bettered, so the many repeats in a large folder cost nothing more.
            if id in best and best[id].exact:
                continue
            candidate = carried(documents[id], layers(id), match, copy)
            if id not in best or candidate.rank > best[id].rank:
                best[id] = candidate
    return best, found


def carried(document: Document, layer: Layer | None, match: Match, copy: Copy) -> Hydrated:
    """The layer carried over to a copy: words filled in where it is exact, every span moved and verified where not."""
    exact = copy.sha256 == document.sha256
    if layer is None:
        return Hydrated(document, copy.text, None, exact, match.letters)
    if exact:
        full = with_words(layer, copy.text, document)
        return Hydrated(document, copy.text, full, True, match.letters, wanted=len(layer.spans))
    moved, lost = move(layer, match, copy)
    return Hydrated(document, copy.text, moved, False, match.letters, lost, len(layer.spans))
