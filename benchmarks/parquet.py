"""From layers to Parquet: the release's columns beside the usual ways to make a dataset of nested rows.

    python benchmarks/parquet.py [documents]

Every way starts from the same layers in memory (composed words, 30 spans a document, relations, claims, voices) and
writes the configuration `documents` with the same features; the rows are compared. CPU seconds are the median of three
runs.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from dataset_builder.codec import canonical, decode_layer, encode_layer
from dataset_builder.corpus import sha256
from dataset_builder.model import Claim, Document, Layer, Relation, Span
from dataset_builder.release.columns import table
from dataset_builder.release.entries import Entry
from dataset_builder.release.folder import write_parquet
from dataset_builder.release.tables import CONFIGURATIONS, documents
from dataset_builder.schema import Schema

WORDS = ["قال", "أعلن", "مجلس", "الناحية", "إن", "قوات", "الإقليم", "دخلت", "سوق", "البلدة", "صباح", "الأحد", "وقتلت"]
SPANS, LENGTH, RUNS = 30, 300, 3


def entry(number: int, random: random.Random) -> Entry:
    """A made-up document: words at random, sentences of 15, spans on random words."""
    words = [random.choice(WORDS) + (".\n" if n % 15 == 14 else " ") for n in range(LENGTH)]
    text = "".join(words)[:-1]
    starts = [0]
    for word in words:
        starts.append(starts[-1] + len(word))
    spans = []
    for n, at in enumerate(sorted(random.sample(range(LENGTH), SPANS))):
        layer, label, attributes = random.choice(
            [
                ("ACTOR", "STATE_FORCES", {"mention": "name", "entity": "province-forces"}),
                ("LOCATION", "FACILITY", {}),
                ("EVENT", "AIR", {"status": "occurred", "killed": "3"}),
                ("FRAME", "VICTIM", {}),
                ("CLAIM", "CONTENT", {}),
            ]
        )
        surface = words[at].strip().rstrip(".")
        start = starts[at]
        spans.append(Span(f"s{n:08x}", layer, label, start, start + len(surface), attributes, surface))
    actors = [s for s in spans if s.layer == "ACTOR"]
    events = [s for s in spans if s.layer == "EVENT"]
    pairs = enumerate(zip(events, actors, strict=False))
    relations = [Relation(f"r{n:08x}", "AGENT", event.id, actor.id) for n, (event, actor) in pairs]
    contents = [s for s in spans if s.label == "CONTENT"]
    claims = [Claim(f"c{n:08x}", None, None, (s.id,), "indirect", "say", "none") for n, s in enumerate(contents)]
    id = f"bench-{number:06}"
    layer = Layer(id, "1.0", len(text), sha256(text), ("ACTOR",), tuple(spans), tuple(relations), tuple(claims))
    document = Document(id, "bench", "included", "cc0", layer.sha256, len(text), "plain/1", "utf-8", title=id)
    return Entry(document, canonical(layer), "bench", "train", text)


def row(entry: Entry, names: dict[str, list[str]]) -> dict[str, Any]:
    """What one would write by hand: a dict a document, labels as names."""

    def attributes(span: Span) -> dict[str, Any]:
        return {name: span.attributes.get(name) for name in names["attributes"]}

    voices = entry.voices
    d = entry.document
    return {
        "id": d.id, "track": entry.track, "source": d.source, "cluster": None, "outlet": None, "outlet_stance": None,
        "outlet_designed": None, "published": None, "url": None, "licence": d.licence, "sha256": entry.layer.sha256,
        "title": d.title, "text": entry.text, "layers": list(entry.layer.layers),
        "spans": [
            {"id": s.id, "layer": s.layer, "label": s.label, "start": s.start, "end": s.end, "text": s.text}
            | attributes(s)
            | {
                "voice": voices[s.id].kind if s.id in voices else None,
                "voice_claim": c.id if s.id in voices and (c := voices[s.id].claim) else None,
            }
            for s in entry.layer.spans
        ],
        "relations": [{"id": r.id, "label": r.label, "head": r.head, "tail": r.tail} for r in entry.layer.relations],
        "claims": [
            {
                "id": c.id, "form": c.form, "act": c.act, "source_status": c.source_status, "medium": c.medium,
                "parent": c.parent, "continues": c.continues, "source": c.source, "cue": c.cue,
                "content": list(c.content),
            }
            for c in entry.layer.claims
        ],
    }  # fmt: skip


def ids(value: Any, feature: Any) -> Any:
    """Label names in a row as ids, as `Dataset.from_list` does by itself and `pa.Table.from_pylist` does not."""
    from datasets import ClassLabel, List

    if isinstance(feature, dict):
        return {name: ids(value[name], inner) for name, inner in feature.items()}
    if isinstance(feature, List):
        return [ids(item, feature.feature) for item in value]
    return feature.str2int(value) if isinstance(feature, ClassLabel) and value is not None else value


def timed(name: str, work: Callable[[], object], number: int, base: float = 0.0) -> float:
    """Run it, print CPU seconds and documents a second, return the seconds."""
    seconds = []
    for _ in range(RUNS):
        before = time.process_time()
        work()
        seconds.append(time.process_time() - before)
    took = median(seconds)
    ratio = f"{base / took:6.1f}x" if base else "     –"
    print(f"{name:48} {took:8.2f} {number / took:12,.0f} {ratio}", flush=True)
    return took


def fresh() -> list[Entry]:
    """The entries without what they remember of an earlier run."""
    return [replace(e) for e in ENTRIES]


def main(number: int) -> None:
    from datasets import Dataset, Features, disable_progress_bars

    disable_progress_bars()
    schema = Schema.load()
    made = table(documents(ENTRIES[:1], schema))
    features = Features.from_arrow_schema(made.schema)
    spans = features["spans"].feature
    fixed = {"id", "layer", "label", "start", "end", "text", "voice", "voice_claim"}
    names = {"attributes": [name for name in spans if name not in fixed]}
    ours, theirs = Path(FOLDER) / "ours.parquet", Path(FOLDER) / "theirs.parquet"

    for e in ENTRIES:
        _ = e.voices
    print(f"{number} documents of {LENGTH} words and {SPANS} spans")
    print(f"{'way':48} {'CPU s':>8} {'documents/s':>12} {'speed':>7}")
    base = timed(
        "Dataset.from_list(…).to_parquet",
        lambda: Dataset.from_list([row(e, names) for e in ENTRIES], features=features).to_parquet(theirs),
        number,
    )
    timed(
        "Dataset.from_generator(…).to_parquet",
        lambda: Dataset.from_generator(
            lambda: (row(e, names) for e in ENTRIES), features=features, cache_dir=tempfile.mkdtemp(dir=FOLDER)
        ).to_parquet(theirs),
        number,
        base,
    )
    timed(
        "pa.Table.from_pylist, pq.write_table",
        lambda: pq.write_table(
            pa.Table.from_pylist([ids(row(e, names), features) for e in ENTRIES], schema=features.arrow_schema), theirs
        ),
        number,
        base,
    )
    timed(
        "columns, zstd, chunked by content (ours)",
        lambda: write_parquet(table(documents(ENTRIES, schema)), ours),
        number,
        base,
    )
    assert pq.read_table(ours).to_pylist() == pq.read_table(theirs).to_pylist(), "the ways made different rows"

    print("\nwhat else a build does with them")
    files = [encode_layer(e.layer).encode() for e in ENTRIES]
    timed("reading gold (codec, every line through pydantic)", lambda: [decode_layer(f) for f in files], number)
    timed("whose voice each event and frame is in", lambda: [e.voices for e in fresh()], number)
    for name, make in list(CONFIGURATIONS.items())[1:]:
        timed(f"configuration {name}, in memory", lambda make=make: table(make(fresh(), schema)), number)


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 5000
    source = random.Random(7)
    ENTRIES = [entry(n, source) for n in range(count)]
    with tempfile.TemporaryDirectory() as FOLDER:
        main(count)
