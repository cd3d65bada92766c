"""What every command shares: the checkout it works on and how findings are printed."""

from __future__ import annotations

import json
import os
import re
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import typer

from dataset_builder.corpus import Corpus
from dataset_builder.errors import UsageError
from dataset_builder.incidents import Incident
from dataset_builder.records import ANNOTATOR

ROOT_VARIABLE = "KHABAR_ROOT"


def corpus() -> Corpus:
    """The checkout that --root or KHABAR_ROOT names, else the one around the current folder."""
    root = os.environ.get(ROOT_VARIABLE)
    return Corpus.find(Path(root) if root else None)


def check_hand(hand: str) -> None:
    """UsageError where `hand` is neither gold nor the pass of a pseudonym."""
    if hand != "gold" and not re.fullmatch(f"passes/{ANNOTATOR}", hand):
        raise UsageError(f"--hand {hand!r}: write gold, or passes/<annotator> with 2 to 32 of a-z, 0-9 and -")


def check_place(path: Path, corpus: Corpus, foreign: bool) -> None:
    """UsageError where no file can be written, or git would take up somebody else's words."""
    if path.is_dir():
        raise UsageError(f"{path}: a folder; name the file that is to be written")
    root, where = corpus.root.resolve(), path.resolve()
    if foreign and where.is_relative_to(root) and not where.is_relative_to(root / "work"):
        raise UsageError(
            f"{path}: the text belongs to somebody else and git would take it up here; "
            "write to work/ or outside of the checkout"
        )


def report(
    incidents: Sequence[Incident], as_json: bool = False, predicted: bool = False, most: int | None = None
) -> None:
    """Print findings: one a line to standard output as JSON, or to standard error in words with what to do.

    What to do is different in what a system `predicted`. In words, `most` is how many of those are shown that differ in
    numbers alone.
    """
    alike: Counter[tuple[str, str]] = Counter()
    for incident in incidents:
        if as_json:
            print(json.dumps(incident.as_record(), ensure_ascii=False))
            continue
        kind = incident.code, re.sub(r"\d+", "", incident.fact)
        alike[kind] += 1
        if most is None or alike[kind] <= most:
            print(incident, file=sys.stderr)
    if most is not None and (more := sum(max(0, count - most) for count in alike.values())):
        print(f"{more:,} more like these", file=sys.stderr)
    if incidents and not as_json:
        for code in dict.fromkeys(incident.code for incident in incidents):
            about = next(i.about for i in incidents if i.code == code)
            print(f"  {code}: {about.hint(predicted)}", file=sys.stderr)


def finish(incidents: Sequence[Incident], as_json: bool = False) -> None:
    """Print findings and end with exit code 1 where one of them is an error."""
    report(incidents, as_json)
    end(incidents)


def end(incidents: Sequence[Incident]) -> None:
    """End with exit code 1 where one of the findings, which were printed before, is an error."""
    if any(incident.is_error for incident in incidents):
        raise typer.Exit(1)
