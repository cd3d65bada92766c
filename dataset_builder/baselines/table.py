"""The baselines by name, each imported only when it is used."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from dataset_builder.baselines.system import System
from dataset_builder.errors import UsageError, unknown
from dataset_builder.schema import Schema


@dataclass(frozen=True)
class Baseline:
    """A row: the module and class of a system, what it is, and whether it learns."""

    name: str
    about: str
    module: str
    kind: str
    learns: bool = True
    encodes: bool = False

    def make(self, schema: Schema, encoder: str = "") -> System:
        """The untrained system; `encoder` is what `encoders.load` takes, "" for the usual one.

        UsageError for an encoder where the system has none.
        """
        made = self._class()(schema)
        if encoder:
            made.tagging.encoder = self.checked(encoder)
        return cast(System, made)

    def checked(self, encoder: str) -> str:
        if not self.encodes:
            able = " and ".join(row.name for row in SYSTEMS.values() if row.encodes)
            raise UsageError(f"{self.name} has no encoder; --encoder is for {able}")
        return encoder

    def load(self, folder: Path, schema: Schema) -> System:
        return cast(System, self._class().load(folder, schema))

    def _class(self) -> Any:
        return getattr(importlib.import_module(f"dataset_builder.baselines.{self.module}"), self.kind)


SYSTEMS = {
    row.name: row
    for row in (
        Baseline("memory", "longest match over training spans; the floor", "memory", "Memory"),
        Baseline("crf", "a linear-chain CRF a label, with place names", "joint", "Crf"),
        Baseline("stack", "the CRF over chances from a frozen multilingual encoder", "stack", "Stack", encodes=True),
        Baseline("encoder", "a pretrained encoder, fine-tuned with a head a label", "encoder", "Encoder", encodes=True),
    )
}


def encoder_of(system: System) -> str:
    """What a system's encoder is called; "" for one without."""
    return str(getattr(getattr(system, "tagging", None), "encoder", ""))


def baseline(name: str) -> Baseline:
    """The baseline of this name; UsageError with a suggestion where there is none."""
    if name not in SYSTEMS:
        raise unknown("system", name, SYSTEMS)
    return SYSTEMS[name]


#: The systems that find spans by tagging: what a yardstick needs of them.
TAGGINGS = {"crf": "crf.CrfTagging", "stack": "stack.StackTagging", "encoder": "encoder.EncoderTagging"}


def tagging(name: str, encoder: str = "") -> Any:
    """What makes a system's tagging from taggers; UsageError with a suggestion where there is none."""
    if name not in TAGGINGS:
        raise unknown("tagging system", name, TAGGINGS)
    module, _, kind = TAGGINGS[name].partition(".")
    made = getattr(importlib.import_module(f"dataset_builder.baselines.{module}"), kind)
    if not encoder:
        return made
    return type(kind, (made,), {"encoder": baseline(name).checked(encoder)})
