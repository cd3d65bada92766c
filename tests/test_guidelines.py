"""The guidelines' worked examples are data: each sheet reads without a finding, and every label family has five."""

from __future__ import annotations

import hashlib
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from dataset_builder.formats import sheet
from dataset_builder.formats.sheet.lines import SentenceLine, parse
from dataset_builder.model import Layer
from dataset_builder.schema import Schema
from tests.cli import HERE

SCHEMA = Schema.load()
SHEETS = sorted((HERE / "annotations" / "guidelines" / "examples").glob("*.sheet"))
#: "At least five worked examples" of each.
ENOUGH = 5


@cache
def _read(path: Path) -> Layer:
    content = path.read_text("utf8")
    text = "\n".join(line.text for line in parse(content)[1] if isinstance(line, SentenceLine))
    layer, found = sheet.read(
        content, path.stem, text, hashlib.sha256(text.encode()).hexdigest(), SCHEMA, path=str(path)
    )
    assert not found, "\n".join(map(str, found))
    return layer


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.stem)
def test_examples_read_and_say_why(path: Path) -> None:
    layer = _read(path)
    assert layer.spans
    lines = path.read_text("utf8").splitlines()
    sentences = [i for i, line in enumerate(lines) if line.startswith("s") and line[1].isdigit()]
    without = [lines[i] for i in sentences if not lines[i - 1].startswith("# ")]
    assert not without, "each sentence has the rule that it shows in a comment above it"


def test_there_is_a_sheet_a_layer() -> None:
    assert {path.stem for path in SHEETS} == {name.lower() for name in SCHEMA.layers}


def _families(layer: str) -> dict[str, int]:
    """How often each label of a layer (of events each group) is shown in the layer's own sheet."""
    read = _read(next(path for path in SHEETS if path.stem == layer.lower()))
    group = {label.name: label.group for label in SCHEMA.layers["EVENT"].labels}
    return Counter(group.get(span.label, span.label) for span in read.of(layer))


@pytest.mark.parametrize("layer", ["ACTOR", "LOCATION", "EVENT", "FRAME"])
def test_five_examples_a_label_or_event_group(layer: str) -> None:
    wanted = list(SCHEMA.event_groups) if layer == "EVENT" else SCHEMA.layers[layer].names
    found = _families(layer)
    assert {name: found[name] for name in wanted if found[name] < ENOUGH} == {}


def test_every_event_code_is_shown() -> None:
    shown = {span.label for path in SHEETS for span in _read(path).of("EVENT")}
    assert set(SCHEMA.layers["EVENT"].names) <= shown


def test_claims_show_every_form_act_status_and_nesting() -> None:
    claims = [claim for path in SHEETS for claim in _read(path).claims]
    for name in ("form", "source_status"):
        counted = Counter(getattr(claim, name) for claim in claims)
        assert all(counted[value] >= ENOUGH for value in SCHEMA.claim[name].values), counted
    acts = {claim.act for claim in claims}
    assert set(SCHEMA.claim["act"].values) <= acts
    assert sum(claim.parent is not None for claim in claims) >= ENOUGH
    assert sum(len(claim.content) > 1 for claim in claims) >= 1
