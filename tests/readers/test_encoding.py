"""Encodings are proved or refused, never guessed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataset_builder.readers.article import Refused
from dataset_builder.readers.encoding import decode
from tests.readers.pages import TEXT

ENCODINGS = {
    "utf-8": "utf-8",
    "utf-8-sig": "utf-8",
    "utf-16": "utf-16-le",
    "utf-16-le": "utf-16-le",
    "utf-16-be": "utf-16-be",
    "cp1256": "windows-1256",
    "iso-8859-6": "iso-8859-6",
}


@pytest.mark.parametrize("codec", ENCODINGS)
def test_each_encoding_is_recognised_and_recorded(codec: str) -> None:
    decoded = decode(TEXT.encode(codec))
    assert (decoded.text.removeprefix("\ufeff"), decoded.encoding) == (TEXT, ENCODINGS[codec])


@pytest.mark.parametrize("codec", ["cp1256", "iso-8859-6", "utf-16-le", "utf-16-be"])
@given(words=st.lists(st.sampled_from(TEXT.split()), min_size=12, max_size=40))
def test_no_encoding_is_taken_for_another(codec: str, words: list[str]) -> None:
    text = " ".join(words)
    try:
        decoded = decode(text.encode(codec))
    except Refused as refusal:
        # Few different letters leave it open; then it must be said, not guessed.
        assert refusal.code in ("encoding-ambiguous", "undecodable")
    else:
        assert decoded.text == text


@pytest.mark.parametrize("codec", ["cp1256", "iso-8859-6"])
def test_a_declared_encoding_settles_a_short_text(codec: str) -> None:
    assert decode("خبر".encode(codec), [codec]).text == "خبر"


def test_utf8_is_proof_against_a_wrong_declaration_and_the_record_says_so() -> None:
    assert decode(TEXT.encode(), ["windows-1256"]).encoding == "utf-8, declared windows-1256"


def test_one_that_cannot_hold_arabic_is_no_declaration() -> None:
    assert decode(TEXT.encode("cp1256"), ["iso-8859-1", "no-such"]).encoding == "windows-1256"


@pytest.mark.parametrize(
    ("data", "declared", "code", "fact"),
    [
        (b"", "", "empty-file", "there is nothing in it"),
        (b" \n\t", "", "empty-file", "only white space"),
        (TEXT.encode()[:-2], "", "truncated-utf8", "ends inside a character"),
        (b"\xef\xbb\xbf" + TEXT.encode()[:-2], "", "truncated-utf8", "ends inside a character"),
        (TEXT.encode() + b"\n\xff\n" + TEXT.encode(), "", "undecodable", "(0xFF, on line 4)"),
        (TEXT.encode("utf-16")[:-1], "", "undecodable", "its byte order mark promises"),
        (TEXT.encode("cp864", "ignore"), "", "undecodable", "no windows-1256 and no iso-8859-6 Arabic"),
        ("café au lait, déjà vu, été".encode("latin-1"), "", "undecodable", "bytes beyond ASCII"),
        ("سادات حجاج".encode("cp1256"), "", "encoding-ambiguous", "both in windows-1256 and iso-8859-6"),
        ("قصف على مدينة".encode("cp1256"), "", "encoding-ambiguous", "too few"),
        (
            TEXT.encode("cp1256"),
            "iso-8859-6",
            "encoding-contradicted",
            "iso-8859-6 is declared, but it reads as windows",
        ),
        (TEXT.encode("cp1256"), "utf-8", "encoding-contradicted", "utf-8 is declared"),
        (b"%PDF-1.7 \xe2\xe3", "", "binary-file", "a PDF file"),
        (bytes(range(256)) * 9, "", "binary-file", "control characters"),
        (TEXT.encode() + b"\0" + TEXT.encode(), "", "nul-character", "on line 3"),
    ],
)
def test_what_cannot_be_told_is_refused_with_the_reason(data: bytes, declared: str, code: str, fact: str) -> None:
    with pytest.raises(Refused) as refusal:
        decode(data, [declared])
    assert refusal.value.code == code
    assert fact in refusal.value.fact
