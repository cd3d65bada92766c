"""Casualty figures that differ on one happening, kept side by side with who gives them. Nobody decides who is right."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import combinations

from dataset_builder.model import Span
from dataset_builder.release.bias.article import Article
from dataset_builder.release.bias.figure import Toll, Tolls

COUNTED = ("killed", "injured", "displaced")
OUTLET = "outlet"
#: How far "~80" may be from 80 either way, as a share of it.
ABOUT = 0.1

DEFINITION = (
    "Numbers of killed, injured or displaced that are given for one incident (one of a cluster is shared by its "
    "documents), where two of them differ, with the voice that each stands in. They exclude each other where no number "
    "fits both and their victims are the same, or not said for one: '90+' is 90 or more, '100-' is 100 or fewer, '~80' "
    "within a tenth of 80. Even these need not contradict: one may count a part of the toll or be of another day."
)


def bounds(words: str) -> tuple[float, float]:
    """The least and the greatest number that an annotated number stands for.

    >>> [bounds(words) for words in ("12", "90+", "100-", "~80")]
    [(12.0, 12.0), (90.0, inf), (0.0, 100.0), (72.0, 88.0)]
    """
    number = float(words.strip("~+-"))
    if words.startswith("~"):
        return number - ABOUT * number, number + ABOUT * number
    return (0.0 if words.endswith("-") else number), (math.inf if words.endswith("+") else number)


def excludes(one: str, other: str) -> bool:
    """Whether no number fits both.

    >>> excludes("108", "100+"), excludes("108", "92"), excludes("~80", "85")
    (False, True, False)
    """
    (low, high), (least, greatest) = bounds(one), bounds(other)
    return high < least or greatest < low


def tolls(articles: Iterable[Article]) -> tuple[Tolls, ...]:
    """Every incident with differing numbers, by happening, incident and what they count."""
    found: dict[tuple[str, str, str], list[tuple[Article, Span]]] = {}
    for article in articles:
        for trigger in (t for happening in article.happenings for t in happening.triggers):
            incident = trigger.attributes.get("incident")
            for of in COUNTED:
                if incident and of in trigger.attributes:
                    found.setdefault((article.happens_in, incident, of), []).append((article, trigger))
    made = (_tolls(*key, found[key]) for key in sorted(found))
    return tuple(each for each in made if len({toll.words for toll in each.given}) > 1)


def _tolls(where: str, incident: str, of: str, triggers: Sequence[tuple[Article, Span]]) -> Tolls:
    given = tuple(dict.fromkeys(_toll(article, trigger, of) for article, trigger in triggers))
    exclusive = [(a, b) for a, b in combinations(given, 2) if _same_victims(a, b) and excludes(a.words, b.words)]
    voices = any((a.document, a.voice) != (b.document, b.voice) for a, b in exclusive)
    return Tolls(where, incident, triggers[0][1].label, of, given, bool(exclusive), voices)


def _same_victims(one: Toll, other: Toll) -> bool:
    """Whether the two may count the same people: their victims are the same, or those of one are not said."""
    return not one.victims or not other.victims or set(one.victims) == set(other.victims)


def _toll(article: Article, trigger: Span, of: str) -> Toll:
    claim = article.asserting(trigger)
    victims = article.entry.arguments.get((trigger.id, "TARGET"), ())
    return Toll(
        article.document.id,
        article.outlet,
        article.document.published,
        article.speakers[claim.id].actor if claim else OUTLET,
        tuple(dict.fromkeys(article.subject(actor).actor for actor in victims)),
        trigger.attributes[of],
    )
