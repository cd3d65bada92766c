"""The model card: README.md beside a trained system, and the same as a record that `khabar predict` reads."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from dataset_builder.errors import DataError, UsageError

CARD = "khabar-system.json"
README = "README.md"

#: Main F1 of a task on a validation split, the ends of its interval, and its signature.
Figures = Mapping[str, Sequence[float | str]]


@dataclass(frozen=True)
class Card:
    """What a trained system's folder says of it.

    `foreign` is the number of its training texts that are not the project's to give on. `validation` has the figures of
    each track that it learned from, by track and task. `seconds` are of wall-clock time on `hardware`.
    """

    system: str
    train: tuple[str, ...]
    documents: int
    data: str
    seed: int
    version: str = ""
    encoder: str = ""
    foreign: int = 0
    hardware: str = ""
    seconds: float = 0.0
    validation: Mapping[str, Figures] = field(default_factory=dict)

    def write(self, folder: Path, about: str) -> None:
        """Write the record and the page; `about` says in a phrase what the system is."""
        (folder / CARD).write_text(json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n", "utf8")
        (folder / README).write_text(self.page(about), "utf8")

    @classmethod
    def read(cls, folder: Path) -> Card:
        """The card of a folder that `khabar train` wrote; UsageError where it is none, DataError where it is broken."""
        path = folder / CARD
        if not path.is_file():
            raise UsageError(f"{folder}: no trained system is there (it has no {CARD}); `khabar train` makes one")
        try:
            return TypeAdapter(cls).validate_json(path.read_bytes())
        except ValidationError as error:
            fault = error.errors(include_url=False)[0]
            where = ".".join(map(str, fault["loc"]))
            raise DataError(
                f"{path}: no card of a trained system ({where + ': ' if where else ''}{fault['msg']}); copy the folder "
                "again, or `khabar train` the system again"
            ) from error

    def page(self, about: str) -> str:
        """The card as Markdown with the metadata that the Hugging Face Hub reads."""
        head = ["---", "language: ar", f"license: {'other' if self.foreign else 'cc-by-4.0'}", "library_name: khabar"]
        parts = [
            "\n".join([*head, "tags: [news, events, attribution, named-entity-recognition]", "---"]),
            f"# {self.system}: {about}",
            f"Learned from {self.documents} documents of the training splits of {_and(self.train)}, data version "
            f"{self.data}, with khabar {self.version} and seed {self.seed}"
            + (f", on the encoder `{self.encoder}`" if self.encoder else "")
            + f"; {self.seconds:.0f} s on {self.hardware or 'hardware that was not noted'}. Use it with "
            "`khabar predict --model FOLDER TEXTS`.",
            "## Figures on validation splits",
            self._figures(),
            "F1 of each task's main measure in percent, with 95 % intervals that resample events. How the system is "
            "built was chosen on these splits, so they flatter it; the project's leaderboard is of test splits.",
            "## Limits",
            _LIMITS,
            "## Licence",
            self._licence(),
        ]
        return "\n\n".join(parts) + "\n"

    def _figures(self) -> str:
        if not any(self.validation.values()):
            return "None: no track has a validation split with all its texts at hand."
        lines = ["| track | task | F1 | interval | signature |", "|---|---|---:|---:|---|"]
        for track, tasks in self.validation.items():
            for task, (f1, low, high, signature) in tasks.items():
                shown = f"{100 * float(f1):.1f} | {100 * float(low):.1f}–{100 * float(high):.1f}"
                lines.append(f"| {track} | {task} | {shown} | `{signature}` |")
        return "\n".join(lines)

    def _licence(self) -> str:
        encoder = " The encoder that it builds on has its own licence (e5-small: MIT)." if self.encoder else ""
        if self.foreign:
            return (
                f"{self.foreign} of the texts that it learned from belong to their publishers, and the files here hold "
                f"words of theirs: keep them on your machine.{encoder}"
            )
        return f"Annotations and texts that it learned from are CC BY 4.0; name Khabar when you give it on.{encoder}"


_LIMITS = (
    "Learned from Arabic news in the standard language on conflicts; other topics, dialects and social media were not "
    "tried. It repeats how its training texts name people and groups. What it finds are words that a text says, not "
    "facts: a claim that it marks is not thereby true, and an event may not have happened. Not fit for decisions about "
    "people, for targeting, or for counting victims without a person who reads the text."
)


def _and(names: Sequence[str]) -> str:
    return " and ".join(f"`{name}`" for name in names)
