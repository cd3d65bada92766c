"""`khabar diff`: what a contribution changes in the annotations, in words."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Annotated

import typer

from dataset_builder.codec import decode_layer
from dataset_builder.commands import context
from dataset_builder.corpus import Corpus
from dataset_builder.curation.diff import Change, changes
from dataset_builder.errors import UsageError
from dataset_builder.incidents import Incident
from dataset_builder.model import Layer

_FOLDERS = ("annotations/gold", "annotations/passes")


def diff(
    since: Annotated[str, typer.Argument(help="The commit to compare with, as git names it.")] = "HEAD",
    summary: Annotated[bool, typer.Option("--summary", help="A line a document, without its records.")] = False,
) -> None:
    """Say in words what changed in gold and passes since a commit: spans, relations, claims that were added or changed.

    Example: khabar diff origin/main
    """
    corpus = context.corpus()
    commit = _commit(corpus, since)
    changed = _git(corpus, "diff", "--name-only", "--no-renames", "-z", "--relative", commit, "--", *_FOLDERS)
    untracked = _git(corpus, "ls-files", "-z", "--others", "--exclude-standard", "--", *_FOLDERS)
    paths = sorted({path for path in [*changed, *untracked] if path.endswith(".jsonl")})
    broken: list[Incident] = []
    for path in paths:
        now = (corpus.root / path).read_bytes() if (corpus.root / path).is_file() else None
        hand = path.removeprefix("annotations/").rsplit("/", 2)[0]
        title = f"{PurePosixPath(path).stem} ({hand})"
        old, wrong = _layer(_stored(corpus, commit, path), f"{since}:{path}")
        new, more = _layer(now, path)
        if wrong or more:
            print(f"{title}: can't be read")
            broken += wrong + more
        else:
            _print(title, old, new, changes(old, new, _text(corpus, PurePosixPath(path).stem)), summary)
    print(f"{len(paths)} layers differ from {since}" if paths else f"no annotation differs from {since}")
    context.finish(broken)


def _print(title: str, old: Layer | None, new: Layer | None, found: Sequence[Change], summary: bool) -> None:
    tally = ", ".join(f"{sum(c.kind == kind for c in found)} {kind}" for kind in ("added", "removed", "changed"))
    state = "new, " if old is None else "gone, " if new is None else ""
    alone = "; nothing but how it is written" if old and new and not found else ""
    print(f"{title}: {state}{tally}{alone}")
    for change in () if summary else found:
        print(f"  {change}")


def _commit(corpus: Corpus, since: str) -> str:
    """The commit's hash, so that whatever `since` is called it is neither an option nor a path."""
    ran = _run(corpus, "rev-parse", "--verify", "--end-of-options", f"{since}^{{commit}}")
    if ran.returncode:
        raise UsageError(f"git knows no commit {since!r} in {corpus.root}; name one that is here, like origin/main")
    return ran.stdout.decode().strip()


def _git(corpus: Corpus, *arguments: str) -> list[str]:
    """The paths that git lists, each ended by a zero byte."""
    ran = _run(corpus, *arguments)
    if ran.returncode:
        said = os.fsdecode(ran.stderr).strip().splitlines() or ["no reason given"]
        raise UsageError(f"git {arguments[0]}: {said[0]}; run this in a checkout of the repository")
    return [os.fsdecode(path) for path in ran.stdout.split(b"\0") if path]


def _run(corpus: Corpus, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(["git", *arguments], cwd=corpus.root, capture_output=True, check=False)
    except FileNotFoundError as error:
        raise UsageError("khabar diff needs git; install it and run this in a checkout of the repository") from error


def _stored(corpus: Corpus, commit: str, path: str) -> bytes | None:
    """The file as the commit has it, None where it has none."""
    ran = _run(corpus, "show", "--end-of-options", f"{commit}:./{path}")
    return ran.stdout if ran.returncode == 0 else None


def _layer(data: bytes | None, path: str) -> tuple[Layer | None, list[Incident]]:
    """The layer, None where there is no file, and why it can't be read."""
    if data is None:
        return None, []
    layer, found, _ = decode_layer(data, path)
    wrong = [incident for incident in found if incident.is_error]
    return layer, wrong or ([] if layer else found)


def _text(corpus: Corpus, id: str) -> str | None:
    document = corpus.documents.get(id)
    text = corpus.text(document) if document else None
    return text if document and text is not None and len(text) == document.length else None
