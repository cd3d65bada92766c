"""Finding documents that tell the same happening, so that it is never in two splits and counts once in resampling.

A program proposes pairs by the words that two texts share within some days; a person reads both and joins them. Word
weights are scikit-learn's TF-IDF over folded words, similarity is the cosine.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations

from dataset_builder.codec import encode_manifest
from dataset_builder.corpus import Corpus
from dataset_builder.errors import UsageError
from dataset_builder.files import write_atomic
from dataset_builder.model import Document
from dataset_builder.text.normalise import fold


@dataclass(frozen=True, slots=True)
class Pair:
    """Two documents, the earlier one first, with the cosine of their words (0 to 1) and the days between them."""

    first: Document
    second: Document
    similarity: float
    days: int


def propose(texts: Mapping[str, tuple[Document, str]], least: float = 0.2, days: int = 10) -> list[Pair]:
    """Pairs of documents not yet of one event, most alike first. A document without a date is near to every other.

    `least` is the smallest cosine, `days` the longest time between the two publications. UsageError without
    scikit-learn.
    """
    try:
        from sklearn.feature_extraction.text import TfidfVectorizer
    except ImportError as error:
        raise UsageError("searching for stories needs scikit-learn: pip install 'khabar[search]'") from error
    ids = sorted(texts, key=lambda id: (texts[id][0].published, id))
    if len(ids) < 2:
        return []
    vectors = TfidfVectorizer(analyzer=_words, sublinear_tf=True).fit_transform(texts[id][1] for id in ids)
    alike = (vectors @ vectors.T).toarray()
    found = []
    for i, j in combinations(range(len(ids)), 2):
        first, second = texts[ids[i]][0], texts[ids[j]][0]
        apart = _days(first, second)
        if alike[i, j] >= least and apart <= days and first.event != second.event:
            found.append(Pair(first, second, float(alike[i, j]), apart))
    return sorted(found, key=lambda pair: -pair.similarity)


def _words(text: str) -> list[str]:
    """Folded words without proclitics and article, which tell nothing of what happened."""
    folded = (fold(word).letters for word in re.findall(r"\w+", text))
    return [bare for word in folded if len(bare := re.sub("^(و|ف)?(ب|ك|ل)?(ال)?(?=..)", "", word)) > 2]


def _days(first: Document, second: Document) -> int:
    """0 where one of the two days is unknown."""
    one, two = first.published[:10], second.published[:10]
    if min(len(one), len(two)) < len("2000-01-01"):
        return 0
    return abs((date.fromisoformat(one) - date.fromisoformat(two)).days)


def join(corpus: Corpus, ids: Sequence[str]) -> str:
    """Make these documents, and all that were of one story with any of them, one event; returns what it is called now.

    That is the cluster that one of them is of, or else the story, named by the earliest document. UsageError for fewer
    than two documents and for two clusters.
    """
    named = [corpus.document(id) for id in ids]
    if len(named) < 2:
        raise UsageError("a story has two documents or more; name them")
    stories = {d.story for d in named if d.story}
    members = {d.id: d for d in corpus.documents.values() if d.story in stories} | {d.id: d for d in named}
    clusters = sorted({d.cluster for d in members.values() if d.cluster})
    if len(clusters) > 1:
        raise UsageError(f"{' and '.join(clusters)} are different events; a document is of one")
    story = "" if clusters else min(members.values(), key=lambda d: (d.published or "9", d.id)).id
    cluster = clusters[0] if clusters else ""
    for source in {d.source for d in members.values()}:
        records = (d for d in corpus.documents.values() if d.source == source)
        changed = (replace(d, story=story, cluster=cluster) if d.id in members else d for d in records)
        write_atomic(corpus.manifest_path(source), encode_manifest(changed))
    return cluster or story
