"""`khabar ingest`: raw articles become documents."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from tqdm import tqdm

from dataset_builder.commands import context
from dataset_builder.corpus import INCLUDED_SOURCE
from dataset_builder.curation.ingest import Outcome, Terms
from dataset_builder.curation.ingest import ingest as take
from dataset_builder.errors import UsageError, unknown
from dataset_builder.incidents import Incident
from dataset_builder.readers.article import Article, Options
from dataset_builder.readers.encoding import known_encoding
from dataset_builder.readers.reading import FORMATS, files, read
from dataset_builder.readers.rows import USUAL


def ingest(
    paths: Annotated[list[Path], typer.Argument(help="Files, or folders of files.")],
    source: Annotated[str, typer.Option(help="Id of the source, as in ant.")],
    format: Annotated[str | None, typer.Option(help=f"{', '.join(FORMATS)}; default: recognised.")] = None,
    licence: Annotated[str, typer.Option(help="SPDX id or words; needed where texts are included.")] = "",
    availability: Annotated[str, typer.Option(help="referenced (text stays outside the repository) or included.")] = (
        "referenced"
    ),
    outlet: Annotated[str, typer.Option(help="Id in outlets.jsonl; default: what each article says.")] = "",
    encoding: Annotated[str, typer.Option(help="What to take for the encoding where bytes leave it open.")] = "",
    column: Annotated[
        list[str] | None, typer.Option(help=f"PART=NAME for JSONL, CSV, Parquet; parts: {', '.join(USUAL)}.")
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Write nothing; exit 1 where something would change.")] = False,
) -> None:
    """Add raw articles to a source: its manifest and, for referenced texts git-ignored, articles/.

    Example: khabar ingest ~/antcorpus.data/internationalNews --source ant --licence Apache-2.0
    """
    corpus = context.corpus()
    terms = Terms(source, availability, licence, outlet)
    if encoding and not known_encoding(encoding):
        raise unknown("encoding", encoding, ("utf-8", "utf-16", "windows-1256", "iso-8859-6"))
    options = Options(encoding, _columns(column or []))
    outcome = take(corpus, _articles(paths, format, options), terms, check=check)
    _tell(outcome, terms, check)
    context.finish(outcome.incidents)
    if check and outcome.changes:
        raise typer.Exit(1)


def _columns(given: list[str]) -> dict[str, str]:
    columns = dict(pair.partition("=")[::2] for pair in given)
    for part, name in columns.items():
        if part not in USUAL:
            raise unknown("part of an article", part, USUAL)
        if not name:
            raise UsageError(f"--column {part} names no column; write --column {part}=NAME")
    return columns


def _articles(paths: list[Path], format: str | None, options: Options) -> Iterator[Article | Incident]:
    """Everything that the paths hold, with a bar over the files, or over the articles of the only one."""
    found = list(files(paths, format))
    quiet = not sys.stderr.isatty()
    for file in tqdm(found, unit=" files", disable=quiet or len(found) == 1):
        inside = iter([file]) if isinstance(file, Incident) else read(file, format, options)
        yield from tqdm(inside, unit=" articles", disable=quiet or len(found) > 1)


def _tell(outcome: Outcome, terms: Terms, check: bool) -> None:
    """What was done, one line a document except for those that were there already."""
    for document in outcome.taken:
        print(
            f"{'would take' if check else 'took'} {document.id} ({document.length:,} characters, {document.encoding})"
        )
    for document in outcome.repeats:
        print(f"{document.id} repeats {document.duplicate_of}")
    for document in outcome.excluded:
        print(f"{document.id} is kept out: {document.excluded}")
    counts = f"{len(outcome.taken)} taken, {len(outcome.repeats)} repeats, {len(outcome.excluded)} kept out"
    print(f"{terms.source}: {counts}, {len(outcome.known)} known, {outcome.refused} refused")
    if outcome.unknown_outlets:
        named = ", ".join(sorted(outcome.unknown_outlets))
        print(f"no outlet was recorded for {named}: add it to annotations/outlets.jsonl, or give --outlet")
    if terms.is_included and terms.source != INCLUDED_SOURCE and outcome.taken:
        print(
            f"articles/{terms.source}/ is git-ignored; let .gitignore pass it so that the included texts are committed"
        )
