"""Features of units for a linear-chain CRF: the word in several spellings, its affixes, neighbours, lists it is in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from dataset_builder.baselines import gazetteers
from dataset_builder.baselines.units import Unit
from dataset_builder.errors import UsageError
from dataset_builder.text.characters import QUOTES, is_letter
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


@cache
def forms(word: str) -> tuple[str, ...]:
    """A folded word, and what may be left of it without proclitics, at least three letters.

    >>> forms("وللجزاير")
    ('وللجزاير', 'للجزاير', 'الجزاير')
    """
    found = [word]
    if word[:1] in "وف" and len(word) > 3:
        found.append(word[1:])
    for each in tuple(found):
        if each.startswith("لل") and len(each) > 4:
            found.append("ال" + each[2:])
        elif each[:1] in "بكل" and len(each) > 3:
            found.append(each[1:])
    return tuple(found)


@cache
def lemma(word: str) -> str:
    """The folded lemma of a word as it is written, clitics off; the word's own letters where none is known."""
    try:
        import simplemma
    except ImportError as error:
        raise UsageError("lemmas need simplemma: pip install 'khabar[baselines]'") from error
    letters = "".join(c for c in word if is_letter(c))
    return fold(simplemma.lemmatize(letters, lang="ar")).letters if letters else ""


@cache
def _spelling(word: str) -> tuple[str, ...]:
    """What a folded word's letters say of it."""
    row = [f"p{n}={word[:n]}" for n in (1, 2, 3, 4)] + [f"x{n}={word[-n:]}" for n in (1, 2, 3, 4)]
    bare = forms(word)[-1]
    row += [f"bare={bare}", f"s={stem(bare)}", f"shape={_shape(word)}"]
    row += [f"c={bare[i : i + 3]}" for i in range(len(bare) - 2)]
    return tuple(row)


def lemmas(text: str, found: Sequence[Unit]) -> list[str]:
    """The lemma of each unit; what has no letters stands for itself."""
    return [lemma(text[u.start : u.end]) or text[u.start] for u in found]


def features(text: str, found: Sequence[Unit]) -> list[list[str]]:
    """One list of features a unit, in the order of the units."""
    written = [text[u.start : u.end] for u in found]
    words = [word or mark[0] for word, mark in zip(gazetteers.folded(written), written, strict=True)]
    lemma_of = lemmas(text, found)
    named = gazetteers.marks(words, [forms(word) for word in words])
    quoted = _quoted(text, found)
    starts = {start for start, _ in sentences(text)}
    title = text.find("\n") if "\n" in text else len(text)
    rows = []
    for i, unit in enumerate(found):
        row = ["bias", f"w={words[i]}", f"m={lemma_of[i]}", *_spelling(words[i])]
        row += ["proclitic"] if unit.is_proclitic else []
        row += ["behind proclitic"] if unit.start > unit.word[0] else []
        row += named[i] or ["no name"]
        row += ["quoted"] if quoted[i] else []
        row += ["sentence start"] if unit.start in starts else []
        row += ["title"] if unit.start < title else []
        for step in (-3, -2, -1, 1, 2, 3):
            there = i + step
            if not 0 <= there < len(found):
                row.append(f"w{step}=edge")
                continue
            row.append(f"w{step}={words[there]}")
            if abs(step) < 3:
                row.append(f"m{step}={lemma_of[there]}")
                row += [f"{step} {name}" for name in named[there] or ["no name"]]
            if abs(step) == 1:
                row += [f"{step} {x}" for x in (f"x2={words[there][-2:]}", f"p2={words[there][:2]}")]
        if i:
            row.append(f"w-1,0={words[i - 1]} {words[i]}")
            row += [f"m-1={lemma_of[i - 1]} {name}" for name in named[i]]
        if i + 1 < len(found):
            row.append(f"w0,1={words[i]} {words[i + 1]}")
            row += [f"m1={lemma_of[i + 1]} {name}" for name in named[i]]
        rows.append(row)
    return rows


def _shape(word: str) -> str:
    if word.isdigit():
        return f"digits {min(len(word), 4)}"
    if word.isascii():
        return "ascii"
    return "article" if word.startswith("ال") else "short" if len(word) < 4 else "word"


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
