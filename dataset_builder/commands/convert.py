"""`khabar convert`: layers to and from other tools' files."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from tqdm import tqdm

from dataset_builder.codec import encode_layer
from dataset_builder.commands import context
from dataset_builder.corpus import Corpus
from dataset_builder.curation.conversion import corpus_layer, own_layer
from dataset_builder.curation.reading import readable, storable
from dataset_builder.errors import UsageError, unknown
from dataset_builder.files import write_atomic
from dataset_builder.formats.foreign import Foreign, Item, Labels
from dataset_builder.formats.regions import restricted
from dataset_builder.formats.table import FORMATS, Format
from dataset_builder.incidents import Incident
from dataset_builder.model import Layer
from dataset_builder.records import ANNOTATOR

app = typer.Typer(no_args_is_help=True, help="Other tools' files: brat, CoNLL, spaCy, doccano, INCEpTION.")
Name = Annotated[str, typer.Argument(metavar="FORMAT", help=f"One of {', '.join(FORMATS)}.")]
Layers = Annotated[str, typer.Option(help="Layers, with commas between; default: all that were annotated.")]


@app.command("formats")
def formats() -> None:
    """List the formats, and what each can't carry.

    Example: khabar convert formats
    """
    for name, form in FORMATS.items():
        way = "" if form.write else "; is only read"
        print(f"{name:8} {form.name} (*{form.suffix}){way}\n{'':8} lost: {form.loses or 'nothing'}")


@app.command("to")
def to(
    name: Name,
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder to write to.")],
    documents: Annotated[list[str] | None, typer.Argument(help="Document ids; default: all with a text.")] = None,
    hand: Annotated[str, typer.Option("--hand", help="Whose layer: gold, or passes/<annotator>.")] = "gold",
    layers: Layers = "",
) -> None:
    """Write layers as another tool's files.

    Example: khabar convert to brat composed-0001-a --out work/brat
    """
    corpus = context.corpus()
    form = _format(name)
    if form.write is None:
        raise UsageError(f"{name} is only read; khabar convert formats lists what can be written")
    items = list(_items(corpus, documents or [], hand, _layers(corpus, layers)))
    foreign = not all(corpus.document(item.id).is_included for item in items)
    written = 0
    for file, content in form.write(tqdm(items, unit=" documents", disable=None, leave=False), corpus.schema):
        context.check_place(out / file, corpus, foreign=foreign)
        write_atomic(out / file, content)
        written += 1
    lost = f"; lost: {form.loses}" if form.loses else ""
    print(f"{len(items)} documents in {written} files in {out}{lost}", file=sys.stderr)


@app.command("from")
def from_(
    name: Name,
    paths: Annotated[list[Path], typer.Argument(help="Files, or folders of them.")],
    hand: Annotated[str, typer.Option("--hand", help="Store as gold or passes/<annotator> of documents here.")] = "",
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Else: write texts and layers to a folder.")] = None,
    onto: Annotated[str, typer.Option(help="Whose layer gives what the format lost; default: that of --hand.")] = "",
    label: Annotated[list[str] | None, typer.Option(help="Theirs as ours: 'PER=ACTOR.PERSON mention=name'.")] = None,
    layers: Layers = "",
) -> None:
    """Read another tool's files into a pass of documents that are here, or into a folder of texts and layers.

    Example: khabar convert from brat work/brat --hand passes/amal
    Example: khabar convert from conll news.conll --label 'PER=ACTOR.PERSON mention=name' --label MISC= -o work/news
    """
    corpus = context.corpus()
    if bool(hand) == bool(out):
        raise UsageError("give either --hand, to store layers of documents here, or --out for a folder of its own")
    if hand and hand != "gold" and not re.fullmatch(f"passes/{ANNOTATOR}", hand):
        raise UsageError(f"--hand {hand!r}: write gold, or passes/<annotator> with 2 to 32 of a-z, 0-9 and -")
    form = _format(name)
    labels = Labels(corpus.schema, dict(_pair(pair) for pair in label or []))
    wanted = _layers(corpus, layers)
    incidents: list[Incident] = []
    for path in tqdm(_files(paths, form), unit=" files", disable=None, leave=False):
        for foreign in form.read(path, labels):
            if hand:
                layer, found = corpus_layer(foreign, corpus, wanted, _onto(corpus, foreign.id, onto or hand))
                if not any(incident.is_error for incident in found):
                    _store(corpus, layer, hand)
            else:
                layer, found = own_layer(foreign, wanted)
                _put(foreign, layer, out or Path())
            incidents += found
            counts = f"{len(layer.spans)} spans, {len(layer.relations)} relations, {len(layer.claims)} claims"
            print(f"{layer.document}: {counts}")
    context.finish(incidents)


def _format(name: str) -> Format:
    if name not in FORMATS:
        raise unknown("format", name, FORMATS)
    return FORMATS[name]


def _layers(corpus: Corpus, given: str) -> list[str]:
    names = given.split(",") if given else []
    for name in names:
        if name not in corpus.schema.layers:
            raise unknown("layer", name, corpus.schema.layers)
    return names


def _pair(given: str) -> tuple[str, str]:
    theirs, equals, ours = given.partition("=")
    if not equals or not theirs:
        raise UsageError(
            f"--label {given!r}: write their label and ours, like PER=ACTOR.PERSON, or PER= for one to pass over"
        )
    return theirs, ours


def _items(corpus: Corpus, ids: Sequence[str], hand: str, layers: Sequence[str]) -> Iterator[Item]:
    for id in ids or [document.id for document in corpus.annotated(hand)]:
        reading = readable(corpus, id, hand)
        if reading.text is not None:
            yield Item(id, reading.text, restricted(reading.layer, layers or corpus.schema.layers))
        elif ids:
            raise UsageError(f"{id}: its text is not here; run `khabar hydrate` on a folder that holds a copy")


def _files(paths: Sequence[Path], form: Format) -> list[Path]:
    found = [file for path in paths for file in (sorted(path.glob(f"*{form.suffix}")) if path.is_dir() else [path])]
    for path in found:
        if not path.is_file():
            raise UsageError(f"{path}: no such file; give files, or a folder of *{form.suffix}")
    if not found:
        raise UsageError(f"{paths[0]}: no *{form.suffix} is in it; name the files if they end in something else")
    return found


def _onto(corpus: Corpus, id: str, hand: str) -> Layer | None:
    known = id in corpus.documents and corpus.layer_path(corpus.document(id), hand).is_file()
    return readable(corpus, id, hand).layer if known else None


def _store(corpus: Corpus, layer: Layer, hand: str) -> None:
    if hand != "gold":
        layer = replace(layer, annotator=hand.removeprefix("passes/"), guidelines=corpus.guidelines_sha256)
    corpus.write_layer(storable(corpus, layer), hand)


def _put(foreign: Foreign, layer: Layer, out: Path) -> None:
    name = re.sub(r"[^\w.-]+", "-", foreign.id).strip(".-") or "document"
    write_atomic(out / f"{name}.txt", foreign.text.encode("utf8"))
    write_atomic(out / f"{name}.jsonl", encode_layer(layer))
