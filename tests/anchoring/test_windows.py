"""Windows tile the folded text, are strong enough each, and their filter is what its definition says."""

from __future__ import annotations

import random
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataset_builder.anchoring import folded_sha256, make_windows
from dataset_builder.anchoring.windows import RollingHash
from dataset_builder.errors import KhabarError
from dataset_builder.text.normalise import fold

LETTERS = "ابتثجحخدرسشصعفقكلمنهوي"


def text_of(seed: int, title: int, body: int) -> str:
    rng = random.Random(seed)
    return "".join(rng.choices(LETTERS, k=title)) + "\n" + "".join(rng.choices(LETTERS, k=body))


@pytest.mark.parametrize(
    ("title", "body", "lengths"),
    [
        (30, 96, [30, 96]),
        (30, 191, [30, 191]),
        (30, 192, [30, 96, 96]),
        (11, 200, [96, 115]),  # a title this short is no window of its own
        (95, 96, [95, 96]),
        (96, 96, [96, 96]),
        (40, 95, [135]),  # a body too short to guard the title joins it
        (0, 96, [96]),
        (300, 10, [96, 96, 118]),
    ],
)
def test_lengths(title: int, body: int, lengths: list[int]) -> None:
    assert [w.length for w in make_windows("d", text_of(1, title, body))] == lengths


@given(st.integers(0, 250), st.integers(0, 700))
def test_windows_tile_the_text_and_only_a_title_is_short(title: int, body: int) -> None:
    if title + body < 96:
        with pytest.raises(KhabarError, match="needs 96"):
            make_windows("d", text_of(2, title, body))
        return
    windows = make_windows("d", text_of(2, title, body))
    assert [w.start for w in windows] == [sum(w.length for w in windows[:n]) for n in range(len(windows))]
    assert sum(w.length for w in windows) == title + body
    assert all(96 <= w.length < 192 for w in windows[1:])
    assert len(windows) > 1 or windows[0].length >= 96


def test_title_hashes_are_nothing_without_the_window_after_it() -> None:
    one, other = text_of(3, 40, 200), text_of(3, 40, 200)[:-200] + text_of(4, 0, 200)[1:]
    assert one[:40] == other[:40]
    first, second = make_windows("d", one)[0], make_windows("d", other)[0]
    assert first.filter != second.filter and first.digest != second.digest
    plain = int(RollingHash(one[:40]).of(40)[0])
    assert int(first.filter, 16) != plain


def test_same_text_under_another_id_has_other_digests() -> None:
    text = text_of(5, 40, 200)
    ours, theirs = make_windows("a", text), make_windows("b", text)
    assert not {w.digest for w in ours} & {w.digest for w in theirs}


@given(st.text(min_size=1, max_size=60), st.integers(1, 20))
def test_filter_is_the_polynomial_it_says(text: str, length: int) -> None:
    letters = fold(text).letters
    expected = [
        sum((ord(c) + 1) * pow(1_000_003, i, 2**31 - 1) for i, c in enumerate(letters[n : n + length])) % (2**31 - 1)
        & 0xFFFF
        for n in range(len(letters) - length + 1)
    ]
    assert RollingHash(letters).of(length).tolist() == expected


@given(st.text(max_size=80))
def test_folding_is_stable_and_blind_to_composition(text: str) -> None:
    view = fold(text)
    assert fold(view.letters).letters == view.letters
    assert len(view.index) == len(view.letters)
    for form in ("NFC", "NFD"):
        assert folded_sha256(unicodedata.normalize(form, text)) == folded_sha256(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("إلى الآن", "الي الان"),
        ("مُقَاتِـلُونَ", "مقاتلون"),
        ("مسؤول شيء", "مسوول شئ"),
        ("ﷲ ﻻ", "الله لا"),
        ("٢٠٢٤", "2024"),
        ("ＡＢ é", "ab e"),
    ],
)
def test_spellings_that_fold_alike(one: str, other: str) -> None:
    assert fold(one).letters == fold(other).letters
