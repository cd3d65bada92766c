"""What the rows of each configuration say about the sample documents."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataset_builder.anchoring import without_words
from dataset_builder.codec import canonical
from dataset_builder.corpus import sha256
from dataset_builder.errors import DataError
from dataset_builder.model import Claim, Layer, Span
from dataset_builder.release.columns import classes, content_digest, nested, strings, table
from dataset_builder.release.entries import Entry
from dataset_builder.release.tables import claims, documents, entities, events, frames, standoff
from dataset_builder.release.tokens import outermost, tag_names
from dataset_builder.schema import Schema
from tests import samples

SCHEMA = Schema.load(samples.SCHEMA)
BY_ID = {document.id: document for document in samples.documents()}


def entry(layer: Layer, text: str | None = None) -> Entry:
    words = text or samples.TEXTS[layer.document]
    return Entry(BY_ID[layer.document], canonical(layer), "composed", "train", words)


ENTRIES = [entry(make()) for make in (samples.council, samples.wire, samples.bridge, samples.road)]


def rows(make: Any, entries: list[Entry]) -> tuple[list[dict[str, Any]], Any]:
    from datasets import Features

    made = table(make(entries, SCHEMA))
    return made.to_pylist(), Features.from_arrow_schema(made.schema)


def test_documents_hold_every_record_with_its_words() -> None:
    found, features = rows(documents, ENTRIES)
    label = features["spans"].feature["label"]
    for entry, row in zip(ENTRIES, found, strict=True):
        assert row["text"] == entry.text
        assert row["title"] == entry.text.split("\n")[0]
        assert [s["id"] for s in row["spans"]] == [s.id for s in entry.layer.spans]
        assert [label.int2str(s["label"]) for s in row["spans"]] == [s.label for s in entry.layer.spans]
        assert all(row["text"][s["start"] : s["end"]] == s["text"] for s in row["spans"])
        assert [r["head"] for r in row["relations"]] == [r.head for r in entry.layer.relations]
        assert [tuple(c["content"]) for c in row["claims"]] == [c.content for c in entry.layer.claims]


def test_attributes_are_typed_and_null_where_the_layer_has_none() -> None:
    found, features = rows(documents, ENTRIES)
    spans = features["spans"].feature
    strike = next(s for s in found[0]["spans"] if s["text"] == "قصفت")
    assert (strike["killed"], strike["incident"], strike["mention"]) == ("3", "market-strike", None)
    assert spans["status"].int2str(strike["status"]) == "occurred"
    actor = found[0]["spans"][0]
    assert spans["mention"].int2str(actor["mention"]) == "name"
    assert (actor["status"], actor["voice"], actor["geonames"]) == (None, None, None)


def test_events_nest_their_arguments_and_know_their_voice() -> None:
    found, features = rows(events, ENTRIES)
    code, group, voice = (features[name] for name in ("code", "group", "voice"))
    strike = next(row for row in found if row["text"] == "قصفت")
    assert (code.int2str(strike["code"]), group.int2str(strike["group"])) == ("AIR", "REMOTE")
    assert [a["text"] for a in strike["agents"]] == ["الميليشيا المجرمة"]
    assert [a["text"] for a in strike["targets"]] == ["مدنيين"]
    assert [a["text"] for a in strike["places"]] == ["سوق البلدة"]
    assert voice.int2str(strike["voice"]) == "reported"
    claim = next(c for c in samples.council().claims if c.id == strike["voice_claim"])
    assert claim.source_status == "named"
    condemned = next(row for row in found if row["text"] == "يدين")
    assert voice.int2str(condemned["voice"]) == "outlet"
    for row in found:
        start = row["sentence_start"]
        assert row["sentence_text"][row["start"] - start : row["end"] - start] == row["text"]


def test_claims_resolve_who_speaks_and_how_deep() -> None:
    found, features = rows(claims, ENTRIES)
    by_cue = {row["cue_text"]: row for row in found if row["cue_text"]}
    added = by_cue["أضاف"]
    assert (added["source_text"], added["actor_text"]) == (None, "مجلس الناحية")
    assert added["actor_entity"] == "district-council"
    assert features["actor_label"].int2str(added["actor_label"]) == "POLITICAL_BODY"
    assert added["continues"] == by_cue["قال"]["id"]
    assert (by_cue["نقلت"]["depth"], by_cue["قوله"]["depth"]) == (0, 1)
    assert by_cue["قوله"]["parent"] == by_cue["نقلت"]["id"]
    colon = by_cue[":"]
    assert [c["text"] for c in colon["content"]] == ["«لا دواء عندنا»"]
    for row in found:
        for part in row["content"]:
            start = row["sentence_start"]
            assert row["sentence_text"][part["start"] - start : part["end"] - start] == part["text"]


def test_frames_say_what_they_colour_and_whose_word_they_are() -> None:
    found, features = rows(frames, ENTRIES)
    voice = features["voice"]
    said = {row["text"]: voice.int2str(row["voice"]) for row in found}
    assert said == {"الميليشيا": "quoted", "المجرمة": "quoted", "استشهد": "reported", "تحييد": "reported"}
    militia = found[0]
    about = features["about"].feature
    assert [(about["layer"].int2str(a["layer"]), a["text"]) for a in militia["about"]] == [
        ("ACTOR", "الميليشيا المجرمة")
    ]


def test_entities_tag_the_outermost_and_keep_the_exact_spans() -> None:
    found, features = rows(entities, ENTRIES)
    tags = features["tags"].feature
    demand = next(row for row in found if "أهالي" in row["sentence_text"])
    tagged = dict(zip(demand["tokens"], map(tags.int2str, demand["tags"]), strict=True))
    assert (tagged["أهالي"], tagged["الضفة"], tagged["وطالب"]) == ("B-CIVILIANS", "I-CIVILIANS", "O")
    assert [s["text"] for s in demand["spans"]] == ["أهالي الضفة", "الضفة"]
    for row in found:
        start = row["sentence_start"]
        assert [
            row["sentence_text"][a - start : b - start] for a, b in zip(row["starts"], row["ends"], strict=True)
        ] == (row["tokens"])
        for span in row["spans"]:
            covered = row["tokens"][span["token_start"] : span["token_end"]]
            assert covered and span["text"].split()[-1] in covered[-1]
    assert sum(len(row["spans"]) for row in found) == sum(
        s.layer in ("ACTOR", "LOCATION") for e in ENTRIES for s in e.layer.spans
    )


@st.composite
def tagged_text(draw: st.DrawFn) -> tuple[str, list[Span]]:
    words = draw(st.lists(st.text("وبلاقسد،.\n😀", min_size=1, max_size=6), min_size=1, max_size=12))
    text = " ".join(words)
    cuts = st.integers(0, len(text))
    spans = []
    for n, (a, b) in enumerate(draw(st.lists(st.tuples(cuts, cuts), max_size=6))):
        start, end = min(a, b), max(a, b)
        # Spans have no white space at their ends, as validation asks; they may run over the end of a sentence.
        if (words := text[start:end]) and words == words.strip():
            spans.append(Span(f"s{n}", "ACTOR", draw(st.sampled_from(["STATE", "MEDIA"])), start, end))
    return text, sorted(spans, key=lambda s: (s.start, -s.end))


@given(tagged_text())
def test_tags_of_any_spans(made: tuple[str, list[Span]]) -> None:
    text, spans = made
    layer = Layer("composed-9001-a", "1.0", len(text), sha256(text), ("ACTOR",), spans=tuple(spans))
    found, features = rows(entities, [entry(layer, text)])
    names = features["tags"].feature.names
    assert names == tag_names(SCHEMA)
    kept = outermost(spans)
    seen = 0
    for row in found:
        first, last = row["sentence_start"], row["sentence_start"] + len(row["sentence_text"])
        here = [s for s in kept if first <= s.start < last]
        tags = [names[t] for t in row["tags"]]
        for n, (start, end, tag) in enumerate(zip(row["starts"], row["ends"], tags, strict=True)):
            touching = [s for s in here if s.start < end and start < s.end]
            assert tag[2:] in {s.label for s in touching} if touching else tag == "O"
            if any(start <= s.start < end for s in touching):
                assert tag.startswith("B-")
            assert not tag.startswith("I-") or (n > 0 and tags[n - 1] != "O")
        for span in row["spans"]:
            tokens = list(zip(row["starts"], row["ends"], strict=True))[span["token_start"] : span["token_end"]]
            assert tokens[0][0] <= span["start"] < tokens[0][1]
            assert tokens[-1][0] < span["end"]
            assert span["end"] <= tokens[-1][1] or span["end"] > last
        seen += len(row["spans"])
    assert seen == len(spans)


def test_standoff_has_no_word_at_all() -> None:
    paper = BY_ID["paper-0001"]
    layer = without_words(samples.foreign(), samples.FOREIGN, paper)
    found, features = rows(standoff, [Entry(paper, layer, "referenced", "train")])
    (row,) = found
    assert not {"text", "title"} & set(row) and "text" not in row["spans"][0]
    assert "عصابات" not in str(row)
    anchors = [(s["first"], s["letters"], s["before"], s["after"], s["digest"]) for s in row["spans"]]
    assert anchors == [(a.first, a.letters, a.before, a.after, a.digest) for s in layer.spans if (a := s.anchor)]
    assert [(w["start"], w["length"], w["digest"]) for w in row["windows"]] == [
        (w.start, w.length, w.digest) for w in paper.windows
    ]
    voice = features["spans"].feature["voice"]
    said = {s["id"]: s["voice"] for s in row["spans"] if s["voice"] is not None}
    assert {voice.int2str(v) for v in said.values()} == {"outlet", "reported"}


def test_the_voice_of_a_mixed_claim_is_open_without_the_text() -> None:
    m = samples.Marker("paper-0001", samples.FOREIGN)
    content = m.span("CLAIM", "CONTENT", "إن عصابات الحاجز منعت قافلة طحين من العبور")
    m.span("FRAME", "DELEGITIMISING", "عصابات")
    m.claims.append(Claim("c00000001", None, None, (content,), "mixed", "say", "none"))
    (row,) = rows(standoff, [Entry(BY_ID["paper-0001"], m.layer(), "referenced", "train")])[0]
    frame = next(s for s in row["spans"] if s["layer"] == 4)
    assert (frame["voice"], frame["voice_claim"]) == (None, "c00000001")


def test_a_label_that_the_schema_does_not_have_is_named() -> None:
    span = Span("s00000001", "ACTOR", "ALIEN", 0, 4, {"mention": "name"}, "مجلس")
    layer = Layer("composed-9001-a", "1.0", 10, "0" * 64, ("ACTOR",), spans=(span,))
    with pytest.raises(DataError, match=r"'ALIEN' is no label of annotations/schema\.toml"):
        documents([entry(layer)], SCHEMA)


def test_the_digest_is_of_content_and_not_of_storage(tmp_path: Any) -> None:
    made = table(documents(ENTRIES, SCHEMA))
    pq.write_table(made, tmp_path / "plain.parquet", compression="none", row_group_size=1)
    again = pq.read_table(tmp_path / "plain.parquet")
    assert content_digest(again) == content_digest(made)
    pieces = pa.concat_tables([made.slice(0, 1), made.slice(1, 3)])
    assert content_digest(pieces) == content_digest(made)
    assert content_digest(made.slice(1)) != content_digest(made)


def test_the_digest_sees_names_nulls_and_where_lists_end() -> None:
    def digest(**columns: Any) -> str:
        return content_digest(table(columns))

    different = [
        digest(a=strings(["x", None])),
        digest(a=strings(["x", ""])),
        digest(b=strings(["x", ""])),
        digest(a=classes(["x", "y"], ["x", None], "label")),
        digest(a=classes(["x", "z"], ["x", None], "label")),
        digest(a=nested([1, 1], {"t": strings(["x", "y"])})),
        digest(a=nested([2, 0], {"t": strings(["x", "y"])})),
        digest(a=nested([1, 1], {"t": strings(["xy", ""])})),
    ]
    assert len(set(different)) == len(different)


def test_no_rows_still_have_their_columns() -> None:
    empty = Layer("composed-9001-a", "1.0", 1, "0" * 64, ("ACTOR",))
    for make in (documents, entities, events, claims, frames):
        made = table(make([entry(empty, "قسد")], SCHEMA))
        assert made.schema.equals(table(make(ENTRIES, SCHEMA)).schema, check_metadata=True)
    assert table(events([entry(empty, "قسد")], SCHEMA)).num_rows == 0
