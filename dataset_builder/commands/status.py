"""`khabar status`: what the checkout holds and what is left to do."""

from __future__ import annotations

from collections import Counter

from rich.console import Console
from rich.table import Table

from dataset_builder.commands import context
from dataset_builder.corpus import Corpus
from dataset_builder.model import Document


def status() -> None:
    """Count documents, texts at hand, gold and passes per source.

    Example: khabar status
    """
    corpus = context.corpus()
    table = Table("source", "documents", "repeats", "left out", "texts here", "gold", "to annotate", box=None)
    sources: dict[str, list[Document]] = {}
    for document in corpus.documents.values():
        sources.setdefault(document.source, []).append(document)
    for source, documents in sources.items():
        table.add_row(source, *(str(n) for n in _counts(corpus, documents)))
    console = Console()
    console.print(table)
    for hand in corpus.hands()[1:]:
        console.print(f"{hand}: {sum(1 for _ in corpus.annotated(hand))} documents")


def _counts(corpus: Corpus, documents: list[Document]) -> list[int]:
    counts: Counter[str] = Counter()
    for document in documents:
        kept = not document.duplicate_of and not document.excluded
        counts["repeats"] += bool(document.duplicate_of)
        counts["left out"] += bool(document.excluded)
        counts["text"] += kept and corpus.text_path(document).is_file()
        counts["gold"] += corpus.layer_path(document).is_file()
        counts["left"] += kept and not corpus.layer_path(document).is_file()
    return [len(documents), *(counts[key] for key in ("repeats", "left out", "text", "gold", "left"))]
