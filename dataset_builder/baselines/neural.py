"""A tag for every unit and tagger at once, from vectors of an encoder: one network with a head a tagger.

Torch is imported where it is used, so that the other baselines need none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from dataset_builder.baselines.system import Example
from dataset_builder.baselines.taggers import Tagger, encode
from dataset_builder.baselines.units import Unit

Floats = npt.NDArray[np.float32]


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

    def best(self, logits: Floats) -> list[list[str]]:
        """The likeliest sequence of tags of each tagger in which no I- stands without its beginning (Viterbi)."""
        return [_viterbi(logits[:, a:b], names) for (a, b), names in zip(self.ranges, self.names, strict=True)]


def _viterbi(logits: Floats, names: Sequence[str]) -> list[str]:
    """Logits of units x tags; log-probabilities are only compared, so logits normalised by unit do."""
    if not len(logits):
        return []
    scores = logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)
    allowed = np.array([[not n.startswith("I-") or p[1:] == n[1:] for n in names] for p in names])
    steps = np.where(allowed, 0.0, -np.inf)
    best = scores[0] + np.where([name.startswith("I-") for name in names], -np.inf, 0.0)
    came = []
    for row in scores[1:]:
        total = best[:, None] + steps
        came.append(total.argmax(axis=0))
        best = total.max(axis=0) + row
    path = [int(best.argmax())]
    for back in reversed(came):
        path.append(int(back[path[-1]]))
    return [names[i] for i in reversed(path)]


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


def fit_frozen(vectors: Floats, gold: npt.NDArray[np.int64], tags: Tags, seed: int, epochs: int = 12) -> Any:
    """Heads over vectors that stay as they are: Adam, batches of 256 units."""
    import torch

    torch.manual_seed(seed)
    network = heads(vectors.shape[1], tags)
    optimiser = torch.optim.AdamW(network.parameters(), lr=1e-3, weight_decay=0.01)
    x, y = torch.from_numpy(vectors), torch.from_numpy(gold)
    for _ in range(epochs):
        for batch in torch.randperm(len(x)).split(256):
            optimiser.zero_grad()
            loss(network(x[batch]), y[batch], tags).backward()
            optimiser.step()
    return network.eval()


def apply(network: Any, vectors: Floats) -> Floats:
    """The network's logits for some vectors."""
    import torch

    with torch.no_grad():
        return np.asarray(network(torch.from_numpy(vectors)).numpy(), dtype=np.float32)
