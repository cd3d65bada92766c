"""Whether docs/benchmark.md says enough: two tasks and the interval, written again from that page and nothing else.

Nothing of the scorer is imported here. Everything is as plain and slow as the page's own sentences; gold is read from
its files as JSON. What this needed to guess was written into the page.
"""

from __future__ import annotations

import json
import random
import unicodedata
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

import numpy as np
import pytest

import dataset_builder
from tests.cli import HERE

CLUSTERS = ("composed-0004", "composed-0005", "composed-0006")
Span = tuple[str, str, int, int]
Sums = list[float]  # right among predicted, predicted, right among gold, gold


def gold_documents() -> list[dict[str, Any]]:
    """The gold of three clusters in the simple form; `event` is the cluster."""
    found = []
    for path in sorted((HERE / "annotations" / "gold" / "composed").glob("*.jsonl")):
        if not path.name.startswith(CLUSTERS):
            continue
        header, *records = map(json.loads, path.read_text("utf8").splitlines())
        keys = ("id", "layer", "label", "start", "end")
        spans = [{k: r[k] for k in keys} for r in records if r["kind"] == "span" and r["layer"] != "CLAIM"]
        relations = [{k: r[k] for k in ("label", "head", "tail")} for r in records if r["kind"] == "relation"]
        base = {"document": header["id"], "layers": header["layers"], "spans": spans, "relations": relations}
        text = (HERE / "articles" / "composed" / f"{header['id']}.txt").read_text("utf8")
        found.append(base | {"event": header["id"][:13], "text": text})
    return found


def guess(document: dict[str, Any]) -> dict[str, Any]:
    """A prediction: spans lost, moved and relabelled, arrows lost and turned into others, by a fixed draw."""
    draw = random.Random(document["document"])
    labels = {layer: sorted({s["label"] for s in document["spans"] if s["layer"] == layer}) for layer in
              {s["layer"] for s in document["spans"]}}  # fmt: skip
    spans: dict[tuple[Any, ...], dict[str, Any]] = {}
    for span in document["spans"]:
        kind = draw.randrange(10)
        if kind == 0:
            continue
        changed = {
            1: {"end": span["end"] + 1},
            2: {"start": max(0, span["start"] - 2)},
            3: {"label": draw.choice(labels[span["layer"]])},
            4: {"label": draw.choice(labels[span["layer"]]), "end": max(span["start"] + 1, span["end"] - 2)},
        }
        made = span | changed.get(kind, {})
        spans.setdefault((made["layer"], made["label"], made["start"], made["end"]), made)
    ids = {span["id"] for span in spans.values()}
    relations = {}
    for relation in document["relations"]:
        role = draw.choice(["AGENT", "TARGET"]) if draw.random() < 0.2 and relation["label"] == "AGENT" else None
        made = relation | ({"label": role} if role else {})
        if draw.random() > 0.15 and {made["head"], made["tail"]} <= ids:
            relations[made["label"], made["head"], made["tail"]] = made
    return {k: document[k] for k in ("document", "layers")} | {
        "spans": list(spans.values()),
        "relations": list(relations.values()),
    }


GOLD = gold_documents()
GUESS = [guess(document) for document in GOLD]


def spans_of(document: dict[str, Any], layers: Iterable[str]) -> list[Span]:
    """Spans with the same layer, label, start and end are one span."""
    return sorted({(s["layer"], s["label"], s["start"], s["end"]) for s in document["spans"] if s["layer"] in layers})


def same(gold: Iterable[Any], predicted: Iterable[Any]) -> Sums:
    one, two = set(gold), set(predicted)
    return [len(one & two), len(two), len(one & two), len(one)]


def ratios(sums: Sums) -> tuple[float, float, float]:
    right_predicted, predicted, right_gold, gold = sums
    if not predicted and not gold:
        return 1.0, 1.0, 1.0
    precision = right_predicted / predicted if predicted else 0.0
    recall = right_gold / gold if gold else 0.0
    return precision, recall, 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def shared(a: tuple[int, int], b: tuple[int, int]) -> int:
    return max(0, min(a[1], b[1]) - max(a[0], b[0]))


def pairing(gold: list[Any], predicted: list[Any], weight: Callable[[Any, Any], float]) -> list[tuple[Any, Any]]:
    """The pairs of greatest total weight, one to one, by trying everything."""
    possible = {i: [(j, w) for j, b in enumerate(predicted) if (w := weight(a, b)) > 0] for i, a in enumerate(gold)}

    @cache
    def best(i: int, taken: frozenset[int]) -> tuple[float, tuple[tuple[int, int], ...]]:
        if i == len(gold):
            return 0.0, ()
        # Only what later ones could want matters, or there would be too much to try.
        wanted = {j for k in range(i + 1, len(gold)) for j, _ in possible[k]}
        options = [best(i + 1, taken & wanted)]
        for j, w in possible[i]:
            if j not in taken:
                total, pairs = best(i + 1, (taken | {j}) & wanted)
                options.append((total + w, ((i, j), *pairs)))
        return max(options, key=lambda option: option[0])

    return [(gold[i], predicted[j]) for i, j in best(0, frozenset())[1]]


