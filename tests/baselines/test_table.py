"""The folder of a trained system: what is broken in it, or of another version, is one sentence."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from dataset_builder.baselines.card import CARD, Card
from dataset_builder.baselines.joint import Crf
from dataset_builder.baselines.memory import Memory
from dataset_builder.baselines.system import Example
from dataset_builder.baselines.table import baseline, tagging, trained
from dataset_builder.corpus import Corpus
from dataset_builder.curation.reading import readable
from dataset_builder.errors import DataError, UsageError
from dataset_builder.schema import Schema
from tests.cli import HERE

SCHEMA = Schema.load()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A system that learned from two articles, with its card."""
    read = [readable(Corpus(HERE), id) for id in ("composed-0004-a", "composed-0005-a")]
    system = Memory(SCHEMA)
    system.fit([Example(r.text or "", r.layer) for r in read])
    system.save(tmp_path)
    validation = {"composed": {"entities": (0.5, 0.4, 0.6, "task:entities")}}
    Card("memory", ("composed",), 2, "1.0.0", 0, "0.9.7", validation=validation).write(tmp_path, "the floor")
    return tmp_path


def _refused(folder: Path) -> str:
    with pytest.raises(DataError) as caught:
        trained(folder, SCHEMA)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_what_was_written_is_read(folder: Path) -> None:
    card, system = trained(folder, SCHEMA)
    assert (card.system, card.train, card.version) == ("memory", ("composed",), "0.9.7")
    assert card.validation["composed"]["entities"][0] == 0.5 and isinstance(system, Memory) and system.tagging.known
    (folder / CARD).unlink()
    with pytest.raises(UsageError, match="no trained system is there"):
        trained(folder, SCHEMA)


@pytest.mark.parametrize("content", ["", "{", "{}", "[]", "null", '{"system": "memory"}', b"\xff\xfe"])
def test_a_card_that_is_none(folder: Path, content: str | bytes) -> None:
    (folder / CARD).write_bytes(content if isinstance(content, bytes) else content.encode())
    assert _refused(folder).startswith(f"{folder / CARD}: no card of a trained system (")


@pytest.mark.parametrize("name", ["memory.json", "linker.json"])
@pytest.mark.parametrize("content", [None, "", '{"ACTOR": [["', "[1]", '{"relation": {}}', '{"ACTOR": 3}', b"\xff\xfe"])
def test_files_that_are_cut_off_or_of_another_version(folder: Path, name: str, content: str | bytes | None) -> None:
    path = folder / name
    path.unlink()
    if content is not None:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    told = _refused(folder)
    assert told.startswith(f"{folder}: the trained memory there can't be loaded (")
    assert "written with khabar 0.9.7" in told
    assert told.endswith(f"train it again with `khabar train --system memory --model {folder}`")


def test_a_tagger_without_its_model(folder: Path) -> None:
    """A label would never be predicted, or CRFsuite read memory that is not the model's."""
    pycrfsuite = pytest.importorskip("pycrfsuite")
    model, state = folder / "ACTOR.crfsuite", folder / "taggers.json"
    trainer = pycrfsuite.Trainer(verbose=False)
    trainer.append([["a"], ["b"]], ["B", "O"])
    trainer.train(str(model))
    state.write_text(json.dumps({"phrases": {"ACTOR": []}, "names": {}}), "utf8")
    assert isinstance(baseline("crf").load(folder, SCHEMA), Crf)
    whole = model.read_bytes()
    for content in (whole[:-8], whole[: len(whole) // 2], b"", None):
        model.unlink()
        if content is not None:
            model.write_bytes(content)
        with pytest.raises(DataError, match=r"the trained crf there can't be loaded \(.*ACTOR\.crfsuite"):
            baseline("crf").load(folder, SCHEMA)


@pytest.mark.parametrize("package", ["torch", "transformers"])
@pytest.mark.parametrize("system", ["stack", "encoder", "ensemble"])
def test_large_packages_that_are_missing_are_named(
    package: str, system: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever begins with the system: training, a trained one, a yardstick."""
    monkeypatch.setitem(sys.modules, package, None)
    starts = (
        lambda: baseline(system).make(SCHEMA),
        lambda: baseline(system).load(folder, SCHEMA),
        lambda: tagging(system),
    )
    for start in starts:
        with pytest.raises(UsageError, match=rf"^{system} needs .*{package}.*: pip install 'khabar\[encoder\]'"):
            start()


def test_a_system_that_this_version_does_not_have(folder: Path) -> None:
    card = json.loads((folder / CARD).read_text("utf8"))
    (folder / CARD).write_text(json.dumps(card | {"system": "memori"}), "utf8")
    with pytest.raises(UsageError, match="did you mean 'memory'"):
        trained(folder, SCHEMA)
