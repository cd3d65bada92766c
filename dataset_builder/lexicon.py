"""Looking words up in a lexicon list: cues with their factivity, loaded terms with their polarity."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Generic, TypeVar

from dataset_builder.lists import Cue, LoadedTerm
from dataset_builder.text.normalise import fold

Term = TypeVar("Term", Cue, LoadedTerm)


class Lexicon(Generic[Term]):
    """The terms of a list by their forms, whatever the spelling of hamza, ى and ة and with or without marks.

    >>> said = Cue(id="qala", lemma="قال", kind="verb", factivity="neutral", acts=("say",), forms=("قال", "قالت"))
    >>> lexicon = Lexicon([said])
    >>> [found.lemma if (found := lexicon.find(words)) else None for words in ("كان قد قالَت", "رأى")]
    ['قال', None]
    """

    def __init__(self, terms: Iterable[Term]) -> None:
        self._terms: dict[tuple[str, ...], Term] = {form: term for term in terms for form in _forms(term)}
        self._longest = max((len(form) for form in self._terms), default=0)

    def find(self, words: str) -> Term | None:
        """The term that stands in these words, the longest form first and of equals the last (كان قد قال is قال)."""
        folded = _folded(words)
        for length in range(min(len(folded), self._longest), 0, -1):
            for start in range(len(folded) - length, -1, -1):
                if found := self._terms.get(tuple(folded[start : start + length])):
                    return found
        return None


def _forms(term: Cue | LoadedTerm) -> Iterable[tuple[str, ...]]:
    return (tuple(_folded(form)) for form in (term.lemma, *term.forms))


def _folded(words: str) -> Sequence[str]:
    """Folded words; a mark that is a cue of its own, such as a colon, stays as it is."""
    return [fold(word).letters or word for word in re.findall(r"\w[\w\u064b-\u065f\u0670\u0640]*|[^\w\s]", words)]
