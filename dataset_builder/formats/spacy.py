"""spaCy DocBin: a Doc a document, its spans in a span group a layer, the rest in the Doc's user data.

Tokens are cut where spans begin and end, and white space that is no single space is a token, so that text and spans are
exact. Needs the extra `formats`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

from dataset_builder.errors import DataError
from dataset_builder.formats.conll import cut
from dataset_builder.formats.foreign import Foreign, Item, Labels, needs, own_id
from dataset_builder.formats.regions import Names, Region, Regions, make_regions
from dataset_builder.schema import Schema

LOSES = "ids of relations"
SUFFIX = ".spacy"
#: The key of user data under which what a Doc has no place for stands.
_KEY = "khabar"


def write(items: Iterable[Item], schema: Schema) -> Iterator[tuple[str, bytes]]:
    """One file for all. Entities and places stand as the knowledge base id of their span."""
    from_spacy = _spacy()
    bin = from_spacy.tokens.DocBin(store_user_data=True)
    vocabulary = from_spacy.vocab.Vocab()
    for item in items:
        bin.add(_doc(item, schema, from_spacy, vocabulary))
    yield "khabar.spacy", bin.to_bytes()


def _doc(item: Item, schema: Schema, spacy: Any, vocabulary: Any) -> Any:
    names = Names(schema)
    regions, arrows = make_regions(item.layer, schema)
    words, spaces, starts, ends = _words(item.text, regions)
    doc = spacy.tokens.Doc(vocabulary, words=words, spaces=spaces)
    for layer in item.layer.layers:
        doc.spans[layer] = [
            spacy.tokens.Span(
                doc,
                starts[r.start],
                ends[r.end] + 1,
                label=names.value(r.layer, r.label),
                kb_id=r.attributes.get("entity") or r.attributes.get("geonames") or "",
                span_id=r.id,
            )
            for r in regions
            if r.layer == layer
        ]
    doc.user_data[_KEY] = {
        "document": item.id,
        "attributes": {region.id: region.attributes for region in regions if region.attributes},
        "arrows": [[arrow.label, arrow.head, arrow.tail] for arrow in arrows],
    }
    return doc


def _words(text: str, regions: Iterable[Region]) -> tuple[list[str], list[bool], dict[int, int], dict[int, int]]:
    """Words and whether a space follows each; the number of the word that begins, and that ends, at an offset."""
    edges = {edge for region in regions for edge in (region.start, region.end)}
    words: list[str] = []
    spaces: list[bool] = []
    starts: dict[int, int] = {}
    ends: dict[int, int] = {}

    def put(start: int, end: int) -> None:
        starts[start], ends[end] = len(words), len(words)
        words.append(text[start:end])
        spaces.append(False)

    at = 0
    for start, end in [*cut(text, edges), (len(text), len(text))]:
        if words and text[at : at + 1] == " ":
            spaces[-1] = True
            at += 1
        for begin, stop in _pieces(at, start, edges):
            put(begin, stop)
        if start < end:
            put(start, end)
        at = end
    return words, spaces, starts, ends


def _pieces(start: int, end: int, edges: set[int]) -> Iterator[tuple[int, int]]:
    """A stretch of what is no word, cut where a span begins or ends in it."""
    places = [start, *sorted(edge for edge in edges if start < edge < end), end]
    return ((a, b) for a, b in pairwise(places) if a < b)


def read(path: Path, labels: Labels) -> Iterator[Foreign]:
    """The Docs of a file: every span of its groups and its entities, what is marked twice once."""
    spacy = _spacy()
    try:
        docs = list(spacy.tokens.DocBin().from_disk(path).get_docs(spacy.vocab.Vocab()))
    except Exception as error:  # whatever zlib, msgpack and spaCy raise for bytes that are none of theirs
        raise DataError(f"{path}: no DocBin ({error!s:.200}); write it with DocBin.to_disk") from error
    for number, doc in enumerate(docs, 1):
        where = f"{path}: document {number}"
        ours = _ours(doc.user_data.get(_KEY), where)
        regions = Regions(doc.text, labels.schema, where)
        seen: set[tuple[str, int, int]] = set()
        for span in (*(span for group in doc.spans.values() for span in group), *doc.ents):
            place = (span.label_, span.start_char, span.end_char)
            id = own_id(regions, span.id_, "")
            if id or place not in seen:
                labels.add(regions, id or "{}:{}:{}".format(*place), *place)
            seen.add(place)
        for id, attributes in ours["attributes"].items():
            for name, value in attributes.items() if id in regions.by_id else ():
                regions.answer(regions.by_id[id], name, value)
        for label, head, tail in ours["arrows"]:
            regions.join(label, head, tail)
        # Only what we wrote has a group for every layer that was annotated.
        done = {*doc.spans, *(region.layer for region in regions.by_id.values())} if _KEY in doc.user_data else set()
        layers = tuple(name for name in labels.schema.layers if name in done)
        yield Foreign(ours["document"] or f"{path.stem}-{number}", doc.text, regions, layers)


def _ours(given: Any, where: str) -> dict[str, Any]:
    """What we put into a Doc's user data; DataError where something else stands there."""
    ours = {"document": "", "attributes": {}, "arrows": []} | (given if isinstance(given, dict) else {})
    sound = (
        isinstance(given, (dict, type(None)))
        and isinstance(ours["document"], str)
        and isinstance(ours["attributes"], dict)
        and all(isinstance(values, dict) for values in ours["attributes"].values())
        and isinstance(ours["arrows"], (list, tuple))
        and all(isinstance(arrow, (list, tuple)) and len(arrow) == 3 for arrow in ours["arrows"])
    )
    if not sound:
        raise DataError(f"{where}: its user data {_KEY!r} is not what was written there; delete it from the Doc")
    return ours


def _spacy() -> Any:
    try:
        import spacy
        import spacy.tokens
        import spacy.vocab
    except ImportError as error:
        raise needs("formats", "spacy") from error
    return spacy
