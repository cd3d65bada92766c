"""`khabar errors`: what a system gets wrong, by kind, in the terminal or as a page to read."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from dataset_builder.commands import context
from dataset_builder.commands.score import AsJson, Partial, SplitName, Tasks, Track, fitting, predicted, warn
from dataset_builder.curation.benchmark import pairs, scored, split_of
from dataset_builder.files import write_atomic
from dataset_builder.release.lock import read_version
from dataset_builder.release.mistakes import Report, render
from dataset_builder.scoring.mistakes import find_mistakes
from dataset_builder.scoring.tasks import task


def errors(
    predictions: Annotated[str, typer.Argument(help="Predictions, as `khabar score` takes them.")],
    tasks: Tasks = None,
    track: Track = "composed",
    split: SplitName = "test",
    partial: Partial = False,
    html: Annotated[
        Path | None, typer.Option("--html", help="Write a self-contained page with examples to this file.")
    ] = None,
    most: Annotated[int, typer.Option(min=1, help="Examples of each kind on the page.")] = 30,
    as_json: AsJson = False,
) -> None:
    """Show what a system gets wrong by kind: boundary, type, missed cue, wrong source and so on.

    The kinds add up to the score: what is gold and not right stands on the gold's side once, what is predicted and not
    right on the prediction's.

    Example: khabar errors work/crf-predictions --html work/crf-errors.html
    """
    corpus = context.corpus()
    wanted = [task(name) for name in tasks or ()]
    chosen, version = split_of(corpus, track, split), read_version(corpus)
    compared = pairs(corpus, chosen, predicted(predictions, corpus), partial)
    reports = []
    for each in wanted or fitting(compared):
        found = scored(compared, each, corpus.schema, chosen, version)
        warn(found.notice)
        kept = [pair for pair in compared if pair.gold.document not in found.left_out]
        reports.append(Report(found, find_mistakes(kept, each.name, corpus.schema)))
    if as_json:
        print(json.dumps([report.as_record() for report in reports], ensure_ascii=False, indent=1))
    elif html is None:
        _print(reports)
    if html is not None:
        texts = {pair.gold.document: pair.text for pair in compared if pair.text is not None}
        foreign = any(not corpus.document(id).is_included for id in texts)
        context.check_place(html, corpus, foreign)
        name = predictions if predictions in corpus.hands() else Path(predictions).name
        title = f"What {name} gets wrong on {track} {split}"
        changed = write_atomic(html, render(title, reports, texts, foreign, most))
        print(f"wrote {html}" if changed else f"{html} is as it was")


def _print(reports: Sequence[Report]) -> None:
    console = Console(width=max(100, Console().width))
    for report in reports:
        about = report.score.task
        table = Table("measure", "kind", box=None, title=f"{about.name}: {about.about}", title_justify="left")
        for name in ("all", "both sides", "gold alone", "predicted alone"):
            table.add_column(name, justify="right")
        for (measure, kind), counts in report.kinds.items():
            sides = (str(counts[side] or "") for side in ("both", "gold", "predicted"))
            table.add_row(measure, kind, str(counts.total()), *sides)
        if report.kinds:
            console.print(table)
        else:
            console.print(f"{about.name}: nothing is wrong")
        for line in report.told:
            console.print(line, highlight=False, soft_wrap=True)
        console.print(report.score.signature, highlight=False, soft_wrap=True)
        console.print()
