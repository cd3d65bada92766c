"""What stands beside a figure: whatever can change it changes its signature, and nothing else does."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

import dataset_builder
from dataset_builder.codec import decode_layer, encode_layer
from dataset_builder.curation.benchmark import pairs
from dataset_builder.errors import DataError, UsageError
from dataset_builder.model import TRIGGERS, Claim, Layer, Relation
from dataset_builder.scoring.score import score
from dataset_builder.scoring.sides import Pair
from dataset_builder.scoring.signature import Listed, differing, gold_digest, sign
from dataset_builder.scoring.tasks import TASKS
from dataset_builder.validation.labels import check_labels
from dataset_builder.validation.references import LayerFile
from tests.samples import make_checkout
from tests.scoring.layers import SCHEMA, TEXT, layer, span

SOURCE, CUE = span("ACTOR", "PERSON", 5, 9, entity="x"), span("CLAIM", "CUE", 0, 4)
PARTS = [span("CLAIM", "CONTENT", 10, 14), span("CLAIM", "CONTENT", 20, 24), span("CLAIM", "CONTENT", 10, 24)]
EVENT = span("EVENT", "AIR", 20, 24)
CLAIMS = [
    Claim("c1", SOURCE.id, CUE.id, (PARTS[2].id,), "indirect", "say", "named"),
    Claim("c2", None, None, (PARTS[0].id, PARTS[1].id), "direct", "deny", "none", parent="c1"),
]
GOLD = layer(SOURCE, CUE, *PARTS, EVENT, relations=[Relation("r1", "AGENT", EVENT.id, SOURCE.id)], claims=CLAIMS)


def digest(gold: Layer, event: str = "") -> str:
    return gold_digest([Pair(gold, gold, TEXT, event)])


def signed(*pairs: Pair, task: str = "arguments") -> str:
    ids = tuple(pair.gold.document for pair in pairs)
    return sign(score(pairs, TASKS[task], SCHEMA), pairs, Listed("t", "test", ids, "ab" * 32, "1.0.0")).signature


def test_the_digest_is_the_line_of_the_page() -> None:
    """docs/benchmark.md says the line; here it is written by hand. Spans in order: 0 cue, 1 source, 2 and 3 contents
    from 10, the shorter first, 4 CONTENT before 5 EVENT at 20 (by layer). The inner claim's content is [2, 4]; [2, 4]
    comes before [3], so the inner claim is number 0 and the outer, its parent, number 1."""
    line = (
        '{"claims":[[[2,4],-1,-1,"direct","deny","none","unknown",1,-1],'
        '[[3],0,1,"indirect","say","named","unknown",-1,-1]],'
        '"document":"d1","event":"e1","layers":["ACTOR","CLAIM","EVENT","FRAME","LOCATION"],'
        '"relations":[["AGENT",5,1]],"sha256":"",'
        '"spans":[[0,4,"CLAIM","CUE",{}],[5,9,"ACTOR","PERSON",{"entity":"x"}],[10,14,"CLAIM","CONTENT",{}],'
        '[10,24,"CLAIM","CONTENT",{}],[20,24,"CLAIM","CONTENT",{}],[20,24,"EVENT","AIR",{}]]}\n'
    )
    assert digest(GOLD, "e1") == hashlib.sha256(line.encode()).hexdigest()


CHANGES: list[Callable[[Layer], Layer]] = [
    lambda gold: replace(gold, spans=(*gold.spans[1:], replace(gold.spans[0], end=8))),
    lambda gold: replace(gold, spans=(*gold.spans[1:], replace(gold.spans[0], label="STATE"))),
    lambda gold: replace(gold, spans=(*gold.spans[1:], replace(gold.spans[0], attributes={"entity": "y"}))),
    lambda gold: replace(gold, relations=()),
    lambda gold: replace(gold, relations=(replace(gold.relations[0], label="TARGET"),)),
    lambda gold: replace(gold, claims=gold.claims[:1]),
    lambda gold: replace(gold, claims=(gold.claims[0], replace(gold.claims[1], parent=None))),
    lambda gold: replace(gold, claims=(gold.claims[0], replace(gold.claims[1], continues="c1"))),
    lambda gold: replace(gold, claims=(replace(gold.claims[0], form="direct"), gold.claims[1])),
    lambda gold: replace(gold, layers=gold.layers[:-1]),
    lambda gold: replace(gold, sha256="1" * 64),
    lambda gold: replace(gold, document="d2"),
]


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_changes_in_the_gold_changes_its_digest(change: Callable[[Layer], Layer]) -> None:
    assert digest(change(GOLD)) != digest(GOLD)
    assert digest(GOLD, "another event") != digest(GOLD)


def test_ids_order_and_words_are_not_in_the_digest() -> None:
    names = {each.id: f"x{number}" for number, each in enumerate(GOLD.spans[::-1])}
    spans = tuple(replace(each, id=names[each.id], text="كلمة") for each in GOLD.spans[::-1])
    relations = tuple(replace(r, id="r9", head=names[r.head], tail=names[r.tail]) for r in GOLD.relations)
    claims = (
        replace(CLAIMS[1], id="c8", content=(names[PARTS[1].id], names[PARTS[0].id]), parent="c9"),
        replace(CLAIMS[0], id="c9", source=names[SOURCE.id], cue=names[CUE.id], content=(names[PARTS[2].id],)),
    )
    assert digest(replace(GOLD, spans=spans, relations=relations, claims=claims)) == digest(GOLD)


def test_the_digest_is_the_same_with_and_without_the_text(tmp_path: Path) -> None:
    """A referenced document's gold has anchors in its file and words where its text is at hand."""
    found = []
    for hydrated in (False, True):
        corpus = make_checkout(tmp_path / str(hydrated), hydrated=hydrated)
        split = next(s for s in corpus.splits.lists if s.track == "referenced" and s.documents)
        compared = pairs(corpus, split, {id: corpus.layer(id) for id in split.documents})
        assert all((pair.text is not None) == hydrated for pair in compared)
        assert any(s.text is not None for s in compared[0].gold.spans) == hydrated
        found.append(gold_digest(compared))
    assert found[0] == found[1]


