"""`khabar stories`: documents on one happening, proposed by a program and joined by whoever read them."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from dataset_builder.commands import context
from dataset_builder.curation.stories import join, propose


def stories(
    documents: Annotated[
        list[str] | None, typer.Argument(help="Documents to join into one story; none: propose pairs.")
    ] = None,
    source: Annotated[str, typer.Option(help="Propose only pairs with a document of this source.")] = "",
    least: Annotated[float, typer.Option(min=0, max=1, help="Smallest cosine of the words of two texts.")] = 0.2,
    days: Annotated[int, typer.Option(min=0, help="Longest time between the two publications.")] = 10,
) -> None:
    """Propose pairs of texts that may tell the same happening, or join documents that do; read both before you join.

    Example: khabar stories --least 0.3
    """
    corpus = context.corpus()
    if documents:
        print(f"one event now: {join(corpus, documents)}")
        return
    live = [d for d in corpus.documents.values() if not d.excluded and not d.duplicate_of]
    texts = {d.id: (d, text) for d in live if (text := corpus.text(d)) is not None}
    pairs = [p for p in propose(texts, least, days) if not source or source in (p.first.source, p.second.source)]
    table = Table("first", "second", "cosine", "days", box=None, title=f"{len(pairs)} pairs of {len(texts)} texts")
    for pair in pairs:
        table.add_row(pair.first.id, pair.second.id, f"{pair.similarity:.2f}", str(pair.days))
    Console().print(table)
