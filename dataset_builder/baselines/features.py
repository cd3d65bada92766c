"""Features of units for a linear-chain CRF: the word in several spellings, its affixes, neighbours, lists it is in."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dataset_builder.baselines import gazetteers
from dataset_builder.baselines.units import Unit
from dataset_builder.text.characters import QUOTES
from dataset_builder.text.normalise import fold
from dataset_builder.text.tokenise import sentences

_SUFFIX = re.compile("(?<=..)(يه|ات|ون|ين|ان|ها|هم|نا|وا|ه|ي|ت)$")
_ARTICLE = re.compile("^ال(?=..)")


def stem(word: str) -> str:
    """A folded word without article and one common suffix.

    >>> stem("القوات"), stem("اعلنت")
    ('قو', 'اعلن')
    """
    return _SUFFIX.sub("", _ARTICLE.sub("", word))


def features(text: str, found: Sequence[Unit]) -> list[list[str]]:
    """One list of features a unit, in the order of the units."""
    words = [fold(text[u.start : u.end]).letters or text[u.start] for u in found]
    stems = [stem(word) for word in words]
    places = _places(words)
    quoted = _quoted(text, found)
    starts = {start for start, _ in sentences(text)}
    title = text.find("\n") if "\n" in text else len(text)
    rows = []
    for i, unit in enumerate(found):
        row = ["bias", f"w={words[i]}", f"s={stems[i]}", f"shape={_shape(words[i])}"]
        row += [f"p{n}={words[i][:n]}" for n in (2, 3)] + [f"x{n}={words[i][-n:]}" for n in (1, 2, 3)]
        row += ["proclitic"] if unit.is_proclitic else []
        row += ["behind proclitic"] if unit.start > unit.word[0] else []
        row += [f"place={places[i]}"] if places[i] else []
        row += ["quoted"] if quoted[i] else []
        row += ["sentence start"] if unit.start in starts else []
        row += ["title"] if unit.start < title else []
        for step in (-3, -2, -1, 1, 2, 3):
            there = i + step
            near = words[there] if 0 <= there < len(found) else "edge"
            row.append(f"w{step}={near}")
            if abs(step) < 3 and 0 <= there < len(found):
                row.append(f"s{step}={stems[there]}")
                row += [f"place{step}={places[there]}"] if places[there] else []
        if i:
            row.append(f"w-1,0={words[i - 1]} {words[i]}")
        if i + 1 < len(found):
            row.append(f"w0,1={words[i]} {words[i + 1]}")
        rows.append(row)
    return rows


def _shape(word: str) -> str:
    if word.isdigit():
        return f"digits {min(len(word), 4)}"
    if word.isascii():
        return "ascii"
    return "article" if word.startswith("ال") else "short" if len(word) < 4 else "word"


def _places(words: Sequence[str]) -> list[str]:
    """For each unit whether it begins (B-) or goes on (I-) a name of a place."""
    names = gazetteers.places()
    found = [""] * len(words)
    position = 0
    while position < len(words):
        match = gazetteers.longest(names, words, position)
        length, kind = match or (1, "")
        if match:
            found[position : position + length] = [f"B-{kind}", *[f"I-{kind}"] * (length - 1)]
        position += length
    return found


def _quoted(text: str, found: Sequence[Unit]) -> list[bool]:
    """Whether each unit stands behind an odd number of quotation marks of its sentence."""
    inside, marks = [], 0
    for unit in found:
        if "\n" in text[unit.start - 1 : unit.start]:
            marks = 0
        if text[unit.start] in QUOTES:
            marks += 1
        inside.append(marks % 2 == 1)
    return inside
