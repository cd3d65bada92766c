"""From the words that a model quotes to offsets, where it quotes them almost as they stand.

The same words are sought first; then the same letters, whatever the diacritics, tatweel, hamza forms, invisible marks,
punctuation and quotation marks; then with the article or proclitics written otherwise. What is not found that way is
nowhere: a near match would be a guess.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property

from dataset_builder.anchoring.edges import letter_end, mirrored, shape, signs, taken, written
from dataset_builder.formats.sheet.quotes import occurrences
from dataset_builder.text.characters import PROCLITICS
from dataset_builder.text.normalise import Folded, fold
from dataset_builder.text.tokenise import Stretch, may_end, may_start, trim, word_start

#: Folded endings that a model leaves off a word: pronouns.
ENCLITICS = frozenset(("ه", "ها", "هم", "هن", "هما", "ك", "كم", "كن", "كما", "ي", "ني", "نا"))
_ELLIPSIS = re.compile(r"\s*(?:…|\.{3,})\s*")
#: Letters of the words before a quote that must agree before they say anything.
_ENOUGH = 4


class Ground:
    """The stretch of a text, `start` to `end` in code points, in which quotes are sought."""

    def __init__(self, text: str, start: int, end: int) -> None:
        self.text, self.start, self.end = text, start, end

    @cached_property
    def _view(self) -> Folded:
        return fold(self.text[self.start : self.end])

    def place(self, quote: str, before: str, used: set[Stretch]) -> Stretch | None:
        """Where the quote stands, of several places the one that `before` stands before, else the first that is not
        in `used`, one with the very same characters first; None where it stands nowhere.

        >>> text = "قال قائدٌ إن قَسد انسحبت، وقال قائد قسد"
        >>> ground = Ground(text, 0, len(text))
        >>> ground.place("قسد", "", set()), ground.place("قسد", "قائد إن", set()), ground.place("قسد", "", {(36, 39)})
        ((36, 39), (13, 17), (13, 17))
        >>> ground.place("قائد", "", {(4, 9)}), ground.place("الجيش", "", set())
        ((31, 35), None)
        """
        places = self.places(quote)
        agree = {place: self._agreement(before, place) for place in places}
        return min(places, key=lambda p: (-agree[p], p in used, self.text[slice(*p)] != quote, p), default=None)

    def places(self, quote: str) -> list[Stretch]:
        """Every place of the quote, by the first way of looking that finds any."""
        quote = quote[slice(*trim(quote, 0, len(quote)))]
        if not quote:
            return []
        whole, _ = occurrences(self.text, quote, self.start, self.end)
        # With other letters only where these stand nowhere: an altered spelling is another word more often than not.
        alike = self._folded(quote, altered=not whole)
        return whole + [p for p in alike if not any(a < p[1] and p[0] < b for a, b in whole)] or self._elided(quote)

    def _agreement(self, before: str, place: Stretch) -> int:
        """How many letters before the place are those of `before`, from the right; 0 where they are too few."""
        wanted = fold(before).letters
        found = fold(self.text[max(0, place[0] - 2 * len(before) - 20) : place[0]]).letters
        count = 0
        while count < min(len(wanted), len(found)) and wanted[-1 - count] == found[-1 - count]:
            count += 1
        return count if count >= min(_ENOUGH, len(wanted)) else 0

    def _folded(self, quote: str, altered: bool) -> list[Stretch]:
        view = fold(quote)
        if not view.letters:
            return [
                (i, i + 1)
                for i in range(self.start, self.end)
                if len(quote) == 1 and shape(self.text[i]) == shape(quote)
            ]
        edges = written(quote[: view.index[0]]), written(quote[letter_end(quote, int(view.index[-1])) :])
        for letters in spellings(view.letters) if altered else [view.letters]:
            if found := list(self._spelt(letters, edges)):
                return found
        return []

    def _spelt(self, letters: str, edges: tuple[str, str]) -> Iterator[Stretch]:
        index, offset = self._view.index, self.start
        at = self._view.letters.find(letters)
        while at >= 0:
            last = at + len(letters) - 1
            start = offset + int(index[at])
            end = self._behind_enclitic(letter_end(self.text, offset + int(index[last])))
            if may_start(self.text, start) and end is not None:
                yield self._with_edges((start, end), edges)
            at = self._view.letters.find(letters, at + 1)

    def _behind_enclitic(self, end: int) -> int | None:
        """The end of the word where a quote ends in it, or behind a pronoun that it leaves off; else None."""
        if may_end(self.text, end):
            return end
        stop = end
        while not may_end(self.text, stop):
            stop += 1
        return stop if fold(self.text[end:stop]).letters in ENCLITICS else None

    def _with_edges(self, place: Stretch, edges: tuple[str, str]) -> Stretch:
        """With the quotation marks, in any shape, that the quote begins and ends with."""
        start, end = place
        gap_start, gap_end = self._gap(start, -1), self._gap(end, 1)
        left = mirrored(signs(self.text, gap_start, start))
        right = signs(self.text, end, gap_end)
        before = taken(mirrored(signs(f"{edges[0]}ا", 0, len(edges[0]))), left) if edges[0] else 0
        after = taken(signs(f"ا{edges[1]}", 1, len(edges[1]) + 1), right) if edges[1] else 0
        return left[before - 1].start if before else start, right[after - 1].end if after else end

    def _gap(self, position: int, step: int) -> int:
        """How far from a position no letter stands, in one direction."""
        while self.start < position < self.end and not fold(self.text[position - (step < 0)]).letters:
            position += step
        return position

    def _elided(self, quote: str) -> list[Stretch]:
        """Places of "first words … last words": from each beginning to the first ending behind it."""
        parts = [part for part in _ELLIPSIS.split(quote) if part]
        if len(parts) < 2:
            return []
        ends = self.places(parts[-1])
        found = []
        for begin in self.places(parts[0]):
            end = next((e for e in ends if e[0] >= begin[1]), None)
            if end:
                found.append((begin[0], end[1]))
        return found


def spellings(letters: str) -> list[str]:
    """Folded letters as they are, then as the text may have them: the article behind ل, one proclitic less.

    >>> spellings(fold("الأمم").letters), spellings(fold("للثوار").letters)
    (['الامم', 'لامم'], ['للثوار', 'الثوار', 'لثوار', 'ثوار'])
    """
    found = [letters]
    if letters.startswith("ال") and len(letters) > 3:
        found.append(f"ل{letters[2:]}")
    if letters.startswith("لل") and len(letters) > 3:
        found.append(f"ا{letters[1:]}")
    for count in (1, 2):
        if len(letters) >= count + 3 and set(letters[:count]) <= PROCLITICS:
            found.append(letters[count:])
    return list(dict.fromkeys(found))


def words_before(text: str, start: int, floor: int = 0, count: int = 3) -> str:
    """The few words before a place, down to `floor`, with what the word holds that the place begins in.

    >>> words_before("ثم قال الجيش إنه ودع البلدة", 18)
    'قال الجيش إنه و'
    """
    inside = text[max(floor, word_start(text, start)) : start] if start < len(text) else ""
    words = text[floor : start - len(inside)].split()[-count:]
    return " ".join([*words, inside]).strip()


def without(place: Stretch, holes: Sequence[Stretch], text: str) -> list[Stretch]:
    """What is left of a place when others are cut out of it, without white space and stray signs at the cuts.

    >>> without((0, 15), [(0, 3)], "قال إن الحي خلا")
    [(4, 15)]
    """
    left = [place]
    for a, b in holes:
        left = [
            piece
            for start, end in left
            for piece in ([(start, min(end, a)), (max(start, b), end)] if a < end and start < b else [(start, end)])
            if piece[0] < piece[1]
        ]
    if left == [place]:
        return left
    pieces = [trim(text, *piece) for piece in left]
    return [piece for piece in pieces if fold(text[slice(*piece)]).letters]
