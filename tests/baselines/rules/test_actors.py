"""Actors: names, roles, and what stays outside of them."""

from __future__ import annotations

from tests.baselines.rules.made_up import spans


def test_actors() -> None:
    text = 'قالت وكالة "النهر" إن جنود الفرقة انسحبوا، وإن مسلحين مجهولين هاجموا قوات الأمن.'
    assert spans(text, "ACTOR") == [
        'MEDIA وكالة "النهر"',
        "STATE_FORCES جنود الفرقة",
        "ARMED_GROUP مسلحين مجهولين",
        "STATE_FORCES قوات الأمن",
    ]


def test_one_person_is_a_person_and_a_counted_one_is_not() -> None:
    assert spans("أصيب طفل.", "ACTOR") == ["PERSON طفل"]
    assert spans("أصيب 15 طفلاً.", "ACTOR") == ["CIVILIANS طفلاً"]


def test_the_class_word_of_a_group_stays_outside_and_a_medium_s_inside() -> None:
    assert spans("انسحب تنظيم داعش.", "ACTOR") == ["ARMED_GROUP داعش"]
    assert spans("توقفت وكالة رويترز عن البث.", "ACTOR") == ["MEDIA وكالة رويترز"]
