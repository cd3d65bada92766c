"""A span's anchor: made where the text is at hand, looked up again in a copy of it."""

from __future__ import annotations

import hashlib
import hmac

import numpy as np

from dataset_builder.anchoring.edges import Sign, letter_end, mirrored, only_run, signs, taken, written
from dataset_builder.anchoring.search import Copy, Match
from dataset_builder.anchoring.windows import is_bound
from dataset_builder.model import Anchor, Window
from dataset_builder.text.normalise import Folded

NOT_THERE = "has letters that the copy does not have in the same places"


class LostError(Exception):
    """A span has no certain place in a copy; the message says why, in words that continue "the span …"."""


def make_anchor(document_id: str, windows: tuple[Window, ...], copy: Copy, start: int, end: int) -> Anchor:
    """The anchor of the span start … end - 1 of the document's own text, of which `copy` is an exact one.

    Raises LostError where looking the anchor up in the very same text would not give the span back, as with ends that
    cut a letter from its marks, or that have white space.
    """
    text, view = copy.text, copy.folded
    first, stop = (int(n) for n in np.searchsorted(view.index, [start, end]))
    if first < stop:
        before = written(text[start : int(view.index[first])])
        after = written(text[letter_end(text, int(view.index[stop - 1])) : end])
    else:
        before, after = written(text[start:end]), ""
    bare = Anchor(first, stop - first, before, after, "")
    places = tuple(w.start for w in windows)
    itself = Match(document_id, windows, places, len(view.letters), len(view.letters), whole=True)
    if locate(bare, itself, copy) != (start, end):
        raise LostError("does not begin and end where a word or a sign of punctuation does")
    return Anchor(first, stop - first, before, after, digest(bare, itself, view))


def digest(anchor: Anchor, match: Match, view: Folded) -> str:
    """Six hex of an HMAC over the anchor, keyed by the letters of the windows that it touches, in the copy `view`.

    Who has not all of these letters can neither compute it nor confirm a guess of a span's words with it. A bound
    window brings the one that guards it, or a span in a title would confirm a guess of the title. Raises LostError
    where a window was not found.
    """
    numbers = set(match.windows_over(*_reach(anchor, match.total)))
    numbers |= {n + 1 for n in numbers if is_bound(match.windows[n].length)}
    letters = []
    for number in sorted(numbers):
        place = match.places[number]
        if place is None:
            raise LostError(NOT_THERE)
        letters.append(view.letters[place : place + match.windows[number].length])
    key = hashlib.sha256("\n".join(["key", *letters]).encode()).digest()
    message = f"{match.document}\n{anchor.first}\n{anchor.letters}\n{anchor.before}\n{anchor.after}"
    return hmac.digest(key, message.encode(), "sha256")[:3].hex()


def _reach(anchor: Anchor, total: int) -> tuple[int, int]:
    """The letters that must be certain for a span: its own, or the two neighbours of one that has none."""
    if anchor.letters:
        return anchor.first, anchor.first + anchor.letters
    return max(0, anchor.first - 1), min(total, anchor.first + 1)


def locate(anchor: Anchor, match: Match, copy: Copy) -> tuple[int, int]:
    """Where the span stands in the copy: half-open code points. Raises LostError where that is not certain."""
    first, end = _reach(anchor, match.total)
    if not 0 <= anchor.first <= anchor.first + anchor.letters <= match.total:
        raise LostError(f"has letters {first} to {end}, and the document has {match.total}")
    shift = match.shift(first, end)
    if shift is None:
        raise LostError(NOT_THERE)
    if not anchor.letters:
        run = only_run(_wanted_after(anchor.before), _gap(copy, anchor.first + shift))
        if run is None:
            raise LostError(f"is the sign {anchor.before!r}, which the copy does not have just once in its place")
        return run
    reach = (max(0, first - 1) if anchor.before else first, min(match.total, end + 1) if anchor.after else end)
    if match.shift(*reach) is None:
        raise LostError("has punctuation at an end, and the copy has another word beside it")
    return _start(anchor, copy, first + shift), _end(anchor, copy, end + shift)


def _start(anchor: Anchor, copy: Copy, letter: int) -> int:
    index = copy.folded.index
    if letter and index[letter - 1] == index[letter]:
        raise LostError("begins inside a ligature of the copy")
    gap = mirrored(_gap(copy, letter)) if anchor.before else []
    count = taken(mirrored(signs(f"{anchor.before}ا", 0, len(anchor.before))), gap)
    if count is None:
        raise LostError(f"begins with {anchor.before!r}, and the copy's punctuation there can be read in two ways")
    return gap[count - 1].start if count else int(index[letter])


def _end(anchor: Anchor, copy: Copy, letter: int) -> int:
    index = copy.folded.index
    if letter < len(index) and index[letter - 1] == index[letter]:
        raise LostError("ends inside a ligature of the copy")
    gap = _gap(copy, letter) if anchor.after else []
    count = taken(_wanted_after(anchor.after), gap)
    if count is None:
        raise LostError(f"ends with {anchor.after!r}, and the copy's punctuation there can be read in two ways")
    return gap[count - 1].end if count else letter_end(copy.text, int(index[letter - 1]))


def _wanted_after(edge: str) -> list[Sign]:
    return signs(f"ا{edge}", 1, len(edge) + 1)


def _gap(copy: Copy, letter: int) -> list[Sign]:
    """The signs between the copy's folded letters `letter` - 1 and `letter`, or from a letter to the text's end."""
    index, text = copy.folded.index, copy.text
    start = letter_end(text, int(index[letter - 1])) if letter else 0
    end = int(index[letter]) if letter < len(index) else len(text)
    return signs(text, start, end)
