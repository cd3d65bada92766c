"""The last field of a record: attribute values by themselves, `key=value`, `=entity`, and `ROLE=a1,a2`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dataset_builder.errors import unknown
from dataset_builder.schema import Attribute, LayerSchema, Schema

#: What a bare `=` stands for in a layer: an actor's entity, a place's GeoNames id.
LINK = {"ACTOR": "entity", "LOCATION": "geonames"}


class ValueFaultError(ValueError):
    """A word of the last field that fits nothing; the message says what would."""

    code = "sheet-value"


def span_values(
    words: Sequence[str], layer: LayerSchema, schema: Schema
) -> tuple[dict[str, str], dict[str, list[str]]]:
    """A span's attributes, and by relation label the sheet ids that its arguments name.

    An actor without `=` is nominal; `=` alone is a name without an entity.

    >>> schema = Schema.load()
    >>> span_values(["=sdf"], schema.layers["ACTOR"], schema)
    ({'mention': 'name', 'entity': 'sdf'}, {})
    >>> span_values(["planned", "AGENT=a1,a2", "killed=90+"], schema.layers["EVENT"], schema)
    ({'status': 'planned', 'killed': '90+'}, {'AGENT': ['a1', 'a2']})
    """
    known = {attribute.name: attribute for attribute in layer.attributes}
    attributes: dict[str, str] = {}
    ends: dict[str, list[str]] = {}
    linked = False
    for word in words:
        key, equals, value = word.partition("=")
        if equals and not key and layer.name in LINK:
            linked = True
            if value:
                _set(attributes, known[LINK[layer.name]], value)
        elif equals and key in schema.relations:
            ends.setdefault(key, []).extend(_targets(key, value, layer, schema))
        elif equals and key in known:
            _set(attributes, known[key], value)
        elif not equals:
            _set(attributes, _owner(word, known, attributes), word)
        else:
            raise ValueFaultError(str(unknown("attribute or relation", key, [*known, *schema.relations])))
    defaults = {attribute.name: attribute.default for attribute in layer.attributes if attribute.default}
    if layer.name == "ACTOR":
        defaults["mention"] = "name" if linked else "nominal"
    return defaults | attributes, ends


def _targets(label: str, value: str, layer: LayerSchema, schema: Schema) -> list[str]:
    """The sheet ids behind `LABEL=`."""
    heads = schema.relations[label].head
    if layer.name not in heads:
        raise ValueFaultError(f"{label} begins at {' or '.join(heads)}, not at {layer.name}")
    return [target for target in value.split(",") if target]


def claim_values(words: Sequence[str], schema: Schema) -> tuple[dict[str, str], dict[str, str]]:
    """A claim's form, act, source_status and medium, and the sheet ids that `parent=` and `continues=` name.

    "report" is an act and a medium: it is the act where none was given yet.

    >>> claim_values("indirect report named report continues=c1".split(), Schema.load())
    ({'form': 'indirect', 'act': 'report', 'source_status': 'named', 'medium': 'report'}, {'continues': 'c1'})
    """
    values: dict[str, str] = {}
    ends: dict[str, str] = {}
    for word in words:
        key, equals, value = word.partition("=")
        if equals and key in ("parent", "continues"):
            ends[key] = value
        elif equals:
            if key not in schema.claim:
                raise ValueFaultError(str(unknown("claim attribute", key, [*schema.claim, "parent", "continues"])))
            _set(values, schema.claim[key], value)
        else:
            _set(values, _owner(word, schema.claim, values), word)
    for attribute in schema.claim.values():
        if attribute.name not in values:
            if not attribute.default:
                raise ValueFaultError(f"{attribute.name} is missing: one of {', '.join(attribute.values)}")
            values[attribute.name] = attribute.default
    return {name: values[name] for name in schema.claim}, ends


def _owner(word: str, known: Mapping[str, Attribute], given: Mapping[str, str]) -> Attribute:
    """The attribute that a value by itself belongs to: the first that has it and no value yet."""
    owners = [attribute for attribute in known.values() if word in attribute.values]
    free = [attribute for attribute in owners if attribute.name not in given]
    if not owners:
        raise ValueFaultError(str(unknown("value", word, [v for a in known.values() for v in a.values])))
    if not free:
        raise ValueFaultError(f"{owners[0].name} is given twice: {given[owners[0].name]} and {word}")
    return free[0]


def _set(attributes: dict[str, str], attribute: Attribute, value: str) -> None:
    if attribute.name in attributes:
        raise ValueFaultError(f"{attribute.name} is given twice: {attributes[attribute.name]} and {value}")
    if not attribute.admits(value):
        wanted = ", ".join(attribute.values) or f"a value like {attribute.pattern}"
        raise ValueFaultError(f"{attribute.name} can't be {value!r}; {wanted}")
    attributes[attribute.name] = value
