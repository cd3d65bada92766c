"""Windows: what is published of a referenced text, so that a copy of it can be recognised and its words not guessed.

A short hash of a word is the word: a list of words finds it. A window has 96 letters or more, so a guess must be right
for some 17 words at once and gets no credit for a part. Windows share no letter, so that one that was solved opens no
other. A title is shorter (half of all news titles have less than 40 letters, some seven words), and a good guesser
could try all likely ones; so its hashes are made from the letters of the window after it too. Whoever has a
copy has these; whoever guesses must guess both at once.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from dataset_builder.errors import KhabarError
from dataset_builder.model import Window
from dataset_builder.text.normalise import Folded, fold

#: Letters of a body window; the last one also takes the rest and so has up to 191.
WINDOW = 96
#: A title with fewer letters may stand by chance in a line above the article, so it joins the body's first window.
SHORTEST_TITLE = 12
_PRIME = 2**31 - 1
_BASE = 1_000_003


def folded_sha256(text: str) -> str:
    """SHA-256 (64 hex) of the text's folded letters: equal for copies that differ in no letter.

    >>> folded_sha256("«إلى» الأمام!") == folded_sha256("الى الأَمام")
    True
    """
    return hashlib.sha256(fold(text).letters.encode()).hexdigest()


def make_windows(document_id: str, text: str) -> tuple[Window, ...]:
    """The windows of a canonical text (title, LF, body), in order and without gap; offsets count folded letters.

    Raises KhabarError where the text has fewer letters than one window: what is that short could be guessed.

    >>> [(w.start, w.length) for w in make_windows("d1", "ا" * 30 + "\\n" + "ب" * 230)]
    [(0, 30), (30, 96), (126, 134)]
    """
    view = fold(text)
    total = len(view.letters)
    if total < WINDOW:
        raise KhabarError(
            f"{document_id}: the text has {total} letters and digits; a referenced text needs {WINDOW} or more, "
            "since a shorter one could be guessed from its hashes; include its text or leave it out"
        )
    starts = _starts(_title_letters(text, view), total)
    ends = [*starts[1:], total]
    hashes = RollingHash(view.letters)
    windows = []
    for start, end, after in zip(starts, ends, [*ends[1:], total], strict=True):
        letters = view.letters[start:end]
        bound = view.letters[end:after] if is_bound(end - start) else ""
        plain = int(hashes.of(end - start)[start])
        windows.append(
            Window(start, end - start, f"{plain ^ mask(bound):04x}", window_digest(document_id, letters, bound))
        )
    return tuple(windows)


def is_bound(length: int) -> bool:
    """Whether a window of so many letters is too short to stand alone, so that the next one's letters guard it."""
    return length < WINDOW


def _title_letters(text: str, view: Folded) -> int:
    """How many folded letters the title has; 0 where there is none that can stand alone."""
    line_end = text.find("\n")
    letters = int(np.searchsorted(view.index, line_end)) if line_end >= 0 else 0
    body = len(view.letters) - letters
    return letters if SHORTEST_TITLE <= letters < WINDOW <= body else 0


def _starts(title: int, total: int) -> list[int]:
    body = [title + WINDOW * n for n in range((total - title) // WINDOW)]
    return [0, *body] if title else body


def window_digest(document_id: str, letters: str, bound: str = "") -> str:
    """64 bits of SHA-256 over document id and folded letters, as 16 hex; the id keeps one table from serving all.

    `bound` are the letters of the window after it where the window is a bound one, else empty.
    """
    return hashlib.sha256("\n".join([document_id, letters, *filter(None, [bound])]).encode()).hexdigest()[:16]


def mask(bound: str) -> int:
    """16 bits that hide a bound window's filter from those who do not have the letters of the window after it."""
    return int.from_bytes(hashlib.sha256(f"filter\n{bound}".encode()).digest()[:2], "big") if bound else 0


class RollingHash:
    """Hashes of all stretches of one length in a folded text, computed at once.

    A stretch c0 … c(n-1) of code points has the value sum((ci + 1) * 1000003**i) modulo 2**31 - 1, and its low 16 bits
    are the published filter. It rules out all but one in 65,536 places, so that few need a SHA-256.
    """

    def __init__(self, letters: str) -> None:
        codes = np.frombuffer(letters.encode("utf-32-le"), dtype=np.uint32).astype(np.uint64) + np.uint64(1)
        self._powers, self._inverses = (table[: len(codes) + 1] for table in _powers(_room(len(codes) + 1)))
        self._sums = np.zeros(len(codes) + 1, dtype=np.uint64)
        np.cumsum(codes * self._powers[: len(codes)] % np.uint64(_PRIME), out=self._sums[1:])

    def of(self, length: int) -> npt.NDArray[np.uint16]:
        """The filter of every stretch of `length` letters, by its first letter; empty where the text is shorter.

        >>> RollingHash("abcabc").of(3)[[0, 3]].tolist() == RollingHash("xabc").of(3)[[1, 1]].tolist()
        True
        """
        places = len(self._sums) - length
        if places <= 0:
            return np.zeros(0, dtype=np.uint16)
        values = (self._sums[length:] - self._sums[:places]) % np.uint64(_PRIME)
        values = values * self._inverses[:places] % np.uint64(_PRIME)
        return (values & np.uint64(0xFFFF)).astype(np.uint16)


def _room(wanted: int) -> int:
    """The next power of two, so that texts of all lengths share a few tables."""
    return 1 << max(10, (wanted - 1).bit_length())


@lru_cache(maxsize=4)
def _powers(room: int) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint64]]:
    return _powers_of(_BASE, room), _powers_of(pow(_BASE, -1, _PRIME), room)


def _powers_of(base: int, room: int) -> npt.NDArray[np.uint64]:
    """base**0 … base**(room - 1) modulo the prime, by doubling; `room` is a power of two."""
    table = np.ones(1, dtype=np.uint64)
    while len(table) < room:
        table = np.concatenate([table, table * np.uint64(pow(base, len(table), _PRIME)) % np.uint64(_PRIME)])
    return table
