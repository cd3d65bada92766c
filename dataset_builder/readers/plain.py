"""Plain text: the first line is the title, the whole file is the text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from dataset_builder.incidents import Incident
from dataset_builder.readers.article import Article, Options, finished, whole
from dataset_builder.readers.canonical import canonical
from dataset_builder.readers.encoding import decode


def read_plain(path: Path, options: Options) -> Iterator[Article | Incident]:
    """One article; its locator is the file's name without suffix."""
    decoded = decode(whole(path), [options.encoding])
    text = canonical(decoded.text)
    title = text.text.lstrip().partition("\n")[0].strip()
    known = {"locator": path.stem, "encoding": decoded.encoding, "path": str(path)}
    yield from finished(text, "", title=title, reader="plain/1", raw_is="file", record=False, **known)
