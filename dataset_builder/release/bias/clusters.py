"""Each documented event as its versions tell it, side by side: counts only, since one article is no sample."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dataset_builder.release.bias.article import Article, Happening
from dataset_builder.release.bias.figure import ALL, Compared, Comparison, Keys, Question, Tally, Telling
from dataset_builder.release.bias.reading import tally

#: The figures that are compared within a cluster.
COMPARED = (
    "attributed",
    "claims-by-side",
    "quotes-by-side",
    "words-by-side",
    "reply-accused",
    "reply-blamed",
    "cues",
    "loaded-by-side",
    "loaded-acts",
    "agentless-by-target",
    "claimed-by-group",
    "claimed-by-agent",
)


def comparisons(articles: Iterable[Article], questions: Sequence[Question]) -> tuple[Comparison, ...]:
    """One comparison for each cluster that two or more of the documents tell, by id of the cluster."""
    clusters: dict[str, list[Article]] = {}
    for article in articles:
        if article.happens_in in article.terms.clusters:
            clusters.setdefault(article.happens_in, []).append(article)
    chosen = [question for question in questions if question.id in COMPARED]
    return tuple(_comparison(id, clusters[id], chosen) for id in sorted(clusters) if len(clusters[id]) > 1)


def _comparison(id: str, versions: list[Article], questions: Sequence[Question]) -> Comparison:
    versions = sorted(versions, key=lambda article: article.document.id)
    cluster = versions[0].terms.clusters[id]
    return Comparison(
        cluster.id,
        cluster.title,
        cluster.title_ar,
        cluster.date,
        cluster.governorate,
        tuple(article.document.id for article in versions),
        tuple(article.outlet for article in versions),
        tuple(article.stance for article in versions),
        tuple(line for question in questions for line in _lines(question, versions)),
        _tellings(versions),
    )


def _lines(question: Question, versions: Sequence[Article]) -> Iterable[Compared]:
    """The rows of a figure over all outlets, with what each version adds to them."""
    found = [tally(question, article) for article in versions]
    if any(isinstance(each, str) for each in found):
        return
    tallies = [each for each in found if isinstance(each, Tally)]
    keys = sorted(
        {key for each in tallies for key in each.parts if key[0] == ALL}
        # A part that none has is 0 of what it is a part of.
        | {whole + tail for each in tallies for whole in each.wholes if whole[0] == ALL for tail in question.parts}
    )
    for key in keys:
        yield Compared(
            question.id,
            key[1:],
            tuple(each.parts.get(key, 0) for each in tallies),
            tuple(each.wholes.get(key[: question.depth], 0) for each in tallies),
        )


def _tellings(versions: Sequence[Article]) -> tuple[Telling, ...]:
    """Every incident that has an id, in the order in which the versions first tell it."""
    by_version = [{h.incident: h for h in article.happenings if _has_id(h)} for article in versions]
    incidents = dict.fromkeys(incident for happenings in by_version for incident in happenings)
    return tuple(_telling(incident, by_version, versions) for incident in incidents)


def _has_id(happening: Happening) -> bool:
    return happening.triggers[0].attributes.get("incident") == happening.incident


def _telling(incident: str, by_version: list[dict[str, Happening]], versions: Sequence[Article]) -> Telling:
    found = [happenings.get(incident) for happenings in by_version]
    there = [happening for happening in found if happening is not None]
    return Telling(
        incident,
        there[0].code,
        any(happening.is_violent for happening in there),
        tuple("" if h is None else "fact" if h.is_fact else "claimed" for h in found),
        tuple(_sources(h, article) if h else () for h, article in zip(found, versions, strict=True)),
    )


def _sources(happening: Happening, article: Article) -> Keys:
    return tuple(dict.fromkeys(article.speakers[claim.id].actor for claim in happening.claims))
