"""`llm` against a server that misbehaves in every way that servers and models do."""

from __future__ import annotations

import json
import random
import socket
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from dataset_builder.baselines.llm import server as llm_server
from dataset_builder.baselines.llm.assembly import Assembly, Window
from dataset_builder.baselines.llm.form import json_schema, read, write
from dataset_builder.baselines.llm.placing import Ground
from dataset_builder.baselines.llm.prompt import choose, cut_out, instructions, pages
from dataset_builder.baselines.llm.settings import Options, Server
from dataset_builder.baselines.llm.system import Llm, windows
from dataset_builder.baselines.system import Example, Remote
from dataset_builder.baselines.table import baseline
from dataset_builder.codec import decode_layer, encode_layer
from dataset_builder.corpus import Corpus
from dataset_builder.curation.reading import readable
from dataset_builder.errors import ServiceError, UsageError
from dataset_builder.model import Layer
from dataset_builder.schema import Schema
from dataset_builder.scoring.score import score
from dataset_builder.scoring.sides import Pair
from dataset_builder.scoring.spurious import unknown_names
from dataset_builder.scoring.tasks import TASKS
from dataset_builder.validation.labels import check_labels
from dataset_builder.validation.references import LayerFile, check_dangling
from tests.baselines.chat_server import Behaviour, ChatServer, Said, fault, reply, serving
from tests.cli import HERE, khabar
from tests.samples import BRIDGE, COUNCIL, FOREIGN, ROAD, WIRE, bridge, council, foreign, make_checkout, road, wire

