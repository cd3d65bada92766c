"""The labelling configuration: complete, the same each time, its colours and keys apart; and our check of it."""

from __future__ import annotations

import itertools
import math
import re
from xml.etree.ElementTree import fromstring

import numpy as np
import pytest

from dataset_builder.formats.regions import Names
from dataset_builder.labelstudio.check import check_config
from dataset_builder.labelstudio.config import make_config
from dataset_builder.labelstudio.instructions import make_instruction
from dataset_builder.labelstudio.names import LABEL
from dataset_builder.labelstudio.palette import COLOURS, RESERVED, hotkeys, ink, luminance
from dataset_builder.schema import Label, LayerSchema, Schema
from tests.conftest import ROOT

SCHEMA = Schema.load()
CONFIG = make_config(SCHEMA)


def found(xml: str) -> list[str]:
    return [f"{incident.code}: {incident.fact}" for incident in check_config(xml, SCHEMA)]


def test_the_configuration_is_whole_and_repeats() -> None:
    assert found(CONFIG) == []
    assert make_config(Schema.load()) == CONFIG
    root = fromstring(CONFIG)
    labels = [tag.get("value") for tag in root.iter("Label")]
    assert len(labels) == len(set(labels)) == 12 + 9 + 41 + 3 + 4
    assert [tag.get("value") for tag in root.iter("Relation")] == [
        *("AGENT", "TARGET", "PLACE", "ABOUT"),
        *("source", "cue", "content", "parent", "continues"),
    ]


@pytest.mark.parametrize(
    ("attribute", "labels"),
    [("mention", 12), ("entity", 12), ("geonames", 9), ("status", 41), ("killed", 41), ("act", 1)],
)
def test_an_attribute_is_there_for_the_labels_of_its_layer_only(attribute: str, labels: int) -> None:
    """The condition stands on the control too: by that one Label Studio decides what it sends."""
    root = fromstring(CONFIG)
    control = next(tag for tag in root.iter() if tag.get("name") == attribute)
    around = next(tag for tag in root.iter("View") if control in list(tag))
    for tag in (control, around):
        assert tag.get("visibleWhen") == "region-selected" and tag.get("whenTagName") == LABEL
        assert len(str(tag.get("whenLabelValue")).split(",")) == labels
    assert control.get("perRegion") == "true"


def test_some_layers_alone() -> None:
    made = make_config(SCHEMA, ["LOCATION", "EVENT"])
    assert [str(i) for i in check_config(made, SCHEMA, ["LOCATION", "EVENT"])] == []
    assert [tag.get("value") for tag in fromstring(made).iter("Relation")] == ["PLACE"]
    assert any("does not offer 'STATE'" in fact for fact in found(made))


def test_a_label_of_two_layers_is_told_by_its_layer() -> None:
    """As if FRAME had a label ATTACK beside EVENT's: one control can't offer both under one value."""
    frame = SCHEMA.layers["FRAME"]
    more = LayerSchema(**{f: getattr(frame, f) for f in LayerSchema.__slots__} | {"labels": (Label("ATTACK", "", ()),)})
    names = Names(Schema(SCHEMA.version, {**SCHEMA.layers, "FRAME": more}, SCHEMA.relations, SCHEMA.claim))
    assert names.value("FRAME", "ATTACK") == "FRAME.ATTACK" and names.value("EVENT", "ATTACK") == "EVENT.ATTACK"
    assert names.label("FRAME.ATTACK") == ("FRAME", "ATTACK") and names.label("ATTACK") is None


