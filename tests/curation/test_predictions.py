"""Predictions from files: three forms lead to the same score, and nothing broken becomes a silent zero."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path
from typing import Any

import pytest

from dataset_builder.codec import encode_layer
from dataset_builder.corpus import Corpus
from dataset_builder.curation.predictions import _ABOUT, read_predictions, unlisted
from dataset_builder.curation.simple import ClaimGiven, json_schema, read_record
from dataset_builder.errors import DataError, UsageError
from dataset_builder.incidents import Incident
from dataset_builder.model import Layer
from tests.cli import HERE, khabar
from tests.samples import make_checkout

ID = "composed-9001-a"


@pytest.fixture
def corpus(tmp_path: Path) -> Corpus:
    return make_checkout(tmp_path / "checkout")


def simple(layer: Layer) -> dict[str, Any]:
    """A layer in the simple form, as a user would write it."""
    return {
        "document": layer.document,
        "layers": list(layer.layers),
        "spans": [
            {"id": s.id, "layer": s.layer, "label": s.label, "start": s.start, "end": s.end, **s.attributes}
            for s in layer.spans
        ],
        "relations": [{"label": r.label, "head": r.head, "tail": r.tail} for r in layer.relations],
        "claims": [
            {k: v for k in ("id", "source", "cue", "content", "form", "act", "source_status", "medium", "parent")
             if (v := getattr(c, k)) is not None} | ({"continues": c.continues} if c.continues else {})
            for c in layer.claims
        ],
    }  # fmt: skip


def _write(path: Path, *records: object) -> Path:
    lines = (r if isinstance(r, str) else json.dumps(r, ensure_ascii=False) for r in records)
    path.write_text("".join(line + "\n" for line in lines), "utf8")
    return path


def _findings(path: Path, corpus: Corpus) -> list[str]:
    with pytest.raises(DataError) as caught:
        read_predictions(path, corpus)
    return [f"{i.line} {i.code}" for i in caught.value.incidents]


def test_gold_scores_one_in_every_form(corpus: Corpus, tmp_path: Path) -> None:
    split = corpus.splits.of(ID)
    assert split is not None
    where = "--track", split.track, "--split", split.name
    golds = [corpus.layer(id) for id in split.documents]
    jsonl = _write(tmp_path / "p.jsonl", *map(simple, golds))
    for predictions in (jsonl, corpus.root / "annotations" / "gold", "gold"):
        done = khabar(corpus, "score", predictions, *where, "--json")
        assert done.code == 0, done.err
        records = json.loads(done.out)
        assert [r["task"] for r in records] == ["entities", "events", "arguments", "claims", "frames", "linking"]
        assert all(r["measures"][r["main"]]["f1"] == 1 for r in records)
        assert records[0]["signature"].startswith(f"task:entities|track:{split.track}|split:{split.name}@")
    shown = khabar(corpus, "score", jsonl, *where, "--labels")
    assert "ACTOR.POLITICAL_BODY" in shown.out and "strict: correct" in shown.out
    same = khabar(corpus, "compare", "gold", jsonl, *where)
    assert same.code == 0 and "+0.000" in same.out and "1.000 – 1.000" in same.out
    signed = records[0]["signature"]
    assert signed in same.out.replace("\n", "") and "documents of" in same.out
    assert "so few events can't make a difference significant at 0.05" in same.out
    found = json.loads(khabar(corpus, "compare", "gold", jsonl, *where, "--task", "entities", "--json").out)[0]
    # All documents of this split tell one event: to swap it or not is all there is, and either is as extreme.
    assert found["signature"] == signed and (found["events"], found["least_p"], found["p"]) == (1, 1.0, 1.0)
    assert (found["documents"], found["first_f1"], found["second_f1"]) == (len(golds), 1.0, 1.0)


def test_json_has_the_counts_of_each_document(corpus: Corpus, tmp_path: Path) -> None:
    """They add up to the figures; with --labels those of labels too. Numbers of one row stand on one line."""
    split = corpus.splits.of(ID)
    assert split is not None
    golds = [simple(corpus.layer(id)) for id in split.documents]
    golds[0]["spans"] = [s for s in golds[0]["spans"] if s["layer"] != "LOCATION"]
    golds[0]["relations"] = []
    path = _write(tmp_path / "p.jsonl", *golds)
    where = "--track", split.track, "--split", split.name, "--json", "--labels"
    done = khabar(corpus, "score", path, *where)
    for record in json.loads(done.out):
        assert [each["document"] for each in record["documents"]] == list(split.documents)
        for measure, figure in record["measures"].items():
            if figure is None:
                continue
            labels = {"all": figure, **figure["labels"]}
            for label, of in labels.items():
                rows = [each["counts"][measure].get(label, [0] * 4) for each in record["documents"]]
                sums = [sum(column) for column in zip(*rows, strict=True)]
                assert [sums[2], sums[1], sums[3]] == pytest.approx([of[n] for n in ("right", "predicted", "gold")])
        if record["task"] == "entities":
            strict, muc = record["measures"]["strict"], record["muc"]["strict"]
            assert muc["correct"] == strict["right"] and 0 < muc["missing"] == strict["gold"] - strict["predicted"]
            assert muc["incorrect"] == muc["partial"] == muc["spurious"] == 0
        else:
            assert "muc" not in record
    assert re.search(r'"all": \[\d+, \d+, \d+, \d+\],?\n', done.out)
    assert "LOCATION" not in json.dumps(json.loads(khabar(corpus, "score", path, *where[:-1]).out)[0]["documents"])


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """A checkout with its dataset built."""
    corpus = make_checkout(tmp_path_factory.mktemp("built") / "checkout")
    assert khabar(corpus, "build").code == 0
    return corpus


def test_rows_of_the_published_dataset(built: Corpus, tmp_path: Path) -> None:
    """The dataset's own rows, as files and as a user saves them, score 1 in every task."""
    from datasets import Dataset, load_dataset

    dist = built.root / "dist" / "khabar"
    layers = read_predictions(dist, built)
    gold = built.layer(ID)
    assert {(s.label, s.start, s.end) for s in layers[ID].spans} == {(s.label, s.start, s.end) for s in gold.spans}
    # Every column that the dataset has beside predictions is known, or its own rows would be refused.
    assert set(rows_of(built)) <= {*_ABOUT, "layers", "spans", "relations", "claims"}
    assert len(layers[ID].claims) == len(gold.claims) and len(layers[ID].relations) == len(gold.relations)
    rows = load_dataset(str(dist), "documents", split="test", cache_dir=str(tmp_path / "cache"))
    rows.save_to_disk(str(tmp_path / "saved"))
    rows.to_parquet(str(tmp_path / "rows.parquet"))
    # As a system's author would make it: names in place of class numbers, and only what is needed.
    kept = ("layers", "spans", "relations", "claims")
    golds = [(row["id"], simple(built.layer(row["id"]))) for row in rows]
    plain = [{"id": id} | {name: gold[name] for name in kept} for id, gold in golds]
    Dataset.from_list(plain).save_to_disk(str(tmp_path / "plain"))
    for path in (dist, tmp_path / "saved", tmp_path / "rows.parquet", tmp_path / "plain"):
        done = khabar(built, "score", path, "--json")
        assert done.code == 0, (path, done.err)
        records = json.loads(done.out)
        assert len(records) == 6 and all(r["measures"][r["main"]]["f1"] == 1 for r in records), path


