"""Publishing to a Hub in memory, and loading what was published in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from dataset_builder.corpus import Corpus
from dataset_builder.errors import DataError, KhabarError, UsageError
from dataset_builder.release import folder
from dataset_builder.release.content import make_release
from dataset_builder.release.publish import check, publish
from tests import samples
from tests.release import fake_hub

LOAD = """
import json, sys
from datasets import load_dataset
name, tag = sys.argv[1:]
rows = load_dataset(name, "events", split="test", revision=tag)
streamed = load_dataset(name, "events", split="test", revision=tag, streaming=True)
assert streamed.features == rows.features and list(streamed) == list(rows)
code = rows.features["code"]
print(json.dumps([[code.int2str(row["code"]), row["text"]] for row in rows], ensure_ascii=False))
"""


@pytest.fixture
def hub() -> Iterator[fake_hub.FakeHub]:
    with fake_hub.running() as hub:
        yield hub
        assert hub.unknown == []


def built(root: Path, *, hydrated: bool = False) -> tuple[Corpus, Path]:
    corpus = samples.make_checkout(root, hydrated=hydrated)
    out = root / "dist" / ("khabar-local" if hydrated else "khabar")
    folder.write(make_release(corpus, hydrated), corpus, out)
    return corpus, out


def api(hub: fake_hub.FakeHub, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    from huggingface_hub import HfApi, constants

    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setattr(constants, "HF_HUB_DISABLE_XET", True)
    return HfApi(endpoint=hub.url, token="hf_test")


def test_a_tagged_upload_loads_from_its_tag(
    tmp_path: Path, hub: fake_hub.FakeHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus, out = built(tmp_path / "checkout")
    client = api(hub, monkeypatch)
    done = publish(out, corpus, "me/khabar", True, client)
    assert done.tag == "v0.1.0"
    _, files = hub.files("me/khabar", "v0.1.0")
    ours = {p.relative_to(out).as_posix(): p.read_bytes() for p in out.rglob("*") if p.is_file()}
    assert {path: data for path, data in files.items() if path != ".gitattributes"} == ours

    environment = os.environ | {
        "HF_ENDPOINT": hub.url,
        "HF_HOME": str(tmp_path / "hf"),
        "HF_HUB_OFFLINE": "0",
        "HF_HUB_DISABLE_XET": "1",
        "HF_DATASETS_DISABLE_PROGRESS_BARS": "1",
        "NO_PROXY": "127.0.0.1",
    }
    command = [sys.executable, "-c", LOAD, "me/khabar", "v0.1.0"]
    loaded = subprocess.run(command, env=environment, capture_output=True, text=True, cwd=tmp_path)
    assert loaded.returncode == 0, loaded.stderr
    rows = json.loads(loaded.stdout)
    assert ["TRANSFER", "دخلت"] in rows
    assert len(rows) == 7

    with pytest.raises(KhabarError, match=r"has the tag v0\.1\.0 already"):
        publish(out, corpus, "me/khabar", True, client)
    assert publish(out, corpus, "me/khabar", False, client).tag == ""


def test_a_new_version_takes_the_old_files_away(
    tmp_path: Path, hub: fake_hub.FakeHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus, out = built(tmp_path)
    client = api(hub, monkeypatch)
    publish(out, corpus, "me/khabar", True, client)
    (tmp_path / "annotations" / "release.toml").write_text('version = "0.2.0"\n', "utf8")
    samples.write_splits(tmp_path, {"composed": samples.SPLITS["composed"]})
    corpus = Corpus(tmp_path)
    folder.write(make_release(corpus), corpus, out)
    publish(out, corpus, "me/khabar", True, client)
    standoff = "data/standoff/train-00000-of-00001.parquet"
    assert standoff in hub.files("me/khabar", "v0.1.0")[1]
    assert standoff not in hub.files("me/khabar", "v0.2.0")[1]


def test_what_may_not_be_published(tmp_path: Path) -> None:
    corpus, out = built(tmp_path / "a")
    check(out, corpus)

    _, local = built(tmp_path / "b", hydrated=True)
    with pytest.raises(UsageError, match="hydrated build, whose words belong to others"):
        check(local, corpus)

    with pytest.raises(DataError, match="not made by `khabar build`"):
        check(tmp_path, corpus)

    samples.edit_layer(corpus, replace(samples.council(), relations=samples.council().relations[1:]))
    (corpus.root / "annotations" / "release.toml").write_text('version = "0.2.0"\n', "utf8")
    with pytest.raises(DataError, match=r"holds version 0\.1\.0.* but the checkout makes version 0\.2\.0"):
        check(out, Corpus(corpus.root))

    with (out / "schema.toml").open("a", encoding="utf8") as file:
        file.write("# edited\n")
    with pytest.raises(DataError, match=r"schema\.toml changed since the build"):
        check(out, corpus)


def test_a_version_in_progress_is_not_published(tmp_path: Path) -> None:
    corpus = samples.make_checkout(tmp_path)
    (tmp_path / "annotations" / "release.toml").write_text('version = "0.2.0-dev"\n', "utf8")
    out = tmp_path / "dist" / "khabar"
    folder.write(make_release(corpus), corpus, out)
    with pytest.raises(UsageError, match="work in progress"):
        check(out, corpus)


@pytest.mark.parametrize(("status", "said"), [(401, "hf auth login"), (500, "refused")])
def test_a_refusal_is_one_sentence(
    tmp_path: Path, hub: fake_hub.FakeHub, monkeypatch: pytest.MonkeyPatch, status: int, said: str
) -> None:
    corpus, out = built(tmp_path)
    hub.refuse_with = status
    with pytest.raises(KhabarError, match=said) as caught:
        publish(out, corpus, "me/khabar", False, api(hub, monkeypatch))
    assert "\n" not in str(caught.value)


def test_a_name_that_is_none(tmp_path: Path, hub: fake_hub.FakeHub, monkeypatch: pytest.MonkeyPatch) -> None:
    corpus, out = built(tmp_path)
    with pytest.raises(UsageError, match="no name of a dataset"):
        publish(out, corpus, "a/b/c", False, api(hub, monkeypatch))
