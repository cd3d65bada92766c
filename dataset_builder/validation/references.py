"""Level 2: references and text. Does every id lead somewhere, and does every span stand where it says?"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dataset_builder.anchoring import with_words
from dataset_builder.corpus import Corpus, sha256
from dataset_builder.errors import DataError, KhabarError
from dataset_builder.incidents import Incident
from dataset_builder.model import Document, Layer, Span
from dataset_builder.text.characters import INVISIBLE, is_mark


@dataclass(frozen=True)
class LayerFile:
    """A layer with where it stood: its path as shown, and the line of each record."""

    layer: Layer
    path: str
    lines: Mapping[str, int]
    hand: str

    def incident(self, code: str, fact: str, id: str = "") -> Incident:
        return Incident(code, fact, self.path, self.lines.get(id, 1))


def check_references(file: LayerFile, corpus: Corpus) -> Iterator[Incident]:
    """Everything of level 2 about one layer file."""
    yield from check_dangling(file)
    document = corpus.documents.get(file.layer.document)
    if document is None:
        yield file.incident("unknown-document", f"{file.layer.document} stands in no manifest")
        return
    if file.hand and file.path != corpus.relative(corpus.layer_path(document, file.hand)):
        wanted = corpus.relative(corpus.layer_path(document, file.hand))
        yield file.incident("wrong-place", f"the layer of {document.id} belongs in {wanted}")
    if (file.layer.length, file.layer.sha256) != (document.length, document.sha256):
        yield file.incident("text-differs", f"length or sha256 is not the manifest's for {document.id}")
        return
    text = corpus.text(document)
    if text is not None and sha256(text) != document.sha256:
        text = None  # another copy, or an edited file, which the collection's check names
    for span in file.layer.spans:
        yield from _span(file, span, document, text)
    if text is not None and not document.is_included:
        yield from _anchors(file, document, text)


def check_dangling(file: LayerFile) -> Iterator[Incident]:
    """Ids of spans and claims that are named and not there."""
    spans = {span.id for span in file.layer.spans}
    claims = {claim.id for claim in file.layer.claims}
    for relation in file.layer.relations:
        for end in (relation.head, relation.tail):
            if end not in spans:
                yield file.incident(
                    "dangling-reference", f"{relation.id} leads to {end}, which is no span", relation.id
                )
    for claim in file.layer.claims:
        for id in claim.spans:
            if id not in spans:
                yield file.incident("dangling-reference", f"{claim.id} names {id}, which is no span", claim.id)
        for other in (claim.parent, claim.continues):
            if other and other not in claims:
                yield file.incident("dangling-reference", f"{claim.id} names {other}, which is no claim", claim.id)


def _span(file: LayerFile, span: Span, document: Document, text: str | None) -> Iterator[Incident]:
    where = f"{span.id} ({span.start}–{span.end})"
    if not 0 <= span.start < span.end <= document.length:
        fact = f"{where} does not fit the text's {document.length} code points"
        yield file.incident("offset-range", fact, span.id)
        return
    if document.is_included and span.text is None:
        yield file.incident("surface-missing", f"{where} has no text", span.id)
    if not document.is_included and span.text is not None:
        yield file.incident("words-of-referenced", f"{where} holds words of a referenced text", span.id)
    if not document.is_included and span.anchor is None:
        yield file.incident("anchor-missing", f"{where} has no at, edge and digest", span.id)
    if text is None:
        return
    surface = text[span.start : span.end]
    if span.text is not None and span.text != surface:
        shown = f"has {_shown(span.text)}, the text has {_shown(surface)}"
        yield file.incident("surface-mismatch", f"{where} {shown}", span.id)
    if surface[0] in INVISIBLE or surface[0].isspace() or surface[-1] in INVISIBLE or surface[-1].isspace():
        yield file.incident("edge-space", f"{where} begins or ends in white space or an invisible character", span.id)
    if is_mark(surface[0]) or (span.end < len(text) and is_mark(text[span.end])):
        mark = surface[0] if is_mark(surface[0]) else text[span.end]
        yield file.incident("cut-grapheme", f"{where} cuts {unicodedata.name(mark, '?')} from its letter", span.id)


def _shown(surface: str) -> str:
    """Words short enough for a message, with what can't be seen spelt out."""
    short = surface if len(surface) <= 40 else f"{surface[:18]} … {surface[-18:]}"
    return "".join(f"<U+{ord(c):04X}>" if c in INVISIBLE else c for c in short)


def _anchors(file: LayerFile, document: Document, text: str) -> Iterator[Incident]:
    try:
        with_words(file.layer, text, document, file.path)
    except DataError as error:
        by_id = ((next((s for s in file.layer.spans if s.id in i.fact), None), i) for i in error.incidents)
        for span, incident in by_id:
            yield file.incident(incident.code, incident.fact, span.id if span else "")
    except KhabarError as error:
        yield file.incident("anchor-mismatch", str(error))
