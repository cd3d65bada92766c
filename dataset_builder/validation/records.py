"""Level 1: a file by itself. Is every line a record, and is the file in canonical form?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from dataset_builder.codec import decode_layer, decode_manifest, encode_layer, encode_manifest
from dataset_builder.corpus import Corpus
from dataset_builder.errors import UsageError
from dataset_builder.incidents import Incident
from dataset_builder.lists import LISTS, decode_list, encode_list


def record_files(corpus: Corpus, paths: Sequence[Path] = ()) -> list[Path]:
    """The files that hold records: all of them in the checkout, or those among `paths` and below.

    Raises UsageError for a path that does not exist.
    """
    annotations = corpus.root / "annotations"
    if not paths:
        folders = [annotations / "documents", annotations / "gold", annotations / "passes"]
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


def canonical_bytes(path: Path, shown: str, corpus: Corpus) -> tuple[bytes | None, list[Incident]]:
    """The file's canonical content, and every finding; None where it has errors, since writing would lose them."""
    data = path.read_bytes()
    if is_manifest(corpus, path):
        documents, found = decode_manifest(data, shown)
        text = encode_manifest(document for _, document in documents)
    elif path.name in LISTS:
        items, found, _ = decode_list(path, LISTS[path.name], shown)
        text = encode_list(items)
    else:
        layer, found, _ = decode_layer(data, shown)
        text = encode_layer(layer) if layer else ""
    if any(incident.is_error for incident in found):
        return None, found
    return text.encode("utf8"), found


def check_canonical(path: Path, shown: str, corpus: Corpus) -> Iterator[Incident]:
    """The file's own findings, or where it first differs from its canonical form."""
    content, found = canonical_bytes(path, shown, corpus)
    yield from found
    if content is None or content == (data := path.read_bytes()):
        return
    ours, theirs = content.split(b"\n"), data.split(b"\n")
    line = next((i for i, (a, b) in enumerate(zip(ours, theirs, strict=False)) if a != b), min(len(ours), len(theirs)))
    yield Incident("not-canonical", "the line differs from its canonical form", shown, line + 1)
