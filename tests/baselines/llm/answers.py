"""What a perfect model says of the sample texts, and a system that asks a server for it."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest

from dataset_builder.baselines.llm.assembly import Window
from dataset_builder.baselines.llm.form import write
from dataset_builder.baselines.llm.placing import Ground
from dataset_builder.baselines.llm.settings import Options
from dataset_builder.baselines.llm.system import Llm
from dataset_builder.model import Layer
from dataset_builder.schema import Schema
from dataset_builder.validation.labels import check_labels
from dataset_builder.validation.references import LayerFile, check_dangling
from tests.baselines.llm.chat_server import Behaviour, ChatServer, Said, reply
from tests.samples import COUNCIL, bridge, council, foreign, road, wire

SCHEMA = Schema.load()
NOTHING = json.dumps({name: [] for name in SCHEMA.layers})


def asked(
    served: ChatServer, monkeypatch: pytest.MonkeyPatch, text: str = COUNCIL, **options: object
) -> tuple[Layer, Llm]:
    """What a new system makes of a text, which must be valid whatever the server does."""
    monkeypatch.setenv("KHABAR_LLM_URL", served.url)
    system = Llm(SCHEMA, Options(**options))  # type: ignore[arg-type]
    layer = system.predict("composed-9001-a", text)
    assert_valid(layer, text)
    return layer, system


def assert_valid(layer: Layer, text: str) -> None:
    file = LayerFile(layer, "", {}, "")
    assert [str(i) for i in (*check_dangling(file), *check_labels(file, SCHEMA, text)) if i.is_error] == []


def spans(layer: Layer) -> set[tuple[str, str, int, int]]:
    return {(s.layer, s.label, s.start, s.end) for s in layer.spans}


def answer(**layers: Sequence[object]) -> str:
    return json.dumps({name: layers.get(name, []) for name in SCHEMA.layers}, ensure_ascii=False)


def always(said: Said) -> Behaviour:
    return lambda body, number: said


def in_turn(*said: Said) -> Behaviour:
    """One after the other; the last one from then on."""
    return lambda body, number: said[min(number, len(said) - 1)]


def wrote(layer: Layer, text: str, window: Window | None = None) -> str:
    """What a perfect model says of a text, or of a window of it."""
    return write(layer, Ground(text, window.start, window.end) if window else Ground(text, 0, len(text)), SCHEMA)


def gold_answer(body: dict[str, object], number: int = 0) -> Said:
    """What a perfect model would say of the sample texts."""
    text = body["messages"][-1]["content"]  # type: ignore[index]
    layer = next(layer() for layer in (council, wire, bridge, road, foreign) if layer().length == len(text))
    return reply(wrote(layer, text))
