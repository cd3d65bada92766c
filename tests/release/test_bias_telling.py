"""Cues, loaded terms, agents, claimed and told, casualties and versions, worked by hand."""

from __future__ import annotations

import pytest

from dataset_builder.release.bias.figure import Tolls
from dataset_builder.release.bias.page import page
from dataset_builder.release.bias.versions import clusters
from tests.release.bias_cases import cluster, counts, entry, report
from tests.samples import Marker


def _cues(m: Marker) -> None:
    """The Guard: أكد, زعم and لم يؤكد; the Agency: a preposition that the list lacks, and below it the Guard's قال."""
    guard = [m.span("ACTOR", "STATE_FORCES", "الحرس", n, entity="guard") for n in (1, 2, 3, 4)]
    agency = m.span("ACTOR", "MEDIA", "الوكالة", entity="agency")
    m.claim(guard[0], ("أكد", 1), ("أ", 2), "indirect affirm named")
    m.claim(guard[1], ("زعم", 1), ("ب", 1), "indirect say named")
    m.claim(guard[2], ("لم يؤكد", 1), ("ج", 1), "indirect say named")
    outer = m.claim(agency, ("حسب", 1), ("قال الحرس د", 1), "indirect report named")
    m.claim(guard[3], ("قال", 1), ("د", 1), "indirect say named", parent=outer)


def test_cues_by_factivity_of_claims_that_lie_in_no_other() -> None:
    """Four cues count: the nested قال is the Agency's. The Guard's three are one of a kind each."""
    found = report([entry("composed-1", "أكد الحرس أ، زعم الحرس ب، لم يؤكد الحرس ج، حسب الوكالة قال الحرس د", _cues)])
    kinds = ("endorsing", "neutral", "distancing", "negated", "not in the list")
    assert [counts(found, "cues", "all", "north", kind) for kind in kinds] == [(1, 3), (0, 3), (1, 3), (1, 3), (0, 3)]
    assert counts(found, "cues", "all", "no side: MEDIA", "not in the list") == (1, 1)
    assert counts(found, "cues", "all", "all", "endorsing") == (1, 4)


def _loaded(m: Marker) -> None:
    """The outlet calls the Band a gang once in two mentions; the Guard's claim calls it one in its one mention."""
    first, second, third = (m.span("ACTOR", "ARMED_GROUP", "الكتيبة", n, entity="band") for n in (1, 2, 3))
    guard = m.span("ACTOR", "STATE_FORCES", "الحرس", entity="guard")
    m.relate("ABOUT", m.span("FRAME", "DELEGITIMISING", "عصابة"), first)
    m.relate("ABOUT", m.span("FRAME", "DELEGITIMISING", "عصابة", 2), third)
    attack = m.span("EVENT", "ATTACK", "هجوم")
    m.relate("AGENT", attack, second)
    m.relate("ABOUT", m.span("FRAME", "DELEGITIMISING", "الغادر"), attack)
    m.claim(guard, ("قال", 1), ("إن عصابة الكتيبة رحلت", 1), "indirect say named")


def test_loaded_terms_by_target_and_voice() -> None:
    """Own voice: 1 term on 2 mentions, 50 per 100; in claims 1 on 1. About acts: 1 on 1 trigger, in its own voice."""
    text = "عصابة الكتيبة قرب الجسر. شنت الكتيبة هجوم الغادر. قال الحرس إن عصابة الكتيبة رحلت."
    found = report([entry("composed-1", text, _loaded)])
    own = found.figure("loaded-by-side").row("all", "south", "outlet", "DELEGITIMISING")
    assert (own.part, own.whole, own.value) == (1, 2, 50.0)
    assert counts(found, "loaded-by-actor", "north", "band", "claim", "DELEGITIMISING") == (1, 1)
    assert counts(found, "loaded-by-side", "all", "south", "outlet", "VICTIM") == (0, 2)
    assert counts(found, "loaded-by-side", "all", "north", "outlet", "DELEGITIMISING") == (0, 1)
    assert counts(found, "loaded-acts", "all", "south", "outlet", "DELEGITIMISING") == (1, 1)
    assert counts(found, "loaded-terms", "all", "south", "claim", "عصابة") == (1, 1)
    assert "عصابة 1" in page(found)