@pytest.mark.parametrize(
    ("find", "replace", "finding"),
    [
        ("<Labels ", "<Lables ", "config-syntax: not XML"),
        ('<Relation value="AGENT"', '<Arrow value="AGENT"', "config-tag: there is no tag 'Arrow'"),
        ("<Text ", "<HyperText ", "config-tag: there is no tag 'HyperText' here; did you mean"),
        ("granularity=", "granularty=", "config-attribute: Text 'text' has no parameter 'granularty'; did you mean"),
        ('toName="text" perRegion', 'toName="txt" perRegion', "has toName 'txt', which is no Text"),
        ('name="entity"', 'name="mention"', "config-name: the name 'mention' is given 2 times"),
        (
            '<Text name="text"',
            '<Text name="body"',
            "config-name: there must be one Text named 'text', there is ['body']",
        ),
        ('whenTagName="label"', 'whenTagName="labels"', "whenTagName 'labels', which is no control"),
        ('whenLabelValue="STATE,', 'whenLabelValue="STATES,', "whenLabelValue 'STATES', which label does not offer"),
        ('visibleWhen="region-selected"', 'visibleWhen="region"', "visibleWhen 'region'"),
        ('visibleWhen="region-selected" ', "", "has a condition without visibleWhen"),
        ('value="ARMED_GROUP"', 'value="STATE"', "config-repeated: Labels 'label' offers 'STATE' 2 times"),
        (
            'value="ARMED_GROUP"',
            'value="MILITIA"',
            "config-value: Labels 'label' offers 'MILITIA', which the schema has",
        ),
        ('<Choice value="nisba" />', "", "config-value: Choices 'mention' does not offer 'nisba'"),
        ('<Relation value="cue" />', "", "config-value: Relations does not offer 'cue'"),
        ('name="geonames"', 'name="geoname"', "config-value: no control is named 'geonames', so it can't be annotated"),
        ('hotkey="c"', 'hotkey="o"', "config-hotkey: the key 'o' is given to 2 labels"),
        ('hotkey="c"', 'hotkey="u"', "config-hotkey: the key 'u' is Label Studio's own"),
    ],
)
def test_what_is_wrong_with_a_configuration_is_named(find: str, replace: str, finding: str) -> None:
    assert find in CONFIG
    assert any(finding in fact for fact in found(CONFIG.replace(find, replace, 1))), found(
        CONFIG.replace(find, replace, 1)
    )


def test_no_key_is_given_twice_or_taken_from_label_studio() -> None:
    keys = hotkeys(SCHEMA)
    assert len(keys) == 69 and all(keys.values())
    assert len(set(keys.values())) == len(keys) and not RESERVED & set(keys.values())
    assert keys == hotkeys(Schema.load())
    # What is marked most often is reached without Shift.
    assert not any("shift" in keys[layer, label] for layer, label in keys if layer in ("ACTOR", "LOCATION", "CLAIM"))


# How colours are seen: sRGB to linear light, there through the matrix of Machado, Oliveira & Fernandes 2009 ("A
# Physiologically-based Model for Simulation of Color Vision Deficiency", severity 1.0), to CIE L*a*b*; the distance is
# CIEDE2000 (Sharma, Wu & Dalal 2005), where 1 is about what can just be told apart side by side.
SIGHT = {
    "normal": np.eye(3),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]]
    ),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]]
    ),
}
#: Label Studio lays a region's colour under the words at about this opacity.
TINT = 0.3


