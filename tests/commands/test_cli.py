"""The command line as a newcomer meets it."""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path

import pytest

from dataset_builder.codec import encode_layer
from dataset_builder.commands import cli
from dataset_builder.commands.cli import COMMANDS
from dataset_builder.corpus import Corpus
from tests.cli import khabar
from tests.samples import COUNCIL, FOREIGN, council, make_checkout

GOLD = "annotations/gold/composed/composed-9001-a.jsonl"


@pytest.fixture
def checkout(tmp_path: Path) -> Corpus:
    return make_checkout(tmp_path / "checkout")


@pytest.mark.parametrize("command", [*COMMANDS, "sheet new", "sheet write", "sheet read"])
def test_every_command_has_help_with_an_example(command: str, tmp_path: Path) -> None:
    done = khabar(tmp_path, *command.split(), "--help")
    assert done.code == 0 and f"Example: khabar {command}" in re.sub(r"\s+", " ", done.out)


def test_outside_of_a_checkout_one_sentence_says_what_to_do(tmp_path: Path) -> None:
    done = khabar(tmp_path, "status")
    assert done.code == 2 and done.err.count("\n") == 1
    assert "no annotations/schema.toml here or above; run this in a Khabar checkout or give --root" in done.err


def test_root_may_be_given(checkout: Corpus, tmp_path: Path) -> None:
    done = khabar(tmp_path, "--root", checkout.root, "status")
    assert done.code == 0 and "composed" in done.out and "paper" in done.out


def test_an_unknown_document_gets_a_suggestion(checkout: Corpus) -> None:
    done = khabar(checkout, "sheet", "new", "composed-9001-c")
    assert done.code == 2 and "did you mean 'composed-9001-b' or 'composed-9001-a'" in done.err


def test_validate_prints_findings_with_what_to_do_and_ends_with_1(checkout: Corpus) -> None:
    path = checkout.root / GOLD
    path.write_text(path.read_text("utf8").replace("يدين", "يديه", 1), "utf8")
    done = khabar(checkout, "validate")
    assert done.code == 1 and f"{GOLD}:3: error[L2 surface-mismatch]" in done.err and "mark the span again" in done.err
    as_json = khabar(checkout, "validate", "--json")
    assert as_json.code == 1 and '"code": "surface-mismatch"' in as_json.out
    assert khabar(checkout, "validate", "annotations/gold/paper").code == 0
    assert khabar(checkout, "validate", "--level", "1").code == 0


def test_explain_says_what_a_code_means_with_an_example() -> None:
    done = khabar(Path.cwd(), "validate", "--explain", "relation-signature")
    assert done.code == 0 and "example:" in done.out and "why:" in done.out
    assert "did you mean 'relation-signature'" in khabar(Path.cwd(), "validate", "--explain", "relation-signatur").err


def test_fmt_restores_the_canonical_form_and_check_only_tells(checkout: Corpus) -> None:
    path = checkout.root / GOLD
    lines = path.read_text("utf8").splitlines()
    path.write_text("\n".join([lines[0], *reversed(lines[1:])]) + "\n", "utf8")
    assert "not-canonical" in khabar(checkout, "fmt", "--check").err
    assert "1 files changed" in khabar(checkout, "fmt").out
    assert path.read_text("utf8") == encode_layer(council()) == "\n".join(lines) + "\n"
    assert khabar(checkout, "fmt", "--check").code == 0


def test_fmt_leaves_a_file_that_it_cannot_read_as_it_is(checkout: Corpus) -> None:
    path = checkout.root / GOLD
    broken = path.read_bytes() + b'{"kind":"span",\n'
    path.write_bytes(broken)
    done = khabar(checkout, "fmt")
    assert done.code == 1 and "bad-json" in done.err and path.read_bytes() == broken


def test_from_an_empty_sheet_to_a_layer_and_back(checkout: Corpus, tmp_path: Path) -> None:
    sheet = tmp_path / "a.sheet"
    assert khabar(checkout, "sheet", "new", "composed-9001-a", "-o", sheet).code == 0
    empty = sheet.read_text("utf8")
    assert "مجلس الناحية يدين" in empty and "\na1" not in empty
    assert khabar(checkout, "sheet", "write", "composed-9001-a", "-o", sheet).code == 0
    # Reading what was written changes nothing, ids included.
    done = khabar(checkout, "sheet", "read", sheet)
    assert done.code == 0 and "nothing changed" in done.out
    sheet.write_text(sheet.read_text("utf8").replace("AIR | قصف |", "SHELLING | قصف |"), "utf8")
    before = (checkout.root / GOLD).read_text("utf8")
    assert khabar(checkout, "sheet", "read", sheet).code == 0
    after = (checkout.root / GOLD).read_text("utf8")
    changed = set(after.splitlines()) - set(before.splitlines())
    assert 1 <= len(changed) <= 2 and any("SHELLING" in line for line in changed)


