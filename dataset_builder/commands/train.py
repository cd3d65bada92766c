"""`khabar train` and `khabar predict`: fit a baseline on gold, and let it annotate."""

from __future__ import annotations

import os
import platform
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer
from tqdm import tqdm

from dataset_builder.baselines.card import Card
from dataset_builder.baselines.system import Example, System
from dataset_builder.baselines.table import SYSTEMS, baseline, encoder_of
from dataset_builder.codec import encode_layer
from dataset_builder.commands import context
from dataset_builder.corpus import Corpus
from dataset_builder.curation.benchmark import pairs, signature, split_of
from dataset_builder.curation.reading import readable
from dataset_builder.errors import UsageError
from dataset_builder.files import write_atomic
from dataset_builder.model import Document
from dataset_builder.release.lock import read_version
from dataset_builder.release.manifest import code_version
from dataset_builder.scoring.score import score
from dataset_builder.scoring.tasks import TASKS

Name = Annotated[str, typer.Option("--system", help=f"One of {', '.join(SYSTEMS)}.")]
Models = Annotated[Path, typer.Option("--model", help="Folder of the trained system.")]


def train(
    system: Name,
    model: Models,
    tracks: Annotated[list[str] | None, typer.Option("--train", help="Tracks to train on; default: composed.")] = None,
    seed: Annotated[int, typer.Option(help="Seed of whatever is drawn.")] = 0,
    encoder: Annotated[str, typer.Option(help="For stack and encoder: e5-small, a folder, or a name on the Hub.")] = "",
) -> None:
    """Fit a baseline on the training splits of one or more tracks and write it into a folder, with a model card.

    The card has its figures on the tracks' validation splits. A model learned from referenced texts holds words of
    theirs: keep it on your machine.

    Example: khabar train --system crf --model work/crf --train composed --train press
    """
    corpus = context.corpus()
    chosen = tracks or ["composed"]
    examples = list(_examples(corpus, [id for track in chosen for id in split_of(corpus, track, "train").documents]))
    row = baseline(system)
    made = row.make(corpus.schema, encoder)
    foreign = sum(not document.is_included for document, _ in examples)
    context.check_place(model / "model", corpus, foreign=foreign > 0)
    begun = time.perf_counter()
    made.fit([example for _, example in examples], seed)
    seconds = round(time.perf_counter() - begun, 1)
    model.mkdir(parents=True, exist_ok=True)
    made.save(model)
    used = encoder_of(made)
    Card(
        system, tuple(chosen), len(examples), read_version(corpus), seed, code_version(), used, foreign,
        f"{platform.machine()}, {os.cpu_count()} cores", seconds,
        {track: _validated(corpus, made, track) for track in chosen},
    ).write(model, row.about)  # fmt: skip
    print(f"{system} learned from {len(examples)} documents of {', '.join(chosen)}: {model}")


def _validated(corpus: Corpus, system: System, track: str) -> dict[str, Sequence[float | str]]:
    """The main figures on a track's validation split, if it has one: F1, its interval, and the signature."""
    if not any((each.track, each.name) == (track, "validation") for each in corpus.splits.lists):
        return {}
    split = split_of(corpus, track, "validation")
    compared = pairs(corpus, split, {id: system.predict(id, text) for id, text in _texts(corpus, track, "validation")})
    found: dict[str, Sequence[float | str]] = {}
    for task in TASKS.values():
        if set(task.layers) <= set(system.layers):
            made = score(compared, task, corpus.schema)
            interval = made.intervals[task.main, ""]
            signed = signature(read_version(corpus), split, task, made.counts.documents)
            found[task.name] = (round(made.main.f1, 4), round(interval.low, 4), round(interval.high, 4), str(signed))
    return found


def _examples(corpus: Corpus, ids: Sequence[str]) -> Iterator[tuple[Document, Example]]:
    for id in tqdm(ids, desc="gold", unit=" documents", disable=None, leave=False):
        reading = readable(corpus, id)
        if reading.text is None:
            raise UsageError(f"{id}: training needs the text; run `khabar hydrate` on a folder that holds a copy")
        yield reading.document, Example(reading.text, reading.layer)


def predict(
    model: Models,
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder to write layer files to.")],
    track: Annotated[str, typer.Option(help="Track of the split.")] = "composed",
    split: Annotated[str, typer.Option("--split", help="train, validation or test.")] = "test",
    texts: Annotated[
        list[Path] | None, typer.Argument(help="Plain UTF-8 text files; default: the documents of the split.")
    ] = None,
) -> None:
    """Annotate the documents of a split, or text files, with a trained system: all its layers at once.

    Layer files are what `khabar score` reads and what pre-annotation starts from.

    Example: khabar predict --model work/crf --out work/crf-predictions
    """
    corpus = context.corpus()
    system = baseline(Card.read(model).system).load(model, corpus.schema)
    given = _files(texts) if texts else dict(_texts(corpus, track, split))
    count = _write(system, given, out)
    print(f"wrote layers of {count} documents to {out}", file=sys.stderr)


def _files(paths: Sequence[Path]) -> dict[str, str]:
    """Texts by file name, byte for byte, so that offsets fit the files."""
    found: dict[str, str] = {}
    for path in paths:
        if path.stem in found:
            raise UsageError(f"{path}: another file is called {path.stem} too; rename one")
        try:
            found[path.stem] = path.read_bytes().decode("utf8")
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(f"{path}: can't be read as text ({error}); give a UTF-8 file") from error
    return found


def _texts(corpus: Corpus, track: str, split: str) -> Iterator[tuple[str, str]]:
    for id in split_of(corpus, track, split).documents:
        text = corpus.text(corpus.document(id))
        if text is None:
            raise UsageError(f"{id}: predicting needs the text; run `khabar hydrate` on a folder that holds a copy")
        yield id, text


def _write(system: System, given: dict[str, str], out: Path) -> int:
    for id, text in tqdm(given.items(), desc="predicting", unit=" documents", disable=None, leave=False):
        # Without surface words, so that predictions on referenced texts may be kept anywhere.
        write_atomic(out / f"{id}.jsonl", encode_layer(system.predict(id, text)))
    return len(given)
