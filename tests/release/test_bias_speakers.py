"""Who speaks and who answers, on articles in which everything can be counted by hand."""

from __future__ import annotations

import pytest

from dataset_builder.release.bias.article import NO_ACTOR, NO_SOURCE, UNRESOLVED, Article
from dataset_builder.release.bias.reply import accused
from tests.release.bias_cases import counts, entry, report, terms
from tests.samples import Marker


def _said(
    m: Marker, label: str, quote: str, cue: str, content: str, manner: str = "indirect say named", **more: str
) -> str:
    """An actor that says something; `entity` names it, `parent` and `continues` place the claim."""
    links = {key: more.pop(key) for key in ("parent", "continues") if key in more}
    return m.claim(m.span("ACTOR", label, quote, **more), (cue, 1), (content, 1), manner, **links)


def test_shares_of_claims_quotes_and_words() -> None:
    """The Guard says three words, the Agency one in quotation marks; the outlet's own words are no content.

    Claims 1 of 2 each; direct quotes 0 and 1 of 1; words 3 and 1 of 4.
    """

    def mark(m: Marker) -> None:
        _said(m, "STATE_FORCES", "الحرس", "قال", "إن الجسر مفتوح", entity="guard")
        _said(m, "MEDIA", "الوكالة", "ذكرت", "«عاجل»", "direct say named", entity="agency")

    text = "قال الحرس إن الجسر مفتوح. وذكرت الوكالة: «عاجل» أمس."
    found = report([entry("composed-1", text, mark)])
    assert counts(found, "claims-by-side", "all", "north") == (1, 2)
    assert counts(found, "claims-by-side", "north", "no side: MEDIA") == (1, 2)
    assert counts(found, "quotes-by-actor", "all", "agency") == (1, 1)
    assert counts(found, "quotes-by-side", "all", "no side: MEDIA") == (1, 1)
    assert counts(found, "words-by-side", "all", "north") == (3, 4)
    assert counts(found, "words-by-actor", "all", "agency") == (1, 4)
    # "إن الجسر مفتوح" has 14 code points, "«عاجل»" 6; the whole text is the other number.
    assert counts(found, "characters-by-side", "all", "north") == (14, 20)
    assert counts(found, "attributed", "all", "in claims") == (20, len(text))


def test_a_nested_claim_has_its_own_words_and_the_outer_one_the_rest() -> None:
    """The Agency reports three words of its own, then that the Guard said two more.

    The outer content, عن الحرس قوله إن الجسر مفتوح, has six words, the inner, إن الجسر مفتوح, three. Each counts once:
    the Guard has 3, the Agency the other 3 of 6. Both claims count: 1 of 2 each.
    """

    def mark(m: Marker) -> None:
        outer = _said(m, "MEDIA", "الوكالة", "نقلت", "عن الحرس قوله إن الجسر مفتوح", entity="agency")
        _said(m, "STATE_FORCES", "الحرس", "قوله", "إن الجسر مفتوح", entity="guard", parent=outer)

    found = report([entry("composed-1", "نقلت الوكالة عن الحرس قوله إن الجسر مفتوح.", mark)])
    assert counts(found, "words-by-actor", "all", "guard") == (3, 6)
    assert counts(found, "words-by-actor", "all", "agency") == (3, 6)
    assert counts(found, "claims-by-actor", "all", "agency") == (1, 2)
    characters = [counts(found, "characters-by-actor", "all", who)[0] for who in ("guard", "agency")]
    assert characters == [len("إن الجسر مفتوح"), len("عن الحرس قوله ")]


def test_a_dropped_subject_is_resolved_through_two_antecedents() -> None:
    """The Guard said, added, and added again: three of three claims are its own."""

    def mark(m: Marker) -> None:
        first = _said(m, "STATE_FORCES", "الحرس", "قال", "إن الجسر مفتوح", entity="guard")
        second = m.claim(None, ("أضاف", 1), ("أن الطريق آمن", 1), "indirect say implicit", continues=first)
        m.claim(None, ("تابع", 1), ("أن السوق يعمل", 1), "indirect say implicit", continues=second)

    found = report([entry("composed-1", "قال الحرس إن الجسر مفتوح. وأضاف أن الطريق آمن. وتابع أن السوق يعمل.", mark)])
    assert counts(found, "claims-by-actor", "all", "guard") == (3, 3)