def test_gold_and_passes_were_told_nothing() -> None:
    told = replace(GOLD, given=(TRIGGERS,))
    for hand, expected in (("gold", ["'given' is a key of predictions only"]), ("", [])):
        facts = [incident.fact for incident in check_labels(LayerFile(told, "", {}, hand), SCHEMA, None)]
        assert [fact for fact in facts if "predictions only" in fact] == expected


def test_what_a_system_was_told_is_in_the_signature_and_in_its_files() -> None:
    told = replace(GOLD, given=(TRIGGERS,))
    assert "|documents:1|given:triggers|" in signed(Pair(GOLD, told, TEXT))
    assert "given" not in signed(Pair(GOLD, GOLD, TEXT))
    bare = replace(told, spans=(), relations=(), claims=(), document="composed-0001", sha256="0" * 64)
    read, wrong, _ = decode_layer(encode_layer(bare).encode())
    assert read == bare and not wrong and '"given":["triggers"]' in encode_layer(bare)
    assert "given" not in encode_layer(replace(bare, given=()))
    _, wrong, _ = decode_layer(encode_layer(bare).replace("triggers", "tigers").encode())
    assert [incident.code for incident in wrong] == ["bad-value"]
    other = replace(GOLD, document="d2")
    with pytest.raises(UsageError, match="d1 was predicted with triggers given, d2 with nothing"):
        signed(Pair(GOLD, told, TEXT), Pair(other, other, TEXT))


def test_documents_that_were_not_scored_are_not_in_the_signature() -> None:
    """d2 has no FRAME layer: frames are of d1 alone, whose gold and id are what is hashed."""
    lacking = replace(GOLD, document="d2", layers=("ACTOR",))
    both = signed(Pair(GOLD, GOLD, TEXT), Pair(lacking, GOLD, TEXT), task="frames")
    ids = hashlib.sha256(b"d1\n").hexdigest()[:12]
    assert f"|gold:{digest(GOLD)[:12]}|measure:polarity|documents:1@{ids}|" in both
    assert "|documents:1|" in signed(Pair(GOLD, GOLD, TEXT), task="frames")


def test_parts_that_differ_are_named() -> None:
    assert differing("task:a|documents:3@x|scorer:2", "task:a|documents:4|scorer:2") == [
        "documents: 3@x was stored, now it is 4"
    ]
    assert differing("a:1|given:triggers", "a:1") == ["given: triggers was stored, now it is nothing"]


SAID = {"text": "قال زيد: عاد", "spans": [("ACTOR", "PERSON", 4, 7)], "claims": [((4, 7), (0, 3), [(9, 12)])]}


def test_lists_sign_their_text_and_event() -> None:
    """The event changes intervals, the text `clitic` and words; the order of spans changes nothing."""
    guess = {key: SAID[key] for key in ("spans", "claims")}  # a guess's own text would have to be the gold's
    found = [
        dataset_builder.score([SAID | changed], [guess], "claims").signature
        for changed in ({}, {"event": "one"}, {"text": "قال زيد، عاد"})
    ]
    assert len(set(found)) == 3
    spans = [("ACTOR", "STATE", 0, 5), ("LOCATION", "COUNTRY", 9, 14)]
    one, two = (dataset_builder.score([given], [spans]).signature for given in (spans, spans[::-1]))
    assert one == two
    told = {"spans": spans, "given": ["triggers"]}
    assert dataset_builder.score([spans], [told]).signature == one.replace(
        "documents:1|", "documents:1|given:triggers|"
    )
    with pytest.raises(DataError, match="given"):
        dataset_builder.score([spans], [{"spans": spans, "given": ["spans"]}])
