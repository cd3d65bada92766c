"""Told as fact or only claimed: whether the outlet tells an event in its own voice, or leaves it to a source."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from dataset_builder.release.bias.article import NO_AGENT, Article, Happening
from dataset_builder.release.bias.figure import ALL, Keys, Question, Tally

FACT, CLAIMED = "told as fact", "only claimed"
VERBAL, NOT_VERBAL = "VERBAL", "all but VERBAL"


def _told(article: Article, about: Callable[[Article, Happening], set[str]], violent: bool) -> Tally:
    parts: Counter[Keys] = Counter()
    wholes: Counter[Keys] = Counter()
    for happening in article.happenings:
        if violent and not happening.is_violent:
            continue
        for group in article.groups:
            for of in about(article, happening):
                wholes[group, of] += 1
                parts[group, of, FACT if happening.is_fact else CLAIMED] += 1
    return Tally(parts, wholes)


def _group(article: Article, happening: Happening) -> set[str]:
    group = article.terms.groups[happening.code]
    return {group} if group == VERBAL else {group, NOT_VERBAL}


def _agent_side(article: Article, happening: Happening) -> set[str]:
    return ({article.subject(agent).side for agent in happening.agents} or {NO_AGENT}) | {ALL}


_DEFINITION = (
    "Events of which every trigger lies inside the content of a claim (one that denies them, too), divided by all "
    "events that are told as having happened. An event is told as fact where one of its triggers stands in the "
    "outlet's own voice, in the headline too; one that is told in more places is therefore told as fact more often. An "
    "event is an incident of one document with all its triggers."
)
QUESTIONS = (
    Question(
        id="claimed-by-group",
        heading="Events only claimed and events told as fact, by event group",
        definition=f"{_DEFINITION} VERBAL events (he condemned, she denied) are mostly the reporting itself.",
        unit="events",
        axes=("stance", "event group", "told"),
        depth=2,
        layers=("EVENT", "CLAIM"),
        count=lambda article: _told(article, _group, violent=False),
        zeros=True,
        parts=((FACT,), (CLAIMED,)),
    ),
    Question(
        id="claimed-by-agent",
        heading="Violence only claimed and violence told as fact, by side of the agent",
        definition=f"{_DEFINITION} Only violent events; one with agents of two sides counts for each.",
        unit="violent events",
        axes=("stance", "side of the agent", "told"),
        depth=2,
        layers=("ACTOR", "EVENT", "CLAIM"),
        count=lambda article: _told(article, _agent_side, violent=True),
        zeros=True,
        parts=((FACT,), (CLAIMED,)),
    ),
)