def test_sources_that_are_nobody_are_told_apart() -> None:
    """A passive, a film, and two dropped subjects: one goes on from nothing, one from the film."""

    def mark(m: Marker) -> None:
        film = m.span("CLAIM", "SOURCE", "مشاهد مصورة")
        m.claim(None, ("ذكر", 1), ("أن الجسر مفتوح", 1), "indirect say none")
        shown = m.claim(film, ("أظهرت", 1), ("الدخان", 1), "indirect say named footage")
        m.claim(None, ("بينت", 1), ("النار", 1), "indirect say implicit", continues=shown)
        m.claim(None, ("أضاف", 1), ("أن الطريق آمن", 1), "indirect say implicit")

    text = "ذكر أن الجسر مفتوح. وأظهرت مشاهد مصورة الدخان وبينت النار. وأضاف أن الطريق آمن."
    found = report([entry("composed-1", text, mark)])
    shares = {who: counts(found, "claims-by-side", "all", who) for who in (NO_SOURCE, NO_ACTOR, UNRESOLVED)}
    assert shares == {NO_SOURCE: (1, 4), NO_ACTOR: (2, 4), UNRESOLVED: (1, 4)}


def test_a_spokesperson_without_an_id_speaks_for_whom_the_words_name_and_residents_do_not() -> None:
    def mark(m: Marker) -> None:
        m.span("ACTOR", "STATE_FORCES", "الحرس", entity="guard")
        m.span("ACTOR", "STATE_FORCES", "الحرس", 2, entity="guard")
        _said(m, "PERSON", "متحدث باسم الحرس", "قال", "إن الجسر مفتوح")
        _said(m, "CIVILIANS", "ضحايا الحرس", "رد", "إنه مغلق")

    found = report([entry("composed-1", "قال متحدث باسم الحرس إن الجسر مفتوح، رد ضحايا الحرس إنه مغلق.", mark)])
    assert counts(found, "claims-by-actor", "all", "guard") == (1, 2)
    assert counts(found, "claims-by-side", "all", "no side: CIVILIANS") == (1, 2)


@pytest.mark.parametrize(
    ("published", "side"),
    [
        ("2020-12-31T23:59:00+03:00", "south"),
        ("2021-01-01", "north"),
        ("2020-12", "south"),
        ("2019", "south"),
        ("", "no side: not clear on that date"),
    ],
)
def test_a_side_is_the_one_on_the_day_of_publication(published: str, side: str) -> None:
    def mark(m: Marker) -> None:
        _said(m, "ARMED_GROUP", "الكتيبة", "قال", "إن الجسر مفتوح", entity="band")

    found = report([entry("composed-1", "قال الكتيبة إن الجسر مفتوح.", mark, published=published)])
    assert counts(found, "claims-by-side", "all", side) == (1, 1)


def test_an_entity_that_the_list_lacks_has_no_side() -> None:
    def mark(m: Marker) -> None:
        _said(m, "STATE", "الوزارة", "قال", "إن الجسر مفتوح", entity="ministry")

    found = report([entry("composed-1", "قال الوزارة إن الجسر مفتوح.", mark)])
    assert counts(found, "claims-by-side", "all", "no side: STATE") == (1, 1)


def test_without_a_text_words_are_left_out_and_characters_are_not() -> None:
    def mark(m: Marker) -> None:
        _said(m, "STATE_FORCES", "الحرس", "قال", "إن الجسر مفتوح", entity="guard")

    found = report([entry("paper-1", "قال الحرس إن الجسر مفتوح.", mark, track="press", with_text=False)])
    assert "the text is not at hand" in found.figure("words-by-side").missing
    assert counts(found, "characters-by-side", "all", "north") == (14, 14)
    assert "the text is not at hand" in found.figure("cues").missing


def test_a_document_without_claims_has_no_speakers() -> None:
    found = report([entry("composed-1", "كلمة")])
    for figure in ("claims-by-side", "quotes-by-actor", "words-by-side", "reply-accused", "cues"):
        assert found.figure(figure).rows == () and found.figure(figure).missing == "nothing to count"
    assert counts(found, "attributed", "all", "in claims") == (0, 4)


