"""What annotators and other people's programs put into Label Studio, read without trusting any of it.

The text is "دخل الجيش المدينة 😀 وقال إنه آمن": دخل 0–3, الجيش 4–9, المدينة 10–17, the emoji at 18 (one code point),
وقال 20–24 with its و at 20, إنه آمن 25–32.
"""

from __future__ import annotations

from typing import Any

import pytest

from dataset_builder.corpus import sha256
from dataset_builder.labelstudio.annotations import read_annotation
from dataset_builder.labelstudio.convert import make_result
from dataset_builder.model import Document, Layer
from dataset_builder.schema import Schema

SCHEMA = Schema.load()
TEXT = "دخل الجيش المدينة 😀 وقال إنه آمن"
DOCUMENT = Document("d1", "composed", "included", "cc", sha256(TEXT), len(TEXT), "plain/1", "utf-8")

Entries = list[dict[str, Any]]


def region(id: str, label: str, start: Any, end: Any, **answers: Any) -> Entries:
    """A region as Label Studio exports it, with its attributes; an answer may be a word or a list."""
    words = TEXT[start:end] if isinstance(start, int) and isinstance(end, int) else "؟"
    value = {"start": start, "end": end, "text": words}
    entries = [
        {"id": id, "from_name": "label", "to_name": "text", "type": "labels", "value": {**value, "labels": [label]}}
    ]
    for name, answer in answers.items():
        kind, key = ("textarea", "text") if name in ("entity", "geonames", "date", "killed") else ("choices", "choices")
        given = answer if isinstance(answer, list) else [answer]
        entries.append({"id": id, "from_name": name, "to_name": "text", "type": kind, "value": {**value, key: given}})
    return entries


def arrow(head: str, tail: str, *labels: str, direction: str = "right") -> Entries:
    entry: dict[str, Any] = {"type": "relation", "from_id": head, "to_id": tail, "direction": direction}
    return [entry | ({"labels": list(labels)} if labels else {})]


def read(*entries: Entries, **more: Any) -> tuple[Layer, list[str]]:
    layer, found = read_annotation([e for part in entries for e in part], DOCUMENT, TEXT, SCHEMA, where="d1", **more)
    return layer, [f"{incident.code}: {incident.fact}" for incident in found]


ENTRY = region("Ab1-_cdEf0", "MOVEMENT", 0, 3, status="occurred")
ARMY = region("0000000001", "STATE_FORCES", 4, 9, mention="nominal")
TOWN = region("0000000002", "POPULATED_PLACE", 10, 17)
SAID = region("0000000003", "CUE", 21, 24)
WORDS = region("0000000004", "CONTENT", 25, 32, form="indirect", act="say", source_status="named")
CLAIM = [*ARMY, *SAID, *WORDS, *arrow("0000000004", "0000000001", "source"), *arrow("0000000004", "0000000003", "cue")]


def test_what_was_made_in_the_browser_becomes_records_with_ids_of_ours() -> None:
    layer, found = read(ENTRY, CLAIM, TOWN, arrow("Ab1-_cdEf0", "0000000001", "AGENT"))
    assert found == []
    assert [s.label for s in layer.spans] == ["MOVEMENT", "STATE_FORCES", "POPULATED_PLACE", "CUE", "CONTENT"]
    assert [s.text for s in layer.spans] == ["دخل", "الجيش", "المدينة", "قال", "إنه آمن"]
    (relation,) = layer.relations
    assert (layer.span(relation.head).label, layer.span(relation.tail).label) == ("MOVEMENT", "STATE_FORCES")
    (claim,) = layer.claims
    assert (
        claim.source and layer.span(claim.source).text == "الجيش" and claim.cue and layer.span(claim.cue).text == "قال"
    )
    assert (claim.form, claim.act, claim.source_status, claim.medium) == ("indirect", "say", "named", "unknown")
    # The same annotation gives the same ids wherever it is read.
    assert read(ENTRY, CLAIM, TOWN, arrow("Ab1-_cdEf0", "0000000001", "AGENT"))[0] == layer


