"""Claims: one made-up sentence for each construction, and for each mistake that must not be made."""

from __future__ import annotations

import pytest

from tests.baselines.rules.made_up import claims, predicted, the_claim

CONSTRUCTIONS = {
    "verb, subject, إنّ": ("قال وزير النقل إن الجسر أغلق.", ["وزير النقل | قال | إن الجسر أغلق"]),
    "the subject before its verb": ("الجيش العراقي أكد أن الطريق آمن.", ["الجيش العراقي | أكد | أن الطريق آمن"]),
    "a title before the name": (
        "قال الرئيس التركي رجب طيب أردوغان إن الوفد سيعود.",
        ["رجب طيب أردوغان | قال | إن الوفد سيعود"],
    ),
    "an unnamed speaker with what identifies him": (
        "قالت موظفة في مستودع الدقيق إن المطحنة توقفت.",
        ["موظفة في مستودع الدقيق | قالت | إن المطحنة توقفت"],
    ),
    "بأن: the preposition stays outside": (
        "صرح المتحدث باسم البرلمان بأن الجلسة أجلت.",
        ["المتحدث باسم البرلمان | صرح | أن الجلسة أجلت"],
    ),
    "إلى أن": ("أشار وزير النقل إلى أن المرفأ مكتظ.", ["وزير النقل | أشار | أن المرفأ مكتظ"]),
    "straight quotation marks behind a colon": (
        'قال وزير النقل: "الجسر متين".',
        ['وزير النقل | قال | "الجسر متين"'],
    ),
    "angle quotation marks behind a colon": ("قال وزير النقل: «الجسر متين».", ["وزير النقل | قال | «الجسر متين»"]),
    "the cue behind the quotation": (
        '"الخبز نفد منذ يومين"، قال أحد السكان.',
        ['أحد السكان | قال | "الخبز نفد منذ يومين"'],
    ),
    "a quotation over two sentences": (
        'قال وزير النقل: "الجسر متين. والطريق مفتوح".',
        ['وزير النقل | قال | "الجسر متين + والطريق مفتوح"'],
    ),
    "the cue inside what is said": (
        "الورشة، قال وزير النقل، تنتهي في الربيع.",
        ["وزير النقل | قال | الورشة + تنتهي في الربيع"],
    ),
    "a headline's colon": (
        "رئيس البرلمان: لا جلسة قبل العيد\nنص قصير.",
        ["رئيس البرلمان | : | لا جلسة قبل العيد"],
    ),
    "a preposition, first": ("بحسب سكان، جف البئر.", ["سكان | بحسب | جف البئر"]),
    "a preposition, last": ("جف البئر منذ شهر، وفق ناشطين.", ["ناشطين | وفق | جف البئر منذ شهر"]),
    "وفقاً ل": ("وفقاً لناشطين، جف البئر.", ["ناشطين | وفقاً | جف البئر"]),
    "وفق ما with a verb is one cue": (
        "جف البئر منذ شهر، وفق ما أعلنته وزارة الري.",
        ["وزارة الري | وفق ما أعلنته | جف البئر منذ شهر"],
    ),
    "كما with a verb": ("كما قال مصدر أمني، جف البئر.", ["مصدر أمني | كما قال | جف البئر"]),
    "على حد قول": ("البئر جاف، على حد قول وزير الري.", ["وزير الري | على حد قول | البئر جاف"]),
    "a masdar behind the subject": ("نفى الجيش العراقي إغلاق الجسر.", ["الجيش العراقي | نفى | إغلاق الجسر"]),
    "what a preposition governs, the addressee outside": (
        "طالب ناشطون الحكومة بترميم الجسر.",
        ["ناشطون | طالب | ترميم الجسر"],
    ),
    "adjuncts between source and content": (
        "أعلن الجيش العراقي اليوم في بيان إغلاق الجسر.",
        ["الجيش العراقي | أعلن | إغلاق الجسر"],
    ),
    "an auxiliary is part of the cue": (
        "وكان قد أعلن الجيش العراقي أن الجسر مغلق.",
        ["الجيش العراقي | كان قد أعلن | أن الجسر مغلق"],
    ),
    "the content ends where a contrast begins": (
        "قال وزير النقل إن الجسر متين، فيما بقي المرفأ مغلقا.",
        ["وزير النقل | قال | إن الجسر متين"],
    ),
}


@pytest.mark.parametrize("name", sorted(CONSTRUCTIONS))
def test_construction(name: str) -> None:
    text, wanted = CONSTRUCTIONS[name]
    assert claims(text) == wanted


def test_participles_go_on_from_the_claim_before() -> None:
    text = "قال وزير النقل إن الجسر مغلق، مضيفاً أن الورشة طويلة، مشيراً إلى أن المرفأ يعمل."
    assert claims(text) == [
        "وزير النقل | قال | إن الجسر مغلق",
        "- | مضيفاً | أن الورشة طويلة",
        "- | مشيراً | أن المرفأ يعمل",
    ]
    first, second, third = predicted(text).claims
    assert (second.source_status, second.continues, third.continues) == ("implicit", first.id, second.id)


def test_a_dropped_subject_goes_on_over_sentences_and_inherits_the_medium() -> None:
    text = 'قال وزير النقل في بيان إن الجسر مغلق. وأضاف أن المرفأ يعمل.\nوتابع: "لا تغيير".'
    said, added, went_on = predicted(text).claims
    assert (added.source, added.source_status, added.continues) == (None, "implicit", said.id)
    assert (went_on.continues, went_on.form) == (added.id, "direct")
    assert {said.medium, added.medium, went_on.medium} == {"statement"}


