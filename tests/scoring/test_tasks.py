"""Events, arguments, claims, frames and links: worked by hand, the arithmetic in each docstring."""

from __future__ import annotations

from dataclasses import replace

import pytest

import dataset_builder
from dataset_builder.errors import UsageError
from dataset_builder.model import Claim, Layer, Relation, Span
from dataset_builder.scoring.counts import Counts
from dataset_builder.scoring.score import score
from dataset_builder.scoring.tasks import TASKS, task
from tests.scoring.layers import SCHEMA, TEXT, layer, pair, span


def _count(name: str, gold: Layer, guess: Layer) -> Counts:
    return task(name).count([pair(gold, guess)], SCHEMA)


SHELLED = span("EVENT", "SHELLING", 0, 4)
BOMBED = span("EVENT", "AIR", 0, 4)
CLASHED = span("EVENT", "CLASH", 10, 14)
ARMY, REBELS = span("ACTOR", "STATE_FORCES", 5, 9), span("ACTOR", "ARMED_GROUP", 15, 19)
TOWN = span("LOCATION", "POPULATED_PLACE", 20, 29)


def test_triggers_by_code_group_and_extent() -> None:
    """Gold SHELLING and CLASH; predicted AIR on the first extent and CLASH: codes 1 of 2, groups and extents 2 of 2."""
    counts = _count("events", layer(SHELLED, CLASHED), layer(BOMBED, CLASHED))
    assert [counts.figure(m).f1 for m in ("code", "group", "identification")] == [0.5, 1.0, 1.0]


def _arrow(label: str, head: Span, tail: Span) -> Relation:
    return Relation(f"{label}{head.id}{tail.id}", label, head.id, tail.id)


def test_arguments() -> None:
    """Gold: SHELLING has AGENT army and PLACE town, CLASH has AGENT rebels. Predicted: SHELLING has TARGET army (wrong
    role) and PLACE on the town's second word (overlap); the clash is missed, a wrong AIR has AGENT army.

    Classification: 0 right of 3 predicted and 3 gold. Identification: the army is right without its role, 1 of 3.
    Given events: only SHELLING is shared, so 2 predicted, 2 gold, 0 right. Overlap: the town, 1 of 3.
    """
    gold = layer(
        SHELLED, CLASHED, ARMY, REBELS, TOWN,
        relations=[_arrow("AGENT", SHELLED, ARMY), _arrow("PLACE", SHELLED, TOWN), _arrow("AGENT", CLASHED, REBELS)],
    )  # fmt: skip
    part = replace(TOWN, id="part", start=25)
    guess = layer(
        SHELLED, BOMBED, ARMY, part,
        relations=[_arrow("TARGET", SHELLED, ARMY), _arrow("PLACE", SHELLED, part), _arrow("AGENT", BOMBED, ARMY)],
    )  # fmt: skip
    counts = _count("arguments", gold, guess)
    found = {m: counts.figure(m) for m in counts.measures}
    assert {m: (f.right, f.predicted, f.gold) for m, f in found.items()} == {
        "classification": (0, 3, 3),
        "identification": (1, 3, 3),
        "given events": (0, 2, 2),
        "overlap": (1, 3, 3),
    }


def test_frames_by_polarity_target_and_voice() -> None:
    """One term, right in polarity; it colours another actor, and stands inside a claim that the gold does not have."""
    militia = span("FRAME", "DELEGITIMISING", 10, 14)
    said, cue = span("CLAIM", "CONTENT", 10, 19), span("CLAIM", "CUE", 0, 4)
    claim = Claim("c1", None, cue.id, (said.id,), "indirect", "say", "none")
    gold = layer(militia, ARMY, REBELS, relations=[_arrow("ABOUT", militia, REBELS)])
    guess = layer(militia, ARMY, said, cue, relations=[_arrow("ABOUT", militia, ARMY)], claims=[claim])
    counts = _count("frames", gold, guess)
    assert [counts.figure(m).right for m in ("polarity", "target", "voice")] == [1, 0, 0]