def test_ids_of_an_earlier_pull_stay_when_a_region_was_made_anew() -> None:
    before, _ = read(ENTRY, CLAIM, arrow("Ab1-_cdEf0", "0000000001", "AGENT"))
    anew = [{**entry, "id": f"x{entry['id'][1:]}"} if "id" in entry else entry for entry in (*ENTRY, *CLAIM)]
    anew = [
        {**e, "from_id": f"x{e['from_id'][1:]}", "to_id": f"x{e['to_id'][1:]}"} if "from_id" in e else e for e in anew
    ]
    after, found = read(anew, arrow("xb1-_cdEf0", "x000000001", "AGENT"), earlier=before)
    assert found == [] and after == before
    assert {s.id for s in read(anew)[0].spans} != {s.id for s in before.spans}


def test_a_sent_id_stays_when_the_region_moves_and_another_takes_its_place() -> None:
    sent = region("s0000000a", "STATE_FORCES", 4, 9, mention="nominal")
    before, _ = read(sent)
    moved = region("s0000000a", "STATE_FORCES", 10, 17, mention="nominal")
    after, found = read(moved, ARMY, earlier=before)
    assert found == []
    assert {s.text: s.id == "s0000000a" for s in after.spans} == {"الجيش": False, "المدينة": True}


# --- ends of regions


@pytest.mark.parametrize(
    ("start", "end", "text"),
    [(3, 10, "الجيش"), (4, 10, "الجيش"), (17, 20, "😀"), (18, 19, "😀")],
)
def test_stray_spaces_are_trimmed_and_told(start: int, end: int, text: str) -> None:
    layer, found = read(region("0000000001", "STATE_FORCES", start, end, mention="nominal"))
    assert [s.text for s in layer.spans] == [text]
    assert [f.split(":")[0] for f in found] == (["region-trimmed"] if (start, end) != (18, 19) else [])


def test_a_region_of_white_space_is_left_out_and_told() -> None:
    layer, found = read(region("0000000001", "STATE_FORCES", 9, 10, mention="name"), ENTRY)
    assert [s.text for s in layer.spans] == ["دخل"]
    assert found == ["region-trimmed: STATE_FORCES at 9–10 is only white space and was left out"]


@pytest.mark.parametrize(
    ("start", "end"),
    [(-1, 3), (0, 33), (5, 5), (9, 4), ("0", 3), (0.0, 3), (True, 3), (None, None), (0, [3])],
)
def test_offsets_that_are_none_are_refused(start: Any, end: Any) -> None:
    layer, found = read(region("0000000001", "STATE_FORCES", start, end))
    assert layer.spans == () and [f.split(":")[0] for f in found] == ["region-offsets"]


def test_offsets_in_other_units_show_in_the_words() -> None:
    """A program that counts in UTF-16 puts what stands after the emoji one further: its words are not the text's."""
    entry = region("0000000001", "CUE", 22, 25)
    entry[0]["value"]["text"] = "قال"
    _, found = read(entry)
    other = "region-words: CUE «ال» (22–24): Label Studio has other words there: 'قال'"
    assert any(finding.startswith(other) for finding in found)


@pytest.mark.parametrize("shown", ["دخل", None])
def test_words_come_from_the_document(shown: str | None) -> None:
    entry = region("0000000001", "MOVEMENT", 0, 3)
    entry[0]["value"]["text"] = shown
    layer, found = read(entry)
    assert [s.text for s in layer.spans] == ["دخل"] and found == []


def test_line_ends_are_two_characters_in_label_studio() -> None:
    text = "دخل\r\nالجيش\nليلا"
    entry = region("0000000001", "MOVEMENT", 0, 15)
    entry[0]["value"]["text"] = "دخل\\n\\nالجيش\\nليلا"
    layer, found = read_annotation(entry, DOCUMENT, text, SCHEMA)
    assert [s.text for s in layer.spans] == [text] and found == []


# --- labels, ids, attributes


@pytest.mark.parametrize("labels", [["ARMY"], [], ["STATE", "MEDIA"], None, "STATE", [None]])
def test_a_region_with_no_label_of_ours_is_refused(labels: Any) -> None:
    entry = region("0000000001", "STATE", 4, 9)
    entry[0]["value"]["labels"] = labels
    layer, found = read(entry)
    assert layer.spans == () and [f.split(":")[0] for f in found] == ["region-label"]


def test_two_regions_of_one_id_are_refused() -> None:
    layer, found = read(ARMY, region("0000000001", "POPULATED_PLACE", 10, 17))
    assert len(layer.spans) == 1 and [f.split(":")[0] for f in found] == ["region-id"]


