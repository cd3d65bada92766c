"""Places, with their GeoNames ids."""

from __future__ import annotations

from tests.baselines.rules.made_up import predicted, spans


def test_a_country_acts_or_is_a_place() -> None:
    text = "رفضت تركيا الطلب، وعاد الزائر من تركيا."
    assert (spans(text, "ACTOR"), spans(text, "LOCATION")) == (["STATE تركيا"], ["COUNTRY تركيا"])


def test_places() -> None:
    text = "في مدينة حلب وبلدة أم السنابل، وقرب معبر باب السلامة في ريف حلب الشمالي، لا مدينة كبيرة."
    assert spans(text, "LOCATION") == [
        "POPULATED_PLACE مدينة حلب",
        "POPULATED_PLACE بلدة أم السنابل",
        "FACILITY معبر باب السلامة",
        "REGION ريف حلب الشمالي",
    ]
    linked = [s.attributes.get("geonames") for s in predicted(text).of("LOCATION")]
    assert linked[0] == linked[3] == "170063" and linked[1:3] == [None, None]  # GeoNames' Aleppo
