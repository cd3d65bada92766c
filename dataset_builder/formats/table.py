"""The forms of other tools by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from dataset_builder.formats import brat, cas, conll, conllu, doccano, spacy
from dataset_builder.formats.foreign import Foreign, Item, Labels
from dataset_builder.schema import Schema

Write = Callable[[Iterable[Item], Schema], Iterator[tuple[str, bytes]]]
Read = Callable[[Path, Labels], Iterator[Foreign]]


@dataclass(frozen=True, slots=True)
class Format:
    """A form: how its files end, what it can't carry ("" for nothing), and how it is written (if it is) and read."""

    name: str
    suffix: str
    loses: str
    read: Read
    write: Write | None = None


FORMATS: Mapping[str, Format] = {
    "brat": Format("brat standoff", brat.SUFFIX, brat.LOSES, brat.read, brat.write),
    "conll": Format("CoNLL columns with BIO tags", conll.SUFFIX, conll.LOSES, conll.read, conll.write),
    "conllu": Format("CoNLL-U", conllu.SUFFIX, conllu.LOSES, conllu.read),
    "spacy": Format("spaCy DocBin", spacy.SUFFIX, spacy.LOSES, spacy.read, spacy.write),
    "doccano": Format("doccano JSONL", doccano.SUFFIX, doccano.LOSES, doccano.read, doccano.write),
    "cas": Format("UIMA CAS JSON of INCEpTION", cas.SUFFIX, cas.LOSES, cas.read, cas.write),
}
