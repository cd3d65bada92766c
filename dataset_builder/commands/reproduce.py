"""`khabar reproduce` and `khabar leaderboard`: run a row again, and see all that were run."""

from __future__ import annotations

import hashlib
import os
import platform
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated

import typer

from dataset_builder.baselines.system import Example, Remote
from dataset_builder.baselines.table import SYSTEMS, baseline
from dataset_builder.codec import encode_layer
from dataset_builder.commands import context
from dataset_builder.commands.train import check_sending
from dataset_builder.corpus import Corpus
from dataset_builder.curation.benchmark import pairs, scored, split_of, tracks_needing_texts
from dataset_builder.curation.reading import readable
from dataset_builder.errors import UsageError
from dataset_builder.release.leaderboard import Result, differences, is_close, leaderboard, read_results
from dataset_builder.release.lock import read_version
from dataset_builder.release.manifest import code_version
from dataset_builder.scoring.tasks import TASKS

#: How many differences of a result are told.
SHOWN = 10


def reproduce(
    rows: Annotated[
        list[str] | None,
        typer.Argument(
            help="SYSTEM/TRAIN-TEST, like crf/composed+press-press; default: all whose texts and packages are here."
        ),
    ] = None,
    without: Annotated[
        list[str] | None, typer.Option("--without", help="A system to leave out where no row is named.")
    ] = None,
    write: Annotated[bool, typer.Option("--write", help="Store the results instead of comparing them.")] = False,
    seed: Annotated[int, typer.Option(help="Seed of whatever is drawn.")] = 0,
) -> None:
    """Train, predict and score rows of the leaderboard again, and compare every figure with what is stored.

    Systems on an encoder learn a little otherwise on another processor: of these the main figure must lie in the stored
    interval. All others must be the same to nine digits.

    Example: khabar reproduce crf/composed-composed
    """
    corpus = context.corpus()
    stored = {result.path: result for result in read_results(corpus.root)}
    if not rows and not stored:
        raise UsageError("no result is stored; name a row, like crf/composed-composed, with --write")
    left_out = {baseline(name).name for name in without or ()}
    wanted = rows or [r for r in _possible(stored.values(), corpus) if parse_row(r)[0] not in left_out]
    wrong = 0
    for same in _by_training(wanted):
        for result in run(corpus, same, seed):
            if write:
                result.write(corpus.root)
                print(f"{result.path}: {100 * result.f1:.1f}")
            elif result.path in stored:
                wrong += not _told(stored[result.path], result)
            else:
                raise UsageError(f"{result.path}: not stored; add --write to store it")
    if wrong:
        raise typer.Exit(1)


def _told(stored: Result, result: Result) -> bool:
    """Print how a result compares with the stored one; whether it stands for the same."""
    found = differences(stored, result)
    close = bool(found) and baseline(result.system).encodes and is_close(stored, result)
    how = "as stored" if not found else "inside the stored interval" if close else "NOT as stored"
    print(f"{result.path}: {100 * result.f1:.1f}, {how}")
    if close:
        return True
    for text in found[:SHOWN]:
        print(f"  {text}")
    if len(found) > SHOWN:
        print(f"  and {len(found) - SHOWN} more")
    return not found


def _possible(stored: Iterable[Result], corpus: Corpus) -> list[str]:
    """The stored rows whose texts and packages are here; the others are named."""
    missing = tracks_needing_texts(corpus, here=True)
    possible = []
    for row, result in {result.row: result for result in sorted(stored, key=lambda r: r.row)}.items():
        packages = baseline(parse_row(row)[0]).missing
        if result.needs(missing):
            print(f"{row}: left out, it needs text; run `khabar hydrate` on a folder with a copy", file=sys.stderr)
        elif packages:
            print(f"{row}: left out, it needs {', '.join(packages)}: pip install 'khabar[encoder]'", file=sys.stderr)
        else:
            possible.append(row)
    return possible


