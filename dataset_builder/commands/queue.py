"""`khabar queue`: what to annotate next."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, cast

import typer
from rich.console import Console
from rich.table import Table
from tqdm import tqdm

from dataset_builder.baselines.card import Card
from dataset_builder.baselines.system import System
from dataset_builder.baselines.table import trained
from dataset_builder.commands import context
from dataset_builder.corpus import Corpus
from dataset_builder.curation.benchmark import split_of
from dataset_builder.curation.queue import PASSES, Waiting, disagreement, ordered, waiting
from dataset_builder.curation.reading import canonical_text
from dataset_builder.errors import UsageError
from dataset_builder.model import Document


def queue(
    model: Annotated[
        Path | None, typer.Option(help="Folder of a trained system: what it doubts most comes first.")
    ] = None,
    against: Annotated[
        Path | None, typer.Option(help="Folder of a second one: where the two differ most comes first.")
    ] = None,
    source: Annotated[str | None, typer.Option(help="Only this source, as in ant.")] = None,
    below: Annotated[int, typer.Option(help="Documents with fewer passes than this.", min=1)] = PASSES,
    everything: Annotated[bool, typer.Option("--all", help="Those too whose text is not here.")] = False,
    limit: Annotated[int, typer.Option(help="How many to show; 0 shows all.", min=0)] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a document.")] = False,
) -> None:
    """List documents that wait for annotation: least annotated first, or by what systems make of them.

    Doubt is the expected number of wrong tags in 100 words, from the system's own chances; a difference is 1 - F1 of
    two systems' spans, and by far the better guide to where a system errs (benchmarks/README.md). Both leave out what a
    system has learned from.

    Example: khabar queue --model work/crf --source composed
    """
    corpus = context.corpus()
    documents = [each for each in waiting(corpus, below) if source in (None, each.document.source)]
    if source is not None and source not in (known := {d.source for d in corpus.documents.values()}):
        raise UsageError(f"there is no source {source!r}; known: {', '.join(sorted(known))}")
    here = [each for each in documents if everything or each.has_text]
    if len(documents) > len(here):
        print(f"{len(documents) - len(here)} more whose text is not here (--all; `khabar hydrate`)", file=sys.stderr)
    documents = here
    if against is not None and model is None:
        raise UsageError("--against compares with --model; give both")
    title = "passes"
    if model is not None:
        documents, title = _by_systems(corpus, documents, [model, *([against] if against else [])])
    _show(documents[: limit or None], len(documents), title, as_json)


def _by_systems(corpus: Corpus, documents: list[Waiting], folders: list[Path]) -> tuple[list[Waiting], str]:
    loaded = [trained(folder, corpus.schema) for folder in folders]
    cards, systems = [card for card, _ in loaded], [system for _, system in loaded]
    worth = _worth(corpus, systems, cards)
    learned = {id for card in cards for track in card.train for id in split_of(corpus, track, "train").documents}
    kept = [each for each in documents if each.has_text and each.document.id not in learned]
    known = sum(each.document.id in learned for each in documents)
    print(f"left out: {known} documents that were learned from", file=sys.stderr)
    shown = tqdm(kept, desc="reading", unit=" documents", disable=None, leave=False)
    return ordered(shown, worth), "doubt" if len(systems) == 1 else "difference"


def _worth(corpus: Corpus, systems: list[System], cards: list[Card]) -> Callable[[Document], float]:
    """What a document is ordered by; UsageError where a single system gives no chances."""
    if len(systems) == 1:
        doubt = cast(Any, getattr(systems[0], "doubt", None))
        if doubt is None:
            raise UsageError(
                f"{cards[0].system} says nothing of its chances; give a second system --against it, or a crf or stack"
            )
        return lambda document: float(doubt(canonical_text(corpus, document)))

    def differ(document: Document) -> float:
        text = canonical_text(corpus, document)
        first, second = (system.predict(document.id, text) for system in systems)
        return disagreement(first, second)

    return differ


def _show(documents: list[Waiting], total: int, title: str, as_json: bool) -> None:
    if as_json:
        for each in documents:
            record = {"document": each.document.id, "passes": each.passes, "gold": each.has_gold, "text": each.has_text}
            print(json.dumps(record | ({} if each.worth is None else {title: round(each.worth, 4)})))
        return
    if not documents:
        print("nothing waits: every document has its passes (`khabar status`); bring new articles with `khabar ingest`")
        return
    table = Table("document", "words", "passes", "gold", "text", box=None)
    if documents[0].worth is not None:
        table.add_column(title, justify="right")
    for each in documents:
        row = [each.document.id, str(each.document.words), str(each.passes), *map(_yes, (each.has_gold, each.has_text))]
        table.add_row(*row, *([] if each.worth is None else [f"{each.worth:.3f}"]))
    console = Console()
    console.print(table)
    if total > len(documents):
        console.print(f"{total - len(documents)} more; --limit 0 shows all", highlight=False)


def _yes(value: bool) -> str:
    return "yes" if value else "–"
