"""Folding: a view of a text that keeps only its letters and digits, and maps back.

Two copies of an article differ in white space, punctuation, quotation marks, diacritics and hamza spelling; their
folded views are equal. The text itself is never changed. Published hashes are taken over folded letters, so a change
of what folding does invalidates every referenced text's windows: it needs a new schema version.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from dataset_builder.text.characters import is_letter

#: Spellings that writers mix freely. A bare hamza goes too: it comes and goes in word-final ء.
VARIANTS = str.maketrans(
    {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ئ": "ي", "ی": "ي", "ؤ": "و", "ة": "ه", "ک": "ك", "ء": ""}
)


@dataclass(frozen=True)
class Folded:
    """`letters` is the folded text; `index[i]` is the code point in the original that the letter `i` came from."""

    letters: str
    index: npt.NDArray[np.int32]


@cache
def _fold_character(character: str) -> str:
    """What one code point leaves behind: usually one letter or none, a ligature several."""
    kept = []
    # Compatibility decomposition, so that a letter with its mark in one code point folds like the two code points.
    for piece in unicodedata.normalize("NFKD", character):
        if unicodedata.decimal(piece, -1) >= 0:
            kept.append(str(unicodedata.decimal(piece)))
        elif is_letter(piece):
            kept.append(unicodedata.normalize("NFKD", piece.casefold()).translate(VARIANTS))
    return "".join(k for k in "".join(kept) if is_letter(k))


def fold(text: str) -> Folded:
    """The folded view of `text`, with the map back.

    >>> view = fold("«قُسِّد»، إلى ٢٠٢٤")
    >>> view.letters
    'قسدالي2024'
    >>> [int(i) for i in view.index[:4]]
    [1, 3, 6, 10]
    """
    letters: list[str] = []
    index: list[int] = []
    for position, character in enumerate(text):
        folded = _fold_character(character)
        if folded:
            letters.append(folded)
            index.extend([position] * len(folded))
    return Folded("".join(letters), np.asarray(index, dtype=np.int32))