def test_a_faulty_sheet_is_named_by_line_and_stores_nothing(checkout: Corpus, tmp_path: Path) -> None:
    sheet = tmp_path / "a.sheet"
    sheet.write_text("# document: composed-9001-a\ns1\na1 STATES | مجلس\n", "utf8")
    before = (checkout.root / GOLD).read_bytes()
    done = khabar(checkout, "sheet", "read", sheet)
    assert done.code == 1 and f"{sheet}:3: error[L1 sheet-label]" in done.err and "did you mean 'STATE'" in done.err
    assert (checkout.root / GOLD).read_bytes() == before


def test_a_pass_goes_to_its_annotator_and_a_bad_name_nowhere(checkout: Corpus, tmp_path: Path) -> None:
    sheet = tmp_path / "a.sheet"
    khabar(checkout, "sheet", "write", "composed-9001-a", "-o", sheet)
    assert khabar(checkout, "sheet", "read", sheet, "--hand", "passes/amal").code == 0
    stored = checkout.root / "annotations/passes/amal/composed/composed-9001-a.jsonl"
    assert '"annotator":"amal","guidelines":"' in stored.read_text("utf8").splitlines()[0]
    assert khabar(checkout, "validate").code == 0
    for name in ("passes/../x", "amal", "passes/a@b.c"):
        assert khabar(checkout, "sheet", "read", sheet, "--hand", name).code == 2


def test_a_referenced_document_is_annotated_only_on_an_exact_copy(checkout: Corpus, tmp_path: Path) -> None:
    done = khabar(checkout, "sheet", "new", "paper-0001")
    assert done.code == 1 and "run `khabar hydrate`" in done.err
    text = checkout.text_path(checkout.document("paper-0001"))
    text.parent.mkdir(parents=True)
    text.write_text(COUNCIL, "utf8")
    assert "annotating needs an exact copy" in khabar(checkout, "sheet", "new", "paper-0001").err


def test_a_place_that_cannot_be_written_to_is_one_sentence(checkout: Corpus, tmp_path: Path) -> None:
    """A file in place of a folder is told before anything is learned; so is a name that is too long."""
    path = tmp_path / "file"
    path.write_text("", "utf8")
    for place in (path, tmp_path / ("a" * 300)):
        done = khabar(checkout, "train", "--system", "memory", "--model", place)
        assert done.code == 1 and done.err.count("\n") == 1 and done.err.startswith(f"khabar: {place}"), done.err


@pytest.mark.parametrize("end", [KeyboardInterrupt(), SystemExit(130)])
def test_an_interrupted_command_says_so(
    end: BaseException, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted() -> None:
        raise end

    monkeypatch.setattr(cli, "app", interrupted)
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO()))
    with pytest.raises(SystemExit) as caught:
        cli.main()
    assert caught.value.code == 130 and "khabar: stopped" in capsys.readouterr().err


def test_output_that_is_cut_off_ends_quietly(checkout: Corpus) -> None:
    import subprocess
    import sys

    script = f"{sys.executable} -m dataset_builder.commands.cli show composed-9001-a | head -1"
    ran = subprocess.run(
        ["bash", "-c", script], cwd=checkout.root, capture_output=True, text=True, check=False, env=_env()
    )
    assert "Traceback" not in ran.stderr and ran.stdout.startswith("composed-9001-a")


def _env() -> dict[str, str]:
    import os

    return os.environ | {"PYTHONPATH": str(Path(__file__).resolve().parents[2])}


def test_a_sheet_with_words_of_others_goes_where_git_does_not_look(checkout: Corpus, tmp_path: Path) -> None:
    text = checkout.text_path(checkout.document("paper-0001"))
    text.parent.mkdir(parents=True)
    text.write_bytes(FOREIGN.encode("utf8"))
    refused = khabar(checkout, "sheet", "new", "paper-0001", "-o", "annotations/x.sheet")
    assert refused.code == 2 and "write to work/ or outside of the checkout" in refused.err
    assert khabar(checkout, "sheet", "new", "paper-0001", "-o", "work/x.sheet").code == 0
    assert khabar(checkout, "sheet", "new", "composed-9001-a", "-o", "x.sheet").code == 0


