"""Coverage: which years, governorates, countries and event groups the documents are about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from dataset_builder.release.bias.article import Article
from dataset_builder.release.bias.figure import Keys, Question, Tally

UNKNOWN = "not known"


def _each(article: Article, names: Iterable[str]) -> Tally:
    """The document counts once for each name."""
    kept = set(names)
    return Tally(
        {(group, name): 1 for group in article.groups for name in kept}, {(group,): 1 for group in article.groups}
    )


def _year(article: Article) -> Tally:
    return _each(article, [article.document.published[:4] or UNKNOWN])


def _month(article: Article) -> Tally:
    published = article.document.published[:7]
    return _each(article, [published if len(published) == 7 else UNKNOWN])


def _governorate(article: Article) -> Tally | str:
    cluster = article.terms.clusters.get(article.document.cluster)
    return _with_missing(article, [cluster.governorate]) if cluster else "it is on no event of clusters.jsonl"


def _with_missing(article: Article, names: Iterable[str]) -> Tally:
    """As `_each`, with the governorates that are not among the names as 0."""
    found = _each(article, names)
    missing = {(group, name): 0 for group in article.groups for name in article.terms.counted.governorates}
    return Tally(missing | dict(found.parts), found.wholes)


def _places(article: Article) -> list[str]:
    return [place.attributes.get("geonames", "") for place in article.layer.of("LOCATION")]


def _mentioned(article: Article) -> Tally:
    known = (article.terms.places[id] for id in _places(article) if id in article.terms.places)
    return _with_missing(article, [place.governorate for place in known if place.governorate])


def _country(article: Article) -> Tally:
    known = (article.terms.places[id] for id in _places(article) if id in article.terms.places)
    return _each(article, [place.country for place in known])


def _group(article: Article) -> Tally:
    parts: Counter[Keys] = Counter()
    wholes: Counter[Keys] = Counter()
    for happening in article.happenings:
        for stance in article.groups:
            parts[stance, article.terms.groups[happening.code]] += 1
            wholes[stance,] += 1
    return Tally(parts, wholes)


_PLACES = (
    "Only places with a GeoNames id in annotations/places.jsonl count; villages, governorates and regions by name "
    "mostly have none, so this is a lower bound."
)
QUESTIONS = (
    Question(
        id="years",
        heading="Documents by year of publication",
        definition="Documents published in a year divided by all documents.",
        unit="documents",
        axes=("stance", "year"),
        depth=1,
        layers=(),
        count=_year,
        zeros=True,
    ),
    Question(
        id="months",
        heading="Documents by month of publication",
        definition="Documents published in a month divided by all documents; months without any have no row.",
        unit="documents",
        axes=("stance", "month"),
        depth=1,
        layers=(),
        count=_month,
    ),
    Question(
        id="governorates",
        heading="Documents by governorate of their event",
        definition="Documents on events in a governorate divided by all documents; the event's is the one in "
        "annotations/clusters.jsonl, which only composed documents have.",
        unit="documents",
        axes=("stance", "governorate"),
        depth=1,
        layers=(),
        count=_governorate,
    ),
    Question(
        id="governorates-mentioned",
        heading="Documents by Syrian governorate of the places that they mention",
        definition=f"Documents with a place in a governorate divided by all documents. {_PLACES}",
        unit="documents",
        axes=("stance", "governorate"),
        depth=1,
        layers=("LOCATION",),
        count=_mentioned,
    ),
    Question(
        id="countries-mentioned",
        heading="Documents by country of the places that they mention",
        definition=f"Documents with a place in a country divided by all documents. {_PLACES}",
        unit="documents",
        axes=("stance", "country"),
        depth=1,
        layers=("LOCATION",),
        count=_country,
    ),
    Question(
        id="event-groups",
        heading="Events by group",
        definition="Events of a group divided by all events that are told as having happened. An event is an incident "
        "of one document with all its triggers.",
        unit="events",
        axes=("stance", "event group"),
        depth=1,
        layers=("EVENT",),
        count=_group,
        zeros=True,
    ),
)
