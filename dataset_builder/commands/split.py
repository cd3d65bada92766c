"""`khabar split`: check the lists in splits/, or pin them."""

from __future__ import annotations

from typing import Annotated

import typer

from dataset_builder.commands import context
from dataset_builder.corpus import Corpus
from dataset_builder.splits import pin
from dataset_builder.validation.splits import check_splits


def split(
    pin_lists: Annotated[
        bool, typer.Option("--pin", help="Sort the lists and write their hashes into splits.toml.")
    ] = False,
    check: Annotated[bool, typer.Option("--check", help="Only report; what happens without --pin too.")] = False,
) -> None:
    """Check the splits: pinned hashes, unknown documents, documents and events in two splits.

    Example: khabar split --check
    """
    if pin_lists and check:
        raise typer.BadParameter("--pin writes and --check does not; give one of them")
    corpus = context.corpus()
    if pin_lists:
        # What pinning settles is no obstacle to it; an unknown document or a document in two splits is.
        wrong = [i for i in check_splits(corpus) if i.is_error and i.code not in ("split-list-edited", "split-order")]
        context.finish(wrong)
        for path in pin(corpus.root):
            print(f"pinned {path}")
        corpus = Corpus(corpus.root)
    for each in corpus.splits.lists:
        print(f"{each.track} {each.name}: {len(each.documents)} documents, {each.sha256[:12]}")
    context.finish(list(check_splits(corpus)))
