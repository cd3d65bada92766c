"""The label inventory, read from `annotations/schema.toml`: the one place where a label is said."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import Any

from dataset_builder.errors import DataError, unknown


@dataclass(frozen=True, slots=True)
class Label:
    """One label of a layer. `group` stands on event codes, `act` on VERBAL ones: that of a claim with its words."""

    name: str
    meaning: str
    examples: tuple[str, ...]
    group: str = ""
    act: str = ""


@dataclass(frozen=True, slots=True)
class Attribute:
    """A named value on a span or claim: one of `values`, or whatever matches `pattern` in full."""

    name: str
    about: str
    values: tuple[str, ...] = ()
    pattern: str = ""
    required: bool = False
    default: str = ""

    def admits(self, value: str) -> bool:
        """Whether the value is allowed.

        >>> Attribute("killed", "", pattern=r"~?\\d+|\\d+[+-]").admits("90+")
        True
        """
        return value in self.values if self.values else re.fullmatch(self.pattern, value) is not None

    @property
    def fallback(self) -> str:
        """What stands where a system can't tell: the default, of a required one without it the first value, else ""."""
        return self.default or (self.values[0] if self.required else "")


@dataclass(frozen=True, slots=True)
class LayerSchema:
    """What one annotation layer may hold. `prefix` begins the ids of its records in a sheet."""

    name: str
    prefix: str
    about: str
    labels: tuple[Label, ...]
    attributes: tuple[Attribute, ...]

    def label(self, name: str) -> Label:
        """The label with this name; UsageError with a suggestion where there is none."""
        for label in self.labels:
            if label.name == name:
                return label
        raise unknown(f"{self.name} label", name, self.names)

    @property
    def names(self) -> list[str]:
        return [label.name for label in self.labels]


@dataclass(frozen=True, slots=True)
class RelationSchema:
    """A relation label with the layers that its ends may be of."""

    name: str
    about: str
    head: tuple[str, ...]
    tail: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Target:
    """Where another scheme has an event code: its label, and whether that is exact, broad, narrow or none."""

    label: str
    relation: str


@dataclass(frozen=True)
class Schema:
    """The whole inventory.

    >>> schema = Schema.load()
    >>> sum(len(layer.labels) for layer in schema.layers.values() if layer.name == "EVENT")
    41
    >>> schema.layers["EVENT"].label("DENY").act
    'deny'
    >>> schema.crosswalk["CLASH"]["acled"]
    Target(label='Armed clash', relation='exact')
    """

    version: str
    layers: Mapping[str, LayerSchema]
    relations: Mapping[str, RelationSchema]
    claim: Mapping[str, Attribute] = field(default_factory=dict)
    crosswalk: Mapping[str, Mapping[str, Target]] = field(default_factory=dict)

    @classmethod
    def load(cls, path: Path | None = None) -> Schema:
        """Read a schema file; without a path the one that the package carries. Raises DataError where it is broken."""
        where = path or _packaged()
        try:
            return _schema(tomllib.loads(where.read_text("utf8")))
        except (tomllib.TOMLDecodeError, KeyError, TypeError) as error:
            problem = f"{where}: not a schema that can be read ({error}); compare the file with its last version"
            raise DataError(problem) from error

    @cached_property
    def event_groups(self) -> dict[str, list[str]]:
        """Event codes by group, in the order of the file."""
        groups: dict[str, list[str]] = {}
        for label in self.layers["EVENT"].labels:
            groups.setdefault(label.group, []).append(label.name)
        return groups


def _packaged() -> Path:
    inside = Path(str(resources.files(__package__) / "schema.toml"))
    return inside if inside.is_file() else Path(__file__).parent.parent / "annotations" / "schema.toml"


def _attribute(name: str, entry: Mapping[str, Any]) -> Attribute:
    return Attribute(name, **{**entry, "values": tuple(entry.get("values", ()))})


def _schema(table: Mapping[str, Any]) -> Schema:
    attributes = {name: _attribute(name, entry) for name, entry in table["attributes"].items()}
    layers = {
        name: LayerSchema(
            name=name,
            prefix=entry["prefix"],
            about=entry["about"],
            labels=tuple(
                Label(row["name"], row["is"], tuple(row["examples"]), row.get("group", ""), row.get("act", ""))
                for row in entry["labels"]
            ),
            attributes=tuple(attributes[a] for a in entry["attributes"]),
        )
        for name, entry in table["layers"].items()
    }
    relations = {
        name: RelationSchema(name, entry["about"], tuple(entry["head"]), tuple(entry["tail"]))
        for name, entry in table["relations"].items()
    }
    claim = {name: _attribute(name, entry) for name, entry in table["claim"].items()}
    crosswalk = {
        code: {scheme: Target(*entry) for scheme, entry in row.items()} for code, row in table["crosswalk"].items()
    }
    return Schema(table["version"], layers, relations, claim, crosswalk)
