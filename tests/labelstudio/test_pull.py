"""Annotations back from a server or a file: whole ones become passes, the others are named, nothing is believed."""

from __future__ import annotations

import json
import subprocess
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from dataset_builder.codec import encode_layer, encode_manifest
from dataset_builder.commands import context
from dataset_builder.commands.cli import app
from dataset_builder.commands.pull import store, tasks_of
from dataset_builder.commands.push import push_documents
from dataset_builder.corpus import Corpus, sha256
from dataset_builder.curation.reading import readable
from dataset_builder.errors import DataError, KhabarError, UsageError
from dataset_builder.files import write_atomic
from dataset_builder.labelstudio.client import ServerError, connect
from dataset_builder.labelstudio.export import read_export, read_tasks
from dataset_builder.labelstudio.people import parse_people, people_path, read_people, write_people
from dataset_builder.labelstudio.pull import Pulled, pull
from dataset_builder.schema import Schema
from dataset_builder.validation import validate
from tests.conftest import ROOT
from tests.labelstudio.fake import TOKEN, URL, Studio, broken, failing
from tests.samples import documents, make_checkout

SCHEMA = Schema.load()
IDS = ["composed-9001-a", "composed-9001-b", "composed-9002-a", "composed-9002-b", "paper-0001"]
PEOPLE = {"amal@example.org": "amal", "1": "admin"}


@pytest.fixture
def corpus(tmp_path: Path) -> Corpus:
    return make_checkout(tmp_path, hydrated=True)


@pytest.fixture
def studio(corpus: Corpus) -> Studio:
    """A server that has all five documents with their gold to start from."""
    studio = Studio()
    there = connect(URL, TOKEN, studio.transport)
    gold = ("gold", lambda document, text: readable(corpus, document.id).layer)
    push_documents(corpus, there, "Khabar", IDS, tuple(SCHEMA.layers), gold)
    return studio


def pulled(corpus: Corpus, studio: Studio) -> Pulled:
    return pull(tasks_of(connect(URL, TOKEN, studio.transport), "Khabar"), corpus, PEOPLE)


def codes(found: Pulled) -> list[str]:
    return [incident.code for incident in found.found]


def test_every_annotation_becomes_a_pass_with_its_ids(corpus: Corpus, studio: Studio) -> None:
    for id in IDS:
        studio.annotate(studio.task_of(id))
    came = pulled(corpus, studio)
    assert came.found == [] and [hand for hand, _ in came.layers] == ["passes/amal"] * 5
    assert store(corpus, came) == 5
    for id in IDS:
        stored, gold = corpus.layer(id, "passes/amal"), corpus.layer(id)
        assert replace(stored, annotator="", guidelines="") == replace(gold, annotator="", guidelines="")
        assert (stored.annotator, stored.guidelines) == ("amal", corpus.guidelines_sha256)
    # The words of a text that is not ours are not in its pass.
    assert "text" not in (corpus.root / "annotations/passes/amal/paper/paper-0001.jsonl").read_text("utf8")
    assert [str(incident) for incident in validate(Corpus(corpus.root))] == []


def test_pulling_again_changes_nothing(corpus: Corpus, studio: Studio) -> None:
    studio.annotate(1)
    assert store(corpus, pulled(corpus, studio)) == 1
    assert store(corpus, pulled(corpus, studio)) == 0 and pulled(corpus, studio).layers == []


def test_a_pass_keeps_the_guidelines_that_its_annotator_had(corpus: Corpus, studio: Studio) -> None:
    studio.annotate(1)
    before = corpus.guidelines_sha256
    (corpus.root / "annotations" / "guidelines").mkdir()
    (corpus.root / "annotations" / "guidelines" / "new.md").write_text("# new\n")
    assert corpus.guidelines_sha256 != before
    assert pulled(corpus, studio).layers[0][1].guidelines == before


