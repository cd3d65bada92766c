"""`khabar score`: predictions against gold."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from dataset_builder.commands import context
from dataset_builder.corpus import Corpus
from dataset_builder.curation.benchmark import pairs, scored, split_of
from dataset_builder.curation.predictions import read_predictions, unlisted
from dataset_builder.errors import UsageError
from dataset_builder.model import Layer
from dataset_builder.release.lock import read_version
from dataset_builder.scoring.score import Score
from dataset_builder.scoring.sides import Pair
from dataset_builder.scoring.tasks import TASKS, TOLD, Task, task

Tasks = Annotated[list[str] | None, typer.Option("--task", help=f"One of {', '.join(TASKS)}; default: all that fit.")]
Track = Annotated[str, typer.Option(help="Track of the split.")]
SplitName = Annotated[str, typer.Option("--split", help="train, validation or test.")]
Partial = Annotated[bool, typer.Option("--partial", help="Leave out documents without a prediction.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON: an array of objects.")]


def score_command(
    predictions: Annotated[
        str,
        typer.Argument(
            help="JSONL or Parquet file, folder of layer files or saved dataset, or a hand (passes/<name>)."
        ),
    ],
    tasks: Tasks = None,
    track: Track = "composed",
    split: SplitName = "test",
    partial: Partial = False,
    labels: Annotated[
        bool, typer.Option("--labels", help="Show every label of the main measure; in JSON, also by document.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Score predictions on a split: figures with 95 % intervals by event, each with its signature.

    The formats of predictions stand in docs/benchmark.md, and what --json prints: counts of each document as well.

    Example: khabar score work/predictions.jsonl --task entities --labels
    """
    corpus = context.corpus()
    wanted = [task(name) for name in tasks or ()]
    chosen = split_of(corpus, track, split)
    version = read_version(corpus)
    compared = pairs(corpus, chosen, predicted(predictions, corpus), partial)
    records = []
    for each in wanted or fitting(compared):
        found = scored(compared, each, corpus.schema, chosen, version)
        warn(found.notice)
        if as_json:
            records.append({**found.as_record(), "documents": found.per_document(labels)})
        else:
            _print(found, labels)
    if as_json:
        print(as_text(records))


def as_text(records: Sequence[dict[str, Any]]) -> str:
    """Records as JSON to read: indented, with a row of numbers on one line, and an object that is one row as well.

    >>> print(as_text([{"strict": {"all": [3, 4, 3, 5]}, "left_out": []}]))
    [
     {
      "strict": {"all": [3, 4, 3, 5]},
      "left_out": []
     }
    ]
    """
    text = json.dumps(records, ensure_ascii=False, indent=1)
    rows = re.sub(r"\[\s+([-\d.e]+(?:,\s+[-\d.e]+)*)\s+\]", lambda m: f"[{' '.join(m[1].split())}]", text)
    return re.sub(r'\{\s+("all": \[[^]]*\])\s+\}', r"{\1}", rows)


def predicted(predictions: str, corpus: Corpus) -> dict[str, Layer]:
    """The predicted layers of a file, a folder, or a hand of the checkout."""
    if predictions in corpus.hands():
        return {document.id: corpus.layer(document.id, predictions) for document in corpus.annotated(predictions)}
    found = read_predictions(Path(predictions), corpus)
    warn(unlisted(found, corpus), predictions)
    return found


def warn(sentence: str, about: str = "") -> None:
    """Say to standard error what a figure would hide; nothing where there is nothing to say."""
    if sentence:
        print(f"{about}: {sentence}" if about else sentence, file=sys.stderr)


def fitting(compared: Sequence[Pair]) -> list[Task]:
    """The tasks whose layers every prediction has, and of which figures say something; the others are named."""
    fitting = []
    told = {name for pair in compared for name in pair.predicted.given}
    for each in TASKS.values():
        spoilt = sorted(name for name in told if each.name not in TOLD[name])
        lacking = next((p for p in compared if not set(each.layers) <= set(p.predicted.layers)), None)
        if spoilt:
            fact = f"the system was told the gold's {spoilt[0]}; `--task {each.name}` scores it all the same"
            print(f"{each.name} is left out: {fact}", file=sys.stderr)
        elif lacking is not None:
            missing = sorted(set(each.layers) - set(lacking.predicted.layers))
            print(f"{each.name} is left out: {lacking.gold.document} has no layer {missing[0]}", file=sys.stderr)
        elif each.needs_text and any(pair.text is None for pair in compared):
            print(f"{each.name} is left out: it needs texts that are not here (`khabar hydrate`)", file=sys.stderr)
        else:
            fitting.append(each)
    if not fitting:
        raise UsageError("no task can be scored: name in `layers` what the system looked for, empty or not")
    return fitting


def _print(found: Score, labels: bool) -> None:
    table = Table("measure", box=None, title=f"{found.task.name}: {found.task.about}", title_justify="left")
    for name in ("precision", "recall", "F1", "95 % interval", "macro F1", "right", "predicted", "gold"):
        table.add_column(name, justify="right", no_wrap=True)
    for measure in found.counts.measures:
        is_main = measure == found.task.main
        if not found.says(measure):
            table.add_row(measure, *["–"] * 8)
            continue
        table.add_row(*_row(found, measure, ""), style="bold" if is_main else None)
        for label in found.counts.labels(measure) if labels and is_main else ():
            table.add_row(*_row(found, measure, label))
    console = Console(width=max(110, Console().width))
    console.print(table)
    for scheme, o in found.muc.items():
        counted = ", ".join(f"{name} {getattr(o, name)}" for name in o.__slots__)
        console.print(f"{scheme}: {counted}", highlight=False)
    if found.left_out:
        console.print(f"{len(found.left_out)} documents are left out: their gold lacks a layer of the task")
    console.print(found.signature, highlight=False, soft_wrap=True)
    console.print()


def _row(found: Score, measure: str, label: str) -> list[str]:
    figure, interval = found.counts.figure(measure, label), found.intervals[measure, label]
    macro = None if label else found.counts.macro(measure)
    shown = [f"{value:.3f}" for value in (figure.precision, figure.recall, figure.f1)]
    counts = [f"{value:.0f}" if value == int(value) else f"{value:.1f}" for value in (figure.right, figure.predicted)]
    interval_shown = f"{interval.low:.3f}–{interval.high:.3f}"
    macro_shown = "" if macro is None else f"{macro:.3f}"
    return [f"  {label}" if label else measure, *shown, interval_shown, macro_shown, *counts, f"{figure.gold:.0f}"]
