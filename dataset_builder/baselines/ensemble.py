"""`ensemble`: `stack` and `encoder` side by side; what they think of every tag is pooled before spans are decided.

They err in different places: the CRF knows lists and spellings and is sure of what it has seen, the fine-tuned encoder
reads whole sentences.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from dataset_builder.baselines import e5
from dataset_builder.baselines.chances import Chances, ChanceTagging, pooled
from dataset_builder.baselines.encoder import EncoderTagging
from dataset_builder.baselines.joint import Joint
from dataset_builder.baselines.stack import StackTagging
from dataset_builder.baselines.system import Example
from dataset_builder.baselines.taggers import Tagger
from dataset_builder.baselines.units import Unit, units


class EnsembleTagging(ChanceTagging):
    """Both members learn from the same examples, on encoders of the same name."""

    encoder = e5.NAME

    def __init__(self, taggers: Sequence[Tagger], cut: Callable[[str], list[Unit]] = units) -> None:
        super().__init__(taggers, cut)
        self.members: dict[str, StackTagging | EncoderTagging] = {
            "stack": StackTagging(taggers, cut),
            "encoder": EncoderTagging(taggers, cut),
        }

    def fit(self, examples: Sequence[Example], seed: int = 0) -> None:
        """Train one after the other."""
        for member in self.members.values():
            member.encoder = self.encoder
            member.fit(examples, seed)

    def chances(self, text: str, found: Sequence[Unit]) -> Mapping[str, Chances]:
        """The pool of what both say."""
        said = [member.chances(text, found) for member in self.members.values()]
        return {name: pooled([each[name] for each in said]) for name in said[0] if all(name in each for each in said)}

    def save(self, folder: Path) -> None:
        """A folder a member."""
        for name, member in self.members.items():
            (folder / name).mkdir(exist_ok=True)
            member.save(folder / name)

    def load(self, folder: Path) -> None:
        for name, member in self.members.items():
            member.load(folder / name)
        self.encoder = self.members["stack"].encoder


class Ensemble(Joint):
    """`ensemble`: see `EnsembleTagging`."""

    tagging_of = EnsembleTagging