def test_what_was_not_annotated_is_told_apart(corpus: Corpus, studio: Studio) -> None:
    studio.annotate(1)
    studio.annotate(2, [])
    studio.annotate(3, [], was_cancelled=True)
    studio.stored[3]["drafts"] = [{"result": [], "user": "amal@example.org"}]
    studio.stored[4]["predictions"] = []
    studio.stored.append(studio.stored[0] | {"id": 6, "annotations": [], "predictions": [{"result": []}]})
    came = pulled(corpus, studio)
    assert dict(came.states) == {
        "annotated": 1, "empty": 1, "skipped": 1, "draft": 1, "untouched": 1, "prediction": 1
    }  # fmt: skip
    assert str(came) == (
        "1 annotated, 1 submitted without any region, 1 skipped, 1 begun and not submitted, 1 with predictions only, "
        "1 not begun"
    )
    # Submitted without a region says: nothing is there. Skipped, begun and untouched say nothing.
    assert [(hand, layer.document, len(layer.spans)) for hand, layer in came.layers] == [
        ("passes/amal", "composed-9001-a", 21), ("passes/amal", "composed-9001-b", 0)
    ]  # fmt: skip
    assert codes(came) == ["annotation-empty"]


def test_two_annotators_of_one_document_are_two_passes(corpus: Corpus, studio: Studio) -> None:
    studio.annotate(1, who=1)
    studio.annotate(1, who=2)
    assert [hand for hand, _ in pulled(corpus, studio).layers] == ["passes/admin", "passes/amal"]


def test_the_last_of_several_annotations_of_one_person_counts(corpus: Corpus, studio: Studio) -> None:
    studio.annotate(1, updated_at="2026-11-22T21:00:00Z")
    studio.annotate(1, [], updated_at="2026-11-22T20:00:00Z")
    came = pulled(corpus, studio)
    assert [len(layer.spans) for _, layer in came.layers] == [21] and codes(came) == ["annotation-repeated"]
    studio.stored.append(studio.stored[0] | {"id": 7})
    assert codes(pulled(corpus, studio)).count("annotation-repeated") == 3  # and the same document in a second task


def test_who_changed_whose_annotation_is_told(corpus: Corpus, studio: Studio) -> None:
    studio.annotate(1, who=2, updated_by=1)
    studio.annotate(2, who=2, updated_by=3)
    came = pulled(corpus, studio)
    assert [str(i) for i in came.found] == [
        f"composed-9001-a ({URL}/projects/1/data?task=1): warning[L0 annotation-changed] "
        "amal's annotation was changed by admin",
        f"composed-9001-b ({URL}/projects/1/data?task=2): warning[L0 annotation-changed] "
        "amal's annotation was changed by somebody without a pseudonym",
    ]
    assert len(came.layers) == 2


def test_an_annotation_with_an_error_is_named_and_left_out_and_the_others_come(corpus: Corpus, studio: Studio) -> None:
    for task in (1, 2):
        studio.annotate(task)
    result = studio.stored[0]["annotations"][0]["result"]
    result[:] = [entry for entry in result if entry.get("from_name") != "mention" or entry["id"] != "s852501bc"]
    came = pulled(corpus, studio)
    assert [layer.document for _, layer in came.layers] == ["composed-9001-b"] and came.refused == [("amal", IDS[0])]
    (incident,) = came.found
    assert str(incident) == (
        f"composed-9001-a ({URL}/projects/1/data?task=1): error[L3 attribute-missing] "
        "s852501bc has no mention: ARMED_GROUP «الميليشيا المجرمة»"
    )
    # Mended in Label Studio, it comes with the next pull.
    studio.stored[0]["annotations"].clear()
    studio.annotate(1)
    assert store(corpus, pulled(corpus, studio)) == 2


def test_a_cut_grapheme_is_named(tmp_path: Path) -> None:
    """Label Studio lets a mark be cut from its letter: قَ is two code points."""
    corpus, studio, task = _marked(tmp_path, "قصفَت المدينة")
    studio.annotate(task, [_region("0000000001", "SHELLING", 0, 3)])
    found = pulled(corpus, studio)
    assert "cut-grapheme" in codes(found) and found.refused == [("amal", "composed-9009-a")]