def rows_of(built: Corpus) -> list[str]:
    """The columns of both configurations whose rows can be predictions."""
    import pyarrow.parquet as pq

    found = sorted((built.root / "dist" / "khabar" / "data").glob("*/*.parquet"))
    return [n for path in found if path.parent.name in ("documents", "standoff") for n in pq.read_schema(path).names]


def test_broken_rows_are_named_with_their_number(built: Corpus, tmp_path: Path) -> None:
    from datasets import Dataset

    def findings(name: str, *rows: dict[str, Any]) -> list[str]:
        Dataset.from_list(list(rows)).save_to_disk(str(tmp_path / name))
        return _findings(tmp_path / name, built)

    good = {"id": "composed-9001-b", "layers": ["ACTOR"], "spans": [SPAN]}
    assert findings("a", good, {"id": ID, "layers": ["ACTOR"], "spans": [SPAN | {"label": "NATION"}]}) == [
        "2 unknown-label"
    ]
    assert findings("b", good, {"id": ID, "layers": ["ACTOR"], "spans": [SPAN | {"end": 10**6}]}) == ["2 offset-range"]
    assert findings("c", good, {"id": ID, "layers": None, "spans": [SPAN]}) == ["2 missing-key"]
    assert findings("d", good | {"sha256": "0" * 64}) == ["1 text-differs"]
    Dataset.from_list([{"document": ID}]).save_to_disk(str(tmp_path / "e"))
    with pytest.raises(UsageError, match="no column 'layers'"):
        read_predictions(tmp_path / "e", built)
    Dataset.from_list([good | {"relation": [{"label": "AGENT"}]}]).save_to_disk(str(tmp_path / "g"))
    with pytest.raises(UsageError, match=r"column 'relation' is none of predictions \(did you mean 'relations'\?\)"):
        read_predictions(tmp_path / "g", built)
    assert findings("h", good, {"id": ID, "layers": ["ACTOR"], "spans": None}) == ["2 missing-key"]
    assert findings("i", good | {"text": "other words"}) == ["1 text-differs"]
    assert findings("j", good | {"spurious": {"ACTOR.KING": 2}}) == ["1 unknown-label"]
    (tmp_path / "f.parquet").write_bytes(b"PAR1")
    assert "no dataset that can be read" in khabar(built, "score", tmp_path / "f.parquet").err
    other = built.root / "dist" / "khabar" / "data" / "claims" / "test-00000-of-00001.parquet"
    assert "columns of configuration `documents`" in khabar(built, "score", other).err


