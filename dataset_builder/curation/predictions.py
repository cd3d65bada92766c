"""Predictions of a system as layers: from layer files, from simple JSONL, from rows of the published dataset.

Whatever is wrong is named with its line or row, and nothing is scored until it is right.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from dataset_builder.codec import decode_layer, parse_records
from dataset_builder.corpus import Corpus, sha256
from dataset_builder.curation.simple import (
    PredictionRecord,
    as_layer,
    check_layer,
    explain,
    layer_file,
    read_record,
)
from dataset_builder.errors import DataError, PredictionError, UsageError, did_you_mean
from dataset_builder.incidents import Incident
from dataset_builder.model import Layer
from dataset_builder.validation.references import LayerFile

#: How many findings an error holds; a broken program repeats its mistake on every line.
SHOWN = 20
_BOM = b"\xef\xbb\xbf"
#: What spans of the published dataset have beside what was annotated.
_DERIVED = ("voice", "voice_claim", "first", "letters", "before", "after", "digest")
#: Columns of predictions, and those that rows of the published dataset have besides.
_PREDICTED = ("layers", "spans", "relations", "claims", "spurious", "given")
_ABOUT = (
    *("id", "track", "source", "cluster", "story", "outlet", "outlet_stance", "outlet_designed", "published", "url"),
    *("licence", "sha256", "title", "text", "canary", "locator", "length", "folded_sha256", "windows"),
)


def read_predictions(path: Path, corpus: Corpus) -> dict[str, Layer]:
    """The predicted layers by document id.

    `path` is a file of simple JSONL or a layer file (also gzipped), a folder of such files, a Parquet file, a dataset
    that `save_to_disk` wrote, or a folder like `dist/khabar`. Raises UsageError where there is nothing to read,
    PredictionError with the first findings where something is wrong.
    """
    if not path.exists():
        raise UsageError(f"{path}: no such file or folder; give predictions as JSONL or a folder of layer files")
    found: list[Incident] = []
    layers: dict[str, Layer] = {}
    for file in _read(path, corpus, found):
        id = file.layer.document
        if id in layers:
            found.append(file.incident("document-repeated", f"{id} was predicted above already"))
        layers[id] = file.layer
        found += [incident for incident in _check(file, corpus) if incident.is_error]
    wrong = [incident for incident in found if incident.is_error]
    if wrong:
        shown = f", the first {SHOWN} are shown" if len(wrong) > SHOWN else ""
        raise PredictionError(f"{path}: predictions that can't be scored; {len(wrong)} findings{shown}", wrong[:SHOWN])
    if not layers:
        where = "no file in it ends in .jsonl, .jsonl.gz or .parquet" if path.is_dir() else "it is empty"
        raise UsageError(f"{path}: no prediction is in it ({where})")
    return layers


def unlisted(layers: Mapping[str, Layer], corpus: Corpus) -> str:
    """How many predicted entity ids the project's list does not have, in a sentence; "" where it has all.

    They are no error: a system that links to the open world may know more than the list. But no gold span has such an
    id, so each counts as wrong.
    """
    said = Counter(id for layer in layers.values() for s in layer.of("ACTOR") if (id := s.attributes.get("entity")))
    unknown = sorted(set(said) - set(corpus.entities))
    if not unknown:
        return ""
    shown = ", ".join(unknown[:3]) + (", …" if len(unknown) > 3 else "")
    count = sum(said[id] for id in unknown)
    return (
        f"{count} of {said.total()} predicted entity ids are not in annotations/entities.jsonl and count as wrong "
        f"({len(unknown)} different: {shown})"
    )


def _read(path: Path, corpus: Corpus, found: list[Incident]) -> Iterable[LayerFile]:
    tables = list(_tables(path))
    if tables:
        return _from_tables(tables, corpus, found)
    files = sorted([*path.rglob("*.jsonl"), *path.rglob("*.jsonl.gz")]) if path.is_dir() else [path]
    return (file for each in files for file in _from_file(each, corpus, found))


def _check(file: LayerFile, corpus: Corpus) -> Iterator[Incident]:
    document = corpus.documents.get(file.layer.document)
    if document is None:
        known = did_you_mean(file.layer.document, corpus.documents)
        fact = f"there is no document {file.layer.document!r}; {known}"
        yield file.incident("unknown-document", fact)
        return
    if file.layer.sha256 != document.sha256:
        yield file.incident("text-differs", f"{document.id}: the prediction is of another text than the manifest's")
        return
    has_words = any(span.text is not None for span in file.layer.spans)
    yield from check_layer(file, corpus.schema, corpus.text(document) if has_words else None)


def _from_file(path: Path, corpus: Corpus, found: list[Incident]) -> Iterator[LayerFile]:
    """The one document of a layer file, or those of the lines of simple JSONL. Empty lines at the end are nothing."""
    data = _bytes(path).removeprefix(_BOM).rstrip()
    if _is_layer(data):
        layer, incidents, lines = decode_layer(data, str(path))
        found += (i for i in incidents if i.is_error)
        if layer is not None:
            yield LayerFile(layer, str(path), lines, "")
        return
    for number, record in parse_records(data, str(path), PredictionRecord.model_validate, found, explain):
        yield _file(record, str(path), number, corpus)


def _is_layer(data: bytes) -> bool:
    """Whether the first line is a record of a layer file, which says its kind."""
    first = data.split(b"\n", 1)[0]
    try:
        record = json.loads(first)
    except (ValueError, RecursionError):
        return first.startswith(b'{"kind"')
    return isinstance(record, dict) and "kind" in record


def _bytes(path: Path) -> bytes:
    data = path.read_bytes()
    if not data.startswith(b"\x1f\x8b"):
        return data
    try:
        return gzip.decompress(data)
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"{path}: gzip that can't be unpacked ({error}); copy the file again") from error


def _file(record: PredictionRecord, path: str, number: int, corpus: Corpus, digests: Sequence[str] = ()) -> LayerFile:
    """The record as a layer; of the digests of its text that were given one that differs from the manifest's counts."""
    document = corpus.documents.get(record.document)
    length, known = (document.length, document.sha256) if document else (0, "")
    digest = next((each for each in digests if each != known), known)
    return layer_file(as_layer(record, length, digest, corpus.schema), path, number)


