"""Right of reply: of the actors that a document accuses, how many speak in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from dataset_builder.model import Claim, Layer, Span
from dataset_builder.release.bias.article import Article, is_side
from dataset_builder.release.bias.figure import ALL, Keys, Question, Tally
from dataset_builder.release.bias.speakers import QUOTED

LAYERS = ("ACTOR", "EVENT", "CLAIM")

ITSELF, DIRECTLY, ITS_SIDE = "is a source", "is quoted directly", "it or its side is a source"

_ANSWER = (
    "It answers where it is the source of a claim anywhere in the document (nested claims included, whatever the claim "
    'says); it is quoted directly where such a claim has words in quotation marks; "its side" counts also a claim of '
    "another actor on its side, such as a spokesperson. Only actors with an id can be followed through a document; "
    "accused actors without one are left out. Whether a claim answers the accusation is not annotated."
)


def accused(article: Article) -> dict[str, str]:
    """The entities that are accused in a document, with their sides.

    The TARGET of an accusing event, and the AGENT of a violent event inside an accusing claim; not who accuses itself.
    Who would be accused, or was not, is not accused: of events only what is told as having happened counts.
    """
    counted = article.terms.counted
    found: dict[str, str] = {}
    for happening in article.happenings:
        if any(trigger.label in counted.accusing_codes for trigger in happening.triggers):
            _add(found, article, happening.targets, {article.subject(agent).id for agent in happening.agents})
        around = _with_parents(happening.claims, article.layer)
        accusing = [claim for claim in around if claim.act in counted.accusing_acts]
        if happening.is_violent and accusing:
            _add(found, article, happening.agents, {article.speakers[claim.id].id for claim in accusing})
    return found


def blamed(article: Article) -> dict[str, str]:
    """The entities that are the AGENT of a violent happening in a document, with their sides.

    One that only its own claims tell of is left out: who claims responsibility is not accused.
    """
    found: dict[str, str] = {}
    for happening in article.happenings:
        tellers = {article.speakers[claim.id].id for claim in happening.claims}
        if happening.is_violent:
            alone = tellers if len(tellers) == 1 and not happening.is_fact else set()
            _add(found, article, happening.agents, alone)
    return found


def _with_parents(claims: Iterable[Claim], layer: Layer) -> list[Claim]:
    """The claims and all those that they lie in, each once."""
    by_id = {claim.id: claim for claim in layer.claims}
    found: dict[str, Claim] = {}
    waiting = list(claims)
    while waiting:
        claim = waiting.pop()
        if claim.id not in found:
            found[claim.id] = claim
            waiting += [by_id[claim.parent]] if claim.parent in by_id else []
    return list(found.values())


def _add(found: dict[str, str], article: Article, actors: Iterable[Span], but: set[str]) -> None:
    """Put the actors that have an id, and are not among those left out, into `found`."""
    for subject in map(article.subject, actors):
        if subject.id and subject.id not in but:
            found.setdefault(subject.id, subject.side)


def _replies(article: Article, who: Callable[[Article], dict[str, str]]) -> Tally:
    sources = [(article.speakers[claim.id], claim.form) for claim in article.layer.claims]
    heard = {subject.id for subject, _ in sources}
    direct = {subject.id for subject, form in sources if form in QUOTED}
    sides = {subject.side for subject, _ in sources if subject.id}
    parts: Counter[Keys] = Counter()
    wholes: Counter[Keys] = Counter()
    for id, side in who(article).items():
        answers = {
            ITSELF: id in heard,
            DIRECTLY: id in direct,
            ITS_SIDE: id in heard or (is_side(side) and side in sides),
        }
        for group in article.groups:
            for of in (ALL, side):
                wholes[group, of] += 1
                parts.update((group, of, answer) for answer, holds in answers.items() if holds)
    return Tally(parts, wholes)


QUESTIONS = (
    Question(
        id="reply-accused",
        heading="Right of reply: accused actors that are heard",
        definition="Accused actors of a document that answer in it, divided by its accused actors; one actor counts "
        "once a document. Accused is the target of an ACCUSE or CONDEMN event, and the agent of a violent event inside "
        "a claim that accuses or condemns, unless it speaks there itself. Only events that are told as having happened "
        "count: who may be condemned tomorrow, or was not accused, is not accused (an attack that somebody denies is "
        f"told as having happened, inside the denial). {_ANSWER}",
        unit="accused actors",
        axes=("stance", "side of the accused", "answer"),
        depth=2,
        layers=LAYERS,
        count=lambda article: _replies(article, accused),
        zeros=True,
        parts=((ITSELF,), (DIRECTLY,), (ITS_SIDE,)),
    ),
    Question(
        id="reply-blamed",
        heading="Right of reply: actors named as agents of violence that are heard",
        definition="Agents of violence that answer in a document, divided by its agents of violence; one actor counts "
        "once a document. They are the agents of violent events that are told as having happened, by the outlet or by "
        f"anybody but that actor alone. {_ANSWER}",
        unit="agents of violence",
        axes=("stance", "side of the agent", "answer"),
        depth=2,
        layers=LAYERS,
        count=lambda article: _replies(article, blamed),
        zeros=True,
        parts=((ITSELF,), (DIRECTLY,), (ITS_SIDE,)),
    ),
)
