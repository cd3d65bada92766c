"""The site in a real browser: filters, search, keyboard, direction, light and dark, wide and narrow, axe-core."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser import barriers
from tests.samples import COUNCIL, TEXTS

if TYPE_CHECKING:
    from playwright.sync_api import Page

Visit = Callable[..., "Page"]
KINDS = (
    "index.html",
    "documents/composed-9001-a.html",
    "documents/paper-0001.html",
    "clusters/index.html",
    "clusters/9001-sample.html",
    "statistics.html",
    "bias.html",
    "bias-referenced.html",
    "agreement.html",
    "leaderboard.html",
    "guidelines/index.html",
    "guidelines/hard-cases.html",
    "guidelines/labels.html",
    "guidelines/examples-claim.html",
    "datasheet.html",
    "annotations.html",
)
PHONE = {"width": 375, "height": 812}
WIDE = {"width": 1280, "height": 900}
LISTED = "all => all.filter(row => !row.hidden).map(row => row.id)"


def listed(page: Page) -> list[str]:
    return list(page.eval_on_selector_all("#documents > li", LISTED))


def ask(page: Page, text: str) -> list[str]:
    """What the list has after typing this into the search field."""
    page.fill("[name=text]", text)
    page.wait_for_timeout(200)
    return listed(page)


def choose(page: Page, **fields: str) -> list[str]:
    page.evaluate("document.getElementById('more').open = true")
    for name, value in fields.items():
        field = page.locator(f"[name={name}]")
        field.select_option(value) if field.evaluate("e => e.tagName") == "SELECT" else field.fill(value)
    page.wait_for_timeout(200)
    return listed(page)


@pytest.mark.parametrize(
    ("scheme", "kind"), [*(("dark", kind) for kind in KINDS), *(("light", kind) for kind in KINDS[:9])]
)
def test_nothing_keeps_people_from_reading_a_page(site: Path, visit: Visit, scheme: str, kind: str) -> None:
    page = visit(site / kind, color_scheme=scheme, viewport=PHONE if scheme == "dark" else WIDE)
    assert barriers(page) == []


def test_axe_would_find_a_barrier(site: Path, visit: Visit) -> None:
    page = visit(site / "index.html")
    page.evaluate("document.querySelector('.lead').append(document.createElement('img'))")
    page.evaluate("document.querySelector('h1').style.color = '#ddd'")
    assert {found.partition(":")[0] for found in barriers(page)} == {"color-contrast", "image-alt"}


@pytest.mark.parametrize("kind", KINDS)
def test_a_phone_shows_a_page_without_scrolling_sideways(site: Path, visit: Visit, kind: str) -> None:
    page = visit(site / kind, viewport=PHONE, has_touch=True)
    assert page.evaluate("document.documentElement.scrollWidth") == 375
    page.evaluate("scrollTo(500, 0)")
    assert page.evaluate("scrollX") == 0


def test_the_list_can_be_filtered_by_everything(site: Path, visit: Visit) -> None:
    page = visit(site / "index.html", viewport=WIDE)
    composed = ["composed-9001-a", "composed-9001-b", "composed-9002-a", "composed-9002-b"]
    assert listed(page) == [*composed, "paper-0001"]
    assert page.inner_text("#found") == "5 documents"
    assert choose(page, track="composed") == composed
    assert choose(page, track="", outlet="style-wire") == ["composed-9001-b", "composed-9002-b"]
    assert choose(page, outlet="", stance="government") == ["paper-0001"]
    assert page.inner_text("#found") == "1 of 5 documents"
    assert choose(page, stance="", group="HUMANITARIAN") == ["paper-0001"]  # the release of two drivers
    assert choose(page, group="", place="Syria: Aleppo") == ["composed-9001-a"]
    assert choose(page, place="Egypt") == ["composed-9002-a"]
    assert choose(page, place="361058") == ["composed-9002-a"]
    assert choose(page, place="", **{"from": "2020-03-02"}) == ["paper-0001"]
    assert choose(page, **{"from": "", "to": "2020-03-01"}) == composed
    assert choose(page, to="", order="new")[0] == "paper-0001"
    assert choose(page, track="referenced", stance="agency") == []
    assert page.is_visible("#none")
    page.click("button[type=reset]")
    assert len(listed(page)) == 5 and page.input_value("[name=track]") == ""


def test_search_sees_through_spelling(site: Path, visit: Visit) -> None:
    page = visit(site / "index.html")
    for asked in ("الميليشيا المجرمة", "المِيليشيا المُجرِمَه", "الميليشياالمجرمة", "ميليشيا", "  مجرمه ", "مجـــرمة"):
        assert ask(page, asked) == ["composed-9001-a"], asked
    # إقليم without hamza; قوات الإقليم stands in two texts.
    assert ask(page, "قوات الاقليم") == ["composed-9001-a", "composed-9002-a"]
    # Words anywhere, in any order: سوق stands in both versions, وكالة only in the second.
    assert ask(page, "سوق وكالة") == ["composed-9001-b"]
    assert ask(page, "٣ مدنيين") == ask(page, "3 مدنيين") == ["composed-9001-a"]
    assert ask(page, "9002-B") == ["composed-9002-b"]
    assert ask(page, "Bridge") == ["composed-9002-a", "composed-9002-b"]
    assert ask(page, "😀") == ask(page, "،") == ask(page, "") != []
    assert ask(page, "كلمة ليست هنا") == [] and page.is_visible("#none")


def test_a_phrase_begins_where_a_word_does(site: Path, visit: Visit) -> None:
    """`صباح الأحد` folds to صباحالاحد: باحال is in it, but begins in the middle of a word and ends in the next."""
    page = visit(site / "index.html")
    assert ask(page, "صباح الأحد") == ["composed-9001-a"]
    assert ask(page, "باحال") == []
    assert ask(page, "باح") == ["composed-9001-a"]
    # Behind a proclitic and the article: بفتح الطريق, وطالب أهالي.
    assert ask(page, "فتح الطريق") == ask(page, "طالب أهالي") == ["composed-9002-a"]


def test_hits_are_marked_in_the_text_as_it_is_written(site: Path, visit: Visit) -> None:
    page = visit(site / "index.html")
    ask(page, "الميليشيا المجرمه")
    hit = page.locator("#composed-9001-a .hit")
    assert hit.locator("mark").inner_text() == "الميليشيا المجرمة"
    assert "تقف خلف الهجوم" in hit.inner_text()
    assert hit.evaluate("e => getComputedStyle(e).direction") == "rtl"
    ask(page, "الجسر 😀 وتحييد")
    assert page.locator("#composed-9002-b mark").inner_text() == "الجسر 😀 وتحييد"


def test_words_that_are_not_here_are_not_found(site: Path, local_site: Path, visit: Visit) -> None:
    page = visit(site / "index.html")
    assert ask(page, "عصابات الحاجز") == []
    assert "4 texts are here to be searched" in page.inner_text("#how")
    assert ask(visit(local_site / "index.html"), "عصابات الحاجز") == ["paper-0001"]


def test_a_list_can_be_kept_and_come_back_to(site: Path, visit: Visit) -> None:
    page = visit(site / "index.html", viewport=WIDE)
    choose(page, outlet="style-wire")
    assert ask(page, "سوق البلدة") == ["composed-9001-b"]
    page.click("#composed-9001-b h2 a")
    assert page.url.endswith("documents/composed-9001-b.html")
    page.go_back()
    assert listed(page) == ["composed-9001-b"] and page.input_value("[name=outlet]") == "style-wire"
    other = visit(site / "index.html", viewport=WIDE)
    other.goto(page.url)
    assert listed(other) == ["composed-9001-b"]


def test_everything_can_be_done_by_keyboard(site: Path, visit: Visit) -> None:
    page = visit(site / "index.html", viewport=WIDE)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to content"
    assert page.locator(".skip").bounding_box()["width"] > 50  # type: ignore[index]
    page.keyboard.press("Enter")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "text"
    page.keyboard.type("جسر النهر")
    page.keyboard.press("Enter")
    assert listed(page) == ["composed-9002-a"]
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('#documents') !== null"):
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/composed-9002-a.html")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Corpus"


def test_without_a_script_the_whole_list_can_be_read(site: Path, visit: Visit) -> None:
    page = visit(site / "index.html", java_script_enabled=False)
    assert page.locator("#documents > li").count() == 5
    assert page.is_hidden("#filters") and page.is_visible("noscript p")


def test_titles_read_from_right_to_left(site: Path, visit: Visit) -> None:
    page = visit(site / "index.html", viewport=WIDE)
    title = page.locator("#composed-9001-a h2 a")
    assert title.inner_text() == COUNCIL.split("\n")[0]
    places = title.evaluate("""e => { const text = e.firstChild, range = document.createRange();
      const at = n => { range.setStart(text, n); range.setEnd(text, n + 1); return range.getBoundingClientRect().x; };
      return [at(0), at(text.length - 1)]; }""")
    assert places[0] > places[1]


def test_a_document_leads_to_its_event_and_its_neighbours(site: Path, visit: Visit) -> None:
    page = visit(site / "documents" / "composed-9001-b.html", viewport=WIDE)
    assert page.locator("nav.site [aria-current]").inner_text() == "Corpus"
    assert page.locator(".around [aria-current=page]").inner_text() == "Style: wire"
    page.click("text=Style: council")
    assert page.url.endswith("composed-9001-a.html")
    page.click("[rel=next]")
    assert page.url.endswith("composed-9001-b.html")
    page.click("nav.around > a")
    assert page.url.endswith("clusters/9001-sample.html")
    assert page.locator("nav.site [aria-current=true]").inner_text() == "Events"


def test_a_text_without_words_is_shown_as_places(site: Path, visit: Visit) -> None:
    """The claim's cue "أعلن" of four letters stands in the second line of the text, far from its right edge."""
    page = visit(site / "documents" / "paper-0001.html", viewport=WIDE)
    assert page.locator(".map svg").count() == 2  # 208 code points in lines of 120
    page.hover("#c2 > h3")
    marked = page.eval_on_selector_all(".map rect.on", "all => all.map(e => e.getBoundingClientRect().right)")
    edge = page.locator(".map svg").first.bounding_box()
    assert len(marked) >= 3 and edge and max(marked) <= edge["x"] + edge["width"] + 1
    assert re.search(r"\[\d+–\d+\] [0-9a-f]{6}", page.inner_text("#c2"))


