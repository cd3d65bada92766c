"""Files in columns as they really are: tagged otherwise, put behind one another, broken."""

from __future__ import annotations

from pathlib import Path

import pytest

from dataset_builder.codec import canonical
from dataset_builder.corpus import Corpus
from dataset_builder.curation.conversion import corpus_layer
from dataset_builder.errors import DataError
from dataset_builder.formats.foreign import Item
from tests.formats.files import only, read, words, written
from tests.samples import COUNCIL, ROAD

PER = {"PER": "ACTOR.PERSON mention=name", "LOC": "LOCATION.REGION"}


@pytest.mark.parametrize("single, last", [("S", "E"), ("U", "L")])
def test_tags_for_single_tokens_and_ends(single: str, last: str, tmp_path: Path) -> None:
    """Two spans of one token beside one another, then one of two tokens with another of its label right behind it."""
    tags = [f"{single}-PER", f"{single}-PER", "B-LOC", f"{last}-LOC", "I-LOC", "O"]
    content = "".join(f"w{n} {tag}\n" for n, tag in enumerate(tags))
    foreign = only("conll", tmp_path / "a.conll", content, **PER)
    assert words(foreign) == ["w0", "w1", "w2 w3", "w4"] and foreign.read.found == []


def test_nested_spans_have_a_tag_each_the_outermost_first(tmp_path: Path) -> None:
    """As in Wojood; `z` goes on with the outer of two spans of one label."""
    content = "v B-PER\nw I-PER B-PER B-LOC\nx I-PER I-PER\ny I-PER I-PER S-LOC\nz I-PER\n"
    assert words(only("conll", tmp_path / "a.conll", content, **PER)) == ["v w x y z", "w x y", "w", "y"]


def test_an_unknown_tag_among_nested_ones_costs_only_itself(tmp_path: Path) -> None:
    """In a file where words have several tags each field is one, also in a line with something else between."""
    foreign = only("conll", tmp_path / "a.conll", "v B-PER X B-LOC\nw I-PER b-loc\nx O B-LOC\n", **PER)
    assert words(foreign) == ["v w", "v", "x"]
    assert [i.fact.partition(" is ")[0] for i in foreign.read.found] == [
        "line 1: the tag 'X'",
        "line 2: the tag 'b-loc'",
    ]


def test_a_blank_that_breaks_no_line_parts_no_word(tmp_path: Path) -> None:
    foreign = only("conll", tmp_path / "a.conll", "بان\xa0كي   B-PER \r\nمون I-PER\n", **PER)
    assert foreign.text == "بان\xa0كي مون" and words(foreign) == ["بان\xa0كي مون"]


def test_a_tag_that_nobody_knows_is_reported_with_its_line(tmp_path: Path) -> None:
    foreign = only("conll", tmp_path / "a.conll", "w O\nx PER\ny PER\nz B-\n", **PER)
    assert [i.code for i in foreign.read.found] == ["region-label"] * 2
    assert "line 2: the tag 'PER'" in foreign.read.found[0].fact and "2 lines" in foreign.read.found[0].fact
    assert "line 4" in foreign.read.found[1].fact


def test_documents_of_one_file_are_parted(tmp_path: Path) -> None:
    path = tmp_path / "a.conll"
    path.write_text("-DOCSTART- -X- O O\n\nبان B-PER\n\n-DOCSTART- -X- O O\n\nكي I-PER\n", "utf8")
    assert [(f.id, f.text, words(f)) for f in read("conll", [path], **PER)] == [
        ("a-1", "بان", ["بان"]),
        ("a-2", "كي", ["كي"]),
    ]
    path.write_text("# newdoc id = x\n# sent_id = 1\n# text = بان\nبان B-PER\n# newdoc id = y\n# O\nكي B-PER\n", "utf8")
    assert [(f.id, f.text) for f in read("conll", [path], **PER)] == [("x", "بان"), ("y", "# كي")]


def test_our_columns_may_stand_behind_one_another(corpus: Corpus, tmp_path: Path) -> None:
    """`cat *.conll` is one file of many documents, each with columns of its own."""
    golds = [corpus.layer(id) for id in ("composed-9001-a", "composed-9002-b")]
    items = [Item(g.document, t, g) for g, t in zip(golds, (COUNCIL, ROAD), strict=True)]
    content = b"".join(path.read_bytes() for path in written("conll", items, tmp_path))
    (tmp_path / "all.conll").write_bytes(content)
    for foreign, gold in zip(read("conll", [tmp_path / "all.conll"]), golds, strict=True):
        layer, found = corpus_layer(foreign, corpus, onto=gold)
        assert found == [] and canonical(layer) == canonical(gold)


def test_columns_with_tabs_may_hold_spaces_and_spans_end_with_sentences(tmp_path: Path) -> None:
    foreign = only("conll", tmp_path / "a.conll", "بان كي\tx y\tB-PER\n\nمون\tz\tI-PER\n", **PER)
    assert foreign.text == "بان كي\nمون" and words(foreign) == ["بان كي", "مون"]


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        ("# columns = FORM ACTOR MISC\nw\tO\tSpacesAfter=بان\n", "1|2: SpacesBefore or SpacesAfter holds 'ب'"),
        ("# layers = ACTOR EVNT\n# columns = FORM ACTOR MISC\nw\tO\t_\n", "did you mean 'EVENT'"),
        ("w\tO\n\tO\n", ":2: "),
        ("# newdoc id = x\n\n", "has no token"),
    ],
)
def test_broken_columns_are_one_sentence(content: str, wanted: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=wanted):
        only("conll", tmp_path / "a.conll", content)
