"""Regular inflection over folded letters: from the forms in a lexicon list to the forms in a text.

A verb is given as third person masculine singular, perfect and imperfect (قصف، يقصف); a noun as singular and broken
plural. Folding has unified hamza, ى and ة already. Too much is generated on purpose: a form that no writer uses never
matches.
"""

from __future__ import annotations

from collections.abc import Iterator

from dataset_builder.baselines.rules.words import letters_of

_ENCLITICS = ("ه", "ها", "هم", "هما", "نا")
_ON_VERBS = _ENCLITICS


def verb(form: str) -> set[str]:
    """Folded inflected forms of a verb's form.

    >>> {"نفت", "نفوا", "نفاها"} <= verb("نفى"), {"يقصفون", "تقصف", "نقصف"} <= verb("يقصف")
    (True, True)
    """
    base = letters_of(form)
    return set(_imperfect(base) if base.startswith("ي") and len(base) > 3 else _perfect(base))


def _perfect(base: str) -> Iterator[str]:
    bare = {base, f"{base}ت", f"{base}تا", f"{base}ا", f"{base}ن"}
    plural = {f"{base}و"}
    if base[-1] in "يا":  # weak: the last letter falls before endings, and is alif before enclitics
        bare |= {f"{base[:-1]}ت", f"{base[:-1]}تا", f"{base[:-1]}ا"}
        plural.add(f"{base[:-1]}و")
    yield from bare
    yield from (f"{form}ا" for form in plural)
    yield from (form + enclitic for form in {*bare, *plural} for enclitic in _ON_VERBS)


def _imperfect(base: str) -> Iterator[str]:
    stems = {base[1:]} | ({base[1:-1]} if base[-1] in "يوا" else set())
    for person in "يتنا":
        forms = {person + base[1:]} | {person + stem + end for stem in stems for end in ("ون", "ان", "و")}
        yield from forms
        yield from (f"{person}{stem}وا" for stem in stems)
        yield from (form + enclitic for form in forms for enclitic in _ON_VERBS)


def noun(form: str) -> set[str]:
    """Folded inflected forms of a noun's form: article, case, dual, sound plural, enclitics.

    >>> {"الغارات", "غارتين", "غارتهم"} <= noun("غارة"), {"هجوما", "الهجومين"} <= noun("هجوم")
    (True, True)
    """
    base = letters_of(form)
    if base.startswith("ال") and len(base) > 4:
        base = base[2:]
    if base.endswith("ة"):
        stem = base[:-1]
        free = {base, f"{stem}ات", f"{stem}تان", f"{stem}تين"}
        bound = {f"{stem}ت", f"{stem}ات"}
    else:
        free = {base, f"{base}ا", f"{base}ات", f"{base}ان", f"{base}ين", f"{base}ون"}
        bound = {base, f"{base}ات"} | ({f"{base}ي", f"{base}و"} if base.endswith("ا") else set())
    return free | {f"ال{each}" for each in free} | {each + enclitic for each in bound for enclitic in _ENCLITICS}
