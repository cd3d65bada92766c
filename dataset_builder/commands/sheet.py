"""`khabar sheet`: annotation sheets, empty and filled."""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from dataset_builder.commands import context
from dataset_builder.corpus import Corpus, sha256
from dataset_builder.curation.reading import canonical_text, readable, storable
from dataset_builder.errors import UsageError, unknown
from dataset_builder.files import write_atomic
from dataset_builder.formats import sheet
from dataset_builder.formats.sheet.ids import keep_ids
from dataset_builder.formats.sheet.lines import parse
from dataset_builder.incidents import Incident
from dataset_builder.model import Layer

app = typer.Typer(
    no_args_is_help=True, help="Annotate by hand: numbered sentences, one record a line, quotes instead of offsets."
)
Hand = Annotated[str, typer.Option("--hand", help="Whose layer: gold, or passes/<annotator>.")]


@app.command("new")
def new(
    document: Annotated[str, typer.Argument(help="Document id.")],
    layers: Annotated[str, typer.Option(help="Layers to annotate, with commas between; default: all.")] = "",
    out: Annotated[Path | None, typer.Option("--out", "-o", help="File to write; default: standard output.")] = None,
) -> None:
    """Make an empty sheet: the forms and the numbered sentences, nothing that anybody annotated.

    Example: khabar sheet new composed-0001-a -o work/composed-0001-a.sheet
    """
    corpus = context.corpus()
    wanted = layers.split(",") if layers else list(corpus.schema.layers)
    for name in wanted:
        if name not in corpus.schema.layers:
            raise unknown("layer", name, corpus.schema.layers)
    text = _text(corpus, document, out)
    _put(sheet.new(document, text, sha256(text), wanted), out)


@app.command("write")
def write(
    document: Annotated[str, typer.Argument(help="Document id.")],
    hand: Hand = "gold",
    out: Annotated[Path | None, typer.Option("--out", "-o", help="File to write; default: standard output.")] = None,
) -> None:
    """Write a stored layer as a filled sheet, to go on from or to correct.

    Example: khabar sheet write composed-0001-a -o work/composed-0001-a.sheet
    """
    corpus = context.corpus()
    text = _text(corpus, document, out)
    _put(sheet.write(readable(corpus, document, hand).layer, text, corpus.schema), out)


@app.command("read")
def read(
    paths: Annotated[list[Path], typer.Argument(help="Filled sheets.")],
    hand: Hand = "gold",
    check: Annotated[bool, typer.Option("--check", help="Name faulty lines, store nothing.")] = False,
) -> None:
    """Read filled sheets into layers, or name each faulty line with what would fit; a sheet with errors is not stored.

    Records that say the same as before keep their ids, so reading a sheet twice changes nothing.

    Example: khabar sheet read work/*.sheet --hand passes/amal
    """
    if hand != "gold" and not re.fullmatch(r"passes/[a-z0-9-]{2,32}", hand):
        raise UsageError(f"--hand {hand!r}: write gold, or passes/<annotator> with 2 to 32 of a-z, 0-9 and -")
    corpus = context.corpus()
    incidents: list[Incident] = []
    for path in paths:
        layer, found = _read_one(path, hand, corpus)
        incidents += found
        if layer is None:
            continue
        changed = not check and corpus.write_layer(layer, hand)
        counts = f"{len(layer.spans)} spans, {len(layer.relations)} relations, {len(layer.claims)} claims"
        print(f"{layer.document}: {counts}{'' if changed or check else ' (nothing changed)'}")
    context.finish(incidents)


def _read_one(path: Path, hand: str, corpus: Corpus) -> tuple[Layer | None, list[Incident]]:
    """The layer of one sheet with the ids that it had; None where the sheet has errors."""
    try:
        content = path.read_bytes().decode("utf8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: can't be read as a sheet ({error}); give a UTF-8 file") from error
    id = parse(content)[0].document or path.stem
    document = corpus.document(id)
    text = canonical_text(corpus, document)
    layer, found = sheet.read(content, id, text, document.sha256, corpus.schema, path=str(path))
    if any(incident.is_error for incident in found):
        return None, found
    if corpus.layer_path(document, hand).is_file():
        layer = keep_ids(layer, corpus.layer(id, hand))
    if hand != "gold":
        layer = replace(layer, annotator=hand.removeprefix("passes/"), guidelines=corpus.guidelines_sha256)
    return storable(corpus, layer), found


def _text(corpus: Corpus, document: str, out: Path | None) -> str:
    """The canonical text, once it is sure that a sheet with its words may go to `out`."""
    record = corpus.document(document)
    if out is not None:
        context.check_place(out, corpus, foreign=not record.is_included)
    return canonical_text(corpus, record)


def _put(content: str, out: Path | None) -> None:
    if out is None:
        sys.stdout.write(content)
    else:
        write_atomic(out, content)
        print(f"wrote {out}")
