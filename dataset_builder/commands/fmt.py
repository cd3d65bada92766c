"""`khabar fmt`: write annotation files in canonical form, or check that they are."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dataset_builder.commands import context
from dataset_builder.files import write_atomic
from dataset_builder.validation.records import canonical_bytes, record_files


def fmt(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Files or folders; default: everything in annotations/.")
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Change nothing; exit 1 where a file is not canonical.")] = False,
) -> None:
    """Write annotation files in their one canonical form: key order, record order, escapes, line ends.

    Example: khabar fmt --check
    """
    corpus = context.corpus()
    incidents = []
    changed = 0
    for path in record_files(corpus, paths or []):
        content, found = canonical_bytes(path, corpus.relative(path), check=check)
        incidents += found
        if content is not None and not check and write_atomic(path, content):
            changed += 1
            print(f"formatted {corpus.relative(path)}")
    if not check:
        print(f"{changed} files changed")
    context.finish(incidents)
