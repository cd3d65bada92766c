"""Finding a document's windows in a copy, and the documents that a copy is of."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from dataset_builder.anchoring.windows import RollingHash, is_bound, mask, window_digest
from dataset_builder.model import Document, Window
from dataset_builder.text.normalise import Folded, fold

#: A copy is of a document only if it holds at least this share of its letters; a quotation from it holds less.
LEAST_SHARE = 0.25
#: A window that stands this often in a copy (a list, a table, a page of excerpts) has no place there.
MOST_PLACES = 16
#: A bound window with this many letters, some four words, stands nowhere but where somebody repeats it on purpose.
UNLIKELY_BY_CHANCE = 24


class Copy:
    """A text that somebody has and that may be a copy of a referenced one; folded and hashed once, when needed."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def sha256(self) -> str:
        return hashlib.sha256(self.text.encode("utf8", "surrogatepass")).hexdigest()

    @cached_property
    def folded(self) -> Folded:
        return fold(self.text)

    @cached_property
    def folded_sha256(self) -> str:
        return hashlib.sha256(self.folded.letters.encode("utf8", "surrogatepass")).hexdigest()

    @cached_property
    def hashes(self) -> RollingHash:
        return RollingHash(self.folded.letters)


@dataclass(frozen=True, slots=True)
class Match:
    """Where a document's windows stand in a copy.

    `places[i]` is the copy's folded letter where window `i` begins, None where it was not found; `letters` is how many
    of the document's `total` letters lie in found windows; `whole` says that the copy has all of them and no other.
    """

    document: str
    windows: tuple[Window, ...]
    places: tuple[int | None, ...]
    letters: int
    total: int
    whole: bool = False

    def windows_over(self, first: int, end: int) -> tuple[int, ...]:
        """The numbers of the windows that the document's letters first … end - 1 lie in."""
        return tuple(n for n, w in enumerate(self.windows) if w.start < end and first < w.start + w.length)

    def shift(self, first: int, end: int) -> int | None:
        """What to add to get from the document's letters first … end - 1 to the copy's; None where that is unsure."""
        found = {
            None if (place := self.places[n]) is None else place - self.windows[n].start
            for n in self.windows_over(first, end)
        }
        return found.pop() if len(found) == 1 else None


@dataclass(frozen=True, slots=True)
class _Place:
    window: int
    start: int
    end: int


def find(document: Document, copy: Copy) -> Match | None:
    """Where the document's windows stand in `copy`, or None where too little of it does.

    The windows must come in the same order in both; of all such chains the one with most letters is taken. A window
    for which the longest chains disagree counts as not found, so an article that stands twice is not found at all. A
    bound window is looked for last, before the place of the one that guards it.
    """
    total = sum(w.length for w in document.windows)
    if document.folded_sha256 and document.folded_sha256 == copy.folded_sha256:
        starts = tuple(w.start for w in document.windows)
        return Match(document.id, document.windows, starts, total, total, whole=True)
    places: list[int | None] = [None] * len(document.windows)
    for place in _certain(_places(document, copy)):
        places[place.window] = place.start
    for number in reversed(range(len(places) - 1)):
        if is_bound(document.windows[number].length):
            places[number] = _bound_place(document, number, places[number + 1], copy)
    letters = sum(w.length for w, p in zip(document.windows, places, strict=True) if p is not None)
    if letters < LEAST_SHARE * total:
        return None
    return Match(document.id, document.windows, tuple(places), letters, total)


def _bound_place(document: Document, number: int, guard: int | None, copy: Copy) -> int | None:
    """The place of a bound window, of which nothing can be told where its guard was not found.

    Where it stands more than once before the guard, as a title above a page and above the article, it is the one right
    before the guard, or else the nearest; a short one may be there by chance, so for that "nearest" is not enough.
    """
    if guard is None:
        return None
    window, letters = document.windows[number], copy.folded.letters
    bound = letters[guard : guard + document.windows[number + 1].length]
    filters = copy.hashes.of(window.length)[: max(0, guard - window.length + 1)]
    places = [
        start
        for start in np.flatnonzero(filters == int(window.filter, 16) ^ mask(bound)).tolist()
        if window_digest(document.id, letters[start : start + window.length], bound) == window.digest
    ]
    adjacent = bool(places) and places[-1] + window.length == guard
    if len(places) > 1 and not adjacent and window.length < UNLIKELY_BY_CHANCE:
        return None
    return places[-1] if places else None


