"""`khabar datasheet`: every figure in the documents, computed anew from the data, and the table of systems."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import Annotated

import typer

from dataset_builder.baselines.table import SYSTEMS
from dataset_builder.commands import context
from dataset_builder.files import write_atomic
from dataset_builder.release.answers import DATASHEET, unanswered
from dataset_builder.release.generated import fill
from dataset_builder.release.statistics import BLOCKS, Figures

#: The documents that hold computed figures.
DOCUMENTS = (
    DATASHEET,
    "README.md",
    "annotations/README.md",
    "docs/baselines.md",
    "docs/bias.md",
    "docs/bias-clusters.md",
)


def systems(figures: Figures) -> str:
    """The baselines, as `dataset_builder.baselines.table` has them."""
    rows = [f"| `{s.name}` | {s.about} | {s.learning} |" for s in SYSTEMS.values()]
    return "\n".join(["| system | what it is | learns from gold |", "|---|---|---|", *rows])


def datasheet(
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; exit 1 for a stale figure or an open question.")
    ] = False,
) -> None:
    """Compute what stands between markers in the documents, from the annotations and the table of systems.

    DATASHEET.md has to answer every question of "Datasheets for Datasets" and of a data statement; open ones are named.

    Example: khabar datasheet --check
    """
    corpus = context.corpus()
    figures = Figures(corpus)
    stale = False
    for name in DOCUMENTS:
        path = corpus.root / name
        if not path.is_file():
            continue
        old = path.read_text("utf8")
        new = fill(old, {**BLOCKS, "systems": systems}, figures)
        if new == old:
            print(f"{name}: as the data has it")
        elif check:
            stale = True
            lines = difflib.unified_diff(
                old.splitlines(), new.splitlines(), name, f"{name}, from the data", n=0, lineterm=""
            )
            print("\n".join(lines))
        else:
            write_atomic(path, new)
            print(f"{name}: figures renewed")
    missing = open_questions(corpus.root / DATASHEET)
    if stale:
        print("stale figures; run `khabar datasheet`")
    if check and (stale or missing):
        raise typer.Exit(1)


def open_questions(path: Path) -> list[str]:
    """The questions that a datasheet leaves open, each printed."""
    missing = unanswered(path.read_text("utf8")) if path.is_file() else []
    for question in missing:
        print(f"{path.name}: no answer to “### {question}”; write one below that heading, if only why there is none")
    return missing
