"""Who speaks: whose claims, whose direct quotes, and whose words fill the contents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from dataset_builder.model import Claim
from dataset_builder.release.bias.article import Article, Subject
from dataset_builder.release.bias.figure import NO_TEXT, Keys, Question, Tally

#: Forms of claims with words of the source's own in quotation marks.
QUOTED = ("direct", "mixed")
LAYERS = ("ACTOR", "CLAIM")

_SPEAKER = (
    "A source is resolved to its entity: a dropped subject through the claim that it continues, a spokesperson without "
    'an id through the actor named in the same words; "no actor" is a document, footage or a source too vague to be '
    "one. A nested claim counts for its own source, beside the claim that "
    "it lies in."
)
_SIDE = (
    "The side is the one that annotations/entities.jsonl gives the entity on the day of publication, and the sides are "
    "those of the Syrian conflict; who has none is counted by role."
)


def _actor(subject: Subject) -> str:
    return subject.actor


def _side(subject: Subject) -> str:
    return subject.side


def _claims(article: Article, of: Callable[[Subject], str], forms: Iterable[str] | None = None) -> Tally:
    parts: Counter[Keys] = Counter()
    wholes: Counter[Keys] = Counter()
    for claim in article.layer.claims:
        if forms is None or claim.form in forms:
            for group in article.groups:
                parts[group, of(article.speakers[claim.id])] += 1
                wholes[group,] += 1
    return Tally(parts, wholes)


def _words(article: Article, of: Callable[[Subject], str]) -> Tally | str:
    return NO_TEXT if article.words is None else _said(article, of, article.words)


def _said(article: Article, of: Callable[[Subject], str], units: Iterable[Claim | None]) -> Tally:
    """Units of text by the speaker of the innermost claim that each stands in."""
    parts: Counter[Keys] = Counter()
    wholes: Counter[Keys] = Counter()
    for claim, number in Counter(claim for claim in units if claim is not None).items():
        for group in article.groups:
            parts[group, of(article.speakers[claim.id])] += number
            wholes[group,] += number
    return Tally(parts, wholes)


def _characters(article: Article, of: Callable[[Subject], str]) -> Tally:
    return _said(article, of, _by_character(article))


def _by_character(article: Article) -> list[Claim | None]:
    """For each code point the innermost claim whose content holds it: needs no text."""
    held: list[Claim | None] = [None] * article.layer.length
    for start, end, claim in reversed(article.contents):
        held[start:end] = [claim] * (end - start)
    return held


def _attributed(article: Article) -> Tally:
    inside = sum(claim is not None for claim in _by_character(article))
    return Tally(
        {(group, "in claims"): inside for group in article.groups},
        {(group,): article.layer.length for group in article.groups},
    )


def _questions(axis: str, of: Callable[[Subject], str], about: str) -> tuple[Question, ...]:
    axes = ("stance", axis)
    words = "each word belongs to the innermost claim that it is said in, so that none counts twice"
    return (
        Question(
            id=f"claims-by-{axis}",
            heading=f"Claims by {axis} of the source",
            definition=f"Claims of a source divided by all claims. {about}",
            unit="claims",
            axes=axes,
            depth=1,
            layers=LAYERS,
            zeros=axis == "side",
            count=lambda article: _claims(article, of),
        ),
        Question(
            id=f"quotes-by-{axis}",
            heading=f"Direct quotes by {axis} of the source",
            definition="Claims with words in quotation marks (form direct or mixed) of a source divided by all such "
            f"claims. {about}",
            unit="direct quotes",
            axes=axes,
            depth=1,
            layers=LAYERS,
            zeros=axis == "side",
            count=lambda article: _claims(article, of, QUOTED),
        ),
        Question(
            id=f"words-by-{axis}",
            heading=f"Words in content by {axis} of the source",
            definition=f"Words in the content of a source's claims divided by all words in contents; {words}. Needs "
            f"the text. {about}",
            unit="words in content",
            axes=axes,
            depth=1,
            layers=LAYERS,
            zeros=axis == "side",
            count=lambda article: _words(article, of),
        ),
        Question(
            id=f"characters-by-{axis}",
            heading=f"Characters in content by {axis} of the source",
            definition="As for words, with code points (spaces and marks included) in the place of words: it is told "
            f"from offsets alone and stands in for words where a text is not at hand. {about}",
            unit="characters in content",
            axes=axes,
            depth=1,
            layers=LAYERS,
            zeros=axis == "side",
            count=lambda article: _characters(article, of),
        ),
    )


QUESTIONS = (
    Question(
        id="attributed",
        heading="How much of the text is attributed",
        definition="Characters (code points) inside the content of any claim divided by all characters of the "
        "document. The rest is the outlet's own voice, sources and cues.",
        unit="characters",
        axes=("stance", "where"),
        depth=1,
        layers=("CLAIM",),
        count=_attributed,
    ),
    *_questions("side", _side, f"{_SPEAKER} {_SIDE}"),
    *_questions("actor", _actor, _SPEAKER),
)
