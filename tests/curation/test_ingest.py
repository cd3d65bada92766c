"""Ingest on a small checkout: what enters, what repeats, what is refused, and that nothing stored is lost."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dataset_builder.codec import decode_manifest
from dataset_builder.commands.cli import app
from dataset_builder.corpus import Corpus, sha256
from dataset_builder.curation import ingest as module
from dataset_builder.curation.ingest import Outcome, Terms, document_id, ingest
from dataset_builder.errors import UsageError
from dataset_builder.readers.reading import read
from tests.conftest import ROOT
from tests.readers.pages import BODY, FIRST, SECOND, TEXT, TITLE, doc

ANT = Terms("ant", licence="Apache-2.0")


@pytest.fixture
def corpus(tmp_path: Path) -> Corpus:
    root = tmp_path / "checkout"
    (root / "annotations").mkdir(parents=True)
    shutil.copy(ROOT / "annotations" / "schema.toml", root / "annotations")
    return Corpus(root)


def run(corpus: Corpus, path: Path, terms: Terms = ANT, *, check: bool = False) -> Outcome:
    return ingest(Corpus(corpus.root), read(path), terms, check=check)


def snapshot(corpus: Corpus) -> dict[str, bytes]:
    return {str(p.relative_to(corpus.root)): p.read_bytes() for p in corpus.root.rglob("*") if p.is_file()}


def docs(folder: Path, *contents: str) -> Path:
    folder.mkdir(exist_ok=True)
    for number, content in enumerate(contents):
        (folder / f"{number}.txt").write_text(content, encoding="utf8")
    return folder


OTHER = f"{SECOND} {FIRST}"


def test_a_referenced_article_leaves_no_word_in_its_record(corpus: Corpus, tmp_path: Path) -> None:
    outcome = run(corpus, docs(tmp_path / "in", doc()))
    assert [d.id for d in outcome.taken] == ["ant-7-20170601"]
    manifest = corpus.manifest_path("ant").read_bytes()
    assert manifest.isascii() and b"\\u06" not in manifest
    (document,) = Corpus(corpus.root).documents.values()
    assert document.url == "http://example.net/ar/article/106/7"
    assert (document.title, document.locator, document.published) == ("", "JA-localNews-7-20170601", "2017-06-01")
    assert document.windows and document.sha256 == sha256(TEXT)
    assert corpus.text(document) == TEXT


def test_an_included_article_keeps_its_title_and_address(corpus: Corpus, tmp_path: Path) -> None:
    run(corpus, docs(tmp_path / "in", doc()), Terms("composed", "included", "CC-BY-4.0"))
    (document,) = Corpus(corpus.root).documents.values()
    assert (document.title, document.windows) == (TITLE, ())
    assert TITLE.split()[0] in document.url


def test_twice_changes_nothing(corpus: Corpus, tmp_path: Path) -> None:
    folder = docs(
        tmp_path / "in", doc(), doc("JA-localNews-8-20170602"), doc("JA-localNews-9-20170602", text="", abstract="")
    )
    first = run(corpus, folder)
    before = snapshot(corpus)
    second = run(corpus, folder)
    assert snapshot(corpus) == before
    assert not second.changes and len(second.known) == 3
    assert (first.refused, second.refused) == (0, 0)


def test_a_repeat_is_kept_once_however_it_is_punctuated(corpus: Corpus, tmp_path: Path) -> None:
    repeat = doc("JA-localNews-8-20170602", text=BODY.replace("،", " ,").replace("الثلاثاء", "«الثلاثاء»"), abstract="")
    outcome = run(corpus, docs(tmp_path / "in", doc(), repeat))
    assert [(d.id, d.duplicate_of) for d in outcome.repeats] == [("ant-8-20170602", "ant-7-20170601")]
    assert not corpus.text_path(outcome.repeats[0]).exists()
    assert len(Corpus(corpus.root).documents) == 2


def test_a_record_without_text_stands_in_the_manifest_as_kept_out(corpus: Corpus, tmp_path: Path) -> None:
    outcome = run(corpus, docs(tmp_path / "in", doc(text="", abstract="")))
    (document,) = Corpus(corpus.root).documents.values()
    assert (document.excluded, document.length, document.sha256) == ("empty", 0, sha256(""))
    assert [i.code for i in outcome.incidents] == ["no-text"]


def test_a_text_that_changed_is_refused_and_the_old_one_stays(corpus: Corpus, tmp_path: Path) -> None:
    run(corpus, docs(tmp_path / "in", doc()))
    before = snapshot(corpus)
    outcome = run(corpus, docs(tmp_path / "new", doc(text=OTHER)))
    assert [i.code for i in outcome.incidents] == ["text-changed"]
    assert "ant-7-20170601 (JA-localNews-7-20170601) is there with another text" in outcome.incidents[0].fact
    assert snapshot(corpus) == before


def test_one_id_for_two_texts_in_one_run_keeps_the_first(corpus: Corpus, tmp_path: Path) -> None:
    outcome = run(corpus, docs(tmp_path / "in", doc(), doc(text=OTHER)))
    assert [i.code for i in outcome.incidents] == ["text-changed"]
    assert [corpus.text(d) for d in outcome.taken] == [TEXT]


def test_a_text_file_that_somebody_put_there_is_not_written_over(corpus: Corpus, tmp_path: Path) -> None:
    path = corpus.root / "articles/ant/ant-7-20170601.txt"
    path.parent.mkdir(parents=True)
    path.write_text("نسخة أخرى", encoding="utf8")
    outcome = run(corpus, docs(tmp_path / "in", doc()))
    assert [i.code for i in outcome.incidents] == ["text-file-differs"]
    assert path.read_text(encoding="utf8") == "نسخة أخرى"
    assert not corpus.manifest_path("ant").exists()


def test_breaking_off_in_the_middle_loses_nothing_and_can_be_gone_on_with(
    corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(corpus, docs(tmp_path / "in", doc()))
    before = snapshot(corpus)
    more = docs(
        tmp_path / "in", doc(), doc("JA-localNews-8-20170602", text=OTHER), doc("JA-localNews-9-20170602", TITLE[:9])
    )
    with monkeypatch.context() as patch:
        patch.setattr(module, "write_atomic", breaks_at("ant-9-20170602", module.write_atomic))
        with pytest.raises(OSError, match="disk full"):
            run(corpus, more)
    assert before.items() <= snapshot(corpus).items()
    outcome = run(corpus, more)
    assert [d.id for d in outcome.taken] == ["ant-8-20170602", "ant-9-20170602"] and not outcome.incidents
    assert len(Corpus(corpus.root).documents) == 3


def breaks_at(name: str, write):  # type: ignore[no-untyped-def]
    def failing(path: Path, content: str) -> bool:
        if name in path.name:
            raise OSError("disk full")
        return bool(write(path, content))

    return failing


def test_check_writes_nothing(corpus: Corpus, tmp_path: Path) -> None:
    before = snapshot(corpus)
    assert run(corpus, docs(tmp_path / "in", doc()), check=True).changes
    assert snapshot(corpus) == before


def test_a_referenced_text_that_could_be_guessed_is_refused(corpus: Corpus, tmp_path: Path) -> None:
    outcome = run(corpus, docs(tmp_path / "in", doc(text="نص قصير", abstract="")))
    assert [i.code for i in outcome.incidents] == ["text-too-short"]
    assert not corpus.manifest_path("ant").exists()


def test_a_file_named_by_its_title_gives_no_locator(corpus: Corpus, tmp_path: Path) -> None:
    (tmp_path / f"{TITLE}.txt").write_text(TEXT, encoding="utf8")
    outcome = run(corpus, tmp_path / f"{TITLE}.txt", Terms("web"))
    assert [(d.id, d.locator) for d in outcome.taken] == [(f"web-{sha256(TEXT)[:12]}", "")]
    assert run(corpus, tmp_path / f"{TITLE}.txt", Terms("web")).known


@pytest.mark.parametrize(
    ("terms", "sentence"),
    [
        (Terms("Ant"), "source 'Ant' is no id"),
        (Terms("ant", "copied"), "no availability 'copied'"),
        (Terms("x", "included"), "give --licence"),
        (Terms("ant", outlet="jawhara"), "no outlet 'jawhara'"),
    ],
)
def test_terms_that_do_not_fit_are_one_sentence(corpus: Corpus, terms: Terms, sentence: str) -> None:
    with pytest.raises(UsageError, match=sentence):
        ingest(corpus, [], terms)


def test_two_locators_never_share_an_id() -> None:
    taken: list[str] = []
    for locator in ("JA-a-1", "JA-b-1", "x/1", "JA-a-1/", ""):
        id = document_id("s", locator, locator, taken)
        assert id not in taken
        taken.append(id)


def test_all_of_ant(corpus: Corpus, shared_raw: Path) -> None:
    outcome = run(corpus, shared_raw / "ant")
    counts = (len(outcome.taken), len(outcome.repeats), len(outcome.excluded), outcome.refused)
    assert counts == (344, 5, 1, 0)
    assert outcome.taken[0].id == "ant-100-20170129"
    manifest = corpus.manifest_path("ant").read_bytes()
    assert manifest.isascii() and b"\\u06" not in manifest
    documents, incidents = decode_manifest(manifest)
    assert len(documents) == 350 and not incidents
    assert run(corpus, shared_raw / "ant").changes is False


def test_the_command_says_what_became_of_each(corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KHABAR_ROOT", str(corpus.root))
    folder = docs(
        tmp_path / "in", doc(), doc("JA-localNews-8-20170602"), "<DOC>\n", doc("JA-localNews-9-20170603", text=OTHER)
    )
    done = CliRunner().invoke(app, ["ingest", str(folder), "--source", "ant"])
    assert done.exit_code == 1
    assert done.stdout.splitlines() == [
        f"took ant-7-20170601 ({len(TEXT)} characters, utf-8)",
        f"took ant-9-20170603 ({len(TITLE) + len(FIRST) + len(OTHER) + 2} characters, utf-8)",
        "ant-8-20170602 repeats ant-7-20170601",
        "ant: 2 taken, 1 repeats, 0 kept out, 0 known, 1 refused",
        "no outlet was recorded for Example FM: add it to annotations/outlets.jsonl, or give --outlet",
    ]
    assert f"{folder}/2.txt:1: error[L0 record-broken] the <DOC> that begins here is not closed" in done.stderr


def test_the_command_checks_the_names_of_columns(
    corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KHABAR_ROOT", str(corpus.root))
    for column, sentence in (("body=x", "no part of an article 'body'"), ("text", "write --column text=NAME")):
        arguments = ["ingest", str(tmp_path), "--source", "x", "--column", column]
        assert sentence in str(CliRunner().invoke(app, arguments).exception)
