"""Events with their arguments, and words that are no event."""

from __future__ import annotations

import pytest

from tests.baselines.rules.made_up import events


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("قصفت طائرات روسية مدينة إدلب.", "AIR قصفت AGENT=طائرات روسية PLACE=مدينة إدلب"),
        ("قصفت المدفعية بلدة سراقب.", "SHELLING قصفت AGENT=المدفعية PLACE=بلدة سراقب"),
        ("سيطر الجيش السوري على مدينة تدمر.", "GOV_TAKES سيطر AGENT=الجيش السوري PLACE=مدينة تدمر"),
        ("سيطرت الفصائل على مدينة تدمر.", "NONSTATE_TAKES سيطرت AGENT=الفصائل PLACE=مدينة تدمر"),
        ("اعتقلت الشرطة خمسة طلاب.", "ARREST اعتقلت AGENT=الشرطة TARGET=طلاب"),
        ("نزحت عائلات من مدينة حلب.", "DISPLACEMENT نزحت PLACE=مدينة حلب TARGET=عائلات"),
        ("شهدت المدينة مظاهرات ضد الغلاء.", "PEACEFUL مظاهرات"),
        ("اتهم ناشطون الشرطة بالتقصير.", "ACCUSE اتهم AGENT=ناشطون TARGET=الشرطة"),
        ("وقف إطلاق النار صامد.", "AGREEMENT وقف إطلاق النار"),
        ("قُتل خمسة مدنيين على طريق المطار.", "ATTACK قُتل PLACE=طريق المطار TARGET=مدنيين"),
    ],
)
def test_event(text: str, wanted: str) -> None:
    assert events(text) == [wanted]


def test_words_of_death_are_no_event_beside_a_violent_trigger() -> None:
    assert [e.split()[0] for e in events("أدى القصف إلى مقتل خمسة مدنيين.")] == ["SHELLING"]
    assert [e.split()[0] for e in events("أعلن مقتل خمسة مدنيين.")] == ["ATTACK"]


@pytest.mark.parametrize(
    "text", ["وصل الوفد فجر اليوم.", "مناطق سيطرة الفصائل واسعة.", "هناك طريق آخر.", "عدة طرق مغلقة."]
)
def test_no_event(text: str) -> None:
    assert events(text) == []