ACCUSATION = "اتهم الحرس الكتيبة بقصف السوق. وقال متحدث إن الطريق آمن. قصف الحرس القرية."


def _accusation(m: Marker) -> tuple[str, str, str]:
    """The Guard accuses the Band of shelling; its spokesman speaks; the outlet tells that the Guard shelled."""
    guard = m.span("ACTOR", "STATE_FORCES", "الحرس", entity="guard")
    band = m.span("ACTOR", "ARMED_GROUP", "الكتيبة", entity="band")
    again = m.span("ACTOR", "STATE_FORCES", "الحرس", 2, entity="guard")
    accuses = m.span("EVENT", "ACCUSE", "اتهم")
    m.relate("AGENT", accuses, guard)
    m.relate("TARGET", accuses, band)
    shells = m.span("EVENT", "SHELLING", "قصف")
    m.relate("AGENT", shells, band)
    m.relate("AGENT", m.span("EVENT", "SHELLING", "قصف", 2), again)
    m.claim(guard, ("اتهم", 1), ("قصف السوق", 1), "indirect accuse named")
    _said(m, "PERSON", "متحدث", "قال", "إن الطريق آمن", entity="spokesman")
    return guard, band, again


def test_the_accused_who_is_not_heard_has_no_reply() -> None:
    """Accused: the Band, by the event and by the shelling in the accusing claim, once. Nobody of its side speaks.

    Named as agents of violence: the Band, and the Guard, which is a source: 1 of 2 themselves; the Guard's side too.
    """
    found = report([entry("composed-1", ACCUSATION, _accusation)])
    for answer in ("is a source", "is quoted directly", "it or its side is a source"):
        assert counts(found, "reply-accused", "all", "all", answer) == (0, 1)
    assert counts(found, "reply-blamed", "all", "all", "is a source") == (1, 2)
    assert counts(found, "reply-blamed", "all", "south", "it or its side is a source") == (0, 1)
    assert counts(found, "reply-blamed", "all", "north", "is a source") == (1, 1)


def test_a_year_later_the_bands_new_side_speaks_for_it() -> None:
    """From 2021 on the Band is of the north, whose spokesman speaks: by its side it is heard, itself it is not."""
    found = report([entry("composed-1", ACCUSATION, _accusation, published="2021-06-01")])
    assert counts(found, "reply-accused", "all", "north", "it or its side is a source") == (1, 1)


def test_the_accused_is_heard_where_it_denies_in_somebodys_words() -> None:
    """The Agency reports that the Band denied, in quotation marks: a nested claim is a reply, and a direct quote."""

    def mark(m: Marker) -> None:
        _accusation(m)
        outer = _said(m, "MEDIA", "الوكالة", "نقلت", "عن الكتيبة قولها «لم نقصف»", entity="agency")
        band = m.span("ACTOR", "ARMED_GROUP", "الكتيبة", 2, entity="band")
        m.claim(band, ("قولها", 1), ("«لم نقصف»", 1), "direct deny named", parent=outer)

    found = report([entry("composed-1", ACCUSATION + " نقلت الوكالة عن الكتيبة قولها «لم نقصف».", mark)])
    assert counts(found, "reply-accused", "all", "all", "is a source") == (1, 1)
    assert counts(found, "reply-accused", "all", "all", "is quoted directly") == (1, 1)


@pytest.mark.parametrize(
    ("status", "accused_actors"), [("occurred", 1), ("ongoing", 1), ("planned", 0), ("hypothetical", 0), ("negated", 0)]
)
def test_only_an_accusation_that_is_told_as_having_happened_accuses(status: str, accused_actors: int) -> None:
    """The Guard accuses the Band, is about to, might, or did not: one accused actor, or none and no row at all."""

    def mark(m: Marker) -> None:
        guard = m.span("ACTOR", "STATE_FORCES", "الحرس", entity="guard")
        accuses = m.span("EVENT", "ACCUSE", "اتهام", status=status)
        m.relate("AGENT", accuses, guard)
        m.relate("TARGET", accuses, m.span("ACTOR", "ARMED_GROUP", "الكتيبة", entity="band"))
        m.claim(guard, ("قال", 1), ("إن اتهام الكتيبة خطوة", 1), "indirect say named")

    article = entry("composed-1", "قال الحرس إن اتهام الكتيبة خطوة.", mark)
    assert len(accused(Article(article, terms()))) == accused_actors
    if accused_actors:
        assert counts(report([article]), "reply-accused", "all", "south", "is a source") == (0, 1)
    else:
        assert report([article]).figure("reply-accused").rows == ()