def parse_row(row: str) -> tuple[str, tuple[str, ...], str]:
    """System, tracks to train on and track to test on; UsageError for another form.

    >>> parse_row("crf/composed+press-press")
    ('crf', ('composed', 'press'), 'press')
    >>> parse_row("rules/none-composed")
    ('rules', (), 'composed')
    """
    system, _, rest = row.partition("/")
    train, _, test = rest.rpartition("-")
    if not (system and train and test):
        raise UsageError(f"{row!r} is no row; it is SYSTEM/TRAIN-TEST, like crf/composed-press")
    return system, () if train == "none" else tuple(train.split("+")), test


def _by_training(rows: Sequence[str]) -> list[list[str]]:
    """Rows of one system and training together, in the order of their first: they need only be trained once.

    >>> _by_training(["crf/composed-composed", "crf/press-press", "crf/composed-press"])
    [['crf/composed-composed', 'crf/composed-press'], ['crf/press-press']]
    """
    found: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for row in rows:
        found.setdefault(parse_row(row)[:2], []).append(row)
    return list(found.values())


def run(corpus: Corpus, rows: Sequence[str], seed: int) -> Iterator[Result]:
    """The results of rows that have system and training in common, one a task that the system's layers allow."""
    name, tracks, _ = parse_row(rows[0])
    row_of = baseline(name)
    if row_of.learning == ("never" if tracks else "must"):
        wanted, why = ("none", "learns nothing") if tracks else ("composed", "must learn")
        raise UsageError(f"{rows[0]}: {name} {why}; the row is {name}/{wanted}-{parse_row(rows[0])[2]}")
    system = row_of.make(corpus.schema)
    learned = [id for track in tracks for id in split_of(corpus, track, "train").documents]
    train = _examples(corpus, learned)
    # Read before the training, so that a text that is not there is said before hours have gone by.
    tests = [(test, split_of(corpus, test, "test")) for _, _, test in map(parse_row, rows)]
    unseen = {test: _examples(corpus, split.documents) for test, split in tests}
    if train:
        print(f"{', '.join(rows)}: training on {len(train)} documents", file=sys.stderr)
    if isinstance(system, Remote):
        every = [*learned, *(id for _, split in tests for id in split.documents)]
        referenced = sum(not corpus.document(id).is_included for id in every)
        check_sending(system, sum(map(len, unseen.values())), referenced, allowed=False)
    begun = time.process_time()
    system.fit(train, seed)
    trained = round(time.process_time() - begun, 1)
    for test, split in tests:
        begun = time.process_time()
        layers = {e.layer.document: system.predict(e.layer.document, e.text) for e in unseen[test]}
        predicted = round(time.process_time() - begun, 1)
        digest = hashlib.sha256("".join(encode_layer(layer) for layer in layers.values()).encode()).hexdigest()
        compared = pairs(corpus, split, layers)
        version, hardware = read_version(corpus), f"{platform.machine()}, {os.cpu_count()} cores"
        for task in TASKS.values():
            if not set(task.layers) <= set(system.layers):
                continue
            found = scored(compared, task, corpus.schema, split, version)
            yield Result(
                name, tracks, test, task.name, found.signature, seed, digest, len(found.counts.documents),
                found.as_record(), hardware, trained, predicted, code_version(),
            )  # fmt: skip


def _examples(corpus: Corpus, ids: Sequence[str]) -> list[Example]:
    found = []
    for id in ids:
        reading = readable(corpus, id)
        if reading.text is None or not reading.exact:
            raise UsageError(f"{id}: the row needs the text; run `khabar hydrate` on a folder that holds a copy")
        found.append(Example(reading.text, reading.layer))
    return found


def show_leaderboard() -> None:
    """Print the leaderboard as Markdown, from results/; `khabar datasheet` writes it into README.md.

    Example: khabar leaderboard
    """
    corpus = context.corpus()
    results = read_results(corpus.root)
    if not results:
        raise UsageError(f"no result is stored; `khabar reproduce {next(iter(SYSTEMS))}/composed-composed --write`")
    print(leaderboard(results, tracks_needing_texts(corpus, here=True)))
