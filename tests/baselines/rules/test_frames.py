"""Loaded terms."""

from __future__ import annotations

from tests.baselines.rules.made_up import predicted, spans


def test_loaded_terms_are_about_whom_they_stand_with_and_never_in_a_name() -> None:
    text = "دخلت الميليشيا البلدة، وانسحب المرتزقة."
    layer = predicted(text)
    about = {
        text[s.start : s.end]: [text[t.start : t.end] for t in layer.tails(s.id, "ABOUT")] for s in layer.of("FRAME")
    }
    assert about == {"الميليشيا": ["الميليشيا"], "المرتزقة": ["المرتزقة"]}
    assert spans("ينشط الحرس الثوري الإيراني هناك.", "FRAME") == []
