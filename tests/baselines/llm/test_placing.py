"""Quotes led back to their places, at scale and by hand."""

from __future__ import annotations

import json

import pytest

from dataset_builder.baselines.llm.assembly import Assembly
from dataset_builder.baselines.llm.form import read
from dataset_builder.baselines.llm.system import windows
from dataset_builder.corpus import Corpus
from dataset_builder.curation.reading import readable
from tests.baselines.llm.answers import SCHEMA, always, answer, asked, assert_valid, spans, wrote
from tests.baselines.llm.chat_server import reply, serving
from tests.cli import HERE
from tests.samples import BRIDGE


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
