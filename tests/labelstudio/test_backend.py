"""The ML backend as Label Studio speaks to it: over HTTP, with what it sends, and with what it should not."""

from __future__ import annotations

import http.client
import json
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dataset_builder.errors import DataError
from dataset_builder.labelstudio.backend import Backend, application, misfit
from dataset_builder.labelstudio.config import make_config
from dataset_builder.labelstudio.convert import make_result
from dataset_builder.labelstudio.server import HOST, free_port
from dataset_builder.model import Layer, Span
from dataset_builder.schema import Schema
from tests.cli import khabar
from tests.samples import make_checkout

SCHEMA = Schema.load()
LAYERS = ("ACTOR", "EVENT")
TEXT = "😀 قال إن غارة وقعت"  # the emoji is one code point and two UTF-16 units


class Quoting:
    """Finds every غارة, and can't read a text that says so."""

    def predict(self, document: str, text: str) -> Layer:
        if "لا يُقرأ" in text:
            raise DataError(f"{document}: this text can't be read")
        start = text.find("غارة")
        spans = (Span("s00000001", "EVENT", "AIR", start, start + 4, {"status": "occurred"}),) if start >= 0 else ()
        return Layer(document, SCHEMA.version, len(text), "", LAYERS, spans)


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    import uvicorn

    backend = Backend(
        Quoting(),
        "quoting-1",
        lambda layer, text: make_result(layer, text, SCHEMA),
        lambda c: misfit(c, SCHEMA, LAYERS),
    )
    chosen = free_port()
    server = uvicorn.Server(uvicorn.Config(application(backend, [HOST]), HOST, chosen, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
    yield chosen
    server.should_exit = True
    thread.join(10)


def ask(port: int, method: str, path: str, body: object = None, host: str = "") -> tuple[int, Any]:
    connection = http.client.HTTPConnection(HOST, port, timeout=10)
    sent = body if isinstance(body, (bytes, type(None))) else json.dumps(body).encode()
    connection.request(method, path, sent, {"Content-Type": "application/json"} | ({"Host": host} if host else {}))
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    try:
        return answer.status, json.loads(content)
    except ValueError:
        return answer.status, content.decode()


def test_health_setup_and_versions_say_what_label_studio_asks_for(port: int) -> None:
    assert ask(port, "GET", "/health") == (200, {"status": "UP", "model_class": "quoting-1"})
    setup = {
        "project": "1.17",
        "schema": make_config(SCHEMA),
        "hostname": "",
        "access_token": "x",
        "extra_params": None,
    }
    assert ask(port, "POST", "/setup", setup) == (200, {"model_version": "quoting-1"})
    assert ask(port, "GET", "/versions") == (200, {"versions": ["quoting-1"]})
    assert ask(port, "POST", "/webhook", {"action": "ANNOTATION_CREATED"})[0] == 200


def test_a_project_of_another_kind_is_refused_with_the_reason(port: int) -> None:
    only_places = make_config(SCHEMA, ["LOCATION"])
    status, said = ask(port, "POST", "/setup", {"schema": only_places})
    assert status == 400 and "lacks labels: ABDUCTION, ACCUSE" in said["error"]
    status, said = ask(port, "POST", "/setup", {"schema": "<View"})
    assert status == 400 and "is no XML" in said["error"]


def test_offsets_of_predictions_are_code_points(port: int) -> None:
    """«غارة» begins after the emoji (1), two words and three blanks: 1 + 1 + 3 + 1 + 2 + 1 = 9, and has 4 letters."""
    tasks = [{"id": 7, "data": {"doc_id": "d1", "text": TEXT}}]
    status, said = ask(port, "POST", "/predict", {"tasks": tasks, "project": "1.17", "label_config": "", "params": {}})
    assert status == 200 and said["model_version"] == "quoting-1"
    label, attribute = said["results"][0]["result"]
    assert (label["value"]["start"], label["value"]["end"], label["value"]["text"]) == (9, 13, "غارة")
    assert label["value"]["labels"] == ["AIR"] and attribute["value"]["choices"] == ["occurred"]


def test_one_task_that_fails_does_not_cost_the_others_theirs(port: int) -> None:
    given: list[object] = [
        {"text": TEXT},
        {"text": "لا يُقرأ"},
        {"image": "x.png"},
        {"text": ""},
        "words",
        {"text": TEXT},
    ]
    tasks = [{"id": number, "data": data} for number, data in enumerate(given)]
    status, said = ask(port, "POST", "/predict", {"tasks": tasks})
    assert status == 200 and [len(each["result"]) for each in said["results"]] == [2, 0, 0, 0, 0, 2]


@pytest.mark.parametrize("body", [b"not json", b"[1]", b'{"tasks": 3}', b'{"tasks": ["x"]}', b"{}"])
def test_a_broken_request_is_a_400_and_not_a_crash(port: int, body: bytes) -> None:
    assert ask(port, "POST", "/predict", body)[0] == 400
    assert ask(port, "GET", "/health")[0] == 200


def test_training_is_refused_in_words(port: int) -> None:
    status, said = ask(port, "POST", "/train", {})
    assert status == 501 and "khabar train" in said["error"]


def test_a_page_of_another_name_cannot_reach_it(port: int) -> None:
    """A page on the web can point its own name at 127.0.0.1; then the browser sends that name."""
    assert ask(port, "GET", "/health", host="evil.example")[0] == 400


def test_serving_where_it_can_not_be_is_one_sentence(tmp_path: Path) -> None:
    checkout = make_checkout(tmp_path / "checkout")
    model = checkout.root / "work" / "memory"
    assert khabar(checkout, "train", "--system", "memory", "--model", model).code == 0
    done = khabar(checkout, "serve", "--model", model, "--host", "203.0.113.7", "--port", str(free_port()))
    assert done.code == 2 and "can't be bound" in done.err and done.err.count("\n") == 1
    with socket.create_server((HOST, 0)) as stranger:
        taken = khabar(checkout, "serve", "--model", model, "--port", str(stranger.getsockname()[1]))
    assert taken.code == 2 and "is taken by another program; give another --port" in taken.err
    assert "no trained system is there" in khabar(checkout, "serve", "--model", tmp_path).err