def test_links() -> None:
    """Three linked in gold; predicted: one right, one with another id, one right id on another extent."""
    gold = layer(
        span("ACTOR", "STATE", 0, 4, entity="turkey"),
        span("ACTOR", "STATE", 5, 9, entity="iran"),
        span("LOCATION", "COUNTRY", 10, 14, geonames="163843"),
    )
    guess = layer(
        span("ACTOR", "STATE", 0, 4, entity="turkey"),
        span("ACTOR", "STATE", 5, 9, entity="iraq"),
        span("LOCATION", "COUNTRY", 10, 19, geonames="163843"),
    )
    counts = _count("linking", gold, guess)
    every, given = counts.figure("id"), counts.figure("given spans")
    assert (every.right, every.predicted, every.gold) == (1, 3, 3)
    assert (given.right, given.predicted, given.gold) == (1, 2, 2)


def test_a_given_span_has_the_same_label() -> None:
    """The extent is right and the label is not, though both sides have a SOURCE there too: no given span."""
    source = span("CLAIM", "SOURCE", 0, 4)
    gold = layer(span("ACTOR", "PERSON", 0, 4, entity="x"), source)
    counts = _count("linking", gold, layer(span("ACTOR", "MEDIA", 0, 4, entity="y"), source))
    assert (counts.figure("given spans").predicted, counts.figure("given spans").gold) == (0, 0)
    found = score([pair(gold, layer())], TASKS["linking"], SCHEMA)
    assert not found.says("given spans") and found.as_record()["measures"]["given spans"] is None


SOURCE = span("ACTOR", "PERSON", 0, 4)
CUE = span("CLAIM", "CUE", 5, 9)
CONTENT = span("CLAIM", "CONTENT", 10, 29)  # four words


def _said(*content: Span, source: Span | None = SOURCE, cue: Span | None = CUE, **values: object) -> Claim:
    status = "named" if source else "none"
    spans = tuple(s.id for s in content)
    claim = Claim("c1", source and source.id, cue and cue.id, spans, "indirect", "say", status)
    return replace(claim, **values)  # type: ignore[arg-type]


GOLD = layer(SOURCE, CUE, CONTENT, claims=[_said(CONTENT)])


@pytest.mark.parametrize(
    ("words", "strict", "soft", "by_words"),
    [
        (4, 1, 1, (1.0, 1.0)),
        # Two of four words: 2 · 9 / (9 + 19) code points is .64, at least half; recall 2/4, precision 2/2.
        (2, 0, 1, (1.0, 0.5)),
        # One of four: 2 · 4 / (4 + 19) is .35, below half.
        (1, 0, 0, (1.0, 0.25)),
    ],
)
def test_content_that_is_too_short(words: int, strict: int, soft: int, by_words: tuple[float, float]) -> None:
    short = replace(CONTENT, id="short", end=10 + 5 * words - 1)
    counts = _count("claims", GOLD, layer(SOURCE, CUE, short, claims=[_said(short)]))
    assert (counts.figure("strict").right, counts.figure("soft").right) == (strict, soft)
    content = counts.figure("roles by words", "CONTENT")
    assert (content.precision, content.recall) == by_words
    assert counts.figure("roles exact", "CUE").f1 == 1


def test_a_source_where_the_gold_has_none_is_wrong_in_both_figures() -> None:
    """Roles: cue and content are right, so 2 of 3 predicted and 2 of 2 gold fillers."""
    gold = layer(SOURCE, CUE, CONTENT, claims=[_said(CONTENT, source=None)])
    counts = _count("claims", gold, GOLD)
    assert (counts.figure("strict").right, counts.figure("soft").right) == (0, 0)
    roles = counts.figure("roles exact")
    assert (roles.right, roles.predicted, roles.gold) == (2, 3, 2)
    assert counts.figure("attribution", "none").f1 == 0


