"""`khabar sheet`: annotation sheets, empty and filled."""

from __future__ import annotations

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
from dataset_builder.formats.sheet.ids import keep_ids, with_other_layers
from dataset_builder.formats.sheet.lines import parse
from dataset_builder.incidents import Incident
from dataset_builder.model import Layer
from dataset_builder.validation.labels import check_labels
from dataset_builder.validation.references import LayerFile

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

    Records that say the same as before keep their ids, so reading a sheet twice changes nothing. Layers that the sheet
    does not name stay as they are.

    Example: khabar sheet read work/*.sheet --hand passes/amal
    """
    context.check_hand(hand)
    corpus = context.corpus()
    incidents: list[Incident] = []
    for path in paths:
        layer, removed, found = _read_one(path, hand, corpus)
        incidents += found
        if layer is None:
            continue
        counts = f"{len(layer.spans)} spans, {len(layer.relations)} relations, {len(layer.claims)} claims"
        changed = not check and corpus.write_layer(layer, hand)
        note = f" ({removed} records were removed)" if removed else "" if changed or check else " (nothing changed)"
        print(f"{layer.document}: {counts}{note}")
    context.finish(incidents)


def _ids(layer: Layer) -> set[str]:
    return {s.id for s in layer.spans} | {r.id for r in layer.relations} | {c.id for c in layer.claims}


def _read_one(path: Path, hand: str, corpus: Corpus) -> tuple[Layer | None, int, list[Incident]]:
    """The layer of one sheet with the ids that it had, None where the sheet has errors; and how many stored records it
    no longer has, a changed one counting as removed.
    """
    try:
        content = path.read_bytes().decode("utf8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: can't be read as a sheet ({error}); give a UTF-8 file") from error
    id = parse(content)[0].document or path.stem
    document = corpus.document(id)
    text = canonical_text(corpus, document)
    layer, found = sheet.read(content, id, text, document.sha256, corpus.schema, path=str(path))
    if missing := sheet.missing_sentences(content, text):
        fact = f"the sheet has no line for {', '.join(f's{n}' for n in missing[:5])}{' …' if len(missing) > 5 else ''}"
        found.append(Incident("sheet-sentence", f"{fact}; a sentence without records keeps its line", str(path)))
    removed = 0
    if corpus.layer_path(document, hand).is_file():
        old = corpus.layer(id, hand)
        layer, lost = with_other_layers(keep_ids(layer, old), old)
        found += (Incident("annotation-lost", f"{what} lost with a span that it joins", str(path)) for what in lost)
        removed = len(_ids(old) - _ids(layer))
    found += (i for i in check_labels(LayerFile(layer, str(path), {}, hand), corpus.schema, None) if i.is_error)
    if any(incident.is_error for incident in found):
        return None, 0, found
    if hand != "gold":
        layer = replace(layer, annotator=hand.removeprefix("passes/"), guidelines=corpus.guidelines_sha256)
    return storable(corpus, layer), removed, found


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
