"""`llm` as a whole: asked again, in halves, and as a user runs it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from dataset_builder.baselines.llm.prompt import cut_out
from dataset_builder.baselines.llm.system import Llm
from dataset_builder.baselines.system import Remote
from dataset_builder.corpus import Corpus
from dataset_builder.curation.reading import readable
from dataset_builder.scoring.score import score
from dataset_builder.scoring.sides import Pair
from dataset_builder.scoring.tasks import TASKS
from tests.baselines.llm.answers import NOTHING, SCHEMA, always, asked, gold_answer, in_turn, spans, wrote
from tests.baselines.llm.chat_server import Said, reply, serving
from tests.cli import HERE, khabar
from tests.samples import BRIDGE, COUNCIL, FOREIGN, WIRE, council, make_checkout, wire


def test_a_perfect_answer_gives_the_gold_back(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(gold_answer) as served:
        layer, system = asked(served, monkeypatch)
    assert spans(layer) == spans(council()) and not layer.spurious
    assert len(layer.relations) == len(council().relations)
    pair = Pair(council(), layer, COUNCIL)
    for task in ("entities", "events", "arguments", "claims", "frames"):
        assert score([pair], TASKS[task], SCHEMA).main.f1 == 1.0, task
    manners = {(c.form, c.act, c.source_status, c.medium, bool(c.continues)) for c in layer.claims}
    assert manners == {(c.form, c.act, c.source_status, c.medium, bool(c.continues)) for c in council().claims}
    killed = next(s for s in layer.spans if s.label == "AIR" and s.attributes.get("killed"))
    assert (killed.attributes["date"], killed.attributes["incident"]) == ("2020-03-01", "market-strike")
    request = served.requests[0]
    assert request["model"] == "test-model" and request["temperature"] == 0 and served.text() == COUNCIL
    assert served.headers[0]["path"] == "/v1/chat/completions" and "Authorization" not in served.headers[0]
    assert system.report()["counts"]["tokens sent from the server"] == 9000 and system.report()["cost"] is None


def test_nested_claims_and_wide_sources_survive(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(gold_answer) as served:
        layer, _ = asked(served, monkeypatch, WIRE)
    nested = [c for c in layer.claims if c.parent]
    assert len(nested) == 1 and spans(layer) == spans(wire())


def test_broken_json_is_asked_for_again_once(monkeypatch: pytest.MonkeyPatch) -> None:
    good = wrote(council(), COUNCIL)
    with serving(in_turn(reply("I would rather not use JSON."), reply(good))) as served:
        layer, system = asked(served, monkeypatch)
    assert spans(layer) == spans(council()) and system.report()["counts"]["asked again"] == 1
    assert [m["role"] for m in served.requests[1]["messages"]][-3:] == ["user", "assistant", "user"]


@pytest.mark.parametrize("content", ["", None, "[1, 2]", "no"], ids=["empty", "null", "a list", "words"])
def test_an_answer_that_stays_useless_is_counted(content: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(always(reply(content))) as served:
        layer, system = asked(served, monkeypatch)
    assert not layer.spans and len(served.requests) == 2
    assert system.report()["counts"]["windows without a readable answer"] == 1


def test_a_truncated_answer_halves_the_window(monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole text's answer breaks off; those of its parts do not, and together they have every actor and place."""
    read_ = readable(Corpus(HERE), "composed-0004-a")
    text, gold = read_.text or "", replace(read_.layer, relations=(), claims=())
    gold = replace(gold, spans=tuple(s for s in gold.spans if s.layer in ("ACTOR", "LOCATION")))

    def behave(body: dict[str, object], number: int) -> Said:
        sent = body["messages"][-1]["content"]  # type: ignore[index]
        start = text.index(sent)
        part = cut_out(gold, start, start + len(sent))
        said = wrote(part, sent) if part else NOTHING
        return reply(said[:400], "length") if len(sent) > 700 else reply(said)

    with serving(behave) as served:
        layer, system = asked(served, monkeypatch, text)
    assert spans(layer) == spans(gold) and not layer.spurious
    assert system.report()["counts"]["windows that were halved"] >= 1


