"""What other tools' files say, as layers of the corpus's documents or of texts of their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dataset_builder.corpus import Corpus, sha256
from dataset_builder.curation.reading import canonical_text
from dataset_builder.errors import DataError
from dataset_builder.formats.foreign import Foreign, restore
from dataset_builder.formats.regions import make_layer
from dataset_builder.incidents import Incident
from dataset_builder.model import Document, Layer
from dataset_builder.validation.labels import check_labels
from dataset_builder.validation.references import LayerFile


def own_layer(foreign: Foreign, layers: Sequence[str] = ()) -> tuple[Layer, list[Incident]]:
    """The layer over the file's own text, whatever the corpus has. `layers` are those that were annotated; by default
    those that the file names, else those that it has a region of.
    """
    document = Document(foreign.id, "", "included", "", sha256(foreign.text), len(foreign.text), "", "utf-8")
    return _layer(foreign, document, layers, None)


def corpus_layer(
    foreign: Foreign, corpus: Corpus, layers: Sequence[str] = (), onto: Layer | None = None
) -> tuple[Layer, list[Incident]]:
    """The layer over the corpus's document of that id.

    Where `onto` is given, what the format could not carry is taken from it as far as it still fits, and ids are kept.
    Raises UsageError for an unknown document, DataError where the file's text is not the document's.
    """
    document = corpus.document(foreign.id)
    text = canonical_text(corpus, document)
    if foreign.text != text:
        at = next((i for i, (a, b) in enumerate(zip(foreign.text, text, strict=False)) if a != b), len(text))
        raise DataError(
            f"{foreign.read.where}: its text is not that of {document.id}: they part at code point {at} "
            f"({foreign.text[at : at + 20]!r}, expected {text[at : at + 20]!r}); annotate what was written out"
        )
    if onto is not None:
        restore(foreign, onto)
    return _layer(foreign, document, layers, onto)


def _layer(
    foreign: Foreign, document: Document, layers: Sequence[str], onto: Layer | None
) -> tuple[Layer, list[Incident]]:
    read = foreign.read
    known = onto.layers if onto is not None else {region.layer for region in read.by_id.values()}
    done = layers or foreign.layers or [name for name in read.schema.layers if name in known]
    layer = make_layer(read, document, done, earlier=onto)
    layer = replace(layer, layers=tuple(name for name in read.schema.layers if name in done))
    checked = check_labels(LayerFile(layer, read.where, {}, ""), read.schema, None)
    return layer, [*read.found, *(incident for incident in checked if incident.is_error)]
