"""Other tools' files, written and read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from dataset_builder.formats.foreign import Foreign, Item, Labels
from dataset_builder.formats.table import FORMATS
from dataset_builder.schema import Schema

SCHEMA = Schema.load()
WRITTEN = [name for name, form in FORMATS.items() if form.write]
TEXT = "قصفت الطائرات سوق حلب"


def written(name: str, items: list[Item], out: Path) -> list[Path]:
    write = FORMATS[name].write
    assert write is not None
    for file, content in write(items, SCHEMA):
        (out / file).write_bytes(content)
    return sorted(out.glob(f"*{FORMATS[name].suffix}"))


def read(name: str, paths: list[Path], **labels: str) -> Iterator[Foreign]:
    for path in paths:
        yield from FORMATS[name].read(path, Labels(SCHEMA, labels))


def only(name: str, path: Path, content: str | bytes, **labels: str) -> Foreign:
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf8"))
    (foreign,) = read(name, [path], **labels)
    return foreign


def words(foreign: Foreign) -> list[str]:
    return [foreign.text[r.start : r.end] for r in foreign.read.by_id.values()]