def lab(colour: str, sight: np.ndarray, opacity: float) -> np.ndarray:
    rgb = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    rgb = opacity * rgb + (1 - opacity)
    linear = np.clip(sight @ np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4), 0, 1)
    to_xyz = np.array(
        [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.072175], [0.0193339, 0.119192, 0.9503041]]
    )
    xyz = to_xyz @ linear / np.array([0.95047, 1, 1.08883])
    f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def ciede2000(one: np.ndarray, two: np.ndarray) -> float:
    (l1, a1, b1), (l2, a2, b2) = one, two
    mean = (math.hypot(a1, b1) + math.hypot(a2, b2)) / 2
    g = 0.5 * (1 - math.sqrt(mean**7 / (mean**7 + 25**7)))
    a1, a2 = a1 * (1 + g), a2 * (1 + g)
    c1, c2 = math.hypot(a1, b1), math.hypot(a2, b2)
    h1, h2 = math.degrees(math.atan2(b1, a1)) % 360, math.degrees(math.atan2(b2, a2)) % 360
    dh = 0.0 if c1 * c2 == 0 else (h2 - h1 + 180) % 360 - 180
    big_h = 2 * math.sqrt(c1 * c2) * math.sin(math.radians(dh / 2))
    lm, cm = (l1 + l2) / 2, (c1 + c2) / 2
    hm = h1 + h2 if c1 * c2 == 0 else (h1 + h2) / 2
    if c1 * c2 and abs(h1 - h2) > 180:
        hm = hm + 180 if h1 + h2 < 360 else hm - 180
    t = 1 - 0.17 * math.cos(math.radians(hm - 30)) + 0.24 * math.cos(math.radians(2 * hm))
    t += 0.32 * math.cos(math.radians(3 * hm + 6)) - 0.2 * math.cos(math.radians(4 * hm - 63))
    sl = 1 + 0.015 * (lm - 50) ** 2 / math.sqrt(20 + (lm - 50) ** 2)
    sc, sh = 1 + 0.045 * cm, 1 + 0.015 * cm * t
    turn = -math.sin(math.radians(60 * math.exp(-(((hm - 275) / 25) ** 2)))) * 2 * math.sqrt(cm**7 / (cm**7 + 25**7))
    return math.sqrt(
        ((l2 - l1) / sl) ** 2 + ((c2 - c1) / sc) ** 2 + (big_h / sh) ** 2 + turn * (c2 - c1) / sc * big_h / sh
    )


def test_the_distance_is_the_published_one() -> None:
    """Three pairs of the test data of Sharma, Wu & Dalal 2005, table 1 (numbers 1, 7 and 25)."""
    for one, two, distance in (
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, 0, 0), (50, -1, 2), 2.3669),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
    ):
        assert ciede2000(np.array(one), np.array(two)) == pytest.approx(distance, abs=1e-4)


@pytest.mark.parametrize("sight", SIGHT)
def test_colours_are_told_apart(sight: str) -> None:
    """Every two colours and white: at least 14 as full colours, 6 as tints under the words."""
    distinct = sorted({*COLOURS.values(), "#ffffff"})
    assert len(distinct) == 8
    for opacity, least in ((1.0, 14.0), (TINT, 6.0)):
        seen = {colour: lab(colour, SIGHT[sight], opacity) for colour in distinct}
        for one, two in itertools.combinations(distinct, 2):
            assert ciede2000(seen[one], seen[two]) >= least, (one, two, opacity)


def test_every_layer_has_a_colour_and_words_on_it_can_be_read() -> None:
    assert set(SCHEMA.layers) <= set(COLOURS)
    for colour in COLOURS.values():
        tint = "#" + "".join(f"{round(255 * (1 - TINT) + TINT * int(colour[i : i + 2], 16)):02x}" for i in (1, 3, 5))
        # WCAG 2.2: 7 to 1 for text that is read, 4.5 for a label's caption on its full colour.
        assert (luminance(tint) + 0.05) / 0.05 >= 7, colour
        light, dark = sorted((luminance(colour), luminance(ink(colour))), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, colour


def test_the_instruction_holds_the_guidelines_and_leads_nowhere_unasked() -> None:
    pages = ROOT / "annotations" / "guidelines"
    made = make_instruction(pages, SCHEMA)
    assert made.count("<h1 ") >= 7 and '<p dir="auto">' in made and "<a " not in made and "<script" not in made
    assert "claim.md" not in make_instruction(pages, SCHEMA, ["EVENT"]) and "EVENT: what" in made
    linked = make_instruction(pages, SCHEMA, base="https://khabar.example/guidelines")
    assert set(re.findall(r'href="([^"]+)"', linked)) and all(
        href.startswith("https://khabar.example/guidelines/") for href in re.findall(r'href="([^"]+)"', linked)
    )
