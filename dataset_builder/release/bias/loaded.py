"""Loaded terms by whom they colour, in the outlet's own voice or inside somebody's claim."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

from dataset_builder.model import Span
from dataset_builder.release.bias.article import NO_AGENT, Article, Subject
from dataset_builder.release.bias.figure import NO_TEXT, Keys, Question, Tally

LAYERS = ("ACTOR", "CLAIM", "FRAME")
OWN, CLAIMED = "outlet", "claim"
UNLISTED = "not in the list"

_DERIVED = (
    "The voice is derived: what stands inside the content of a claim is that claim's (quoted or reported), all else is "
    "the outlet's own."
)
_NOTHING_TO_DIVIDE_BY = "one in a document without any of these has nothing to be a rate of, and is not counted."


def _voice(article: Article, span: Span) -> str:
    return CLAIMED if article.asserting(span) else OWN


def _coloured(article: Article, layer: str) -> Iterator[tuple[Span, Span]]:
    """Each loaded term with each actor or event that it is about."""
    for term in article.layer.of("FRAME"):
        for target in article.entry.arguments.get((term.id, "ABOUT"), ()):
            if target.layer == layer:
                yield term, target


def _actors(article: Article, name: Callable[[Subject], str]) -> Tally:
    parts: Counter[Keys] = Counter()
    wholes: Counter[Keys] = Counter()
    for group in article.groups:
        for actor in article.layer.of("ACTOR"):
            wholes[group, name(article.subject(actor)), _voice(article, actor)] += 1
        for term, target in _coloured(article, "ACTOR"):
            parts[group, name(article.subject(target)), _voice(article, term), term.label] += 1
    return Tally(parts, wholes)


def _acts(article: Article) -> Tally:
    parts: Counter[Keys] = Counter()
    wholes: Counter[Keys] = Counter()
    for group in article.groups:
        for event in article.layer.of("EVENT"):
            for side in _agent_sides(article, event):
                wholes[group, side, _voice(article, event)] += 1
        for term, target in _coloured(article, "EVENT"):
            for side in _agent_sides(article, target):
                parts[group, side, _voice(article, term), term.label] += 1
    return Tally(parts, wholes)


def _agent_sides(article: Article, event: Span) -> set[str]:
    """Sides of the agents of an event's incident: arguments stand on its first trigger only."""
    agents = article.agents.get(event.attributes.get("incident") or event.id, ())
    return {article.subject(agent).side for agent in agents} or {NO_AGENT}


def _lemmas(article: Article) -> Tally | str:
    # Only of texts that the project may publish: words of the others stay out of every result.
    if article.entry.text is None or not article.document.is_included:
        return NO_TEXT
    parts: Counter[Keys] = Counter()
    wholes: Counter[Keys] = Counter()
    for term, target in _coloured(article, "ACTOR"):
        listed = article.terms.loaded_terms.find(article.entry.text[term.start : term.end])
        side, voice = article.subject(target).side, _voice(article, term)
        for group in article.groups:
            parts[group, side, voice, listed.lemma if listed else UNLISTED] += 1
            wholes[group, side, voice] += 1
    return Tally(parts, wholes)


QUESTIONS = (
    Question(
        id="loaded-by-side",
        heading="Loaded terms by side of the actor that they colour",
        definition="Loaded terms of one polarity about actors of a side, per 100 mentions of that side's actors in the "
        f"same voice; {_NOTHING_TO_DIVIDE_BY} A term about two actors counts for each. Who is only called by a noun "
        f"(الإرهابيين) has no id and so no side: read the rows of sides beside those by role. {_DERIVED}",
        unit="mentions",
        axes=("stance", "side", "voice", "polarity"),
        depth=3,
        layers=LAYERS,
        count=lambda article: _actors(article, lambda subject: subject.side),
        kind="rate",
        zeros=True,
        parts=(("DELEGITIMISING",), ("LEGITIMISING",), ("VICTIM",), ("EUPHEMISM",)),
    ),
    Question(
        id="loaded-by-actor",
        heading="Loaded terms by actor that they colour",
        definition=f"As by side, for each actor. {_DERIVED}",
        unit="mentions",
        axes=("stance", "actor", "voice", "polarity"),
        depth=3,
        layers=LAYERS,
        count=lambda article: _actors(article, lambda subject: subject.actor),
        kind="rate",
    ),
    Question(
        id="loaded-acts",
        heading="Loaded terms about acts, by side of the agent",
        definition="Loaded terms of one polarity about events, per 100 event triggers in the same voice of "
        f"incidents with an agent of that side; {_NOTHING_TO_DIVIDE_BY} {_DERIVED}",
        unit="triggers",
        axes=("stance", "side of the agent", "voice", "polarity"),
        depth=3,
        layers=("ACTOR", "EVENT", "CLAIM", "FRAME"),
        count=_acts,
        kind="rate",
        zeros=True,
        parts=(("DELEGITIMISING",), ("LEGITIMISING",), ("VICTIM",), ("EUPHEMISM",)),
    ),
    Question(
        id="loaded-terms",
        heading="Which terms",
        definition="Loaded terms about a side's actors by lemma in annotations/lexicon/frames.jsonl, divided by all of "
        "that side and voice. Only texts that the repository holds.",
        unit="loaded terms",
        axes=("stance", "side", "voice", "lemma"),
        depth=3,
        layers=LAYERS,
        count=_lemmas,
    ),
)