def test_a_proclitic_stays_outside_and_a_word_in_pieces_is_named(tmp_path: Path) -> None:
    corpus, studio, task = _marked(tmp_path, "وقصفت المدينة 😀 ليلا")
    studio.annotate(task, [_region("0000000001", "SHELLING", 1, 5), _region("0000000002", "AIR", 1, 3)])
    found = pulled(corpus, studio)
    assert [i.code for i in found.found] == ["cut-word"] and "AIR «قص»" in found.found[0].fact


def _marked(tmp_path: Path, text: str) -> tuple[Corpus, Studio, int]:
    """A server with one document of this text, nothing to start from."""
    made = make_checkout(tmp_path)
    one = next(d for d in documents() if d.is_included)
    document = replace(one, id="composed-9009-a", sha256=sha256(text), length=len(text), words=len(text.split()))
    write_atomic(made.manifest_path("composed"), encode_manifest([document]))
    write_atomic(made.root / "articles" / "composed" / "composed-9009-a.txt", text)
    corpus, studio = Corpus(made.root), Studio()
    push_documents(corpus, connect(URL, TOKEN, studio.transport), "Khabar", [document.id], tuple(SCHEMA.layers))
    return corpus, studio, 1


def _region(id: str, label: str, start: int, end: int) -> dict[str, Any]:
    value = {"start": start, "end": end, "labels": [label]}
    return {"id": id, "from_name": "label", "to_name": "text", "type": "labels", "value": value}


def test_layers_that_were_not_asked_for_stay_as_they_were(corpus: Corpus, studio: Studio) -> None:
    """A pass on all layers, and a second project in which its author looks at places again."""
    for task in (1, 5):
        studio.annotate(task)
    store(corpus, pulled(corpus, studio))
    there = connect(URL, TOKEN, studio.transport)
    push_documents(corpus, there, "Places", [IDS[0], IDS[4]], ("LOCATION",))
    for task in (6, 7):
        studio.annotate(task, [])
    before = {id: corpus.layer(id, "passes/amal") for id in (IDS[0], IDS[4])}
    found = pull(tasks_of(there, "Places"), corpus, PEOPLE)
    assert store(corpus, found) == 2
    for id, old in before.items():
        new = corpus.layer(id, "passes/amal")
        assert set(new.layers) == set(SCHEMA.layers) and list(new.of("LOCATION")) == []
        assert list(new.spans) == [s for s in old.spans if s.layer != "LOCATION"]
        assert new.claims == old.claims
    assert codes(found).count("annotation-lost") == 2  # the two arrows to places


def exported(corpus: Corpus, studio: Studio) -> str:
    """The project as a file that somebody exported."""
    path = corpus.root / "work" / "export.json"
    write_atomic(path, json.dumps(connect(URL, TOKEN, studio.transport).export(1)))
    return str(path)


def without_relations(result: list[Any]) -> list[Any]:
    """A result without the arrows that are relations; those of claims stay."""
    return [e for e in result if e["type"] != "relation" or not set(e["labels"]) & set(SCHEMA.relations)]


