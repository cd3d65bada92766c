"""`stack`: the CRF over what a frozen multilingual encoder thinks of every unit, beside its own features.

A network on the encoder's vectors gives each unit chances for each tag; they become features of the CRF. For training
they come from networks that did not see the document (jackknifing, in folds), as they will not have seen a new one.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from dataset_builder.baselines import e5, encoders
from dataset_builder.baselines.crf import CrfTagging, Rows
from dataset_builder.baselines.decoding import coarse
from dataset_builder.baselines.features import features
from dataset_builder.baselines.joint import Crf
from dataset_builder.baselines.neural import Floats, Tags, apply, fit_frozen, heads, one_thread
from dataset_builder.baselines.phrases import folds
from dataset_builder.baselines.system import Example
from dataset_builder.baselines.taggers import Tagger
from dataset_builder.baselines.units import Unit, units

#: Hidden layers whose vectors are laid side by side, of e5-small's twelve; of a smaller encoder its last ones.
LAYERS = (8, 10, 12)
#: Chances below this are no feature; others are told to one decimal.
LEAST = 0.1


class StackTagging(CrfTagging):
    """The CRF with an encoder's chances as features."""

    encoder = e5.NAME

    def __init__(self, taggers: Sequence[Tagger], cut: Callable[[str], list[Unit]] = units) -> None:
        super().__init__(taggers, cut)
        self._tags: Tags | None = None
        self._network: Any = None

    def fit(self, examples: Sequence[Example], seed: int = 0) -> None:
        self._seed = seed
        super().fit(examples, seed)

    @one_thread
    def training_rows(self, examples: Sequence[Example], found: Sequence[Sequence[Unit]]) -> list[Rows]:
        """Chances of each document from networks of the other folds; then the network that new texts get."""
        self._tags = tags = Tags.of(self.taggers, examples)
        shown = tqdm(list(zip(examples, found, strict=True)), desc="encoding", disable=None, leave=False)
        vectors = [self.vectors(example.text, each) for example, each in shown]
        gold = [tags.encode(example, each) for example, each in zip(examples, found, strict=True)]
        every, logits = list(range(len(examples))), []
        for inside in tqdm(folds(len(examples)), desc="folds", disable=None, leave=False):
            # One document alone can only be told what it says itself.
            others = [i for i in every if i not in set(inside)] or every
            network = fit_frozen(_joined(vectors, others), _joined(gold, others), tags, self._seed)
            logits += [apply(network, vectors[i]) for i in inside]
        self._network = fit_frozen(_joined(vectors, every), _joined(gold, every), tags, self._seed)
        return [
            self._with_chances(features(example.text, each), of, tags)
            for example, each, of in zip(examples, found, logits, strict=True)
        ]

    @one_thread
    def rows(self, text: str, found: Sequence[Unit]) -> Rows:
        rows = features(text, found)
        if self._tags is None or self._network is None or not found:
            return rows
        return self._with_chances(rows, apply(self._network, self.vectors(text, found)), self._tags)

    def _with_chances(self, rows: Rows, logits: Floats, tags: Tags) -> Rows:
        for tagger, names, chances in zip(tags.taggers, tags.names, tags.tables(logits), strict=True):
            for unit, said in _said(chances, names):
                rows[unit].append(f"chance {tagger.name} {said}")
            if tagger.coarse:
                for unit, said in _said(*coarse(chances, names, "any")):
                    rows[unit].append(f"chance {tagger.name} {said}")
        return rows

    def vectors(self, text: str, found: Sequence[Unit]) -> Floats:
        """The units' vectors: means over their pieces, with those of the units before and behind."""
        own = encoders.frozen(self.encoder, text, tuple(found), LAYERS).astype(np.float32)
        size = own.shape[1] // len(LAYERS)
        nothing = np.zeros((1, size), np.float32)
        before = np.concatenate([nothing, own[:-1, -size:]])
        behind = np.concatenate([own[1:, -size:], nothing])
        return np.concatenate([own, before, behind], axis=1)

    def save(self, folder: Path) -> None:
        """The CRFs, and the network; the encoder is loaded from where it came."""
        import torch

        super().save(folder)
        assert self._tags is not None
        state = {"encoder": self.encoder, "network": self._network.state_dict()} | self._tags.state()
        buffer = io.BytesIO()
        torch.save(state, buffer)
        (folder / "network.pt").write_bytes(buffer.getvalue())

    def load(self, folder: Path) -> None:
        import torch

        super().load(folder)
        state = torch.load(folder / "network.pt", weights_only=True)
        self.encoder = state["encoder"]
        self._tags = Tags.restored(state, self.taggers)
        self._network = heads(state["network"]["1.weight"].shape[1], self._tags)
        self._network.load_state_dict(state["network"])
        self._network.eval()


def _said(chances: Floats, names: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Units with the tags that have a chance there, and how much; an O that is nearly sure says nothing."""
    for unit, column in zip(*np.nonzero(chances >= LEAST), strict=True):
        if names[column] != "O" or chances[unit, column] < 1 - LEAST:
            yield int(unit), f"{names[column]} {chances[unit, column]:.1f}"


def _joined(parts: Sequence[Any], chosen: Sequence[int]) -> Any:
    return np.concatenate([parts[i] for i in chosen])


class Stack(Crf):
    """`stack`: see `StackTagging`."""

    tagging_of = StackTagging