def span_weight(a: Span, b: Span) -> float:
    common = shared(a[2:], b[2:])
    if not common or a[0] != b[0]:
        return 0.0
    dice = 2 * common / (a[3] - a[2] + b[3] - b[2])
    return 1_000_000 * (a[2:] == b[2:]) + 1_000 * (a[1] == b[1]) + dice


def word_begin(text: str, start: int) -> int:
    """Where the run of letters, digits and marks around this code point begins, unless it is a mark."""

    def is_mark(character: str) -> bool:
        return character == "ـ" or unicodedata.category(character) in ("Mn", "Me")

    if is_mark(text[start]) or not text[start].isalnum():
        return start
    while start > 0 and (text[start - 1].isalnum() or is_mark(text[start - 1])):
        start -= 1
    return start


def entities(gold: dict[str, Any], predicted: dict[str, Any]) -> dict[str, Sums]:
    layers = ("ACTOR", "LOCATION")
    one, two = spans_of(gold, layers), spans_of(predicted, layers)
    equal = set(one) & set(two)
    pairs = pairing([s for s in one if s not in equal], [s for s in two if s not in equal], span_weight)
    pairs += [(s, s) for s in equal]

    def credited(worth: Callable[[Span, Span], float]) -> Sums:
        right = sum(worth(a, b) for a, b in pairs)
        return [right, len(two), right, len(one)]

    def outer(spans: list[Span]) -> set[Span]:
        def longer_around(s: Span, o: Span) -> bool:
            return o[2] <= s[2] and s[3] <= o[3] and o[3] - o[2] > s[3] - s[2]

        return {s for s in spans if not any(longer_around(s, o) for o in spans)}

    def of_word(span: Span) -> tuple[Any, ...]:
        return *span[:2], word_begin(gold["text"], span[2]), span[3]

    return {
        "strict": same(one, two),
        "clitic": same(map(of_word, one), map(of_word, two)),
        "exact": credited(lambda a, b: a[2:] == b[2:]),
        "partial": credited(lambda a, b: 1 if a[2:] == b[2:] else 0.5),
        "type": credited(lambda a, b: a[1] == b[1]),
        "flat": same(outer(one), outer(two)),
    }


def arguments(gold: dict[str, Any], predicted: dict[str, Any]) -> dict[str, Sums]:
    def things(document: dict[str, Any]) -> list[tuple[Any, ...]]:
        """Code and ends of the event, role, ends of the argument."""
        spans = {s["id"]: s for s in document["spans"]}
        joined = [(r["label"], spans[r["head"]], spans[r["tail"]]) for r in document["relations"]]
        return [
            (role, (head["label"], head["start"], head["end"]), (tail["start"], tail["end"]))
            for role, head, tail in joined
            if role in ("AGENT", "TARGET", "PLACE")
        ]

    def events(document: dict[str, Any]) -> set[tuple[str, int, int]]:
        return {(s["label"], s["start"], s["end"]) for s in document["spans"] if s["layer"] == "EVENT"}

    def overlap(a: Any, b: Any) -> float:
        if a[0] != b[0] or a[1][0] != b[1][0] or not shared(a[1][1:], b[1][1:]):
            return 0.0
        common = shared(a[2], b[2])
        return 1 + common / max(a[2][1] - a[2][0], b[2][1] - b[2][0]) if common else 0.0

    one, two = things(gold), things(predicted)
    both = events(gold) & events(predicted)
    right = len(pairing(one, two, overlap))
    return {
        "classification": same(one, two),
        "identification": same([t[1:] for t in one], [t[1:] for t in two]),
        "given events": same([t for t in one if t[1] in both], [t for t in two if t[1] in both]),
        "overlap": [right, len(two), right, len(one)],
    }


def interval(by_document: list[Sums]) -> tuple[float, float]:
    """The percentiles of F1 over 1,000 draws of events."""
    events = list(dict.fromkeys(d["event"] for d in GOLD))
    sums = np.zeros((len(events), 4))
    for document, counts in zip(GOLD, by_document, strict=True):
        sums[events.index(document["event"])] += counts
    draws = np.random.default_rng(0).multinomial(len(events), [1 / len(events)] * len(events), size=1000)
    values = [ratios(list(times @ sums))[2] for times in draws]
    low, high = np.percentile(values, [2.5, 97.5])
    return float(low), float(high)


@pytest.mark.parametrize(("task", "again"), [("entities", entities), ("arguments", arguments)])
def test_written_again_the_figures_are_the_same(
    task: str, again: Callable[[dict[str, Any], dict[str, Any]], dict[str, Sums]]
) -> None:
    record = dataset_builder.score(GOLD, GUESS, task).as_record()["measures"]
    assert 0.3 < record["strict" if task == "entities" else "classification"]["f1"] < 0.95
    by_document = [again(gold, predicted) for gold, predicted in zip(GOLD, GUESS, strict=True)]
    assert set(by_document[0]) == set(record)
    for measure in by_document[0]:
        counts = [document[measure] for document in by_document]
        sums = [sum(column) for column in zip(*counts, strict=True)]
        found = record[measure]
        assert [found["right"], found["predicted"], found["gold"]] == [sums[2], sums[1], sums[3]], measure
        assert [found["precision"], found["recall"], found["f1"]] == pytest.approx(ratios(sums)), measure
        assert [found["low"], found["high"]] == pytest.approx(interval(counts)), measure