def test_a_pass_that_was_corrected_here_is_left_and_named_and_the_others_come(corpus: Corpus, studio: Studio) -> None:
    """Amal corrects one pass in the checkout, and another in Label Studio."""
    for task in (1, 2):
        studio.annotate(task)
    first = _pull(corpus, exported(corpus, studio), "--annotator", "2=amal")
    assert first.exit_code == 0 and "2 passes written" in first.stdout, first.output
    theirs, path = corpus.layer(IDS[0], "passes/amal"), corpus.layer_path(corpus.document(IDS[0]), "passes/amal")
    corpus.write_layer(replace(theirs, claims=theirs.claims[1:]), "passes/amal")
    here = path.read_bytes()
    result = studio.stored[1]["annotations"][0]["result"]
    studio.annotate(2, without_relations(result), updated_at="2026-11-22T21:00:00Z")
    export = exported(corpus, studio)
    again = _pull(corpus, export, "--annotator", "2=amal")
    assert again.exit_code == 1 and path.read_bytes() == here
    assert "1 passes written, 1 left as they were corrected here, 0 not stored for their errors" in again.stdout
    assert f"{IDS[0]} (" in again.stderr and "layer-corrected] passes/amal is another here" in again.stderr
    assert "--replace" in again.stderr
    assert corpus.layer(IDS[1], "passes/amal").relations == ()
    # Nothing is forgotten the next time, and another document's name changes nothing for this one.
    other = _pull(corpus, export, "--annotator", "2=amal", "--replace", IDS[1])
    assert other.exit_code == 1 and "0 passes written, 1 left" in other.stdout and path.read_bytes() == here
    taken = _pull(corpus, export, "--annotator", "2=amal", "--replace", f"{IDS[1]},{IDS[0]}")
    assert taken.exit_code == 0 and "what stood there is in .khabar/replaced/passes/amal/composed/" in taken.stdout
    assert corpus.layer(IDS[0], "passes/amal") == theirs
    kept = (corpus.root / ".khabar" / "replaced" / "passes" / "amal" / "composed").glob(f"{IDS[0]}.*")
    assert [each.read_bytes() for each in kept] == [here]
    last = _pull(corpus, export, "--annotator", "2=amal")
    assert last.exit_code == 0 and "0 passes written, 0 not stored" in last.stdout
    unknown = _pull(corpus, export, "--annotator", "2=amal", "--replace", "composed-9001-x")
    assert "did you mean 'composed-9001-b'" in str(unknown.exception)


def test_a_pass_that_no_pull_wrote_is_left(corpus: Corpus, studio: Studio) -> None:
    """It came with the checkout, or from a sheet."""
    studio.annotate(1)
    made = replace(corpus.layer(IDS[0]), annotator="amal", guidelines="0" * 16, claims=())
    corpus.write_layer(made, "passes/amal")
    came = pulled(corpus, studio)
    assert came.kept == [("amal", IDS[0])] and store(corpus, came) == 0
    assert corpus.layer(IDS[0], "passes/amal") == Corpus(corpus.root).layer(IDS[0], "passes/amal")
    assert corpus.layer(IDS[0], "passes/amal").claims == ()


def test_what_is_only_written_differently_was_not_corrected(corpus: Corpus, studio: Studio) -> None:
    studio.annotate(1)
    store(corpus, pulled(corpus, studio))
    path = corpus.layer_path(corpus.document(IDS[0]), "passes/amal")
    path.write_text(path.read_text("utf8").replace('","', '", "'), "utf8")
    studio.annotate(1, studio.stored[0]["annotations"][0]["result"][:3], updated_at="2026-11-22T21:00:00Z")
    came = pulled(corpus, studio)
    assert came.kept == [] and store(corpus, came) == 1


def test_the_same_correction_on_both_sides_is_no_difference(corpus: Corpus, studio: Studio) -> None:
    """And what the server has after that is an update like any other."""
    studio.annotate(1)
    store(corpus, pulled(corpus, studio))
    layer = corpus.layer(IDS[0], "passes/amal")
    corpus.write_layer(replace(layer, relations=()), "passes/amal")
    result = studio.stored[0]["annotations"][0]["result"]
    studio.annotate(1, without_relations(result), updated_at="2026-11-22T21:00:00Z")
    came = pulled(corpus, studio)
    assert (came.layers, came.kept, came.refused) == ([], [], []) and store(corpus, came) == 0
    studio.annotate(1, result, updated_at="2026-11-22T22:00:00Z")
    assert store(corpus, pulled(corpus, studio)) == 1 and corpus.layer(IDS[0], "passes/amal") == layer