SCHEMA = Schema.load()
GOLD = {layer().document: layer() for layer in (council, wire, bridge, road)}
NOTHING = json.dumps({name: [] for name in SCHEMA.layers})


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No pauses worth the name, a cache of its own, and no server but the one that a test names."""
    monkeypatch.setattr(llm_server, "PAUSE", 0.001)
    monkeypatch.setenv("KHABAR_LLM_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("KHABAR_LLM_MODEL", "test-model")
    monkeypatch.setenv("KHABAR_LLM_WORKERS", "1")
    for name in ("URL", "KEY", "PRICES", "TIMEOUT"):
        monkeypatch.delenv(f"KHABAR_LLM_{name}", raising=False)


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


# What is asked


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


def test_the_prompt_is_made_from_guidelines_and_schema() -> None:
    said = instructions(SCHEMA)
    for layer in SCHEMA.layers.values():
        assert layer.about in said and all(f"- {label.name}: {label.meaning}" in said for label in layer.labels)
    assert "fewest words that signal the attribution" in said and "انشقاقات" in said
    assert "](" not in said and "khabar sheet" not in said
    short = instructions(SCHEMA, full=False)
    assert len(short) < len(said) / 2 and "- SHELLING: " in short
    # A label that the schema gets stands in prompt and form, without a change of code.
    actors = SCHEMA.layers["ACTOR"]
    label = replace(actors.labels[0], name="MERCENARIES", meaning="fights for pay")
    wider = replace(SCHEMA, layers={**SCHEMA.layers, "ACTOR": replace(actors, labels=(*actors.labels, label))})
    assert "- MERCENARIES: fights for pay" in instructions(wider)
    form = json_schema(wider)["properties"]["ACTOR"]["items"]["properties"]
    assert "MERCENARIES" in form["label"]["enum"] and "entity" not in form


def test_every_object_of_the_form_is_closed() -> None:
    """No key that the reader does not know, at any depth, and every required key is one that is there."""

    def check(node: dict[str, object]) -> int:
        if node["type"] == "array":
            return check(node["items"])  # type: ignore[arg-type]
        if node["type"] != "object":
            return 0
        assert node["additionalProperties"] is False and set(node["required"]) <= set(node["properties"])  # type: ignore[call-overload]
        return 1 + sum(check(each) for each in node["properties"].values())  # type: ignore[attr-defined]

    assert check(json_schema(SCHEMA)) == 9
    form = json_schema(SCHEMA)["properties"]["CLAIM"]["items"]
    assert form["required"] == ["id", "content", "form", "act", "source_status"]
    assert "README" in pages()


def test_passages_are_whole_seeded_and_varied() -> None:
    corpus = Corpus(HERE)
    read_ = [readable(corpus, f"composed-{n:04}-{x}") for n in range(1, 9) for x in "ab"]
    examples = [Example(r.text or "", r.layer) for r in read_]
    chosen = choose(examples, 4, SCHEMA, seed=3)
    assert chosen == choose(examples, 4, SCHEMA, seed=3) and len(chosen) == 4
    assert all(any(p.text in e.text for e in examples) for p in chosen)
    for passage in chosen:
        assembly = Assembly(passage.text, SCHEMA)
        given = read(passage.answer, SCHEMA)
        assert given is not None
        assembly.add(windows(passage.text, 10_000)[0], given)
        assert not assembly.spurious and len(assembly.spans) >= 5
    shown = {s.label for p in chosen for s in (read(p.answer, SCHEMA) or pytest.fail()).spans}
    assert len(shown) >= 15
    assert choose(examples, 0, SCHEMA) == [] and choose([], 3, SCHEMA) == []


def test_a_passage_that_leads_out_of_itself_is_not_cut() -> None:
    """The second sentence of WIRE goes by itself; the third of COUNCIL has a claim that continues the one before."""
    end = WIRE.index(". ") + 1
    assert cut_out(wire(), end + 1, len(WIRE)) is not None
    start = COUNCIL.index("وأضاف")
    assert cut_out(council(), start, len(COUNCIL)) is None
    assert cut_out(council(), 3, 9) is None


# Anchoring, at scale and by hand


def _altered(node: object, key: str = "") -> object:
    """Quotes as models change what they copy: hamza, diacritics, tatweel, quotation marks, commas, invisible marks."""
    if isinstance(node, dict):
        return {key: _altered(value, key) for key, value in node.items()}
    if isinstance(node, list):
        return [_altered(each, key) for each in node]
    if key not in ("text", "before") or not isinstance(node, str):
        return node
    swaps = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "«": '"', "»": '"', "،": ","})
    swaps |= {ord("ق"): "ق\u064e", ord("و"): "و\u200f", ord("س"): "سـ"}
    return node.translate(swaps)


@pytest.mark.parametrize("altered", [False, True], ids=["as it stands", "written otherwise"])
def test_quotes_of_the_corpus_lead_back_to_their_places(altered: bool) -> None:
    """Every third composed article through the model's form and back: at most one span in a thousand goes astray."""
    corpus = Corpus(HERE)
    total = lost = claims = kept = 0
    for id in [id for id in corpus.documents if id.startswith("composed")][::3]:
        read_ = readable(corpus, id)
        text, gold = read_.text or "", read_.layer
        said = wrote(gold, text)
        if altered:
            said = json.dumps(_altered(json.loads(said)), ensure_ascii=False)
        assembly = Assembly(text, SCHEMA)
        for window in windows(text, 10_000):
            assembly.add(window, read(said, SCHEMA) or pytest.fail())
        layer = assembly.layer(id)
        assert_valid(layer, text)
        total, lost = total + len(spans(gold)), lost + len(spans(gold) - spans(layer))
        claims, kept = claims + len(gold.claims), kept + len(layer.claims)
    assert total > 5000 and lost / total < 0.001, (lost, total)
    assert kept / claims > 0.999, (kept, claims)


def test_windows_give_what_one_request_gives() -> None:
    """A text in windows of 300 code points, each answered perfectly: all spans, all links but those into far ones."""
    corpus = Corpus(HERE)
    read_ = readable(corpus, "composed-0004-a")
    text, gold = read_.text or "", read_.layer
    assembly = Assembly(text, SCHEMA)
    cut = windows(text, 300)
    assert len(cut) > 3 and all(a.end <= b.own and b.start < b.own for a, b in pairwise(cut))
    for window in cut:
        inside = tuple(s for s in gold.spans if window.start <= s.start and s.end <= window.end)
        ids = {s.id for s in inside}
        part = replace(
            gold,
            spans=inside,
            relations=tuple(r for r in gold.relations if {r.head, r.tail} <= ids),
            claims=tuple(c for c in gold.claims if set(c.spans) <= ids),
        )
        assembly.add(window, read(wrote(part, text, window), SCHEMA) or pytest.fail())
    layer = assembly.layer("composed-0004-a")
    assert_valid(layer, text)
    assert spans(layer) == spans(gold) and not layer.spurious
    assert len(layer.relations) >= 0.9 * len(gold.relations) and len(layer.claims) == len(gold.claims)