def _places(document: Document, copy: Copy) -> list[_Place]:
    """Every verified place of every window that is not bound, by window and place."""
    letters = copy.folded.letters
    places = []
    for number, window in enumerate(document.windows):
        if is_bound(window.length):
            continue
        here = [
            _Place(number, start, start + window.length)
            for start in np.flatnonzero(copy.hashes.of(window.length) == int(window.filter, 16)).tolist()
            if window_digest(document.id, letters[start : start + window.length]) == window.digest
        ]
        if len(here) <= MOST_PLACES:
            places.extend(here)
    return places


def _certain(places: list[_Place]) -> list[_Place]:
    """The places that belong to every longest chain (by letters) that increases on both sides."""
    before = _best(places)
    mirrored = [_Place(-p.window, -p.end, -p.start) for p in reversed(places)]
    after = _best(mirrored)[::-1]
    longest = max(before, default=0)
    # In a longest chain a place covers the letters from `low` to `high` of the chain; rivals cover the same letters.
    optimal = [
        (high - (p.end - p.start), high, p)
        for p, high, rest in zip(places, before, after, strict=True)
        if high + rest - (p.end - p.start) == longest
    ]
    return [p for low, high, p in optimal if not any(a < high and low < b and other != p for a, b, other in optimal)]


def _best(places: list[_Place]) -> list[int]:
    """For each place, the letters of the longest chain that ends with it."""
    best: list[int] = []
    for n, p in enumerate(places):
        earlier = (best[m] for m in range(n) if places[m].window < p.window and places[m].end <= p.start)
        best.append(p.end - p.start + max(earlier, default=0))
    return best


class Index:
    """Tells of which documents a copy is, in one pass over the copy however many documents there are."""

    def __init__(self, documents: Iterable[Document]) -> None:
        self._documents = {d.id: d for d in documents if d.windows}
        self._whole: dict[str, list[Document]] = defaultdict(list)
        self._by_length: dict[int, dict[int, list[tuple[str, str]]]] = defaultdict(lambda: defaultdict(list))
        for document in self._documents.values():
            if document.folded_sha256:
                self._whole[document.folded_sha256].append(document)
            for window in document.windows:
                if is_bound(window.length):
                    continue
                self._by_length[window.length][int(window.filter, 16)].append((document.id, window.digest))
        self._filters = {length: _table(entries) for length, entries in self._by_length.items()}

    def recognise(self, copy: Copy) -> tuple[Match, ...]:
        """The documents that `copy` is of, the one with most letters found first; mostly one or none.

        Where the folded letters of the whole agree with a document, no other is looked for.
        """
        if whole := self._whole.get(copy.folded_sha256):
            return tuple(match for document in whole if (match := find(document, copy)))
        matches = (find(self._documents[id], copy) for id in sorted(self._candidates(copy)))
        return tuple(sorted((m for m in matches if m), key=lambda m: (-m.letters, m.document)))

    def _candidates(self, copy: Copy) -> set[str]:
        """The documents of which at least one window, not a bound one, stands in the copy."""
        letters = copy.folded.letters
        found: set[str] = set()
        for length, entries in self._by_length.items():
            filters = copy.hashes.of(length)
            for start in np.flatnonzero(self._filters[length][filters]).tolist():
                stretch = letters[start : start + length]
                found.update(
                    id
                    for id, digest in entries[int(filters[start])]
                    if id not in found and window_digest(id, stretch) == digest
                )
        return found


def _table(entries: Iterable[int]) -> npt.NDArray[np.bool_]:
    table = np.zeros(1 << 16, dtype=np.bool_)
    table[list(entries)] = True
    return table
