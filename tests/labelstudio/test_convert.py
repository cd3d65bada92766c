"""Layers to Label Studio's JSON and back: nothing is lost, nothing is added, offsets are code points."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from dataset_builder.anchoring import without_words
from dataset_builder.codec import canonical, encode_layer
from dataset_builder.corpus import Corpus
from dataset_builder.curation.hydrate import hydrate
from dataset_builder.incidents import Incident
from dataset_builder.labelstudio.annotations import read_annotation
from dataset_builder.labelstudio.convert import META, add_prediction, make_task
from dataset_builder.model import Document, Layer
from dataset_builder.readers.article import Article
from dataset_builder.readers.reading import files, read
from dataset_builder.schema import Schema
from tests.conftest import ROOT
from tests.samples import TEXTS, bridge, council, documents, foreign, road, wire

SCHEMA = Schema.load()


def round_trip(layer: Layer, document: Document, text: str) -> tuple[Layer, list[str]]:
    """The layer sent as a prediction that nobody touched, and read again from the JSON of the annotation."""
    task = make_task(document, text, layer.layers, SCHEMA)
    add_prediction(task, layer, "gold", SCHEMA)
    task = json.loads(json.dumps(task))
    meta = task["meta"][META]
    read, found = read_annotation(
        task["predictions"][0]["result"],
        document,
        task["data"]["text"],
        SCHEMA,
        layers=meta["layers"],
        relations=meta["relations"],
    )
    return replace(read, annotator=layer.annotator, guidelines=layer.guidelines), [str(i) for i in found]


@pytest.mark.parametrize("layer", [council(), wire(), bridge(), road(), foreign()], ids=lambda layer: layer.document)
def test_a_sample_comes_back_as_it_was(layer: Layer) -> None:
    document = next(d for d in documents() if d.id == layer.document)
    read, found = round_trip(layer, document, TEXTS[layer.document])
    assert found == []
    assert canonical(read) == canonical(layer)


def test_every_gold_document_comes_back_as_it_was() -> None:
    corpus, count = Corpus(ROOT), 0
    for document in corpus.annotated():
        if document.is_included and (text := corpus.text(document)) is not None:
            layer = corpus.layer(document.id)
            came, found = round_trip(layer, document, text)
            assert found == []
            assert encode_layer(came) == encode_layer(layer), document.id
            count += 1
    assert count == 160


def test_every_gold_document_of_a_referenced_text_comes_back_as_it_was(shared_raw: Path) -> None:
    corpus = Corpus(ROOT)
    wanted = {d.id: d for d in corpus.annotated() if not d.is_included}
    found, _ = hydrate(wanted, corpus.layer, (a for path in files([shared_raw]) for a in _articles(path)))
    exact = [copy for copy in found.values() if copy.exact and copy.layer]
    assert len(exact) == len(wanted) == 311
    for copy in exact:
        assert copy.layer is not None
        came, incidents = round_trip(copy.layer, copy.document, copy.text)
        assert incidents == []
        stored = without_words(came, copy.text, copy.document)
        assert encode_layer(stored) == encode_layer(corpus.layer(copy.document.id))


def _articles(path: Path | Article | Incident) -> Iterable[Article | Incident]:
    return read(path) if isinstance(path, Path) else [path]
