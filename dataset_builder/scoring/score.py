"""A score: the counts of one task over documents, its figures and their intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

from dataset_builder.errors import UsageError
from dataset_builder.schema import Schema
from dataset_builder.scoring.absence import nothing_predicted
from dataset_builder.scoring.counts import Counts, Figure
from dataset_builder.scoring.resampling import Interval, bootstrap
from dataset_builder.scoring.schemes import SCHEMES, Outcomes, Scheme, outcomes
from dataset_builder.scoring.sides import Pair
from dataset_builder.scoring.spurious import with_spurious
from dataset_builder.scoring.tasks import Task

#: Measures of what is right under a condition: where it never holds they have no figure, where others have 1.
CONDITIONAL = ("attribution", "given events", "given spans")
RESAMPLES = 1000
SEED = 0


@dataclass(frozen=True)
class Score:
    """One task's counts. `left_out` are documents whose gold lacks a layer of the task: not scored, not wrong.

    `signature` says what the figures depend on, "" where it was not signed (`dataset_builder.scoring.signature`).
    `notice` is a sentence on what no prediction has although the gold does, "" where there is no such thing.
    """

    task: Task
    counts: Counts
    left_out: tuple[str, ...] = ()
    signature: str = ""
    notice: str = ""

    def __str__(self) -> str:
        main, interval = self.main, self.intervals[self.task.main, ""]
        shown = f"{self.task.name} {self.task.main} F1 {main.f1:.3f} ({interval.low:.3f}–{interval.high:.3f})"
        return f"{shown} {self.signature}".rstrip()

    @property
    def main(self) -> Figure:
        """The figure that stands for the task, micro over all documents."""
        return self.counts.figure(self.task.main)

    @cached_property
    def intervals(self) -> dict[tuple[str, str], Interval]:
        """95 % intervals of F1 by measure and label, from 1,000 resamples of events."""
        return dict(zip(self.counts.rows, bootstrap(self.counts, RESAMPLES, SEED), strict=True))

    def as_record(self) -> dict[str, Any]:
        """Every figure as plain values, by measure; labels that stand nowhere are left out."""
        measures: dict[str, Any] = {}
        for measure in self.counts.measures:
            if not self.says(measure):
                measures[measure] = None
                continue
            labels = {label: self._figure(measure, label) for label in self.counts.labels(measure)}
            measures[measure] = {**self._figure(measure, ""), "macro_f1": self.counts.macro(measure), "labels": labels}
        signed = {"task": self.task.name, "signature": self.signature} if self.signature else {}
        found = {**signed, "main": self.task.main, "measures": measures, "left_out": list(self.left_out)}
        muc = {"muc": {name: asdict(each) for name, each in self.muc.items()}} if self.muc else {}
        return found | muc | ({"notice": self.notice} if self.notice else {})

    @cached_property
    def muc(self) -> dict[Scheme, Outcomes]:
        """Correct, incorrect, partial, missing and spurious by scheme; nothing for a task without these schemes."""
        counted = set(SCHEMES) <= set(self.counts.measures)
        return {scheme: outcomes(self.counts, scheme) for scheme in SCHEMES} if counted else {}

    def per_document(self, labels: bool = False) -> list[dict[str, Any]]:
        """The counts of each document, by measure; with `labels` those of each label that it has as well.

        Four numbers are right among the predicted, predicted, right among the gold, gold.
        """
        rows = [(measure, label, self.counts.row(measure, label)) for measure, label in self.counts.rows]
        found = []
        for document, event, cells in zip(self.counts.documents, self.counts.events, self.counts.cells, strict=True):
            counts: dict[str, dict[str, list[float]]] = {}
            for measure, label, row in rows:
                if not label or (labels and cells[row].any()):
                    numbers = [int(n) if n == int(n) else n for n in cells[row].tolist()]
                    counts.setdefault(measure, {})[label or "all"] = numbers
            found.append({"document": document, "event": event, "counts": counts})
        return found

    def says(self, measure: str) -> bool:
        """Whether the measure has a figure: a conditional one has none where its condition never holds."""
        total = self.counts.figure(measure)
        return measure not in CONDITIONAL or total.gold + total.predicted > 0

    def _figure(self, measure: str, label: str) -> dict[str, float]:
        figure, interval = self.counts.figure(measure, label), self.intervals[measure, label]
        names = ("precision", "recall", "f1", "right", "predicted", "gold")
        return {name: getattr(figure, name) for name in names} | {"low": interval.low, "high": interval.high}


def score(pairs: Sequence[Pair], task: Task, schema: Schema) -> Score:
    """Score one task over documents.

    A document whose gold lacks a layer of the task is left out: not annotated is not "nothing there". One whose
    prediction lacks it is an error, since a system that says nothing must say so. Raises UsageError for that, for
    predictions of another text than the gold's, for gold with `spurious`, for a text that is not at hand, and where
    nothing is left to score.
    """
    kept = [pair for pair in pairs if set(task.layers) <= set(pair.gold.layers)]
    left_out = tuple(p.gold.document for p in pairs if not set(task.layers) <= set(p.gold.layers))
    for pair in kept:
        _check(pair, task)
    if not kept:
        raise UsageError(f"nothing to score: no document has gold in {' and '.join(task.layers)}")
    counts = with_spurious(task.count(kept, schema), task.name, kept, schema)
    notice = nothing_predicted(task.name, counts.figure(task.main), kept, schema)
    return Score(task, counts, left_out, notice=notice)


def _check(pair: Pair, task: Task) -> None:
    id = pair.gold.document
    missing = [layer for layer in task.layers if layer not in pair.predicted.layers]
    if missing:
        raise UsageError(
            f"{id}: the prediction has no layer {missing[0]}, which task {task.name} compares; name it in `layers` if "
            "the system found nothing, or score another task"
        )
    if pair.gold.spurious:
        raise UsageError(f"{id}: the gold has `spurious`, which says what a prediction has that stands nowhere")
    if pair.predicted.sha256 and pair.predicted.sha256 != pair.gold.sha256:
        raise UsageError(f"{id}: the prediction is of another text ({pair.predicted.sha256[:12]}) than the gold's")
    if task.needs_text and pair.text is None:
        raise UsageError(f"{id}: task {task.name} needs the text; run `khabar hydrate` on a folder that holds a copy")
