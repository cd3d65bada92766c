"""Records with named columns: JSONL, CSV and Parquet. Which column holds what is known by its usual names, or given."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from dataset_builder.incidents import Incident
from dataset_builder.readers.article import (
    FILE_LIMIT,
    RECORD_LIMIT,
    Article,
    Options,
    Refused,
    attempted,
    from_fields,
    whole,
)
from dataset_builder.readers.encoding import decode

#: What a column is called that holds a part of an article; the first that is there counts.
USUAL = {
    "text": ("text", "body", "content", "article", "article_text", "النص", "المحتوى"),
    "title": ("title", "headline", "العنوان"),
    "date": ("published", "date", "published_at", "publish_date", "pubdate", "datetime", "created_at", "التاريخ"),
    "url": ("url", "link", "source_url", "الرابط"),
    "id": ("id", "_id", "article_id", "docno", "uuid"),
    "outlet": ("outlet", "source", "publisher", "site", "site_name", "المصدر"),
}


def read_jsonl(path: Path, options: Options) -> Iterator[Article | Incident]:
    """An article a line. Each line is decoded by itself, so a broken one costs only itself."""
    with path.open("rb") as file:
        wide = file.read(2) in (b"\xff\xfe", b"\xfe\xff")
    lines = _wide_lines(path, options) if wide else _lines(path)
    for number, line in enumerate(lines, 1):
        yield from attempted(_json_line(line, path, number, options), str(path), number)


def _wide_lines(path: Path, options: Options) -> Iterator[bytes | int]:
    yield from decode(whole(path, FILE_LIMIT), [options.encoding]).text.removeprefix("\ufeff").encode().split(b"\n")


def _lines(path: Path) -> Iterator[bytes | int]:
    """The lines of a file; of one past the limit, which is not held in memory, the length."""
    with path.open("rb") as file:
        while line := file.readline(RECORD_LIMIT + 1):
            if len(line) <= RECORD_LIMIT:
                yield line
                continue
            length = len(line)
            while not line.endswith(b"\n") and (line := file.readline(RECORD_LIMIT)):
                length += len(line)
            yield length


def _json_line(line: bytes | int, path: Path, number: int, options: Options) -> Iterator[Article | Incident]:
    if isinstance(line, int):
        raise Refused("record-too-long", f"the line has {line:,} bytes, more than {RECORD_LIMIT:,}")
    if not line.strip():
        return
    decoded = decode(line, [options.encoding])
    try:
        row = json.loads(decoded.text.removeprefix("\ufeff"))
    except (ValueError, RecursionError) as error:
        raise Refused("record-broken", f"the line is no JSON: {error}") from None
    if not isinstance(row, dict):
        raise Refused("record-broken", f"the line is no JSON object but {type(row).__name__}")
    yield from _article(row, path, number, decoded.encoding, "jsonl/1", options)


def read_csv(path: Path, options: Options) -> Iterator[Article | Incident]:
    """An article a row; the first row names the columns, and tells comma, semicolon and tab apart."""
    decoded = decode(whole(path, FILE_LIMIT), [options.encoding])
    text = decoded.text.removeprefix("\ufeff")
    header = text.partition("\n")[0]
    csv.field_size_limit(RECORD_LIMIT)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=header.count), strict=True)
    try:
        names = next(rows)
    except csv.Error as error:
        raise Refused("record-broken", f"the row of column names is no CSV: {error}") from None
    _text_column(names, options)
    while True:
        line = rows.line_num + 1
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield Incident("record-broken", f"the row is no CSV: {error}", str(path), line)
            continue
        if row:
            yield from attempted(_csv_row(names, row, path, line, decoded.encoding, options), str(path), line)


def _csv_row(
    names: list[str], row: list[str], path: Path, line: int, encoding: str, options: Options
) -> Iterator[Article | Incident]:
    if len(row) != len(names):
        raise Refused("record-broken", f"the row has {len(row)} cells, the first row names {len(names)} columns")
    yield from _article(dict(zip(names, row, strict=True)), path, line, encoding, "csv/1", options)


def read_parquet(path: Path, options: Options) -> Iterator[Article | Incident]:
    """An article a row, read in batches; incidents count rows, as there are no lines."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    number = 0
    try:
        with pq.ParquetFile(path) as file:
            names = file.schema_arrow.names
            _text_column(names, options)
            wanted = sorted({name for part in USUAL if (name := column(names, part, options))})
            for batch in file.iter_batches(batch_size=256, columns=wanted):
                for row in range(batch.num_rows):
                    number += 1
                    found = _parquet_row(batch.slice(row, 1), path, number, options)
                    yield from attempted(found, str(path), number)
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        reason = str(error).partition("\n")[0]
        raise Refused("record-broken", f"the Parquet file cannot be read beyond row {number}: {reason}") from None


def _parquet_row(row: Any, path: Path, number: int, options: Options) -> Iterator[Article | Incident]:
    try:
        (held,) = row.to_pylist()
    except UnicodeDecodeError:
        raise Refused("undecodable", f"row {number} holds bytes that are no UTF-8") from None
    yield from _article(held, path, number, "utf-8", "parquet/1", options)


def column(names: list[str], part: str, options: Options) -> str | None:
    """The column that holds a part of the article, or None. Refused where a given column is not there."""
    given = options.columns.get(part)
    if given is not None:
        if given not in names:
            raise Refused("field-missing", f"there is no column {given!r} for the {part}; there are {', '.join(names)}")
        return given
    lower = {name.strip().lower(): name for name in reversed(names)}
    return next((lower[name] for name in USUAL[part] if name in lower), None)


def _text_column(names: list[str], options: Options) -> None:
    """Refuse a table that has no column for the text."""
    if column(names, "text", options) is None:
        raise Refused("field-missing", f"no column for the text among {', '.join(names)}")


def _article(
    row: Mapping[str, Any], path: Path, number: int, encoding: str, reader: str, options: Options
) -> Iterator[Article | Incident]:
    names = {part: column(list(row), part, options) for part in USUAL}
    _text_column(list(row), options)
    held = {part: _string(row, name) for part, name in names.items()}
    known = {"locator": held["id"] or f"{path.stem}-{number}", "url": held["url"], "outlet": held["outlet"]}
    known |= {"encoding": encoding, "reader": reader, "raw_is": "fields", "path": str(path)}
    yield from from_fields(
        held["title"], held["text"], date=held["date"], line=number, record=bool(held["id"]), **known
    )


def _string(row: Mapping[str, Any], name: str | None) -> str:
    """A cell as text; "" for what is not there. Refused where it is neither text, number nor date."""
    value = row[name] if name is not None else None
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str | int) and not isinstance(value, bool):
        return str(value)
    raise Refused("record-broken", f"column {name!r} holds {type(value).__name__}, not text")
