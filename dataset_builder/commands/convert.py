"""`khabar convert`: layers to and from other tools' files."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
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
from dataset_builder.errors import DataError, KhabarError, UsageError, unknown
from dataset_builder.files import write_atomic
from dataset_builder.formats.foreign import Foreign, Item, Labels
from dataset_builder.formats.regions import restricted
from dataset_builder.formats.table import FORMATS, Format
from dataset_builder.incidents import Incident
from dataset_builder.model import Layer

app = typer.Typer(no_args_is_help=True, help="Other tools' files: brat, CoNLL, spaCy, doccano, INCEpTION.")
#: How many findings of a file that differ in numbers alone are shown: a label that nobody maps stands at every region.
_SHOWN = 3
Name = Annotated[str, typer.Argument(metavar="FORMAT", help=f"One of {', '.join(FORMATS)}.")]
Layers = Annotated[str, typer.Option(help="Layers, with commas between; default: all that were annotated.")]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace files in the folder that are other ones.")]


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
    overwrite: Overwrite = False,
) -> None:
    """Write layers as another tool's files.

    Example: khabar convert to brat composed-0001-a --out work/brat
    """
    corpus = context.corpus()
    form = _format(name)
    if form.write is None:
        raise UsageError(f"{name} is only read; khabar convert formats lists what can be written")
    _check_hand(corpus, hand)
    _once("document", documents or [])
    items = list(_items(corpus, documents or [], hand, _layers(corpus, layers)))
    foreign = not all(corpus.document(item.id).is_included for item in items)
    made = dict(form.write(tqdm(items, unit=" documents", disable=None, leave=False), corpus.schema))
    _write(out, made, corpus, foreign, overwrite)
    lost = f"; lost: {form.loses}" if form.loses else ""
    print(f"{len(items)} documents in {len(made)} files in {out}{lost}", file=sys.stderr)
    if any("CLAIM" in item.layer.layers and "ACTOR" not in item.layer.layers for item in items):
        advice = f"read them back with --layers {layers} onto the layer that they come from"
        print(f"claims went out without the actors that are their sources; {advice}", file=sys.stderr)


@app.command("from")
def from_(
    name: Name,
    paths: Annotated[list[Path], typer.Argument(help="Files, or folders of them.")],
    hand: Annotated[str, typer.Option("--hand", help="Store as gold or passes/<annotator> of documents here.")] = "",
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Else: write texts and layers to a folder.")] = None,
    onto: Annotated[str, typer.Option(help="Whose layer gives what the format lost; default: that of --hand.")] = "",
    label: Annotated[list[str] | None, typer.Option(help="Theirs as ours: 'PER=ACTOR.PERSON mention=name'.")] = None,
    layers: Layers = "",
    overwrite: Overwrite = False,
) -> None:
    """Read another tool's files into a pass of documents that are here, or into a folder of texts and layers.

    Example: khabar convert from brat work/brat --hand passes/amal
    Example: khabar convert from conll news.conll --label 'PER=ACTOR.PERSON mention=name' --label MISC= -o work/news
    """
    corpus = context.corpus()
    _check_target(corpus, hand, out, onto)
    form = _format(name)
    labels = Labels(corpus.schema, dict(_pair(pair) for pair in label or []))
    wanted = _layers(corpus, layers)
    read, failed = _read(_files(paths, form), form, labels)
    _once("document", [foreign.id for foreign in read])
    for word in sorted(labels.given.keys() - labels.used):
        print(f"--label {word}: no region that was read has it", file=sys.stderr)
    incidents: list[Incident] = []
    sound: list[tuple[Foreign, Layer]] = []
    for foreign in read:
        try:
            earlier = None if out else _onto(corpus, foreign.id, onto, hand)
            made = own_layer(foreign, wanted) if out else corpus_layer(foreign, corpus, wanted, earlier)
            incidents += made[1]
            if (wrong := sum(incident.is_error for incident in made[1])) == 0:
                sound.append((foreign, made[0] if out else _storable(corpus, made[0], hand)))
            print(_told(made[0]) if not wrong else f"{foreign.id}: not stored, {wrong} errors")
        except KhabarError as error:
            failed.append(error)
    if out is not None:
        _once("file", [_stem(foreign) for foreign, _ in sound])
        files = {file: content for each in sound for file, content in _files_of(*each).items()}
        _write(out, files, corpus, True, overwrite)  # a foreign file's text is never known to be ours
    else:
        for _, layer in sound:
            corpus.write_layer(layer, hand)
    context.report(incidents, most=_SHOWN)
    for problem in failed:
        context.report(problem.incidents if isinstance(problem, DataError) else (), most=_SHOWN)
        print(f"khabar: {problem}", file=sys.stderr)
    if failed or len(sound) < len(read):
        raise typer.Exit(1)


def _told(layer: Layer) -> str:
    counts = f"{len(layer.spans)} spans, {len(layer.relations)} relations, {len(layer.claims)} claims"
    return f"{layer.document}: {counts}"


def _check_target(corpus: Corpus, hand: str, out: Path | None, onto: str) -> None:
    if bool(hand) == bool(out):
        raise UsageError("give either --hand, to store layers of documents here, or --out for a folder of its own")
    if hand:
        context.check_hand(hand)
    if onto:
        _check_hand(corpus, onto)


def _read(paths: Sequence[Path], form: Format, labels: Labels) -> tuple[list[Foreign], list[KhabarError]]:
    """The documents of the files, and what is wrong with files that can't be read to their end."""
    found: list[Foreign] = []
    failed: list[KhabarError] = []
    for path in tqdm(paths, unit=" files", disable=None, leave=False):
        try:
            found += form.read(path, labels)
        except DataError as error:
            failed.append(error)
    return found, failed