EMPTY = {"document": "composed-9001-b", "layers": ["ACTOR"], "spans": []}
SPAN = {"layer": "ACTOR", "label": "STATE", "start": 0, "end": 4}


@pytest.mark.parametrize(
    ("record", "finding"),
    [
        ('{"document": "composed', "2 bad-json"),
        ({"document": ID}, "2 missing-key"),
        ({"document": ID, "layers": ["ACTOR"], "text": "x"}, "2 unknown-key"),
        ({"document": "composed-0000-z", "layers": ["ACTOR"]}, "2 unknown-document"),
        ({"document": ID, "layers": ["ACTOR"], "spans": [SPAN | {"end": 10**6}]}, "2 offset-range"),
        ({"document": ID, "layers": ["ACTOR"], "spans": [SPAN | {"start": 4}]}, "2 offset-range"),
        ({"document": ID, "layers": ["ACTOR"], "spans": [SPAN | {"start": 9}]}, "2 offset-range"),
        ({"document": ID, "layers": ["ACTOR"], "spans": [SPAN | {"start": -1}]}, "2 bad-value"),
        ({"document": ID, "layers": ["ACTOR"], "spans": [SPAN | {"start": "0"}]}, "2 bad-value"),
        ({"document": ID, "layers": ["ACTOR"], "spans": [SPAN | {"end": 4.0}]}, "2 bad-value"),
        ({"document": ID, "layers": ["ACTOR"], "spans": [SPAN | {"start": True}]}, "2 bad-value"),
        ({"document": ID, "layers": ["ACTOR"], "spans": [SPAN | {"end": float("nan")}]}, "2 bad-value"),
        ({"document": ID, "layers": ["ACTOR"], "spans": [SPAN | {"end": None}]}, "2 bad-value"),
        ({"document": ID, "layers": ["ACTOR"], "spans": [SPAN | {"text": "زيد"}]}, "2 surface-mismatch"),
        ({"document": ID, "layers": ["ACTOR"], "spans": [SPAN, SPAN]}, "2 span-repeated"),
        ({"document": ID, "layers": []}, "2 bad-value"),
        ({"document": ID, "layers": None}, "2 missing-key"),
        ({"document": f" {ID}", "layers": ["ACTOR"]}, "2 unknown-document"),
        ([{"document": ID, "layers": ["ACTOR"]}], "2 bad-value"),
        ('\n{"document": "composed-9002-a", "layers": ["ACTOR"], "spans": []}', "2 bad-json"),
        ({"document": ID, "layers": ["ACTOR"], "spans": None}, "2 missing-key"),
        ({"document": ID, "layers": ["ACTOR"], "spans": [SPAN | {"entity": float("nan")}]}, "2 bad-value"),
        ({"document": ID, "layers": ["ACTOR"], "relation": []}, "2 unknown-key"),
        ("null", "2 bad-value"),
        (f'{{"document": "{ID}", "document": "{ID}", "layers": ["ACTOR"]}}', "2 bad-json"),
        ({"document": ID, "layers": ["ACTOR"], "spans": [SPAN | {"label": "NATION"}]}, "2 unknown-label"),
        ({"document": ID, "layers": ["CLAIM"], "spans": [SPAN]}, "2 layer-not-declared"),
        ({"document": ID, "layers": ["ACTORS"]}, "2 unknown-layer"),
        (
            {"document": ID, "layers": ["EVENT"], "relations": [{"label": "AGENT", "head": "1", "tail": "2"}]},
            "2 dangling-reference",
        ),
        ({"document": "composed-9001-b", "layers": ["ACTOR"]}, "2 document-repeated"),
        (
            {"document": ID, "layers": ["ACTOR"], "spans": [SPAN | {"id": "1"}, SPAN | {"id": "1", "start": 1}]},
            "2 duplicate-id",
        ),
    ],
)
def test_what_is_broken_is_named_with_its_line(corpus: Corpus, tmp_path: Path, record: object, finding: str) -> None:
    first = {"document": "composed-9001-b", "layers": ["ACTOR"], "spans": []}
    record = {"spans": [], **record} if isinstance(record, dict) else record
    assert finding in _findings(_write(tmp_path / "p.jsonl", first, record), corpus)


