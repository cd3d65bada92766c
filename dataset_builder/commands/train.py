"""`khabar train` and `khabar predict`: fit a baseline on gold, and let it annotate."""

from __future__ import annotations

import json
import os
import platform
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import astuple, replace
from pathlib import Path
from typing import Annotated

import typer
from tqdm import tqdm

from dataset_builder.baselines.card import Card
from dataset_builder.baselines.system import Example, Remote, System, TakesTriggers
from dataset_builder.baselines.table import SYSTEMS, baseline, encoder_of, trained
from dataset_builder.codec import encode_layer
from dataset_builder.commands import context
from dataset_builder.corpus import Corpus
from dataset_builder.curation.benchmark import pairs, scored, split_of
from dataset_builder.curation.reading import readable
from dataset_builder.errors import UsageError
from dataset_builder.files import write_atomic
from dataset_builder.model import TRIGGERS, Document, Layer
from dataset_builder.release.lock import read_version
from dataset_builder.release.manifest import code_version
from dataset_builder.scoring.tasks import TASKS

Name = Annotated[str, typer.Option("--system", help=f"One of {', '.join(SYSTEMS)}.")]
Annotate = Callable[[str, str], Layer]
Models = Annotated[Path, typer.Option("--model", help="Folder of the trained system.")]
Options = Annotated[
    list[str] | None,
    typer.Option("--set", help="An option of the system, like window=2000; see docs/baselines.md."),
]


def train(
    system: Name,
    model: Models,
    tracks: Annotated[list[str] | None, typer.Option("--train", help="Tracks to train on; default: composed.")] = None,
    seed: Annotated[int, typer.Option(help="Seed of whatever is drawn.")] = 0,
    options: Options = None,
    encoder: Annotated[str, typer.Option(help="What reads the text: e5-small, a folder, or a name on the Hub.")] = "",
) -> None:
    """Fit a baseline on the training splits of one or more tracks and write it into a folder, with a model card.

    The card has its figures on the tracks' validation splits. A model learned from referenced texts holds words of
    theirs: keep it on your machine.

    Example: khabar train --system crf --model work/crf --train composed --train press
    """
    corpus = context.corpus()
    if baseline(system).learning == "never":
        raise UsageError(f"{system} learns nothing; `khabar predict --system {system} -o FOLDER` runs it as it is")
    chosen = tracks or ["composed"]
    examples = list(_examples(corpus, [id for track in chosen for id in split_of(corpus, track, "train").documents]))
    row = baseline(system)
    made = row.make(corpus.schema, options or (), encoder)
    foreign = sum(not document.is_included for document, _ in examples)
    context.check_place(model / "model", corpus, foreign=foreign > 0)
    # Before the training, which may take an hour: a place that can't be written to is said at once.
    model.mkdir(parents=True, exist_ok=True)
    begun = time.perf_counter()
    made.fit([example for _, example in examples], seed)
    seconds = round(time.perf_counter() - begun, 1)
    made.save(model)
    used = encoder_of(made)
    Card(
        system, tuple(chosen), len(examples), read_version(corpus), seed, code_version(), used, foreign,
        f"{platform.machine()}, {os.cpu_count()} cores", seconds,
        # What only may learn asks a server, and nobody has said yet that it may be asked.
        {track: _validated(corpus, made, track) for track in chosen if row.learning == "must"},
    ).write(model, row.about)  # fmt: skip
    print(f"{system} learned from {len(examples)} documents of {', '.join(chosen)}: {model}")


def _validated(corpus: Corpus, system: System, track: str) -> dict[str, Sequence[float | str]]:
    """The main figures on a track's validation split: F1, its interval, and the signature.

    None where the track has no such split or a text of it is not at hand.
    """
    if not any((s.track, s.name) == (track, "validation") for s in corpus.splits.lists):
        return {}
    split = split_of(corpus, track, "validation")
    if any(corpus.text(corpus.document(id)) is None for id in split.documents):
        return {}
    compared = pairs(corpus, split, {id: system.predict(id, text) for id, text in _texts(corpus, track, "validation")})
    found: dict[str, Sequence[float | str]] = {}
    for task in TASKS.values():
        if set(task.layers) <= set(system.layers):
            made = scored(compared, task, corpus.schema, split, read_version(corpus))
            low, high = (round(end, 4) for end in astuple(made.intervals[task.main, ""]))
            found[task.name] = (round(made.main.f1, 4), low, high, made.signature)
    return found


def _examples(corpus: Corpus, ids: Sequence[str]) -> Iterator[tuple[Document, Example]]:
    for id in tqdm(ids, desc="gold", unit=" documents", disable=None, leave=False):
        reading = readable(corpus, id)
        if reading.text is None:
            raise UsageError(f"{id}: training needs the text; run `khabar hydrate` on a folder that holds a copy")
        yield reading.document, Example(reading.text, reading.layer)


