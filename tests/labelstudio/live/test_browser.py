"""What an annotator sees and does in a real browser, and what comes back of it through `khabar pull`."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from dataset_builder.codec import encode_manifest
from dataset_builder.corpus import Corpus, sha256
from dataset_builder.files import write_atomic
from dataset_builder.labelstudio.server import Login
from dataset_builder.model import Layer, Span
from tests.cli import Done, khabar
from tests.labelstudio.live.studio import Studio, at_work
from tests.samples import COUNCIL, ROAD, TEXTS, Marker, council, make_checkout

if TYPE_CHECKING:
    from playwright.sync_api import Browser

Run = Callable[..., Done]


@pytest.fixture
def checkout(tmp_path: Path) -> Corpus:
    return make_checkout(tmp_path / "checkout")


@pytest.fixture
def run(studio: Studio, checkout: Corpus, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Run:
    """`khabar` with this server and a project of the test's own."""
    monkeypatch.setenv("LABEL_STUDIO_URL", studio.address)
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", studio.login.token)
    title = sha256(request.node.nodeid)[:12]

    def one(verb: str, *arguments: str) -> Done:
        return khabar(checkout, verb, *arguments, "--project", title)

    return one


def sent(studio: Studio, run: Run, *arguments: str) -> tuple[int, dict[str, int]]:
    """Push, and give the project's number and its tasks by document."""
    done = run("push", *arguments)
    assert done.code == 0, done.err
    title_project = max(p["id"] for p in studio.ask("GET", "projects?page_size=1000")["results"])
    tasks = studio.ask("GET", f"tasks?project={title_project}&fields=all&page_size=1000")["tasks"]
    return title_project, {task["data"]["doc_id"]: task["id"] for task in tasks}


def bare(layer: Layer) -> Layer:
    """A layer without what only a pass has."""
    return replace(layer, annotator="", guidelines="")


def test_a_pre_annotated_task_shows_right_to_left_with_the_right_words_highlighted(
    studio: Studio, run: Run, browser: Browser
) -> None:
    project, tasks = sent(studio, run, "composed-9001-a", "--layer", "gold")
    # Letter by letter the labels of the gold's spans around it, and no other.
    covered = [sorted(s.label for s in council().spans if s.start <= i < s.end) for i in range(len(COUNCIL))]
    with at_work(browser, studio) as amal:
        amal.open(project, tasks["composed-9001-a"])
        amal.wait_marked(sum(map(bool, covered)))
        assert [sorted(labels) for labels in amal.labels()] == covered
        # Word by word: each stands left of the one before, unless it begins a line.
        starts = [i for i in range(len(COUNCIL)) if COUNCIL[i] not in " \n" and (i == 0 or COUNCIL[i - 1] in " \n")]
        places = [amal.place(i, i + 1)[0] for i in starts]
        lines = 0
        for (_, right, middle), (_, next_right, next_middle) in itertools.pairwise(places):
            if abs(next_middle - middle) < 5:
                assert next_right < right
            else:
                assert next_middle > middle
                lines += 1
        assert lines >= 2
        assert amal.page.evaluate("getComputedStyle(document.querySelector('.lsf-richtext__line')).direction") == "rtl"


