"""The baselines by name, each imported only when it is used."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from dataclasses import dataclass, fields
from importlib.util import find_spec
from pathlib import Path
from pickle import UnpicklingError
from typing import Any, Literal, cast

from pydantic import TypeAdapter, ValidationError

from dataset_builder.baselines.card import Card
from dataset_builder.baselines.system import System
from dataset_builder.errors import DataError, UsageError, unknown
from dataset_builder.schema import Schema

#: What the readers of JSON, of arrays and of networks raise for files that are not what they should be.
_BROKEN = (OSError, EOFError, ValueError, LookupError, TypeError, AttributeError, RuntimeError, UnpicklingError)


@dataclass(frozen=True)
class Baseline:
    """A row: the module and class of a system, what it is, and whether it "must" learn from gold before it predicts,
    "may" (examples in a prompt), or "never" does.

    A class with options has them as a frozen dataclass `option_type`, which `make` takes from words.
    """

    name: str
    about: str
    module: str
    kind: str
    learning: Literal["must", "may", "never"] = "must"
    encodes: bool = False

    @property
    def missing(self) -> list[str]:
        """The large packages that an encoder needs and that are not installed."""
        return [name for name in ("torch", "transformers") if self.encodes and find_spec(name) is None]

    def make(self, schema: Schema, options: Sequence[str] = (), encoder: str = "") -> System:
        """The system, untrained; `options` are like "window=2000", `encoder` is what `encoders.load` takes.

        UsageError for packages that are missing, for an option that the system does not have, and for an encoder where
        it has none.
        """
        kind = self._class()
        if options and not hasattr(kind, "option_type"):
            raise UsageError(f"{self.name} has no options; leave --set out")
        made = kind(schema, _options(self.name, kind.option_type, options)) if options else kind(schema)
        if encoder:
            made.tagging.encoder = self.checked(encoder)
        return cast(System, made)

    def checked(self, encoder: str) -> str:
        """The encoder's name; UsageError where the system has none."""
        if not self.encodes:
            able = " and ".join(row.name for row in SYSTEMS.values() if row.encodes)
            raise UsageError(f"{self.name} has no encoder; --encoder is for {able}")
        return encoder

    def load(self, folder: Path, schema: Schema, version: str = "") -> System:
        """The system that a folder holds, written by this `version` of the software.

        DataError where a file is missing, or is not what this version writes: it may be cut off, or of another one.
        UsageError for packages that are missing.
        """
        kind = self._class()
        try:
            return cast(System, kind.load(folder, schema))
        except _BROKEN as error:
            reason = " ".join(f"{type(error).__name__}: {error}".split())[:160]
            by = f"with khabar {version}" if version else "with a version that is not known"
            raise DataError(
                f"{folder}: the trained {self.name} there can't be loaded ({reason}); it was written {by}, and its "
                "files are cut off or not those of this version: train it again with "
                f"`khabar train --system {self.name} --model {folder}`"
            ) from error

    def check_packages(self) -> None:
        """UsageError where large packages are missing."""
        if self.missing:
            needed = " and ".join(self.missing)
            raise UsageError(f"{self.name} needs {needed}, not installed here: pip install 'khabar[encoder]'")

    def _class(self) -> Any:
        self.check_packages()
        return getattr(importlib.import_module(f"dataset_builder.baselines.{self.module}"), self.kind)


SYSTEMS = {
    row.name: row
    for row in (
        Baseline("memory", "longest match over training spans; the floor", "memory", "Memory"),
        Baseline("rules", "lexicons, names and word order; no training", "rules", "Rules", "never"),
        Baseline("crf", "a linear-chain CRF a label, with place names", "joint", "Crf"),
        Baseline("stack", "the CRF over chances from a frozen multilingual encoder", "stack", "Stack", encodes=True),
        Baseline("encoder", "a pretrained encoder, fine-tuned with a head a label", "encoder", "Encoder", encodes=True),
        Baseline("ensemble", "stack and encoder, their chances pooled", "ensemble", "Ensemble", encodes=True),
        Baseline("gliner", "GLiNER, spans by what their labels mean; zero-shot", "gliner", "Gliner", "never"),
        Baseline("llm", "a language model behind a server, told the guidelines", "llm.system", "Llm", "may"),
    )
}


def trained(folder: Path, schema: Schema) -> tuple[Card, System]:
    """The trained system of a folder that `khabar train` wrote, with its card.

    UsageError where there is none, DataError where a file of it is broken or of another version.
    """
    card = Card.read(folder)
    return card, baseline(card.system).load(folder, schema, card.version)


def encoder_of(system: System) -> str:
    """What a system's encoder is called; "" for one without."""
    return str(getattr(getattr(system, "tagging", None), "encoder", ""))


def _options(system: str, kind: Any, given: Sequence[str]) -> Any:
    """The options of a system from words like "window=2000"."""
    names = [field.name for field in fields(kind)]
    values = {}
    for word in given:
        name, equals, value = word.partition("=")
        if name not in names:
            raise unknown(f"option of {system}", name, names)
        if not equals:
            raise UsageError(f"--set {word}: give it a value, like {name}=…")
        values[name] = value
    try:
        return TypeAdapter(kind).validate_strings(values)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise UsageError(f"--set {where}={values.get(where, '')}: {first['msg']}") from error


def baseline(name: str) -> Baseline:
    """The baseline of this name; UsageError with a suggestion where there is none."""
    if name not in SYSTEMS:
        raise unknown("system", name, SYSTEMS)
    return SYSTEMS[name]


#: The systems that find spans by tagging: what a yardstick needs of them.
TAGGINGS = {
    "memory": "memory.MemoryTagging",
    "crf": "crf.CrfTagging",
    "stack": "stack.StackTagging",
    "encoder": "encoder.EncoderTagging",
    "ensemble": "ensemble.EnsembleTagging",
}


def tagging(name: str, encoder: str = "") -> Any:
    """What makes a system's tagging from taggers; UsageError with a suggestion where there is none."""
    if name not in TAGGINGS:
        raise unknown("tagging system", name, TAGGINGS)
    baseline(name).check_packages()
    module, _, kind = TAGGINGS[name].partition(".")
    made = getattr(importlib.import_module(f"dataset_builder.baselines.{module}"), kind)
    if not encoder:
        return made
    return type(kind, (made,), {"encoder": baseline(name).checked(encoder)})
