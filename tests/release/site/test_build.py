"""What a build of the site writes, where it may write it, and whose words are in it."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from dataset_builder.corpus import Corpus
from dataset_builder.errors import DataError, UsageError
from dataset_builder.release.folder import SUMS
from dataset_builder.release.site import build
from dataset_builder.release.site.build import write
from tests.cli import khabar
from tests.release.site.conftest import checkout
from tests.release.site.links import broken
from tests.samples import FOREIGN, make_checkout

AUDIT = Path(__file__).resolve().parents[3] / "annotations" / "audit.toml"
#: Three words in a row of the text that belongs to somebody else; single ones stand in guidelines, too.
WORDS = [" ".join(FOREIGN.split()[n : n + 3]) for n in range(len(FOREIGN.split()) - 2)]


def contents(site: Path) -> dict[str, bytes]:
    return {p.relative_to(site).as_posix(): p.read_bytes() for p in site.rglob("*") if p.is_file()}


def test_two_builds_are_the_same_bytes(corpus: Corpus, site: Path, tmp_path: Path) -> None:
    write(corpus, tmp_path / "again")
    assert contents(tmp_path / "again") == contents(site)


def test_what_is_hydrated_makes_no_difference(site: Path, tmp_path: Path) -> None:
    write(checkout(tmp_path / "checkout", hydrated=False), tmp_path / "site")
    assert contents(tmp_path / "site") == contents(site)


def test_every_link_leads_somewhere_and_nothing_is_loaded(site: Path, local_site: Path) -> None:
    assert broken(site) == []
    assert broken(local_site) == []


def test_a_link_that_leads_nowhere_would_be_found(site: Path, tmp_path: Path) -> None:
    shutil.copytree(site, tmp_path / "site")
    page = tmp_path / "site" / "index.html"
    page.write_text(
        page.read_text("utf8")
        + '<a href="nowhere.html">x</a><a href="#nothing">y</a><p id="main" style="color:red"></p><img src="x">',
        "utf8",
    )
    assert [line.partition(": ")[2].split(" {")[0] for line in broken(tmp_path / "site")] == [
        "id main stands twice",
        "loads p",
        "loads img",
        "nowhere.html leads nowhere",
        "#nothing leads nowhere",
    ]


def test_words_of_others_are_in_no_published_page(site: Path) -> None:
    for path, data in contents(site).items():
        text = data.decode("utf8")
        assert [word for word in WORDS if word in text] == [], path
    page = (site / "documents" / "paper-0001.html").read_text("utf8")
    assert "[134–147]" in page and not re.search(r"[\u0600-\u06ff]", page)


def test_words_of_others_are_shown_where_asked_for(local_site: Path) -> None:
    page = (local_site / "documents" / "paper-0001.html").read_text("utf8")
    assert "belongs to somebody else" in page and "عصابات" in page
    listed = (local_site / "index.html").read_text("utf8")
    assert "words of 1 texts that belong to others" in listed and FOREIGN.split("\n")[0] in listed


def test_without_asking_a_hydrated_text_is_not_even_read(corpus: Corpus, tmp_path: Path) -> None:
    copy = checkout(tmp_path / "copy", hydrated=True)
    copy.text_path(copy.document("paper-0001")).write_bytes(b"\xff not UTF-8")
    write(copy, tmp_path / "site")
    with pytest.raises(UnicodeDecodeError):
        write(copy, tmp_path / "local", with_texts=True)


def test_a_page_with_words_of_a_text_that_is_not_shown_is_refused(
    corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = build.render
    monkeypatch.setattr(build, "render", lambda *a, **k: real(*a, **k).replace("RESTRICT", "منعت"))
    with pytest.raises(DataError, match=r"^paper-0001: its page would hold Arabic words"):
        write(corpus, tmp_path / "site")
    assert not (tmp_path / "site").exists() and list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("place", ["dist/site", "docs", "articles/site"])
def test_words_of_others_go_nowhere_where_git_or_a_reader_takes_them(corpus: Corpus, place: str) -> None:
    with pytest.raises(UsageError, match="may not be passed on"):
        write(corpus, corpus.root / place, with_texts=True)
    assert not (corpus.root / place).exists()


def test_an_earlier_site_is_replaced_and_nothing_else(corpus: Corpus, tmp_path: Path) -> None:
    out = tmp_path / "site"
    out.mkdir()
    write(corpus, out)
    (out / "index.html").write_text("edited", "utf8")
    write(corpus, out)
    assert "edited" not in (out / "index.html").read_text("utf8")
    (out / "notes.txt").write_text("mine", "utf8")
    with pytest.raises(UsageError, match=r"holds notes\.txt, which no build made"):
        write(corpus, out)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("mine", "utf8")
    with pytest.raises(UsageError, match="was not made by `khabar site`"):
        write(corpus, tmp_path / "mine")
    (tmp_path / "file").write_text("mine", "utf8")
    with pytest.raises(UsageError, match="is no folder"):
        write(corpus, tmp_path / "file")


def test_sums_are_of_every_file(site: Path) -> None:
    listed = {line.split("  ")[1] for line in (site / SUMS).read_text("utf8").splitlines()}
    assert listed == set(contents(site)) - {SUMS}


def test_a_checkout_without_anything_to_read_has_a_site(tmp_path: Path) -> None:
    corpus = make_checkout(tmp_path / "checkout")
    shutil.copyfile(AUDIT, corpus.root / "annotations" / "audit.toml")
    write(corpus, tmp_path / "site")
    assert broken(tmp_path / "site") == []
    assert "This checkout has no DATASHEET.md" in (tmp_path / "site" / "datasheet.html").read_text("utf8")


def test_the_command_says_what_it_made(corpus: Corpus, tmp_path: Path) -> None:
    done = khabar(corpus, "site", "--out", tmp_path / "site")
    assert done.code == 0 and re.search(r"site: \d+ pages, \d+\.\d MB; open index\.html", done.out), done
    local = khabar(corpus, "site", "--with-texts")
    assert local.code == 0 and "dist/site-local" in local.out and "1 texts that belong to others" in local.out
    shutil.rmtree(corpus.root / "dist")
    refused = khabar(corpus, "site", "--with-texts", "--out", "site")
    assert refused.code == 2 and "dist/site-local" in refused.err
    assert "Example: khabar site" in khabar(corpus, "site", "--help").out
