"""This repository's own data: valid, buildable, loadable; its referenced texts are found where copies are at hand."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

import pytest

from dataset_builder.corpus import Corpus
from dataset_builder.formats.sheet import read, write
from dataset_builder.lexicon import Lexicon
from dataset_builder.schema import Schema
from dataset_builder.validation import validate
from tests.cli import HERE, khabar, run

CONFIGURATIONS = ("documents", "entities", "events", "claims", "frames", "standoff")
SEED = "shaam-000-96f747cc30f1cb0f"


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """The repository's data in a checkout of its own, without anything that was hydrated here."""
    root = tmp_path_factory.mktemp("repository") / "checkout"
    for name in ("annotations", "splits", "articles/composed"):
        shutil.copytree(HERE / name, root / name)
    return Corpus(root)


@pytest.fixture(scope="module")
def built(checkout: Corpus) -> Path:
    done = khabar(checkout, "build")
    assert done.code == 0, done.err
    return checkout.root / "dist" / "khabar"


def test_it_is_valid_without_any_referenced_text(checkout: Corpus) -> None:
    assert [str(i) for i in validate(checkout) if i.is_error] == []
    assert khabar(checkout, "fmt", "--check").code == 0


def test_every_kept_document_has_gold_in_all_layers_and_stands_in_a_split(checkout: Corpus) -> None:
    placed = checkout.splits.placed
    for document in checkout.documents.values():
        if document.duplicate_of or document.excluded:
            assert document.id not in placed
            continue
        layer = checkout.layer(document.id)
        assert set(layer.layers) == set(checkout.schema.layers) and document.id in placed
        assert layer.spans


def test_what_was_annotated_first_tenth_and_last(checkout: Corpus) -> None:
    layers = [checkout.layer(document.id) for document in checkout.annotated()]
    assert len(layers) >= 470
    first = checkout.layer("composed-0001-a")
    span = next(s for s in first.spans if s.layer == "EVENT")
    assert (span.label, span.text, span.attributes["status"]) == ("DISPLACEMENT", "يصلون", "occurred")
    seed = checkout.layer(SEED)
    assert (len(seed.spans), len(seed.relations), len(seed.claims)) == (140, 85, 10)
    assert all(s.text is None and s.anchor for s in seed.spans)


@pytest.mark.parametrize("configuration", CONFIGURATIONS)
@pytest.mark.parametrize("streaming", [False, True], ids=["loaded", "streamed"])
def test_every_configuration_loads_with_its_labels(
    built: Path, tmp_path: Path, configuration: str, streaming: bool
) -> None:
    from datasets import ClassLabel, load_dataset

    loaded = load_dataset(str(built), configuration, streaming=streaming, cache_dir=str(tmp_path))
    assert set(loaded) == {"train", "validation", "test"}
    features = loaded["train"].features
    spans = features["spans"].feature if "spans" in features else features
    label = next(spans[name] for name in ("label", "code", "act") if name in spans)
    assert isinstance(label, ClassLabel) and len(label.names) > 3
    assert next(iter(loaded["test"]))


def test_the_readme_example_runs_as_it_stands(checkout: Corpus, built: Path) -> None:
    example = re.search(r"```python\n(from datasets.*?)```", (HERE / "README.md").read_text("utf8"), re.DOTALL)
    assert example is not None and built.is_dir()
    done = run(checkout, "-c", example[1])
    said = done.out.splitlines()
    assert done.code == 0 and len(said) > 40 and all(line.count(" | ") >= 2 for line in said), done.err


def test_no_letter_of_a_referenced_text_is_in_the_dataset(built: Path) -> None:
    import pyarrow.parquet as pq

    for path in (built / "data" / "standoff").glob("*.parquet"):
        assert not re.search("[\u0621-\u064a]", str(pq.read_table(path).to_pylist()))


def test_the_seed_article_hydrates_and_stands_in_documents(
    checkout: Corpus, built: Path, shared_raw: Path, tmp_path: Path
) -> None:
    from datasets import load_dataset

    done = khabar(checkout, "hydrate", shared_raw)
    assert done.code == 0 and f"{SEED}: exact (140 spans)" in done.out and "not found" not in done.out
    assert khabar(checkout, "validate").code == 0
    assert khabar(checkout, "build", "--hydrated").code == 0
    local = load_dataset(str(checkout.root / "dist" / "khabar-local"), split="test", cache_dir=str(tmp_path))
    seed = next(row for row in local if row["id"] == SEED)
    assert seed["text"] == (shared_raw / "000_96f747cc30f1cb0f.txt").read_text("utf8")
    assert len(seed["spans"]) == 140
    assert all(seed["text"][s["start"] : s["end"]] == s["text"] for s in seed["spans"])
    # What is published does not depend on whether texts are at hand.
    before = (built / "SHA256SUMS").read_bytes()
    assert khabar(checkout, "build").code == 0
    assert (checkout.root / "dist" / "khabar" / "SHA256SUMS").read_bytes() == before


def test_every_gold_layer_survives_the_way_through_a_sheet(checkout: Corpus) -> None:
    schema = Schema.load(checkout.root / "annotations" / "schema.toml")
    for document in checkout.annotated():
        if not document.is_included:
            continue
        layer, text = checkout.layer(document.id), checkout.text(document)
        assert text is not None
        back, found = read(write(layer, text, schema), document.id, text, document.sha256, schema)
        assert found == []
        assert {(s.layer, s.label, s.start, s.end) for s in back.spans} == {
            (s.layer, s.label, s.start, s.end) for s in layer.spans
        }
        assert len(back.relations) == len(layer.relations) and len(back.claims) == len(layer.claims)


def test_no_benchmark_takes_the_name_of_a_module_of_python() -> None:
    """A script's folder is searched first: a `queue.py` in it breaks every script that needs Python's own."""
    names = {path.stem for path in (HERE / "benchmarks").glob("*.py")}
    assert names and not names & sys.stdlib_module_names


def test_every_cue_and_loaded_term_is_in_the_lexicon(checkout: Corpus) -> None:
    """Of the articles whose words are here; the lists are what bias figures look words up in."""
    cues, terms = Lexicon(checkout.cues.values()), Lexicon(checkout.loaded_terms.values())
    missing = set()
    for document in checkout.annotated():
        layer = checkout.layer(document.id)
        for span in layer.spans if document.is_included else ():
            if (span.label == "CUE" and cues.find(span.text or "") is None) or (
                span.layer == "FRAME" and terms.find(span.text or "") is None
            ):
                missing.add(span.text)
    # Of "تقارير … وأخرى" the noun itself is left out; as a word of the lexicon أخرى would be found everywhere.
    assert missing <= {"أخرى"}
    assert {cue.factivity for cue in checkout.cues.values()} == {"endorsing", "neutral", "distancing"}