def test_versions_of_an_event_stand_side_by_side(site: Path, visit: Visit) -> None:
    page = visit(site / "clusters" / "9001-sample.html", viewport=WIDE)
    heads = page.locator(".versions").first.locator("thead th").all_inner_texts()
    assert heads == ["figure", "Style: council", "Style: wire"]
    shared = page.locator("section[aria-labelledby=head-happenings] .versions").first.locator("tbody tr")
    assert shared.count() == 1  # the strike on the market, which both tell
    cells = shared.locator("td").all_inner_texts()
    assert "قصفت" in cells[0] and "3 killed" in cells[0] and "القصف" in cells[1]
    columns = [page.locator(".texts article").nth(n).bounding_box() for n in (0, 1)]
    assert columns[0] and columns[1] and columns[0]["y"] == columns[1]["y"] and columns[0]["x"] < columns[1]["x"]
    texts = page.eval_on_selector_all(
        ".texts article", "all => all.map(a => [...a.querySelectorAll('p')].map(p => p.textContent).join('\\n'))"
    )
    assert texts == [TEXTS["composed-9001-a"], TEXTS["composed-9001-b"]]
    loaded = page.eval_on_selector_all(".texts .u.FRAME", "all => all.map(e => e.textContent)")
    assert loaded == ["الميليشيا", "المجرمة", "استشهد"]


