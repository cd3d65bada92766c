"""FRAME: loaded terms outside of names, about the actor or event that they stand with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from dataset_builder.baselines.rules.found import Found, Spans, made
from dataset_builder.baselines.rules.phrases import Phrases
from dataset_builder.baselines.rules.words import Words, letters_of
from dataset_builder.lists import LoadedTerm

_FAR = 6
#: Terms of the list that mostly are plain words: tools, casualties, a murderer, exceeding, a name.
_PLAIN = frozenset(
    {
        "adah",
        "dahiyya",
        "qatil",
        "taaddin",
        "ghazi",
        "bari",
        "amil",
        "tajawuzat",
        "mukhalafat",
        "injaz",
        "wajiha",
        "azal",
    }
)


@dataclass(frozen=True)
class Frame:
    """A loaded term and what it colours."""

    found: Found
    about: tuple[Found, ...]


class Frames:
    """Finds loaded terms."""

    def __init__(self, terms: Iterable[LoadedTerm]) -> None:
        self._phrases = Phrases(_forms(term for term in terms if term.id not in _PLAIN))

    def words(self) -> frozenset[str]:
        return frozenset(self._phrases.single())

    def find(self, words: Words, actors: Spans, events: Sequence[Found]) -> list[Frame]:
        """Terms that are no part of a name and have something near that they are about."""
        named = {i for f in actors.all if f.is_name and f.last - f.first > 1 for i in range(f.first, f.last)}
        found = []
        for match in self._phrases.within(words, 0, len(words)):
            if match.first in named or match.before.strip("وفبلكس"):
                continue
            term = made(words, "FRAME", match.value.label, match.start, match.last, first=match.first)
            if about := _about(words, term, match.value, actors, events):
                found.append(Frame(term, about))
        return found


def _about(words: Words, term: Found, value: LoadedTerm, actors: Spans, events: Sequence[Found]) -> tuple[Found, ...]:
    """The actor or event that the term lies in, stands with, or is nearest to in its sentence."""
    limits = words.limits[term.first]
    wanted: list[Found] = []
    if value.about != "EVENT":
        wanted += actors.between(*limits)
    if value.about != "ACTOR":
        wanted += [f for f in events if limits[0] <= f.first < limits[1]]
    near = [f for f in wanted if _gap(f, term) <= _FAR]
    best = min(near, key=lambda f: (_gap(f, term), f.first < term.first, f.end - f.start, f.start), default=None)
    return (best,) if best else ()


def _gap(one: Found, other: Found) -> int:
    """Words between two, 0 or less where they touch or overlap."""
    return max(max(one.first, other.first) - min(one.last, other.last), 0)


def _forms(terms: Iterable[LoadedTerm]) -> Iterator[tuple[tuple[str, ...], LoadedTerm]]:
    for term in sorted(terms, key=lambda t: t.id):
        forms = [
            form for form in (term.lemma, *term.forms) if f"ا{form}" not in term.forms
        ]  # ل|لثوار is cut by `Words`
        for form in forms:
            yield tuple(w for w in (letters_of(word) for word in form.split()) if w), term
