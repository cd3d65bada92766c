"""`khabar errors`: its counts are the score's, and its page can be read, filtered and trusted."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from dataset_builder.codec import encode_layer
from dataset_builder.corpus import Corpus
from dataset_builder.model import Claim, Layer, Relation, Span
from dataset_builder.release.mistakes import CONTEXT, Report, render, shown
from dataset_builder.scoring.mistakes import MEASURES, Mistake, Part, Side, find_mistakes
from dataset_builder.scoring.score import score
from dataset_builder.scoring.tasks import TASKS
from tests.cli import khabar
from tests.samples import FOREIGN, make_checkout, write_splits
from tests.scoring.layers import SCHEMA, TEXT, layer, pair, span
from tests.scoring.test_mistakes import assert_adds_up

if TYPE_CHECKING:
    from playwright.sync_api import Page


def disturbed(gold: Layer) -> Layer:
    """A prediction with something wrong in every task: every third span and claim is changed or gone."""
    kept = {s.id: s for n, s in enumerate(gold.spans) if n % 7}
    spans = {}
    for n, s in enumerate(kept.values()):
        longer = replace(s, end=min(s.end + 1, gold.length), text=None) if n % 5 == 0 else replace(s, text=None)
        other = {"ACTOR": "MEDIA", "EVENT": "CLASH", "LOCATION": "REGION", "FRAME": "VICTIM"}.get(s.layer, s.label)
        spans[s.id] = replace(longer, label=other) if n % 3 == 0 else longer
    relations = [r for n, r in enumerate(gold.relations) if r.head in spans and r.tail in spans and n % 4]
    claims = [c for c in gold.claims if all(id in spans for id in c.spans)]
    ids = {c.id for c in claims}
    claims = [replace(c, parent=c.parent if c.parent in ids else None) for c in claims]
    claims = [
        replace(c, continues=None, source_status="none") if c.continues and c.continues not in ids else c
        for c in claims
    ]
    return replace(gold, spans=tuple(spans.values()), relations=tuple(relations), claims=tuple(claims))


@pytest.fixture
def corpus(tmp_path: Path) -> Corpus:
    made = make_checkout(tmp_path / "checkout")
    folder = made.root / "work" / "p"
    folder.mkdir(parents=True)
    for id in ("composed-9001-a", "composed-9001-b"):
        (folder / f"{id}.jsonl").write_text(encode_layer(disturbed(made.layer(id))), "utf8")
    return made


def test_real_gold_adds_up() -> None:
    """The repository's own articles, each beside a disturbed copy: every measure of every task has mistakes."""
    from dataset_builder.curation.reading import readable
    from dataset_builder.scoring.sides import Pair
    from tests.cli import HERE

    own = Corpus(HERE)
    read = [readable(own, id) for id in sorted(own.documents) if id[:13] in ("composed-0004", "composed-0005")]
    pairs = [Pair(r.layer, disturbed(r.layer), r.text) for r in read]
    for task in TASKS:
        found = find_mistakes(pairs, task, own.schema)
        assert_adds_up(pairs, task, found)
        assert {m.measure for m in found} >= set(MEASURES[task]) - {"attribution", "nesting"}, task


def test_the_command_counts_what_the_score_counts(corpus: Corpus) -> None:
    where = "work/p", "--track", "composed", "--split", "train", "--json"
    done, scored = khabar(corpus, "errors", *where), khabar(corpus, "score", *where)
    assert done.code == 0, done.err
    for report, figures in zip(json.loads(done.out), json.loads(scored.out), strict=True):
        assert report["signature"] == figures["signature"]
        main = figures["measures"][figures["main"]]
        of_main = [kind for kind in report["kinds"] if kind["measure"] == figures["main"]]
        assert sum(kind["both"] + kind["gold"] for kind in of_main) == main["gold"] - main["right"]
        assert sum(kind["both"] + kind["predicted"] for kind in of_main) == main["predicted"] - main["right"]
    shown = khabar(corpus, "errors", "work/p", "--split", "train", "--task", "entities")
    assert "right of" in shown.out and "task:entities|" in shown.out and "boundary" in shown.out
    assert "did you mean 'entities'" in khabar(corpus, "errors", "work/p", "--task", "entitees").err
    assert "nothing is wrong" in khabar(corpus, "errors", "gold", "--split", "train", "--task", "entities").out


def test_words_of_others_go_to_work_alone(tmp_path: Path) -> None:
    """Hydrated, the page has a foreign text's words and refuses a place that git takes up; without it, offsets."""
    for hydrated in (True, False):
        corpus = make_checkout(tmp_path / str(hydrated), hydrated=hydrated)
        write_splits(corpus.root, {"composed": {"train": ["composed-9001-a"]}, "referenced": {"test": ["paper-0001"]}})
        gold = corpus.layer("paper-0001")
        bare = tuple(replace(s, anchor=None, start=s.start + 1) for s in gold.spans if s.layer == "EVENT")
        guess = replace(gold, spans=bare, relations=(), claims=())
        (corpus.root / "work").mkdir()
        (corpus.root / "work" / "p").mkdir()
        (corpus.root / "work" / "p" / "paper-0001.jsonl").write_text(encode_layer(guess), "utf8")
        where = "work/p", "--track", "referenced", "--task", "events"
        done = khabar(corpus, "errors", *where, "--html", "work/page.html")
        assert done.code == 0, done.err
        page = (corpus.root / "work" / "page.html").read_text("utf8")
        assert ("belong to somebody else" in page) == hydrated
        assert "قافلة" in FOREIGN and ("قافلة" in page) == hydrated
        refused = khabar(corpus, "errors", *where, "--html", "docs.html")
        assert (refused.code == 2) == hydrated, refused.err