def test_a_prompt_that_the_server_cuts_is_noticed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As some servers do beyond their context: the answer looks like any other, but only 2,048 tokens were read."""
    with serving(always(reply(NOTHING, sent=2048))) as served:
        _, system = asked(served, monkeypatch)
        assert "counted only 2048 tokens" in capsys.readouterr().err
        system.predict("composed-9001-b", WIRE)
        assert capsys.readouterr().err == ""
        assert system.report()["counts"]["prompts that the server cut"] == 2
        assert "cut" not in str(asked(served, monkeypatch, BRIDGE, guidelines="short")[1].report())


@pytest.mark.parametrize(
    "command",
    [
        ("predict", "--system", "llm", "-o", "work/p"),
        ("predict", "--system", "llm", "-o", "work/p", "new.txt"),
        ("predict", "--model", "work/llm", "-o", "work/p"),
        ("reproduce", "llm/none-composed"),
    ],
    ids=["predict", "predict a file", "predict with passages", "reproduce"],
)
def test_without_a_server_one_sentence_says_what_to_set(command: tuple[str, ...], tmp_path: Path) -> None:
    """What a system is can be asked without a server; only its use needs one, and nothing is written without."""
    assert isinstance(Llm(SCHEMA), Remote)
    corpus = make_checkout(tmp_path / "checkout", hydrated=True)
    (corpus.root / "new.txt").write_text(BRIDGE, "utf8")
    if "--model" in command:
        assert khabar(corpus, "train", "--system", "llm", "--model", "work/llm").code == 0
    refused = khabar(corpus, *command)
    assert refused.code == 2 and "Traceback" not in refused.err
    sentence = (
        "llm: no server is named; set KHABAR_LLM_URL (like http://localhost:8000/v1), KHABAR_LLM_MODEL and, "
        "where the server wants one, KHABAR_LLM_KEY"
    )
    assert " ".join(refused.err.split()).endswith(sentence), refused.err
    assert not (corpus.root / "work" / "p").exists()


def test_commands(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    corpus = make_checkout(tmp_path / "checkout", hydrated=True)
    missing = khabar(corpus, "predict", "--system", "llm", "-o", "work/p")
    assert missing.code == 2 and "llm: no server is named" in missing.err and "Traceback" not in missing.err
    trained = khabar(corpus, "train", "--system", "llm", "--model", "work/llm", "--set", "examples=1")
    assert trained.code == 0, trained.err
    prompt = json.loads((corpus.root / "work" / "llm" / "prompt.json").read_text("utf8"))
    assert len(prompt["passages"]) == 1 and prompt["passages"][0]["text"] in COUNCIL + WIRE
    with serving(gold_answer) as served:
        monkeypatch.setenv("KHABAR_LLM_URL", served.url)
        done = khabar(corpus, "predict", "--model", "work/llm", "-o", "work/p")
        assert done.code == 0 and "test-model: 2 answers from the server, 0 from the cache" in done.err, done.err
        assert len(served.requests[0]["messages"]) == 4
        scored = khabar(corpus, "score", "work/p", "--task", "entities", "--json")
        assert json.loads(scored.out)[0]["measures"]["strict"]["f1"] == 1.0, scored.err
        report = json.loads((corpus.root / "work" / "p" / "report.json").read_text("utf8"))
        assert report["counts"]["quotes"] > 20 and report["spurious"] == {}
        # Without training, on a file, and on another's text, which stays on this machine.
        (tmp_path / "new.txt").write_text(BRIDGE, "utf8")
        alone = khabar(corpus, "predict", tmp_path / "new.txt", "--system", "llm", "-o", "work/q")
        assert alone.code == 0 and len(served.requests[-1]["messages"]) == 2, alone.err
        local = khabar(
            corpus, "predict", "--system", "llm", "--track", "referenced", "--split", "train", "-o", "work/r"
        )
        assert local.code == 0 and served.text() == FOREIGN, local.err
        seen = len(served.requests)
        monkeypatch.setenv("KHABAR_LLM_URL", served.url.replace("127.0.0.1", "127.0.0.2"))
        refused = khabar(
            corpus, "predict", "--system", "llm", "--track", "referenced", "--split", "train", "-o", "work/r"
        )
        assert refused.code == 2 and "1 texts belong to others" in refused.err and len(served.requests) == seen
    untrained = khabar(corpus, "predict", "--system", "memory", "-o", "work/s")
    assert untrained.code == 2 and "memory must learn first" in untrained.err
    twice = khabar(corpus, "predict", "--model", "work/llm", "--set", "window=900", "-o", "work/s")
    assert twice.code == 2 and "leave --system and --set out" in twice.err
    assert "name what is to predict" in khabar(corpus, "predict", "-o", "work/s").err
