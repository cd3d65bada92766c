"""Whether docs/benchmark.md says enough: three tasks, intervals, a comparison, written again from that page alone.

Of the scorer nothing is imported here but what is checked. Everything is as plain and slow as the page's own sentences;
gold is read from its files as JSON. What this needed to guess was written into the page.
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
from dataset_builder.scoring.resampling import compare, least_p
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


def claim_documents() -> list[dict[str, Any]]:
    """The same documents with actors and claims alone, spans with the entity that they are linked to."""
    found = []
    for document in GOLD:
        path = HERE / "annotations" / "gold" / "composed" / f"{document['document']}.jsonl"
        records = list(map(json.loads, path.read_text("utf8").splitlines()))[1:]
        keys = ("id", "layer", "label", "start", "end", "entity")
        spans = [{k: r[k] for k in keys if k in r} for r in records if r.get("layer") in ("ACTOR", "CLAIM")]
        claims = [{k: v for k, v in r.items() if k != "kind"} for r in records if r["kind"] == "claim"]
        base = {k: document[k] for k in ("document", "text", "event")}
        found.append({**base, "layers": ["ACTOR", "CLAIM"], "spans": spans, "claims": claims})
    return found


def guess_claims(document: dict[str, Any]) -> dict[str, Any]:
    """Claims lost, doubled, with shorter contents and cues, other sources and no parents, in another order."""
    draw = random.Random(document["document"])
    spans = {s["id"]: dict(s) for s in document["spans"]}
    kept = [dict(c) for c in document["claims"] if draw.random() > 0.15]
    ids = {c["id"] for c in kept}
    used = [id for c in kept for id in (c.get("source"), c.get("cue"), *c["content"])]
    parents = {c.get("parent") for c in kept}
    made = []
    for claim in kept:
        content = spans[claim["content"][-1]]
        if draw.random() < 0.5 and claim["id"] not in parents and used.count(content["id"]) == 1:
            content["end"] -= draw.randrange(1, content["end"] - content["start"])
        for name in ("parent", "continues"):
            if claim.get(name) not in ids or draw.random() < 0.2:
                claim.pop(name, None)
        free = [
            s["id"]
            for s in spans.values()
            if s["layer"] == "ACTOR" and not any(shared((s["start"], s["end"]), e) for e in every_end(claim, spans))
        ]
        if draw.random() < 0.3 and free:
            claim |= {"source": draw.choice(free), "source_status": "named"}
        if not claim.get("source") and "continues" not in claim:
            claim["source_status"] = "none"
        made.append(claim)
        if draw.random() < 0.2:
            id, first = f"{claim['id']}-again", spans[claim["content"][0]]
            spans[id] = {
                "id": id,
                "layer": "CLAIM",
                "label": "CONTENT",
                "start": first["start"],
                "end": first["end"] - 1,
            }
            made.append({**claim, "id": id, "content": [id]})
    draw.shuffle(made)
    base = {k: document[k] for k in ("document", "layers")}
    return {**base, "spans": list(spans.values()), "claims": made}


def every_end(claim: dict[str, Any], spans: dict[str, Any]) -> list[tuple[int, int]]:
    ids = [claim.get("cue"), *claim["content"]]
    return [(spans[id]["start"], spans[id]["end"]) for id in ids if id]


ROLES = ("source", "cue", "content")


def fillers(document: dict[str, Any], claim: dict[str, Any]) -> dict[str, tuple[tuple[int, int], ...]]:
    spans = {s["id"]: s for s in document["spans"]}
    ids = {"source": [claim.get("source")], "cue": [claim.get("cue")], "content": claim["content"]}
    return {r: tuple(sorted((spans[id]["start"], spans[id]["end"]) for id in ids[r] if id)) for r in ROLES}


def points(filler: Iterable[tuple[int, int]]) -> set[int]:
    return {point for start, end in filler for point in range(start, end)}


def dice(one: Iterable[tuple[int, int]], other: Iterable[tuple[int, int]]) -> float:
    a, b = points(one), points(other)
    return 2 * len(a & b) / (len(a) + len(b)) if a and b else float(not a and not b)


def words(text: str) -> list[set[int]]:
    """The code points of each word."""

    def is_word(character: str) -> bool:
        return character.isalnum() or character == "ـ" or unicodedata.category(character) in ("Mn", "Me")

    found, inside = [], False
    for at, character in enumerate(text):
        between = character in ".,٫٬" and inside and text[at - 1].isdigit() and text[at + 1 : at + 2].isdigit()
        if is_word(character) or between:
            found[-1].add(at) if inside else found.append({at})
        inside = is_word(character) or between
    return found


def actor(document: dict[str, Any], claim: dict[str, Any]) -> dict[str, Any] | None:
    claims, spans = {c["id"]: c for c in document["claims"]}, {s["id"]: s for s in document["spans"]}
    while not claim.get("source") and claim.get("continues"):
        claim = claims[claim["continues"]]
    if not claim.get("source"):
        return None
    source = spans[claim["source"]]
    if source["layer"] == "ACTOR":
        return dict(source)
    inside = [s for s in spans.values() if s["layer"] == "ACTOR"]
    inside = [s for s in inside if source["start"] <= s["start"] and s["end"] <= source["end"]]
    return min(inside, key=lambda s: (s["start"] - s["end"], s["start"]), default=None)


def claims(gold: dict[str, Any], predicted: dict[str, Any]) -> dict[str, Sums]:
    sides = (gold, predicted)
    one, two = ([{**c, "at": fillers(d, c)} for c in d["claims"]] for d in sides)
    for side in (one, two):
        side.sort(key=lambda c: (c["at"]["content"], c["at"]["cue"], c["at"]["source"]))

    def weight(a: Any, b: Any) -> float:
        by = "cue" if a["at"]["cue"] and b["at"]["cue"] else "content"
        each = [dice(a["at"][role], b["at"][role]) for role in ROLES]
        return sum(each) + 0.000001 * (min(each) >= 0.5) if points(a["at"][by]) & points(b["at"][by]) else 0.0

    def same_actor(a: Any, b: Any) -> bool:
        x, y = actor(gold, a), actor(predicted, b)
        if x is None or y is None:
            return x is None and y is None
        linked = bool(x.get("entity")) and x.get("entity") == y.get("entity")
        return linked or dice([(x["start"], x["end"])], [(y["start"], y["end"])]) >= 0.5

    pairs = pairing(one, two, weight)
    alike = [(a, b) for a, b in pairs if dice(a["at"]["content"], b["at"]["content"]) >= 0.5]
    right = [(a, b) for a, b in alike if same_actor(a, b)]
    soft = sum(all(dice(a["at"][role], b["at"][role]) >= 0.5 for role in ROLES) for a, b in pairs)
    partner = {a["id"]: b for a, b in pairs}
    children = [[c for c in side if c.get("parent")] for side in (one, two)]
    nested = sum(
        c["id"] in partner and c["parent"] in partner and partner[c["id"]].get("parent") == partner[c["parent"]]["id"]
        for c in children[0]
    )
    filled = [{(r, c["at"][r]) for c in side for r in ROLES if c["at"][r]} for side in (one, two)]
    text_words = words(gold["text"])

    def units(filler: Any) -> set[Any]:
        here = points(filler)
        touched = {number for number, word in enumerate(text_words) if word & here}
        return touched or {("a code point", point) for point in here}

    def shares(own: set[Any], other: set[Any]) -> float:
        there = {role: set().union(*(units(f) for r, f in other if r == role)) for role in ROLES}
        return sum(len(units(f) & there[role]) / len(units(f)) for role, f in own)

    return {
        "soft": [soft, len(two), soft, len(one)],
        "strict": same((tuple(c["at"].values()) for c in one), (tuple(c["at"].values()) for c in two)),
        "roles exact": same(*filled),
        "roles by words": [shares(filled[1], filled[0]), len(filled[1]), shares(filled[0], filled[1]), len(filled[0])],
        "content and actor": [len(right), len(two), len(right), len(one)],
        "attribution": [len(right), len(alike), len(right), len(alike)],
        "nesting": [nested, len(children[1]), nested, len(children[0])],
    }


CLAIMED = claim_documents()
SAID = [guess_claims(document) for document in CLAIMED]
SETS = {"entities": (entities, GOLD, GUESS), "arguments": (arguments, GOLD, GUESS), "claims": (claims, CLAIMED, SAID)}
EVENTS = list(dict.fromkeys(d["event"] for d in GOLD))


def by_event(by_document: list[Sums]) -> Any:
    sums = np.zeros((len(EVENTS), 4))
    for document, counts in zip(GOLD, by_document, strict=True):
        sums[EVENTS.index(document["event"])] += counts
    return sums


def draws(size: int) -> Any:
    return np.random.default_rng(0).multinomial(len(EVENTS), [1 / len(EVENTS)] * len(EVENTS), size=size)


def interval(by_document: list[Sums]) -> tuple[float, float]:
    """The percentiles of F1 over 1,000 draws of events."""
    sums = by_event(by_document)
    drawn = [list(times @ sums) for times in draws(1000)]
    low, high = np.percentile([ratios(d)[2] for d in drawn if d[1] or d[3]], [2.5, 97.5])
    return float(low), float(high)


@pytest.mark.parametrize("task", list(SETS))
def test_written_again_the_figures_are_the_same(task: str) -> None:
    again, gold, predicted = SETS[task]
    found = dataset_builder.score(gold, predicted, task).as_record()
    record = found["measures"]
    assert all(0.1 < figure["f1"] < 0.97 for figure in record.values()), "nothing is tested by what is all right"
    by_document = [again(one, other) for one, other in zip(gold, predicted, strict=True)]
    assert set(by_document[0]) == set(record)
    for measure in by_document[0]:
        counts = [document[measure] for document in by_document]
        sums = [sum(column) for column in zip(*counts, strict=True)]
        found = record[measure]
        expected = [sums[2], sums[1], sums[3], *ratios(sums), *interval(counts)]
        names = ("right", "predicted", "gold", "precision", "recall", "f1", "low", "high")
        assert [found[name] for name in names] == pytest.approx(expected), measure


def test_written_again_the_comparison_is_the_same() -> None:
    """Two systems on three events: the difference, its interval from 10,000 draws, and p from 10,000 swaps."""
    other = [{**g, "spans": g["spans"][: len(g["spans"]) // 2], "relations": []} for g in GUESS]
    one, two = (
        by_event([entities(gold, each)["strict"] for gold, each in zip(GOLD, side, strict=True)])
        for side in (GUESS, other)
    )

    def difference(a: Any, b: Any) -> float:
        return ratios(list(a))[2] - ratios(list(b))[2]

    observed = difference(one.sum(axis=0), two.sum(axis=0))
    low, high = np.percentile([difference(times @ one, times @ two) for times in draws(10_000)], [2.5, 97.5])
    count = 0
    for swap in np.random.default_rng(1).integers(0, 2, size=(10_000, len(EVENTS))):
        mine = sum(two[n] if swapped else one[n] for n, swapped in enumerate(swap))
        others = sum(one[n] if swapped else two[n] for n, swapped in enumerate(swap))
        count += abs(difference(mine, others)) >= abs(observed) - 1e-12
    first, second = (dataset_builder.score(GOLD, side, "entities").counts for side in (GUESS, other))
    found = compare(first, second, ("strict", ""))
    assert [found.value, found.interval.low, found.interval.high] == pytest.approx([observed, low, high])
    assert found.p == (count + 1) / 10_001
    assert found.p > 0.24 and least_p(len(EVENTS)) == 0.25