def predict(
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder to write layer files to.")],
    model: Annotated[Path | None, typer.Option("--model", help="Folder of a trained system.")] = None,
    system: Annotated[
        str | None, typer.Option("--system", help="Without --model: a system that needs no training.")
    ] = None,
    track: Annotated[str, typer.Option(help="Track of the split.")] = "composed",
    split: Annotated[str, typer.Option("--split", help="train, validation or test.")] = "test",
    options: Options = None,
    send_referenced: Annotated[
        bool, typer.Option("--send-referenced", help="Texts of others may be sent to the server that is named.")
    ] = False,
    texts: Annotated[
        list[Path] | None, typer.Argument(help="Plain UTF-8 text files; default: the documents of the split.")
    ] = None,
    gold_triggers: Annotated[
        bool, typer.Option("--gold-triggers", help="Tell the system where the gold's events are, for `arguments`.")
    ] = False,
) -> None:
    """Annotate the documents of a split, or text files, with a system: all its layers at once.

    Layer files are what `khabar score` reads and what pre-annotation starts from. A system that learns nothing is named
    with --system and needs no folder. With --gold-triggers only the task `arguments` says something of the system.

    Example: khabar predict --model work/crf --out work/crf-predictions
    Example: khabar predict --system rules --out work/rules-predictions news.txt
    """
    corpus = context.corpus()
    made = _system(corpus, model, system, options or ())
    if texts and gold_triggers:
        raise UsageError("--gold-triggers needs documents that have gold; give no text files")
    given = _files(texts) if texts else dict(_texts(corpus, track, split))
    annotate = _given_triggers(made, corpus) if gold_triggers else made.predict
    if isinstance(made, Remote):
        shown = [] if texts else list(given)
        shown += _shown(corpus, Card.read(model)) if model else []
        check_sending(made, len(given), sum(not corpus.document(id).is_included for id in shown), send_referenced)
    count = _write(made, annotate, given, out)
    print(f"wrote layers of {count} documents to {out}", file=sys.stderr)


def _system(corpus: Corpus, model: Path | None, name: str | None, options: Sequence[str]) -> System:
    """The trained system of a folder, or one that needs no training."""
    if model is not None:
        card = Card.read(model)
        if options or name not in (None, card.system):
            raise UsageError(f"{model}: holds a trained {card.system} with its options; leave --system and --set out")
        return trained(model, corpus.schema)[1]
    if name is None:
        raise UsageError("name what is to predict: --model with the folder of a trained system, or --system")
    row = baseline(name)
    if row.learning == "must":
        raise UsageError(f"{name} must learn first: `khabar train --system {name} --model FOLDER`, then --model FOLDER")
    return row.make(corpus.schema, options)


def _shown(corpus: Corpus, card: Card) -> list[str]:
    """The documents of which a trained system may hold passages, and send them with every text."""
    return [id for track in card.train for id in split_of(corpus, track, "train").documents]


def check_sending(system: Remote, texts: int, referenced: int, allowed: bool) -> None:
    """Say where texts go before they go; UsageError where texts of others would leave without anybody's word."""
    where = system.destination
    if where and referenced and not allowed:
        raise UsageError(
            f"{referenced} texts belong to others, and would be sent to {where}, in part or whole; "
            "`khabar predict --send-referenced` sends them, if you may"
        )
    if where:
        print(f"sending {texts} texts to {where}", file=sys.stderr)


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


def _given_triggers(system: System, corpus: Corpus) -> Annotate:
    if not isinstance(system, TakesTriggers):
        raise UsageError(
            f"{type(system).__name__} finds its own triggers and can't be given any; leave --gold-triggers out"
        )

    def annotate(id: str, text: str) -> Layer:
        found = system.predict_given(id, text, list(readable(corpus, id).layer.of("EVENT")))
        return replace(found, given=(TRIGGERS,))  # which the signature of its figures says

    return annotate


def _write(system: System, annotate: Annotate, given: dict[str, str], out: Path) -> int:
    """Write every layer as soon as it is there, without surface words, so that predictions on referenced texts may be
    kept anywhere.
    """
    with ThreadPoolExecutor(system.workers if isinstance(system, Remote) else 1) as pool:
        found = {pool.submit(annotate, id, text): id for id, text in given.items()}
        try:
            for done in tqdm(
                as_completed(found), "predicting", len(found), unit=" documents", disable=None, leave=False
            ):
                write_atomic(out / f"{found[done]}.jsonl", encode_layer(done.result()))
        finally:
            pool.shutdown(cancel_futures=True)
            if isinstance(system, Remote):
                write_atomic(out / "report.json", json.dumps(system.report(), ensure_ascii=False, indent=1) + "\n")
                print(system.summary(), file=sys.stderr)
    return len(given)
