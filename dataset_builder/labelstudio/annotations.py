"""From an annotation of Label Studio to a layer: the way back of `convert`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from dataset_builder.formats.regions import make_layer
from dataset_builder.incidents import Incident
from dataset_builder.labelstudio.regions import read_regions
from dataset_builder.model import Document, Layer
from dataset_builder.schema import Schema


def read_annotation(
    result: Iterable[Mapping[str, Any]],
    document: Document,
    text: str,
    schema: Schema,
    *,
    layers: Iterable[str] = (),
    relations: Mapping[str, str] | None = None,
    earlier: Layer | None = None,
    where: str = "",
    defaults: bool = True,
) -> tuple[Layer, list[Incident]]:
    """The layer that a result says, with words from `text`, and a finding for everything odd in it.

    `text` is the document's canonical text. `layers` are those that the task asked for (default: all), `relations`
    the ids of sent relations (see `formats.regions.key_of`), `earlier` what the same annotator's layer was before.
    `where` is the place that findings show. Without `defaults` every answer must have been given. Where a finding is an
    error the layer lacks something and should not be stored.
    """
    read = read_regions(result, text, schema, where)
    return make_layer(read, document, layers, relations, earlier, defaults), read.found