def test_content_in_two_parts_is_one_filler() -> None:
    parts = replace(CONTENT, id="p1", end=19), replace(CONTENT, id="p2", start=25)
    gold = layer(SOURCE, CUE, *parts, claims=[_said(*parts)])
    counts = _count("claims", gold, gold)
    assert counts.figure("roles exact", "CONTENT").gold == 1 and counts.figure("soft").f1 == 1
    # Against the whole the parts have 13 of 19 code points, 2 · 13 / 32 = .81, and three of four words.
    counts = _count("claims", GOLD, gold)
    assert counts.figure("soft").f1 == 1
    assert counts.figure("roles by words", "CONTENT").recall == 0.75


def test_an_implicit_source_is_right_where_its_antecedent_is() -> None:
    """The second claim continues the first; its actor is the first's. A prediction that continues nothing has none."""
    later_cue, later = span("CLAIM", "CUE", 30, 34), span("CLAIM", "CONTENT", 35, 49)
    second = Claim("c2", None, later_cue.id, (later.id,), "indirect", "say", "implicit", continues="c1")
    gold = layer(SOURCE, CUE, CONTENT, later_cue, later, claims=[_said(CONTENT), second])
    alike = _count("claims", gold, gold).figure("attribution", "implicit")
    assert (alike.right, alike.gold) == (1, 1)
    alone = replace(second, continues=None)
    guess = layer(SOURCE, CUE, CONTENT, later_cue, later, claims=[_said(CONTENT), alone])
    assert _count("claims", gold, guess).figure("attribution", "implicit").right == 0
    assert _count("claims", gold, guess).figure("content and actor").right == 1


def test_the_same_entity_elsewhere_is_the_right_actor() -> None:
    named = replace(SOURCE, attributes={"entity": "x"})
    other = replace(SOURCE, id="o", start=45, end=49, attributes={"entity": "x"})
    gold = layer(named, CUE, CONTENT, claims=[_said(CONTENT, source=named)])
    guess = layer(other, CUE, CONTENT, claims=[_said(CONTENT, source=other)])
    counts = _count("claims", gold, guess)
    assert counts.figure("attribution").f1 == 1 and counts.figure("soft").f1 == 0


def test_nesting() -> None:
    """Right only where the claim inside and the one around it both have partners that nest as well."""
    inner_cue, inner = span("CLAIM", "CUE", 15, 19), span("CLAIM", "CONTENT", 20, 29)
    nested = Claim("c2", None, inner_cue.id, (inner.id,), "indirect", "say", "none", parent="c1")
    gold = layer(SOURCE, CUE, CONTENT, inner_cue, inner, claims=[_said(CONTENT), nested])
    assert _count("claims", gold, gold).figure("nesting").right == 1
    flat = layer(SOURCE, CUE, CONTENT, inner_cue, inner, claims=[_said(CONTENT), replace(nested, parent=None)])
    found = _count("claims", gold, flat).figure("nesting")
    assert (found.right, found.predicted, found.gold) == (0, 0, 1)


def test_order_of_claims_never_matters() -> None:
    others = [span("CLAIM", "CUE", 30, 34), span("CLAIM", "CONTENT", 35, 49)]
    second = Claim("c2", None, others[0].id, (others[1].id,), "direct", "deny", "none")
    gold = layer(SOURCE, CUE, CONTENT, *others, claims=[_said(CONTENT), second])
    guess = replace(gold, claims=gold.claims[::-1], spans=gold.spans[::-1])
    counts = _count("claims", gold, guess)
    assert all(counts.figure(measure).f1 == 1 for measure in counts.measures)


def test_not_annotated_is_left_out_and_not_predicted_is_an_error() -> None:
    bare = replace(GOLD, layers=("ACTOR", "LOCATION"), document="d2", spans=(SOURCE,), claims=())
    found = score([pair(GOLD, GOLD), pair(bare, bare)], TASKS["claims"], SCHEMA)
    assert found.left_out == ("d2",) and found.counts.documents == ("d1",)
    with pytest.raises(UsageError, match="the prediction has no layer CLAIM"):
        score([pair(GOLD, bare)], TASKS["claims"], SCHEMA)
    with pytest.raises(UsageError, match="nothing to score"):
        score([pair(bare, bare)], TASKS["claims"], SCHEMA)
    with pytest.raises(UsageError, match="needs the text"):
        score([replace(pair(GOLD, GOLD), text=None)], TASKS["claims"], SCHEMA)
    with pytest.raises(UsageError, match="another text"):
        score([pair(GOLD, replace(GOLD, sha256="1" * 64))], TASKS["claims"], SCHEMA)


