"""What labels, attributes and arrows are called in tools that know regions and arrows only.

There a claim is its first CONTENT region: the claim's attributes sit on that region, and arrows lead from it to its
source, cue and further content, to the claim that it lies in and to the one that it continues.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from dataset_builder.schema import Attribute, Schema

#: Arrows of a claim, named as the fields of `Claim`. A value says where the arrow leads: labels of the CLAIM layer, or
#: ACTOR for any label of that layer.
CLAIM_ARROWS: Mapping[str, tuple[str, ...]] = {
    "source": ("ACTOR", "SOURCE"),
    "cue": ("CUE",),
    "content": ("CONTENT",),
    "parent": ("CONTENT",),
    "continues": ("CONTENT",),
}


@dataclass(frozen=True)
class Names:
    """The schema's labels, attributes and relations by the values that they have in such a tool.

    >>> names = Names(Schema.load())
    >>> names.value("EVENT", "AIR"), names.label("AIR")
    ('AIR', ('EVENT', 'AIR'))
    >>> names.label("AIRPLANE") is None
    True
    """

    schema: Schema

    @cached_property
    def _values(self) -> dict[tuple[str, str], str]:
        labels = [(layer.name, label) for layer in self.schema.layers.values() for label in layer.names]
        uses = Counter(label for _, label in labels)
        # Regions go by one control, so a label that two layers have is told by its layer.
        return {(layer, label): label if uses[label] == 1 else f"{layer}.{label}" for layer, label in labels}

    @cached_property
    def _labels(self) -> dict[str, tuple[str, str]]:
        return {value: key for key, value in self._values.items()}

    def value(self, layer: str, label: str) -> str:
        """The value of a label; KeyError where the schema has no such label."""
        return self._values[layer, label]

    def label(self, value: str) -> tuple[str, str] | None:
        """Layer and label of a value, or None where it is none of ours."""
        return self._labels.get(value)

    def values(self, layer: str) -> list[str]:
        """The values of a layer's labels, in the order of the schema."""
        return [self.value(layer, label) for label in self.schema.layers[layer].names]

    @cached_property
    def attributes(self) -> dict[str, Attribute]:
        """Every attribute by its name: those of spans, then those of claims."""
        spans = {a.name: a for layer in self.schema.layers.values() for a in layer.attributes}
        return spans | dict(self.schema.claim)

    def fitting(self, attribute: str) -> list[str]:
        """The values of the labels that a region may have to carry this attribute."""
        if attribute in self.schema.claim:
            return [self.value("CLAIM", "CONTENT")] if "CLAIM" in self.schema.layers else []
        layers = [x for x in self.schema.layers.values() if attribute in (a.name for a in x.attributes)]
        return [value for layer in layers for value in self.values(layer.name)]

    def fitting_of(self, layer: str, label: str) -> dict[str, Attribute]:
        """Every attribute that a region with this label may carry, by its name."""
        value = self.value(layer, label)
        return {name: attribute for name, attribute in self.attributes.items() if value in self.fitting(name)}

    @cached_property
    def arrows(self) -> list[str]:
        """Every label that an arrow may have: the schema's relations, then those of claims."""
        return [*self.schema.relations, *(CLAIM_ARROWS if "CLAIM" in self.schema.layers else ())]
