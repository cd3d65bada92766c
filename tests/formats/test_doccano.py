"""Files of doccano as they really are: renumbered, cut short, or meant to break the reader."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from dataset_builder.codec import canonical
from dataset_builder.corpus import Corpus
from dataset_builder.curation.conversion import corpus_layer
from dataset_builder.errors import KhabarError
from dataset_builder.formats.foreign import Item
from tests.formats.files import TEXT, only, words, written
from tests.samples import COUNCIL


def exported(corpus: Corpus, folder: Path) -> dict[str, Any]:
    gold = corpus.layer("composed-9001-a")
    (path,) = written("doccano", [Item(gold.document, COUNCIL, gold)], folder)
    record: dict[str, Any] = json.loads(path.read_text("utf8"))
    return record


def test_doccano_may_number_entities_anew(corpus: Corpus, tmp_path: Path) -> None:
    """Its ids are those of its database: here from 1, so that by number each entity would be the one before it."""
    gold, record = corpus.layer("composed-9001-a"), exported(corpus, tmp_path)
    for entity in record["entities"]:
        entity["id"] += 1
    for relation in record["relations"]:
        relation["from_id"] += 1
        relation["to_id"] += 1
    foreign = only("doccano", tmp_path / "b.jsonl", json.dumps(record))
    layer, found = corpus_layer(foreign, corpus, onto=gold)
    assert found == [] and canonical(layer) == canonical(gold)


def test_a_span_that_was_cut_short_in_doccano_keeps_its_id(corpus: Corpus, tmp_path: Path) -> None:
    gold, record = corpus.layer("composed-9001-a"), exported(corpus, tmp_path)
    span = next(s for s in gold.spans if s.text == "الميليشيا المجرمة")
    entity = next(e for e in record["entities"] if (e["start_offset"], e["end_offset"]) == (span.start, span.end))
    entity["end_offset"] -= len(" المجرمة")
    layer, found = corpus_layer(only("doccano", tmp_path / "b.jsonl", json.dumps(record)), corpus, onto=gold)
    assert found == []
    now = layer.span(span.id)
    assert (now.text, now.attributes) == ("الميليشيا", span.attributes) and len(layer.spans) == len(gold.spans)


def test_entities_of_doccano_without_ids_are_kept_apart(tmp_path: Path) -> None:
    spans = [(5, 13, "ACTOR.STATE_FORCES"), (14, 21, "FACILITY")]
    entities = [{"start_offset": a, "end_offset": b, "label": label} for a, b, label in spans]
    foreign = only("doccano", tmp_path / "a.jsonl", json.dumps({"text": TEXT, "entities": entities}))
    assert words(foreign) == ["الطائرات", "سوق حلب"] and foreign.read.found == []


def test_lines_of_doccano_end_at_line_feeds_alone(tmp_path: Path) -> None:
    """U+2028 and U+0085 stand in texts, and in JSON as they are."""
    record = {"text": "زار\u2028حلب\x85", "label": [[4, 7, "POPULATED_PLACE"]]}
    content = "\ufeff" + json.dumps(record, ensure_ascii=False) + "\r\n"
    assert words(only("doccano", tmp_path / "a.jsonl", content)) == ["حلب"]


@pytest.mark.parametrize(
    "line",
    [
        '{"text": null, "entities": []}',
        '{"text": "x", "entities": {}, "label": 3}',
        '{"text": "x", "entities": [3]}',
        '{"text": "x", "entities": {"a": 1}}',
        '{"text": "x", "label": [[0, 1]]}',
        '{"text": "x", "label": [3]}',
        '{"text": "\\ud800", "entities": []}',
        '{"text": "x", "entities": [], "regions": [[1]]}',
        '{"text": "x", "entities": [], "relations": [4]}',
        '{"text": "x", "entities": [], "a": ' + "[" * 100_000 + "]" * 100_000 + "}",
        "[]",
        "3",
    ],
)
def test_a_hostile_line_of_doccano_is_one_sentence(line: str, tmp_path: Path) -> None:
    with pytest.raises(KhabarError, match="no document of doccano"):
        only("doccano", tmp_path / "a.jsonl", line)
        pytest.fail("it was read")


def test_odd_values_of_doccano_are_reported(tmp_path: Path) -> None:
    entities = [
        {"id": 1, "label": None, "start_offset": 0, "end_offset": 1},
        {"id": [2], "label": ["x"], "start_offset": "0", "end_offset": 1},
        {"id": 3, "label": "AIR", "start_offset": 0, "end_offset": 10**40},
        {"id": 4, "label": "", "start_offset": 0, "end_offset": 4},
    ]
    relations = [{"type": ["AGENT"], "from_id": 1, "to_id": 2}, {"type": "NO", "from_id": {}, "to_id": 3}]
    record = {"text": TEXT, "entities": entities, "relations": relations}
    foreign = only("doccano", tmp_path / "a.jsonl", json.dumps(record))
    codes = [incident.code for incident in foreign.read.found]
    assert codes == ["region-label"] * 2 + ["region-offsets", "region-label"] + ["region-left-out"] * 2
    assert "has no label" in foreign.read.found[3].fact and "--label" not in foreign.read.found[3].fact
