"""Markdown and worked examples as pages: direction, links, and nothing that a page's policy forbids."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from dataset_builder.release.html import Address
from dataset_builder.release.site.writing import isolated, render_markdown, sheet

if TYPE_CHECKING:
    from playwright.sync_api import Page

HERE = Address("guidelines/index.html", "guidelines/index.html")
KNOWN = {
    "annotations/guidelines/actor.md": Address("guidelines/actor.html", HERE.path),
    "DATASHEET.md": Address("d.html", ""),
}


def rendered(source: str) -> str:
    return str(render_markdown(source, "annotations/guidelines/README.md", KNOWN, HERE))


@pytest.mark.parametrize(
    ("text", "stretches"),
    [
        ('class word: ميليشيا "قسد" stays', ['ميليشيا "قسد"']),
        ('nominal: مقاتلو "النسور"', ['مقاتلو "النسور"']),
        ('"في بيان" gives', ['"في بيان"']),
        ("و|قال, ل|لأمم المتحدة, ب|إدلب", ["و|قال, ل|لأمم المتحدة, ب|إدلب"]),
        ("الطيران الروسي والسوري → الطيران الروسي + السوري", ["الطيران الروسي والسوري", "الطيران الروسي", "السوري"]),
        ("c1 a1 | قالت | إن قوافلها … إدلب | indirect", ["قالت", "إن قوافلها … إدلب"]),
        ("تنظيم|PKK (جنود من الفرقة)", ["تنظيم", "جنود من الفرقة"]),
        ("a2 ARMED_GROUP | النسور | =\nf1 X | ميليشيا | ABOUT=a2", ["النسور", "ميليشيا"]),
        ("nothing Arabic", []),
    ],
)
def test_arabic_in_english_is_isolated_and_nothing_is_lost(text: str, stretches: list[str]) -> None:
    html = str(isolated(text)).replace("&#34;", '"')
    assert [part.partition("</bdi>")[0] for part in html.split('<bdi lang="ar" dir="rtl">')[1:]] == stretches
    assert html.replace('<bdi lang="ar" dir="rtl">', "").replace("</bdi>", "") == text


def test_blocks_have_the_direction_of_their_first_letter() -> None:
    html = rendered(
        "**الخلاصة:** تُقرأ كل جملة مع ACTOR.\n\nThen الفاعل in English.\n\n"
        "| case | decision |\n|---|---:|\n| أحد السكان | one |"
    )
    assert '<p lang="ar" dir="rtl"><strong>الخلاصة:</strong> تُقرأ كل جملة مع ACTOR.</p>' in html
    assert '<p>Then <bdi lang="ar" dir="rtl">الفاعل</bdi> in English.</p>' in html
    assert '<td lang="ar" dir="rtl">أحد السكان</td>' in html and '<td class="figure">one</td>' in html
    assert "style" not in html


def test_links_lead_to_pages_or_nowhere() -> None:
    html = rendered(
        "[a](actor.md) [b](../../DATASHEET.md#uses) [c](../../README.md) [d](https://x.example/?a=1&b=2) [e](#here)"
    )
    assert [part.partition('"')[0] for part in html.split('href="')[1:]] == [
        "../guidelines/actor.html",
        "../d.html#uses",
        "https://x.example/?a=1&amp;b=2",
        "#here",
    ]
    assert "<a>c</a>" in html


def test_markup_in_markdown_stays_text() -> None:
    html = rendered(
        "<script>alert(1)</script> and `<b>قسد</b>`\n\n<img src=x onerror=alert(1)>\n\n[x](javascript:alert(1))"
    )
    assert [tag for tag in ("<script", "<img", "<b>", "<a") if tag in html] == []
    assert "&lt;script&gt;" in html and "&lt;img" in html


def test_markers_of_computed_figures_are_not_shown() -> None:
    assert rendered("It has <!-- generated: n -->471<!-- end --> documents.") == "<p>It has 471 documents.</p>\n"


def test_a_worked_example_has_its_rule_above_and_its_records_below() -> None:
    html = str(
        sheet('# khabar sheet 1\n# document: x\n\n# Cue is "نفى".\ns3 ونفى المجلس.\nc3 a1 | نفى | ذلك | indirect')
    )
    assert "khabar sheet" not in html
    assert '<p class="rule">Cue is <bdi lang="ar" dir="rtl">&#34;نفى&#34;</bdi>.</p>' in html
    assert '<p lang="ar" dir="rtl"><span class="name" lang="en" dir="ltr">s3</span> ونفى المجلس.</p>' in html
    assert '<pre tabindex="0">c3 a1 | <bdi lang="ar" dir="rtl">نفى</bdi> | ' in html


def test_fields_of_a_record_stand_in_the_order_of_a_sheet(site: Path, visit: Callable[..., Page]) -> None:
    """Cue and content of a claim are both Arabic; without isolation the second would stand left of the first."""
    page = visit(site / "guidelines" / "examples-claim.html", viewport={"width": 1280, "height": 900})
    boxes = [page.locator(".sheet pre").first.locator("bdi").nth(n).bounding_box() for n in (3, 4)]
    assert boxes[0] and boxes[1] and boxes[0]["y"] == boxes[1]["y"] and boxes[0]["x"] < boxes[1]["x"]
