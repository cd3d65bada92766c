"""A column is an Arrow array with the `datasets` feature that says what it is; tables are built column by column.

Feature and values are made in one place, so they can't drift apart. Nothing is made row by row, and every value stays
nullable: a struct field that may not be null costs a nested ClassLabel its names when Parquet is read back.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dataset_builder.errors import DataError


@dataclass(frozen=True, slots=True)
class Column:
    """`feature` is a `datasets` feature, `values` an array of exactly its storage type."""

    feature: Any
    values: pa.Array


Columns = Mapping[str, Column]


def _value(dtype: str, values: pa.Array) -> Column:
    from datasets import Value

    return Column(Value(dtype), values)


def strings(values: Iterable[str | None]) -> Column:
    """Text as it is; "" stays "" and None is null."""
    return _value("string", pa.array(values, pa.string()))


def filled(values: Iterable[str | None]) -> Column:
    """Text of which "" means that there is none: both "" and None are null."""
    return strings([value or None for value in values])


def integers(values: Iterable[int | None]) -> Column:
    """Offsets and counts, 32 bits."""
    return _value("int32", pa.array(values, pa.int32()))


def flags(values: Iterable[bool | None]) -> Column:
    return _value("bool", pa.array(values, pa.bool_()))


def classes(names: Sequence[str], values: Iterable[str | None], what: str) -> Column:
    """Labels as ids of a ClassLabel; None and "" are null. DataError for a label that is not among `names`.

    `datasets` loads an id that has no name without a word, so it is caught here.

    >>> column = classes(["AIR", "IED"], ["IED", None, "AIR"], "code")
    >>> column.values.to_pylist(), column.feature.names
    ([1, None, 0], ['AIR', 'IED'])
    """
    from datasets import ClassLabel

    ids: dict[str | None, int | None] = {name: id for id, name in enumerate(names)}
    ids |= {None: None, "": None}
    try:
        values = pa.array([ids[value] for value in values], pa.int64())
    except KeyError as error:
        raise DataError(
            f"{error.args[0]!r} is no {what} of annotations/schema.toml; `khabar validate` shows where it stands"
        ) from None
    return Column(ClassLabel(names=list(names)), values)


def class_ids(names: Sequence[str], ids: Any) -> Column:
    """Labels that are ids of `names` already, as a numpy array."""
    from datasets import ClassLabel

    return Column(ClassLabel(names=list(names)), pa.array(ids, pa.int64()))


def listed(lengths: Iterable[int], column: Column) -> Column:
    """A list a row: the column's values cut into stretches of the given lengths, in order."""
    from datasets import List

    return Column(List(column.feature), pa.ListArray.from_arrays(_offsets(lengths), column.values))


def nested(lengths: Iterable[int], columns: Columns) -> Column:
    """A list of records a row, from columns that hold all records one after the other.

    >>> column = nested([2, 0, 1], {"start": integers([0, 4, 7]), "text": strings(["ab", "c", "d"])})
    >>> column.values.to_pylist()[2]
    [{'start': 7, 'text': 'd'}]
    """
    from datasets import List

    feature = List({name: column.feature for name, column in columns.items()})
    records = pa.StructArray.from_arrays([c.values for c in columns.values()], names=list(columns))
    return Column(feature, pa.ListArray.from_arrays(_offsets(lengths), records))


def _offsets(lengths: Iterable[int]) -> pa.Array:
    counts = np.fromiter(lengths, dtype=np.int32)
    return pa.array(np.concatenate([np.zeros(1, np.int32), np.cumsum(counts, dtype=np.int32)]))


def table(columns: Columns) -> pa.Table:
    """The Arrow table, its schema carrying the features in the way that `datasets` reads them."""
    from datasets import Features

    features = Features({name: column.feature for name, column in columns.items()})
    return pa.Table.from_arrays([column.values for column in columns.values()], schema=features.arrow_schema)


def content_digest(table: pa.Table) -> str:
    """SHA-256 (64 hex) of what a table says: names, features, values; not of how pyarrow or Parquet store it.

    >>> a = table({"text": strings(["قسد", None, ""])})
    >>> b = table({"text": strings(["قسد", "", None])})
    >>> pieces = pa.concat_tables([a.slice(0, 1), a.slice(1)])
    >>> content_digest(a) == content_digest(pieces), content_digest(a) == content_digest(b)
    (True, False)
    """
    digest = hashlib.sha256()
    features = json.loads(table.schema.metadata[b"huggingface"])["info"]["features"]
    digest.update(json.dumps(features, ensure_ascii=False, sort_keys=True).encode())
    for name in table.column_names:
        digest.update(f"\n{name}:{table.num_rows}\n".encode())
        _update(digest, table[name].combine_chunks())
    return digest.hexdigest()


def _update(digest: Any, values: pa.Array) -> None:
    """Feed an array's validity and values, little-endian and without whatever lies behind nulls and slices."""
    digest.update(np.asarray(values.is_valid()).tobytes())
    kind = values.type
    if pa.types.is_list(kind):
        digest.update(np.asarray(pc.fill_null(pc.list_value_length(values), 0)).astype("<i4").tobytes())
        _update(digest, values.flatten())
    elif pa.types.is_struct(kind):
        for field, child in zip(kind, values.flatten(), strict=True):
            digest.update(f"{field.name}:".encode())
            _update(digest, child)
    elif pa.types.is_string(kind):
        known = pc.fill_null(values, "")
        digest.update(np.asarray(pc.binary_length(known)).astype("<i4").tobytes())
        digest.update("".join(known.to_pylist()).encode())
    elif pa.types.is_boolean(kind):
        digest.update(np.asarray(pc.fill_null(values, False)).tobytes())
    elif pa.types.is_integer(kind):
        digest.update(np.asarray(pc.fill_null(values, 0)).astype("<i8").tobytes())
    else:
        raise TypeError(f"no digest is defined for {kind}")
