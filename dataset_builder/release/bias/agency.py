"""Agentless violence: violent events that nobody does, by whom they hit."""

from __future__ import annotations

from collections import Counter

from dataset_builder.release.bias.article import NO_AGENT, Article, Happening
from dataset_builder.release.bias.figure import ALL, Keys, Question, Tally

UNIDENTIFIED, NAMED = "an unidentified agent", "an agent"
NO_TARGET = "no target given"
LAYERS = ("ACTOR", "EVENT")


def agency(happening: Happening) -> str:
    """Whether somebody does it: an agent, only agents that the text leaves unknown, or nobody."""
    if not happening.agents:
        return NO_AGENT
    return UNIDENTIFIED if all(agent.label == "UNIDENTIFIED" for agent in happening.agents) else NAMED


def _violence(article: Article, by_group: bool) -> Tally:
    parts: Counter[Keys] = Counter()
    wholes: Counter[Keys] = Counter()
    for happening in article.happenings:
        if not happening.is_violent:
            continue
        targets = {article.subject(target).side for target in happening.targets} or {NO_TARGET}
        about = {article.terms.groups[happening.code]} if by_group else targets
        for group in article.groups:
            for of in about | {ALL}:
                wholes[group, of] += 1
                parts[group, of, agency(happening)] += 1
    return Tally(parts, wholes)


_DEFINITION = (
    "Violent events without an AGENT divided by all violent events that are told as having happened; beside them those "
    "whose only agent the text leaves unknown (مسلحون مجهولون). An event is an incident of one document with all its "
    "triggers, so that an agent named once counts for all of them; an agent is also one that only an adjective names "
    "(غارة أمريكية). "
)
QUESTIONS = (
    Question(
        id="agentless-by-target",
        heading="Violence without an agent, by side of the target",
        definition=f"{_DEFINITION}An event with targets of two sides counts for each. Where fighting has no target "
        "given, both parties may stand as agents.",
        reference="What is violence: ACLED Codebook (political violence)",
        unit="violent events",
        axes=("stance", "side of the target", "agent"),
        depth=2,
        layers=LAYERS,
        count=lambda article: _violence(article, by_group=False),
        zeros=True,
        parts=((NO_AGENT,), (UNIDENTIFIED,), (NAMED,)),
    ),
    Question(
        id="agentless-by-group",
        heading="Violence without an agent, by event group",
        definition=f"{_DEFINITION}The group is that of the incident's first violent trigger. Mines and clashes often "
        "have no agent to name.",
        reference="What is violence: ACLED Codebook (political violence)",
        unit="violent events",
        axes=("stance", "event group", "agent"),
        depth=2,
        layers=LAYERS,
        count=lambda article: _violence(article, by_group=True),
        zeros=True,
        parts=((NO_AGENT,), (UNIDENTIFIED,), (NAMED,)),
    ),
)
