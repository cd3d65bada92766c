"""Reading configuration `standoff` back: a downloaded dataset gives the documents and layers that hydrating needs."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from dataset_builder.curation.predictions import decoded
from dataset_builder.errors import UsageError
from dataset_builder.model import Anchor, Claim, Document, Layer, Relation, Span, Window
from dataset_builder.schema import Schema

_ANCHOR = ("first", "letters", "before", "after", "digest")


def read_standoff(dataset: str) -> dict[str, tuple[Document, Layer]]:
    """Every referenced document of a dataset with its layer, by id.

    `dataset` is a folder that `khabar build` made, or the name of a dataset on the Hub. Raises UsageError where it has
    no configuration `standoff`.
    """
    if Path(dataset).is_dir():
        os.environ.setdefault("HF_HUB_OFFLINE", "1")  # a folder needs no network, and asking for one takes long
    from datasets import load_dataset

    try:
        splits = load_dataset(dataset, "standoff")
    except (FileNotFoundError, ValueError, ConnectionError) as error:
        raise UsageError(f"{dataset}: no Khabar dataset with a configuration standoff ({error})") from error
    schema = Path(dataset) / "schema.toml"
    version = Schema.load(schema if schema.is_file() else None).version
    rows = [decoded(row, split.features) for split in splits.values() for row in split]
    return {row["id"]: (_document(row), _layer(row, version)) for row in rows}


def _document(row: dict[str, Any]) -> Document:
    fields = {"outlet", "published", "url", "locator", "cluster", "story", "folded_sha256"}
    return Document(
        id=row["id"],
        source=row["source"],
        availability="referenced",
        licence=row["licence"],
        sha256=row["sha256"],
        length=row["length"],
        reader="",
        encoding="",
        windows=tuple(Window(**window) for window in row["windows"]),
        **{name: str(row[name] or "") for name in fields},  # type: ignore[arg-type]
    )


def _layer(row: dict[str, Any], version: str) -> Layer:
    return Layer(
        document=row["id"],
        schema=version,
        length=row["length"],
        sha256=row["sha256"],
        layers=tuple(row["layers"]),
        spans=tuple(_span(span) for span in row["spans"]),
        relations=tuple(Relation(**relation) for relation in row["relations"]),
        claims=tuple(Claim(**{**claim, "content": tuple(claim["content"])}) for claim in row["claims"]),
    )


def _span(row: dict[str, Any]) -> Span:
    """A span with its anchor; what is neither place nor voice is an attribute."""
    fixed = {"id", "layer", "label", "start", "end", "voice", "voice_claim", *_ANCHOR}
    attributes = {key: value for key, value in row.items() if key not in fixed and value is not None}
    anchor = Anchor(*(row[key] for key in _ANCHOR))
    return Span(row["id"], row["layer"], row["label"], row["start"], row["end"], attributes, None, anchor)
