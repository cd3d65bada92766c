"""A layer as regions and arrows, the shape that most annotation tools have, and back."""

from dataset_builder.formats.regions.layers import (
    Ids,
    content_id,
    is_ours,
    key_of,
    make_layer,
    make_regions,
    restricted,
)
from dataset_builder.formats.regions.names import CLAIM_ARROWS, Names
from dataset_builder.formats.regions.regions import Arrow, Region, Regions

__all__ = [
    "CLAIM_ARROWS",
    "Arrow",
    "Ids",
    "Names",
    "Region",
    "Regions",
    "content_id",
    "is_ours",
    "key_of",
    "make_layer",
    "make_regions",
    "restricted",
]
