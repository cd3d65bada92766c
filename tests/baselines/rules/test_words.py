"""Inflected forms and phrases, looked up in words."""

from __future__ import annotations

from dataset_builder.baselines.rules.morphology import noun, verb
from dataset_builder.baselines.rules.phrases import Phrases
from dataset_builder.baselines.rules.words import Words


def test_inflection() -> None:
    assert {"قصفت", "قصفوا", "قصفوه", "قصفتها"} <= verb("قصف") and "قصفة" not in verb("قصف")
    assert {"نفت", "نفوا"} <= verb("نفى") and {"يدعون", "تدعو"} <= verb("يدعو")
    assert {"الغارات", "غارة", "غارتين", "غارتهم"} <= noun("غارة") and "غاره" not in noun("غارة")


def test_longest_phrase_and_fewest_proclitics_win() -> None:
    known = Phrases([(("باب",), "door"), (("باب", "الهوي"), "crossing"), (("اب",), "father")])
    found = [known.find(Words.of(text), 0) for text in ("باب الهوى", "وباب", "لأب")]
    assert [m.value if m else None for m in found] == ["crossing", "door", "father"]
