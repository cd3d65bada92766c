"""Files of spaCy that other programs wrote."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dataset_builder.curation.conversion import own_layer
from dataset_builder.errors import DataError
from tests.formats.files import read, words


def spacy_doc(ents: bool = True, id: str = "") -> Any:
    import spacy.tokens
    import spacy.vocab

    doc = spacy.tokens.Doc(spacy.vocab.Vocab(), words=["زار", "بان", "حلب"])
    person = spacy.tokens.Span(doc, 1, 2, label="PERSON", span_id=id)
    place = spacy.tokens.Span(doc, 2, 3, label="REGION", span_id=id)
    doc.spans["sc"] = [person, person]
    if ents:
        doc.ents = [person, place]
    return doc


def stored(doc: Any, folder: Path) -> Path:
    import spacy.tokens

    path = folder / "a.spacy"
    spacy.tokens.DocBin(docs=[doc], store_user_data=True).to_disk(path)
    return path


def test_groups_and_entities_of_spacy_are_read_once(tmp_path: Path) -> None:
    (foreign,) = read("spacy", [stored(spacy_doc(), tmp_path)])
    assert words(foreign) == ["بان", "حلب"] and foreign.read.found == []


def test_ids_that_a_rule_of_spacy_gave_are_none(tmp_path: Path) -> None:
    (foreign,) = read("spacy", [stored(spacy_doc(id="rule-1"), tmp_path)])
    assert words(foreign) == ["بان", "حلب"] and foreign.read.found == []


@pytest.mark.parametrize(
    "data",
    [
        3,
        {"document": 3},
        {"attributes": []},
        {"attributes": {"s0000000a": 4}},
        {"arrows": [3]},
        {"arrows": [["AGENT", "x"]]},
        {"arrows": "abc"},
    ],
)
def test_user_data_of_another_shape_is_one_sentence(data: Any, tmp_path: Path) -> None:
    doc = spacy_doc()
    doc.user_data["khabar"] = data
    with pytest.raises(DataError, match="document 1: its user data 'khabar'"):
        list(read("spacy", [stored(doc, tmp_path)]))


def test_arrows_and_attributes_of_user_data_that_are_none_of_ours_are_reported(tmp_path: Path) -> None:
    doc = spacy_doc(ents=False, id="s0000000a")
    doc.user_data["khabar"] = {
        "attributes": {"s0000000a": {"mention": 3, "colour": "red"}},
        "arrows": [["HATES", "s0000000a", "s0000000a"], ["AGENT", 3, None]],
    }
    (foreign,) = read("spacy", [stored(doc, tmp_path)])
    assert [i.code for i in foreign.read.found] == ["region-left-out"] * 4
    assert foreign.read.arrows == [] and own_layer(foreign)[0].document == "a-1"
