"""The form of an answer, and answers of another form."""

from __future__ import annotations

import pytest

from dataset_builder.baselines.llm.form import json_schema
from dataset_builder.baselines.llm.prompt import pages
from tests.baselines.llm.answers import SCHEMA, always, answer, asked, spans, wrote
from tests.baselines.llm.chat_server import reply, serving
from tests.samples import COUNCIL, council


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
