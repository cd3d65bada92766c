"""The files: what is written reads back the same, has one form, and every fault of a file is told."""

from __future__ import annotations

import json
import string
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dataset_builder.codec import canonical, decode_layer, decode_manifest, encode_layer, encode_manifest
from dataset_builder.model import Anchor, Claim, Document, Layer, Relation, Span, Window
from tests.samples import council

HEX = st.text(string.hexdigits[:16], min_size=8, max_size=8)
ARABIC = st.text(st.sampled_from('قالسد وَُـ\u200f\u2067\u00a0\u2028"\\|😀a1'), min_size=1, max_size=12)
VALUE = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=6)


@st.composite
def layers(draw: st.DrawFn) -> Layer:
    ids = draw(st.lists(HEX, min_size=2, max_size=8, unique=True))
    spans = []
    for id in ids:
        start = draw(st.integers(0, 40))
        attributes = draw(st.dictionaries(st.sampled_from(["mention", "entity", "date", "killed"]), VALUE, max_size=2))
        anchor = draw(
            st.none() | st.builds(Anchor, st.integers(0, 9), st.integers(0, 9), ARABIC, ARABIC, st.just("0a1b2c"))
        )
        text = draw(ARABIC) if anchor is None else None
        layer = draw(st.sampled_from(["ACTOR", "EVENT", "CLAIM"]))
        spans.append(Span(f"s{id}", layer, "X", start, start + draw(st.integers(1, 9)), attributes, text, anchor))
    pick = st.sampled_from([s.id for s in spans])
    relations = [
        Relation(f"r{i}", "AGENT", draw(pick), draw(pick)) for i in draw(st.lists(HEX, max_size=3, unique=True))
    ]
    claims = [
        Claim(
            f"c{i}",
            draw(st.none() | pick),
            draw(st.none() | pick),
            (draw(pick),),
            "direct",
            "say",
            "none",
            "press",
            None,
            f"c{i}",
        )
        for i in draw(st.lists(HEX, max_size=3, unique=True))
    ]
    return Layer(
        "d-1",
        "1.0",
        60,
        "0" * 64,
        ("ACTOR",),
        tuple(spans),
        tuple(relations),
        tuple(claims),
        draw(st.sampled_from(["", "amal-1"])),
    )


@settings(max_examples=200)
@given(layers())
def test_a_layer_reads_back_the_same_and_has_one_form(layer: Layer) -> None:
    written = encode_layer(layer)
    back, found, lines = decode_layer(written.encode("utf8"))
    assert found == [] and back == canonical(layer)
    assert encode_layer(back) == written
    shuffled = replace(layer, spans=layer.spans[::-1], relations=layer.relations[::-1], claims=layer.claims[::-1])
    assert encode_layer(shuffled) == written
    assert len(lines) == written.count("\n") == len(written.split("\n")) - 1
    assert not set(written) & set("\u200f\u2067\u00a0\u2028")


def test_arabic_stands_literally_and_last() -> None:
    line = encode_layer(council()).split("\n")[1]
    assert line.endswith('"text":"مجلس الناحية"}') and "\\u06" not in line


def test_every_fault_of_a_line_is_told_not_only_the_first() -> None:
    data = encode_layer(council()).replace('"start":28,"end":31,"text":"قال"', '"start":"28","end":-1,"texte":"قال"', 1)
    layer, found, _ = decode_layer(data.encode("utf8"), "x.jsonl")
    assert layer is not None and len(layer.spans) == len(council().spans) - 1
    assert sorted((i.code, i.line) for i in found) == [("bad-value", 8), ("bad-value", 8)]


@pytest.mark.parametrize(
    ("data", "codes"),
    [
        (b"", ["header-place"]),
        (b"\n", ["bad-json"]),
        (b'{"kind":"document"}\n', ["missing-key"] * 5),
        (b"[]\n", ["bad-value"]),
        (b'{"kind":"span","kind":"span"}\n', ["bad-json"]),
        (b'\xff\xfe{"kind"\n', ["encoding"]),
        (b"[" * 100_000, ["bad-json"]),
    ],
)
def test_files_that_are_no_layer_say_so(data: bytes, codes: list[str]) -> None:
    layer, found, _ = decode_layer(data, "x.jsonl")
    assert layer is None and [i.code for i in found] == codes, [str(i) for i in found]


def test_a_lone_surrogate_is_a_fault_and_no_crash() -> None:
    data = encode_layer(council()).replace('"text":"قال"', '"text":"\\ud800"', 1)
    _, found, _ = decode_layer(data.encode("utf8"), "x.jsonl")
    assert [i.code for i in found] == ["bad-value"] and "\\ud800" in str(found[0])
    str(found[0]).encode("utf8")


def test_a_manifest_reads_back_and_is_sorted() -> None:
    document = Document(
        "d-2", "s", "referenced", "unknown", "0" * 64, 9, "plain/1", "utf-8", windows=(Window(0, 96, "00ff", "0" * 16),)
    )
    written = encode_manifest([document, replace(document, id="d-1", url="https://x.example/\u200f1")])
    found, incidents = decode_manifest(written.encode("utf8"))
    assert incidents == [] and [d.id for _, d in found] == ["d-1", "d-2"] and found[1][1] == document
    assert "title" not in json.loads(written.splitlines()[0])