def test_plots_say_their_figures_in_words_too(site: Path, visit: Visit) -> None:
    page = visit(site / "statistics.html", viewport=WIDE)
    actors = page.locator("figure", has_text="Actors named most")
    assert actors.locator("tbody tr").first.inner_text().split() == ["قوات", "الإقليم", "3"]
    label = actors.locator("tbody bdi").first
    assert label.evaluate("e => getComputedStyle(e).direction") == "rtl"
    years = page.locator("figure.timeline tbody tr")
    assert [years.nth(n).locator("th, td.unseen").all_text_contents() for n in (0, 1)] == [
        ["2020", "4", "0"],
        ["2021", "0", "1"],
    ]
    assert page.locator("figure.timeline .stack rect").count() == 2


def test_the_audit_says_what_is_designed_and_gives_counts_where_there_is_too_little(site: Path, visit: Visit) -> None:
    """Of four composed documents two are of each style: too few for a share, so the counts stand alone."""
    page = visit(site / "bias.html", viewport=WIDE)
    assert "designed, not found" in page.inner_text("h1")
    assert "Designed, not found" in page.inner_text(".notice >> nth=0")
    rows = page.locator("figure", has_text="Documents by outlet").first.locator("tbody tr")
    shown = [" ".join(row.inner_text().split()) for row in rows.all()]
    assert shown == [
        "outlet",
        "style-council 2 of 4",
        "style-wire 2 of 4",
        "stance",
        "agency 2 of 4",
        "opposition 2 of 4",
    ]
    page.click("text=Track referenced")
    assert page.url.endswith("bias-referenced.html") and "found" in page.inner_text("h1")
    assert page.locator("nav.site [aria-current=true]").inner_text() == "Bias"


def test_intervals_stand_around_their_values(site: Path, visit: Visit) -> None:
    page = visit(site / "leaderboard.html", viewport=WIDE)
    for row in page.locator("figure.plot tbody tr").all():
        edges = row.evaluate("""e => { const box = s => e.querySelector(s).getBoundingClientRect();
          const bar = box("rect"), whisker = box(".whisker"); return [whisker.left, bar.right, whisker.right]; }""")
        assert edges[0] <= edges[1] <= edges[2]


def test_a_script_from_elsewhere_does_not_run(site: Path, tmp_path: Path, browser: object) -> None:
    """Markup that found its way into a page could neither run nor load nor send anything."""
    page = browser.new_page()  # type: ignore[attr-defined]
    html = (site / "index.html").read_text("utf8")
    bad = '<script>window.ran = 1</script><img src="x.png" onerror="window.ran = 2"><p style="color: red">x</p>'
    (tmp_path / "x.js").write_text("window.ran = 3", "utf8")
    (tmp_path / "page.html").write_text(html.replace("</main>", bad + '<script src="x.js"></script></main>'), "utf8")
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    page.goto((tmp_path / "page.html").as_uri())
    assert page.evaluate("window.ran") is None and len(told) >= 4
    page.close()
