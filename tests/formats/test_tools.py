"""Other tools' files: what goes out comes back, what foreign files say is read, what is broken is named."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from dataset_builder.codec import canonical
from dataset_builder.corpus import Corpus
from dataset_builder.curation.conversion import corpus_layer, own_layer
from dataset_builder.errors import DataError, UsageError
from dataset_builder.formats.foreign import Item, Labels
from dataset_builder.formats.table import FORMATS
from dataset_builder.model import Layer, Span
from tests.cli import khabar
from tests.formats.files import SCHEMA, WRITTEN, read, written
from tests.samples import COUNCIL, ROAD, make_checkout

#: Diacritics, tatweel, a direction mark, an emoji beyond 16 bits, a doubled space, a tab, a no-break space, a line end.
HARD = "قَصَفَت قــوات\u200f «الإقليم» 😀  وسط\tالمدينة\u00a0وبحلب\nثم انسحبت."


@pytest.mark.parametrize("name", WRITTEN)
def test_every_layer_comes_back_as_it_was(name: str, corpus: Corpus, tmp_path: Path) -> None:
    """Read onto the layer that it was written from: what a format has no place for is taken from there."""
    gold = {d.id: corpus.layer(d.id) for d in corpus.documents.values() if d.is_included}
    items = [Item(id, str(corpus.text(corpus.document(id))), layer) for id, layer in gold.items()]
    count = 0
    for foreign in read(name, written(name, items, tmp_path)):
        layer, found = corpus_layer(foreign, corpus, onto=gold[foreign.id])
        assert found == [] and canonical(layer) == canonical(gold[foreign.id])
        count += 1
    assert count == len(gold) == 4


@pytest.mark.parametrize("name", ["brat", "spacy", "cas"])
def test_these_carry_everything_but_ids_of_relations(name: str, corpus: Corpus, tmp_path: Path) -> None:
    gold = corpus.layer("composed-9001-a")
    (foreign,) = read(name, written(name, [Item(gold.document, COUNCIL, gold)], tmp_path))
    layer, found = corpus_layer(foreign, corpus, gold.layers)

    def without_ids(layer: Layer) -> Layer:
        return replace(layer, relations=tuple(replace(r, id="") for r in canonical(layer).relations))

    assert found == [] and without_ids(canonical(layer)) == without_ids(canonical(gold))


@pytest.mark.parametrize("name", WRITTEN)
def test_text_and_offsets_are_exact(name: str, tmp_path: Path) -> None:
    """A clitic split off, a span over a line end, one behind the emoji, nested and crossing ones."""

    def marked(label: str, quote: str, layer: str = "LOCATION") -> Span:
        start = HARD.index(quote)
        return Span(f"s{start:04x}{len(quote):04x}", layer, label, start, start + len(quote))

    spans = (
        marked("POPULATED_PLACE", "حلب"),
        marked("REGION", "وسط\tالمدينة"),
        marked("REGION", "المدينة\u00a0وبحلب\nثم"),
        marked("FACILITY", "المدينة"),
        marked("VICTIM", "قــوات\u200f «الإقليم»", "FRAME"),
    )
    layer = Layer("d1", SCHEMA.version, len(HARD), "", ("LOCATION", "FRAME"), spans)
    (foreign,) = read(name, written(name, [Item("d1", HARD, layer)], tmp_path))
    assert foreign.text == HARD
    back, found = own_layer(foreign, ["LOCATION", "FRAME"])
    assert found == []
    assert {(s.label, s.text) for s in back.spans} == {(s.label, HARD[s.start : s.end]) for s in spans}
    assert back.layers == ("LOCATION", "FRAME")


def test_conll_columns_hold_depths_and_cut_words(tmp_path: Path) -> None:
    text = "وقال محافظ حلب."
    spans = (
        Span("s00000001", "ACTOR", "PERSON", 5, 14, {"mention": "nominal"}),
        Span("s00000002", "ACTOR", "STATE", 11, 14, {"mention": "nominal"}),
        Span("s00000003", "CLAIM", "CUE", 1, 4),
    )
    layer = Layer("d1", SCHEMA.version, len(text), "", ("ACTOR", "CLAIM"), spans)
    (path,) = written("conll", [Item("d1", text, layer)], tmp_path)
    lines = path.read_text("utf8").splitlines()
    assert lines[2] == "# columns = FORM ACTOR ACTOR:2 LOCATION EVENT CLAIM FRAME MISC"
    assert lines[3:8] == [
        "و\tO\tO\tO\tO\tO\tO\tSpaceAfter=No",
        "قال\tO\tO\tO\tO\tB-CUE\tO\t_",
        "محافظ\tB-PERSON\tO\tO\tO\tO\tO\t_",
        "حلب\tI-PERSON\tB-STATE\tO\tO\tO\tO\tSpaceAfter=No",
        ".\tO\tO\tO\tO\tO\tO\tSpaceAfter=No",
    ]


def test_a_foreign_file_of_words_and_tags_is_read_with_its_labels_mapped(tmp_path: Path) -> None:
    """An I without a B before it begins a span; MISC is passed over; ORG is unknown and named."""
    path = tmp_path / "a.conll"
    path.write_text("زار O\nبان I-PER\nكي I-PER\nموني B-PER\n\nوكالة B-ORG\nعيد B-MISC\n", "utf8")
    labels = {"PER": "ACTOR.PERSON mention=name", "MISC": ""}
    (foreign,) = read("conll", [path], **labels)
    layer, found = own_layer(foreign)
    assert foreign.text == "زار بان كي موني\nوكالة عيد"
    assert [(s.label, s.text, s.attributes) for s in layer.spans] == [
        ("PERSON", "بان كي", {"mention": "name"}),
        ("PERSON", "موني", {"mention": "name"}),
    ]
    assert [i.code for i in found] == ["region-label"] and "--label ORG=LAYER.LABEL" in found[0].fact


def test_events_and_fragments_of_brat_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("قصفت الطائرات\nسوق حلب", "utf8")
    lines = [
        "T1\tAIR 0 4\tقصفت",
        "T2\tSTATE_FORCES 5 13\tالطائرات",
        "T3\tFACILITY 14 17;18 21\tسوق حلب",
        "T4\tREGION 0 4;14 17\tقصفت سوق",
        "E1\tAIR:T1 AGENT:T2 PLACE:T3",
        "A1\tmention T2 nominal",
        "A2\tNegated E1",
        "N1\tReference T2 Wiki:1\tx",
    ]
    (tmp_path / "a.ann").write_text("\n".join(lines), "utf8")
    (foreign,) = read("brat", [tmp_path / "a.ann"])
    layer, found = own_layer(foreign)
    named = {s.id: s.text for s in layer.spans}
    assert sorted((r.label, named[r.tail]) for r in layer.relations) == [("AGENT", "الطائرات"), ("PLACE", "سوق حلب")]
    facts = [i.fact for i in found]
    assert len(facts) == 3 and {i.code for i in found} == {"region-left-out"}
    assert any("words of others" in fact for fact in facts) and any("Negated" in fact for fact in facts)


def test_older_lines_of_doccano_are_read(tmp_path: Path) -> None:
    path = tmp_path / "all.jsonl"
    path.write_text(json.dumps({"text": "زار حلب", "label": [[4, 7, "POPULATED_PLACE"], [4, 99, "REGION"]]}), "utf8")
    (foreign,) = read("doccano", [path])
    layer, found = own_layer(foreign)
    assert foreign.id == "all-1" and [s.text for s in layer.spans] == ["حلب"]
    assert [i.code for i in found] == ["region-offsets"]


def test_spacy_entities_are_read_where_there_are_no_groups(tmp_path: Path) -> None:
    import spacy.tokens
    import spacy.vocab

    doc = spacy.tokens.Doc(spacy.vocab.Vocab(), words=["زار", "حلب"])
    doc.ents = [spacy.tokens.Span(doc, 1, 2, label="GPE")]
    spacy.tokens.DocBin(docs=[doc]).to_disk(tmp_path / "a.spacy")
    (foreign,) = read("spacy", [tmp_path / "a.spacy"], GPE="LOCATION.POPULATED_PLACE")
    assert [s.text for s in own_layer(foreign)[0].spans] == ["حلب"]


@pytest.mark.parametrize(
    ("name", "content", "wanted"),
    [
        ("brat", "T1\tAIR 0 4\tقصف", "its text a.txt is not beside it"),
        ("conll", "word", "`word TAG`"),
        ("conll", "# columns = FORM ACTOR MISC\nword\tO", "3 columns"),
        ("conllu", "1\tx\tx", "# text"),
        ("spacy", "x", "no DocBin"),
        ("doccano", '{"label": []}', "no document of doccano"),
        ("cas", "{}", "no UIMA CAS JSON"),
        ("cas", "<xmi/>", "no UIMA CAS JSON"),
        ("conll", "\xff\xfe", "is not UTF-8"),
    ],
)
def test_a_broken_file_is_one_sentence(name: str, content: str, wanted: str, tmp_path: Path) -> None:
    path = tmp_path / f"a{FORMATS[name].suffix}"
    path.write_bytes(content.encode("latin-1" if "\xff" in content else "utf8"))
    with pytest.raises(DataError, match=wanted):
        list(read(name, [path]))


def test_another_text_is_refused_where_it_parts(corpus: Corpus, tmp_path: Path) -> None:
    gold = corpus.layer("composed-9002-b")
    paths = written("brat", [Item(gold.document, ROAD, gold)], tmp_path)
    (tmp_path / "composed-9002-b.txt").write_text(ROAD.replace("بقطع", "لقطع", 1), "utf8")
    (foreign,) = read("brat", paths)
    with pytest.raises(DataError, match=f"part at code point {ROAD.index('بقطع')}"):
        corpus_layer(foreign, corpus)


def test_an_unknown_label_of_ours_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="did you mean"):
        Labels(SCHEMA, {"PER": "ACTOR.PERSONS"})


def test_a_user_annotates_elsewhere_and_comes_back(tmp_path: Path) -> None:
    """Out to brat, a span added there, back into a pass; everything else keeps its id."""
    corpus = make_checkout(tmp_path / "checkout")
    assert khabar(corpus, "convert", "to", "brat", "composed-9002-b", "-o", "work/brat").code == 0
    ann = corpus.root / "work" / "brat" / "composed-9002-b.ann"
    at = ROAD.index("الجسر")
    ann.write_text(ann.read_text("utf8") + f"T99\tFACILITY {at} {at + 5}\tالجسر\n", "utf8")
    done = khabar(corpus, "convert", "from", "brat", "work/brat", "--hand", "passes/amal", "--onto", "gold")
    assert done.code == 0, done.err
    fresh, gold = Corpus(corpus.root).layer("composed-9002-b", "passes/amal"), corpus.layer("composed-9002-b")
    assert {s.text for s in fresh.spans if s.id not in {g.id for g in gold.spans}} == {"الجسر"}
    assert fresh.claims == gold.claims and fresh.relations == gold.relations and fresh.annotator == "amal"
    again = khabar(corpus, "convert", "from", "brat", "work/brat", "--hand", "passes/amal")
    assert again.code == 0 and Corpus(corpus.root).layer("composed-9002-b", "passes/amal") == fresh


def test_words_of_others_are_not_written_where_git_takes_them_up(tmp_path: Path) -> None:
    corpus = make_checkout(tmp_path / "checkout", hydrated=True)
    foreign = next(d.id for d in corpus.documents.values() if not d.is_included)
    refused = khabar(corpus, "convert", "to", "brat", foreign, "-o", "brat")
    assert refused.code == 2 and "belongs to somebody else" in refused.err
    assert khabar(corpus, "convert", "to", "brat", foreign, "-o", "work/brat").code == 0


def test_peers_files_are_read(shared_raw: Path) -> None:
    """AQMAR's articles (words and tags) and a treebank (CoNLL-U), whole."""
    labels = {"PER": "ACTOR.PERSON mention=name", "LOC": "LOCATION.REGION", "ORG": "ACTOR.CIVIL_SOCIETY mention=name"}
    articles = [p for p in (shared_raw / "aqmar").glob("*.txt") if p.name != "SOURCE.txt"]
    layers = [own_layer(foreign)[0] for foreign in read("conll", articles, **labels)]
    assert len(layers) == 28 and sum(len(list(layer.of("ACTOR"))) for layer in layers) > 1500
    trees = list(read("conllu", [shared_raw / "ud_pud" / "ar_pud-ud-test.conllu"]))
    assert sum(foreign.text.count("\n") + 1 for foreign in trees) == 1000
