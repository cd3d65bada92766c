"""`encoder`: a pretrained encoder, fine-tuned whole, with a head a tagger over its units.

Learning rates are what worked on ANERcorp; the embeddings of pieces stay frozen, since most of a multilingual
vocabulary never occurs.
"""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from dataset_builder.baselines import e5, encoders
from dataset_builder.baselines.chances import Chances, ChanceTagging
from dataset_builder.baselines.joint import Joint
from dataset_builder.baselines.neural import Tags, heads, loss
from dataset_builder.baselines.system import Example
from dataset_builder.baselines.taggers import Tagger
from dataset_builder.baselines.units import Unit, units

#: A corpus is gone through until it has given so many windows, but at least and at most so many times: a small one has
#: to be read more often, and a large one would take hours on a CPU.
WINDOWS = 2400
LEAST_EPOCHS, EPOCHS = 4, 8
BATCH = 1  # window
RATE = 2e-4
#: Each layer's learning rate as a share of that of the one above it: what lies deep is more general.
DECAY = 0.95
HEAD_RATE = 2e-3
WARM_UP = 0.1  # share of all steps


@dataclass(frozen=True)
class _Item:
    """A window with the gold tags of its units."""

    window: encoders.Window
    gold: Any


class EncoderTagging(ChanceTagging):
    """The whole encoder learns; `encoder` is what `encoders.load` takes."""

    encoder = e5.NAME
    epochs = EPOCHS
    rate = RATE

    def __init__(self, taggers: Sequence[Tagger], cut: Callable[[str], list[Unit]] = units) -> None:
        super().__init__(taggers, cut)
        self._model: Any = None
        self._tokenizer: Any = None
        self._heads: Any = None
        self._tags: Tags | None = None

    def fit(self, examples: Sequence[Example], seed: int = 0) -> None:
        """Fine-tune on the examples' sentences, on a GPU where torch finds one."""
        import torch

        torch.manual_seed(seed)
        self._model, self._tokenizer = encoders.load(self.encoder)
        self._tags = tags = Tags.of(self.taggers, examples)
        self._heads = heads(self._model.config.hidden_size, tags)
        self._device()
        items = [item for example in examples for item in self._items(example, tags)]
        groups = [*self._groups(), {"params": list(self._heads.parameters()), "lr": HEAD_RATE}]
        optimiser = torch.optim.AdamW(groups, weight_decay=0.01)
        epochs = max(LEAST_EPOCHS, min(self.epochs, round(WINDOWS / len(items)))) if items else 0
        total = epochs * math.ceil(len(items) / BATCH)
        schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: _rate(step, total))
        self._model.train()
        self._heads.train()
        for _ in tqdm(range(epochs), desc="epochs", disable=None, leave=False):
            for batch in _batches(items):
                optimiser.zero_grad()
                vectors = self._vectors([item.window for item in batch])
                gold = torch.cat([item.gold for item in batch]).to(vectors.device)
                loss(self._heads(vectors), gold, tags).backward()
                torch.nn.utils.clip_grad_norm_(self._model.parameters(), 1.0)
                optimiser.step()
                schedule.step()
        self._model.eval()
        self._heads.eval()

    def _groups(self) -> list[dict[str, Any]]:
        """The encoder's parameters with their learning rates; embeddings of pieces stay as they are."""
        from torch.nn import ModuleList

        lists = [module for module in self._model.modules() if isinstance(module, ModuleList)]
        layers = [list(layer.parameters()) for layer in max(lists, key=len, default=[])]
        inside = {id(p) for parameters in layers for p in parameters}
        frozen = {id(p) for p in self._model.get_input_embeddings().parameters()}
        for parameter in self._model.get_input_embeddings().parameters():
            parameter.requires_grad = False
        rest = [p for p in self._model.parameters() if id(p) not in inside | frozen]
        return [
            {"params": parameters, "lr": self.rate * DECAY**depth}
            for depth, parameters in enumerate([*reversed(layers), rest])
        ]

    def _items(self, example: Example, tags: Tags) -> Iterator[_Item]:
        import torch

        found = self.cut(example.text)
        gold = torch.from_numpy(tags.encode(example, found))
        for window in encoders.windows(example.text, found, self._tokenizer):
            yield _Item(window, gold[window.first : window.first + len(window.owners)])

    def _vectors(self, windows: Sequence[encoders.Window]) -> Any:
        """Vectors of the windows' units, one after the other: means over their pieces."""
        import torch

        device = next(self._heads.parameters()).device
        longest = max(len(window.pieces) for window in windows)
        pad = self._tokenizer.pad_token_id or 0
        pieces = torch.tensor([[*w.pieces, *[pad] * (longest - len(w.pieces))] for w in windows], device=device)
        mask = torch.tensor([[1] * len(w.pieces) + [0] * (longest - len(w.pieces)) for w in windows], device=device)
        states = self._model(input_ids=pieces, attention_mask=mask).last_hidden_state
        owned = [[i * longest + piece for piece in owners] for i, w in enumerate(windows) for owners in w.owners]
        units = torch.tensor([unit for unit, each in enumerate(owned) for _ in each], device=device)
        flat = states.reshape(-1, states.shape[-1])[torch.tensor([p for each in owned for p in each], device=device)]
        summed = torch.zeros(len(owned), flat.shape[1], device=device, dtype=flat.dtype).index_add(0, units, flat)
        return summed / torch.tensor([[len(each)] for each in owned], device=device)

    def _device(self) -> None:
        import torch

        device = "cuda" if torch.cuda.is_available() else "cpu"
        self._model.to(device)
        self._heads.to(device)

    def chances(self, text: str, found: Sequence[Unit]) -> Mapping[str, Chances]:
        """What the heads say, window by window."""
        import torch

        if self._tags is None:
            return {}
        with torch.no_grad():
            parts = [self._heads(self._vectors([w])) for w in encoders.windows(text, found, self._tokenizer)]
        return self._tags.chances(np.concatenate([part.float().cpu().numpy() for part in parts]))

    def save(self, folder: Path) -> None:
        """The fine-tuned encoder with its tokenizer, and the heads."""
        import torch

        assert self._tags is not None
        self._model.save_pretrained(folder / "encoder")
        self._tokenizer.save_pretrained(folder / "encoder")
        state = {"heads": self._heads.state_dict()} | self._tags.state()
        buffer = io.BytesIO()
        torch.save(state, buffer)
        (folder / "heads.pt").write_bytes(buffer.getvalue())

    def load(self, folder: Path) -> None:
        import torch

        self._model, self._tokenizer = encoders.read(str(folder / "encoder"))
        state = torch.load(folder / "heads.pt", weights_only=True, map_location="cpu")
        self._tags = Tags.restored(state, self.taggers)
        self._heads = heads(self._model.config.hidden_size, self._tags)
        self._heads.load_state_dict(state["heads"])
        self._heads.eval()
        self._device()


def _rate(step: int, total: int) -> float:
    """Share of the full learning rate: up over the warm-up, then down to nothing."""
    warm = max(1, int(WARM_UP * total))
    return (step + 1) / warm if step < warm else max(0.0, (total - step) / max(1, total - warm))


def _batches(items: Sequence[_Item]) -> Iterator[list[_Item]]:
    """Windows of about equal length together, batches in random order."""
    import torch

    order = torch.randperm(len(items)).tolist()
    chunks = [
        sorted(order[i : i + 32 * BATCH], key=lambda n: len(items[n].window.pieces))
        for i in range(0, len(order), 32 * BATCH)
    ]
    batches = [chunk[i : i + BATCH] for chunk in chunks for i in range(0, len(chunk), BATCH)]
    for number in torch.randperm(len(batches)).tolist():
        yield [items[n] for n in batches[number]]


class Encoder(Joint):
    """`encoder`: see `EncoderTagging`."""

    tagging_of = EncoderTagging
