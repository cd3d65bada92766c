"""`khabar adjudicate`: two passes of a document side by side to decide on, and what the gold decided."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from dataset_builder.commands import context, decide
from dataset_builder.corpus import sha256
from dataset_builder.curation.adjudication import RIGHTS, decided
from dataset_builder.curation.reading import canonical_text, readable
from dataset_builder.errors import UsageError
from dataset_builder.files import write_atomic
from dataset_builder.formats import sheet

app = typer.Typer(no_args_is_help=True, help="Decide between two passes, and see which of them the gold followed.")
app.command("push")(decide.push)
app.command("pull")(decide.pull)


@app.command("sheets")
def sheets(
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder to write ID.sheet files to.")],
    documents: Annotated[
        list[str] | None, typer.Argument(help="Document ids; default: every document with two passes.")
    ] = None,
) -> None:
    """Write a sheet a document: what two passes agree on stands, what they dispute is there twice behind #1 and #2.

    Take the sign off the line that is right, or write a third; then `khabar sheet read` makes the gold.

    Example: khabar adjudicate sheets composed-0001-a -o work/adjudicate
    """
    corpus = context.corpus()
    twice = {document.id: (document, one, two) for document, one, two in corpus.twice_annotated()}
    for id in documents or []:
        if corpus.document(id).id not in twice:
            raise UsageError(f"{id} has not two passes; `khabar status` shows who annotated what")
    for id in documents or twice:
        document, *hands = twice[id]
        # Who decides leans to what stands first, so which hand that is is drawn from the document's id.
        one, two = hands if sha256(id)[0] < "8" else hands[::-1]
        path = out / f"{id}.sheet"
        context.check_place(path, corpus, foreign=not document.is_included)
        text = canonical_text(corpus, document)
        first, second = (readable(corpus, id, hand).layer for hand in (one, two))
        content, disputed = sheet.disputed(first, second, text, corpus.schema)
        write_atomic(path, content)
        print(f"{path}: {disputed} disputed lines of {one} (#1) and {two} (#2)")


@app.command("shares")
def shares() -> None:
    """Count who was right in each difference between two passes, as the gold has it.

    Example: khabar adjudicate shares
    """
    found = decided(context.corpus())
    if not found.documents:
        raise UsageError("no document has two passes and gold; `khabar status` shows who annotated what")
    table = Table("about", box=None, title=f"{len(found.documents)} documents", title_justify="left")
    for name in ("differences", *RIGHTS):
        table.add_column(name, justify="right")
    for about, counts in [*sorted(found.counts.items()), ("all", found.total)]:
        table.add_row(about, str(counts.total()), *(str(counts[right]) for right in RIGHTS))
    Console().print(table)
