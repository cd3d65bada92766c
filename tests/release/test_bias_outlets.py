"""Concentration, coverage, and what is asked of every figure's values and intervals."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dataset_builder.release.bias import Minimum
from dataset_builder.release.bias.figure import Question, Row, Tally
from dataset_builder.release.bias.intervals import rows
from dataset_builder.release.bias.page import page
from tests.release.bias_cases import cluster, counts, entry, report
from tests.samples import Marker


def _question(kind: str = "share", depth: int = 1, zeros: bool = False) -> Question:
    return Question("q", "Q", "Q.", "things", ("of", "name"), depth, (), lambda a: "", kind, zeros=zeros)  # type: ignore[arg-type]


def test_shares_and_herfindahl_of_outlets_and_stances() -> None:
    """Three of Red, one each of Blue and Green, which share a stance.

    Outlets: 3/5, 1/5, 1/5; Herfindahl 9/25 + 1/25 + 1/25 = 11/25 = 0.44. Stances: 3/5 and 2/5; 9/25 + 4/25 = 0.52.
    """
    outlets = ["red", "red", "red", "blue", "green"]
    found = report([entry(f"composed-{i}", "كلمة كلمة", outlet=o) for i, o in enumerate(outlets)])
    assert counts(found, "outlets", "outlet", "red") == (3, 5)
    assert counts(found, "outlets", "stance", "south") == (2, 5)
    assert found.figure("concentration").row("outlet").value == 0.44
    assert found.figure("concentration").row("stance").value == 0.52
    assert counts(found, "outlet-words", "outlet", "blue") == (2, 10)


def test_more_than_half_is_warned_of_and_half_is_not() -> None:
    two = [entry("composed-1", "كلمة", outlet="red"), entry("composed-2", "كلمة", outlet="blue")]
    assert report(two).warnings == ()
    three = [*two, entry("composed-3", "كلمة كلمة كلمة", outlet="green")]
    # Green has 3 of 5 words, but 1 of 3 documents; its stance 2 of 3 documents and 4 of 5 words.
    assert [w.split(":")[0] for w in report(three).warnings] == [
        "66.7 % of the documents are of one stance, south",
        "60.0 % of the words are of one outlet, green",
        "80.0 % of the words are of one stance, south",
    ]


def test_one_outlet_alone_is_wholly_concentrated() -> None:
    found = report([entry(f"composed-{i}", "كلمة") for i in range(2)])
    assert found.figure("concentration").row("outlet").value == 1.0
    share = found.figure("outlets").row("outlet", "red")
    # All of all: drawing documents can't make anything else of it, which is no interval.
    assert (share.value, share.low, share.high) == (1.0, None, None) and "no interval" in share.note


def test_coverage_by_year_governorate_country_and_group() -> None:
    """One document on an event in Homs that names Aleppo twice, one of 2021 that names Tunis.

    Years 1/2 each; governorates of events: Homs 1 of the 1 that has an event; of places: Aleppo 1/2, Homs 0/2.
    """

    def two_places(m: Marker) -> None:
        m.span("LOCATION", "POPULATED_PLACE", "حلب", geonames="1")
        m.span("LOCATION", "POPULATED_PLACE", "حلب", 2, geonames="1")
        m.span("EVENT", "AIR", "غارة")
        m.span("EVENT", "AGREEMENT", "هدنة", status="planned")

    def one_place(m: Marker) -> None:
        m.span("LOCATION", "POPULATED_PLACE", "تونس", geonames="2")
        m.span("LOCATION", "REGION", "الجنوب")

    event = cluster("0001-homs", "Homs")
    entries = [
        entry("composed-0001-a", "غارة على حلب وهدنة في حلب", two_places, cluster=event.id),
        entry("composed-0002-a", "تونس والجنوب", one_place, published="2021-01"),
    ]
    found = report(entries, event)
    assert counts(found, "years", "all", "2021") == (1, 2)
    assert counts(found, "months", "all", "2021-01") == (1, 2)
    assert counts(found, "governorates", "all", "Homs") == (1, 1)
    assert list(found.figure("governorates").left_out.values()) == [1]
    assert counts(found, "governorates-mentioned", "all", "Aleppo") == (1, 2)
    assert counts(found, "governorates-mentioned", "all", "Homs") == (0, 2)
    assert counts(found, "countries-mentioned", "all", "Tunisia") == (1, 2)
    # The planned truce has not happened.
    assert counts(found, "event-groups", "all", "REMOTE") == (1, 1)


def test_an_interval_draws_documents_and_not_things() -> None:
    """Two documents, one all part and one none of it: a draw of two is (none, none), mixed, or (all, all).

    With 1,000 draws each end has a quarter of them, so the middle 95 % reaches from 0 to 1. Had the 200 things been
    drawn instead, it would be some 0.43 to 0.57.
    """
    tallies = [Tally({("w", "x"): 100}, {("w",): 100}), Tally({}, {("w",): 100})]
    assert rows(_question(), tallies, Minimum(1, 1)) == (Row(("w", "x"), 100, 200, 2, 0.5, 0.0, 1.0),)


def test_documents_of_the_same_share_leave_no_doubt_and_give_no_interval() -> None:
    tallies = [Tally({("w", "x"): 1}, {("w",): 4})] * 12
    (row,) = rows(_question(), tallies, Minimum(1, 1))
    assert (row.part, row.whole, row.documents, row.value, row.low) == (12, 48, 12, 0.25, None)


def test_a_rate_is_per_hundred_and_its_interval_is_too() -> None:
    tallies = [Tally({("w", "x"): n}, {("w",): 10}) for n in (0, 4)]
    (row,) = rows(_question("rate"), tallies, Minimum(1, 1))
    assert (row.value, row.low, row.high) == (20.0, 0.0, 40.0)


@pytest.mark.parametrize(("units", "documents", "few"), [(30, 10, ""), (29, 10, "29 things"), (30, 9, "9 documents")])
def test_too_few_says_so_and_gives_no_share(units: int, documents: int, few: str) -> None:
    each = [units // documents + (i < units % documents) for i in range(documents)]
    tallies = [Tally({("w", "x"): i % 2}, {("w",): n}) for i, n in enumerate(each)]
    (row,) = rows(_question(), tallies, Minimum(30, 10))
    assert (row.value is None) == bool(few) and few in row.note
    assert row.whole == units and row.documents == documents


def test_documents_without_any_of_the_whole_are_not_drawn() -> None:
    """A third document has nothing to take a share of; it changes neither the value nor how many are drawn."""
    two = [Tally({("w", "x"): 1}, {("w",): 2}), Tally({("w", "x"): 2}, {("w",): 2})]
    assert rows(_question(), [*two, Tally({}, {("w",): 0}), Tally({}, {})], Minimum(1, 1)) == rows(
        _question(), two, Minimum(1, 1)
    )


def test_zeros_are_rows_where_they_are_asked_for() -> None:
    tallies = [Tally({("w", "x"): 1}, {("w",): 2, ("v",): 3})]
    assert [r.keys for r in rows(_question(), tallies, Minimum(1, 1))] == [("w", "x")]
    assert [(r.keys, r.part, r.whole) for r in rows(_question(zeros=True), tallies, Minimum(1, 1))] == [
        (("v", "x"), 0, 3),
        (("w", "x"), 1, 2),
    ]


def test_the_same_seed_gives_the_same_figures_and_another_does_not() -> None:
    tallies = [Tally({("w", "x"): n % 3}, {("w",): 3}) for n in range(12)]
    one, again, other = (rows(_question(), tallies, Minimum(1, 1), seed=seed) for seed in (0, 0, 1))
    assert one == again and (one[0].low, one[0].high) != (other[0].low, other[0].high)


def test_tracks_are_never_counted_together() -> None:
    with pytest.raises(ValueError, match="never counted together: composed, press"):
        report([entry("composed-1", "كلمة"), entry("paper-1", "كلمة", track="press")])


def test_composed_figures_are_headed_designed_and_others_found() -> None:
    assert "**designed, not found**" in page(report([entry("composed-1", "كلمة")]))
    press = entry("paper-1", "كلمة", track="press", outlet="paper")
    assert not report([press]).designed and "designed" not in page(report([press])).split("\n")[0]


def test_a_layer_that_was_not_annotated_is_not_counted_as_nothing() -> None:
    """Of two documents one has no CLAIM layer: it is left out of the claims, and counted as left out."""

    def speaks(m: Marker) -> None:
        m.claim(m.span("ACTOR", "MEDIA", "الوكالة", entity="agency"), ("قال", 1), ("تم", 1), "indirect say named")

    one = entry("composed-1", "قال الوكالة تم", speaks)
    other = entry("composed-2", "كلمة")
    other = replace(other, layer=replace(other.layer, layers=("ACTOR",)))
    figure = report([one, other]).figure("attributed")
    assert figure.row("all", "in claims").documents == 1
    assert figure.left_out == {"layer CLAIM was not annotated": 1}
    assert "layer CLAIM was not annotated" in report([other]).figure("claims-by-side").missing
