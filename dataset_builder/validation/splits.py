"""Level 4 of the splits: lists as pinned, every document in one split of its track, no event in two."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from dataset_builder.corpus import Corpus
from dataset_builder.incidents import Incident
from dataset_builder.splits import FILE, Split


def check_splits(corpus: Corpus) -> Iterator[Incident]:
    """What is wrong with the lists, against the manifests and the gold layers."""
    splits = corpus.splits
    for split in splits.lists:
        yield from _of_list(split, splits.sources[split.track], corpus)
    seen: dict[str, str] = {}
    by_event: dict[str, dict[str, str]] = defaultdict(dict)
    for split in splits.lists:
        for line, id in enumerate(split.documents, 1):
            if id in seen:
                yield Incident("split-twice", f"{id} stands in {seen[id]} already", split.path, line)
            seen.setdefault(id, split.path)
            # Tracks are merged by name in a hydrated build, so an event that two tracks tell must agree as well.
            if id in corpus.documents:
                by_event[corpus.documents[id].event].setdefault(split.name, id)
    for event, where in sorted(by_event.items()):
        if len(where) > 1:
            shown = ", ".join(f"{id} in {name}" for name, id in sorted(where.items()))
            yield Incident("split-cluster", f"cluster or story {event} is in {len(where)} splits: {shown}", FILE)
    for document in corpus.annotated():
        if document.id not in seen and not document.excluded and not document.duplicate_of:
            yield Incident("split-missing", f"{document.id} has gold and is in no split", FILE)


def _of_list(split: Split, sources: Sequence[str], corpus: Corpus) -> Iterator[Incident]:
    if (split.sha256, len(split.documents)) != (split.pinned, split.pinned_documents):
        pinned = f"{split.pinned_documents} documents, {split.pinned[:12] or 'no hash'}"
        fact = f"has {len(split.documents)} documents and hash {split.sha256[:12]}; pinned are {pinned}"
        yield Incident("split-list-edited", fact, split.path)
    for line, (before, id) in enumerate(zip(("", *split.documents), split.documents, strict=False), 1):
        if id < before:
            yield Incident("split-order", f"{id} stands behind {before}", split.path, line)
        if id not in corpus.documents:
            yield Incident("split-unknown-document", f"there is no document {id!r}", split.path, line)
        elif (source := corpus.documents[id].source) not in sources:
            yield Incident("split-source", f"{id} is of source {source!r}, which is not the track's", split.path, line)
