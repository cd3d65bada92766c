"""Level 1: a file by itself. Is every line a record, and is the file in canonical form?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from dataset_builder.codec import decode_layer, decode_manifest, encode_layer, encode_manifest
from dataset_builder.corpus import Corpus
from dataset_builder.decisions import Decision, decode_decisions, encode_decisions
from dataset_builder.errors import UsageError
from dataset_builder.incidents import Incident
from dataset_builder.lists import LISTS, decode_list, encode_list, kind_of
from dataset_builder.model import Layer


def record_files(corpus: Corpus, paths: Sequence[Path] = ()) -> list[Path]:
    """The files that hold records: all of them in the checkout, or those among `paths` and below.

    Raises UsageError for a path that does not exist.
    """
    annotations = corpus.root / "annotations"
    if not paths:
        folders = [annotations / name for name in ("documents", "gold", "passes", "decisions")]
        lists = [annotations / name for name in LISTS if (annotations / name).is_file()]
        return lists + sorted(p for folder in folders for p in folder.rglob("*.jsonl") if p.is_file())
    found: list[Path] = []
    for path in paths:
        if not path.exists():
            raise UsageError(f"{path}: no such file or folder")
        found += sorted(path.rglob("*.jsonl")) if path.is_dir() else [path]
    everything = set(record_files(corpus))
    kept = [p for path in found if (p := path.resolve()) in everything or not p.is_relative_to(annotations)]
    if not kept:
        raise UsageError(f"{paths[0]}: no annotation file is there; name files or folders of annotations/")
    return kept


def is_manifest(corpus: Corpus, path: Path) -> bool:
    return path.parent == corpus.root / "annotations" / "documents"


def is_decisions(corpus: Corpus, path: Path) -> bool:
    return path.is_relative_to(corpus.root / "annotations" / "decisions")


@dataclass(frozen=True)
class RecordFile:
    """A file, read and decoded once for all levels.

    `path` is as messages show it. `canonical` is None where the file has errors, since writing would lose them. `layer`
    and the `lines` of its records by id are those of a layer file, `decisions` and their lines by question those of a
    file of decisions.
    """

    path: str
    data: bytes
    canonical: bytes | None
    found: Sequence[Incident]
    layer: Layer | None = None
    lines: Mapping[str, int] = field(default_factory=dict)
    decisions: Mapping[str, Decision] | None = None


def read_records(path: Path, corpus: Corpus) -> RecordFile:
    """The file with its canonical content and every finding about its lines."""
    shown, data = corpus.relative(path), path.read_bytes()
    layer: Layer | None = None
    lines: dict[str, int] = {}
    decisions: dict[str, Decision] | None = None
    if is_manifest(corpus, path):
        documents, found = decode_manifest(data, shown)
        text = encode_manifest(document for _, document in documents)
    elif (kind := kind_of(path)) is not None:
        items, found, lines = decode_list(path, kind, shown)
        text = encode_list(items)
    elif is_decisions(corpus, path):
        decisions, found, lines = decode_decisions(data, shown)
        text = encode_decisions(decisions)
    else:
        layer, found, lines = decode_layer(data, shown)
        text = encode_layer(layer) if layer else ""
    canonical = None if any(incident.is_error for incident in found) else text.encode("utf8")
    return RecordFile(shown, data, canonical, found, layer, lines, decisions)


def check_records(file: RecordFile) -> Iterator[Incident]:
    """The file's own findings, or where it first differs from its canonical form."""
    yield from file.found
    if file.canonical is None or file.canonical == file.data:
        return
    ours, theirs = file.canonical.split(b"\n"), file.data.split(b"\n")
    line = next((i for i, (a, b) in enumerate(zip(ours, theirs, strict=False)) if a != b), min(len(ours), len(theirs)))
    yield Incident("not-canonical", "the line differs from its canonical form", file.path, line + 1)
