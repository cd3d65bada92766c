"""From chances of tags to tags: the likeliest sequence that is well formed, with O held back a little."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating[Any]]

#: How much the logarithm of O's chance is lowered. Likelihood makes taggers shy where most is O: they find less than
#: they should for the best F1. Chosen on validation splits and folds of AQMAR, between 0 and 1.5.
BOLDNESS = 1.0
_LEAST = 1e-12


def best(chances: Floats, names: Sequence[str], boldness: float = BOLDNESS) -> list[str]:
    """The likeliest tags (Viterbi) of units x tags in which no I- stands without its beginning.

    `chances` are each unit's own, from 0 to 1. A lowered O lets the span stand that is nearly as likely as nothing:

    >>> best(np.array([[0.6, 0.4, 0.0], [0.5, 0.1, 0.4]]), ["O", "B-AIR", "I-AIR"])
    ['B-AIR', 'I-AIR']
    >>> best(np.array([[0.6, 0.4, 0.0], [0.5, 0.1, 0.4]]), ["O", "B-AIR", "I-AIR"], boldness=0)
    ['O', 'O']
    """
    if not len(chances):
        return []
    scores = np.log(np.maximum(chances, _LEAST))
    scores[:, [i for i, name in enumerate(names) if name == "O"]] -= boldness
    steps, first = _steps(tuple(names))
    total = scores[0] + first
    came = []
    for row in scores[1:]:
        ways = total[:, None] + steps
        came.append(ways.argmax(axis=0))
        total = ways.max(axis=0) + row
    path = [int(total.argmax())]
    for back in reversed(came):
        path.append(int(back[path[-1]]))
    return [names[i] for i in reversed(path)]


@cache
def _steps(names: tuple[str, ...]) -> tuple[Floats, Floats]:
    """What may follow what, and what may come first: 0 where it may, minus infinity where not."""
    allowed = np.array([[not n.startswith("I-") or p[1:] == n[1:] for n in names] for p in names])
    return np.where(allowed, 0.0, -np.inf), np.array([-np.inf if n.startswith("I-") else 0.0 for n in names])


def coarse(chances: Floats, names: Sequence[str], label: str) -> tuple[Floats, list[str]]:
    """Chances of O, B- and I- whatever the label, as those of one `label`.

    >>> coarse(np.array([[0.4, 0.3, 0.1, 0.2, 0.0]]), ["O", "B-AIR", "I-AIR", "B-IED", "I-IED"], "EVENT")
    (array([[0.4, 0.5, 0.1]]), ['O', 'B-EVENT', 'I-EVENT'])
    """
    parts = [[i for i, name in enumerate(names) if name[:1] == part] for part in "OBI"]
    summed = np.stack([chances[:, columns].sum(axis=1) for columns in parts], axis=1)
    return summed, ["O", f"B-{label}", f"I-{label}"]