def test_how_the_file_is_packed_does_not_matter(corpus: Corpus, tmp_path: Path) -> None:
    """A byte-order mark, CRLF, no last line end and gzip lead to the same layers; what can't be unpacked is said."""
    plain = _write(tmp_path / "p.jsonl", simple(corpus.layer(ID)), EMPTY)
    expected, data = read_predictions(plain, corpus), plain.read_bytes()
    packed = gzip.compress(data)
    forms = {"bom": b"\xef\xbb\xbf" + data, "crlf": data.replace(b"\n", b"\r\n"), "open": data[:-1], "p.gz": packed}
    forms |= {"blank": data + b"\n", "blanks": data + b"\r\n \n\n"}
    for name, content in forms.items():
        (tmp_path / name).write_bytes(content)
        assert read_predictions(tmp_path / name, corpus) == expected, name
    (tmp_path / "cut.gz").write_bytes(packed[:-9])
    with pytest.raises(DataError, match="can't be unpacked"):
        read_predictions(tmp_path / "cut.gz", corpus)
    (tmp_path / "utf16").write_bytes(data.decode("utf8").encode("utf-16"))
    assert "1 encoding" in _findings(tmp_path / "utf16", corpus)


def test_a_broken_program_does_not_flood_the_screen(corpus: Corpus, tmp_path: Path) -> None:
    path = _write(tmp_path / "p.jsonl", *[{"document": ID, "spans": []} for _ in range(500)])
    done = khabar(corpus, "score", path)
    assert done.code == 1 and "500 findings, the first 20 are shown" in done.err
    assert len(done.err.splitlines()) < 25


def test_the_json_schema_is_the_one_in_the_documentation() -> None:
    """It is made from the models that read predictions: `json_schema()`, indented by one."""
    kept = json.loads((HERE / "docs" / "predictions.schema.json").read_text("utf8"))
    assert kept == json.loads(json.dumps(json_schema()))
    example = re.search(r"```json\n *(.+?)\n", (HERE / "docs" / "benchmark.md").read_text("utf8"))
    assert example is not None
    record = json.loads(example[1])
    assert set(record) <= set(kept["properties"]) and set(kept["required"]) == {"document", "layers", "spans"}
    found: list[Incident] = []
    assert read_record(record, "example", 1, found) is not None and not found


def test_a_document_without_prediction_is_no_zero(corpus: Corpus, tmp_path: Path) -> None:
    path = _write(tmp_path / "p.jsonl", simple(corpus.layer(ID)))
    split = corpus.splits.of(ID)
    assert split is not None and len(split.documents) > 1
    where = "--track", split.track, "--split", split.name
    refused = khabar(corpus, "score", path, *where)
    assert refused.code == 2 and "have no prediction" in refused.err
    partial = khabar(corpus, "score", path, *where, "--partial")
    assert partial.code == 0 and "documents:1@" in partial.out
    bare = _write(tmp_path / "q.jsonl", simple(corpus.layer(ID)) | {"relations": [], "claims": []})
    both = khabar(corpus, "compare", path, bare, *where, "--partial")
    # What the second never predicts is a zero of another kind, and said of it alone.
    assert both.code == 0 and f"{bare}: no claim is predicted in any document: claims is 0" in both.err
    assert f"{path}: " not in both.err