def test_a_sheet_that_was_cut_off_is_refused_and_removals_are_counted(checkout: Corpus, tmp_path: Path) -> None:
    sheet = tmp_path / "a.sheet"
    khabar(checkout, "sheet", "write", "composed-9001-a", "-o", sheet)
    whole = sheet.read_text("utf8")
    sheet.write_text(whole[: whole.index("\ns3 ")], "utf8")
    before = (checkout.root / GOLD).read_bytes()
    cut = khabar(checkout, "sheet", "read", sheet)
    assert cut.code == 1 and "has no line for s3, s4" in cut.err and (checkout.root / GOLD).read_bytes() == before
    sheet.write_text(whole.replace("\nf1 DELEGITIMISING | الميليشيا | ABOUT=a4", ""), "utf8")
    done = khabar(checkout, "sheet", "read", sheet)
    assert done.code == 0 and "(2 records were removed)" in done.out, done.out


def test_a_sheet_of_some_layers_leaves_the_others_as_they_are(checkout: Corpus, tmp_path: Path) -> None:
    sheet = tmp_path / "a.sheet"
    khabar(checkout, "sheet", "new", "composed-9001-a", "--layers", "LOCATION", "-o", sheet)
    done = khabar(checkout, "sheet", "read", sheet)
    assert done.code == 0 and "annotation-lost" in done.err
    kept, had = checkout.layer("composed-9001-a"), council()
    assert set(kept.layers) == set(had.layers) and kept.claims == had.claims
    assert {s.id for s in kept.spans} == {s.id for s in had.spans if s.layer != "LOCATION"}
    assert {r.label for r in had.relations} - {r.label for r in kept.relations} == {"PLACE"}
    assert khabar(checkout, "validate").code == 0


def test_claims_that_continue_each_other_are_refused_before_they_are_stored(checkout: Corpus, tmp_path: Path) -> None:
    sheet = tmp_path / "a.sheet"
    khabar(checkout, "sheet", "write", "composed-9001-a", "-o", sheet)
    text = sheet.read_text("utf8")
    assert "c3 - " in text and "continues=c2" in text
    sheet.write_text(text.replace("continues=c2", "continues=c3"), "utf8")
    done = khabar(checkout, "sheet", "read", sheet)
    assert done.code == 1 and "claim-cycle" in done.err


def test_a_merge_conflict_is_called_one_and_never_pinned(checkout: Corpus) -> None:
    gold, train = checkout.root / GOLD, checkout.root / "splits/composed/train.txt"
    gold.write_text(gold.read_text("utf8").replace("\n", "\n<<<<<<< HEAD\n", 1), "utf8")
    assert "a merge conflict was left here" in khabar(checkout, "validate").err
    train.write_text("<<<<<<< HEAD\n" + train.read_text("utf8"), "utf8")
    before = train.read_bytes()
    assert khabar(checkout, "split", "--pin").code == 1 and train.read_bytes() == before


def test_a_broken_manifest_stops_the_check_and_says_so(checkout: Corpus) -> None:
    path = checkout.root / "annotations/documents/paper.jsonl"
    path.write_text(path.read_text("utf8").replace('"windows":[[0,30,"', '"windows":[[0,30,"zz'), "utf8")
    done = khabar(checkout, "validate")
    assert (
        done.code == 1
        and "(levels 1 to 1)" in done.err + done.out
        and "higher levels were not checked" in done.err + done.out
    )
    assert "Traceback" not in khabar(checkout, "hydrate", checkout.root / "articles").err


def test_paths_without_annotations_are_no_clean_bill(checkout: Corpus) -> None:
    done = khabar(checkout, "validate", "articles/composed")
    assert done.code == 2 and "no annotation file is there" in done.err


def test_a_terminal_without_arabic_gets_escapes_and_no_traceback(checkout: Corpus) -> None:
    import subprocess
    import sys

    arguments = [sys.executable, "-m", "dataset_builder.commands.cli", "show", "composed-9001-a"]
    environment = _env() | {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    ran = subprocess.run(arguments, cwd=checkout.root, capture_output=True, check=False, env=environment)
    assert ran.returncode == 0 and b"\\u0645" in ran.stdout and b"Traceback" not in ran.stderr
