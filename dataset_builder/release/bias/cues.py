"""Cues by factivity: whether the outlet endorses, acknowledges or keeps away from what each side's sources say."""

from __future__ import annotations

from collections import Counter

from dataset_builder.model import Claim
from dataset_builder.release.bias.article import Article
from dataset_builder.release.bias.figure import ALL, NO_TEXT, Keys, Question, Tally

NEGATED, UNLISTED = "negated", "not in the list"


def factivity(article: Article, claim: Claim) -> str | None:
    """How the claim's cue places its content; None for a claim without a cue, or whose words are not at hand.

    "endorsing", "neutral", "distancing", "negated" where the cue begins with a negation, or "not in the list".
    """
    if claim.cue is None or article.entry.text is None:
        return None
    cue_span = article.layer.span(claim.cue)
    words = article.entry.text[cue_span.start : cue_span.end]
    if words.split()[0] in article.terms.counted.negations:
        return NEGATED
    cue = article.terms.cues.find(words)
    return cue.factivity if cue else UNLISTED


def _cues(article: Article) -> Tally | str:
    if article.entry.text is None:
        return NO_TEXT
    parts: Counter[Keys] = Counter()
    wholes: Counter[Keys] = Counter()
    for claim in article.layer.claims:
        kind = factivity(article, claim)
        if claim.parent is not None or kind is None:
            continue
        for group in article.groups:
            for side in (ALL, article.speakers[claim.id].side):
                wholes[group, side] += 1
                parts[group, side, kind] += 1
    return Tally(parts, wholes)


QUESTIONS = (
    Question(
        id="cues",
        heading="Cues by factivity and side of the source",
        definition="Claims of a side's sources whose cue is endorsing (the outlet takes the content for true: أكد، "
        "كشف), neutral (قال) or distancing (زعم، ادعى) in annotations/lexicon/cues.jsonl, divided by all claims of "
        "these sources that have a cue. Only claims that lie in no other claim: the cue of a nested one is its outer "
        "source's choice. A cue that begins with a negation is counted apart. Needs the text. A side's sources also "
        "differ in what they say: an endorsing cue is the usual one for some acts (أكد for affirming).",
        reference="Martin & White 2005, The Language of Evaluation: endorse, acknowledge, distance",
        unit="claims with a cue",
        axes=("stance", "side of the source", "factivity"),
        depth=2,
        layers=("ACTOR", "CLAIM"),
        count=_cues,
        zeros=True,
        parts=(("endorsing",), ("neutral",), ("distancing",)),
    ),
)
