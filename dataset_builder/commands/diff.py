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
from dataset_builder.curation.diff import Change, changes, decision_changes
from dataset_builder.decisions import decode_decisions
from dataset_builder.errors import UsageError
from dataset_builder.incidents import Incident
from dataset_builder.model import Layer

_DECISIONS = "annotations/decisions"
_FOLDERS = ("annotations/gold", "annotations/passes", _DECISIONS)


def diff(
    since: Annotated[str, typer.Argument(help="The commit to compare with, as git names it.")] = "HEAD",
    summary: Annotated[bool, typer.Option("--summary", help="A line a document, without its records.")] = False,
) -> None:
    """Say in words what changed in gold, passes and decisions since a commit: what was added, removed, changed.

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
        was = _stored(corpus, commit, path)
        hand = path.removeprefix("annotations/").rsplit("/", 2)[0]
        title = f"{PurePosixPath(path).stem} ({hand})"
        text = _text(corpus, PurePosixPath(path).stem)
        compare = _of_decisions if _is_decisions(path) else _of_layers
        found, wrong = compare((was, f"{since}:{path}"), (now, path), text)
        if wrong:
            print(f"{title}: can't be read")
            broken += wrong
        else:
            _print(title, was is None, now is None, found, summary)
    decided = sum(map(_is_decisions, paths))
    counts = ((len(paths) - decided, "layers"), (decided, "files of decisions"))
    differing = " and ".join(f"{count} {what}" for count, what in counts if count)
    print(f"{differing} differ from {since}" if differing else f"no annotation differs from {since}")
    context.finish(broken)


def _is_decisions(path: str) -> bool:
    return path.startswith(f"{_DECISIONS}/")


def _print(title: str, is_new: bool, is_gone: bool, found: Sequence[Change], summary: bool) -> None:
    tally = ", ".join(f"{sum(c.kind == kind for c in found)} {kind}" for kind in ("added", "removed", "changed"))
    state = "new, " if is_new else "gone, " if is_gone else ""
    alone = "" if is_new or is_gone or found else "; nothing but how it is written"
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


#: A file's content, None where there is none, with its name.
Version = tuple[bytes | None, str]


def _of_layers(old: Version, new: Version, text: str | None) -> tuple[list[Change], list[Incident]]:
    """What differs, and why either can't be read."""
    (was, wrong), (now, more) = _layer(*old), _layer(*new)
    return ([] if wrong or more else changes(was, now, text)), [*wrong, *more]


def _of_decisions(old: Version, new: Version, text: str | None) -> tuple[list[Change], list[Incident]]:
    """What differs, and why either can't be read."""
    (was, wrong, _), (now, more, _) = (decode_decisions(data or b"", path) for data, path in (old, new))
    return ([] if wrong or more else list(decision_changes(was, now, text))), [*wrong, *more]


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
