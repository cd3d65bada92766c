"""What can be read here: a document's text as far as it is at hand, and a layer that fits that text.

In the repository a referenced text's layer has anchors instead of words. Whoever reads it wants words and offsets into
the copy that is here; this is the one place that makes them, from an exact copy or one that differs.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from dataset_builder.anchoring import Copy, find, without_words
from dataset_builder.corpus import Corpus, sha256
from dataset_builder.curation.hydrate import carried
from dataset_builder.errors import DataError
from dataset_builder.incidents import Incident
from dataset_builder.model import Document, Layer


@dataclass(frozen=True, slots=True)
class Reading:
    """A document with what is at hand of it.

    `text` is the canonical text, or a hydrated copy, or None; `layer` has offsets into it and words, or is as stored
    where there is no text. `lost` says what could not be carried over to a copy that differs (`exact` is False then).
    """

    document: Document
    text: str | None
    layer: Layer
    exact: bool = True
    lost: tuple[Incident, ...] = ()


def readable(corpus: Corpus, id: str, hand: str = "gold") -> Reading:
    """One hand's layer of a document with the text that is at hand.

    Raises UsageError where there is no such layer, DataError where an included text is missing or a file is broken.
    """
    document = corpus.document(id)
    layer = corpus.layer(id, hand)
    if document.is_included:
        return Reading(document, canonical_text(corpus, document), layer)
    text = corpus.text(document)
    if text is None:
        return Reading(document, None, layer, exact=False)
    copy = Copy(text)
    match = find(document, copy)
    if match is None:
        return Reading(document, None, layer, exact=False)
    found = carried(document, layer, match, copy)
    return Reading(document, text, found.layer or layer, found.exact, found.lost)


def canonical_text(corpus: Corpus, document: Document) -> str:
    """The text that the manifest describes; DataError where only another one, or none, is at hand."""
    text = corpus.text(document)
    path = corpus.relative(corpus.text_path(document))
    if text is None:
        what = "restore it from git" if document.is_included else "run `khabar hydrate` on a folder that holds a copy"
        raise DataError(f"{path}: the text of {document.id} is not here; {what}")
    if sha256(text) != document.sha256:
        what = "restore it from git" if document.is_included else "annotating needs an exact copy"
        raise DataError(f"{path}: not the text that the manifest describes (its SHA-256 differs); {what}")
    return text


def storable(corpus: Corpus, layer: Layer) -> Layer:
    """The layer as the repository may hold it: with words for an included text, with anchors for a referenced one.

    Raises DataError where a span of a referenced text can't be told without its words.
    """
    document = corpus.document(layer.document)
    if document.is_included:
        return replace(layer, spans=tuple(replace(span, anchor=None) for span in layer.spans))
    return without_words(layer, canonical_text(corpus, document), document)
