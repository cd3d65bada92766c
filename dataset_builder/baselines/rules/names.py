"""Names of actors from the entity list, last names alone, and adjectives of nationality."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from dataset_builder.baselines.gazetteers import country_names
from dataset_builder.baselines.rules.found import Found, made
from dataset_builder.baselines.rules.grammar import ADJECTIVE_ENDINGS, is_relation
from dataset_builder.baselines.rules.phrases import Match
from dataset_builder.baselines.rules.words import Words, letters_of
from dataset_builder.lists import Entity


@dataclass(frozen=True)
class Named:
    """What a name stands for."""

    entity: str
    label: str


def nationalities() -> frozenset[str]:
    """Folded adjectives of relation to countries, made from the countries' names (سوريا: سوري).

    >>> {"سوري", "روسي", "عراقي", "ايراني", "سعودي", "اسراييلي"} <= nationalities()
    True
    """
    found = {"امريكي", "اميركي", "بريطاني", "سعودي", "اماراتي", "مغربي", "فلسطيني", "كردي", "تركي"}
    for name in country_names().values():
        words = name.split()
        if len(words) == 1:
            stem = letters_of(name).removeprefix("ال")
            for end in ("يا", "ا", "ة"):
                stem = stem.removesuffix(end) if len(stem) > 4 else stem
            found.add(f"{stem}ي" if not stem.endswith("ي") else stem)
    return frozenset(found)


def made_name(words: Words, name: Match[Named]) -> Found:
    value = name.value
    return made(
        words, "ACTOR", value.label, name.start, name.last, first=name.first, mention="name", entity=value.entity
    )


def names_of(entities: Iterable[Entity]) -> Iterator[tuple[tuple[str, ...], Named]]:
    """Every name and alias, folded; the type is the first, for a text says no date."""
    for entity in entities:
        named = Named(entity.id, entity.types[0].value)
        for name in (entity.name_ar, *entity.aliases):
            letters = tuple(w for w in (letters_of(word) for word in name.split()) if w)
            if len(letters) > 1 or (letters and len(letters[0]) > 2):
                yield letters, named


def last_names(entities: Iterable[Entity], ordinary: Collection[str]) -> dict[str, str]:
    """Last names that one person of the list alone has and that are no other word, with that person's id."""
    found: dict[str, list[str]] = {}
    for entity in entities:
        words = entity.name_ar.split()
        if entity.types[0].value == "PERSON" and len(words) > 1:
            found.setdefault(letters_of(words[-1]), []).append(entity.id)
    return {
        name: ids[0]
        for name, ids in found.items()
        if len(ids) == 1
        and len(name) > 4
        and not name.startswith("ال")
        and name not in ordinary
        and not is_relation(name)
    }


def stems_of(word: str, known: frozenset[str]) -> Iterator[str]:
    for end in ("", *ADJECTIVE_ENDINGS, "ة", "ا", "ين", "ون"):
        stem = word.removesuffix(end) if end else word
        if stem in known:
            yield stem
