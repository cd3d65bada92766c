"""A tag for every unit and tagger at once, from vectors of an encoder: one network with a head a tagger.

Torch is imported where it is used, so that the other baselines need none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import numpy as np
import numpy.typing as npt

from dataset_builder.baselines.chances import Chances
from dataset_builder.baselines.decoding import coarse
from dataset_builder.baselines.system import Example
from dataset_builder.baselines.taggers import Tagger, encode
from dataset_builder.baselines.units import Unit

Floats = npt.NDArray[np.float32]
P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True)
class Tags:
    """The tags that each tagger can give, O first; heads of the network stand side by side in this order."""

    taggers: Sequence[Tagger]
    names: Sequence[Sequence[str]]

    @classmethod
    def of(cls, taggers: Sequence[Tagger], examples: Sequence[Example]) -> Tags:
        """Those of the labels that the examples have; a tagger that none of them has is left out."""
        kept, names = [], []
        for tagger in taggers:
            labels = sorted({span.label for e in examples for span in tagger.spans(e.layer)})
            if labels:
                kept.append(tagger)
                names.append(["O", *(f"{part}-{label}" for label in labels for part in "BI")])
        return cls(kept, names)

    def state(self) -> dict[str, Any]:
        """What `restored` makes the same tags from."""
        return {"taggers": [tagger.name for tagger in self.taggers], "names": [list(names) for names in self.names]}

    @classmethod
    def restored(cls, state: Mapping[str, Any], taggers: Sequence[Tagger]) -> Tags:
        by_name = {tagger.name: tagger for tagger in taggers}
        return cls([by_name[name] for name in state["taggers"]], state["names"])

    @property
    def ranges(self) -> list[tuple[int, int]]:
        """Where each tagger's tags stand among the network's outputs, half-open."""
        ends = np.cumsum([len(names) for names in self.names]).tolist()
        return list(zip([0, *ends], ends, strict=False))

    def encode(self, example: Example, found: Sequence[Unit]) -> npt.NDArray[np.int64]:
        """The gold tags as numbers: units x taggers."""
        columns = []
        for tagger, names in zip(self.taggers, self.names, strict=True):
            number = {name: i for i, name in enumerate(names)}
            columns.append([number[tag] for tag in encode(tagger.spans(example.layer), found)])
        return np.array(columns, dtype=np.int64).T.reshape(len(found), len(self.taggers))

    def tables(self, logits: Floats) -> list[Floats]:
        """For each tagger the chance of each tag at each unit."""
        parts = [logits[:, a:b] for a, b in self.ranges]
        return [np.exp(part - np.logaddexp.reduce(part, axis=1, keepdims=True)) for part in parts]

    def chances(self, logits: Floats) -> dict[str, Chances]:
        """The same by the taggers' names; a coarse one's tags without labels, and these apart."""
        return {
            tagger.name: _apart(table, names, tagger.layer) if tagger.coarse else Chances(names, table)
            for tagger, names, table in zip(self.taggers, self.names, self.tables(logits), strict=True)
        }


def _apart(table: Floats, names: Sequence[str], layer: str) -> Chances:
    rows, tags = coarse(table, names, layer)
    return Chances(tags, rows, lambda first, end: label_chances(table[first:end], names))


def label_chances(chances: Floats, names: Sequence[str]) -> dict[str, float]:
    """How likely each label is over the units of one span, together 1.

    >>> chances = np.array([[0.1, 0.3, 0.0, 0.6, 0.0], [0.1, 0.0, 0.8, 0.0, 0.1]])
    >>> found = label_chances(chances, ["O", "B-AIR", "I-AIR", "B-IED", "I-IED"])
    >>> {label: round(chance, 2) for label, chance in found.items()}
    {'AIR': 0.61, 'IED': 0.39}
    """
    summed = dict.fromkeys((name[2:] for name in names if name != "O"), 0.0)
    for name, chance in zip(names, chances.sum(axis=0).tolist(), strict=True):
        if name != "O":
            summed[name[2:]] += chance
    return {label: chance / sum(summed.values()) for label, chance in summed.items()}


def heads(size: int, tags: Tags, hidden: int = 256) -> Any:
    """The network from a unit's vector to the logits of all tags."""
    from torch import nn

    outputs = tags.ranges[-1][1]
    return nn.Sequential(
        nn.Dropout(0.1), nn.Linear(size, hidden), nn.GELU(), nn.Dropout(0.1), nn.Linear(hidden, outputs)
    )


def loss(logits: Any, gold: Any, tags: Tags) -> Any:
    """Cross-entropy, summed over taggers and averaged over units."""
    from torch.nn.functional import cross_entropy

    return sum(cross_entropy(logits[:, a:b], gold[:, i]) for i, (a, b) in enumerate(tags.ranges))


def one_thread(function: Callable[P, T]) -> Callable[P, T]:
    """Runs torch with one thread: for matrices as small as these several wait on each other longer than they work."""

    @wraps(function)
    def alone(*args: P.args, **kwargs: P.kwargs) -> T:
        import torch

        before = torch.get_num_threads()
        torch.set_num_threads(1)
        try:
            return function(*args, **kwargs)
        finally:
            torch.set_num_threads(before)

    return alone


def fit_frozen(vectors: Floats, gold: npt.NDArray[np.int64], tags: Tags, seed: int, epochs: int = 8) -> Any:
    """Heads over vectors that stay as they are: AdamW, batches of 256 units, a rate that falls to nothing."""
    import torch

    torch.manual_seed(seed)
    network = heads(vectors.shape[1], tags)
    optimiser = torch.optim.AdamW(network.parameters(), lr=1e-3, weight_decay=0.01)
    x, y = torch.from_numpy(vectors), torch.from_numpy(gold)
    batches = [batch for _ in range(epochs) for batch in torch.randperm(len(x)).split(256)]
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: 1 - step / len(batches))
    for batch in batches:
        optimiser.zero_grad()
        loss(network(x[batch]), y[batch], tags).backward()
        optimiser.step()
        schedule.step()
    return network.eval()


def apply(network: Any, vectors: Floats) -> Floats:
    """The network's logits for some vectors."""
    import torch

    with torch.no_grad():
        return np.asarray(network(torch.from_numpy(vectors)).numpy(), dtype=np.float32)
