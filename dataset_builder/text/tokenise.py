"""Words and sentences with their offsets, and where a span may begin inside a word.

Sentences are an address (sheets number them, rows of the dataset carry them), not a linguistic claim: a line end always
ends one, and so does a full stop, question or exclamation mark before white space.
"""

from __future__ import annotations

from collections.abc import Iterator

from dataset_builder.text.characters import (
    CLOSING_QUOTES,
    INVISIBLE,
    PROCLITICS,
    SENTENCE_ENDS,
    is_letter,
    is_mark,
    is_word,
)

Stretch = tuple[int, int]


def sentences(text: str) -> list[Stretch]:
    """Half-open offsets of the sentences, without the white space between them; together they hold all else.

    >>> text = 'عنوان\\nقال: "لا أعلم." ثم مضى. وعاد؟ نعم 3.5'
    >>> [text[a:b] for a, b in sentences(text)]
    ['عنوان', 'قال: "لا أعلم."', 'ثم مضى.', 'وعاد؟', 'نعم 3.5']
    """
    found: list[Stretch] = []
    start = 0
    for position, character in enumerate(text):
        if character == "\n" or (character.isspace() and _ends_sentence(text, start, position)):
            found.append((start, position))
            start = position + 1
    found.append((start, len(text)))
    return [trimmed for stretch in found if (trimmed := trim(text, *stretch))[0] < trimmed[1]]


def _ends_sentence(text: str, start: int, position: int) -> bool:
    """Whether what stands before `position` ends a sentence: a closing mark, maybe with quotes or brackets after it."""
    last = position - 1
    while last > start and (text[last] in CLOSING_QUOTES or text[last] in ")]"):
        last -= 1
    if last < start or text[last] not in SENTENCE_ENDS:
        return False
    # An initial ("أ. ب") is no sentence end: one letter alone before the full stop.
    return not (text[last] == "." and is_letter(text[last - 1]) and (last - 1 == start or not is_word(text[last - 2])))


def trim(text: str, start: int, end: int) -> Stretch:
    """The stretch without white space and invisible characters at its ends.

    >>> trim("  قسد ", 0, 6)
    (2, 5)
    """
    while start < end and (text[start].isspace() or text[start] in INVISIBLE):
        start += 1
    while start < end and (text[end - 1].isspace() or text[end - 1] in INVISIBLE):
        end -= 1
    return start, end


def tokens(text: str, start: int = 0, end: int | None = None) -> Iterator[Stretch]:
    """Words with their marks, and every other visible character alone. Clitics stay on their word.

    >>> [text[a:b] for text in ['وقالَت: "بحلب" 3.5%'] for a, b in tokens(text)]
    ['وقالَت', ':', '"', 'بحلب', '"', '3.5', '%']
    """
    end = len(text) if end is None else end
    position = start
    while position < end:
        character = text[position]
        after = position + 1
        if is_word(character):
            while after < end and (is_word(text[after]) or _joins_number(text, after, end)):
                after += 1
        if is_word(character) or not (character.isspace() or character in INVISIBLE):
            yield position, after
        position = after


def _joins_number(text: str, position: int, end: int) -> bool:
    """Whether a point or comma stands between two digits."""
    return (
        text[position] in ".,٫٬"
        and position + 1 < end
        and text[position - 1].isdigit()
        and text[position + 1].isdigit()
    )


def word_start(text: str, position: int) -> int:
    """The start of the word that `position` stands in, or `position` itself outside of words."""
    while position > 0 and position < len(text) and is_word(text[position]) and is_word(text[position - 1]):
        position -= 1
    return position


def may_start(text: str, position: int) -> bool:
    """Whether a span may begin here: at a word's start, or behind nothing but proclitics.

    >>> may_start("ولإدلب", 2), may_start("للثوار", 1), may_start("مدينة", 2)
    (True, True, False)
    """
    before = text[word_start(text, position) : position]
    letters = [character for character in before if not is_mark(character)]
    if not letters:
        return True
    # The cut is always after the first ل: what follows it is the article or the word itself.
    return len(letters) <= 3 and set(letters) <= PROCLITICS and "ل" not in letters[:-1]


def may_end(text: str, position: int) -> bool:
    """Whether a span may end here: not inside a word, enclitics stay on it.

    >>> may_end("قصفهم ثم", 3), may_end("قصفهم ثم", 5)
    (False, True)
    """
    return position >= len(text) or position == 0 or not (is_word(text[position]) and is_word(text[position - 1]))
