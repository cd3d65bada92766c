"""`khabar compare`: system against system."""

from __future__ import annotations

from itertools import combinations
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from dataset_builder.commands import context
from dataset_builder.commands.score import AsJson, Partial, SplitName, Tasks, Track, as_text, fitting, predicted, warn
from dataset_builder.curation.benchmark import pairs, scored, split_of
from dataset_builder.errors import UsageError
from dataset_builder.release.lock import read_version
from dataset_builder.scoring import resampling
from dataset_builder.scoring.score import Score
from dataset_builder.scoring.signature import given_of
from dataset_builder.scoring.tasks import task

#: Below this a difference is usually called significant; p that can't reach it is said.
_USUAL = 0.05


def compare(
    systems: Annotated[list[str], typer.Argument(help="Two or more predictions, as `khabar score` takes them.")],
    tasks: Tasks = None,
    track: Track = "composed",
    split: SplitName = "test",
    partial: Partial = False,
    as_json: AsJson = False,
) -> None:
    """Test whether systems differ: paired bootstrap and approximate randomisation by event, Holm-corrected.

    What is compared is F1 of each task's main measure; Holm's correction is over all pairs of systems of one task.

    Example: khabar compare work/crf.jsonl work/stack.jsonl --task entities
    """
    if len(set(systems)) < max(2, len(systems)):
        raise UsageError("name two systems or more to compare, each once")
    corpus = context.corpus()
    wanted = [task(name) for name in tasks or ()]
    chosen, version = split_of(corpus, track, split), read_version(corpus)
    compared = {name: pairs(corpus, chosen, predicted(name, corpus), partial) for name in systems}
    if len({tuple(pair.gold.document for pair in each) for each in compared.values()}) > 1:
        raise UsageError("the systems have predictions on different documents; give the same ones to each")
    everything = [pair for each in compared.values() for pair in each]
    told = {name: " and ".join(given_of(each)) or "nothing" for name, each in compared.items()}
    if len(set(told.values())) > 1:
        shown = ", ".join(f"{name} {given}" for name, given in told.items())
        raise UsageError(f"the systems were not told the same of the gold ({shown}); compare them under one condition")
    records = []
    for each in wanted or fitting(everything):
        scores = {system: scored(of, each, corpus.schema, chosen, version) for system, of in compared.items()}
        for system, one in scores.items():
            warn(one.notice, system)
        found = differences(scores)
        records += found
        if not as_json:
            _print(found)
    if as_json:
        print(as_text(records))


def differences(scores: dict[str, Score]) -> list[dict[str, Any]]:
    """Every two systems' difference in one task, as plain values; the scores are of the same documents."""
    couples = list(combinations(scores, 2))
    some = next(iter(scores.values()))
    found = [resampling.compare(scores[a].counts, scores[b].counts, (some.task.main, "")) for a, b in couples]
    corrected = resampling.holm([difference.p for difference in found])
    events = len(some.counts.by_event)
    of_all = {"task": some.task.name, "signature": some.signature, "documents": len(some.counts.documents)}
    of_all |= {"events": events, "resamples": resampling.SWAPS, "least_p": resampling.least_p(events)}
    return [
        {**of_all, "first": a, "second": b, "first_f1": scores[a].main.f1, "second_f1": scores[b].main.f1}
        | {"difference": d.value, "low": d.interval.low, "high": d.interval.high, "p": d.p, "p_holm": p}
        for (a, b), d, p in zip(couples, found, corrected, strict=True)
    ]


def _print(records: list[dict[str, Any]]) -> None:
    first = records[0]
    table = Table("systems", box=None, title=str(first["task"]), title_justify="left")
    for name in ("F1", "difference", "95 % interval", "p", "p (Holm)"):
        table.add_column(name, justify="right", no_wrap=True)
    for r in records:
        shown = f"{r['difference']:+.3f}", f"{r['low']:+.3f} to {r['high']:+.3f}", f"{r['p']:.4f}", f"{r['p_holm']:.4f}"
        table.add_row(f"{r['first']} – {r['second']}", f"{r['first_f1']:.3f} – {r['second_f1']:.3f}", *shown)
    console = Console(width=max(100, Console().width))
    console.print(table)
    floor = f"p comes to about {first['least_p']:.4f} at best"
    corrected = min(1.0, len(records) * first["least_p"])
    floor += f", corrected {corrected:.4f}" if len(records) > 1 else ""
    floor += f": so few events can't make a difference significant at {_USUAL}" if corrected > _USUAL else ""
    console.print(f"{first['documents']} documents of {first['events']} events; {floor}", highlight=False)
    console.print(first["signature"], highlight=False, soft_wrap=True)
    console.print()