def test_a_dropped_subject_without_a_claim_before_is_nobody() -> None:
    claim = the_claim("وأضاف أن المرفأ يعمل.")
    assert (claim.source_status, claim.continues) == ("none", None)


def test_a_relayed_claim_lies_in_the_one_that_relays_it() -> None:
    """نقلت A عن B قوله: the outer content begins behind عن and holds the inner claim."""
    text = "نقلت وكالة رويترز عن مسؤول محلي قوله إن البئر جف."
    assert claims(text) == [
        "وكالة رويترز | نقلت | مسؤول محلي قوله إن البئر جف",
        "مسؤول محلي | قوله | إن البئر جف",
    ]
    outer, inner = predicted(text).claims
    assert (inner.parent, inner.medium, inner.source_status) == (outer.id, "press", "anonymous")


def test_relayed_without_his_saying_both_have_the_same_content() -> None:
    text = "نقلت وكالة رويترز عن مصادر طبية أن البئر جف."
    assert claims(text) == ["وكالة رويترز | نقلت | أن البئر جف", "مصادر طبية | عن | أن البئر جف"]
    outer, inner = predicted(text).claims
    assert inner.parent == outer.id


def test_a_claim_in_a_claim() -> None:
    text = "قال وزير النقل إن ناشطين طالبوا بترميم الجسر."
    outer, inner = predicted(text).claims
    assert claims(text)[1] == "ناشطين | طالبوا | ترميم الجسر"
    assert (outer.parent, inner.parent, inner.act) == (None, outer.id, "demand")


def test_what_is_said_of_a_sentence_holds_the_claim_in_it() -> None:
    text = "قال وزير النقل إن الجسر مغلق، بحسب وكالة رويترز."
    inner, outer = predicted(text).claims
    assert claims(text)[1] == "وكالة رويترز | بحسب | قال وزير النقل إن الجسر مغلق"
    assert inner.parent == outer.id


NO_CLAIMS = {
    "وفق as planned": "تسير الورشة وفق الخطة المقررة.",
    "وفق as planned, first": "وفق الخطة، تنتهي الورشة في الربيع.",
    "a passive without marks": "أعلنت حالة الطوارئ في المدينة.",
    "the same behind another claim's sentence": "وأعلنت حالة الطوارئ في المدينة.",
    "a negated cue says nothing": "لم يؤكد الجيش العراقي إغلاق الجسر.",
    "the same with إنّ": "لم يعلن الجيش العراقي أن الجسر مغلق.",
    "بين is between": "بين القريتين طريق طويل، وأن تعبره مشيا صعب.",
    "تابع is belonging": "وصل ضابط تابع للحرس، وأن يصل وحده غريب.",
    "the outlet's own voice": "يشار إلى أن الجسر قديم.",
    "a dateline": "سوريا: أمطار غزيرة\nنص.",
    "a colon that no one speaks before": "ما بعد الورشة: أسئلة كثيرة\nنص.",
    "deployment is no publication": "نشرت الشرطة دوريات عند الجسر.",
}


@pytest.mark.parametrize("name", sorted(NO_CLAIMS))
def test_no_claim(name: str) -> None:
    assert claims(NO_CLAIMS[name]) == []


def test_the_passive_is_no_claim_even_where_somebody_spoke_before() -> None:
    assert len(claims("قال وزير النقل إن الجسر مغلق. وأعلنت حالة الطوارئ في المدينة.")) == 1


def test_who_does_not_rule_out_says_something() -> None:
    text = "لم يستبعد وزير النقل إغلاق الجسر."
    assert claims(text) == ["وزير النقل | لم يستبعد | إغلاق الجسر"]
    assert the_claim(text).act == "believe"


@pytest.mark.parametrize(
    ("text", "attribute", "value"),
    [
        ("قال وزير النقل إن الجسر مغلق.", "form", "indirect"),
        ('قال وزير النقل إن الجسر "في حال سيئة" منذ عام.', "form", "mixed"),
        ('قال وزير النقل إن "الجسر في حال سيئة".', "form", "direct"),
        ("أدان الجيش العراقي نهب المستودع.", "act", "condemn"),
        ("اتهم ناشطون الشرطة بنهب المستودع.", "act", "accuse"),
        ("أعلن تنظيم الدولة مسؤوليته عن تفجير المستودع.", "act", "claim_responsibility"),
        ("قال سكان إن البئر جف.", "source_status", "collective"),
        ("قال مصدر أمني إن البئر جف.", "source_status", "anonymous"),
        ("قال وزير الري إن البئر جف.", "source_status", "named"),
        ("قال وزير الري لوكالة رويترز إن البئر جف.", "medium", "press"),
        ("قال وزير الري على فيسبوك إن البئر جف.", "medium", "social"),
        ("قالت قناة الجزيرة إن البئر جف.", "medium", "broadcast"),
    ],
)
def test_attribute(text: str, attribute: str, value: str) -> None:
    assert getattr(the_claim(text), attribute) == value


def test_marks_hamza_and_tatweel_do_not_matter() -> None:
    plain, marked = "قال وزير النقل إن الجسر مغلق.", "قَالَ وزيــر النقل انّ الجسر مغلق."
    assert len(claims(plain)) == len(claims(marked)) == 1
    assert claims(marked) == ["وزيــر النقل | قَالَ | انّ الجسر مغلق"]
