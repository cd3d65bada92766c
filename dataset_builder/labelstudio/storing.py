"""Layers from Label Studio into the checkout, none of them over what somebody corrected here since the last pull.

`.khabar/pulled/` has the SHA-256 of each layer as the last pull left it, and `.khabar/replaced/` what a pull has taken
the place of; git ignores both.
"""

from __future__ import annotations

from pathlib import Path

from dataset_builder.codec import encode_layer
from dataset_builder.corpus import Corpus, sha256
from dataset_builder.files import write_atomic
from dataset_builder.model import Layer


def layer_hash(layer: Layer) -> str:
    """SHA-256 of a layer's canonical file: how it is written makes no difference."""
    return sha256(encode_layer(layer))


def is_as_pulled(corpus: Corpus, layer: Layer, hand: str) -> bool:
    """Whether a layer that stands here is the one that the last pull left."""
    path = _state(corpus, "pulled", layer, hand).with_suffix(".sha256")
    return path.is_file() and path.read_text("utf8").strip() == layer_hash(layer)


def note_pulled(corpus: Corpus, layer: Layer, hand: str) -> None:
    """Remember that this is what the last pull left."""
    write_atomic(_state(corpus, "pulled", layer, hand).with_suffix(".sha256"), layer_hash(layer) + "\n")


def replace_layer(corpus: Corpus, layer: Layer, hand: str) -> tuple[bool, str]:
    """Write a layer, and keep what stood there and was different in `.khabar/replaced/`.

    Returns whether anything changed, and where the earlier one is kept ("" if there is none).
    """
    path = corpus.layer_path(corpus.document(layer.document), hand)
    content = encode_layer(layer)
    kept = ""
    if path.is_file() and (before := path.read_bytes()) != content.encode("utf8"):
        # Named by its content, so that one pull after another loses nothing.
        name = f"{path.stem}.{sha256(before.decode('utf8', 'replace'))[:8]}.jsonl"
        copy = _state(corpus, "replaced", layer, hand).with_name(name)
        write_atomic(copy, before)
        kept = corpus.relative(copy)
    changed = corpus.write_layer(layer, hand)
    note_pulled(corpus, layer, hand)
    return changed, kept


def _state(corpus: Corpus, kind: str, layer: Layer, hand: str) -> Path:
    path = corpus.layer_path(corpus.document(layer.document), hand)
    return corpus.root / ".khabar" / kind / path.relative_to(corpus.root / "annotations")
