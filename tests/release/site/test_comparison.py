"""One event in two versions, worked by hand on the samples."""

from __future__ import annotations

from dataclasses import replace

from dataset_builder.corpus import Corpus
from dataset_builder.lists import Outlet
from dataset_builder.release.site.comparison import Comparison, Speaker, Word, compare_versions
from dataset_builder.release.site.documents import filters, shown_documents, surroundings


def compared(corpus: Corpus) -> Comparison:
    cluster = corpus.clusters["9001-sample"]
    documents = [d for d in shown_documents(corpus) if d.cluster is cluster]
    return compare_versions(cluster, documents, corpus.entities, {"quotes": {"composed-9001-b": "7"}})


def test_a_happening_is_what_both_tell_under_one_id(corpus: Corpus) -> None:
    """Both tell market-strike: the first as قصف and قصفت (by the militia, 3 killed), the second as قتلى and القصف."""
    found = compared(corpus)
    (strike,) = found.shared
    assert (strike.incident, strike.group, strike.label, found.alone) == ("market-strike", "REMOTE", "AIR", ())
    council, wire = strike.tellings
    assert [t.trigger.surface for t in council] == ["قصف", "قصفت"]
    assert [t.trigger.surface for t in wire] == ["قتلى", "القصف"]
    assert [a.surface for a in council[1].agents] == ["الميليشيا المجرمة"]
    assert council[1].figures == (("killed", "3"),) and [t.surface for t in council[1].targets] == ["مدنيين"]
    assert [t.trigger.voice.split()[0] for t in council] == ["reported", "reported"]


def test_who_speaks_is_an_entity_or_the_words(corpus: Corpus) -> None:
    """The council: headline, قال, and وأضاف that goes on from it, with quotation marks: 3 claims, 1 quoted."""
    council, wire = compared(corpus).versions
    assert council.speakers == (Speaker("مجلس الناحية", 3, 1), Speaker("قوات الإقليم", 1, 0))
    assert wire.speakers == (Speaker("سكان", 1, 0), Speaker("مسؤول محلي", 1, 0), Speaker("وكالة الوادي", 1, 0))


def test_loaded_words_have_their_voice(corpus: Corpus) -> None:
    council, wire = compared(corpus).versions
    assert council.words == (
        Word("المجرمة", "DELEGITIMISING", "الميليشيا المجرمة", "quoted", 1),
        Word("الميليشيا", "DELEGITIMISING", "الميليشيا المجرمة", "quoted", 1),
    )
    assert wire.words == (Word("استشهد", "VICTIM", "استشهد", "reported", 1),)


def test_figures_are_counted_by_voice(corpus: Corpus) -> None:
    """The council's four events: يدين and نفت in its own voice, two strikes inside claims."""
    council, wire = compared(corpus).versions
    assert dict(council.figures) == {
        "words": "29",
        "claims": "4, 1 with quoted words",
        "events": "2 in its own voice, 2 in claims",
        "loaded words": "0 in its own voice, 2 in claims",
        "quotes": "–",
    }
    assert dict(wire.figures)["quotes"] == "7"


def test_texts_are_whole_and_contents_marked(corpus: Corpus) -> None:
    council, _ = compared(corpus).versions
    text = "\n".join("".join(s.text for run in p for s in run.segments) for p in council.paragraphs)
    assert text == council.shown.entry.text
    said = ["".join(s.text for s in run.segments) for p in council.paragraphs for run in p if run.is_said]
    assert said == [
        "قصف السوق",
        "إن طائرات قصفت سوق البلدة صباح الأحد وقتلت 3 مدنيين",
        "أن «الميليشيا المجرمة» تقف خلف الهجوم",
        "ذلك",
    ]


def test_filters_have_only_what_there_is(corpus: Corpus) -> None:
    found = filters(shown_documents(corpus))
    assert [(c.value, c.documents) for c in found.tracks] == [("composed", 4), ("referenced", 1)]
    assert [(c.value, c.documents) for c in found.stances] == [("agency", 2), ("government", 1), ("opposition", 2)]
    # All four composed documents are on events in a governorate called Province; places add Aleppo to one of them.
    assert [(c.value, c.documents) for c in found.places["Syria"]] == [
        ("Syria", 4),
        ("Syria: Aleppo", 1),
        ("Syria: Province", 4),
        ("170063", 1),
    ]
    assert [(c.value, c.name, c.arabic) for c in found.places["Egypt"]] == [
        ("Egypt", "anywhere in Egypt", ""),
        ("361058", "Alexandria", "الإسكندرية"),
    ]


def test_neighbours_and_versions(corpus: Corpus) -> None:
    documents = shown_documents(corpus)
    around = surroundings(documents)
    first, last = around["composed-9001-a"], around["paper-0001"]
    assert first.previous is None and first.next and first.next.path == "../documents/composed-9001-b.html"
    assert [(v.text, v.current) for v in first.versions] == [("Style: council", True), ("Style: wire", False)]
    assert last.next is None and last.event is None and not last.designed and first.designed


def test_a_composed_style_is_said_in_short(corpus: Corpus) -> None:
    document = shown_documents(corpus)[0]
    outlet = Outlet(id="x", name="Composed in the manner of an agency", stance="international")
    assert replace(document, entry=replace(document.entry, outlet=outlet)).style == "an agency"
