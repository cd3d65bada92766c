"""Layers lose their words, get them back, and move to copies; what cannot move is lost by name."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dataset_builder.anchoring import Copy, find, move, with_words, without_words
from dataset_builder.errors import DataError, KhabarError
from dataset_builder.model import Claim, Layer, Relation
from tests.anchoring.texts import article, layer_of, record, words

HEAD = 'المدينة: "تجربة" نص\n'
TEXT = HEAD + 'قال "الناطق ' + words(1, 60) + '". ' + words(2, 60) + "."
DOCUMENT = record("d1", TEXT)
COLON = TEXT.index(":")
QUOTED = (TEXT.index('"الناطق'), TEXT.index('".') + 1)
LAYER = layer_of(DOCUMENT, TEXT, (COLON, COLON + 1), QUOTED, (len(HEAD), len(HEAD) + 3), (len(HEAD) - 3, len(HEAD) + 3))


def moved_to(text: str, layer: Layer = LAYER) -> tuple[Layer, list[str]]:
    copy = Copy(text)
    match = find(DOCUMENT, copy)
    assert match
    moved, incidents = move(without_words(layer, TEXT, DOCUMENT), match, copy)
    assert moved.sha256 == copy.sha256 and moved.length == len(text)
    return moved, [str(i) for i in incidents]


def test_no_word_is_left_and_all_come_back() -> None:
    layer = without_words(LAYER, TEXT, DOCUMENT)
    assert [s.text for s in layer.spans] == [None] * 4
    anchors = [s.anchor for s in layer.spans]
    assert [(a.before, a.after) for a in anchors if a] == [(":", ""), ('"', '"'), ("", ""), ("", "")]
    assert anchors[0] and anchors[0].letters == 0
    assert with_words(layer, TEXT, DOCUMENT) == LAYER


def test_copy_in_another_typography() -> None:
    copy = TEXT.replace(": ", "：").replace('"الناطق', "«الناطق").replace('".', "»\u200f.").replace("\n", "\r\n\r\n")
    moved, incidents = moved_to(f"الرئيسية\n{copy}\nوسوم")
    assert not incidents
    assert [s.text for s in moved.spans[:1] + moved.spans[2:]] == ["：", "قال", "نص\r\n\r\nقال"]
    quoted = moved.spans[1].text
    assert quoted and quoted[0] == "«" and quoted[-1] == "»"
    assert all(s.anchor is None for s in moved.spans)


def test_line_between_title_and_body_loses_what_crosses_it() -> None:
    moved, incidents = moved_to(TEXT.replace("\n", "\nكتبت المحررة\n"))
    assert [s.id for s in moved.spans] == ["s0", "s1", "s2"]
    assert incidents == [
        "error[L2 span-lost] d1: span s3 (ACTOR.STATE) has letters that the copy does not have in the same places"
    ]


def test_colon_that_is_gone_or_doubled_is_lost() -> None:
    for copy in (TEXT.replace(":", ""), TEXT.replace(":", ": :")):
        moved, incidents = moved_to(copy)
        assert [s.id for s in moved.spans] == ["s1", "s2", "s3"] and "is the sign ':'" in incidents[0]


def test_edge_beside_another_word_is_lost() -> None:
    plain = f"{words(21, 6)}\n{words(22, 100)}"
    border = record("d", plain).windows[2].start
    start = int(Copy(plain).folded.index[border])
    text = f'{plain[:start]}"{plain[start:]}'
    document = record("d", text)
    layer = without_words(layer_of(document, text, (start, start + 4), (start + 1, start + 4)), text, document)
    copy = Copy(f'{plain[:start]}" جديد {plain[start:]}')
    match = find(document, copy)
    assert match
    moved, incidents = move(layer, match, copy)
    assert [s.id for s in moved.spans] == ["s1"]
    assert "the copy has another word beside it" in incidents[0].fact


def test_what_a_lost_span_takes_with_it() -> None:
    def claim(id: str, *content: str, **more: str) -> Claim:
        return Claim(id, None, None, content, "direct", "say", "implicit", **more)

    layer = replace(
        LAYER,
        relations=(Relation("r1", "AGENT", "s1", "s2"), Relation("r2", "AGENT", "s1", "s3")),
        claims=(
            claim("c1", "s1", "s3"),
            claim("c2", "s1", parent="c1"),
            claim("c3", "s1", continues="c2"),
            claim("c4", "s1"),
        ),
    )
    moved, incidents = moved_to(TEXT.replace("\n", "\nكتبت المحررة\n"), layer)
    assert [r.id for r in moved.relations] == ["r1"] and [c.id for c in moved.claims] == ["c4"]
    told = [i.split(" lost with ")[0] for i in incidents[1:]]
    assert told == [
        f"warning[L2 annotation-lost] d1: {what}"
        for what in ("relation AGENT r2", "claim c1 (say)", "claim c2 (say)", "claim c3 (say)")
    ]


def test_edited_anchor_is_noticed() -> None:
    layer = without_words(LAYER, TEXT, DOCUMENT)
    span = layer.spans[2]
    assert span.anchor
    for anchor in (replace(span.anchor, first=span.anchor.first + 1), replace(span.anchor, digest="000000")):
        edited = replace(layer, spans=(replace(span, anchor=anchor),))
        with pytest.raises(DataError, match="do not fit their anchors") as raised:
            with_words(edited, TEXT, DOCUMENT)
        assert [i.code for i in raised.value.incidents] == ["anchor-mismatch"]
        copy = Copy(f"الرئيسية {TEXT}")
        match = find(DOCUMENT, copy)
        assert match
        moved, incidents = move(edited, match, copy)
        assert not moved.spans and "digest" in incidents[0].fact
    far = replace(layer, spans=(replace(span, anchor=replace(span.anchor, first=10**6)),))
    match = find(DOCUMENT, Copy(TEXT))
    assert match
    assert [i.code for i in move(far, match, Copy(TEXT))[1]] == ["span-lost"]


@pytest.mark.parametrize(
    ("text", "place"),
    [("كلمة ثانية", (4, 10)), ("كلمَة ثانية", (0, 3)), ("قال... ثم", (0, 4)), ("قال :: ثم", (4, 5)), ("نص  ثم", (2, 3))],
)
def test_ends_that_could_not_be_found_again_are_refused(text: str, place: tuple[int, int]) -> None:
    text = f"{text} {words(5, 50)}"
    document = record("d", text)
    with pytest.raises(DataError, match="cannot be told without their words") as raised:
        without_words(layer_of(document, text, place), text, document)
    assert raised.value.incidents[0].code == "span-not-anchored"


def test_wrong_text_wrong_surface_wrong_document() -> None:
    with pytest.raises(KhabarError, match="not the one that the manifest describes"):
        without_words(LAYER, TEXT + " ", DOCUMENT)
    with pytest.raises(DataError, match="another surface"):
        without_words(replace(LAYER, spans=(replace(LAYER.spans[0], text="؛"),)), TEXT, DOCUMENT)
    with pytest.raises(KhabarError, match="the layer is of d1"):
        without_words(LAYER, TEXT, record("d2", article(3)))
    with pytest.raises(KhabarError, match="no windows"):
        with_words(LAYER, TEXT, replace(DOCUMENT, windows=()))
    match = find(DOCUMENT, Copy(TEXT))
    assert match
    with pytest.raises(KhabarError, match="has no anchor"):
        move(LAYER, match, Copy(TEXT))
    with pytest.raises(KhabarError, match="the match is of d1"):
        move(replace(LAYER, document="d2"), match, Copy(TEXT))


def test_ligature_in_the_copy_may_not_be_cut() -> None:
    text = f"خبر ل{'لأمم'} قال لالا {words(6, 60)}"
    document = record("d", text)
    word = text.index("لالا")
    layer = without_words(layer_of(document, text, (word, word + 4), (word + 1, word + 4)), text, document)
    copy = Copy(text.replace("لالا", "ﻻﻻ"))
    match = find(document, copy)
    assert match
    moved, incidents = move(layer, match, copy)
    assert [s.text for s in moved.spans] == ["ﻻﻻ"] and "inside a ligature" in incidents[0].fact


# A token is a word with what is typed against it and the white space after it. Words hold supplementary letters that
# fold to Arabic ones and to themselves, one code point that folds to four letters, harakat and a bare hamza.
LETTERS = [*"ابتجدرسعقلمنهوي", "سَ", "شيء", "أ", "ى", "ﷲ", "ﻻ", "𞸁", "𐤀", "٣"]
SIGNS = ["", "", "", "", '"', "،", ".", "(", "😀", ":"]
tokens = st.lists(
    st.tuples(
        st.lists(st.sampled_from(LETTERS), min_size=1, max_size=6).map("".join),
        st.sampled_from(SIGNS),
        st.sampled_from([" ", "\n", "  "]),
        st.sampled_from(SIGNS),
    ),
    min_size=120,
    max_size=140,
)
OTHER_SHAPE = {'"': "”", "،": ",", ".": "…", "(": "﹙", ":": "："}
Token = tuple[str, str, str, str]


def placed(rows: list[Token]) -> tuple[str, list[tuple[int, int, int, int]]]:
    """The text, and for each token where its first sign, its word, the word's end and its last sign's end are."""
    text, places = "", []
    for before, word, after, blank in rows:
        start = len(text)
        text += before + word + after
        places.append((start, start + len(before), start + len(before + word), len(text)))
        text += blank
    return text, places


@settings(max_examples=60)
@given(tokens, st.data())
def test_spans_move_to_their_own_words_or_not_at_all(
    rows: list[tuple[str, str, str, str]], data: st.DataObject
) -> None:
    original: list[Token] = [(before, word, after, blank) for word, after, blank, before in rows]
    text, places = placed(original)
    altered: list[Token] = []
    for before, word, after, blank in original:
        fate = data.draw(st.sampled_from(["same", "same", "shape", "gone"]))
        signs = {"same": (before, after), "gone": ("", "")}.get(
            fate, (OTHER_SHAPE.get(before, before), OTHER_SHAPE.get(after, after))
        )
        spelled = word.replace("ى", "ي").replace("أ", "ا").replace("ﷲ", "الله") if fate == "shape" else word
        altered.append((signs[0], spelled, signs[1], "\u00a0" if fate == "shape" else blank))
    prefix = data.draw(st.sampled_from(["", "الموقع الأول\n"]))
    body, targets = placed(altered)
    document = record("d", text)
    chosen = data.draw(
        st.lists(st.tuples(st.integers(0, 119), st.integers(0, 30), st.booleans(), st.booleans()), max_size=12)
    )
    wanted = {}
    for first, more, opening, closing in chosen:
        last = min(first + more, len(rows) - 1)
        wanted[places[first][0 if opening else 1], places[last][3 if closing else 2]] = (
            len(prefix) + targets[first][0 if opening else 1],
            len(prefix) + targets[last][3 if closing else 2],
            any((opening and original[first][0], closing and original[last][2])),
        )
    layer = layer_of(document, text, *wanted)
    try:
        layer = without_words(layer, text, document)
    except DataError as error:
        refused = {i.fact.split()[1] for i in error.incidents}
        layer = replace(layer, spans=tuple(s for s in layer.spans if s.id not in refused))
        layer = without_words(layer, text, document)
    copy = Copy(prefix + body)
    match = find(document, copy)
    assert match
    moved, incidents = move(layer, match, copy)
    assert len(moved.spans) + len(incidents) == len(layer.spans)
    before_move = {s.id: wanted[s.start, s.end] for s in layer.spans}
    for span in moved.spans:
        assert (span.start, span.end) == before_move.pop(span.id)[:2]
    if not prefix:
        assert all(has_edge for *_, has_edge in before_move.values()), "a span without punctuation was lost"


def test_digest_of_a_span_in_a_title_hangs_on_the_window_after_it() -> None:
    title = words(31, 6)
    digests = set()
    for seed in (32, 33):
        text = f"{title}\n{words(seed, 60)}"
        document = record("d", text)
        assert document.windows[0].length < 96
        layer = without_words(layer_of(document, text, (0, title.index(" "))), text, document)
        assert layer.spans[0].anchor
        digests.add(layer.spans[0].anchor.digest)
    assert len(digests) == 2
