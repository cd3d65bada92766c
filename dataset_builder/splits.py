"""Which document is in which split: lists that people wrote, with pinned hashes so that none changes unnoticed.

`splits/splits.toml` names the tracks, the sources of each and the pin of every list; a list is
`splits/<track>/<split>.txt`, one document id a line, sorted::

    [tracks.composed]
    sources = ["composed"]

    [tracks.composed.splits.train]
    documents = 2
    sha256 = "…"
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dataset_builder.errors import DataError
from dataset_builder.files import write_atomic

#: The order in which splits are shown and written; a list of any other name is not read.
SPLITS = ("train", "validation", "test")
FILE = "splits/splits.toml"


@dataclass(frozen=True, slots=True)
class Split:
    """One list. `documents` are in the order of the file, `sha256` is its hash, `pinned` the one in splits.toml."""

    track: str
    name: str
    documents: tuple[str, ...]
    sha256: str
    pinned: str
    pinned_documents: int

    @property
    def path(self) -> str:
        return f"splits/{self.track}/{self.name}.txt"


@dataclass(frozen=True)
class Splits:
    """All lists of a checkout, by track and then train, validation, test; `sources` names each track's sources.

    A document is in one split at most; where lists break that rule the first one counts and validation tells.
    """

    lists: tuple[Split, ...] = ()
    sources: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def load(cls, root: Path) -> Splits:
        """Read a checkout's splits; none where there is no splits.toml. DataError where a file can't be read."""
        path = root / FILE
        if not path.is_file():
            return cls()
        try:
            tracks = tomllib.loads(path.read_text("utf8")).get("tracks", {})
            lists = [
                _split(root, track, name, tracks[track].get("splits", {}).get(name))
                for track in sorted(tracks)
                for name in SPLITS
            ]
            sources = {track: tuple(map(str, tracks[track]["sources"])) for track in sorted(tracks)}
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            problem = f"{FILE}: not a table of tracks that can be read ({error}); see dataset_builder/splits.py"
            raise DataError(problem) from error
        return cls(tuple(s for s in lists if s), sources)

    def of(self, document: str) -> Split | None:
        """The split that a document is in, None where it is in none."""
        return next((s for s in self.lists if document in s.documents), None)

    @property
    def placed(self) -> dict[str, Split]:
        """Every listed document's split."""
        return {id: split for split in reversed(self.lists) for id in split.documents}


def _split(root: Path, track: str, name: str, pin: Mapping[str, Any] | None) -> Split | None:
    path = root / "splits" / track / f"{name}.txt"
    if pin is None and not path.is_file():
        return None
    content = path.read_bytes() if path.is_file() else b""
    pin = pin or {"sha256": "", "documents": 0}
    documents = tuple(content.decode("utf8").split())
    return Split(track, name, documents, hashlib.sha256(content).hexdigest(), str(pin["sha256"]), int(pin["documents"]))


def pin(root: Path) -> list[str]:
    """Sort the lists, write their hashes into splits.toml and return the paths of what changed.

    Raises DataError where splits.toml can't be read; a track must stand there, with its sources, before it is pinned.
    """
    splits = Splits.load(root)
    changed = []
    for split in splits.lists:
        if write_atomic(root / split.path, "".join(f"{id}\n" for id in sorted(set(split.documents)))):
            changed.append(split.path)
    splits = Splits.load(root)
    if write_atomic(root / FILE, _comment(root) + "\n".join(_tables(splits))):
        changed.append(FILE)
    return changed


def _comment(root: Path) -> str:
    """The comment at the head of splits.toml, which is kept."""
    path = root / FILE
    found = re.match(r"(#[^\n]*\n)*", path.read_text("utf8") if path.is_file() else "")
    return found[0] if found else ""


def _tables(splits: Splits) -> Iterator[str]:
    for track, sources in splits.sources.items():
        quoted = ", ".join(f'"{source}"' for source in sources)
        yield f"[tracks.{track}]\nsources = [{quoted}]\n"
        for split in splits.lists:
            if split.track == track:
                pins = f'documents = {len(split.documents)}\nsha256 = "{split.sha256}"\n'
                yield f"[tracks.{track}.splits.{split.name}]\n{pins}"