def test_an_incident_of_which_one_trigger_has_happened_accuses_with_all_its_arguments() -> None:
    """A first trigger announces the accusation and has its arguments; the second, of the same incident, tells it."""

    def mark(m: Marker) -> None:
        planned = m.span("EVENT", "ACCUSE", "اتهام", status="planned", incident="i1")
        m.relate("AGENT", planned, m.span("ACTOR", "STATE_FORCES", "الحرس", entity="guard"))
        m.relate("TARGET", planned, m.span("ACTOR", "ARMED_GROUP", "الكتيبة", entity="band"))
        m.span("EVENT", "ACCUSE", "فعل", incident="i1")
        m.claim(None, ("يقال", 1), ("أنه فعل", 1), "indirect say none")

    article = entry("composed-1", "نوى الحرس اتهام الكتيبة ويقال أنه فعل.", mark)
    assert accused(Article(article, terms())) == {"band": "south"}


def test_a_violent_event_that_is_only_planned_accuses_nobody() -> None:
    """The Guard accuses: the Band will shell the market. Nothing is told as having happened."""

    def mark(m: Marker) -> None:
        guard = m.span("ACTOR", "STATE_FORCES", "الحرس", entity="guard")
        band = m.span("ACTOR", "ARMED_GROUP", "الكتيبة", entity="band")
        m.relate("AGENT", m.span("EVENT", "SHELLING", "قصف", status="planned"), band)
        m.claim(guard, ("اتهم", 1), ("بنية قصف السوق", 1), "indirect accuse named")

    assert accused(Article(entry("composed-1", "اتهم الحرس الكتيبة بنية قصف السوق.", mark), terms())) == {}


def test_who_claims_responsibility_is_not_accused_and_an_accused_noun_cannot_be_followed() -> None:
    """The Band says that it shelled: nobody else does, so it is no agent whom others blame. Gunmen have no id."""

    def mark(m: Marker) -> None:
        band = m.span("ACTOR", "ARMED_GROUP", "الكتيبة", entity="band")
        gunmen = m.span("ACTOR", "UNIDENTIFIED", "مسلحين")
        m.relate("AGENT", m.span("EVENT", "SHELLING", "قصف"), band)
        m.claim(band, ("تبنت", 1), ("قصف السوق", 1), "indirect claim_responsibility named")
        m.relate("TARGET", m.span("EVENT", "ACCUSE", "اتهام"), gunmen)

    found = report([entry("composed-1", "تبنت الكتيبة قصف السوق بعد اتهام مسلحين.", mark)])
    assert found.figure("reply-blamed").rows == () and found.figure("reply-accused").rows == ()


def test_a_violent_event_below_an_accusing_claim_accuses_its_agent() -> None:
    """The Guard accuses; inside its accusation residents say that the Band shelled."""

    def mark(m: Marker) -> None:
        guard = m.span("ACTOR", "STATE_FORCES", "الحرس", entity="guard")
        people = m.span("ACTOR", "CIVILIANS", "سكان")
        m.relate("AGENT", m.span("EVENT", "SHELLING", "قصف"), m.span("ACTOR", "ARMED_GROUP", "الكتيبة", entity="band"))
        outer = m.claim(guard, ("اتهم", 1), ("وفق سكان قصف الكتيبة السوق", 1), "indirect accuse named")
        m.claim(people, ("وفق", 1), ("قصف الكتيبة السوق", 1), "indirect say collective", parent=outer)

    article = entry("composed-1", "اتهم الحرس وفق سكان قصف الكتيبة السوق.", mark)
    assert counts(report([article]), "reply-accused", "all", "south", "is a source") == (0, 1)
    assert accused(Article(article, terms())) == {"band": "south"}
