"""manifest.json of a release: which version this is, what it holds, and whether it may be passed on."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path

from dataset_builder.release.content import Release
from dataset_builder.release.counts import Counts, Labels, count, count_labels
from dataset_builder.release.tables import CANARY

_MAKER = "khabar build"


@dataclass(frozen=True, slots=True)
class Manifest:
    """The facts of one build. `redistribution` is False for a hydrated one."""

    made_by: str
    version: str
    code: str
    schema: str
    content_sha256: str
    redistribution: bool
    rows: Mapping[str, Mapping[str, int]]
    splits: tuple[Counts, ...]
    labels: Labels
    left_out: Mapping[str, int]
    canary: str

    def encode(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n"

    @classmethod
    def decode(cls, data: str) -> Manifest:
        """Read one back; ValueError, TypeError or KeyError where it is something else."""
        table = json.loads(data)
        if table["made_by"] != _MAKER:
            raise ValueError(f"made by {table['made_by']!r}")
        return cls(**{**table, "splits": tuple(Counts(**counts) for counts in table["splits"])})


def describe(release: Release) -> Manifest:
    """The manifest of a release."""
    return Manifest(
        made_by=_MAKER,
        version=release.version,
        code=code_version(),
        schema=release.schema.version,
        content_sha256=release.digest,
        redistribution=not release.hydrated,
        rows=_rows(release),
        splits=count(release.selection.all, release.schema),
        labels=count_labels(release.selection.all, release.schema),
        left_out=release.selection.left_out,
        canary=CANARY,
    )


def _rows(release: Release) -> dict[str, dict[str, int]]:
    rows: dict[str, dict[str, int]] = {}
    for part in release.parts:
        rows.setdefault(part.config, {})[part.split] = part.table.num_rows
    return rows


def code_version() -> str:
    """The version of this package: from the checkout that it runs in, else as it was installed."""
    project = Path(__file__).parent.parent.parent / "pyproject.toml"
    if project.is_file():
        return str(tomllib.loads(project.read_text("utf8"))["project"]["version"])
    return metadata.version("khabar")