def test_what_is_found_empty_is_right_where_nothing_is() -> None:
    empty = layer()
    for each in TASKS.values():
        found = score([pair(empty, empty)], each, SCHEMA)
        assert found.main.f1 == 1
    assert score([pair(GOLD, empty)], TASKS["entities"], SCHEMA).main.f1 == 0
    assert len(TEXT) == GOLD.length


def test_claims_of_equal_sums_whatever_their_order() -> None:
    """Against cue (0, 4), source (10, 13), content (30, 40): A has Dice 1 + 1 + 2·2/16 = 2.25, B 2·3/8 + 1 + 2·5/20 =
    2.25. Only with B all three are half right, so B it is: 1 right of 2 predicted and 1 gold, F1 2/3. C is B from the
    other side of the content, and D (2·3/24) stands before it in the text: C it is all the same."""
    contents = {"A": (38, 44), "B": (35, 45), "C": (25, 35), "D": (19, 33)}
    made = {name: ((10, 13), (0, 4) if name in "AD" else (1, 5), [place]) for name, place in contents.items()}
    gold = [{"text": TEXT, "claims": [((10, 13), (0, 4), [(30, 40)])]}]
    for names in ("AB", "BA", "DC", "CD"):
        found = dataset_builder.score(gold, [{"claims": [made[name] for name in names]}], "claims")
        assert (found.main.right, found.main.f1) == (1, pytest.approx(2 / 3)), names


def test_of_claims_that_are_equally_good_the_first_in_the_text_is_the_partner() -> None:
    """Both are half right in every role, with the sum 2.5: A by cue 1, source 1, content 2·5/20; B by cue 1, source
    2·3/12, content 1. The actor is right in A (10, 13) and not in B, whose longest is (14, 19). B's content comes first
    in the text, so B is the partner, in whatever order the two were written: 0 right of 2."""
    gold = [{"text": TEXT, "spans": [("ACTOR", "PERSON", 10, 13)], "claims": [((10, 13), (0, 4), [(30, 40)])]}]
    actors = [("ACTOR", "PERSON", 10, 13), ("ACTOR", "PERSON", 14, 19)]
    either = {"A": ((10, 13), (0, 4), [(35, 45)]), "B": ((10, 19), (0, 4), [(30, 40)])}
    for names in ("A", "B", "AB", "BA"):
        guess = [{"spans": actors, "claims": [either[name] for name in names]}]
        counts = dataset_builder.score(gold, guess, "claims").counts
        assert (counts.figure("soft").right, counts.figure("content and actor").right) == (1, names == "A"), names


def test_the_voice_of_one_content_with_two_claims_is_the_first_ones() -> None:
    """Both claims have the content (10, 24); the one whose cue stands at 0 is direct, the one at 5 indirect."""
    cues = span("CLAIM", "CUE", 0, 4), span("CLAIM", "CUE", 5, 9)
    content, term = span("CLAIM", "CONTENT", 10, 24), span("FRAME", "VICTIM", 15, 19)
    for ids in ("c1", "c2"), ("c2", "c1"):
        first = Claim(ids[0], None, cues[0].id, (content.id,), "direct", "say", "none")
        second = Claim(ids[1], None, cues[1].id, (content.id,), "indirect", "say", "none")
        both = layer(*cues, content, term, claims=[second, first])
        quoted = layer(*cues, content, term, claims=[first])
        assert score([pair(both, quoted)], TASKS["frames"], SCHEMA).counts.figure("voice").f1 == 1, ids
