"""A small checkout with everything that a site shows, and the site of it."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from dataset_builder.corpus import Corpus
from dataset_builder.files import write_atomic
from dataset_builder.lists import Place, encode_list
from dataset_builder.model import Span
from dataset_builder.release.site.build import write
from tests.samples import bridge, council, edit_layer, make_checkout, wire

HERE = Path(__file__).resolve().parents[3]
PLACES = {
    "163843": Place(id="163843", name="Syria", name_ar="سوريا", country="Syria"),
    "170063": Place(id="170063", name="Aleppo", name_ar="حلب", country="Syria", governorate="Aleppo"),
    "361058": Place(id="361058", name="Alexandria", name_ar="الإسكندرية", country="Egypt"),
}


def link(layer_of, corpus: Corpus, words: str, geonames: str, **changes: object) -> None:  # type: ignore[no-untyped-def]
    """Give the LOCATION spans of these words a GeoNames id."""
    layer = layer_of()

    def linked(span: Span) -> Span:
        found = span.layer == "LOCATION" and span.text == words
        return replace(span, attributes={**span.attributes, "geonames": geonames}) if found else span

    edit_layer(corpus, layer, spans=tuple(map(linked, layer.spans)), **changes)


def checkout(root: Path, hydrated: bool = False) -> Corpus:
    """The checkout of tests.samples with places, two passes, guidelines, a datasheet and a result."""
    corpus = make_checkout(root, hydrated=hydrated)
    write_atomic(root / "annotations" / "places.jsonl", encode_list(PLACES))
    link(council, corpus, "سوق البلدة", "170063")
    link(bridge, corpus, "الضفة", "361058")
    for hand in ("amal", "badr"):
        corpus.write_layer(replace(wire(), annotator=hand, guidelines="0" * 16), f"passes/{hand}")
    shutil.copytree(HERE / "annotations" / "guidelines", root / "annotations" / "guidelines")
    for name in ("DATASHEET.md", "annotations/README.md", "annotations/audit.toml"):
        shutil.copyfile(HERE / name, root / name)
    shutil.copytree(HERE / "results" / "crf" / "press-press", root / "results" / "crf" / "press-press")
    return Corpus(root)


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """The small checkout with a hydrated text, as somebody has it who may read it."""
    return checkout(tmp_path_factory.mktemp("checkout"), hydrated=True)


@pytest.fixture(scope="session")
def site(corpus: Corpus, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its site as it would be published."""
    out = tmp_path_factory.mktemp("sites") / "site"
    write(corpus, out)
    return out


@pytest.fixture(scope="session")
def local_site(corpus: Corpus, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its site with the hydrated text."""
    out = tmp_path_factory.mktemp("sites") / "local"
    write(corpus, out, with_texts=True)
    return out
