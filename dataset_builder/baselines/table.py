"""The baselines by name, each imported only when it is used."""

from __future__ import annotations

import importlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Literal, cast

from pydantic import TypeAdapter, ValidationError

from dataset_builder.baselines.system import System
from dataset_builder.errors import UsageError, unknown
from dataset_builder.schema import Schema

CARD = "khabar-system.json"


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

    def make(self, schema: Schema, options: Sequence[str] = ()) -> System:
        """The system, untrained; `options` are like "window=2000". UsageError for one that it does not have."""
        kind = self._class()
        if not options:
            return cast(System, kind(schema))
        if not hasattr(kind, "option_type"):
            raise UsageError(f"{self.name} has no options; leave --set out")
        return cast(System, kind(schema, _options(self.name, kind.option_type, options)))

    def load(self, folder: Path, schema: Schema) -> System:
        return cast(System, self._class().load(folder, schema))

    def _class(self) -> Any:
        return getattr(importlib.import_module(f"dataset_builder.baselines.{self.module}"), self.kind)


SYSTEMS = {
    row.name: row
    for row in (
        Baseline("memory", "longest match over training spans; the floor", "memory", "Memory"),
        Baseline("rules", "lexicons, names and word order; no training", "rules", "Rules", "never"),
        Baseline("crf", "a linear-chain CRF a label, with place names", "joint", "Crf"),
        Baseline("stack", "the CRF over chances from a frozen multilingual encoder", "stack", "Stack"),
        Baseline("encoder", "a pretrained encoder, fine-tuned with a head a label", "encoder", "Encoder"),
        Baseline("gliner", "GLiNER, spans by what their labels mean; zero-shot", "gliner", "Gliner", "never"),
        Baseline("llm", "a language model behind a server, told the guidelines", "llm.system", "Llm", "may"),
    )
}


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