def test_what_stayed_from_an_earlier_label_is_left_out() -> None:
    """An event that became an actor: Label Studio keeps its status and date."""
    layer, found = read(region("0000000001", "STATE_FORCES", 4, 9, mention="name", status="planned", date="2020"))
    assert layer.spans[0].attributes == {"mention": "name"}
    assert [f.split(":")[0] for f in found] == ["region-attribute"] * 2
    assert "STATE_FORCES «الجيش» (4–9) has status 'planned', which its label does not take" in found[0]


def test_answers() -> None:
    layer, found = read(region("0000000001", "STATE_FORCES", 4, 9, mention="name", entity="  syrian-army "))
    assert layer.spans[0].attributes == {"mention": "name", "entity": "syrian-army"} and found == []
    layer, found = read(region("0000000001", "STATE_FORCES", 4, 9, mention="name", entity=["", " "]))
    assert layer.spans[0].attributes == {"mention": "name"} and found == []
    _, found = read(region("0000000001", "STATE_FORCES", 4, 9, mention="name", entity=["one", "two"]))
    assert [f.split(":")[0] for f in found] == ["region-answers"]
    layer, _ = read(region("0000000001", "MOVEMENT", 0, 3))
    assert layer.spans[0].attributes == {"status": "occurred"}  # the schema's default


def test_the_same_mark_twice_counts_once() -> None:
    again = region("0000000009", "STATE_FORCES", 4, 10, entity="syrian-army")
    layer, found = read(ARMY, again, ENTRY, arrow("Ab1-_cdEf0", "0000000009", "AGENT"))
    assert [s.text for s in layer.spans] == ["دخل", "الجيش"]
    assert layer.spans[1].attributes == {"mention": "nominal", "entity": "syrian-army"}
    assert layer.relations[0].tail == layer.spans[1].id
    assert [f.split(":")[0] for f in found] == ["region-trimmed", "region-repeated"]


def test_what_is_no_part_of_the_schema_is_told() -> None:
    note = {"id": "0000000001", "from_name": "note", "to_name": "text", "type": "textarea", "value": {"text": ["x"]}}
    layer, found = read(ARMY, [note])
    assert len(layer.spans) == 1 and found == ["region-attribute: note is no attribute of the schema; it was left out"]


@pytest.mark.parametrize("junk", [None, 7, "x", {}, {"type": "relation"}, {"from_name": "label", "type": "labels"}, []])
def test_junk_never_ends_in_a_traceback(junk: Any) -> None:
    layer, _ = read_annotation([junk, *ARMY], DOCUMENT, TEXT, SCHEMA)
    assert [s.text for s in layer.spans] == ["الجيش"]


# --- arrows


def test_an_arrow_without_a_label_is_left_out() -> None:
    layer, found = read(ENTRY, ARMY, arrow("Ab1-_cdEf0", "0000000001"))
    assert layer.relations == ()
    assert found == [
        "arrow-label: an arrow from MOVEMENT «دخل» (0–3) to STATE_FORCES «الجيش» (4–9) has no label and was left out"
    ]


@pytest.mark.parametrize(
    ("drawn", "codes"),
    [
        (arrow("Ab1-_cdEf0", "0000000001", "AGENT"), []),
        (arrow("0000000001", "Ab1-_cdEf0", "AGENT", direction="left"), []),
        (arrow("0000000001", "Ab1-_cdEf0", "AGENT"), ["arrow-turned"]),
        (arrow("Ab1-_cdEf0", "0000000001", "AGENT", direction="left"), ["arrow-turned"]),
    ],
)
def test_an_arrow_leads_the_way_its_label_says(drawn: Entries, codes: list[str]) -> None:
    layer, found = read(ENTRY, ARMY, drawn)
    assert [(layer.span(r.head).text, layer.span(r.tail).text) for r in layer.relations] == [("دخل", "الجيش")]
    assert [f.split(":")[0] for f in found] == codes


@pytest.mark.parametrize(
    ("drawn", "code"),
    [
        (arrow("0000000001", "0000000002", "AGENT"), "arrow-ends"),
        (arrow("Ab1-_cdEf0", "0000000002", "AGENT"), "arrow-ends"),
        (arrow("Ab1-_cdEf0", "0000000001", "AGENT", direction="bi"), "arrow-ends"),
        (arrow("Ab1-_cdEf0", "0000000001", "agent"), "arrow-ends"),
        (arrow("Ab1-_cdEf0", "0000000099", "AGENT"), "arrow-dangling"),
        (arrow("Ab1-_cdEf0", "Ab1-_cdEf0", "AGENT"), "arrow-ends"),
    ],
)
def test_an_arrow_that_joins_what_it_can_not_is_refused(drawn: Entries, code: str) -> None:
    layer, found = read(ENTRY, ARMY, TOWN, drawn)
    assert layer.relations == () and [f.split(":")[0] for f in found] == [code]