def test_a_term_in_a_document_without_a_mention_in_its_voice_is_not_counted() -> None:
    """The Guard's claim calls the Band, which only the outlet mentions, a gang: 0 per 1 for the outlet, and for claims
    no row, since nothing stands below. Beside an article with 1 term on 1 mention in a claim it stays 1 on 1, not 2.
    """

    def apart(m: Marker) -> None:
        band = m.span("ACTOR", "ARMED_GROUP", "الكتيبة", entity="band")
        m.relate("ABOUT", m.span("FRAME", "DELEGITIMISING", "عصابة"), band)
        m.claim(
            m.span("ACTOR", "STATE_FORCES", "الحرس", entity="guard"),
            ("قال", 1),
            ("إنها عصابة", 1),
            "indirect say named",
        )

    def together(m: Marker) -> None:
        band = m.span("ACTOR", "ARMED_GROUP", "الكتيبة", entity="band")
        m.relate("ABOUT", m.span("FRAME", "DELEGITIMISING", "عصابة"), band)
        m.claim(None, ("يقال", 1), ("إن الكتيبة عصابة", 1), "indirect say none")

    alone = entry("composed-1", "رحلت الكتيبة. قال الحرس إنها عصابة.", apart)
    found = report([alone])
    assert counts(found, "loaded-by-side", "all", "south", "outlet", "DELEGITIMISING") == (0, 1)
    assert not [row for row in found.figure("loaded-by-side").rows if row.keys[1:3] == ("south", "claim")]
    both = report([alone, entry("composed-2", "يقال إن الكتيبة عصابة.", together)])
    assert counts(both, "loaded-by-side", "all", "south", "claim", "DELEGITIMISING") == (1, 1)
    assert "has nothing to be a rate of, and is not counted" in page(both)


def test_words_of_somebody_elses_text_are_in_no_result_even_where_they_are_at_hand() -> None:
    text = "عصابة الكتيبة قرب الجسر. شنت الكتيبة هجوم الغادر. قال الحرس إن عصابة الكتيبة رحلت."
    found = report([entry("paper-1", text, _loaded, track="press")])
    assert found.texts == 1 and counts(found, "loaded-by-side", "all", "south", "outlet", "DELEGITIMISING") == (1, 2)
    assert found.figure("loaded-terms").rows == () and "عصابة" not in page(found)


def _violence(m: Marker) -> None:
    """A strike told twice, the agent at the second; a killing without one; an abduction by gunmen; a plan."""
    guard = m.span("ACTOR", "STATE_FORCES", "الحرس", entity="guard")
    band = m.span("ACTOR", "ARMED_GROUP", "الكتيبة", entity="band")
    people = m.span("ACTOR", "CIVILIANS", "سكان")
    gunmen = m.span("ACTOR", "UNIDENTIFIED", "مسلحون")
    m.relate("TARGET", m.span("EVENT", "AIR", "غارة", incident="i1"), people)
    m.relate("AGENT", m.span("EVENT", "AIR", "قصف", incident="i1"), guard)
    m.relate("TARGET", m.span("EVENT", "ATTACK", "مقتل"), people, band)
    m.relate("AGENT", m.span("EVENT", "ATTACK", "خطف"), gunmen)
    m.span("EVENT", "AIR", "هجوم", status="planned")
    m.span("EVENT", "AGREEMENT", "هدنة")


def test_violence_without_an_agent_by_incident_and_target() -> None:
    """Three violent events happened: one has an agent, one none, one only gunmen that nobody knows.

    Residents are the target of two, one of them agentless; the Band of one, agentless. The truce is no violence, the
    planned attack has not happened.
    """
    text = "غارة على سكان قرب الكتيبة: قصف الحرس. مقتل سكان. مسلحون خطف. هجوم، هدنة."
    found = report([entry("composed-1", text, _violence)])
    agents = ("no agent", "an unidentified agent", "an agent")
    assert [counts(found, "agentless-by-target", "all", "all", a) for a in agents] == [(1, 3), (1, 3), (1, 3)]
    assert counts(found, "agentless-by-target", "all", "no side: CIVILIANS", "no agent") == (1, 2)
    assert counts(found, "agentless-by-target", "all", "south", "no agent") == (1, 1)
    assert counts(found, "agentless-by-target", "all", "no target given", "no agent") == (0, 1)
    assert counts(found, "agentless-by-group", "all", "CIVILIANS", "no agent") == (1, 2)


def test_no_violent_events_give_no_share() -> None:
    def peaceful(m: Marker) -> None:
        m.span("EVENT", "AGREEMENT", "هدنة")

    found = report([entry("composed-1", "هدنة في الجنوب.", peaceful)])
    for figure in ("agentless-by-target", "claimed-by-agent", "reply-blamed"):
        assert found.figure(figure).missing == "nothing to count"
    assert counts(found, "claimed-by-group", "all", "STRATEGIC", "told as fact") == (1, 1)


def _telling(m: Marker) -> None:
    """The headline tells a strike, the Guard too; the Guard alone tells a clash; the outlet says it accused."""
    guard = m.span("ACTOR", "STATE_FORCES", "الحرس", entity="guard")
    m.span("EVENT", "AIR", "غارة", incident="i1")
    m.relate("AGENT", m.span("EVENT", "AIR", "الغارة", incident="i1"), guard)
    m.span("EVENT", "CLASH", "اشتباك")
    m.span("EVENT", "ACCUSE", "اتهم")
    m.claim(guard, ("اتهم", 1), ("بعد الغارة اشتباك", 1), "indirect accuse named")