def _facts(path: Path, corpus: Corpus, *records: object) -> str:
    with pytest.raises(DataError) as caught:
        read_predictions(_write(path, *records), corpus)
    return "\n".join(map(str, caught.value.incidents))


def test_what_is_missing_or_misspelt_is_said_in_its_words(corpus: Corpus, tmp_path: Path) -> None:
    path = tmp_path / "p.jsonl"
    assert "'document' is missing" in _facts(path, corpus, {"layers": ["ACTOR"], "spans": []})
    told = _facts(path, corpus, {"id": ID, "layers": ["ACTOR"], "spans": []})
    assert "'id' is no key of a prediction; did you mean 'document'?" in told and "missing-key" not in told
    told = _facts(path, corpus, {"document": ID, "layers": ["ACTOR"], "span": [SPAN]})
    assert "did you mean 'spans'?" in told and "missing-key" not in told
    assert "'spans' is missing; an empty list says" in _facts(path, corpus, {"document": ID, "layers": ["ACTOR"]})
    assert "is one JSON object, not ['x']" in _facts(path, corpus, ["x"])
    assert "the line is empty" in _facts(path, corpus, "", EMPTY)
    assert "Expecting value at column 12" in _facts(path, corpus, '{"spans": [}')
    assert "is one JSON object, not 'x'" in _facts(path, corpus, '"x"')
    told = _facts(path, corpus, {"document": ID, "layers": ["ACTOR"], "spans": [SPAN | {"entity": float("nan")}, 3]})
    assert "spans.0.entity: should be text or a whole number (got nan)" in told
    assert "spans.1: a span is one JSON object, not 3" in told
    told = _facts(path, corpus, EMPTY | {"relations": [{"label": "AGENT", "head": "1", "tial": "2"}]})
    assert "'relations.0.tial' is no key of a relation; did you mean 'tail'?" in told
    assert "did you mean 'composed-9001-b'" in _facts(path, corpus, EMPTY | {"document": "composed-9001b"})


def test_remedies_are_those_of_a_program(corpus: Corpus, tmp_path: Path) -> None:
    """Nobody mends what a system wrote with the tools of annotators."""
    wrong = {"document": ID, "layers": ["ACTOR"], "spans": [SPAN | {"text": "زيد"}, SPAN | {"end": 10**6}]}
    done = khabar(corpus, "score", _write(tmp_path / "p.jsonl", wrong, EMPTY | {"spans": 3}, "{"))
    assert done.code == 1 and all(code in done.err for code in ("surface-mismatch", "offset-range", "bad-json"))
    assert "UTF-16" in done.err and "in the program that wrote" in done.err
    assert not any(tool in done.err for tool in ("khabar sheet", "khabar fmt", "restore"))


def test_files_are_known_by_what_is_in_them(corpus: Corpus, tmp_path: Path) -> None:
    """A layer file by itself, simple JSONL in a folder, and packed files there are read like any other."""
    folder, gold = tmp_path / "p", corpus.layer(ID)
    folder.mkdir()
    layer = folder / f"{ID}.jsonl"
    layer.write_text(encode_layer(gold), "utf8")
    assert read_predictions(layer, corpus) == {ID: gold}
    (folder / "b.jsonl.gz").write_bytes(gzip.compress(json.dumps(EMPTY).encode()))
    _write(folder / "c.jsonl", EMPTY | {"document": "composed-9002-a"})
    assert sorted(read_predictions(folder, corpus)) == [ID, "composed-9001-b", "composed-9002-a"]
    _write(folder / "d.jsonl", EMPTY)
    assert _findings(folder, corpus) == ["1 document-repeated"]
    (folder / "d.jsonl").write_text(encode_layer(gold)[:-30], "utf8")
    assert _findings(folder, corpus)[0].endswith("bad-json")
    (tmp_path / "q").mkdir()
    with pytest.raises(UsageError, match=r"no file in it ends in \.jsonl"):
        read_predictions(tmp_path / "q", corpus)


