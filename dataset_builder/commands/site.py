"""`khabar site`: pages to look at the corpus with, as a folder that opens from disk."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dataset_builder.commands import context


def site(
    out: Annotated[Path | None, typer.Option(help="The folder to write; default: dist/site in the checkout.")] = None,
    with_texts: Annotated[
        bool,
        typer.Option(
            "--with-texts", help="With the words of hydrated texts, into dist/site-local; not to be published."
        ),
    ] = False,
) -> None:
    """Make static pages: the corpus to filter and search, each document, events side by side, figures, guidelines.

    Open index.html in a browser; no server is needed and nothing is loaded from anywhere. Referenced texts are shown as
    structure and digests, without words.

    Example: khabar site --out dist/site
    """
    from dataset_builder.release.site.build import write

    corpus = context.corpus()
    place = out or corpus.root / "dist" / ("site-local" if with_texts else "site")
    made = write(corpus, place, with_texts)
    print(f"{corpus.relative(place.resolve())}: {made.pages} pages, {made.size / 1e6:.1f} MB; open index.html")
    if with_texts:
        print(f"It has the words of {made.foreign} texts that belong to others: not for redistribution.")
