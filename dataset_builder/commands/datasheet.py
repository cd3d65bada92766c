"""`khabar datasheet`: every figure in the documents, computed anew from the data."""

from __future__ import annotations

import difflib
from typing import Annotated

import typer

from dataset_builder.commands import context
from dataset_builder.files import write_atomic
from dataset_builder.release.generated import fill
from dataset_builder.release.statistics import BLOCKS, Figures

#: The documents that hold computed figures.
DOCUMENTS = ("DATASHEET.md", "README.md", "annotations/README.md", "docs/bias.md", "docs/bias-clusters.md")


def datasheet(
    check: Annotated[bool, typer.Option("--check", help="Change nothing; exit 1 where a figure is stale.")] = False,
) -> None:
    """Compute what stands between markers in DATASHEET.md and the other documents with figures, from the annotations.

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
        new = fill(old, BLOCKS, figures)
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
    if stale:
        print("stale figures; run `khabar datasheet`")
        raise typer.Exit(1)
