"""A document is found where it is, and nowhere else; what is there twice is not found."""

from __future__ import annotations

import pytest

from dataset_builder.anchoring import Copy, Index, find
from dataset_builder.text.normalise import fold
from tests.anchoring.texts import article, record, words

TEXT = article(1)
DOCUMENT = record("d1", TEXT)
TITLE, BODY = TEXT.split("\n")


def letters(text: str) -> int:
    return len(fold(text).letters)


def test_same_letters_are_a_whole_match() -> None:
    match = find(DOCUMENT, Copy(TEXT.replace(" ", "\u00a0، ")))
    assert match and match.whole and match.letters == match.total == letters(TEXT)


def test_a_page_around_the_article() -> None:
    top, between = "الرئيسية | سياسة\n", "\nكتبت المحررة\n"
    match = find(DOCUMENT, Copy(f"{top}{TITLE}{between}{BODY}\nاقرأ أيضا"))
    assert match and not match.whole and match.letters == match.total
    assert match.places[0] == letters(top)
    assert match.places[1] == letters(top + TITLE + between)
    assert match.shift(0, 5) == letters(top)
    assert match.shift(letters(TITLE) - 1, letters(TITLE) + 1) is None


def test_without_its_title() -> None:
    match = find(DOCUMENT, Copy(BODY))
    assert match and match.places[0] is None and None not in match.places[1:]


def test_title_twice_is_the_one_at_the_article() -> None:
    match = find(DOCUMENT, Copy(f"{TITLE} | الموقع\n{TITLE}\n{BODY}"))
    assert match and match.places[0] == letters(TITLE + "الموقع")


def test_short_title_twice_and_not_at_the_article_is_not_found() -> None:
    text = f"{words(7, 3)}\n{words(8, 100)}"
    title, body = text.split("\n")
    assert 12 <= letters(title) < 24
    document = record("d", text)
    assert (match := find(document, Copy(f"{title}\n{title}\nالكاتبة\n{body}"))) and match.places[0] is None
    assert (match := find(document, Copy(f"{title}\n{title}\n{body}"))) and match.places[0] == letters(title)


def test_article_twice_is_not_found() -> None:
    assert find(DOCUMENT, Copy(f"{TEXT}\n{TEXT}")) is None


def test_repeated_part_does_not_hide_the_article() -> None:
    match = find(DOCUMENT, Copy(f"{TEXT}\nمقتطف\n{BODY[: len(BODY) // 2]}"))
    assert match and match.places == tuple(w.start for w in DOCUMENT.windows)


def test_parts_in_another_order_are_not_joined() -> None:
    half = BODY.index(" ", len(BODY) * 2 // 3)
    match = find(DOCUMENT, Copy(f"{TITLE}\n{BODY[half:]} {BODY[:half]}"))
    assert match
    found = [p for p in match.places if p is not None]
    assert found == sorted(found) and None in match.places


def test_title_alone_or_a_quotation_is_not_a_copy() -> None:
    assert find(DOCUMENT, Copy(f"{TITLE}\n{words(99, 300)}")) is None
    assert find(DOCUMENT, Copy(f"{words(98, 30)} {BODY[:130]} {words(97, 200)}")) is None


@pytest.mark.parametrize("text", ["", "\n", "ا", "\udcff" * 200, "😀" * 300, words(50, 400)])
def test_something_else(text: str) -> None:
    assert find(DOCUMENT, Copy(text)) is None
    assert Index([DOCUMENT]).recognise(Copy(text)) == ()


def test_copy_with_lone_surrogates_is_still_searched() -> None:
    match = find(DOCUMENT, Copy(f"\udcff{TEXT}\udcff"))
    assert match and match.whole


def test_index_finds_what_find_finds_among_many() -> None:
    texts = {f"d{n}": article(n, title=n % 9, body=30 + 7 * n) for n in range(60)}
    documents = [record(id, text) for id, text in texts.items()]
    index = Index(documents)
    for document in documents:
        copy = Copy(f"الموقع\n{texts[document.id]}\nحقوق النشر")
        assert index.recognise(copy) == (find(document, copy),)
    both = index.recognise(Copy(f"{texts['d40']}\n{texts['d50']}"))
    assert [match.document for match in both] == ["d50", "d40"]
