"""CoNLL-U of Universal Dependencies: read for its texts, so that they can be annotated or predicted on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from dataset_builder.errors import DataError
from dataset_builder.formats.foreign import Foreign, Labels, decoded
from dataset_builder.formats.regions import Regions

LOSES = "words, morphology and syntax: a layer has none of these, so only the text is read"
SUFFIX = ".conllu"
_META = re.compile(r"# (?P<key>newdoc id|text) = (?P<value>.*)")


def read(path: Path, labels: Labels) -> Iterator[Foreign]:
    """The documents of a file, a sentence a line. DataError where no sentence has its text in a `# text` comment."""
    documents: dict[str, list[str]] = {}
    name = path.stem
    for match in _META.finditer(decoded(path)):
        if match["key"] == "text":
            documents.setdefault(name, []).append(match["value"].strip())
        else:
            name = re.sub(r"[^\w.-]+", "-", match["value"].strip())
    if not documents:
        raise DataError(f"{path}: has no `# text = …` comment; CoNLL-U 2 has one before each sentence")
    for id, sentences in documents.items():
        text = "\n".join(sentences)
        yield Foreign(id, text, Regions(text, labels.schema, str(path)))
