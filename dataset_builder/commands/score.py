"""`khabar score` and `khabar compare`: predictions against gold, and system against system."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from dataset_builder.commands import context
from dataset_builder.corpus import Corpus
from dataset_builder.curation.benchmark import pairs, signature, split_of
from dataset_builder.curation.predictions import read_predictions, unlisted
from dataset_builder.errors import UsageError
from dataset_builder.model import Layer
from dataset_builder.release.lock import read_version
from dataset_builder.scoring import resampling
from dataset_builder.scoring.absence import nothing_predicted
from dataset_builder.scoring.schemes import SCHEMES, outcomes
from dataset_builder.scoring.score import Score, score
from dataset_builder.scoring.sides import Pair
from dataset_builder.scoring.tasks import ENTITIES, TASKS, Task, task

Tasks = Annotated[list[str] | None, typer.Option("--task", help=f"One of {', '.join(TASKS)}; default: all that fit.")]
Track = Annotated[str, typer.Option(help="Track of the split.")]
SplitName = Annotated[str, typer.Option("--split", help="train, validation or test.")]
Partial = Annotated[bool, typer.Option("--partial", help="Leave out documents without a prediction.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


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
    labels: Annotated[bool, typer.Option("--labels", help="Show every label of the main measure.")] = False,
    as_json: AsJson = False,
) -> None:
    """Score predictions on a split: figures with 95 % intervals by event, each with its signature.

    The formats of predictions stand in docs/benchmark.md.

    Example: khabar score work/predictions.jsonl --task entities --labels
    """
    corpus = context.corpus()
    wanted = [task(name) for name in tasks or ()]
    chosen = split_of(corpus, track, split)
    version = read_version(corpus)
    compared = pairs(corpus, chosen, predicted(predictions, corpus), partial)
    records = []
    for each in wanted or fitting(compared):
        found = score(compared, each, corpus.schema)
        found = replace(found, signature=str(signature(version, chosen, each, found.counts.documents)))
        warn(nothing_predicted(found, compared, corpus.schema))
        if as_json:
            records.append(found.as_record())
        else:
            _print(found, labels)
    if as_json:
        print(json.dumps(records, ensure_ascii=False, indent=1))


def compare_command(
    systems: Annotated[list[str], typer.Argument(help="Two or more predictions, as `khabar score` takes them.")],
    tasks: Tasks = None,
    track: Track = "composed",
    split: SplitName = "test",
    partial: Partial = False,
    as_json: AsJson = False,
) -> None:
    """Test whether systems differ: paired bootstrap and approximate randomisation by event, Holm-corrected.

    Example: khabar compare work/crf.jsonl work/stack.jsonl --task entities
    """
    if len(set(systems)) < max(2, len(systems)):
        raise UsageError("name two systems or more to compare, each once")
    corpus = context.corpus()
    wanted = [task(name) for name in tasks or ()]
    chosen = split_of(corpus, track, split)
    compared = {name: pairs(corpus, chosen, predicted(name, corpus), partial) for name in systems}
    if len({tuple(pair.gold.document for pair in each) for each in compared.values()}) > 1:
        raise UsageError("the systems have predictions on different documents; give the same ones to each")
    everything = [pair for each in compared.values() for pair in each]
    records = []
    for each in wanted or fitting(everything):
        scores = {system: score(of, each, corpus.schema) for system, of in compared.items()}
        for system, of in compared.items():
            warn(nothing_predicted(scores[system], of, corpus.schema), system)
        records += _differences(scores)
    if as_json:
        print(json.dumps(records, ensure_ascii=False, indent=1))
        return
    table = Table("task", "systems", "difference in F1", "95 % interval", "p", "p (Holm)", box=None)
    for r in records:
        shown = f"{r['difference']:+.3f}", f"{r['low']:+.3f} to {r['high']:+.3f}", f"{r['p']:.4f}", f"{r['p_holm']:.4f}"
        table.add_row(str(r["task"]), f"{r['first']} – {r['second']}", *shown)
    Console(width=max(100, Console().width)).print(table)


def _differences(scores: dict[str, Score]) -> list[dict[str, Any]]:
    couples = list(combinations(scores, 2))
    main = next(iter(scores.values())).task.main
    found = [resampling.compare(scores[a].counts, scores[b].counts, (main, "")) for a, b in couples]
    corrected = resampling.holm([difference.p for difference in found])
    return [
        {"task": scores[a].task.name, "first": a, "second": b, "difference": d.value, "low": d.interval.low}
        | {"high": d.interval.high, "p": d.p, "p_holm": p}
        for (a, b), d, p in zip(couples, found, corrected, strict=True)
    ]


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
    """The tasks whose layers every prediction has."""
    fitting = []
    for each in TASKS.values():
        lacking = next((p for p in compared if not set(each.layers) <= set(p.predicted.layers)), None)
        if lacking is not None:
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
    if found.task.layers == ENTITIES and "strict" in found.counts.measures:
        for scheme in SCHEMES:
            o = outcomes(found.counts, scheme)
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