def _report(gold: Layer, predicted: Layer, task: str = "entities") -> Report:
    pairs = [pair(gold, predicted)]
    return Report(score(pairs, TASKS[task], SCHEMA), find_mistakes(pairs, task, SCHEMA))


def _several() -> list[Report]:
    """A wrong type and a missed place; a claim whose content is too short."""
    source, cue, content = span("ACTOR", "PERSON", 0, 4), span("CLAIM", "CUE", 5, 9), span("CLAIM", "CONTENT", 10, 29)
    claim = Claim("c", source.id, cue.id, (content.id,), "indirect", "say", "named")
    short = replace(content, id="x", end=14)
    gold = layer(source, cue, content, span("LOCATION", "REGION", 30, 34), claims=[claim])
    guess = layer(replace(source, label="MEDIA"), cue, short, claims=[replace(claim, content=("x",))])
    return [_report(gold, guess, task) for task in ("entities", "claims")]


def _page(most: int = 30, texts: dict[str, str] | None = None) -> str:
    return render("What a system gets wrong", _several(), {"d1": TEXT} if texts is None else texts, False, most)


def test_the_same_bytes_and_nothing_from_elsewhere() -> None:
    page = _page()
    assert page == _page()
    assert "default-src &#39;none&#39;; style-src &#39;sha256-" in page and not re.search(r'(src|href)="(?!#)', page)
    assert "style=" not in page and "onclick" not in page


def test_both_sides_in_one_context_and_filters(open_page: Callable[..., Page]) -> None:
    from playwright.sync_api import expect

    page = open_page(_page())
    visible = page.locator(".mistake:visible")
    assert visible.count() == 3 and page.locator("#count").inner_text() == "3 shown"
    first = page.locator("[data-kind='entities/strict/type'] .mistake")
    boxes = [first.locator(f".side.{name}").bounding_box() for name in ("gold", "predicted")]
    # Right to left: the gold is at the right, and both are on one line.
    assert boxes[0] and boxes[1] and boxes[0]["x"] > boxes[1]["x"] and boxes[0]["y"] == boxes[1]["y"]
    assert first.locator(".gold .u.actor").inner_text() == TEXT[0:4]
    assert "PERSON" in first.locator(".gold .head").inner_text()
    assert "MEDIA" in first.locator(".predicted .head").inner_text()
    page.select_option("#task", "claims")
    # What has just come into view may not have been laid out yet, so its text is waited for.
    expect(page.locator(".kind:visible h3")).to_contain_text("content too short", use_inner_text=True)
    expect(visible).to_have_count(1)
    parts = visible.first.locator(".gold .u.content")
    expect(parts.last).to_have_text(re.compile("."), use_inner_text=True)
    assert "".join(parts.all_inner_texts()) == TEXT[10:29]
    page.select_option("#task", "")
    page.select_option("#kind", "entities/strict/missed")
    expect(visible).to_have_count(1)
    expect(visible.first.locator(".predicted")).to_contain_text("nothing", use_inner_text=True)
    page.select_option("#task", "claims")  # a kind of another task is let go
    assert page.locator("#kind").input_value() == "" and visible.count() == 1


def test_the_table_follows_the_document_that_is_chosen(open_page: Callable[..., Page]) -> None:
    """In d1 a wrong type, in d2 a missed place: with d2 chosen the row of types shows none and leads nowhere."""
    state, place = span("ACTOR", "STATE", 0, 4), span("LOCATION", "REGION", 30, 34)
    pairs = [pair(layer(state), layer(replace(state, label="MEDIA")))]
    pairs += [pair(replace(layer(place), document="d2"), replace(layer(), document="d2"))]
    report = Report(score(pairs, TASKS["entities"], SCHEMA), find_mistakes(pairs, "entities", SCHEMA))
    page = open_page(render("t", [report], {"d1": TEXT, "d2": TEXT}, False, 30))
    rows = page.locator("tbody tr")

    def shown() -> list[tuple[str, str, bool]]:
        found = []
        for row in rows.all():
            cells = row.locator("td").all_inner_texts()
            found.append((cells[1], cells[-1], row.locator("a[href]").count() == 1))
        return sorted(found)

    assert shown() == [("missed", "1", True), ("type", "1", True)]
    page.select_option("#document", "d2")
    assert shown() == [("missed", "1", True), ("type", "0", False)]
    assert "Counts are of all documents" in page.locator("caption").inner_text()
    assert page.locator(".mistake:visible .where").inner_text() == "d2 from code point 30"
    page.select_option("#document", "")
    assert shown() == [("missed", "1", True), ("type", "1", True)]


