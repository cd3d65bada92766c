"""LOCATION: names from GeoNames and the list, and class words with the name behind them (معبر باب الهوى)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from dataset_builder.baselines import gazetteers
from dataset_builder.baselines.gazetteers import Record
from dataset_builder.baselines.rules.found import Found, Spans, made
from dataset_builder.baselines.rules.grammar import (
    COMPASS,
    DIRECTIONS,
    FUNCTION,
    NAME_BEGINNINGS,
    NO_PLACES,
    PLACING,
    SONS,
    is_relation,
)
from dataset_builder.baselines.rules.phrases import Match, Phrases
from dataset_builder.baselines.rules.words import Words, letters_of
from dataset_builder.lists import PlaceWord

#: Inhabitants from which on a name behind a preposition is a place, and is one wherever it stands.
LARGE, FAMOUS = 100_000, 1_000_000
#: Countries whose smaller places conflict news names too, by two-letter code.
_REGION = frozenset(
    [
        "SY",
        "IQ",
        "LB",
        "JO",
        "PS",
        "IL",
        "TR",
        "IR",
        "YE",
        "SA",
        "AE",
        "QA",
        "BH",
        "KW",
        "OM",
        "EG",
        "LY",
        "SD",
        "TN",
        "DZ",
        "MA",
    ]
)
_SMALL = 15_000


@dataclass(frozen=True)
class Name:
    """A name of a place: its label, and its GeoNames record where there is one; `sure` needs nothing beside it."""

    label: str
    record: Record | None = None
    sure: bool = False


class Places:
    """Finds places. `ordinary` are folded words that mean something else."""

    def __init__(self, classes: Mapping[str, PlaceWord], ordinary: Collection[str]) -> None:
        self._names = Phrases(_names(classes))
        kinds = [word for word in classes.values() if not word.whole]
        self._classes = Phrases(((letters_of(form),), word) for word in kinds for form in word.forms)
        bare = {letters_of(form) for word in kinds for form in word.forms}
        self._ordinary = {*ordinary, *bare, *(f"ال{each}" for each in bare), *NO_PLACES}

    def find(self, words: Words, taken: Collection[int]) -> Spans:
        """Places whose first word is not in `taken`.

        A name that is surely a place somewhere in the text is one everywhere in it.
        """
        spans, sure = Spans(), self._sure(words, taken)
        at = 0
        while at < len(words):
            found = None if at in taken else self._classed(words, at) or self._named(words, at, spans, sure)
            if found:
                spans.add(found)
            at = found.last if found else at + 1
        return spans

    def _sure(self, words: Words, taken: Collection[int]) -> set[str]:
        """Letters of names that stand behind a class word somewhere, or are large and behind a preposition."""
        found = set()
        for at in range(len(words)):
            name = None if at in taken else self._names.find(words, at)
            if name and self._stands_as_place(words, name):
                found.add(_letters(words, name))
        return found

    def _stands_as_place(self, words: Words, name: Match[Name]) -> bool:
        record = name.value.record
        if record is None or record.kind == "COUNTRY" or self._is_ordinary(words, name):
            return False
        before = words[name.first - 1] if name.first else None
        same = before is not None and before.sentence == words[name.first].sentence and not name.before
        if before and same and any(cut.letters in _OF_SETTLEMENTS for cut in before.cuts):
            return True
        if record.population < (_SMALL if record.country in _REGION else LARGE):
            return False
        return self._is_placed(words, name)

    def _named(self, words: Words, at: int, spans: Spans, sure: set[str]) -> Found | None:
        name = self._names.find(words, at)
        if name is None or name.before.strip("وفبلك"):
            return None
        record = name.value.record
        if not (name.value.sure or (record and record.kind == "COUNTRY")):
            letters = _letters(words, name)
            if letters not in sure and not (
                record and record.population >= FAMOUS and not self._is_ordinary(words, name)
            ):
                beside = "و" in name.before and spans.ending(name.first) is not None
                if not (beside and record and record.country in _REGION and not self._is_ordinary(words, name)):
                    return None
        return _made(words, name.value.label, name.start, name.last, record)

    def _is_ordinary(self, words: Words, name: Match[Name]) -> bool:
        """Whether a single word means something else as well."""
        letters = _letters(words, name)
        return name.last - name.first == 1 and (
            letters in self._ordinary or letters in FUNCTION or len(letters) < 3 or is_relation(letters)
        )

    @staticmethod
    def _is_placed(words: Words, name: Match[Name]) -> bool:
        """Whether a preposition or a word for a part of a country stands before."""
        if name.before:
            return name.before.endswith("ب")
        before = words[name.first - 1] if name.first else None
        if before is None or before.sentence != words[name.first].sentence:
            return False
        return any(cut.letters in PLACING for cut in before.cuts)

    def _classed(self, words: Words, at: int) -> Found | None:
        """A class word and the name behind it."""
        kind = self._classes.find(words, at)
        end = words.limits[at][1]
        if kind is None or at + 1 >= end or words.text[words[at].start : words[at].start + 2] == "وأ":
            return None
        compass = words[at + 1].letters in COMPASS and kind.value.id in _COMPASS_IDS
        first = at + 2 if compass and at + 2 < end else at + 1
        name = self._names.find(words, first)
        if kind.value.id in _COMPASS_IDS:
            country = name and not name.before and name.value.label == "COUNTRY"
            return _made(words, "REGION", kind.start, name.last, None) if name and country else None
        if name and not name.before and (name.value.record or name.value.sure):
            last, record = name.last, name.value.record
        else:
            last, record = self._unknown_name(words, first), None
            if not last:
                return None
        if kind.value.label in ("FACILITY", "REGION") or record is None:
            last = self._adjective(words, last, end)
        return _made(words, kind.value.label, kind.start, last, record)

    @staticmethod
    def _adjective(words: Words, last: int, end: int) -> int:
        """The end behind an adjective that belongs to the name: المعبر الحدودي, الريف الشرقي."""
        if last < end:
            word = words[last].letters
            if word in DIRECTIONS or (word.startswith("ال") and is_relation(word[2:])):
                return last + 1
        return last

    def _unknown_name(self, words: Words, at: int) -> int:
        """The end of the name that begins at a word, or 0: one word, with what a bare word governs or أبو begins."""
        most, word, written = words.limits[at][1], words[at].letters, words.text[words[at].start : words[at].end]
        begins = word in NAME_BEGINNINGS
        if words[at].is_mark or word[0].isdigit() or (not begins and (word in FUNCTION or len(word) < 3)):
            return 0
        definite = word.startswith("ال")
        if not definite and (
            is_relation(word) or written.endswith(("ة", "اً", "ًا")) or word.startswith(("لل", "وال", "بال"))
        ):
            return 0
        last = at + 1
        if begins and last < most and not words[last].is_mark:
            last += 1
        elif not definite and last < most and words[last].letters.startswith("ال"):
            behind = words[last].letters
            last += behind not in FUNCTION and not is_relation(behind[2:])
        if last + 1 < most and words[last].letters in SONS:
            last += 2
        return last


_COMPASS_IDS = frozenset({"shamal", "janub", "sharq", "gharb", "sahil"})
_OF_SETTLEMENTS = frozenset(
    letters_of(word) for word in ["مدينة", "بلدة", "قرية", "محافظة", "ريف", "ناحية", "حي", "أهالي", "سكان"]
)


def _names(classes: Mapping[str, PlaceWord]) -> Iterator[tuple[tuple[str, ...], Name]]:
    """Names with a record before names of the list, so that an id is kept where there is one."""
    listed = {
        tuple(map(letters_of, form.split())): word for word in classes.values() if word.whole for form in word.forms
    }
    for written, record in gazetteers.records().items():
        letters = tuple(letters_of(word) for word in written.split())
        if (word := listed.get(letters)) is not None:
            yield letters, Name(word.label, record, True)
        elif all(letters):
            yield letters, Name(record.kind, record)
    yield from ((letters, Name(word.label, None, True)) for letters, word in listed.items())


def _letters(words: Words, name: Match[Name]) -> str:
    head = next(cut.letters for cut in words[name.first].cuts if cut.start == name.start)
    return " ".join([head, *words.said(name.first + 1, name.last)])


def _made(words: Words, label: str, start: int, last: int, record: Record | None) -> Found:
    return made(words, "LOCATION", label, start, last, geonames=record.id if record else "")
