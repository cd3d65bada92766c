"""What is counted in a release: documents, words, spans, relations and claims by track and split; labels by split."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dataset_builder.release.entries import Entry
from dataset_builder.schema import Schema
from dataset_builder.splits import SPLITS

#: Split, layer and label to how often the label stands there.
Labels = Mapping[str, Mapping[str, Mapping[str, int]]]


@dataclass(frozen=True, slots=True)
class Counts:
    """What one split of one track holds. `words` are stretches between white space."""

    track: str
    split: str
    documents: int
    words: int
    spans: Mapping[str, int]
    relations: int
    claims: int


def count(entries: Sequence[Entry], schema: Schema) -> tuple[Counts, ...]:
    """Counts of each split of each track, by track and then train, validation, test."""
    groups: dict[tuple[str, int], list[Entry]] = {}
    for entry in entries:
        groups.setdefault((entry.track, SPLITS.index(entry.split)), []).append(entry)
    return tuple(_count(groups[key], schema) for key in sorted(groups))


def _count(entries: Sequence[Entry], schema: Schema) -> Counts:
    spans = Counter(s.layer for e in entries for s in e.layer.spans)
    return Counts(
        track=entries[0].track,
        split=entries[0].split,
        documents=len(entries),
        words=sum(e.document.words for e in entries),
        spans={layer: spans[layer] for layer in schema.layers},
        relations=sum(len(e.layer.relations) for e in entries),
        claims=sum(len(e.layer.claims) for e in entries),
    )


def count_labels(entries: Sequence[Entry], schema: Schema) -> Labels:
    """How often each label stands in each split, by layer; labels that never occur are in it with 0."""
    found = {}
    for split in SPLITS:
        chosen = [e for e in entries if e.split == split]
        times = Counter((s.layer, s.label) for e in chosen for s in e.layer.spans)
        if chosen:
            found[split] = {
                layer: {label: times[layer, label] for label in known.names} for layer, known in schema.layers.items()
            }
    return found
