"""Cues in a text, with negation and auxiliary, as one phrase with وفق ما or كما before a verb."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from dataset_builder.baselines.rules.grammar import AUXILIARY, NEGATION, PREPOSITIONS
from dataset_builder.baselines.rules.morphology import verb
from dataset_builder.baselines.rules.phrases import Match, Phrases
from dataset_builder.baselines.rules.words import Words, letters_of
from dataset_builder.lists import Cue

#: What makes a phrase of a verb of saying that stands behind what is said, alone or before ما: كما قال، وفق ما قال.
_AS, _BEFORE_WHAT = frozenset({"كما", "حسبما"}), frozenset({"وفق", "حسب", "بحسب", "وفقا", "علي"})
_WHAT = frozenset({"ما", "لما"})
#: Acts that a negated cue still does: who does not rule out says something (لم يستبعد), لم يؤكد says nothing.
_NEGATED = frozenset({"deny", "reject", "predict", "believe"})


#: Cues whose forms are everyday words too; they count only at the beginning of a clause (وتابع، ورد).
_CLAUSE_INITIAL = frozenset({"tabaa", "radda", "arada-show", "hammala", "raddada", "mushtabah"})


#: Forms of cues that are another verb mostly: تبيّن "became clear".
_OTHER_WORDS = frozenset({"تبين", "يبدو"})


@dataclass(frozen=True)
class Anchor:
    """A cue in a text: its offsets, its words, the proclitics cut off before it, and whether a subject was its own.

    `governs` is whether it governs its source as a preposition does (بحسب X، كما قال X).
    """

    cue: Cue
    start: int
    end: int
    first: int
    last: int
    before: str
    governs: bool
    head: str

    @property
    def kind(self) -> str:
        return "preposition" if self.governs else self.cue.kind

    def takes(self, complement: str) -> bool:
        return complement in self.cue.complements


class CueFinder:
    """Finds the cues of the lexicon that say how they take their content."""

    def __init__(self, cues: Iterable[Cue]) -> None:
        kept = sorted((cue for cue in cues if cue.complements), key=lambda cue: cue.id)
        self._phrases = Phrases(entry for cue in kept for entry in _forms(cue))

    def words(self) -> frozenset[str]:
        """Every single-word form."""
        return frozenset(self._phrases.single())

    def find(self, words: Words, at: int) -> Anchor | None:
        """The cue that begins in a word, None where none does or its negation takes the saying away."""
        if words[at].letters in _AS or words[at].letters.removeprefix("و") in _AS:
            return self._phrase(words, at, at + 1)
        if at + 2 < len(words) and words[at + 1].letters in _WHAT:
            found = self._phrase(words, at, at + 2) if any(c.letters in _BEFORE_WHAT for c in words[at].cuts) else None
            if found:
                return found
        match = self._phrases.find(words, at)
        if match is None:
            return None
        return self._anchor(words, match)

    def _phrase(self, words: Words, at: int, verb_at: int) -> Anchor | None:
        """كما, حسبما, وفق ما and the verb behind it, as one cue that governs its source."""
        match = self._phrases.find(words, verb_at) if verb_at < words.limits[at][1] else None
        if match is None or match.value.kind != "verb" or match.before:
            return None
        cut = next(c for c in words[at].cuts if c.letters in _AS | _BEFORE_WHAT)
        return Anchor(match.value, cut.start, match.end, at, match.last, cut.before, True, words[verb_at].letters)

    def _anchor(self, words: Words, match: Match[Cue]) -> Anchor | None:
        cue, first, start, before = match.value, match.first, match.start, match.before
        if cue.kind in ("verb", "participle") and before.strip("وفس"):
            return None
        if cue.id in _CLAUSE_INITIAL and not before and match.first > words.limits[match.first][0]:
            return None
        if cue.kind == "verb" and not before:
            begin = words.limits[first][0]
            while first > begin and _is_before_verb(words, first - 1):
                first -= 1
                cut = next(c for c in words[first].cuts if c.letters in NEGATION | AUXILIARY)
                start, before = cut.start, cut.before
                if before:
                    break
        negated = any(w.letters in NEGATION or w.letters[1:] in NEGATION for w in words.all[first : match.first])
        if negated and cue.acts[0] not in _NEGATED:
            return None
        head = next((c.letters for c in words[match.first].cuts if c.start == match.start), "")
        return Anchor(cue, start, match.end, first, match.last, before, "source" in cue.complements, head)


def _is_before_verb(words: Words, at: int) -> bool:
    """Whether a word is a negation or auxiliary; ما only where no preposition makes it a relative."""
    return any(
        c.letters in NEGATION | AUXILIARY and c.letters != "ما" and not c.before.strip("وف") for c in words[at].cuts
    )


def _forms(cue: Cue) -> Iterator[tuple[tuple[str, ...], Cue]]:
    forms = {tuple(w for word in form.split() if (w := letters_of(word) or word)) for form in cue.forms}
    if cue.kind == "verb":
        singles = [form for form in cue.forms if " " not in form]
        imperfect = next((form for form in singles if form.startswith("ي")), "")
        for form in {singles[0] if singles else "", imperfect} - {""}:
            if letters_of(form) not in PREPOSITIONS:  # بين is a preposition, whatever its marks
                forms |= {(each,) for each in verb(form) if form == singles[0] or each[0] in "يت"}
        forms = {form for form in forms if form[0] not in PREPOSITIONS | _OTHER_WORDS}
    yield from ((form, cue) for form in sorted(forms))
