"""Other tools' files as they really are: renumbered, copied, cut, tagged otherwise, or meant to break the reader."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dataset_builder.codec import canonical
from dataset_builder.corpus import Corpus
from dataset_builder.curation.conversion import corpus_layer, own_layer
from dataset_builder.errors import DataError, KhabarError, UsageError
from dataset_builder.formats.foreign import Foreign, Item, Labels, restore
from dataset_builder.formats.regions import Region, Regions, restricted
from dataset_builder.formats.table import FORMATS
from tests.formats.test_tools import SCHEMA, WRITTEN, read, written
from tests.samples import COUNCIL, ROAD, make_checkout

TEXT = "قصفت الطائرات سوق حلب"


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    return make_checkout(tmp_path_factory.mktemp("foreign"))


def only(name: str, path: Path, content: str | bytes, **labels: str) -> Foreign:
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf8"))
    (foreign,) = read(name, [path], **labels)
    return foreign


def words(foreign: Foreign) -> list[str]:
    return [foreign.text[r.start : r.end] for r in foreign.read.by_id.values()]


def brat(folder: Path, *lines: str, text: str = TEXT) -> Foreign:
    (folder / "a.txt").write_text(text, "utf8")
    return only("brat", folder / "a.ann", "\n".join(lines))


# doccano


def exported(corpus: Corpus, folder: Path) -> dict[str, Any]:
    gold = corpus.layer("composed-9001-a")
    (path,) = written("doccano", [Item(gold.document, COUNCIL, gold)], folder)
    record: dict[str, Any] = json.loads(path.read_text("utf8"))
    return record


def test_doccano_may_number_entities_anew(corpus: Corpus, tmp_path: Path) -> None:
    """Its ids are those of its database: here from 1, so that by number each entity would be the one before it."""
    gold, record = corpus.layer("composed-9001-a"), exported(corpus, tmp_path)
    for entity in record["entities"]:
        entity["id"] += 1
    for relation in record["relations"]:
        relation["from_id"] += 1
        relation["to_id"] += 1
    foreign = only("doccano", tmp_path / "b.jsonl", json.dumps(record))
    layer, found = corpus_layer(foreign, corpus, onto=gold)
    assert found == [] and canonical(layer) == canonical(gold)


def test_a_span_that_was_cut_short_in_doccano_keeps_its_id(corpus: Corpus, tmp_path: Path) -> None:
    gold, record = corpus.layer("composed-9001-a"), exported(corpus, tmp_path)
    span = next(s for s in gold.spans if s.text == "الميليشيا المجرمة")
    entity = next(e for e in record["entities"] if (e["start_offset"], e["end_offset"]) == (span.start, span.end))
    entity["end_offset"] -= len(" المجرمة")
    layer, found = corpus_layer(only("doccano", tmp_path / "b.jsonl", json.dumps(record)), corpus, onto=gold)
    assert found == []
    now = layer.span(span.id)
    assert (now.text, now.attributes) == ("الميليشيا", span.attributes) and len(layer.spans) == len(gold.spans)


def test_attributes_are_not_given_to_another_place_by_id_alone(corpus: Corpus) -> None:
    gold = corpus.layer("composed-9001-a")
    body = next(s for s in gold.spans if s.attributes.get("entity") == "district-council")
    place = COUNCIL.index("الأحد")
    regions = Regions(COUNCIL, SCHEMA, "x")
    regions.by_id[body.id] = Region(body.id, "ACTOR", "CIVILIANS", place, place + 5)
    restore(Foreign("x", COUNCIL, regions, (), frozenset({"attributes"})), gold)
    assert "entity" not in regions.by_id[body.id].attributes


def test_entities_of_doccano_without_ids_are_kept_apart(tmp_path: Path) -> None:
    spans = [(5, 13, "ACTOR.STATE_FORCES"), (14, 21, "FACILITY")]
    entities = [{"start_offset": a, "end_offset": b, "label": label} for a, b, label in spans]
    foreign = only("doccano", tmp_path / "a.jsonl", json.dumps({"text": TEXT, "entities": entities}))
    assert words(foreign) == ["الطائرات", "سوق حلب"] and foreign.read.found == []


def test_lines_of_doccano_end_at_line_feeds_alone(tmp_path: Path) -> None:
    """U+2028 and U+0085 stand in texts, and in JSON as they are."""
    record = {"text": "زار\u2028حلب\x85", "label": [[4, 7, "POPULATED_PLACE"]]}
    content = "\ufeff" + json.dumps(record, ensure_ascii=False) + "\r\n"
    assert words(only("doccano", tmp_path / "a.jsonl", content)) == ["حلب"]


@pytest.mark.parametrize(
    "line",
    [
        '{"text": null, "entities": []}',
        '{"text": "x", "entities": {}, "label": 3}',
        '{"text": "x", "entities": [3]}',
        '{"text": "x", "entities": {"a": 1}}',
        '{"text": "x", "label": [[0, 1]]}',
        '{"text": "x", "label": [3]}',
        '{"text": "\\ud800", "entities": []}',
        '{"text": "x", "entities": [], "regions": [[1]]}',
        '{"text": "x", "entities": [], "relations": [4]}',
        '{"text": "x", "entities": [], "a": ' + "[" * 100_000 + "]" * 100_000 + "}",
        "[]",
        "3",
    ],
)
def test_a_hostile_line_of_doccano_is_one_sentence(line: str, tmp_path: Path) -> None:
    with pytest.raises(KhabarError, match="no document of doccano"):
        only("doccano", tmp_path / "a.jsonl", line)
        pytest.fail("it was read")


def test_odd_values_of_doccano_are_reported(tmp_path: Path) -> None:
    entities = [
        {"id": 1, "label": None, "start_offset": 0, "end_offset": 1},
        {"id": [2], "label": ["x"], "start_offset": "0", "end_offset": 1},
        {"id": 3, "label": "AIR", "start_offset": 0, "end_offset": 10**40},
        {"id": 4, "label": "", "start_offset": 0, "end_offset": 4},
    ]
    relations = [{"type": ["AGENT"], "from_id": 1, "to_id": 2}, {"type": "NO", "from_id": {}, "to_id": 3}]
    record = {"text": TEXT, "entities": entities, "relations": relations}
    foreign = only("doccano", tmp_path / "a.jsonl", json.dumps(record))
    codes = [incident.code for incident in foreign.read.found]
    assert codes == ["region-label"] * 2 + ["region-offsets", "region-label"] + ["region-left-out"] * 2
    assert "has no label" in foreign.read.found[3].fact and "--label" not in foreign.read.found[3].fact


# Some layers only


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


def test_findings_name_words_and_no_ids(tmp_path: Path) -> None:
    foreign = brat(tmp_path, "T1\tACTOR.STATE_FORCES 5 13\tالطائرات", "A1\tmention T1 loud")
    _, found = own_layer(foreign)
    (finding,) = [i for i in found if i.is_error]
    assert "STATE_FORCES «الطائرات» (5–13)" in finding.fact and finding.line == 0


# brat


def test_a_note_is_an_id_only_if_it_is_one_and_once(tmp_path: Path) -> None:
    foreign = brat(
        tmp_path,
        "T1\tAIR 0 4\tقصفت",
        "T2\tSTATE_FORCES 5 13\tالطائرات",
        "T3\tFACILITY 14 21\tسوق حلب",
        "#1\tAnnotatorNotes T1\ts0000000a",
        "#2\tAnnotatorNotes T2\ts0000000a",
        "#3\tAnnotatorNotes T3\tcheck",
        "#4\tAnnotatorNotes T3\ts0000000c",
    )
    assert list(foreign.read.by_id) == ["s0000000a", "T2", "s0000000c"] and foreign.read.found == []


def test_what_brat_says_and_nobody_reads_is_reported(tmp_path: Path) -> None:
    foreign = brat(
        tmp_path,
        "T1\tAIR 0 4\tقصفت",
        f"T2\tAIR 0 {'9' * 5000}\tقصفت",
        "T3\tNOBODY 5 13\tالطائرات",
        "R1\tAGENT T1 T3",
        "A1\tstatus",
        "A2\tstatus T3 occurred",
        "R2\tNO Arg1:T1 Arg2:T1",
        "M1\tstatus T1 occurred",
    )
    facts = [(i.code, i.fact) for i in foreign.read.found]
    assert [code for code, _ in facts] == ["region-offsets", "region-label"] + ["region-left-out"] * 4
    wanted = ("line 2", "NOBODY", "line 4", "line 5", "said of T3", "'NO'")
    assert all(part in fact for part, (_, fact) in zip(wanted, facts, strict=True))
    assert foreign.read.by_id["T1"].attributes == {"status": "occurred"}


def test_words_of_brat_that_are_not_those_of_the_text_are_an_error(tmp_path: Path) -> None:
    """As where offsets were counted in bytes; white space may differ."""
    foreign = brat(tmp_path, "T1\tFACILITY 14 21\tسوق  حلب", "T2\tAIR 0 4\tقصف", "T3\tSTATE_FORCES 5 13")
    assert [(i.code, i.is_error) for i in foreign.read.found] == [("surface-mismatch", True)]
    assert "'قصف' there, the text has 'قصفت'" in foreign.read.found[0].fact


def test_a_byte_order_mark_is_dropped_or_refused_where_it_shifts_offsets(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT, "utf8")
    assert words(only("brat", tmp_path / "a.ann", "\ufeffT1\tAIR 0 4\tقصفت")) == ["قصفت"]
    assert only("conll", tmp_path / "a.conll", "\ufeffزار O\n").text == "زار"
    with pytest.raises(DataError, match=r"a\.txt: begins with a byte order mark"):
        brat(tmp_path, "T1\tAIR 0 4\tقصفت", text="\ufeff" + TEXT)


# CoNLL

PER = {"PER": "ACTOR.PERSON mention=name", "LOC": "LOCATION.REGION"}


@pytest.mark.parametrize("single, last", [("S", "E"), ("U", "L")])
def test_tags_for_single_tokens_and_ends(single: str, last: str, tmp_path: Path) -> None:
    """Two spans of one token beside one another, then one of two tokens with another of its label right behind it."""
    tags = [f"{single}-PER", f"{single}-PER", "B-LOC", f"{last}-LOC", "I-LOC", "O"]
    content = "".join(f"w{n} {tag}\n" for n, tag in enumerate(tags))
    foreign = only("conll", tmp_path / "a.conll", content, **PER)
    assert words(foreign) == ["w0", "w1", "w2 w3", "w4"] and foreign.read.found == []


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


# spaCy and UIMA


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


def test_other_annotations_of_a_cas_are_counted(tmp_path: Path) -> None:
    import cassis

    system = cassis.TypeSystem()
    name = "de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity"
    kind, span = system.create_type(name), system.create_type("custom.Span")
    cas = cassis.Cas(system)
    cas.sofa_string, cas.sofa_mime = TEXT, "text/plain"
    cas.add_all([kind(begin=0, end=4), kind(begin=5, end=13), span(begin=0, end=4)])
    path = tmp_path / "a.json"
    cas.to_json(path)
    (foreign,) = read("cas", [path])
    assert [i.code for i in foreign.read.found] == ["region-label", "region-left-out"]
    assert f"2 annotations of other types (2 {name})" in foreign.read.found[1].fact


@pytest.mark.parametrize("content", ["[" * 100_000, "3", "[]", "null", '{"%TYPES": 3}', '{"%FEATURE_STRUCTURES": [3]}'])
def test_a_hostile_cas_is_one_sentence(content: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no UIMA CAS JSON"):
        only("cas", tmp_path / "a.json", content)


# Labels


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
