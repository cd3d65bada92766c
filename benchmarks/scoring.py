"""How fast counting is beside seqeval and nervaluate, and what a whole `khabar score` of 500 documents takes.

    python benchmarks/scoring.py

Tags and spans are made up; strict micro precision, recall and F1 of every way are compared and must be equal. CPU
seconds are the median of five runs, one after the other in one process, so that ratios hold on a busy machine.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from dataset_builder.corpus import Corpus
from dataset_builder.curation.benchmark import pairs
from dataset_builder.model import Layer
from dataset_builder.scoring.counts import count_equal, ratios
from dataset_builder.scoring.resampling import bootstrap
from dataset_builder.scoring.score import score
from dataset_builder.scoring.sides import Pair
from dataset_builder.scoring.tags import count_tags
from dataset_builder.scoring.tasks import TASKS

SENTENCES, WORDS, LABELS, RUNS, DOCUMENTS = 50_000, 25, ("A", "B", "C", "D"), 5, 500
Span = tuple[int, int, int, int]


def made_up(seed: int) -> list[list[Span]]:
    """Flat spans as (sentence, label, first word, word behind the last), some three a sentence."""
    draw = random.Random(seed)
    sentences = []
    for number in range(SENTENCES):
        spans, at = [], draw.randint(0, 6)
        while at < WORDS:
            end = min(at + draw.randint(1, 3), WORDS)
            spans.append((number, draw.randrange(len(LABELS)), at, end))
            at = end + draw.randint(1, 9)
        sentences.append(spans)
    return sentences


def guessed(gold: list[list[Span]], other: list[list[Span]]) -> list[list[Span]]:
    """The gold's sentences, every third one replaced by another draw."""
    return [b if n % 3 == 0 else a for n, (a, b) in enumerate(zip(gold, other, strict=True))]


def tags(sentences: list[list[Span]]) -> list[list[str]]:
    made = []
    for spans in sentences:
        line = ["O"] * WORDS
        for _, label, start, end in spans:
            line[start:end] = [f"B-{LABELS[label]}"] + [f"I-{LABELS[label]}"] * (end - start - 1)
        made.append(line)
    return made


def seconds(run: Callable[[], Any], runs: int = RUNS) -> tuple[float, Any]:
    taken = []
    for _ in range(runs):
        begun = time.process_time()
        found = run()
        taken.append(time.process_time() - begun)
    return median(taken), found


def micro(cells: Any) -> list[float]:
    return [float(value) for value in ratios(cells[:, 0].sum(axis=0))]


def peers() -> None:
    """Each way with its CPU seconds, against seqeval as most people call it."""
    from nervaluate import Evaluator
    from seqeval.metrics import classification_report, f1_score, precision_score, recall_score

    gold = made_up(0)
    guess = guessed(gold, made_up(1))
    gold_tags, guess_tags = tags(gold), tags(guess)
    gold_rows, guess_rows = ([span for spans in side for span in spans] for side in (gold, guess))
    gold_array, guess_array = (np.array(rows, dtype=np.int64) for rows in (gold_rows, guess_rows))
    records = [
        [[{"label": LABELS[label], "start": a, "end": b - 1} for _, label, a, b in spans] for spans in side]
        for side in (gold, guess)
    ]

    def theirs() -> list[float]:
        overall = Evaluator(*records, tags=list(LABELS)).evaluate()["overall"]["strict"]
        return [overall.precision, overall.recall, overall.f1]

    def report() -> list[float]:
        found = classification_report(gold_tags, guess_tags, output_dict=True)["micro avg"]
        return [found["precision"], found["recall"], found["f1-score"]]

    def counted(a: Any, b: Any) -> list[float]:
        return micro(count_equal(a, b, SENTENCES, len(LABELS)))

    ways: dict[str, tuple[Callable[[], Any], int]] = {
        "seqeval 1.2.2: precision, recall and F1": (
            lambda: [metric(gold_tags, guess_tags) for metric in (precision_score, recall_score, f1_score)],
            2,
        ),
        "seqeval 1.2.2: its report, by label": (report, 2),
        "nervaluate 1.2.1, from records": (theirs, 2),
        "khabar, from tags": (lambda: micro(count_tags(gold_tags, guess_tags).cells), RUNS),
        "khabar, from lists of spans": (lambda: counted(gold_rows, guess_rows), RUNS),
        "khabar, from arrays of spans": (lambda: counted(gold_array, guess_array), RUNS),
    }
    print(f"{SENTENCES} sentences of {WORDS} words, {len(gold_rows)} gold and {len(guess_rows)} predicted spans")
    base, expected = 0.0, []
    for name, (run, runs) in ways.items():
        taken, found = seconds(run, runs)
        base, expected = base or taken, expected or found
        assert np.allclose(found, expected), (name, found, expected)
        print(f"| {name} | {taken:.3f} | {base / taken:.1f}x |")


def whole() -> None:
    """Every measure of every task on 500 documents, and 1,000 resamples of their intervals."""
    corpus = Corpus.find(Path(__file__))
    compared = some_pairs(corpus)
    print(f"{len(compared)} documents, {sum(len(p.gold.spans) for p in compared)} gold spans")
    for task in TASKS.values():
        taken, found = seconds(lambda task=task: score(compared, task, corpus.schema), 3)
        resampled, _ = seconds(lambda found=found: bootstrap(found.counts), 3)
        print(f"| {task.name} | {len(found.counts.rows)} | {taken:.2f} | {resampled:.3f} |")


def some_pairs(corpus: Corpus) -> list[Pair]:
    """The composed documents again and again, each beside a prediction that moves, relabels and drops spans."""
    lists = [split for split in corpus.splits.lists if split.track == "composed"]
    gold = {id: corpus.layer(id) for split in lists for id in split.documents}
    found = [pair for split in lists for pair in pairs(corpus, split, {id: disturbed(gold[id]) for id in gold})]
    copies = (found * (DOCUMENTS // len(found) + 1))[:DOCUMENTS]
    return [
        replace(pair, gold=replace(pair.gold, document=f"d{n}"), predicted=replace(pair.predicted, document=f"d{n}"))
        for n, pair in enumerate(copies)
    ]


def disturbed(layer: Layer) -> Layer:
    """One span in six a letter longer, one in six with its neighbour's label."""
    draw = random.Random(layer.document)
    spans = []
    for span in layer.spans:
        kind = draw.randrange(6)
        labels = sorted({s.label for s in layer.of(span.layer)}) if span.layer != "CLAIM" else [span.label]
        spans.append(
            replace(span, end=min(span.end + (kind == 0), layer.length), label=draw.choice(labels))
            if kind < 2
            else span
        )
    return replace(layer, spans=tuple(spans))


if __name__ == "__main__":
    peers()
    whole()
