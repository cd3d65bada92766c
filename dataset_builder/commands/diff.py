"""`khabar diff`: what a contribution changes in the annotations, in words."""

from __future__ import annotations

import subprocess
from pathlib import PurePosixPath
from typing import Annotated

import typer

from dataset_builder.codec import decode_layer
from dataset_builder.commands import context
from dataset_builder.corpus import Corpus
from dataset_builder.curation.diff import changes
from dataset_builder.errors import UsageError
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
    paths = sorted({*_git(corpus, "diff", "--name-only", "--relative", since, "--", *_FOLDERS), *_untracked(corpus)})
    count = 0
    for path in (p for p in paths if p.endswith(".jsonl")):
        now = (corpus.root / path).read_bytes() if (corpus.root / path).is_file() else None
        old, new = _layer(_stored(corpus, since, path)), _layer(now)
        found = changes(old, new, _text(corpus, PurePosixPath(path).stem))
        tally = ", ".join(f"{sum(c.kind == kind for c in found)} {kind}" for kind in ("added", "removed", "changed"))
        hand = path.removeprefix("annotations/").rsplit("/", 2)[0]
        state = "new, " if old is None else "gone, " if new is None else ""
        print(f"{PurePosixPath(path).stem} ({hand}): {state}{tally}")
        for change in () if summary else found:
            print(f"  {change}")
        count += 1
    print(f"{count} layers differ from {since}" if count else f"no annotation differs from {since}")


def _git(corpus: Corpus, *arguments: str) -> list[str]:
    ran = subprocess.run(["git", *arguments], cwd=corpus.root, capture_output=True, text=True, check=False)
    if ran.returncode:
        raise UsageError(f"git {arguments[0]}: {ran.stderr.strip().splitlines()[0]}; name a commit that is here")
    return ran.stdout.splitlines()


def _untracked(corpus: Corpus) -> list[str]:
    return _git(corpus, "ls-files", "--others", "--exclude-standard", "--", *_FOLDERS)


def _stored(corpus: Corpus, since: str, path: str) -> bytes | None:
    """The file as the commit has it, None where it has none."""
    ran = subprocess.run(["git", "show", f"{since}:./{path}"], cwd=corpus.root, capture_output=True, check=False)
    return ran.stdout if ran.returncode == 0 else None


def _layer(data: bytes | None) -> Layer | None:
    """The layer as far as it can be read; what is wrong with it is `khabar validate`'s to say."""
    return decode_layer(data)[0] if data is not None else None


def _text(corpus: Corpus, id: str) -> str | None:
    document = corpus.documents.get(id)
    text = corpus.text(document) if document else None
    return text if document and text is not None and len(text) == document.length else None
