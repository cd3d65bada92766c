"""All figures of the bias audit over the documents of one track."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from tqdm import tqdm

from dataset_builder.release.bias import agency, coverage, cues, loaded, outlets, reply, speakers, telling
from dataset_builder.release.bias.article import Article
from dataset_builder.release.bias.casualties import tolls
from dataset_builder.release.bias.clusters import comparisons
from dataset_builder.release.bias.figure import Figure, Minimum, Question, Report, Tally
from dataset_builder.release.bias.intervals import rows
from dataset_builder.release.bias.reading import tally
from dataset_builder.release.bias.terms import Terms
from dataset_builder.release.entries import Entry

#: Every figure, in the order in which it is read.
QUESTIONS: tuple[Question, ...] = (
    *outlets.QUESTIONS,
    *coverage.QUESTIONS,
    *speakers.QUESTIONS,
    *reply.QUESTIONS,
    *cues.QUESTIONS,
    *loaded.QUESTIONS,
    *agency.QUESTIONS,
    *telling.QUESTIONS,
)
FEW = Minimum()


def audit(
    entries: Sequence[Entry],
    terms: Terms,
    *,
    layer: str = "gold",
    version: str = "",
    minimum: Minimum = FEW,
    resamples: int = 1000,
    seed: int = 0,
) -> Report:
    """Every figure over these documents, which are of one track.

    `layer` and `version` name what was annotated by whom, for the signature. Intervals draw whole documents,
    `resamples` times, with this seed. Raises ValueError for documents of two tracks.
    """
    tracks = sorted({entry.track for entry in entries})
    if len(tracks) > 1:
        raise ValueError(f"composed and found outlets are never counted together: {', '.join(tracks)}")
    articles = [Article(entry, terms) for entry in sorted(entries, key=lambda entry: entry.document.id)]
    asked = tqdm(QUESTIONS, desc="bias audit", unit=" figures", disable=None, leave=False)
    figures = tuple(_figure(question, articles, minimum, resamples, seed) for question in asked)
    texts = sum(entry.text is not None for entry in entries)
    signature = (
        f"track:{''.join(tracks)}|layer:{layer}|data:{version}|documents:{len(entries)}|texts:{texts}|drawn:documents|"
        f"resamples:{resamples}|seed:{seed}|minimum:{minimum.units} units in {minimum.documents} documents"
    )
    different = tolls(article for article in articles if {"EVENT", "CLAIM"} <= set(article.layer.layers))
    return Report(
        track="".join(tracks),
        layer=layer,
        signature=signature,
        designed=any(entry.outlet is not None and entry.outlet.designed for entry in entries),
        documents=len(entries),
        texts=texts,
        figures=figures,
        tolls=different,
        comparisons=comparisons(articles, QUESTIONS),
        names=_names(articles, terms),
        warnings=outlets.warnings(figures),
    )


def _figure(question: Question, articles: Sequence[Article], minimum: Minimum, resamples: int, seed: int) -> Figure:
    tallies: list[Tally] = []
    left_out: Counter[str] = Counter()
    for article in articles:
        found = tally(question, article)
        if isinstance(found, str):
            left_out[found] += 1
        else:
            tallies.append(found)
    return Figure(question, rows(question, tallies, minimum, resamples, seed), dict(sorted(left_out.items())))


def _names(articles: Iterable[Article], terms: Terms) -> dict[str, str]:
    """The English name of every entity that these documents mention."""
    ids = {actor.attributes.get("entity", "") for article in articles for actor in article.layer.of("ACTOR")}
    return {id: terms.entities[id].name_en for id in sorted(ids) if id in terms.entities}
