"""Predictions of a system as layers: from layer files, from simple JSONL, from rows of the published dataset.

Whatever is wrong is named with its line or row, and nothing is scored until it is right.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from dataset_builder.codec import decode_layer, parse_records
from dataset_builder.corpus import Corpus
from dataset_builder.curation.simple import PredictionRecord, as_layer, check_layer, layer_file, read_record
from dataset_builder.errors import DataError, UsageError
from dataset_builder.incidents import Incident
from dataset_builder.model import Layer
from dataset_builder.validation.references import LayerFile

#: How many findings an error holds; a broken program repeats its mistake on every line.
SHOWN = 20
_BOM = b"\xef\xbb\xbf"
#: What rows of the published dataset have beside what was annotated.
_DERIVED = ("voice", "voice_claim", "first", "letters", "before", "after", "digest")


def read_predictions(path: Path, corpus: Corpus) -> dict[str, Layer]:
    """The predicted layers by document id.

    `path` is JSONL (also gzipped), a folder of layer files, a Parquet file, a dataset that `save_to_disk` wrote, or a
    folder like `dist/khabar`. Raises UsageError where there is nothing to read, DataError with the first findings where
    something is wrong.
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
        raise DataError(f"{path}: predictions that can't be scored; {len(wrong)} findings{shown}", wrong[:SHOWN])
    if not layers:
        raise UsageError(f"{path}: no prediction is in it")
    return layers


def _read(path: Path, corpus: Corpus, found: list[Incident]) -> Iterable[LayerFile]:
    tables = list(_tables(path))
    if tables:
        return _from_tables(tables, corpus, found)
    return _from_folder(path, found) if path.is_dir() else _from_jsonl(path, corpus, found)


def _check(file: LayerFile, corpus: Corpus) -> Iterator[Incident]:
    document = corpus.documents.get(file.layer.document)
    if document is None:
        yield file.incident("unknown-document", f"{file.layer.document} stands in no manifest")
        return
    if file.layer.sha256 != document.sha256:
        yield file.incident("text-differs", f"{document.id}: the prediction is of another text than the manifest's")
        return
    has_words = any(span.text is not None for span in file.layer.spans)
    yield from check_layer(file, corpus.schema, corpus.text(document) if has_words else None)


def _from_folder(path: Path, found: list[Incident]) -> Iterator[LayerFile]:
    for each in sorted(path.rglob("*.jsonl")):
        layer, incidents, lines = decode_layer(each.read_bytes(), str(each))
        found += (i for i in incidents if i.is_error)
        if layer is not None:
            yield LayerFile(layer, str(each), lines, "")


def _from_jsonl(path: Path, corpus: Corpus, found: list[Incident]) -> Iterator[LayerFile]:
    data = _bytes(path).removeprefix(_BOM)
    for number, record in parse_records(data, str(path), PredictionRecord.model_validate, found):
        yield _file(record, str(path), number, corpus)


def _bytes(path: Path) -> bytes:
    data = path.read_bytes()
    if not data.startswith(b"\x1f\x8b"):
        return data
    try:
        return gzip.decompress(data)
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"{path}: gzip that can't be unpacked ({error}); copy the file again") from error


def _file(record: PredictionRecord, path: str, number: int, corpus: Corpus, digest: str = "") -> LayerFile:
    document = corpus.documents.get(record.document)
    length, known = (document.length, document.sha256) if document else (0, "")
    return layer_file(as_layer(record, length, digest or known, corpus.schema), path, number)


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
        missing = [name for name in ("id", "layers", "spans") if name not in table.column_names]
        if missing:
            raise UsageError(
                f"{path}: no column {missing[0]!r}; predictions have the columns of configuration `documents`"
            )
        for number, row in enumerate(table, 1):
            named = decoded(row, table.features)
            record = read_record(simple_row(named), str(path), number, found)
            if record is not None:
                yield _file(record, str(path), number, corpus, str(named.get("sha256") or ""))


def simple_row(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of configuration `documents` or `standoff`, with label names, in the simple form."""
    spans = ({k: v for k, v in span.items() if k not in _DERIVED and v is not None} for span in row["spans"] or ())
    relations = (
        {name: relation.get(name) for name in ("label", "head", "tail")} for relation in row.get("relations") or ()
    )
    claims = ({k: v for k, v in claim.items() if v is not None} for claim in row.get("claims") or ())
    return {
        "document": row["id"],
        "layers": row["layers"],
        "spans": list(spans),
        "relations": list(relations),
        "claims": list(claims),
    }


def decoded(value: Any, feature: Any) -> Any:
    """A row of `datasets` with the names of labels in place of their numbers, at every depth."""
    if value is None:
        return None
    if hasattr(feature, "int2str"):
        return feature.int2str(value)
    if isinstance(value, list):
        return [decoded(item, feature.feature) for item in value]
    if isinstance(value, dict):
        return {key: decoded(item, feature[key]) for key, item in value.items()}
    return value