def test_two_labels_of_one_arrow_are_two_relations_and_a_repeated_arrow_is_one() -> None:
    twice = arrow("Ab1-_cdEf0", "0000000001", "AGENT", "TARGET")
    layer, found = read(ENTRY, ARMY, twice, arrow("Ab1-_cdEf0", "0000000001", "AGENT"))
    assert sorted(r.label for r in layer.relations) == ["AGENT", "TARGET"] and found == []
    # Label Studio keeps one arrow from a region to another, so they go out as one again.
    sent = [e for e in make_result(layer, TEXT, SCHEMA) if e["type"] == "relation"]
    assert [sorted(e["labels"]) for e in sent] == [["AGENT", "TARGET"]]


# --- claims


def test_content_in_two_parts_and_a_claim_within() -> None:
    """The claim's content is دخل and إنه آمن; inside of the second part somebody else says آمن."""
    part = region("0000000005", "CONTENT", 0, 3)
    inner = region("0000000006", "CONTENT", 29, 32, form="direct", act="affirm", source_status="none")
    drawn = [*arrow("0000000004", "0000000005", "content"), *arrow("0000000006", "0000000005", "parent")]
    layer, found = read(CLAIM, part, inner, drawn)
    assert found == []
    outer, within = sorted(layer.claims, key=lambda c: -len(c.content))
    assert [layer.span(id).text for id in outer.content] == ["دخل", "إنه آمن"]
    # The arrow leads to a further part, which belongs to the outer claim as well.
    assert within.parent == outer.id and within.source is None


def test_two_claims_on_the_same_words_share_their_span() -> None:
    other = region("0000000007", "CONTENT", 25, 32, form="indirect", act="deny", source_status="none")
    layer, found = read(CLAIM, other)
    assert found == [] and sorted(c.act for c in layer.claims) == ["deny", "say"]
    assert {c.content for c in layer.claims} == {(layer.spans[-1].id,)}


@pytest.mark.parametrize(
    ("entries", "finding"),
    [
        (
            region("0000000004", "CONTENT", 25, 32),
            "claim-incomplete: CONTENT «إنه آمن» (25–32) has no form, act, source",
        ),
        ([*SAID], "region-unjoined: CUE «قال» (21–24) belongs to no claim"),
        ([*CLAIM, *TOWN, *arrow("0000000004", "0000000002", "source")], "arrow-ends: source from CONTENT"),
        (
            [*CLAIM, *region("0000000008", "MEDIA", 10, 17), *arrow("0000000004", "0000000008", "source")],
            "claim-part-repeated: CONTENT «إنه آمن» (25–32) has 2 arrows to a source",
        ),
        (
            [*CLAIM, *region("0000000005", "CONTENT", 0, 3, act="say"), *arrow("0000000004", "0000000005", "content")],
            "region-attribute: CONTENT «دخل» (0–3) is a claim's further content, but has act say; it was left out",
        ),
        (
            [
                *CLAIM,
                *region("0000000005", "CONTENT", 0, 3),
                *arrow("0000000004", "0000000005", "content"),
                *arrow("0000000005", "0000000001", "source"),
            ],
            "arrow-ends: source from CONTENT «دخل» (0–3), which is further content: draw it from the claim's first",
        ),
        (
            [
                *region("0000000004", "CONTENT", 25, 32),
                *region("0000000005", "CONTENT", 0, 3),
                *arrow("0000000004", "0000000005", "content"),
                *arrow("0000000005", "0000000004", "content"),
            ],
            "region-unjoined: CONTENT «دخل» (0–3) belongs to no claim",
        ),
        ([*CLAIM, *arrow("0000000004", "0000000004", "parent")], "arrow-ends: parent from CONTENT"),
    ],
)
def test_a_claim_that_is_not_whole_is_named(entries: Entries, finding: str) -> None:
    _, found = read(entries)
    assert any(fact.startswith(finding) for fact in found), found
