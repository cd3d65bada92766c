"""Outlet concentration: whose articles these are, and how far few outlets or stances make up the whole."""

from __future__ import annotations

from collections.abc import Iterable

from dataset_builder.release.bias.article import Article
from dataset_builder.release.bias.figure import Figure, Question, Tally

HERFINDAHL = (
    "Hirschman 1945, National Power and the Structure of Foreign Trade; Herfindahl 1950, Concentration in the Steel "
    "Industry"
)
#: What is said of an outlet or stance with more than this share of the documents or words.
HALF = 0.5


def _documents(article: Article) -> Tally:
    names = {"outlet": article.outlet, "stance": article.stance}
    return Tally(dict.fromkeys(names.items(), 1), {(of,): 1 for of in names})


def _words(article: Article) -> Tally:
    words = article.document.words
    names = {"outlet": article.outlet, "stance": article.stance}
    return Tally(dict.fromkeys(names.items(), words), {(of,): words for of in names})


QUESTIONS = (
    Question(
        id="outlets",
        heading="Documents by outlet and by stance",
        definition="Documents of an outlet, or of all outlets of one stance, divided by all documents. The stance is "
        "the one that annotations/outlets.jsonl gives the outlet.",
        unit="documents",
        axes=("of", "name"),
        depth=1,
        layers=(),
        count=_documents,
    ),
    Question(
        id="outlet-words",
        heading="Words by outlet and by stance",
        definition="Words of an outlet's documents, or of all outlets of one stance, divided by the words of all "
        "documents. Words are stretches between white space, as the manifest counts them.",
        unit="words",
        axes=("of", "name"),
        depth=1,
        layers=(),
        count=_words,
    ),
    Question(
        id="concentration",
        heading="Concentration of outlets and of stances",
        definition="Herfindahl index: the sum of the squared shares of documents. It is 1 where all are one outlet's "
        "and 1/k where k outlets have as many each; 1 divided by it is the number of equal outlets that would be as "
        "concentrated. A drawn sample of n documents is on average (1 - index)/n more concentrated than what it is "
        "drawn from, so the interval leans upward by as much.",
        reference=HERFINDAHL,
        unit="documents",
        axes=("of",),
        depth=1,
        layers=(),
        count=_documents,
        kind="index",
    ),
)


def warnings(figures: Iterable[Figure]) -> tuple[str, ...]:
    """A sentence for each outlet and stance that has more than half of the documents or words."""
    return tuple(
        f"{100 * row.part / row.whole:.1f} % of the {figure.question.unit} are of one {row.keys[0]}, {row.keys[1]}: "
        f"figures over all of them say what that {row.keys[0]} does"
        for figure in figures
        if figure.question.id in ("outlets", "outlet-words")
        for row in figure.rows
        if row.part > HALF * row.whole
    )
