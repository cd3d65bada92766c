"""All levels over a checkout, or over some of its files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from tqdm import tqdm

from dataset_builder.corpus import Corpus, sha256
from dataset_builder.incidents import Incident
from dataset_builder.lists import kind_of
from dataset_builder.validation.collection import check_collection, check_links, check_lists
from dataset_builder.validation.decisions import DecisionFile, check_decisions
from dataset_builder.validation.labels import check_labels
from dataset_builder.validation.records import check_records, is_manifest, read_records, record_files
from dataset_builder.validation.references import LayerFile, check_references

LEVELS = {1: "record", 2: "references and text", 3: "schema", 4: "collection"}


def validate(corpus: Corpus, paths: Sequence[Path] = (), level: int = 4) -> Iterator[Incident]:
    """Every finding up to `level` (1 to 4), in the order of the files; level 4 only where no paths narrow the check.

    Manifests and lists that can't be read end the check after level 1, since everything else refers to them.
    """
    found: list[Incident] = []
    layers: list[LayerFile] = []
    decided: list[DecisionFile] = []
    for path in tqdm(record_files(corpus, paths), desc="records", unit="file", disable=None, leave=False):
        file = read_records(path, corpus)
        found += check_records(file)
        if file.layer:
            layers.append(LayerFile(file.layer, file.path, file.lines, _hand(path, corpus)))
        if file.decisions is not None:
            decided.append(DecisionFile(file.decisions, file.path, file.lines))
    yield from found
    if level < 2 or stops_at_records(found, corpus):
        return
    for layer in tqdm(layers, desc="layers", unit="file", disable=None, leave=False):
        yield from _layer(layer, corpus, level)
    for decisions in decided:
        yield from check_decisions(decisions, corpus, level)
    if level >= 4 and not paths:
        yield from check_lists(corpus)
        yield from check_collection(corpus)


def stops_at_records(found: Sequence[Incident], corpus: Corpus) -> bool:
    """Whether a manifest or list can't be read, so that nothing that refers to it can be checked."""
    bases = {corpus.relative(p) for p in record_files(corpus) if is_manifest(corpus, p) or kind_of(p)}
    structural = (i for i in found if i.is_error and i.about.level == 1 and i.code != "not-canonical")
    return any(incident.path in bases for incident in structural)


def _layer(file: LayerFile, corpus: Corpus, level: int) -> Iterator[Incident]:
    layer = file.layer
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
