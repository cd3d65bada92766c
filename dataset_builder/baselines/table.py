"""The baselines by name, each imported only when it is used."""

from __future__ import annotations

import importlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, cast

from dataset_builder.baselines.system import System
from dataset_builder.errors import UsageError, unknown
from dataset_builder.schema import Schema

CARD = "khabar-system.json"


@dataclass(frozen=True)
class Baseline:
    """A row: the module and class of a system, what it is, and whether it learns."""

    name: str
    about: str
    module: str
    kind: str
    learns: bool = True

    def make(self, schema: Schema) -> System:
        return cast(System, self._class()(schema))

    def load(self, folder: Path, schema: Schema) -> System:
        return cast(System, self._class().load(folder, schema))

    def _class(self) -> Any:
        return getattr(importlib.import_module(f"dataset_builder.baselines.{self.module}"), self.kind)


SYSTEMS = {
    row.name: row
    for row in (
        Baseline("memory", "longest match over training spans; the floor", "memory", "Memory"),
        Baseline("rules", "lexicons, names and word order; no training", "rules", "Rules", learns=False),
        Baseline("crf", "a linear-chain CRF a label, with place names", "joint", "Crf"),
        Baseline("stack", "the CRF over chances from a frozen multilingual encoder", "stack", "Stack"),
        Baseline("encoder", "a pretrained encoder, fine-tuned with a head a label", "encoder", "Encoder"),
    )
}


def baseline(name: str) -> Baseline:
    """The baseline of this name; UsageError with a suggestion where there is none."""
    if name not in SYSTEMS:
        raise unknown("system", name, SYSTEMS)
    return SYSTEMS[name]


#: The systems that find spans by tagging: what a yardstick needs of them.
TAGGINGS = {"crf": "crf.CrfTagging", "stack": "stack.StackTagging", "encoder": "encoder.EncoderTagging"}


def tagging(name: str) -> Any:
    """The class of a system's tagging; UsageError with a suggestion where there is none."""
    if name not in TAGGINGS:
        raise unknown("tagging system", name, TAGGINGS)
    module, _, kind = TAGGINGS[name].partition(".")
    return getattr(importlib.import_module(f"dataset_builder.baselines.{module}"), kind)


@dataclass(frozen=True)
class Card:
    """What a trained system's folder says of it: which baseline, trained on which documents, with which seed."""

    system: str
    train: tuple[str, ...]
    documents: int
    data: str
    seed: int

    def write(self, folder: Path) -> None:
        (folder / CARD).write_text(json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n", "utf8")

    @classmethod
    def read(cls, folder: Path) -> Card:
        """The card of a folder that `khabar train` wrote; UsageError where it is none."""
        path = folder / CARD
        if not path.is_file():
            raise UsageError(f"{folder}: no trained system is there (it has no {CARD}); `khabar train` makes one")
        values = json.loads(path.read_text("utf8"))
        return cls(**{**values, "train": tuple(values["train"])})
