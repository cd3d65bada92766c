"""UIMA CAS JSON that other programs wrote."""

from __future__ import annotations

from pathlib import Path

import pytest

from dataset_builder.errors import DataError
from tests.formats.files import TEXT, only, read


def test_other_annotations_of_a_cas_are_counted(tmp_path: Path) -> None:
    import cassis

    system = cassis.TypeSystem()
    name = "de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity"
    kind, span = system.create_type(name), system.create_type("custom.Span")
    cas = cassis.Cas(system)
    cas.sofa_string, cas.sofa_mime = TEXT, "text/plain"
    cas.add_all([kind(begin=0, end=4), kind(begin=5, end=13), span(begin=0, end=4)])
    path = tmp_path / "a.json"
    cas.to_json(path)
    (foreign,) = read("cas", [path])
    assert [i.code for i in foreign.read.found] == ["region-label", "region-left-out"]
    assert f"2 annotations of other types (2 {name})" in foreign.read.found[1].fact


@pytest.mark.parametrize("content", ["[" * 100_000, "3", "[]", "null", '{"%TYPES": 3}', '{"%FEATURE_STRUCTURES": [3]}'])
def test_a_hostile_cas_is_one_sentence(content: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no UIMA CAS JSON"):
        only("cas", tmp_path / "a.json", content)
