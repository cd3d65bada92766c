"""The page of a document in a real browser, and the same document in the terminal."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from rich.console import Console

from dataset_builder.corpus import sha256
from dataset_builder.errors import DataError
from dataset_builder.model import Claim, Document, Layer, Relation, Span
from dataset_builder.release.outline import Outline, make_outline
from dataset_builder.release.page import render, segments, underline_tracks
from dataset_builder.release.terminal import print_outline
from dataset_builder.schema import Schema
from dataset_builder.text.bidi import is_command, visible
from tests.samples import FOREIGN, TEXTS, Marker, council, documents, foreign, wire

if TYPE_CHECKING:
    from playwright.sync_api import Page

Open = Callable[..., "Page"]

TEXT = (
    "المجلس المحلي يندد بقصف السوق: لن نرحل\n"
    "ندد المجلس المحلي لبلدة السهل، وقال إن طيران النظام المجرم قصف السوق ظهر السبت فقتل 12 مدنياً. وأضاف في بيان أن "
    '"الميليشيات الإرهابية" مهدت للهجوم ثم انسحبت من التل.\n'
    "ونقلت وكالة النبأ عن مصدر طبي قوله إن الجرحى بالعشرات وإن المشفى نفد منه الدواء. "
    "<b>لا تعليق</b> & لا رد\u200f من \u202eدمشق."
)


def rich() -> Layer:
    """Nested, overlapping and equal spans, one behind a clitic, one over a line end, claims one inside another."""
    m = Marker("composed-9003-a", TEXT)
    head = m.span("ACTOR", "POLITICAL_BODY", "المجلس المحلي", mention="name", entity="plain-council")
    body = m.span("ACTOR", "POLITICAL_BODY", "المجلس المحلي لبلدة السهل", mention="name", entity="plain-council")
    m.span("LOCATION", "POPULATED_PLACE", "بلدة السهل")
    air = m.span("ACTOR", "STATE_FORCES", "طيران النظام")
    state = m.span("ACTOR", "STATE", "النظام")
    militias = m.span("ACTOR", "ARMED_GROUP", "الميليشيات الإرهابية")
    people = m.span("ACTOR", "CIVILIANS", "مدنياً")
    agency = m.span("ACTOR", "MEDIA", "وكالة النبأ", mention="name", entity="naba")
    medic = m.span("ACTOR", "PERSON", "مصدر طبي")
    markets = [m.span("LOCATION", "FACILITY", "السوق", n) for n in (1, 2)]
    m.span("LOCATION", "NATURAL", "التل")
    condemn = m.span("EVENT", "CONDEMN", "ندد", 2)
    m.relate("AGENT", condemn, body)
    first = m.span("EVENT", "AIR", "قصف", incident="market")
    m.relate("PLACE", first, markets[0])
    strike = m.span("EVENT", "AIR", "قصف", 2, incident="market", killed="12", date="2021-06-05")
    m.relate("AGENT", strike, air)
    m.relate("TARGET", strike, people)
    m.relate("PLACE", strike, markets[1])
    leave = m.span("EVENT", "MOVEMENT", "انسحبت")
    m.relate("AGENT", leave, militias)
    for words, about in (("النظام المجرم", air), ("المجرم", state), ("الميليشيات", militias), ("الإرهابية", militias)):
        m.relate("ABOUT", m.span("FRAME", "DELEGITIMISING", words), about)
    m.span("FRAME", "VICTIM", "لن نرحل\nندد")
    m.claim(head, ("يندد", 1), ("قصف السوق", 1), "indirect condemn named")
    said = m.claim(
        body, ("قال", 1), ("إن طيران النظام المجرم قصف السوق ظهر السبت فقتل 12 مدنياً", 1), "indirect say named"
    )
    m.claim(
        None,
        ("أضاف", 1),
        ('أن "الميليشيات الإرهابية" مهدت للهجوم ثم انسحبت من التل', 1),
        "mixed accuse implicit statement",
        continues=said,
    )
    inner = "إن الجرحى بالعشرات وإن المشفى نفد منه الدواء"
    outer = m.claim(agency, ("نقلت", 1), (f"عن مصدر طبي قوله {inner}", 1), "indirect report named press")
    m.claim(medic, ("قوله", 1), (inner, 1), "indirect say anonymous press", parent=outer)
    return m.layer()


def document(id: str, text: str, availability: str = "included") -> Document:
    return Document(id, id.split("-")[0], availability, "cc-by-4.0", sha256(text), len(text), "plain/1", "utf-8")


def outline_of(layer: Layer, text: str | None, availability: str = "included") -> Outline:
    return make_outline(document(layer.document, text or "", availability), layer, text, Schema.load())


@pytest.fixture(scope="module")
def outline() -> Outline:
    return outline_of(rich(), TEXT)


def shown(text: str) -> str:
    """What of the text stands in the page as characters."""
    return "".join(c for c in text if not is_command(c))


MARKED = """() => {
  const found = {};
  for (const part of document.querySelectorAll(".g"))
    for (const id of part.dataset.s.split(" ")) found[id] = (found[id] ?? "") + part.textContent;
  return found;
}"""


def test_marked_strings_are_the_spans(outline: Outline, open_page: Open) -> None:
    page = open_page(render(outline))
    assert page.evaluate(MARKED) == {span.id: shown(span.text or "") for span in outline.layer.spans}


def test_the_text_layer_holds_the_text_and_nothing_else(outline: Outline, open_page: Open) -> None:
    page = open_page(render(outline))
    lines = page.eval_on_selector_all(".lines > p", "all => all.map(p => p.textContent).join('')")
    assert lines == shown(TEXT)
    codes = page.eval_on_selector_all(".lines .acts", "all => all.map(e => e.dataset.code)")
    assert codes == ["U+200F", "U+202E"]


def test_page_reads_from_right_to_left(outline: Outline, open_page: Open) -> None:
    page = open_page(render(outline))
    assert page.evaluate("getComputedStyle(document.querySelector('.lines')).direction") == "rtl"
    assert page.get_attribute("html", "lang") == "ar"
    first, last = (page.locator(".sentence").first.locator(".g").nth(n).bounding_box() for n in (0, 2))
    assert first and last and first["x"] > last["x"]


JOINED = """() => {
  const plain = document.createElement("p");
  plain.className = "deep0";
  plain.style.visibility = "hidden";
  document.querySelector(".lines").append(plain);
  const width = (range) => { const all = [...range.getClientRects()];
    return Math.max(...all.map(r => r.right)) - Math.min(...all.map(r => r.left)); };
  const range = document.createRange();
  return [...document.querySelectorAll(".w")].map((word) => {
    range.selectNodeContents(word);
    const letters = document.createTreeWalker(word, NodeFilter.SHOW_TEXT);
    let first = letters.nextNode(), last = first;
    for (let node = first; node; node = letters.nextNode()) last = node;
    range.setStart(first, 0); range.setEnd(last, last.length);
    const marked = width(range);
    plain.style.fontWeight = getComputedStyle(word).fontWeight;
    plain.textContent = word.textContent;
    range.selectNodeContents(plain);
    return [word.textContent, word.querySelectorAll(".g").length, marked, width(range)];
  });
}"""


@pytest.mark.parametrize("font", ["Noto Naskh Arabic", "Amiri", "serif"])
def test_letters_stay_joined_inside_marked_words(outline: Outline, open_page: Open, font: str) -> None:
    page = open_page(render(outline))
    page.evaluate("font => document.documentElement.style.setProperty('--naskh', `'${font}', serif`)", font)
    words = page.evaluate(JOINED)
    assert {word for word, parts, _, _ in words} >= {"ونقلت", "وأضاف", "بقصف", "لبلدة", "يندد"}
    assert [w for w in words if abs(w[2] - w[3]) > 0.05] == []


def test_the_joining_test_can_see_a_broken_word(open_page: Open) -> None:
    page = open_page(
        '<!DOCTYPE html><style>i{display:inline-block}</style><div class="lines" dir="rtl">'
        '<span class="w">ب<i class="g">قصف</i></span></div>'
    )
    ((_, _, marked, plain),) = page.evaluate(JOINED)
    assert abs(marked - plain) > 0.05


TAGS = """() => [...document.querySelectorAll(".tag")].map(t => { const r = t.getBoundingClientRect();
  return [t.dataset.label, r.left, r.top, r.right, r.bottom]; })"""
LETTERS = """() => [...document.querySelectorAll(".lines .u")].flatMap(u => [...u.getClientRects()].map(r =>
  [r.left, r.top + r.height * 0.2, r.right, r.bottom - r.height * 0.2]))"""


@pytest.mark.parametrize("font", ["Noto Naskh Arabic", "Amiri"])
@pytest.mark.parametrize("width", [375, 700, 1000, 1400])
def test_no_label_covers_another_or_a_word(outline: Outline, open_page: Open, width: int, font: str) -> None:
    page = open_page(render(outline), viewport={"width": width, "height": 900})
    page.evaluate("font => document.documentElement.style.setProperty('--naskh', `'${font}'`)", font)
    tags = page.evaluate(TAGS)
    assert len(tags) == len(outline.layer.spans)

    def cover(a: list[float], b: list[float]) -> bool:
        return a[0] < b[2] - 0.5 and b[0] < a[2] - 0.5 and a[1] < b[3] - 0.5 and b[1] < a[3] - 0.5

    assert [(a[0], b[0]) for n, a in enumerate(tags) for b in tags[:n] if cover(a[1:], b[1:])] == []
    words = page.evaluate(LETTERS)
    assert [tag[0] for tag in tags for word in words if cover(tag[1:], word)] == []
    assert [tag[0] for tag in tags if tag[1] < 0] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_label_that_is_too_long_is_its_name_alone(open_page: Open) -> None:
    """A short word that ends its line: "a60 intergovernmental" over it would begin beyond the left edge."""
    text = "ا " * 80 + "أب " * 60
    words = [m.start() for m in re.finditer("أب", text)]
    spans = tuple(
        Span(f"s{n}", "ACTOR", "INTERGOVERNMENTAL", at, at + 2, {"mention": "name"}, "أب") for n, at in enumerate(words)
    )
    layer = Layer("composed-1", "1.0", len(text), sha256(text), ("ACTOR",), spans)
    page = open_page(render(outline_of(layer, text)), viewport={"width": 375, "height": 800})
    page.locator(".tag.short").first.wait_for(state="attached")
    assert min(page.eval_on_selector_all(".tag", "all => all.map(t => t.getBoundingClientRect().left)")) >= 0
    long = page.locator(".tag:not(.short)").count()
    assert 0 < long < len(words)
    page.set_viewport_size({"width": 1400, "height": 800})
    page.locator(".tag.short").first.wait_for(state="detached")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


ON = "all => all.map(e => e.textContent).join('')"


def test_hovering_a_claim_marks_its_words(outline: Outline, open_page: Open) -> None:
    page = open_page(render(outline), viewport={"width": 1400, "height": 900})
    page.hover("#c4 > h3")
    assert page.eval_on_selector_all(".g.on", ON) == "نقلت" + "وكالة النبأ" + outline.statements[3].content[0].surface
    page.hover("#c4 .card > h3")
    assert page.get_attribute("#c4", "class") == "card CLAIM"
    assert page.eval_on_selector_all(".g.on", ON).startswith("مصدر طبي" + "قوله")
    page.mouse.move(2, 2)
    assert page.locator(".g.on").count() == 0


def test_keyboard_focus_marks_an_event_and_its_arguments(outline: Outline, open_page: Open) -> None:
    page = open_page(render(outline), viewport={"width": 1400, "height": 900})
    seen = {}
    for _ in range(120):
        page.keyboard.press("Tab")
        label = page.evaluate("document.activeElement.getAttribute('aria-label')")
        if label in seen:
            break
        if label:
            seen[label] = (page.eval_on_selector_all(".g.on", ON), page.eval_on_selector_all(".g.with:not(.on)", ON))
    assert seen["e3: AIR"] == ("قصف", "طيران النظام" + "السوق" + "مدنياً")
    assert seen["Claim c3: accuse, mixed"][1] == "المجلس المحلي لبلدة السهل"
    assert len([label for label in seen if label.startswith("Claim")]) == len(outline.layer.claims)


def test_hovering_the_text_marks_its_cards(outline: Outline, open_page: Open) -> None:
    page = open_page(render(outline), viewport={"width": 1400, "height": 900})
    page.locator(".g", has_text="الإرهابية").hover()
    labels = page.eval_on_selector_all(".card.on", "all => all.map(e => e.getAttribute('aria-label'))")
    assert labels == ["Claim c3: accuse, mixed", "f5: DELEGITIMISING", "a6: ARMED_GROUP"]


def test_a_layer_can_be_hidden_without_a_script(outline: Outline, open_page: Open) -> None:
    page = open_page(render(outline), java_script_enabled=False)
    tag = page.locator(".tag.FRAME").first
    before = tag.evaluate("e => getComputedStyle(e).color")
    page.locator("#show-FRAME").uncheck()
    assert tag.evaluate("e => getComputedStyle(e).color") == "rgba(0, 0, 0, 0)" != before
    assert page.locator(".card").count() > 20


def test_cards_say_who_says_what(outline: Outline, open_page: Open) -> None:
    page = open_page(render(outline))
    nested = page.locator("#c4 > article")
    assert nested.get_attribute("id") == "c5"
    assert "مصدر طبي" in nested.inner_text()
    implicit = page.locator("#c3").inner_text()
    assert "implicit, after c2:" in implicit and "المجلس المحلي لبلدة السهل" in implicit
    strike = page.locator('[aria-label="e3: AIR"]').inner_text()
    for part in ("REMOTE.AIR", "AGENT", "TARGET", "PLACE", "12", "2021-06-05", "reported c2"):
        assert part in strike
    assert "quoted c3" in page.locator('[aria-label="f5: DELEGITIMISING"]').inner_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_can_be_read(outline: Outline, open_page: Open, scheme: str) -> None:
    page = open_page(render(outline), color_scheme=scheme)
    colours = page.evaluate("""() => [...document.querySelectorAll(".tag, .what, .label, .part, .count")]
      .map(e => getComputedStyle(e).color).concat(getComputedStyle(document.documentElement).backgroundColor)""")

    def luminance(colour: str) -> float:
        parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
        r, g, b = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    paper = luminance(colours.pop())
    for colour in set(colours):
        light, dark = sorted([luminance(colour), paper], reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, colour


def test_markup_in_a_text_or_value_stays_text(open_page: Open) -> None:
    text = "قال <script>alert(1)</script> \"'><img src=x onerror=alert(1)> نعم"
    span = Span('s1"><b>', "ACTOR", "<i>STATE", 4, 29, {"entity": '"><script>alert(2)</script>'}, text[4:29])
    layer = Layer("composed-1", "1.0", len(text), sha256(text), ("ACTOR",), (span,))
    page = open_page(render(outline_of(layer, text)))
    assert page.eval_on_selector_all(".lines > p", "all => all.map(p => p.textContent).join('')") == text
    assert page.locator("script").count() == 1 and page.locator("img, b").count() == 0


def test_no_referenced_words_without_the_text(open_page: Open) -> None:
    layer = replace(foreign(), spans=tuple(replace(span, text=None) for span in foreign().spans))
    html = render(outline_of(layer, None, "referenced"))
    page = open_page(html)
    assert "khabar hydrate" in page.locator(".text .notice").inner_text()
    assert page.locator("#c2").is_visible() and "[43–61]" in page.locator("#c2").inner_text()
    assert not any(word in html for word in FOREIGN.split() if len(word) > 3)


def test_a_hydrated_page_says_whose_text_it_is(open_page: Open) -> None:
    html = render(outline_of(foreign(), FOREIGN, "referenced"))
    assert "belongs to somebody else" in open_page(html).locator("header").inner_text()


def test_not_annotated_is_not_nothing(open_page: Open) -> None:
    layer = Layer("composed-1", "1.0", 3, sha256("قسد"), ("ACTOR", "EVENT"))
    page = open_page(render(outline_of(layer, "قسد")))
    assert page.locator("#head-FRAME").inner_text() == "Loaded words not annotated"
    assert page.locator("#head-EVENT").inner_text() == "Events 0"


def test_rendering_twice_gives_the_same_bytes(outline: Outline) -> None:
    assert render(outline) == render(outline_of(rich(), TEXT))


def test_segments_cover_everything_once() -> None:
    spans = rich().spans
    found = list(segments(spans, 0, len(TEXT)))
    assert "".join(TEXT[a:b] for a, b, _ in found) == TEXT
    for a, b, over in found:
        assert {s.id for s in over} == {s.id for s in spans if s.start <= a and b <= s.end}


def test_overlapping_spans_have_different_tracks() -> None:
    spans = rich().spans
    tracks = underline_tracks(spans)
    assert all(tracks[a.id] != tracks[b.id] for a in spans for b in spans if a is not b and a.overlaps(b))


def terminal(outline: Outline, width: int = 0) -> str:
    out = io.StringIO()
    print_outline(outline, Console(file=out, force_terminal=bool(width), width=width or None, color_system=None))
    return out.getvalue()


def test_terminal_lists_each_span_and_claim_once(outline: Outline) -> None:
    lines = terminal(outline).splitlines()
    for item in outline.items.values():
        if item.span.layer != "CLAIM":
            assert len([line for line in lines if line.startswith(f"      {item.name} ")]) == 1
    assert "  c5 " in next(line for line in lines if line.strip().startswith("c5"))
    assert "(implicit: a2 \u2067المجلس المحلي لبلدة السهل\u2069)" in next(line for line in lines if "c3  " in line[:12])


@pytest.mark.parametrize("width", [0, 40, 100])
def test_terminal_lines_are_balanced_and_harmless(outline: Outline, width: int) -> None:
    shown_text = terminal(outline, width)
    assert "[U+202E]" in shown_text and "[U+200F]" in shown_text
    for line in shown_text.splitlines():
        assert line.count("\u2067") == line.count("\u2069")
        assert visible(line.replace("\u2067", "").replace("\u2069", "")) == line.replace("\u2067", "").replace(
            "\u2069", ""
        )


def test_terminal_loses_no_word_of_the_text(outline: Outline) -> None:
    for width in (0, 60):
        words = re.sub("[\u2067\u2069]", "", terminal(outline, width)).split()
        for word in visible(TEXT).split():
            assert word in words


@pytest.mark.parametrize("layer", [council(), wire()], ids=lambda layer: layer.document)
def test_shared_samples_are_shown(layer: Layer) -> None:
    record = next(d for d in documents() if d.id == layer.document)
    made = make_outline(record, layer, TEXTS[layer.document], Schema.load())
    assert f"{record.id}" in terminal(made) and record.id in render(made)


@pytest.mark.parametrize(
    "broken",
    [
        {"length": 4},
        {"spans": (Span("s1", "ACTOR", "STATE", 0, 3, {}, "قصد"),)},
        {"relations": (Relation("r1", "AGENT", "s1", "s9"),)},
        {"claims": (Claim("c1", None, None, ("s9",), "direct", "say", "none"),)},
        {"claims": (Claim("c1", None, None, (), "direct", "say", "none"),)},
        {"claims": (Claim("c1", None, None, ("s1",), "direct", "say", "none", parent="c1"),)},
        {"claims": (Claim("c1", None, None, ("s1",), "direct", "say", "none", parent="c7"),)},
        {"claims": (Claim("c1", None, None, ("s1",), "direct", "say", "none", continues="c7"),)},
    ],
)
def test_a_broken_layer_is_an_error_and_nothing_is_left_out(broken: dict[str, object]) -> None:
    whole = Layer("d", "1.0", 3, sha256("قسد"), ("ACTOR",), (Span("s1", "ACTOR", "STATE", 0, 3, {}, "قسد"),))
    with pytest.raises(DataError, match=r"^d: .*khabar validate"):
        outline_of(replace(whole, **broken), "قسد")  # type: ignore[arg-type]