def test_what_can_not_be_read_here_costs_the_others_nothing(corpus: Corpus, studio: Studio) -> None:
    """A text that was not hydrated, and a pass in which a merge left its marks."""
    for task in (1, 2, 5):
        studio.annotate(task)
    corpus.text_path(corpus.document(IDS[4])).unlink()
    broken_pass = corpus.layer_path(corpus.document(IDS[0]), "passes/amal")
    write_atomic(broken_pass, "<<<<<<< HEAD\n")
    done = _pull(corpus, exported(corpus, studio), "--annotator", "2=amal")
    assert done.exit_code == 1 and "1 passes written, 2 not stored" in done.stdout, done.output
    assert f"{IDS[4]} (" in done.stderr and "text-not-here" in done.stderr and "khabar hydrate" in done.stderr
    assert "a merge conflict was left here" in done.stderr and broken_pass.read_text("utf8") == "<<<<<<< HEAD\n"
    assert [d.id for d in corpus.annotated("passes/amal")] == IDS[:2]


def test_one_click_does_not_empty_a_pass(corpus: Corpus, studio: Studio) -> None:
    studio.annotate(1)
    store(corpus, pulled(corpus, studio))
    before = corpus.layer(IDS[0], "passes/amal")
    studio.annotate(1, [])
    found = pulled(corpus, studio)
    assert "annotation-emptied" in codes(found) and store(corpus, found) == 0
    assert corpus.layer(IDS[0], "passes/amal") == before


# --- what an export may not do


def test_documents_and_texts_are_looked_up(corpus: Corpus, studio: Studio) -> None:
    for task in range(1, 5):
        studio.annotate(task)
    studio.stored[0]["data"]["doc_id"] = "../../../etc/passwd"
    studio.stored[1]["data"].pop("doc_id")
    studio.stored[2]["data"]["text"] += " "
    studio.stored[3]["data"]["text"] = None
    came = pulled(corpus, studio)
    assert came.layers == [] and codes(came) == ["task-document", "task-document", "task-text", "task-text"]
    assert not (corpus.root / "annotations" / "passes").exists()


@pytest.mark.parametrize("name", ["../../x", "Amal", "a", "amal/x", "x" * 33, "a b", "", "أمل", "a@b.org"])
def test_a_pseudonym_that_could_be_a_path_is_refused(corpus: Corpus, name: str) -> None:
    with pytest.raises(UsageError, match="pseudonym"):
        parse_people([f"amal@example.org={name}"])
    write_people(corpus.root, {"amal@example.org": name})
    with pytest.raises(UsageError, match=r"annotators\.toml"):
        read_people(corpus.root)


def test_somebody_without_a_pseudonym_is_asked_for(corpus: Corpus, studio: Studio) -> None:
    for task in (1, 2):
        studio.annotate(task)
    there = connect(URL, TOKEN, studio.transport)
    with pytest.raises(UsageError) as error:
        pull(tasks_of(there, "Khabar"), corpus, {})
    assert "amal@example.org (2 annotations); give each one with --annotator amal@example.org=PSEUDONYM" in str(
        error.value
    )


def test_addresses_never_enter_the_repository(corpus: Corpus, studio: Studio) -> None:
    studio.annotate(1)
    export = corpus.root / "work" / "export.json"
    export.parent.mkdir()
    export.write_text(json.dumps(connect(URL, TOKEN, studio.transport).export(1)))
    done = _pull(corpus, str(export), "--annotator", "2=amal", "--annotator", "Basel@Example.org=basel")
    assert done.exit_code == 0 and "1 annotated, 4 with predictions only: 1 passes written" in done.stdout, done.output
    # A number says who somebody is in one export only.
    assert read_people(corpus.root) == {"basel@example.org": "basel"}
    assert people_path(corpus.root).stat().st_mode & 0o077 == 0
    for path in (corpus.root / "annotations").rglob("*"):
        assert path.is_dir() or b"@" not in path.read_bytes()
    kept = people_path(ROOT).relative_to(ROOT)
    assert subprocess.run(["git", "check-ignore", "-q", str(kept)], cwd=ROOT, check=False).returncode == 0
    # The second time nobody has to be named who was named by address.
    assert "0 passes written" in _pull(corpus, str(export), "--annotator", "2=amal").stdout