def _tables(path: Path) -> Iterator[tuple[Path, Any]]:
    """Tables of `datasets` at a path, each with where it stands: none where it is something else."""
    files = [path] if path.suffix == ".parquet" else sorted(path.glob("data/documents/*.parquet"))
    files = files or sorted(path.glob("*.parquet"))
    saved = [name for name in ("state.json", "dataset_dict.json") if (path / name).is_file()]
    if not files and not saved:
        return
    import pyarrow as pa
    import pyarrow.parquet as pq
    from datasets import Dataset, load_from_disk

    try:
        for file in files:
            yield file, Dataset(pq.read_table(file))
        if saved:
            loaded = load_from_disk(str(path))
            yield from (
                ((path / str(name), each) for name, each in loaded.items()) if "dict" in saved[0] else [(path, loaded)]
            )
    except (OSError, ValueError, pa.ArrowException) as error:
        raise DataError(f"{path}: no dataset that can be read ({error}); write it again") from error


def _from_tables(tables: Iterable[tuple[Path, Any]], corpus: Corpus, found: list[Incident]) -> Iterator[LayerFile]:
    for path, table in tables:
        _check_columns(path, table.column_names)
        for number, row in enumerate(table, 1):
            named = decoded(row, table.features)
            record = read_record(simple_row(named), str(path), number, found)
            if record is not None:
                # A referenced document's text is null or "" where it was not hydrated.
                text = [sha256(str(named["text"]))] if named.get("text") else []
                yield _file(record, str(path), number, corpus, [*text, *filter(None, [named.get("sha256")])])


def _check_columns(path: Path, columns: Iterable[str]) -> None:
    """UsageError for a column that would be lost, or one that is missing; the misspelt ones first."""
    names = ["id" if name == "document" else name for name in columns]
    missing = [name for name in ("id", "layers", "spans") if name not in names]
    unknown = {n: did_you_mean(n, missing or _PREDICTED) for n in names if n not in (*_PREDICTED, *_ABOUT)}
    misspelt = [name for name, hint in unknown.items() if hint.startswith("did")]
    if missing and not misspelt:
        raise UsageError(f"{path}: no column {missing[0]!r}; predictions have the columns of configuration `documents`")
    for name in misspelt or unknown:
        raise UsageError(f"{path}: column {name!r} is none of predictions ({unknown[name]}); rename it or leave it out")


def simple_row(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of configuration `documents` or `standoff`, with label names, in the simple form.

    A column has every key of every row, so null is what a row does not have; but whoever predicts nothing says so.
    """
    spans = row["spans"]
    return {
        "document": row["id"] if "id" in row else row["document"],
        "layers": row["layers"],
        "spans": None if spans is None else [_given(span, _DERIVED) for span in spans],
        "relations": [_given(relation) for relation in row.get("relations") or ()],
        "claims": [_given(claim) for claim in row.get("claims") or ()],
        "spurious": _given(row.get("spurious") or {}),
        "given": row.get("given") or [],
    }


def _given(record: Any, derived: Iterable[str] = ()) -> Any:
    """The record without null and derived keys; what is no record is left to whoever reads it."""
    if not isinstance(record, Mapping):
        return record
    return {key: value for key, value in record.items() if value is not None and key not in derived}


def decoded(value: Any, feature: Any) -> Any:
    """A row of `datasets` with the names of labels in place of their numbers, at every depth."""
    if value is None:
        return None
    if hasattr(feature, "int2str"):
        return feature.int2str(value) if 0 <= value < feature.num_classes else str(value)
    if isinstance(value, list):
        return [decoded(item, feature.feature) for item in value]
    if isinstance(value, dict):
        return {key: decoded(item, feature[key]) for key, item in value.items()}
    return value
