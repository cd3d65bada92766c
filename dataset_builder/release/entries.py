"""Which documents a release holds, and for each what its tables are made from."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from tqdm import tqdm

from dataset_builder.codec import canonical
from dataset_builder.corpus import Corpus
from dataset_builder.curation.reading import readable
from dataset_builder.lists import Outlet
from dataset_builder.model import Document, Layer, Span
from dataset_builder.splits import SPLITS
from dataset_builder.text.tokenise import Stretch, sentences
from dataset_builder.voice import Voice, voice

#: The layers whose spans are said by somebody: by the outlet in its own voice, or by a source.
VOICED = ("EVENT", "FRAME")


@dataclass(frozen=True)
class Entry:
    """One document of a release.

    `layer` is in canonical order. `text` is None where its words stay out; `layer` is then without words, too.
    """

    document: Document
    layer: Layer
    track: str
    split: str
    text: str | None = None
    outlet: Outlet | None = None

    @property
    def words(self) -> str:
        """The text of an entry that has one."""
        assert self.text is not None
        return self.text

    @cached_property
    def sentences(self) -> list[Stretch]:
        return sentences(self.words)

    @cached_property
    def _sentence_starts(self) -> list[int]:
        return [start for start, _ in self.sentences]

    def sentence_at(self, offset: int) -> int:
        """The number of the sentence, from 0, that the code point `offset` stands in."""
        return max(0, bisect_right(self._sentence_starts, offset) - 1)

    @cached_property
    def voices(self) -> Mapping[str, Voice]:
        """Whose voice each EVENT and FRAME span is in, by span id."""
        return {span.id: voice(self.layer, span, self.text) for span in self.layer.spans if span.layer in VOICED}

    @cached_property
    def arguments(self) -> Mapping[tuple[str, str], list[Span]]:
        """The spans that a span's relations lead to, by head id and relation label."""
        found: dict[tuple[str, str], list[Span]] = {}
        for relation in self.layer.relations:
            found.setdefault((relation.head, relation.label), []).append(self.layer.span(relation.tail))
        return found


@dataclass(frozen=True)
class Selection:
    """What goes into a release: `entries` with words, `standoff` without, by track, split and id.

    `left_out` counts the documents that are not in it, by reason.
    """

    entries: tuple[Entry, ...]
    standoff: tuple[Entry, ...]
    left_out: Mapping[str, int] = field(default_factory=dict)

    @property
    def all(self) -> tuple[Entry, ...]:
        return self.entries + self.standoff


def select(corpus: Corpus, hydrated: bool = False) -> Selection:
    """The documents with gold in a split of their track, excluded ones and duplicates left out.

    Without `hydrated` no text of a referenced document is even read. With it, each referenced document whose text is at
    hand is an entry with words (its gold moved where the copy differs). Raises DataError where an included text is
    missing or was edited, or a layer is broken.
    """
    entries: list[Entry] = []
    standoff: list[Entry] = []
    left_out: Counter[str] = Counter()
    placed = corpus.splits.placed
    for document in tqdm(corpus.documents.values(), desc="gold", unit=" documents", disable=None, leave=False):
        split = placed.get(document.id)
        reason = _reason(corpus, document)
        if split is None or reason:
            left_out[reason or "in no split"] += 1
            continue
        outlet = corpus.outlets.get(document.outlet)
        if not document.is_included and not hydrated:
            layer = canonical(corpus.layer(document.id))
            standoff.append(Entry(document, layer, split.track, split.name, None, outlet))
            continue
        reading = readable(corpus, document.id)
        if reading.text is None:
            left_out["not hydrated"] += 1
            continue
        if reading.lost:
            left_out["spans, relations or claims that a differing copy does not hold"] += len(reading.lost)
        entries.append(Entry(document, canonical(reading.layer), split.track, split.name, reading.text, outlet))
    return Selection(_ordered(entries), _ordered(standoff), dict(sorted(left_out.items())))


def _ordered(entries: list[Entry]) -> tuple[Entry, ...]:
    return tuple(sorted(entries, key=lambda e: (SPLITS.index(e.split), e.track, e.document.id)))


def _reason(corpus: Corpus, document: Document) -> str:
    """Why a document is left out, "" where it is not."""
    if document.excluded:
        return f"excluded: {document.excluded}"
    if document.duplicate_of:
        return "repeats another document"
    return "" if corpus.layer_path(document).is_file() else "no gold layer"