def _pull(corpus: Corpus, *arguments: str) -> Result:
    environment = {context.ROOT_VARIABLE: str(corpus.root), "LABEL_STUDIO_API_KEY": None, "LABEL_STUDIO_URL": None}
    return CliRunner().invoke(app, ["pull", *arguments], env=environment)


def test_check_stores_nothing(corpus: Corpus, studio: Studio) -> None:
    studio.annotate(1)
    export = corpus.root / "export.json"
    export.write_text(json.dumps(connect(URL, TOKEN, studio.transport).export(1)))
    done = _pull(corpus, str(export), "--annotator", "2=amal", "--check")
    assert done.exit_code == 0 and "0 passes written" in done.stdout
    assert not (corpus.root / "annotations" / "passes").exists() and not people_path(corpus.root).exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b'{"id": 1}', "not a list of tasks"),
        (b"[1, 2]", "not a list of tasks"),
        (b'[{"id": 1, "text": "x", "label": []}]', "as JSON-MIN"),
        (b"id,text\n1,x\n", "not as CSV"),
        (b"[" * 100_000, "not JSON"),
    ],
)
def test_a_file_that_is_no_export(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "export.json"
    path.write_bytes(content)
    with pytest.raises(DataError, match=said):
        read_export(path)
    with pytest.raises(UsageError, match="can't be read"):
        read_export(tmp_path)


@pytest.mark.parametrize(
    "task",
    [
        {},
        {"annotations": None, "data": None, "meta": "x"},
        {"annotations": [None, 7, {}], "data": {"doc_id": 7, "text": []}, "meta": {"khabar": []}},
        {"annotations": [{"result": "x", "completed_by": [], "updated_at": None}], "id": "1", "project": None},
        {"annotations": [{"result": [None], "completed_by": {"id": "2"}}], "meta": {"khabar": {"layers": 3}}},
    ],
)
def test_junk_in_an_export_never_ends_in_a_traceback(corpus: Corpus, task: dict[str, Any]) -> None:
    with suppress(KhabarError):
        pull(read_tasks([task], {}), corpus, PEOPLE)


def test_ids_of_relations_from_an_export_are_ids(corpus: Corpus, studio: Studio) -> None:
    studio.annotate(1)
    relations = studio.stored[0]["meta"]["khabar"]["relations"]
    for key in relations:
        relations[key] = '"},{"kind":"span"'
    ((_, layer),) = pulled(corpus, studio).layers
    assert all(len(r.id) == 9 and r.id[0] == "r" for r in layer.relations) and len(layer.relations) == 8
    assert encode_layer(layer) == encode_layer(pulled(corpus, studio).layers[0][1])


# --- a server that fails


@pytest.mark.parametrize("fault", [broken, failing(500), failing(502, "<html>" + "x" * 170_000), failing(401)])
@pytest.mark.parametrize("step", [1, 2, 3, 4])
def test_a_server_that_fails_changes_nothing_and_the_next_pull_completes(
    corpus: Corpus, studio: Studio, fault: object, step: int
) -> None:
    studio.annotate(1)
    studio.fail_at[len(studio.requests) + step] = fault  # type: ignore[assignment]
    with pytest.raises(ServerError) as error:
        pulled(corpus, studio)
    assert len(str(error.value)) < 400 and "\n" not in str(error.value)
    assert not (corpus.root / "annotations" / "passes").exists()
    assert store(corpus, pulled(corpus, studio)) == 1


def test_an_unknown_project_is_asked_back(corpus: Corpus, studio: Studio) -> None:
    with pytest.raises(UsageError, match="did you mean 'Khabar'"):
        tasks_of(connect(URL, TOKEN, studio.transport), "Khaber")
