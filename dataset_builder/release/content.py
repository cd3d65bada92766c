"""A release in memory: its tables with their digests, checked before they are made."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import pyarrow as pa
from tqdm import tqdm

from dataset_builder.corpus import Corpus
from dataset_builder.errors import DataError
from dataset_builder.release.barrier import refuse_words
from dataset_builder.release.columns import Columns, classes, content_digest, table
from dataset_builder.release.entries import Entry, Selection, select
from dataset_builder.release.lock import Lock, check_lock, make_lock, read_lock, read_version
from dataset_builder.release.tables import CONFIGURATIONS, standoff
from dataset_builder.schema import Schema
from dataset_builder.splits import SPLITS
from dataset_builder.validation import validate


@dataclass(frozen=True, slots=True)
class Part:
    """The rows of a configuration in a split, one file of a release. `digest` is independent of how they are stored."""

    config: str
    split: str
    table: pa.Table
    digest: str

    @property
    def name(self) -> str:
        return f"{self.config}/{self.split}"

    @property
    def path(self) -> str:
        return f"data/{self.config}/{self.split}-00000-of-00001.parquet"


@dataclass(frozen=True)
class Release:
    """Everything that goes into a release's folder. `hydrated` says that it has words which may not be passed on."""

    version: str
    schema: Schema
    selection: Selection
    parts: tuple[Part, ...]
    hydrated: bool = False

    @cached_property
    def digest(self) -> str:
        """SHA-256 (64 hex) over the names and digests of all parts."""
        lines = (f"{part.name} {part.digest}\n" for part in self.parts)
        return hashlib.sha256("".join(lines).encode()).hexdigest()

    @property
    def files(self) -> tuple[Part, ...]:
        """The parts that become files: those with rows, since `datasets` can't load a split without any."""
        return tuple(part for part in self.parts if part.table.num_rows)

    @property
    def configs(self) -> dict[str, list[Part]]:
        """The files by configuration, the default one first."""
        found: dict[str, list[Part]] = {}
        for part in self.files:
            found.setdefault(part.config, []).append(part)
        return found

    @cached_property
    def lock(self) -> Lock:
        """What `annotations/release.jsonl` says of this release; each document is encoded for it once."""
        return make_lock(self.version, self.selection.all, {part.name: part.digest for part in self.parts})


def make_release(corpus: Corpus, hydrated: bool = False) -> Release:
    """The release of a checkout as it stands, checked against the lock of its version.

    Raises DataError where validation finds errors, where nothing is to be released, and where the version is locked
    with other content.
    """
    # What somebody's pass holds is no part of a release.
    wrong = [i for i in validate(corpus) if i.is_error and not i.path.startswith("annotations/passes/")]
    if wrong:
        raise DataError(f"{len(wrong)} errors keep the dataset from being built; the first: {wrong[0]}", wrong)
    version = read_version(corpus)
    selection = select(corpus)
    if not selection.all:
        raise DataError("nothing can be built: no document has a gold layer and stands in a split; see `khabar status`")
    public = Release(version, corpus.schema, selection, tuple(_parts(selection, corpus.schema)))
    check_lock(read_lock(corpus.root), public.lock)
    if not hydrated:
        return public
    local = select(corpus, hydrated=True)
    return Release(version, corpus.schema, local, tuple(_parts(local, corpus.schema, marked=True)), hydrated=True)


def _parts(selection: Selection, schema: Schema, marked: bool = False) -> Iterator[Part]:
    """A part for each configuration and split that has documents; one without rows says that nothing was found."""
    wanted = [(config, make, selection.entries) for config, make in CONFIGURATIONS.items()]
    wanted.append(("standoff", standoff, selection.standoff))
    for config, make, entries in tqdm(wanted, desc="tables", disable=None, leave=False):
        for split in SPLITS:
            chosen = [entry for entry in entries if entry.split == split]
            if not chosen:
                continue
            made = make(chosen, schema)
            rows = table(_marked(made, chosen) if marked else made)
            if config == "standoff":
                refuse_words(rows)
            yield Part(config, split, rows, content_digest(rows))


def _marked(columns: Columns, entries: Sequence[Entry]) -> Columns:
    """The columns and `availability`, which says of each row whether its words may be passed on."""
    known = {e.document.id: e.document.availability for e in entries}
    ids = columns["document" if "document" in columns else "id"].values.to_pylist()
    return {**columns, "availability": classes(("included", "referenced"), [known[id] for id in ids], "availability")}
