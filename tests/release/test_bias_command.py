"""`khabar bias` as a user runs it, and what the repository's own lists must hold for it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dataset_builder.codec import dump
from dataset_builder.corpus import Corpus
from dataset_builder.errors import DataError, UsageError
from dataset_builder.lists import Outlet, Place, encode_list
from dataset_builder.release.bias import Terms
from tests.cli import khabar
from tests.samples import FOREIGN, make_checkout

ROOT = Path(__file__).resolve().parent.parent.parent
AUDIT = "annotations/audit.toml"


@pytest.fixture
def corpus(tmp_path: Path) -> Corpus:
    return make_checkout(tmp_path / "checkout")


def _report(corpus: Corpus, *arguments: str) -> dict:  # type: ignore[type-arg]
    where = corpus.root / "work" / "bias.json"
    done = khabar(corpus, "bias", "--json", where, *arguments)
    assert done.code == 0, done.err
    return json.loads(where.read_text("utf8"))["reports"]


def test_every_track_has_a_report_of_its_own_with_signature_and_definitions(corpus: Corpus) -> None:
    composed, referenced = _report(corpus)
    assert [composed["track"], referenced["track"]] == ["composed", "referenced"]
    assert "track:composed|layer:gold|data:0.1.0|documents:4|texts:4|drawn:documents" in composed["signature"]
    for figure in composed["figures"]:
        assert figure["heading"] and figure["definition"] and figure["unit"]
        assert all(len(row["keys"]) == len(figure["axes"]) for row in figure["rows"])
        # Four documents are too few for any share.
        assert all(row["value"] is None and "too few" in row["note"] for row in figure["rows"])


def test_words_are_used_only_where_asked_and_never_shown(tmp_path: Path) -> None:
    corpus = make_checkout(tmp_path / "checkout", hydrated=True)

    def figure(report: dict, id: str) -> dict:  # type: ignore[type-arg]
        return next(each for each in report["figures"] if each["id"] == id)

    (without,) = _report(corpus, "--track", "referenced")
    (with_words,) = _report(corpus, "--track", "referenced", "--hydrated")
    assert (without["texts"], with_words["texts"]) == (0, 1)
    assert figure(without, "words-by-side")["rows"] == [] and figure(with_words, "words-by-side")["rows"]
    assert figure(without, "claims-by-side")["rows"] == figure(with_words, "claims-by-side")["rows"]
    page = khabar(corpus, "bias", "--track", "referenced", "--hydrated").out
    shown = json.dumps(with_words, ensure_ascii=False) + page
    headings = {word for each in with_words["figures"] for word in each["definition"].split()}
    assert [word for word in FOREIGN.split() if len(word) > 3 and word in shown and word not in headings] == []


def test_any_layer_is_audited_and_two_runs_give_the_same_bytes(corpus: Corpus) -> None:
    spans = [{"id": "1", "layer": "ACTOR", "label": "STATE", "start": 0, "end": 4}]
    record = {"document": "composed-9002-a", "layers": ["ACTOR"], "spans": spans}
    (corpus.root / "work").mkdir()
    (corpus.root / "work" / "system.jsonl").write_text(dump(record) + "\n", "utf8")
    (found,) = _report(corpus, "--layer", "work/system.jsonl")
    assert found["layer"] == "system.jsonl" and found["documents"] == 1
    claims = next(each for each in found["figures"] if each["id"] == "claims-by-side")
    assert claims["missing"] == "1 documents: layer CLAIM was not annotated"
    pages = [khabar(corpus, "bias", "--track", "composed").out for _ in range(2)]
    assert pages[0] == pages[1] and pages[0].startswith("## Track composed")


def test_composed_outlets_are_headed_as_designed(corpus: Corpus) -> None:
    outlets = corpus.root / "annotations" / "outlets.jsonl"
    styles = [Outlet(id=i, name=i, stance="x", designed=True) for i in ("style-council", "style-wire")]
    outlets.write_text(encode_list({o.id: o for o in styles}), "utf8")
    out = khabar(corpus, "bias", "--markdown", corpus.root / "work" / "bias.md").err
    page = (corpus.root / "work" / "bias.md").read_text("utf8")
    assert "wrote" in out and "## Track composed: designed, not found" in page
    assert "## Track referenced: found" in page


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--track", "compsed"], "did you mean 'composed'?"),
        (["--layer", "passes/nobody"], "passes/nobody"),
        (["--json", "work"], "a folder; name the file"),
    ],
)
def test_a_mistake_is_one_sentence(corpus: Corpus, arguments: list[str], said: str) -> None:
    (corpus.root / "work").mkdir()
    done = khabar(corpus, "bias", *arguments)
    assert done.code in (1, 2) and said in done.err and "Traceback" not in done.err


def test_a_broken_or_missing_list_of_what_counts_is_named(corpus: Corpus) -> None:
    path = corpus.root / AUDIT
    text = path.read_text("utf8")
    path.write_text(text.replace('"MOB"', '"MOBB"'), "utf8")
    with pytest.raises(UsageError, match=r"no EVENT label \(in annotations/audit.toml\) 'MOBB'; did you mean 'MOB'"):
        Terms.load(corpus)
    path.write_text("violent_groups = 3\n", "utf8")
    with pytest.raises(DataError, match=r"annotations/audit.toml: can't be read"):
        Terms.load(corpus)
    path.unlink()
    with pytest.raises(DataError, match="is missing"):
        Terms.load(corpus)


def test_the_repositorys_lists_know_every_place_outlet_and_governorate() -> None:
    corpus = Corpus(ROOT)
    terms = Terms.load(corpus)
    used = {
        span.attributes["geonames"]
        for document in corpus.annotated()
        for span in corpus.layer(document.id).of("LOCATION")
        if "geonames" in span.attributes
    }
    assert used - set(corpus.places) == set() and set(corpus.places) - used == set()
    assert {document.outlet for document in corpus.annotated()} <= set(corpus.outlets)
    named = {place.governorate for place in corpus.places.values() if place.governorate}
    assert named | {each.governorate for each in corpus.clusters.values()} <= set(terms.counted.governorates)
    assert all(place.country == "Syria" for place in corpus.places.values() if place.governorate)


def test_a_place_without_a_country_is_no_place() -> None:
    with pytest.raises(ValueError, match="country"):
        Place.model_validate({"id": "1", "name": "Aleppo"})
