"""Do the orders of `khabar queue` put first what a system gets wrong?

For every document of the validation and test lists: how far the CRF's prediction is from the gold (1 - F1 of spans with
equal label and ends), beside what the queue orders by: the CRF's own doubt, and its difference from the memory. Both
systems have learned from the training list of composed articles. Spearman's rank correlation, a line a list.

    khabar train --system crf --model work/crf && khabar train --system memory --model work/memory
    python benchmarks/doubt.py work/crf work/memory
"""

from __future__ import annotations

import sys
from pathlib import Path

from scipy.stats import spearmanr

from dataset_builder.baselines.table import Card, baseline
from dataset_builder.corpus import Corpus
from dataset_builder.curation.benchmark import split_of
from dataset_builder.curation.queue import disagreement


def main(first: str, second: str) -> None:
    corpus = Corpus.find()
    systems = [baseline(Card.read(Path(f)).system).load(Path(f), corpus.schema) for f in (first, second)]
    for track in ("composed", "press"):
        for name in ("validation", "test"):
            doubts, differences, errors = [], [], []
            for id in split_of(corpus, track, name).documents:
                text = corpus.text(corpus.document(id))
                if text is None:
                    continue
                predicted, other = (system.predict(id, text) for system in systems)
                doubts.append(systems[0].doubt(text))  # type: ignore[attr-defined]
                differences.append(disagreement(predicted, other))
                errors.append(disagreement(predicted, corpus.layer(id)))
            if errors:
                rows = [spearmanr(values, errors) for values in (doubts, differences)]
                shown = " | ".join(f"{row.statistic:.2f} (p {row.pvalue:.2g})" for row in rows)
                print(f"| {track}/{name} | {len(errors)} | {shown} |", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