def test_what_the_mouse_marks_comes_back_exactly(studio: Studio, run: Run, browser: Browser, checkout: Corpus) -> None:
    """A span over Arabic, one nested in it, one that begins behind a proclitic, one behind an emoji, an arrow, a claim.

    The text: اتهم ناشطون مسلحين مجهولين بقطع طريق الجسر 😀 وتحييد حارس. The emoji is one code point and two UTF-16
    units, so offsets behind it are one too large wherever the two are mixed up.
    """
    project, tasks = sent(studio, run, "composed-9002-b")
    m = Marker("composed-9002-b", ROAD)
    who = m.span("ACTOR", "UNIDENTIFIED", "مسلحين مجهولين")
    nested = m.span("FRAME", "DELEGITIMISING", "مجهولين")
    cut = m.span("EVENT", "RESTRICT", "قطع", 2)  # ب|قطع: the proclitic stays outside
    m.span("EVENT", "ATTACK", "تحييد")  # behind the emoji, and و|تحييد
    source = m.span("ACTOR", "CIVIL_SOCIETY", "ناشطون")
    cue = m.span("CLAIM", "CUE", "اتهم")
    content = m.span("CLAIM", "CONTENT", "قطع طريق الجسر 😀 وتحييد حارس", 1)
    choices = {"ACTOR": ["nominal"], "EVENT": ["occurred"], "CONTENT": ["indirect", "accuse", "anonymous"]}
    with at_work(browser, studio) as amal:
        amal.open(project, tasks["composed-9002-b"])
        for span in m.spans:
            amal.mark(
                span.layer, span.label, span.start, span.end, *choices.get(span.label, choices.get(span.layer, []))
            )
        order = [span.id for span in m.spans]
        arrows = [("AGENT", cut, who), ("ABOUT", nested, who), ("source", content, source), ("cue", content, cue)]
        for label, head, tail in arrows:
            amal.relate(label, order.index(head), order.index(tail))
        amal.submit()
    done = run("pull", "--annotator", f"{studio.login.email}=amal")
    assert done.code == 0, done.err
    pulled = checkout.layer("composed-9002-b", "passes/amal")

    def place(layer: Layer, id: str) -> tuple[str, str, int, int]:
        span = layer.span(id)
        return span.layer, span.label, span.start, span.end

    expected = m.layer()
    assert {place(pulled, s.id) for s in pulled.spans} == {place(expected, s.id) for s in expected.spans}
    assert all(s.text == ROAD[s.start : s.end] for s in pulled.spans)
    assert {s.attributes.get("mention") for s in pulled.of("ACTOR")} == {"nominal"}
    assert {s.attributes.get("status") for s in pulled.of("EVENT")} == {"occurred"}
    assert {(r.label, place(pulled, r.head), place(pulled, r.tail)) for r in pulled.relations} == {
        ("AGENT", place(expected, cut), place(expected, who)),
        ("ABOUT", place(expected, nested), place(expected, who)),
    }
    (claim,) = pulled.claims
    assert (claim.form, claim.act, claim.source_status) == ("indirect", "accuse", "anonymous")
    assert claim.cue and place(pulled, claim.cue) == place(expected, cue)
    assert claim.source and place(pulled, claim.source) == place(expected, source)
    assert [place(pulled, id) for id in claim.content] == [place(expected, content)]
    # A second pull finds the same ids and writes nothing.
    before = checkout.layer_path(checkout.document("composed-9002-b"), "passes/amal").read_bytes()
    again = run("pull")
    assert again.code == 0 and "0 passes written" in again.out
    assert checkout.layer_path(checkout.document("composed-9002-b"), "passes/amal").read_bytes() == before


#: Each has the word غارة twice; the second one is what is sent, the first one what the mouse marks.
ODD = {
    "diacritics": "وقعت غارة فجرًا، وَقَعَتْ غَارَةٌ ثم غارة أخرى",
    "tatweel": "حلـــب تحت غارة وقـــصف بعد غارة اليوم",
    "zero width": "قال\u200c إن غارة\u200d وقعت\u200b قبل غارة الأمس\u2060 بيوم",
    "bidi marks": "\u200fقال \u202bإن غارة\u202c وقعت \u2067قبل غارة\u2069 الأمس\u200e 12%",
    "CRLF": "سطر أول\r\nوقعت غارة ليلا\r\nثم وقعت غارة نهارا\r\n",
    "no-break space": "وقعت\u00a0غارة ليلا\u202fثم\u00a0غارة نهارا",
    "beyond the basic plane": "😀 وقعت غارة 🇸🇾 ثم 👨‍👩‍👧 غارة 𐎠 نهارا",
    "white space": "  وقعت   غارة\t\tليلا  ثم  غارة نهارا  ",
    "mixed directions": "نشر موقع BBC News خبر غارة (F-16) ثم غارة 2.5 كم north",
}


