"""Results that were run, one file a system, training, test and task, and the tables that are made from them."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from dataset_builder.errors import DataError
from dataset_builder.files import write_atomic
from dataset_builder.release.markdown import table
from dataset_builder.scoring.signature import differing
from dataset_builder.scoring.tasks import TASKS

FOLDER = "results"


@dataclass(frozen=True)
class Result:
    """One task's figures of a system that was trained on some tracks and tested on one.

    `predictions_sha256` is over the predicted layer files in the order of the split; `figures` is `Score.as_record`.
    Seconds are those of the processor, all threads together, which a busy machine does not change much; of a GPU they
    say little. All but `hardware`, the seconds and `code`, the version of this package, must be the
    same when the row is run again.
    """

    system: str
    train: tuple[str, ...]
    test: str
    task: str
    signature: str
    seed: int
    predictions_sha256: str
    documents: int
    figures: dict[str, Any]
    hardware: str = ""
    train_seconds: float = 0.0
    predict_seconds: float = 0.0
    code: str = ""

    @property
    def main(self) -> dict[str, float]:
        """The task's main measure: F1 with the ends of its interval, and what it is made of."""
        return dict(self.figures["measures"][self.figures["main"]])

    @property
    def f1(self) -> float:
        return self.main["f1"]

    @property
    def row(self) -> str:
        """What `khabar reproduce` calls it, like crf/composed-press."""
        return f"{self.system}/{'+'.join(self.train) or 'none'}-{self.test}"

    def needs(self, tracks: Collection[str]) -> bool:
        """Whether the row learns from one of these tracks or is tested on it."""
        return not {*self.train, self.test}.isdisjoint(tracks)

    @property
    def path(self) -> str:
        return f"{FOLDER}/{self.row}/{self.task}.json"

    def write(self, root: Path) -> bool:
        """Write the result's file; returns whether anything changed."""
        return write_atomic(root / self.path, json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n")


def read_results(root: Path) -> list[Result]:
    """Every result of a checkout, by row and task. DataError for a file that is none."""
    found = []
    for path in sorted((root / FOLDER).glob("*/*/*.json")):
        try:
            values = json.loads(path.read_text("utf8"))
            result = Result(**{**values, "train": tuple(values["train"])})
        except (ValueError, TypeError, KeyError) as error:
            raise DataError(f"{path}: no result that can be read ({error}); make it with `khabar reproduce`") from error
        if path != root / result.path:
            raise DataError(f"{path}: holds the result of {result.path}; move it there")
        found.append(result)
    return found


def leaderboard(results: Sequence[Result], needing_texts: Collection[str] = ()) -> str:
    """A Markdown table a test track: systems by the tasks' main F1 in percent, with 95 % intervals.

    Rows that learn from or are tested on a track of `needing_texts` say so beside the command that runs them again.
    Figures can be compared where their signatures are equal: of several signatures of a task the one of most rows
    stands, figures with another one are marked with an asterisk.
    """
    parts = []
    for test in sorted({r.test for r in results}):
        here = [r for r in results if r.test == test]
        tasks = [task for task in TASKS if any(r.task == task for r in here)]
        usual = {task: _usual([r.signature for r in here if r.task == task]) for task in tasks}
        rows = [_row(row, [r for r in here if r.row == row], tasks, usual, needing_texts) for row in _ranked(here)]
        parts.append(f"Tested on `{test}`:\n\n" + table(["system", "trained on", *tasks, "run again with"], rows))
    return "\n\n".join(parts)


def _usual(signatures: Sequence[str]) -> str:
    return max(set(signatures), key=lambda s: (signatures.count(s), s))


def _ranked(results: Sequence[Result]) -> list[str]:
    """Rows by the mean of their main figures, best first."""
    means = {}
    for row in {r.row for r in results}:
        values = [r.f1 for r in results if r.row == row]
        means[row] = sum(values) / len(values)
    return sorted(means, key=lambda row: (-means[row], row))


def _row(
    row: str, results: Sequence[Result], tasks: Sequence[str], usual: dict[str, str], needing_texts: Collection[str]
) -> list[str]:
    by_task = {r.task: r for r in results}
    cells = []
    for task in tasks:
        result = by_task.get(task)
        if result is None:
            cells.append("–")
            continue
        main = result.main
        star = "" if result.signature == usual[task] else "*"
        cells.append(f"{100 * main['f1']:.1f}{star} ({100 * main['low']:.1f}–{100 * main['high']:.1f})")
    first = results[0]
    command = f"`khabar reproduce {row}`" + (" (needs text)" if first.needs(needing_texts) else "")
    return [first.system, " + ".join(first.train) or "nothing", *cells, command]


def differences(old: Result, new: Result) -> list[str]:
    """What is not the same in two runs of a row, in words; figures count as the same to nine digits.

    Signatures come first, part by part. Where they differ, the figures are of something else, and what is new or gone
    among them is not named one by one. Another version of the code is no difference, but said beside one.
    """
    found = [f"signature: {text}" for text in differing(old.signature, new.signature)]
    found += [
        f"{name}: {getattr(old, name)} was stored, now it is {getattr(new, name)}"
        for name in ("predictions_sha256", "documents", "seed")
        if getattr(old, name) != getattr(new, name)
    ]
    found += list(_figures(old.figures, new.figures, old.task, other=old.signature != new.signature))
    if found and old.code != new.code:
        found.append(f"code: stored by version {old.code or 'unknown'}, run by {new.code or 'unknown'}")
    return found


def is_close(old: Result, new: Result) -> bool:
    """Whether the main figure of another run lies in the interval of the stored one, of the same documents and seed.

    What a network sums up differs in its last digits from one processor to another, and what it learns differs more.
    """
    stored = old.main
    same = (old.signature, old.documents, old.seed) == (new.signature, new.documents, new.seed)
    return same and stored["low"] <= new.f1 <= stored["high"]


def _figures(old: Any, new: Any, where: str, other: bool) -> Iterator[str]:
    if isinstance(old, dict) and isinstance(new, dict):
        for key in sorted({*old, *new}):
            if not (other and (key == "signature" or key not in old or key not in new)):
                yield from _figures(old.get(key), new.get(key), f"{where}.{key}", other)
    elif not (isinstance(old, float) and isinstance(new, float) and abs(old - new) < 1e-9) and old != new:
        yield f"{where}: {old} was stored, now it is {new}"
