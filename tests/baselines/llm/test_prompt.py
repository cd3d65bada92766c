"""What is asked: guidelines and schema in words, and passages of training data."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dataset_builder.baselines.llm.assembly import Assembly
from dataset_builder.baselines.llm.form import json_schema, read
from dataset_builder.baselines.llm.prompt import choose, cut_out, instructions
from dataset_builder.baselines.llm.system import windows
from dataset_builder.baselines.system import Example
from dataset_builder.corpus import Corpus
from dataset_builder.curation.reading import readable
from tests.baselines.llm.answers import SCHEMA
from tests.cli import HERE
from tests.samples import COUNCIL, WIRE, council, wire


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
