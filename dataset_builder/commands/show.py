"""`khabar show`: one document with its annotations, in the terminal or as a page."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from dataset_builder.commands import context
from dataset_builder.curation.reading import readable
from dataset_builder.errors import unknown
from dataset_builder.files import write_atomic


def show(
    document: Annotated[str, typer.Argument(help="Document id.")],
    hand: Annotated[str, typer.Option("--hand", help="Whose layer: gold, or passes/<annotator>.")] = "gold",
    html: Annotated[
        Path | None, typer.Option("--html", help="Write a self-contained page to this file instead.")
    ] = None,
) -> None:
    """Show a document with what is annotated on it: spans, claims, events and loaded words.

    Example: khabar show composed-0001-a --html work/composed-0001-a.html
    """
    from dataset_builder.release.outline import make_outline

    corpus = context.corpus()
    if hand not in corpus.hands():
        raise unknown("hand", hand, corpus.hands())
    found = readable(corpus, document, hand)
    if html is not None:
        context.check_place(html, corpus, found.text is not None and not found.document.is_included)
    context.report(found.lost)
    outline = make_outline(found.document, found.layer, found.text, corpus.schema, hand, len(found.lost))
    if found.text is None:
        print(f"{document}: its text is not here; add it from a copy with `khabar hydrate PATH`", file=sys.stderr)
    if html is None:
        from rich.console import Console

        from dataset_builder.release.terminal import print_outline

        print_outline(outline, Console())
        return
    from dataset_builder.release.page import render

    changed = write_atomic(html, render(outline))
    print(f"wrote {html}" if changed else f"{html} is as it was")
