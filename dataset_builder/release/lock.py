"""The data version and its lock: what a released version holds, so that it can't change without a new number.

`annotations/release.toml` says the version; one with the ending `-dev` is work in progress and is not locked.
`annotations/release.jsonl` is written when a version is first built: a header, then a digest a document.
"""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from dataset_builder.codec import dump, encode_layer, encode_manifest
from dataset_builder.corpus import Corpus
from dataset_builder.errors import DataError
from dataset_builder.files import write_atomic
from dataset_builder.incidents import Incident
from dataset_builder.release.entries import Entry

VERSION_FILE = "annotations/release.toml"
LOCK_FILE = "annotations/release.jsonl"
_DEVELOPMENT = "-dev"


def read_version(corpus: Corpus) -> str:
    """The data version, like "0.2.0" or "0.2.0-dev". DataError where release.toml does not say one."""
    path = corpus.root / VERSION_FILE
    if not path.is_file():
        raise DataError(f'{VERSION_FILE}: is missing; write the data version into it, like version = "0.1.0-dev"')
    try:
        version = tomllib.loads(path.read_text("utf8"))["version"]
    except (ValueError, KeyError) as error:
        problem = f'{VERSION_FILE}: no version can be read ({error}); it is one line like version = "0.1.0-dev"'
        raise DataError(problem) from error
    if not isinstance(version, str) or not re.fullmatch(rf"\d+\.\d+\.\d+({_DEVELOPMENT})?", version):
        raise DataError(f"{VERSION_FILE}: {version!r} is no version; it is three numbers like 0.2.0 or 0.2.0-dev")
    return version


def read_released(corpus: Corpus) -> str:
    """The ISO day on which the data version was released, as release.toml has it; "" where it has none."""
    day = tomllib.loads((corpus.root / VERSION_FILE).read_text("utf8")).get("released", "")
    if not re.fullmatch(r"(\d{4}-\d{2}-\d{2})?", str(day)):
        raise DataError(f'{VERSION_FILE}: {day!r} is no day of release; it is like released = "2026-11-22"')
    return str(day)


def is_locked(version: str) -> bool:
    """Whether a version's content is fixed once it was built.

    >>> is_locked("0.2.0"), is_locked("0.2.0-dev")
    (True, False)
    """
    return not version.endswith(_DEVELOPMENT)


def order(version: str) -> tuple[int, ...]:
    """What versions are compared by.

    >>> order("0.10.0") > order("0.9.3")
    True
    """
    return tuple(int(part) for part in version.removesuffix(_DEVELOPMENT).split("."))


@dataclass(frozen=True, slots=True)
class Lock:
    """`documents` has a digest by document id, `content` the content digest of each table by "config/split"."""

    version: str
    documents: Mapping[str, str]
    content: Mapping[str, str]

    def encode(self) -> str:
        """The file: header, then a document a line, sorted."""
        lines = [dump({"id": id, "digest": self.documents[id]}) for id in sorted(self.documents)]
        digest = hashlib.sha256("\n".join(lines).encode()).hexdigest()
        header = {"version": self.version, "digest": digest, "content": dict(sorted(self.content.items()))}
        return "".join(f"{line}\n" for line in [dump(header), *lines])


def document_digest(entry: Entry) -> str:
    """SHA-256 over a document's gold, manifest record, outlet record, track and split."""
    outlet = entry.outlet.model_dump_json() if entry.outlet else ""
    parts = (encode_layer(entry.layer), encode_manifest([entry.document]), outlet, entry.track, entry.split)
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def make_lock(version: str, entries: Iterable[Entry], content: Mapping[str, str]) -> Lock:
    """The lock that describes these documents and tables."""
    return Lock(version, {entry.document.id: document_digest(entry) for entry in entries}, content)


def read_lock(root: Path) -> Lock | None:
    """The lock of the last locked version, None where none was built yet. DataError where it was edited."""
    path = root / LOCK_FILE
    if not path.is_file():
        return None
    data = path.read_text("utf8")
    try:
        header, *records = map(json.loads, data.splitlines())
        lock = Lock(header["version"], {r["id"]: r["digest"] for r in records}, header["content"])
        order(lock.version)
        whole = lock.encode() == data
    except (ValueError, KeyError, TypeError, AttributeError):
        whole = False
    if not whole:
        raise DataError(f"{LOCK_FILE}: was edited by hand or cut off; get it back from git")
    return lock


def check_lock(lock: Lock | None, new: Lock) -> None:
    """Raise DataError where `new` changes what is locked: same version with other content, or an older version."""
    if lock is None or not is_locked(new.version):
        return
    if order(new.version) < order(lock.version):
        raise DataError(
            f"{VERSION_FILE}: version {new.version} is older than {lock.version}, which was built already; raise it"
        )
    if new.version != lock.version or lock == new:
        return
    found = list(_differences(lock, new)) or list(_tables(lock, new))
    shown = "; ".join(incident.fact for incident in found[:5]) + ("; …" if len(found) > 5 else "")
    raise DataError(
        f"version {lock.version} is locked and its content is another now: {shown}; "
        f"raise the version in {VERSION_FILE} and say why in annotations/CHANGELOG.md, or undo the change",
        found,
    )


def _differences(lock: Lock, new: Lock) -> Iterator[Incident]:
    for id in sorted({*lock.documents, *new.documents}):
        before, after = lock.documents.get(id), new.documents.get(id)
        if before != after:
            what = "was added" if before is None else "was removed" if after is None else "changed"
            yield Incident("version-locked", f"{id} {what}", LOCK_FILE)


def _tables(lock: Lock, new: Lock) -> Iterator[Incident]:
    for name in sorted({*lock.content, *new.content}):
        if lock.content.get(name) != new.content.get(name):
            fact = f"schema or code make other rows of the same documents in {name}"
            yield Incident("version-locked", fact, LOCK_FILE)


def write_lock(root: Path, lock: Lock) -> bool:
    """Write the lock of a locked version; returns whether anything changed."""
    return is_locked(lock.version) and write_atomic(root / LOCK_FILE, lock.encode())
