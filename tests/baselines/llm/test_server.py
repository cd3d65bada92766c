"""Servers that misbehave in every way that servers do, and answers kept on disk."""

from __future__ import annotations

import json
import socket
from dataclasses import replace
from pathlib import Path

import pytest

from dataset_builder.baselines.llm import server as llm_server
from dataset_builder.baselines.llm.settings import Server
from dataset_builder.errors import ServiceError, UsageError
from tests.baselines.llm.answers import always, asked, gold_answer, spans, wrote
from tests.baselines.llm.chat_server import ChatServer, Said, fault, reply, serving
from tests.samples import BRIDGE, COUNCIL, WIRE, council


def test_an_answer_in_parts_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = wrote(council(), COUNCIL)
    parts = [{"type": "text", "text": whole[:90]}, {"type": "text", "text": whole[90:]}]
    with serving(always(Said(body=json.dumps({"choices": [{"message": {"content": parts}}]})))) as served:
        layer, system = asked(served, monkeypatch)
    assert spans(layer) == spans(council())
    assert system.report()["counts"]["answers without a token count"] == 1


def test_a_server_that_refuses_schemas_gets_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """As some builds of llama.cpp: 400 for json_schema, then json_object works, and is used from then on."""

    def behave(body: dict[str, object], number: int) -> Said:
        if body.get("response_format", {}).get("type") == "json_schema":  # type: ignore[attr-defined]
            return fault(400, "response_format type json_schema is not supported")
        return gold_answer(body)

    with serving(behave) as served:
        _, system = asked(served, monkeypatch)
        system.predict("composed-9001-b", WIRE)
    formats = [request["response_format"]["type"] for request in served.requests]
    assert formats == ["json_schema", "json_object", "json_object"]


def test_a_server_that_refuses_each_thing_in_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    def behave(body: dict[str, object], number: int) -> Said:
        if "response_format" in body:
            return fault(422, "extra inputs are not permitted")
        for name in ("temperature", "seed"):
            if name in body:
                return fault(400, f"Unsupported value: '{name}'")
        return gold_answer(body)

    with serving(behave) as served:
        layer, _ = asked(served, monkeypatch)
    assert spans(layer) == spans(council()) and len(served.requests) == 5
    assert set(served.requests[-1]) == {"model", "messages"}


def test_busy_servers_are_asked_again(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    said = (fault(429, "slow down", Retry_After="2"), fault(500), fault(503, "loading"))
    waited: list[float] = []
    monkeypatch.setattr("urllib3.util.retry.time.sleep", lambda seconds: waited.append(seconds) if seconds else None)

    def behave(body: dict[str, object], number: int) -> Said:
        return said[number] if number < len(said) else gold_answer(body)

    with serving(behave) as served:
        layer, _ = asked(served, monkeypatch)
    assert spans(layer) == spans(council()) and len(served.requests) == 4
    assert waited[0] == 2 and "waiting 2 s for the server (it answers 429)" in capsys.readouterr().err


def test_a_server_that_stays_busy_ends_as_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(always(fault(503, "overloaded"))) as served, pytest.raises(ServiceError) as error:
        asked(served, monkeypatch)
    assert len(served.requests) == 1 + llm_server.RETRIES
    assert "HTTP 503: overloaded" in str(error.value) and "run the command again" in str(error.value)


def test_a_hang_is_given_up_and_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KHABAR_LLM_TIMEOUT", "1")

    def behave(body: dict[str, object], number: int) -> Said:
        return replace(gold_answer(body), wait=2.0 if number == 0 else 0.0)

    with serving(behave) as served:
        layer, _ = asked(served, monkeypatch)
    assert spans(layer) == spans(council()) and len(served.requests) == 2
    monkeypatch.setattr(llm_server, "RETRIES", 1)
    with (
        serving(always(Said(wait=2.0))) as served,
        pytest.raises(ServiceError, match=r"no answer in 1 s \(KHABAR_LLM_TIMEOUT\)"),
    ):
        asked(served, monkeypatch, BRIDGE)


@pytest.mark.parametrize("status", [401, 403])
def test_a_wrong_key_is_one_sentence_and_no_retry(status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KHABAR_LLM_KEY", "secret-key")
    with serving(always(fault(status, "Incorrect API key: secret-key"))) as served, pytest.raises(UsageError) as error:
        asked(served, monkeypatch)
    assert len(served.requests) == 1 and served.headers[0]["Authorization"] == "Bearer secret-key"
    assert "refuses the key" in str(error.value) and "secret-key" not in str(error.value)
    assert "secret-key" not in repr(Server.of())


def test_other_faults_are_one_sentence_each(monkeypatch: pytest.MonkeyPatch) -> None:
    for said, wanted in (
        (fault(404, "model not found"), "HTTP 404: model not found"),
        (Said(404, "<html>"), r"HTTP 404\); check KHABAR_LLM_URL"),
        (fault(400, "maximum context length is 8192"), "maximum context length is 8192"),
        (Said(200, "<html>hello</html>"), "does not speak the chat protocol"),
        (Said(200, '{"choices": [{}]}'), "does not speak the chat protocol"),
        (Said(200, "[]"), "does not speak the chat protocol"),
        (Said(200, '{"error": {"message": "no provider"}}'), "has no choices with a message: no provider"),
        (Said(302, "", {"Location": "http://127.0.0.1:9/v1"}), "HTTP 302"),
    ):
        with serving(always(said)) as served, pytest.raises((ServiceError, UsageError), match=wanted):
            asked(served, monkeypatch)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(ServiceError, match="can't be reached; check KHABAR_LLM_URL and that the server runs"):
        asked(ChatServer(f"http://127.0.0.1:{port}/v1"), monkeypatch)


@pytest.mark.parametrize("said", [reply("", "content_filter"), Said(400, '{"error": {"code": "content_filter"}}')])
def test_a_content_filter_is_not_argued_with(said: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(always(said)) as served:
        layer, system = asked(served, monkeypatch)
    assert not layer.spans and len(served.requests) == 1
    assert system.report()["counts"]["refused by a content filter"] == 1


def test_an_interrupted_run_goes_on_from_the_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(llm_server, "RETRIES", 0)
    monkeypatch.setenv("KHABAR_LLM_PRICES", "2/10")
    down = [False, True]

    def behave(body: dict[str, object], number: int) -> Said:
        return fault(500, "out of memory") if down[min(number, 1)] else gold_answer(body)

    with serving(behave) as served:
        first, system = asked(served, monkeypatch)
        with pytest.raises(ServiceError):
            system.predict("composed-9001-b", WIRE)
        down[:] = [False, False]
        again, system = asked(served, monkeypatch)
        assert again == first and len(served.requests) == 2  # nothing was asked
        system.predict("composed-9001-b", WIRE)
        assert len(served.requests) == 3
        counts = system.report()["counts"]
        assert (counts["answers from the cache"], counts["answers from the server"]) == (1, 1)
        assert system.report()["cost"] == pytest.approx((9000 * 2 + 20 * 10) / 1e6)
        # Another seed of examples, model or window is another request; a spoilt file is asked for again.
        for path in (tmp_path / "cache").rglob("*.json"):
            path.write_text("{", "utf8")
        asked(served, monkeypatch)
        assert len(served.requests) == 4
        monkeypatch.setenv("KHABAR_LLM_MODEL", "other")
        asked(served, monkeypatch)
        assert len(served.requests) == 5
    assert "secret" not in "".join(p.read_text("utf8") for p in (tmp_path / "cache").rglob("*.json"))
