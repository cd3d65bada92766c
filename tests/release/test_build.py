"""`khabar build` on a real checkout: what is written, what loads, what is refused, what never goes out."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dataset_builder.corpus import Corpus
from dataset_builder.errors import DataError, UsageError
from dataset_builder.release import folder
from dataset_builder.release.content import make_release
from dataset_builder.release.lock import write_lock
from dataset_builder.release.manifest import CANARY
from tests import samples

CONFIGS = ["documents", "entities", "events", "claims", "frames", "standoff"]


def environment(home: Path) -> dict[str, str]:
    """What a child process runs in: no network, a cache of its own."""
    fixed = {"HF_HUB_OFFLINE": "1", "HF_HOME": str(home), "HF_DATASETS_DISABLE_PROGRESS_BARS": "1"}
    root = str(Path(__file__).resolve().parents[2])
    return {**os.environ, **fixed, "PYTHONPATH": root, "COLUMNS": "100"}


def khabar(corpus: Corpus, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "dataset_builder.commands.cli", "--root", str(corpus.root), *arguments]
    return subprocess.run(
        command, env=environment(corpus.root / "hf") | variables, capture_output=True, text=True, check=False
    )


def build(corpus: Corpus, hydrated: bool = False) -> Path:
    corpus = Corpus(corpus.root)
    release = make_release(corpus, hydrated)
    out = corpus.root / "dist" / ("khabar-local" if hydrated else "khabar")
    folder.write(release, corpus, out)
    if not hydrated:
        write_lock(corpus.root, release.lock)
    return out


def contents(out: Path) -> dict[str, bytes]:
    return {p.relative_to(out).as_posix(): p.read_bytes() for p in sorted(out.rglob("*")) if p.is_file()}


def raise_version(corpus: Corpus, version: str) -> None:
    (corpus.root / "annotations" / "release.toml").write_text(f'version = "{version}"\n', "utf8")


@pytest.fixture
def load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    from datasets import load_dataset

    def load(*arguments: Any, **options: Any) -> Any:
        return load_dataset(*arguments, cache_dir=str(tmp_path / "cache"), **options)

    yield load


def test_the_command_builds_shows_and_locks(tmp_path: Path) -> None:
    corpus = samples.make_checkout(tmp_path)
    done = khabar(corpus, "build")
    assert done.returncode == 0, done.stderr
    assert "locked version 0.1.0" in done.stdout
    shown = [line.replace("│", " ").split() for line in done.stdout.splitlines()]
    assert ["composed"] in shown and ["referenced"] in shown
    assert ["words", "51", "35"] in shown and ["words", "36"] in shown
    assert ["EVENT", "spans", "7", "7"] in shown and ["frames", "3", "1"] in shown
    out = tmp_path / "dist" / "khabar"
    files = contents(out)
    assert {"README.md", "SHA256SUMS", "manifest.json", "schema.toml"} <= set(files)
    assert files["schema.toml"] == (tmp_path / "annotations" / "schema.toml").read_bytes()
    listed = dict(reversed(line.split("  ")) for line in files["SHA256SUMS"].decode().splitlines())
    assert listed == {p: hashlib.sha256(d).hexdigest() for p, d in files.items() if p != "SHA256SUMS"}
    manifest = json.loads(files["manifest.json"])
    assert manifest["rows"]["documents"] == {"train": 2, "test": 2}
    assert manifest["labels"]["test"]["EVENT"]["TRANSFER"] == 3
    assert manifest["labels"]["test"]["EVENT"]["CHEMICAL"] == 0
    assert manifest["splits"][0] == {
        "track": "composed",
        "split": "train",
        "documents": 2,
        "words": len(f"{samples.COUNCIL} {samples.WIRE}".split()),
        "spans": {"ACTOR": 8, "LOCATION": 4, "EVENT": 7, "CLAIM": 14, "FRAME": 3},
        "relations": 10,
        "claims": 7,
    }
    assert CANARY in files["README.md"].decode()
    assert manifest["content_sha256"] in files["README.md"].decode()
    assert oct(out.stat().st_mode & 0o777) == "0o755"
    assert [p.name for p in out.parent.iterdir()] == ["khabar"]


def test_every_configuration_loads_streaming_and_not(tmp_path: Path, load: Any) -> None:
    from datasets import ClassLabel, get_dataset_config_names

    out = str(build(samples.make_checkout(tmp_path)))
    assert sorted(get_dataset_config_names(out)) == sorted(CONFIGS)
    assert load(out)["train"][0]["id"] == "composed-9001-a"
    for config in CONFIGS:
        whole, streamed = load(out, config), load(out, config, streaming=True)
        assert list(whole) == list(streamed)
        for split, rows in whole.items():
            stored = pq.read_schema(Path(out) / "data" / config / f"{split}-00000-of-00001.parquet")
            assert rows.features == streamed[split].features
            assert rows.features.arrow_schema.equals(stored)
            assert list(rows) == list(streamed[split])
    spans = load(out)["train"].features["spans"].feature
    assert isinstance(spans["label"], ClassLabel)
    assert spans["label"].int2str(spans["label"].str2int("ARMED_GROUP")) == "ARMED_GROUP"
    assert load(out, "entities")["test"].features["tags"].feature.names[:3] == ["O", "B-STATE", "I-STATE"]
    assert load(out, "events")["test"].features["agents"].feature["label"].names[0] == "STATE"


def test_a_configuration_loads_where_a_split_has_no_rows_of_it(tmp_path: Path, load: Any) -> None:
    corpus = samples.make_checkout(tmp_path)
    bare = replace(samples.bridge(), layers=("ACTOR",), claims=(), relations=())
    corpus.write_layer(replace(bare, spans=tuple(s for s in bare.spans if s.layer == "ACTOR")))
    samples.write_splits(tmp_path, {"composed": {"train": ["composed-9001-a"], "test": ["composed-9002-a"]}})
    out = build(corpus)
    assert json.loads((out / "manifest.json").read_text("utf8"))["rows"]["frames"] == {"train": 2, "test": 0}
    assert {split: len(rows) for split, rows in load(str(out), "frames").items()} == {"train": 2}
    assert {split: len(rows) for split, rows in load(str(out)).items()} == {"train": 1, "test": 1}


def test_bytes_are_equal_whoever_builds(tmp_path: Path) -> None:
    seen = []
    for name, seed in (("one", "1"), ("two", "2")):
        corpus = samples.make_checkout(tmp_path / name, hydrated=name == "two")
        done = khabar(corpus, "build", PYTHONHASHSEED=seed, LC_ALL="C", OMP_NUM_THREADS=seed)
        assert done.returncode == 0, done.stderr
        seen.append(contents(tmp_path / name / "dist" / "khabar"))
    assert seen[0] == seen[1]
    assert (tmp_path / "one/annotations/release.jsonl").read_bytes() == (
        tmp_path / "two/annotations/release.jsonl"
    ).read_bytes()


def text_in(out: Path) -> str:
    """Everything that a build holds: names, files as they are, every Parquet value and piece of metadata decoded."""
    found = []
    for path, data in contents(out).items():
        found += [path, data.decode("utf8", "ignore"), data.decode("utf-16-le", "ignore")]
        if path.endswith(".parquet"):
            table = pq.read_table(out / path)
            found.append(json.dumps(table.to_pylist(), ensure_ascii=False))
            found.append(str(pq.read_metadata(out / path).metadata))
    return "\n".join(found)


def test_no_word_of_a_referenced_text_goes_out(tmp_path: Path) -> None:
    corpus = samples.make_checkout(tmp_path, hydrated=True)
    ours = {word for id, text in samples.TEXTS.items() if id.startswith("composed") for word in text.split()}
    theirs = {word.strip(".:،") for word in samples.FOREIGN.split()}
    held = text_in(build(corpus))
    # A word that a composed text or the card has as well, or that stands inside a longer one there, proves nothing.
    public = samples.make_checkout(tmp_path / "public")
    samples.write_splits(public.root, {"composed": samples.SPLITS["composed"]})
    unsuspicious = text_in(build(public)) + " ".join(ours)
    telling = {word for word in theirs if word not in unsuspicious}
    assert len(telling) > 20
    assert [word for word in telling if word in held] == []
    local = text_in(build(corpus, hydrated=True))
    assert [word for word in telling if word not in local] == []


def test_words_in_a_manifest_are_stopped(tmp_path: Path) -> None:
    corpus = samples.make_checkout(tmp_path)
    manifest = tmp_path / "annotations" / "documents" / "paper.jsonl"
    manifest.write_text(manifest.read_text("utf8").replace("paper.example/1", "paper.example/%D9%82%D8%B3"), "utf8")
    with pytest.raises(DataError, match="holds Arabic words"):
        make_release(Corpus(corpus.root))


def test_a_hydrated_build_has_the_words_and_says_so(tmp_path: Path, load: Any) -> None:
    corpus = samples.make_checkout(tmp_path, hydrated=True)
    out = build(corpus, hydrated=True)
    rows = load(str(out))["train"]
    assert "standoff" not in {p.name for p in (out / "data").iterdir()}
    paper = next(row for row in rows if row["id"] == "paper-0001")
    assert paper["text"] == samples.FOREIGN
    assert paper["track"] == "referenced"
    assert rows.features["availability"].int2str(paper["availability"]) == "referenced"
    assert all(paper["text"][s["start"] : s["end"]] == s["text"] for s in paper["spans"])
    assert len(paper["spans"]) == len(samples.foreign().spans)
    for config in ("entities", "events", "claims", "frames"):
        found = load(str(out), config)["train"]
        kinds = set(map(found.features["availability"].int2str, found["availability"]))
        assert kinds == {"included", "referenced"}
    card = (out / "README.md").read_text("utf8")
    assert "Not for redistribution" in card and "license: other" in card
    assert json.loads((out / "manifest.json").read_text("utf8"))["redistribution"] is False


def test_a_copy_that_differs_is_built_with_moved_gold(tmp_path: Path, load: Any) -> None:
    corpus = samples.make_checkout(tmp_path, hydrated=True)
    copy = "  " + samples.FOREIGN.replace(" ", "  ").replace("،", " ،")
    corpus.text_path(corpus.document("paper-0001")).write_text(copy, "utf8")
    rows = load(str(build(corpus, hydrated=True)))["train"]
    paper = next(row for row in rows if row["id"] == "paper-0001")
    assert paper["text"] == copy
    assert all(copy[s["start"] : s["end"]] == s["text"] for s in paper["spans"])
    assert {s["id"] for s in paper["spans"]} == {s.id for s in samples.foreign().spans}


def test_what_is_not_hydrated_is_counted(tmp_path: Path) -> None:
    corpus = samples.make_checkout(tmp_path)
    done = khabar(corpus, "build", "--hydrated")
    assert done.returncode == 0, done.stderr
    assert "left out: 1 × not hydrated" in done.stdout
    assert not (tmp_path / "annotations" / "release.jsonl").exists()


@pytest.mark.parametrize("where", ["dist/khabar", "articles/build", "annotations"])
def test_hydrated_words_go_to_no_place_that_is_published_or_committed(tmp_path: Path, where: str) -> None:
    corpus = samples.make_checkout(tmp_path, hydrated=True)
    before = contents(tmp_path)
    with pytest.raises(UsageError, match="words that may not be passed on"):
        folder.write(make_release(corpus, hydrated=True), corpus, tmp_path / where)
    assert contents(tmp_path) == before


def test_a_foreign_folder_is_left_alone(tmp_path: Path) -> None:
    corpus = samples.make_checkout(tmp_path / "checkout")
    release = make_release(corpus)
    mine = tmp_path / "mine"
    mine.mkdir()
    folder.write(release, corpus, mine)
    (mine / "notes.txt").write_text("keep", "utf8")
    with pytest.raises(UsageError, match=r"holds notes\.txt, which no build made"):
        folder.write(release, corpus, mine)
    other = tmp_path / "other"
    other.mkdir()
    (other / "thesis.tex").write_text("keep", "utf8")
    with pytest.raises(UsageError, match="not made by `khabar build`"):
        folder.write(release, corpus, other)
    with pytest.raises(UsageError, match="is no folder"):
        folder.write(release, corpus, other / "thesis.tex")
    assert (mine / "notes.txt").read_text("utf8") == (other / "thesis.tex").read_text("utf8") == "keep"


def test_a_build_that_fails_leaves_the_last_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    corpus = samples.make_checkout(tmp_path)
    out = build(corpus)
    before = contents(out)
    raise_version(corpus, "0.2.0")
    monkeypatch.setattr(folder, "sums", lambda _: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        build(corpus)
    assert contents(out) == before
    assert [p.name for p in out.parent.iterdir()] == ["khabar"]


LOAD = """
import sys
from datasets import load_dataset
rows = load_dataset(sys.argv[1], split="train")
print([s["text"] for s in rows[0]["spans"] if s["id"] == sys.argv[2]][0])
"""


def test_a_new_version_on_the_same_path_is_seen_by_a_new_process(tmp_path: Path) -> None:
    corpus = samples.make_checkout(tmp_path)
    place = next(s for s in samples.council().spans if s.text == "سوق البلدة")

    def loaded() -> str:
        command = [sys.executable, "-c", LOAD, str(tmp_path / "dist" / "khabar"), place.id]
        done = subprocess.run(command, env=environment(tmp_path / "hf"), capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    assert khabar(corpus, "build").returncode == 0
    assert loaded() == "سوق البلدة"

    shorter = replace(place, end=place.start + 3, text="سوق")
    spans = tuple(shorter if s.id == place.id else s for s in samples.council().spans)
    samples.edit_layer(corpus, samples.council(), spans=spans)
    refused = khabar(corpus, "build")
    assert refused.returncode == 1
    assert "composed-9001-a changed" in refused.stderr and "composed-9001-b" not in refused.stderr
    assert "raise the version in annotations/release.toml" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert loaded() == "سوق البلدة"

    raise_version(corpus, "0.1.1")
    done = khabar(corpus, "build")
    assert done.returncode == 0, done.stderr
    assert "locked version 0.1.1" in done.stdout
    assert loaded() == "سوق"


def test_broken_gold_is_reported_and_nothing_is_written(tmp_path: Path) -> None:
    corpus = samples.make_checkout(tmp_path)
    gold = corpus.layer_path(corpus.document("composed-9002-a"))
    gold.write_text(gold.read_text("utf8").replace('"tail":"s', '"tail":"sffff', 1), "utf8")
    done = khabar(corpus, "build")
    assert done.returncode == 1
    assert "annotations/gold/composed/composed-9002-a.jsonl" in done.stderr and "Traceback" not in done.stderr
    assert not (tmp_path / "dist" / "khabar").exists()


def test_what_stays_out_is_counted(tmp_path: Path) -> None:
    corpus = samples.make_checkout(tmp_path)
    samples.write_splits(tmp_path, {"composed": {"train": ["composed-9001-a", "composed-9001-b"]}})
    corpus.layer_path(corpus.document("composed-9002-b")).unlink()
    release = make_release(Corpus(tmp_path))
    assert release.selection.left_out == {"in no split": 2, "no gold layer": 1}
    assert {entry.document.id for entry in release.selection.all} == {"composed-9001-a", "composed-9001-b"}


def test_nothing_to_build_is_one_sentence(tmp_path: Path) -> None:
    corpus = samples.make_checkout(tmp_path)
    samples.write_splits(tmp_path, {})
    with pytest.raises(DataError, match="nothing can be built"):
        make_release(corpus)


def test_files_are_small_groups_of_zstd_with_an_index(tmp_path: Path) -> None:
    rows = pa.table({"text": [str(n) for n in range(5000)]})
    folder.write_parquet(rows, tmp_path / "x.parquet")
    metadata = pq.read_metadata(tmp_path / "x.parquet")
    column = metadata.row_group(0).column(0)
    assert (metadata.num_row_groups, metadata.row_group(0).num_rows) == (3, 2000)
    assert column.compression == "ZSTD" and column.has_column_index and column.has_offset_index
