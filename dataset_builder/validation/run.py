"""All levels over a checkout, or over some of its files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from tqdm import tqdm

from dataset_builder.codec import decode_layer
from dataset_builder.corpus import Corpus, sha256
from dataset_builder.incidents import Incident
from dataset_builder.lists import LISTS
from dataset_builder.validation.collection import check_collection, check_links, check_lists
from dataset_builder.validation.labels import check_labels
from dataset_builder.validation.records import check_canonical, is_manifest, record_files
from dataset_builder.validation.references import LayerFile, check_references

LEVELS = {1: "record", 2: "references and text", 3: "schema", 4: "collection"}


def validate(corpus: Corpus, paths: Sequence[Path] = (), level: int = 4) -> Iterator[Incident]:
    """Every finding up to `level` (1 to 4), in the order of the files; level 4 only where no paths narrow the check.

    Manifests and lists that can't be read end the check after level 1, since everything else refers to them.
    """
    files = record_files(corpus, paths)
    found: list[Incident] = []
    for path in tqdm(files, desc="records", unit="file", disable=None, leave=False):
        found += check_canonical(path, corpus.relative(path), corpus)
    yield from found
    if level < 2 or stops_at_records(found, corpus):
        return
    layers = [path for path in files if not is_manifest(corpus, path) and path.name not in LISTS]
    for path in tqdm(layers, desc="layers", unit="file", disable=None, leave=False):
        yield from _layer(path, corpus, level)
    if level >= 4 and not paths:
        yield from check_lists(corpus)
        yield from check_collection(corpus)


def stops_at_records(found: Sequence[Incident], corpus: Corpus) -> bool:
    """Whether a manifest or list can't be read, so that nothing that refers to it can be checked."""
    bases = {corpus.relative(p) for p in record_files(corpus) if is_manifest(corpus, p) or p.name in LISTS}
    structural = (i for i in found if i.is_error and i.about.level == 1 and i.code != "not-canonical")
    return any(incident.path in bases for incident in structural)


def _layer(path: Path, corpus: Corpus, level: int) -> Iterator[Incident]:
    shown = corpus.relative(path)
    layer, _, lines = decode_layer(path.read_bytes(), shown)
    if layer is None:
        return
    file = LayerFile(layer, shown, lines, _hand(path, corpus))
    yield from check_references(file, corpus)
    if level >= 3:
        document = corpus.documents.get(layer.document)
        text = corpus.text(document) if document else None
        yield from check_labels(file, corpus.schema, text if text and sha256(text) == layer.sha256 else None)
    if level >= 4:
        yield from check_links(file, corpus)


def _hand(path: Path, corpus: Corpus) -> str:
    """Whose layer a file in annotations/ is; "" for a file elsewhere."""
    base = corpus.root / "annotations"
    if not path.is_relative_to(base):
        return ""
    parts = path.relative_to(base).parts
    return parts[0] if parts[0] == "gold" else "/".join(parts[:2])
