"""Canonical text and the map back to what it was made from."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dataset_builder.readers.canonical import assemble, canonical

# Letters that compose, marks that reorder (shadda and fatha), line ends, invisible signs, Hangul, one an emoji.
PIECES = "اوي\u0654\u0655\u0653\u0651\u064e\u064b\u0670\u0301\u0327eةـ \r\n\ufeff\u200f\u2028\x85"
PIECES += "😀한\u1112\u1161\u11ab\u2126\ufb50"
RAW = st.text(alphabet=st.sampled_from(PIECES), max_size=40) | st.text(max_size=30)


def expected(raw: str) -> str:
    """Canonical text by its definition, without any map."""
    return unicodedata.normalize("NFC", re.sub("\r\n?", "\n", raw.removeprefix("\ufeff")))


@given(RAW)
@example("\u0651\u064e")
@example("\ufeff\ufeff\r\r\n\u0301")
def test_text_is_decoded_nfc_and_lf_and_nothing_else(raw: str) -> None:
    assert canonical(raw).text == expected(raw)


@given(RAW)
def test_canonical_text_is_left_alone(raw: str) -> None:
    text = expected(raw).removeprefix("\ufeff")
    assert canonical(text).text == text
    assert canonical(text).raw_span(0, len(text)) == (0, len(text))


@given(RAW, st.data())
def test_a_span_leads_to_raw_characters_that_give_it(raw: str, data: st.DataObject) -> None:
    made = canonical(raw)
    start = data.draw(st.integers(0, len(made.text)))
    end = data.draw(st.integers(start, len(made.text)))
    first, last = made.raw_span(start, end)
    assert 0 <= first <= last <= len(raw)
    assert (first == last) == (start == end)
    # What was composed or reordered from several characters comes whole, so the raw stretch gives at least the span.
    assert made.text[start:end] in unicodedata.normalize("NFC", re.sub("\r\n?", "\n", raw[first:last]))


@given(RAW)
def test_neighbouring_characters_lead_to_neighbouring_raw_ones(raw: str) -> None:
    made = canonical(raw)
    bounds = [made.raw_span(i, i + 1) for i in range(len(made.text))]
    assert all(a[0] <= b[0] and a[1] <= b[1] and b[0] <= a[1] for a, b in pairwise(bounds))
    covered = {position for first, last in bounds for position in range(first, last)}
    assert covered == set(range(1 if raw.startswith("\ufeff") else 0, len(raw)))


def test_slices_are_joined_by_what_lies_between_them() -> None:
    raw = "<T>أ\r\nب &amp; ج</T>\n<B>د&#1607;&#0;</B>"
    made = assemble(raw, [(3, raw.index("</T>")), (raw.index("<B>") + 3, raw.index("</B>"))], entities=True)
    assert made.text == "أ\nب & ج\nده&#0;"
    assert [raw[slice(*made.raw_span(i, i + 1))] for i in (1, 4, 9)] == ["\r\n", "&amp;", "&#1607;"]


@pytest.mark.parametrize("span", [(-1, 0), (0, 4), (2, 1)])
def test_what_is_no_span_is_refused(span: tuple[int, int]) -> None:
    with pytest.raises(IndexError, match="is no span of a text of 3 code points"):
        canonical("خبر").raw_span(*span)
