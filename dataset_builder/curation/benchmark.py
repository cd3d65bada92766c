"""Scoring against a checkout: which documents a task is scored on, and what its figures are signed with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dataset_builder.corpus import Corpus, sha256
from dataset_builder.curation.reading import readable
from dataset_builder.errors import UsageError, unknown
from dataset_builder.model import Layer
from dataset_builder.schema import Schema
from dataset_builder.scoring.score import Score, score
from dataset_builder.scoring.sides import Pair
from dataset_builder.scoring.signature import Listed, sign
from dataset_builder.scoring.tasks import Task
from dataset_builder.splits import Split


def split_of(corpus: Corpus, track: str, name: str) -> Split:
    """The split of a track; UsageError with a suggestion where there is none."""
    tracks = sorted({split.track for split in corpus.splits.lists})
    if track not in tracks:
        raise unknown("track", track, tracks)
    found = {split.name: split for split in corpus.splits.lists if split.track == track}
    if name not in found:
        raise unknown("split", name, found)
    return found[name]


def pairs(corpus: Corpus, split: Split, predicted: Mapping[str, Layer], partial: bool = False) -> list[Pair]:
    """Gold and prediction of every document of a split, with its text where an exact copy is at hand.

    A split's document without a prediction is an error, unless `partial`: then it is left out, and the figures are of
    another set of documents, which their signature shows. Raises UsageError.
    """
    missing = [id for id in split.documents if id not in predicted]
    if missing and not partial:
        shown = f"{', '.join(missing[:3])}{' …' if len(missing) > 3 else ''}"
        raise UsageError(
            f"{len(missing)} of {len(split.documents)} documents of {split.path} have no prediction ({shown}); predict "
            "them, or give --partial to score the others alone"
        )
    found = []
    for id in split.documents:
        if id in predicted:
            reading = readable(corpus, id)
            gold = reading.layer if reading.exact else corpus.layer(id)
            found.append(Pair(gold, predicted[id], reading.text if reading.exact else None, reading.document.event))
    if not found:
        raise UsageError(f"no document of {split.path} has a prediction")
    return found


def scored(compared: Sequence[Pair], task: Task, schema: Schema, split: Split, version: str) -> Score:
    """The task's signed figures on what `pairs` gave of a split; `version` is the data version.

    Raises UsageError as `dataset_builder.scoring.score.score` and `sign` do.
    """
    listed = Listed(split.track, split.name, split.documents, split.sha256, version)
    return sign(score(compared, task, schema), compared, listed)


def tracks_needing_texts(corpus: Corpus, here: bool = False) -> set[str]:
    """Tracks with texts that the repository does not hold; with `here` those of which an exact copy is not at hand."""

    def lacks(id: str) -> bool:
        document = corpus.document(id)
        if document.is_included or not here:
            return not document.is_included
        text = corpus.text(document)
        return text is None or sha256(text) != document.sha256

    return {split.track for split in corpus.splits.lists if any(map(lacks, split.documents))}
