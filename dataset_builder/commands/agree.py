"""`khabar agree`: how far two hands agree, and every place where they do not."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer

from dataset_builder.commands import context
from dataset_builder.corpus import Corpus
from dataset_builder.curation.agreement import Agreement, Compared, compare
from dataset_builder.curation.reading import readable
from dataset_builder.errors import UsageError, unknown
from dataset_builder.files import write_atomic


def agree(
    first: Annotated[
        str | None,
        typer.Argument(help="A hand: gold, or passes/<annotator>; default: the two passes of each document."),
    ] = None,
    others: Annotated[
        list[str] | None, typer.Argument(help="One or more other hands, each compared with the first.")
    ] = None,
    documents: Annotated[
        list[str] | None, typer.Option("--document", help="Only these documents; default: all that both annotated.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    html: Annotated[Path | None, typer.Option(help="Write every disagreement in its context to this page.")] = None,
) -> None:
    """Compare hands on the documents that both annotated: extents, types, claims, with every disagreement.

    F1 is 2 · shared / (first + second); alpha is Krippendorff's over letters, over words, and for units; kappa is
    Cohen's over the labels of spans with the same extent. Words need the text at hand.

    Example: khabar agree --html work/agreement.html
    """
    from dataset_builder.release.agreement import as_record, page, print_tables

    corpus = context.corpus()
    if first is None:
        pairs, first, second = list(both_passes(corpus, documents or [])), "first pass", "second pass"
    elif others:
        pairs = [pair for other in others for pair in _pairs(corpus, first, other, documents or [])]
        second = ", ".join(others)
    else:
        raise UsageError(f"{first} alone can't be compared: name another hand, or none to compare passes")
    if not pairs:
        raise UsageError(f"{first} and {second} share no annotated document; `khabar status` shows who annotated what")
    if html is not None:
        foreign = any(pair.text is not None and not pair.document.is_included for pair in pairs)
        context.check_place(html, corpus, foreign)
    found: Agreement = compare(pairs)
    if as_json:
        print(json.dumps(as_record(found, first, second), ensure_ascii=False, indent=1))
    else:
        print_tables(found, first, second)
    if html is not None:
        write_atomic(html, page(found, pairs, first, second))
        print(f"wrote {html}", file=sys.stderr)


def _pairs(corpus: Corpus, first: str, second: str, wanted: list[str]) -> Iterator[Compared]:
    for hand in (first, second):
        if hand not in corpus.hands():
            raise unknown("hand", hand, corpus.hands())
    both = {d.id for d in corpus.annotated(first)} & {d.id for d in corpus.annotated(second)}
    for id in _chosen(corpus, both, wanted):
        yield _compared(corpus, id, first, second)


def both_passes(corpus: Corpus, wanted: Sequence[str] = ()) -> Iterator[Compared]:
    """Every document that two annotators have passed over, or those `wanted` of them, with their passes."""
    twice = {document.id: (one, two) for document, one, two in corpus.twice_annotated()}
    for id in _chosen(corpus, set(twice), wanted):
        yield _compared(corpus, id, *twice[id])


def _chosen(corpus: Corpus, there: set[str], wanted: Sequence[str]) -> list[str]:
    for id in wanted:
        corpus.document(id)  # names an unknown one
    return sorted(there.intersection(wanted) if wanted else there)


def _compared(corpus: Corpus, id: str, first: str, second: str) -> Compared:
    one, two = readable(corpus, id, first), readable(corpus, id, second)
    # A copy that differs may have lost other spans on either side; offsets of the stored layers agree.
    if one.exact and two.exact:
        return Compared(one.document, one.layer, two.layer, one.text)
    return Compared(one.document, corpus.layer(id, first), corpus.layer(id, second), None)