def test_events_only_claimed_and_told_as_fact() -> None:
    """The strike stands in the headline too: fact. The clash only in the claim. The accusation is the outlet's own."""
    found = report([entry("composed-1", "غارة\nاتهم الحرس بعد الغارة اشتباك.", _telling)])
    assert counts(found, "claimed-by-group", "all", "REMOTE", "only claimed") == (0, 1)
    assert counts(found, "claimed-by-group", "all", "BATTLE", "only claimed") == (1, 1)
    assert counts(found, "claimed-by-group", "all", "all but VERBAL", "only claimed") == (1, 2)
    assert counts(found, "claimed-by-group", "all", "VERBAL", "told as fact") == (1, 1)
    assert counts(found, "claimed-by-agent", "all", "no agent", "only claimed") == (1, 1)
    assert counts(found, "claimed-by-agent", "all", "north", "told as fact") == (1, 1)


def _toll(number: str, claimed: bool = False, **victims: str):  # type: ignore[no-untyped-def]
    def mark(m: Marker) -> None:
        attack = m.span("EVENT", "ATTACK", "مقتل", incident="i1", killed=number)
        if victims:
            m.relate("TARGET", attack, m.span("ACTOR", *victims["of"].split()[:1], "سكان"))
        if claimed:
            guard = m.span("ACTOR", "STATE_FORCES", "الحرس", entity="guard")
            m.claim(guard, ("قال", 1), ("مقتل سكان", 1), "indirect say named")

    return mark


def _tolls(*marks, event: str = "0001-homs", track: str = "composed") -> tuple[Tolls, ...]:  # type: ignore[no-untyped-def]
    letters = zip("abcd", marks, strict=False)
    prefix = "composed" if track == "composed" else "paper"
    entries = [
        entry(f"{prefix}-0001-{x}", "قال الحرس مقتل سكان.", mark, cluster=event, track=track) for x, mark in letters
    ]
    return report(entries, cluster(event)).tolls


def test_casualty_figures_of_one_event_are_kept_side_by_side_with_who_gives_them() -> None:
    """The outlet of one version has 12, in another the Guard says 30: no number fits both, and two voices give them."""
    (found,) = _tolls(_toll("12"), _toll("30", claimed=True))
    assert (found.happening, found.incident, found.of) == ("0001-homs", "i1", "killed")
    assert [(t.document[-1], t.voice, t.words) for t in found.given] == [("a", "outlet", "12"), ("b", "guard", "30")]
    assert found.disjoint and found.voices


@pytest.mark.parametrize(
    ("one", "other", "disjoint"),
    [("12", "10+", False), ("12", "13+", True), ("~80", "85", False), ("~80", "89", True), ("100-", "101", True)],
)
def test_numbers_exclude_each_other_only_where_none_fits_both(one: str, other: str, disjoint: bool) -> None:
    (found,) = _tolls(_toll(one), _toll(other))
    assert found.disjoint == disjoint


def test_numbers_of_other_victims_do_not_exclude_each_other() -> None:
    """12 residents and 30 fighters may both be right; 30 of whom nobody says may not."""
    residents, fighters, unsaid = _toll("12", of="CIVILIANS"), _toll("30", of="ARMED_GROUP"), _toll("30")
    assert [found.disjoint for found in _tolls(residents, fighters)] == [False]
    assert [found.disjoint for found in _tolls(residents, unsaid)] == [True]


def test_equal_numbers_and_incidents_of_separately_annotated_documents_are_no_conflict() -> None:
    """Two press articles of one event each number their incidents from i1: these are not one happening."""
    assert _tolls(_toll("12"), _toll("12")) == ()
    assert _tolls(_toll("12"), _toll("30"), track="press") == ()


def test_versions_of_an_event_side_by_side() -> None:
    """Red tells the strike as fact; Blue has it only from the Guard; a third version does not tell it."""

    def fact(m: Marker) -> None:
        m.span("EVENT", "AIR", "غارة", incident="i1")

    def claimed(m: Marker) -> None:
        m.span("EVENT", "AIR", "غارة", incident="i1")
        guard = m.span("ACTOR", "STATE_FORCES", "الحرس", entity="guard")
        m.claim(guard, ("قال", 1), ("غارة", 1), "indirect say named")

    entries = [
        entry("composed-0001-a", "غارة", fact, cluster="0001-homs"),
        entry("composed-0001-b", "قال الحرس غارة", claimed, cluster="0001-homs", outlet="blue"),
        entry("composed-0001-c", "كلمة", cluster="0001-homs", outlet="green"),
        entry("composed-0002-a", "كلمة", cluster="0002-lone"),
    ]
    found = report(entries, cluster("0001-homs"), cluster("0002-lone"))
    (compared,) = found.comparisons
    assert compared.stances == ("north", "south", "south")
    assert [(t.code, t.told, t.sources) for t in compared.tellings] == [
        ("AIR", ("fact", "claimed", ""), ((), ("guard",), ()))
    ]
    lines = {(line.question, line.keys): (line.parts, line.wholes) for line in compared.lines}
    assert lines["claimed-by-agent", ("all", "only claimed")] == ((0, 1, 0), (1, 1, 0))
    assert lines["claims-by-side", ("north",)] == ((0, 1, 0), (0, 1, 0))
    shown = clusters(found)
    assert "| i1 AIR | fact | claimed: Guard | – |" in shown
    assert "| violence only claimed | 0 of 1 | 1 of 1 | – |" in shown
    assert "| claims by side of the source | – | north 1 | – |" in shown