def test_repeated_strings_go_by_context_then_by_first_unused(monkeypatch: pytest.MonkeyPatch) -> None:
    """«قوات الإقليم» stands twice in BRIDGE: at 0 and, after دخلت, in the second line."""
    second = BRIDGE.index("قوات الإقليم", 1)

    def actors(*befores: str) -> str:
        return answer(
            ACTOR=[
                {"id": f"a{n}", "label": "STATE_FORCES", "text": "قوات الإقليم", "before": before, "mention": "name"}
                for n, before in enumerate(befores)
            ]
        )

    for befores, wanted in (
        (("",), [0]),
        (("دخلت",), [second]),
        (("دخلت", ""), [0, second]),
        (("", ""), [0, second]),
        (("", "", ""), [0, second]),
    ):
        with serving(always(reply(actors(*befores)))) as served:
            layer, _ = asked(served, monkeypatch, BRIDGE)
        assert [s.start for s in layer.spans] == wanted, befores
        assert not layer.spurious


# Models that answer badly


@pytest.mark.parametrize(
    "wrap",
    ["```json\n{}\n```", "```\n{}\n```", "Sure, here it is:\n{}\nAnything else?", "<think>is {{it}}?</think>{}"],
    ids=["fence", "bare fence", "words around", "thoughts"],
)
def test_text_around_the_object_is_taken_off(wrap: str, monkeypatch: pytest.MonkeyPatch) -> None:
    wrapped = wrap.replace("{{it}}", "{it").replace("{}", wrote(council(), COUNCIL))
    with serving(always(reply(wrapped))) as served:
        layer, _ = asked(served, monkeypatch)
    assert spans(layer) == spans(council()) and len(served.requests) == 1


def test_an_answer_in_parts_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = wrote(council(), COUNCIL)
    parts = [{"type": "text", "text": whole[:90]}, {"type": "text", "text": whole[90:]}]
    with serving(always(Said(body=json.dumps({"choices": [{"message": {"content": parts}}]})))) as served:
        layer, system = asked(served, monkeypatch)
    assert spans(layer) == spans(council())
    assert system.report()["counts"]["answers without a token count"] == 1


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


def test_what_can_not_be_halved_counts_as_far_as_it_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    text = COUNCIL.split("\n")[0]
    cut = '{"ACTOR": [{"id": "a1", "label": "POLITICAL_BODY", "text": "مجلس الناحية", "before": ""}, {"id": "a2", "la'
    with serving(always(reply(cut, "length"))) as served:
        layer, _ = asked(served, monkeypatch, text)
    assert spans(layer) == {("ACTOR", "POLITICAL_BODY", 0, 12)} and len(served.requests) == 1
    assert layer.spurious == {"ACTOR": 1}  # of the second record nothing but its id came


def test_records_of_wrong_types_are_counted_and_the_others_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    said = answer(
        ACTOR=[
            {"id": 1, "label": "POLITICAL_BODY", "text": "مجلس الناحية", "before": None, "mention": 7},
            "قوات الإقليم",
            {"id": "a3", "label": "STATE_FORCES", "text": ["قوات الإقليم"]},
            None,
        ],
        EVENT=[{"id": "e1", "label": "AIR", "text": "قصفت", "killed": 3, "AGENT": 1, "TARGET": None, "status": "gone"}],
        CLAIM=[
            {"id": "c1", "cue": "قال", "content": "إن طائرات قصفت سوق البلدة", "source": 5},
            {"content": []},
            4,
            {"id": "c2", "cue": {"text": "أضاف"}, "content": None},
        ],
        FRAME={"id": "f1", "label": "DELEGITIMISING", "text": "المجرمة"},  # type: ignore[arg-type]
    )
    with serving(always(reply(said))) as served:
        layer, system = asked(served, monkeypatch)
    by_label = {s.label: s for s in layer.spans}
    assert by_label["POLITICAL_BODY"].attributes == {"mention": "name"}
    assert by_label["AIR"].attributes == {"status": "occurred", "killed": "3"} and "DELEGITIMISING" in by_label
    assert [(r.label, layer.span(r.tail).label) for r in layer.relations] == [("AGENT", "POLITICAL_BODY")]
    # Three actors and two claims can't be read; the source "5" stands nowhere, so its claim falls with its three roles,
    # and the last claim with its cue for want of a content.
    assert layer.spurious == {
        "ACTOR": 3, "CLAIM": 4, "CLAIM.CONTENT": 1, "CLAIM.CUE": 2, "CLAIM.SOURCE": 1
    }  # fmt: skip
    assert system.report()["counts"]["records that can't be read"] == 5