def test_odd_texts_keep_every_offset(studio: Studio, run: Run, browser: Browser, checkout: Corpus) -> None:
    """Each text goes to the server with a prediction, is shown, gets another span by mouse and comes back."""
    made = dict(zip(ODD.values(), (f"composed-95{number:02}-a" for number in range(len(ODD))), strict=True))
    template = checkout.document("composed-9001-a")
    records = [
        replace(template, id=id, sha256=sha256(text), length=len(text), cluster="", title="")
        for text, id in made.items()
    ]
    manifest = checkout.manifest_path("composed")
    known = [d for d in checkout.documents.values() if d.source == "composed"]
    write_atomic(manifest, encode_manifest(sorted([*known, *records], key=lambda d: d.id)))
    fresh = Corpus(checkout.root)
    for text, id in made.items():
        fresh.text_path(fresh.document(id)).write_bytes(text.encode())
        second = text.index("غارة", text.index("غارة") + 1)
        span = Span(f"s{second:08x}", "EVENT", "AIR", second, second + 4, {"status": "occurred"}, "غارة")
        fresh.write_layer(Layer(id, "1.0", len(text), sha256(text), ("EVENT",), (span,)))
    project, tasks = sent(studio, run, *made.values(), "--layer", "gold", "--layers", "EVENT")
    with at_work(browser, studio) as amal:
        for kind, text in ODD.items():
            amal.open(project, tasks[made[text]])
            amal.wait_marked(4)
            first, second = text.index("غارة"), text.index("غارة", text.index("غارة") + 1)
            shown = amal.labels()
            assert len(shown) == len(text), kind
            assert shown == [["AIR"] if second <= i < second + 4 else [] for i in range(len(text))], kind
            amal.mark("EVENT", "SHELLING", first, first + 4, "occurred")
            amal.submit()
    done = run("pull", "--annotator", f"{studio.login.email}=amal")
    assert done.code == 0, done.err
    for kind, text in ODD.items():
        pulled = fresh.layer(made[text], "passes/amal")
        first, second = text.index("غارة"), text.index("غارة", text.index("غارة") + 1)
        found = [(s.label, s.start, s.end, s.text) for s in sorted(pulled.spans, key=lambda s: s.start)]
        assert found == [("SHELLING", first, first + 4, "غارة"), ("AIR", second, second + 4, "غارة")], kind
        assert f"s{second:08x}" in {s.id for s in pulled.spans}, kind


def test_an_untouched_prediction_of_every_sample_comes_back_as_it_was(
    studio: Studio, run: Run, browser: Browser, checkout: Corpus
) -> None:
    """Ids, attributes, nested claims, arrows: opened in the browser, submitted, pulled, equal."""
    ids = [id for id in TEXTS if id.startswith("composed")]
    project, tasks = sent(studio, run, *ids, "--layer", "gold")
    with at_work(browser, studio) as amal:
        for id in ids:
            amal.open(project, tasks[id])
            amal.wait_marked(len({i for s in checkout.layer(id).spans for i in range(s.start, s.end)}))
            amal.submit()
    done = run("pull", "--annotator", f"{studio.login.email}=amal")
    assert done.code == 0, done.err
    for id in ids:
        assert bare(checkout.layer(id, "passes/amal")) == checkout.layer(id)


def test_two_annotators_in_two_sessions_give_two_passes(
    studio: Studio, run: Run, browser: Browser, checkout: Corpus
) -> None:
    basil = Studio(studio.address, Login("basil@example.org", "a long password 17", ""))
    studio.invite(basil.login)
    project, tasks = sent(studio, run, "composed-9002-a", "--layers", "EVENT")
    text = TEXTS["composed-9002-a"]
    with at_work(browser, studio) as first, at_work(browser, basil) as second:
        for who in (first, second):  # both have the task open at once
            who.open(project, tasks["composed-9002-a"])
        for who, word in ((first, "دخلت"), (second, "انسحاب")):
            who.mark("EVENT", "TRANSFER", text.index(word), text.index(word) + len(word), "occurred")
        second.submit()
        first.submit()
    unknown = run("pull", "--annotator", f"{studio.login.email}=amal")
    assert unknown.code == 2 and "basil@example.org (1 annotations); give each one with --annotator" in unknown.err
    assert not checkout.hands()[1:]
    done = run("pull", "--annotator", f"{studio.login.email}=amal", "--annotator", "basil@example.org=basil")
    assert done.code == 0, done.err
    assert checkout.hands() == ["gold", "passes/amal", "passes/basil"]
    for hand, word in (("amal", "دخلت"), ("basil", "انسحاب")):
        (span,) = checkout.layer("composed-9002-a", f"passes/{hand}").spans
        assert (span.text, span.start) == (word, text.index(word))
    committed = [path for path in checkout.root.rglob("*") if path.is_file() and ".khabar" not in path.parts]
    assert not any(b"@example.org" in path.read_bytes() for path in committed)


def test_a_script_in_a_text_does_not_run(studio: Studio, run: Run, browser: Browser, checkout: Corpus) -> None:
    text = "خبر <script>document.title='hacked'</script><img src=x onerror=\"document.title='hacked'\"> غارة"
    document = replace(checkout.document("composed-9001-a"), sha256=sha256(text), length=len(text), title="")
    others = [d for d in checkout.documents.values() if d.source == "composed" and d.id != document.id]
    write_atomic(checkout.manifest_path("composed"), encode_manifest([document, *others]))
    checkout.text_path(document).write_bytes(text.encode())
    project, tasks = sent(studio, run, document.id)
    with at_work(browser, studio) as amal:
        amal.open(project, tasks[document.id])
        assert len(amal.labels()) == len(text)
        assert "hacked" not in amal.page.title()
