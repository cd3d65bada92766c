"""What every format has in common: labels, and files that have only some layers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from dataset_builder.codec import canonical
from dataset_builder.corpus import Corpus
from dataset_builder.curation.conversion import corpus_layer
from dataset_builder.errors import DataError, UsageError
from dataset_builder.formats.foreign import Foreign, Item, Labels, restore
from dataset_builder.formats.regions import Region, Regions, restricted
from dataset_builder.formats.table import FORMATS
from tests.formats.files import SCHEMA, WRITTEN, only, read, written
from tests.samples import COUNCIL


def test_attributes_are_not_given_to_another_place_by_id_alone(corpus: Corpus) -> None:
    gold = corpus.layer("composed-9001-a")
    body = next(s for s in gold.spans if s.attributes.get("entity") == "district-council")
    place = COUNCIL.index("الأحد")
    regions = Regions(COUNCIL, SCHEMA, "x")
    regions.by_id[body.id] = Region(body.id, "ACTOR", "CIVILIANS", place, place + 5)
    restore(Foreign("x", COUNCIL, regions, (), frozenset({"attributes"})), gold)
    assert "entity" not in regions.by_id[body.id].attributes


@pytest.mark.parametrize("name", WRITTEN)
@pytest.mark.parametrize("layers", [["CLAIM"], ["EVENT"], ["ACTOR", "FRAME"]])
def test_some_layers_go_out_and_come_back_and_the_rest_stays(
    name: str, layers: list[str], corpus: Corpus, tmp_path: Path
) -> None:
    """Claims go out without the actors that are their sources, and have them again."""
    gold = corpus.layer("composed-9001-a")
    (foreign,) = read(name, written(name, [Item(gold.document, COUNCIL, restricted(gold, layers))], tmp_path))
    layer, found = corpus_layer(foreign, corpus, layers, gold)
    assert [str(i) for i in found if i.is_error] == [] and canonical(layer) == canonical(gold)


@pytest.mark.parametrize("name", WRITTEN)
def test_some_layers_of_a_file_that_has_all_are_taken(name: str, corpus: Corpus, tmp_path: Path) -> None:
    """The file lost an actor and an event; asked for actors alone, the event stays. CLAIM keeps its sources."""
    gold = corpus.layer("composed-9001-a")
    gone = {s.id for s in gold.spans if s.text in ("مدنيين", "نفت") and s.layer in ("ACTOR", "EVENT")}
    assert len(gone) == 2
    less = replace(
        gold,
        spans=tuple(s for s in gold.spans if s.id not in gone),
        relations=tuple(r for r in gold.relations if not {r.head, r.tail} & gone),
    )
    (foreign,) = read(name, written(name, [Item(gold.document, COUNCIL, less)], tmp_path))
    layer, found = corpus_layer(foreign, corpus, ["ACTOR"], gold)
    assert not any(i.is_error for i in found)
    assert {s.text for s in gold.spans if s.id not in {x.id for x in layer.spans}} == {"مدنيين"}
    assert canonical(layer).claims == canonical(gold).claims
    # The arrow that led to the actor goes with it: the event stays, which nobody was asked about.
    assert [i.code for i in found] == ["region-left-out", "annotation-lost"] and "TARGET" in found[1].fact


def test_a_new_arrow_to_a_layer_that_stays_is_kept(corpus: Corpus, tmp_path: Path) -> None:
    gold = corpus.layer("composed-9001-a")
    (path,) = written("brat", [Item(gold.document, COUNCIL, gold)], tmp_path)
    ann = path.read_text("utf8")
    number = {line.split("\t")[2]: line.split("\t")[0] for line in ann.splitlines() if line.startswith("T")}
    path.write_text(f"{ann}R99\tTARGET Arg1:{number['يدين']} Arg2:{number['قوات الإقليم']}\n", "utf8")
    (foreign,) = read("brat", [path])
    layer, found = corpus_layer(foreign, corpus, ["EVENT"], gold)
    named = {s.id: s.text for s in layer.spans}
    new = [r for r in layer.relations if r.id not in {g.id for g in gold.relations}]
    assert [(r.label, named[r.head], named[r.tail]) for r in new] == [("TARGET", "يدين", "قوات الإقليم")]
    assert not any(i.is_error for i in found) and len(layer.spans) == len(gold.spans)


@pytest.mark.parametrize("name", ["brat", "doccano", "cas"])
def test_a_layer_that_the_file_has_nothing_of_is_not_taken_for_empty(name: str, corpus: Corpus, tmp_path: Path) -> None:
    gold = corpus.layer("composed-9001-a")
    paths = written(name, [Item(gold.document, COUNCIL, restricted(gold, ["EVENT"]))], tmp_path)
    (foreign,) = read(name, paths)
    with pytest.raises(DataError, match=r"nothing of ACTOR, LOCATION, CLAIM, FRAME is in it.*--layers"):
        corpus_layer(foreign, corpus, onto=gold)


def test_a_layer_that_the_file_says_was_not_written_is_refused(corpus: Corpus, tmp_path: Path) -> None:
    gold = corpus.layer("composed-9001-a")
    paths = written("conll", [Item(gold.document, COUNCIL, restricted(gold, ["EVENT"]))], tmp_path)
    (foreign,) = read("conll", paths)
    with pytest.raises(DataError, match="says that EVENT was annotated, not FRAME"):
        corpus_layer(foreign, corpus, ["FRAME"], gold)


@pytest.mark.parametrize(
    ("ours", "wanted"),
    [
        ("ACTOR.PERSON mentoin=name", "did you mean 'mention'"),
        ("ACTOR.PERSON mention=loud", "mention is 'loud', not name"),
        ("LOCATION.REGION mention=name", "no attribute of LOCATION.REGION 'mention'"),
        ("ACTOR.PERSON mention", "like mention=name"),
    ],
)
def test_attributes_of_a_mapped_label_are_checked(ours: str, wanted: str) -> None:
    with pytest.raises(UsageError, match=wanted):
        Labels(SCHEMA, {"PER": ours})


def test_names_of_ours_with_their_layer_are_read(tmp_path: Path) -> None:
    foreign = only("conll", tmp_path / "a.conll", "w B-ACTOR.STATE_FORCES\n")
    assert [r.place[:2] for r in foreign.read.by_id.values()] == [("ACTOR", "STATE_FORCES")]


def test_every_format_is_tested_here() -> None:
    assert set(WRITTEN) | {"conllu"} == set(FORMATS)