def test_measures_of_what_another_has_right_say_where_the_rest_is() -> None:
    """Three loaded terms, of which one has the right polarity and another target; two predicted."""
    actors = [span("ACTOR", "STATE", 0, 4), span("ACTOR", "STATE", 5, 9)]
    terms = [span("FRAME", "VICTIM", 10 + 5 * n, 14 + 5 * n) for n in range(3)]
    gold = layer(*actors, *terms, relations=[Relation("r", "ABOUT", terms[0].id, actors[0].id)])
    guess = layer(*actors, *terms[:1], replace(terms[1], label="EUPHEMISM"),
                  relations=[Relation("r", "ABOUT", terms[0].id, actors[1].id)])  # fmt: skip
    told = _report(gold, guess, "frames").told
    assert told[0] == "polarity: 1 right of 3 gold and 2 predicted"
    assert told[1].startswith(
        "target: 0 right of 3 gold and 2 predicted; its kinds are of the 1 that polarity has right"
    )
    assert told[1].endswith("the rest of its misses (2 gold, 1 predicted) stand under polarity")


@pytest.mark.parametrize("options", [{"viewport": {"width": 390, "height": 800}}, {"color_scheme": "dark"}])
def test_it_fits_any_screen(options: dict[str, Any], open_page: Callable[..., Page]) -> None:
    page = open_page(_page(), **options)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_without_a_text_offsets_are_shown(open_page: Callable[..., Page]) -> None:
    page = open_page(_page(texts={}))
    wrong_type = page.locator("[data-kind='entities/strict/type']")
    assert page.locator(".context").count() == 0 and "0–4" in wrong_type.inner_text()


def test_examples_are_limited_and_counted() -> None:
    places = [("STATE", 5 * n, 5 * n + 4) for n in range(8)]
    gold = layer(*(span("ACTOR", *place) for place in places))
    page = render("t", [_report(gold, layer())], {"d1": TEXT}, False, 3)
    assert page.count('<article class="mistake"') == 3 and "8, 3 of them here" in page


def test_what_a_text_or_a_system_says_is_never_markup(open_page: Callable[..., Page]) -> None:
    text = "<script>alert(1)</script> \u202e abc " + "كلمة " * 40
    side = Side("<b>x</b>", (Part("ACTOR", 0, 8), Part("EVENT", 200, 204)), "<i>")
    report = _report(layer(), layer())
    mistake = Mistake("d1", "entities", "strict", "<u>", side, None)
    page = render("<title>", [Report(report.score, [mistake])], {"d1": text}, False, 5)
    assert "<script>alert" not in page and "<b>x" not in page and "<u>" not in page and "\u202e" not in page
    opened = open_page(page)
    assert "<script>" in opened.locator(".gold .context").inner_text()


def test_a_context_is_cut_in_words_and_gaps_are_shown() -> None:
    """Two parts 500 letters apart have a gap between them; each stretch begins and ends between words."""
    text = "كلمة " * 150
    side = Side("AGENT", (Part("AIR", 100, 104), Part("AGENT", 600, 604)))
    made = shown(Mistake("d", "arguments", "classification", "role", side, None), text)
    assert made.gold is not None and made.predicted is None
    texts = [piece.text for piece in made.gold.pieces]
    assert texts.count(None) == 1
    for part in "".join(t if t is not None else "|" for t in texts).split("|"):
        assert set(part.split()) == {"كلمة"} and len(part) <= 2 * CONTEXT + 14
    assert [p.over for p in made.gold.pieces if p.over] == [(("event", 0),), (("actor", 0),)]


def test_what_stands_nowhere_is_named_without_a_place() -> None:
    """Nothing to show of the text: the name and a note, no code point, no empty list."""
    guess = replace(layer(span("ACTOR", "STATE", 0, 4)), spurious={"LOCATION.REGION": 2})
    report = _report(layer(span("ACTOR", "STATE", 0, 4)), guess)
    assert report.kinds == {("strict", "stands nowhere"): {"predicted": 2}}
    assert report.told == ["strict: 1 right of 1 gold and 3 predicted"]
    page = render("t", [report], {"d1": TEXT}, False, 30)
    assert page.count('<article class="mistake"') == 2 and "from code point" not in page
    assert page.count('LOCATION.REGION</b> <span class="note">is not in the text') == 2
    assert '<ul class="parts">' not in page


def test_relations_of_one_mistake_are_named() -> None:
    actor, event = span("ACTOR", "STATE", 0, 4), Span("e", "EVENT", "AIR", 5, 9)
    gold = layer(actor, event, relations=[Relation("r", "AGENT", "e", actor.id)])
    report = _report(gold, layer(actor, event), "arguments")
    assert report.as_record()["kinds"] == [
        {"measure": "classification", "kind": "missed, not joined", "both": 0, "gold": 1, "predicted": 0}
    ]
