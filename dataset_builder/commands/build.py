"""`khabar build`: the dataset as Parquet with its card, and a summary of what is in it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dataset_builder.commands import context

if TYPE_CHECKING:
    from dataset_builder.release.manifest import Manifest


def build(
    hydrated: Annotated[
        bool, typer.Option("--hydrated", help="With the words of hydrated texts, into dist/khabar-local; stays here.")
    ] = False,
    out: Annotated[Path | None, typer.Option(help="The folder to write; default: dist/khabar in the checkout.")] = None,
) -> None:
    """Build the dataset: Parquet files, card, checksums, manifest.

    Example: khabar build --out dist/khabar
    """
    from dataset_builder.release import folder
    from dataset_builder.release.content import make_release
    from dataset_builder.release.lock import is_locked, write_lock

    corpus = context.corpus()
    release = make_release(corpus, hydrated)
    place = out or corpus.root / "dist" / ("khabar-local" if hydrated else "khabar")
    manifest = folder.write(release, corpus, place)
    # The lock comes last: a build that failed has not released anything.
    if not hydrated and write_lock(corpus.root, release.lock):
        print(f"locked version {release.version} in annotations/release.jsonl; commit it")
    show(manifest)
    print(f"\n{corpus.relative(place.resolve())}: version {release.version}, content {release.digest[:12]}")
    if hydrated:
        print("This build has words that belong to others: not for redistribution.")
    elif not is_locked(release.version):
        print("A -dev version is not locked: its content may change without a new number.")


def show(manifest: Manifest) -> None:
    """Print what a release holds, by track and split, and what was left out and why."""
    from rich.console import Console
    from rich.table import Table

    splits = list(dict.fromkeys(split for by_split in manifest.rows.values() for split in by_split))
    table = Table(title=f"Khabar {manifest.version}", title_justify="left")
    table.add_column()
    for split in splits:
        table.add_column(split, justify="right")
    for track in dict.fromkeys(c.track for c in manifest.splits):
        counts = {c.split: c for c in manifest.splits if c.track == track}
        held = [counts.get(split) for split in splits]
        table.add_row(f"[bold]{track}[/bold]")
        table.add_row("documents", *(str(c.documents) if c else "" for c in held))
        table.add_row("words", *("" if c is None else "–" if c.words is None else str(c.words) for c in held))
        for layer in manifest.splits[0].spans:
            table.add_row(f"{layer} spans", *(str(c.spans[layer]) if c else "" for c in held))
        table.add_row("relations", *(str(c.relations) if c else "" for c in held))
        table.add_row("claims", *(str(c.claims) if c else "" for c in held), end_section=True)
    table.add_row("[bold]rows by configuration[/bold]")
    for config, by_split in manifest.rows.items():
        table.add_row(config, *(str(by_split.get(split, "")) for split in splits))

    console = Console()
    console.print(table)
    for reason, number in manifest.left_out.items():
        console.print(f"left out: {number} × {reason}", highlight=False, markup=False)