def _check_hand(corpus: Corpus, hand: str) -> None:
    if hand not in corpus.hands():
        raise unknown("layer of", hand, corpus.hands())


def _once(what: str, names: Sequence[str]) -> None:
    """UsageError where two of these would be stored as one."""
    seen: set[str] = set()
    for name in names:
        if name.casefold() in seen:
            raise UsageError(
                f"{what} {name!r} would be written twice; give each document once, under a name of its own"
            )
        seen.add(name.casefold())


def _write(out: Path, made: Mapping[str, bytes], corpus: Corpus, foreign: bool, overwrite: bool) -> None:
    """Write the files to a folder, all of them or, with a UsageError, none."""
    if blocked := next((path for path in (out, *out.parents) if path.exists() and not path.is_dir()), None):
        raise UsageError(f"{blocked}: a file; name a folder that files are to be written to")
    for file, content in made.items():
        path = out / file
        context.check_place(path, corpus, foreign)
        if not overwrite and path.is_file() and path.read_bytes() != content:
            raise UsageError(f"{path}: is there already, with other content; name another folder, or add --overwrite")
    for file, content in made.items():
        write_atomic(out / file, content)


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


def _onto(corpus: Corpus, id: str, onto: str, hand: str) -> Layer | None:
    """The layer that goes before; UsageError where the one that was asked for is not there."""
    known = corpus.layer_path(corpus.document(id), onto or hand).is_file()
    if onto and not known:
        raise UsageError(f"{id}: {onto} has no layer of it; give --onto a hand that has one, or leave it out")
    return readable(corpus, id, onto or hand).layer if known else None


def _storable(corpus: Corpus, layer: Layer, hand: str) -> Layer:
    if hand != "gold":
        layer = replace(layer, annotator=hand.removeprefix("passes/"), guidelines=corpus.guidelines_sha256)
    return storable(corpus, layer)


def _stem(foreign: Foreign) -> str:
    return re.sub(r"[^\w.-]+", "-", foreign.id).strip(".-")[:80] or "document"


def _files_of(foreign: Foreign, layer: Layer) -> dict[str, bytes]:
    name = _stem(foreign)
    return {f"{name}.txt": foreign.text.encode("utf8"), f"{name}.jsonl": encode_layer(layer).encode("utf8")}