def test_what_stands_nowhere_comes_through_rows(corpus: Corpus, tmp_path: Path) -> None:
    """Rows that have different names: a column has all of them, and null is none."""
    from datasets import ClassLabel, Dataset, Features, List, Value

    rows = [{"id": ID, **{k: EMPTY[k] for k in ("layers", "spans")}, "spurious": {"ACTOR.STATE": 2, "CLAIM": 1}}]
    rows += [{"document": "composed-9001-b", "layers": ["ACTOR"], "spans": [], "spurious": {"AGENT": 3}}]
    same = [{"id": r.get("id") or r["document"], **{k: r[k] for k in ("layers", "spans", "spurious")}} for r in rows]
    Dataset.from_list(same).to_parquet(str(tmp_path / "p.parquet"))
    read = read_predictions(tmp_path / "p.parquet", corpus)
    assert [read[id].spurious for id in sorted(read)] == [{"ACTOR.STATE": 2, "CLAIM": 1}, {"AGENT": 3}]
    Dataset.from_list([same[0] | {"given": ["triggers"]}]).to_parquet(str(tmp_path / "g.parquet"))
    assert read_predictions(tmp_path / "g.parquet", corpus)[ID].given == ("triggers",)
    Dataset.from_list(rows[1:]).to_parquet(str(tmp_path / "q.parquet"))
    assert read_predictions(tmp_path / "q.parquet", corpus)["composed-9001-b"].spurious == {"AGENT": 3}
    label = ClassLabel(names=["STATE"])
    span = {"layer": Value("string"), "label": label, "start": Value("int32"), "end": Value("int32")}
    features = Features({"id": Value("string"), "layers": List(Value("string")), "spans": List(span)})
    unlabelled = [{"id": ID, "layers": ["ACTOR"], "spans": [SPAN | {"label": -1}]}]
    Dataset.from_list(unlabelled, features=features).to_parquet(str(tmp_path / "r.parquet"))
    assert _findings(tmp_path / "r.parquet", corpus) == ["1 unknown-label"]


def test_ids_that_the_list_lacks_are_counted(corpus: Corpus, tmp_path: Path) -> None:
    known = next(iter(corpus.entities))
    ids = [known, "q1", "q1", "q2", "q3", "q4"]
    spans = [SPAN | {"start": n, "end": n + 1, "entity": id} for n, id in enumerate(ids)]
    path = _write(tmp_path / "p.jsonl", EMPTY | {"spans": [*spans, SPAN | {"entity": None}]})
    assert unlisted(read_predictions(path, corpus), corpus) == (
        "5 of 6 predicted entity ids are not in annotations/entities.jsonl and count as wrong "
        "(4 different: q1, q2, q3, …)"
    )
    assert unlisted({ID: corpus.layer(ID)}, corpus) == ""


def test_unknown_names_get_suggestions(corpus: Corpus, tmp_path: Path) -> None:
    path = _write(tmp_path / "p.jsonl", simple(corpus.layer(ID)))
    assert "entities" in khabar(corpus, "score", path, "--task", "entitys", "--partial").err
    assert "composed" in khabar(corpus, "score", path, "--track", "compose").err
    assert "no such file" in khabar(corpus, "score", tmp_path / "none.jsonl").err
    with pytest.raises(UsageError, match="no prediction is in it"):
        read_predictions(_write(tmp_path / "empty.jsonl"), corpus)
    assert khabar(corpus, "compare", path).code == 2
    assert "each once" in khabar(corpus, "compare", path, path).err


def test_layers_that_were_not_looked_for_are_said(corpus: Corpus, tmp_path: Path) -> None:
    """No task needs actors alone, so nothing can be scored; with places the entities can, and the rest is named."""
    split = corpus.splits.of(ID)
    assert split is not None
    where = "--track", split.track, "--split", split.name, "--partial"
    alone = khabar(
        corpus, "score", _write(tmp_path / "a.jsonl", {"document": ID, "layers": ["ACTOR"], "spans": []}), *where
    )
    assert alone.code == 2 and "no task can be scored" in alone.err
    both = {"document": ID, "layers": ["ACTOR", "LOCATION"], "spans": []}
    done = khabar(corpus, "score", _write(tmp_path / "b.jsonl", both), *where)
    assert done.code == 0 and f"events is left out: {ID} has no layer EVENT" in done.err
    # Not all of the split was scored: the signature says which documents were.
    assert "documents:1@" in done.out


def test_an_empty_string_is_null() -> None:
    claim = ClaimGiven.model_validate({"source": "", "cue": "", "content": ["1"], "parent": "", "continues": ""})
    assert (claim.source, claim.cue, claim.parent, claim.continues) == (None, None, None, None)
