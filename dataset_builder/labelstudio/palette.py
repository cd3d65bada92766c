"""Colours that colour-blind people can tell apart, and a key of its own for every label.

The colours were searched for on a grid: every two of them, and each of them and white, differ clearly for normal
sight and under simulated deuteranopia, protanopia and tritanopia, as the label's own colour and as the pale tint that
Label Studio lays under the words. The tests measure it again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from string import ascii_lowercase

from dataset_builder.schema import Schema

#: By layer; the three parts of a claim, which stand beside each other in one sentence, have each its own.
COLOURS = {
    "ACTOR": "#0020e0",
    "LOCATION": "#80e000",
    "EVENT": "#e04000",
    "FRAME": "#600000",
    "CLAIM": "#a080a0",
    "CLAIM.SOURCE": "#200060",
    "CLAIM.CUE": "#0080e0",
    "CLAIM.CONTENT": "#a080a0",
}
#: Of a layer that has no colour yet.
OTHER = "#808080"
#: What Label Studio itself listens to: `u` unselects a region, Shift+F goes to the search over labels.
RESERVED = frozenset({"u", "shift+f"})
FILTER_KEY = "shift+f"
_LETTERS = tuple(ascii_lowercase)
_DIGITS = tuple("1234567890")
_SHIFTED = tuple(f"shift+{key}" for key in (*_LETTERS, *_DIGITS))
#: Who chooses first and from which keys: what is marked most often has a key without Shift.
_PREFERRED = {"CLAIM": _LETTERS, "FRAME": _LETTERS, "ACTOR": _LETTERS, "LOCATION": _DIGITS, "EVENT": _SHIFTED}


def colour(layer: str, label: str) -> str:
    """The colour of a label as #rrggbb.

    >>> colour("ACTOR", "STATE") == colour("ACTOR", "MEDIA"), colour("CLAIM", "CUE")
    (True, '#0080e0')
    """
    return COLOURS.get(f"{layer}.{label}") or COLOURS.get(layer, OTHER)


def ink(background: str) -> str:
    """Black or white, whichever is read better on the background (WCAG 2 contrast).

    >>> ink("#80e000"), ink("#200060")
    ('#000000', '#ffffff')
    """
    light = luminance(background)
    return "#000000" if (light + 0.05) / 0.05 >= 1.05 / (light + 0.05) else "#ffffff"


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb, 0 to 1 (WCAG 2)."""
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return sum(weight * p for weight, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def hotkeys(schema: Schema) -> dict[tuple[str, str], str]:
    """A key for every label, no two alike and none that Label Studio has taken; "" once all are given away.

    A label takes the first letter of its name that is free, else the next key of its layer's own, else any.

    >>> keys = hotkeys(Schema.load())
    >>> keys["CLAIM", "CUE"], keys["EVENT", "AIR"], len(set(keys.values())) == len(keys)
    ('c', 'shift+a', True)
    """
    free = dict.fromkeys(key for key in (*_LETTERS, *_DIGITS, *_SHIFTED) if key not in RESERVED)
    found: dict[tuple[str, str], str] = {}
    order = [*(name for name in _PREFERRED if name in schema.layers)]
    order += [name for name in schema.layers if name not in _PREFERRED]
    for layer in order:
        for label in schema.layers[layer].names:
            key = next((k for k in _candidates(label, _PREFERRED.get(layer, _SHIFTED), free) if k in free), "")
            free.pop(key, None)
            found[layer, label] = key
    return found


def _candidates(label: str, own: tuple[str, ...], free: Iterable[str]) -> Iterator[str]:
    for letter in label.lower():
        yield from (key for key in own if key in (letter, f"shift+{letter}"))
    yield from own
    yield from free