def test_unknown_labels_and_words_that_stand_nowhere_count_against_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of four actors two stand in the text with a label of the schema, so precision is 2 of 4; the gold has five
    actors and two places. Of three arguments one leads to an actor that is there.
    """
    said = answer(
        ACTOR=[
            {"id": "a1", "label": "POLITICAL_BODY", "text": "مجلس الناحية", "before": "", "mention": "name"},
            {"id": "a2", "label": "CIVILIANS", "text": "مدنيين", "before": "وقتلت 3", "mention": "nominal"},
            {"id": "a3", "label": "SOLDIERS", "text": "قوات الإقليم", "before": "ونفت", "mention": "name"},
            {"id": "a4", "label": "STATE_FORCES", "text": "الجيش السوري", "before": "", "mention": "name"},
        ],
        EVENT=[{"id": "e1", "label": "AIR", "text": "قصفت", "before": "إن طائرات", "status": "occurred",
                "AGENT": ["a4"], "TARGET": ["a2", "a9"], "PLACE": []}],
        CLAIM=[{"id": "c1", "source": {"text": "الناطق العسكري", "before": ""}, "cue": {"text": "قال", "before": ""},
                "content": [{"text": "إن طائرات قصفت سوق البلدة", "before": "قال مجلس الناحية"}],
                "form": "indirect", "act": "say", "source_status": "named", "medium": "unknown"}],
    )  # fmt: skip
    with serving(always(reply(said))) as served:
        layer, system = asked(served, monkeypatch)
    assert layer.spurious == {
        "ACTOR": 1, "ACTOR.STATE_FORCES": 1, "AGENT": 1, "TARGET": 1,
        "CLAIM": 1, "CLAIM.CONTENT": 1, "CLAIM.CUE": 1, "CLAIM.SOURCE": 1,
    }  # fmt: skip
    pair = Pair(council(), layer, COUNCIL)
    entities = score([pair], TASKS["entities"], SCHEMA)
    assert (entities.main.right, entities.main.predicted, entities.main.gold) == (2, 4, 7)
    assert entities.main.precision == 0.5
    forces = entities.counts.figure("strict", "ACTOR.STATE_FORCES")
    assert (forces.predicted, forces.gold) == (1, 1)
    arguments = score([pair], TASKS["arguments"], SCHEMA).main
    assert (arguments.right, arguments.predicted) == (1, 3)
    claims = score([pair], TASKS["claims"], SCHEMA)
    assert (claims.main.right, claims.main.predicted, claims.main.gold) == (0, 1, 4)
    assert claims.counts.figure("roles exact", "CUE").predicted == 1
    assert "1 spurious" not in system.summary() and "2 of 8 quotes stand nowhere" in system.summary()


def test_content_that_holds_its_cue_or_source_is_cut_out_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "نفت قوات الإقليم ذلك، وقالت قوات الإقليم إن الجسر مفتوح."
    source = {"text": "قوات الإقليم", "before": "وقالت"}
    said = answer(
        CLAIM=[{"id": "c1", "source": source, "cue": {"text": "قالت", "before": "ذلك، و"},
                "content": [{"text": "قالت قوات الإقليم إن الجسر مفتوح", "before": ""}],
                "source_status": "implicit", "parent": "c1", "continues": "c7"}],
    )  # fmt: skip
    with serving(always(reply(said))) as served:
        layer, _ = asked(served, monkeypatch, text)
    claim = layer.claims[0]
    content = layer.span(claim.content[0])
    assert text[content.start : content.end] == "إن الجسر مفتوح"
    assert (claim.source_status, claim.parent, claim.continues) == ("named", None, None)


def test_claims_that_are_each_others_parent_are_untied(monkeypatch: pytest.MonkeyPatch) -> None:
    quote = {"text": "إن القصف أوقع 3 قتلى", "before": "قوله"}
    claims = [
        {"id": f"c{n}", "cue": {"text": cue}, "content": [quote], "parent": f"c{3 - n}", "continues": f"c{3 - n}"}
        for n, cue in ((1, "نقلت"), (2, "قوله"))
    ]
    with serving(always(reply(answer(CLAIM=claims)))) as served:
        layer, _ = asked(served, monkeypatch, WIRE)
    assert len(layer.claims) == 2 and sum(c.parent is not None for c in layer.claims) == 1


def test_whatever_a_model_says_the_layer_is_valid() -> None:
    """Gold answers with values swapped, dropped and replaced by values of other types, 200 times."""
    draw = random.Random(0)
    strange = [
        "",
        None,
        0,
        -1.5,
        True,
        [],
        {},
        "…",
        "ـ",
        ":",
        "a1",
        "c1",
        "قال",
        "من",
        "٣",
        "\u200f",
        ["a1", None],
        {"text": "قال"},
    ]

    def spoilt(node: object, values: list[object]) -> object:
        if draw.random() < 0.06:
            return draw.choice(strange if draw.random() < 0.5 else values)
        if isinstance(node, dict):
            return {k: spoilt(v, values) for k, v in node.items() if draw.random() > 0.03}
        return [spoilt(v, values) for v in node] if isinstance(node, list) else node

    def leaves(node: object) -> list[object]:
        if isinstance(node, dict | list):
            return [leaf for each in (node.values() if isinstance(node, dict) else node) for leaf in leaves(each)]
        return [node]

    kept = spurious = 0
    for gold, text in ((council(), COUNCIL), (wire(), WIRE), (bridge(), BRIDGE), (road(), ROAD)):
        whole = json.loads(wrote(gold, text))
        for _ in range(50):
            given = read(json.dumps(spoilt(whole, leaves(whole)), ensure_ascii=False), SCHEMA)
            assembly = Assembly(text, SCHEMA)
            if given is not None:
                assembly.add(windows(text, 10_000)[0], given)
            layer = assembly.layer("d")
            assert_valid(layer, text)
            assert unknown_names(layer.spurious, SCHEMA) == []
            again, found, _ = decode_layer(encode_layer(layer).encode())
            assert again is not None and not found
            kept, spurious = kept + len(layer.spans), spurious + sum(layer.spurious.values())
    assert kept > 500 and spurious > 250, (kept, spurious)


# Servers that answer badly


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


# Settings, cache, cost


def test_settings_that_make_no_sense_are_named() -> None:
    good = {"KHABAR_LLM_URL": "https://api.example/v1", "KHABAR_LLM_MODEL": "m"}
    with pytest.raises(UsageError, match="no server is named; set KHABAR_LLM_URL"):
        Server.of({})
    for name, value in (
        ("URL", "api.example"),
        ("TIMEOUT", "soon"),
        ("WORKERS", "0"),
        ("PRICES", "3"),
        ("PRICES", "-1/2"),
    ):
        with pytest.raises(UsageError, match=f"KHABAR_LLM_{name}"):
            Server.of({**good, f"KHABAR_LLM_{name}": value})
    for url in ("https://me:word@api.example/v1", "https://api.example/v1?version=2"):
        with pytest.raises(UsageError, match="user name or a query"):
            Server.of({**good, "KHABAR_LLM_URL": url})
    server = Server.of({**good, "KHABAR_LLM_PRICES": "2.5/10", "XDG_CACHE_HOME": "/c"})
    assert (server.prices, server.cache, server.is_local) == ((2.5, 10.0), Path("/c/khabar/llm"), False)


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


# As a user runs it


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


@pytest.mark.parametrize(
    ("system", "word", "said"),
    [
        ("llm", "windw=3", "did you mean 'window'"),
        ("llm", "window=many", "--set window=many: .*integer"),
        ("llm", "window", "give it a value, like window="),
        ("llm", "window=3", "at least 200"),
        ("llm", "guidelines=long", "--set guidelines=long: .*'full' or 'short'"),
        ("memory", "window=3", "memory has no options"),
    ],
)
def test_options_that_make_no_sense_are_named(system: str, word: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        baseline(system).make(SCHEMA, [word])
    assert isinstance(made := baseline("llm").make(SCHEMA, ["window=900", "guidelines=short"]), Llm)
    assert made.options == Options(6, "short", 900)
