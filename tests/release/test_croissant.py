"""Croissant metadata: the reference implementation finds nothing wrong and reads the records."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import mlcroissant
import pytest

from dataset_builder.release import folder
from dataset_builder.release.content import make_release
from tests import samples

SHEET = (
    "# Datasheet\n\n### 2.14 Can individuals be identified?\n\nNo **person** is named.\n\n### 3.1 How?\n\nBy hand.\n"
)


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    corpus = samples.make_checkout(tmp_path_factory.mktemp("croissant"))
    (corpus.root / "DATASHEET.md").write_text(SHEET, "utf8")
    version = corpus.root / "annotations" / "release.toml"
    version.write_text(version.read_text("utf8") + 'released = "2026-11-22"\n', "utf8")
    out = corpus.root / "dist" / "khabar"
    folder.write(make_release(corpus), corpus, out)
    return out


def rows(out: Path, name: str) -> list[dict[str, Any]]:
    """The records of one record set, keys shortened to what stands behind its name, text decoded."""

    def shown(value: Any) -> Any:
        if isinstance(value, bytes):
            return value.decode()
        if isinstance(value, dict):
            return {key.rsplit("/", 1)[1]: shown(item) for key, item in value.items()}
        return [shown(item) for item in value] if isinstance(value, list) else value

    return [shown(dict(row)) for row in mlcroissant.Dataset(jsonld=str(out / "croissant.json")).records(name)]


def test_the_reference_implementation_finds_nothing_wrong(out: Path) -> None:
    metadata = mlcroissant.Dataset(jsonld=str(out / "croissant.json")).metadata
    assert not metadata.issues.errors and not metadata.issues.warnings
    assert metadata.version == "0.1.0" and str(metadata.date_published)[:10] == "2026-11-22"
    assert metadata.personal_sensitive_information == ["Can individuals be identified? No person is named."]
    assert metadata.data_collection == "How were the data of each instance acquired? By hand."


def test_every_configuration_loads_through_it(out: Path) -> None:
    described = json.loads((out / "croissant.json").read_text("utf8"))
    names = [records["@id"] for records in described["recordSet"]]
    files = {f"{path.parent.name}/{path.name.split('-')[0]}" for path in out.glob("data/*/*.parquet")}
    assert set(names) == files and len({name.split("/")[0] for name in names}) == 6
    assert all(rows(out, name) for name in names)


def test_records_are_those_of_the_tables(out: Path) -> None:
    """Nested spans come back as records, and their offsets give their words."""
    import pyarrow.parquet as pq

    table = pq.read_table(out / "data/documents/test-00000-of-00001.parquet").to_pylist()
    for read, stored in zip(rows(out, "documents/test"), table, strict=True):
        assert read["text"] == stored["text"] and read["layers"] == stored["layers"]
        assert [span["id"] for span in read["spans"]] == [span["id"] for span in stored["spans"]]
        assert all(read["text"][s["start"] : s["end"]] == s["text"] for s in read["spans"])


def test_a_changed_file_is_found(out: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(out, copy)
    shutil.copyfile(copy / "data/claims/train-00000-of-00001.parquet", copy / "data/claims/test-00000-of-00001.parquet")
    with pytest.raises(mlcroissant.GenerationError):
        rows(copy, "claims/test")


def test_a_build_with_words_of_others_has_no_licence_to_pass_it_on(tmp_path: Path) -> None:
    corpus = samples.make_checkout(tmp_path, hydrated=True)
    out = corpus.root / "dist" / "khabar-local"
    folder.write(make_release(corpus, hydrated=True), corpus, out)
    assert "belong to their publishers" in json.loads((out / "croissant.json").read_text("utf8"))["license"]
