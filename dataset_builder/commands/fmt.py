"""`khabar fmt`: write annotation files in canonical form, or check that they are."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dataset_builder.commands import context
from dataset_builder.files import write_atomic
from dataset_builder.incidents import Incident
from dataset_builder.validation.records import check_records, read_records, record_files


def fmt(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Files or folders; default: everything in annotations/.")
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; exit 1 where a file is not canonical.")
    ] = False,
) -> None:
    """Write annotation files in their one canonical form: key order, record order, escapes, line ends.

    Example: khabar fmt --check
    """
    corpus = context.corpus()
    incidents: list[Incident] = []
    changed = 0
    for path in record_files(corpus, paths or []):
        file = read_records(path, corpus)
        if check:
            incidents += check_records(file)
            continue
        incidents += file.found
        if file.canonical is not None and write_atomic(path, file.canonical):
            changed += 1
            print(f"formatted {file.path}")
    print(f"{len(incidents)} findings" if check else f"{changed} files changed")
    context.finish(incidents)
