"""The labelling configuration, made from the label inventory and never edited by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from dataset_builder.formats.regions import CLAIM_ARROWS, Names
from dataset_builder.labelstudio.palette import FILTER_KEY, colour, hotkeys, ink
from dataset_builder.labelstudio.regions import LABEL, TEXT
from dataset_builder.schema import Attribute, LayerSchema, Schema

# Without it the words of a line stand in the wrong order as soon as one of them has a label; without `isolate` the
# captions of labels do. White space is shown as it is, since spans may not begin or end in it. Label Studio sets the
# font on highlighted words too, so ours must be there as well.
STYLE = """
.khabar-text { direction: rtl; text-align: right; }
.khabar-text .lsf-richtext__container, .khabar-text .lsf-richtext__line, .khabar-text .htx-highlight {
  white-space: pre-wrap; font-size: 20px; line-height: 2.4;
  font-family: "Noto Naskh Arabic", Amiri, "Segoe UI", Tahoma, sans-serif !important; }
.khabar-text .htx-highlight::before, .khabar-text .htx-highlight::after { unicode-bidi: isolate; direction: ltr; }
.khabar-layer { margin-bottom: 4px; }
"""
PLACEHOLDERS = {
    "entity": "id in annotations/entities.jsonl",
    "geonames": "GeoNames id",
    "date": "2017, 2017-04 or 2017-04-24",
    "incident": "one id for all triggers of one happening",
}


def make_config(schema: Schema, layers: Sequence[str] = ()) -> str:
    """The configuration as XML for these layers (default: all), the same bytes every time.

    Arrows are offered where both of their ends can be marked; a claim's source may be an actor, so annotating claims
    without actors leaves only SOURCE regions to lead to. Raises KeyError for a layer that the schema has not.
    """
    names = Names(schema)
    chosen = [schema.layers[name] for name in layers or schema.layers]
    root = Element("View")
    SubElement(root, "Style").text = STYLE
    SubElement(root, "Header", value="$doc_id", size="5")
    _arrows(root, schema, [layer.name for layer in chosen])
    SubElement(root, "Filter", name="search", toName=LABEL, hotkey=FILTER_KEY, minlength="1")
    _labels(root, names, chosen)
    text = SubElement(root, "View", className="khabar-text")
    # granularity symbol: a span may begin behind a proclitic, inside of a written word.
    SubElement(text, "Text", name=TEXT, value="$text", granularity="symbol", saveTextResult="yes", showLabels="true")
    _attributes(root, names, chosen)
    indent(root)
    return tostring(root, encoding="unicode") + "\n"


def arrows(schema: Schema, layers: Sequence[str]) -> list[str]:
    """The labels of arrows that can be drawn where these layers are annotated.

    >>> arrows(Schema.load(), ["EVENT", "LOCATION"])
    ['PLACE']
    """
    here = set(layers)
    found = [r.name for r in schema.relations.values() if here & set(r.head) and here & set(r.tail)]
    return [*found, *(CLAIM_ARROWS if "CLAIM" in here else ())]


def _arrows(root: Element, schema: Schema, layers: Sequence[str]) -> None:
    relations = SubElement(root, "Relations")
    for name in arrows(schema, layers):
        SubElement(relations, "Relation", value=name)


def _labels(root: Element, names: Names, layers: Sequence[LayerSchema]) -> None:
    """One control for all labels: with several, a region that is relabelled would have a label of each."""
    keys = hotkeys(names.schema)
    control = SubElement(root, "Labels", name=LABEL, toName=TEXT, choice="single")
    for layer in layers:
        groups = dict.fromkeys(label.group for label in layer.labels)
        SubElement(control, "Header", value=f"{layer.name}: {layer.about}", size="5")
        for group in groups:
            box = SubElement(control, "View", className="khabar-layer")
            for label in layer.labels:
                if label.group != group:
                    continue
                background = colour(layer.name, label.name)
                entry = {"value": names.value(layer.name, label.name), "background": background}
                entry |= {"selectedColor": ink(background)}
                if key := keys[layer.name, label.name]:
                    entry["hotkey"] = key
                hint = f"{group}: {label.meaning}" if group else label.meaning
                entry["hint"] = f"{hint} ({'، '.join(label.examples)})" if label.examples else hint
                SubElement(box, "Label", entry)


def _attributes(root: Element, names: Names, layers: Sequence[LayerSchema]) -> None:
    """A box for all attributes of the same labels, there while a region with one of these labels is selected.

    The condition stands on each control as well as on the box: Label Studio shows by the one and by the other decides
    what it sends, so that an attribute does not survive a change of label.
    """
    offered = {value for layer in layers for value in names.values(layer.name)}
    boxes: dict[str, list[Attribute]] = {}
    for attribute in names.attributes.values():
        if fitting := ",".join(value for value in names.fitting(attribute.name) if value in offered):
            boxes.setdefault(fitting, []).append(attribute)
    for fitting, attributes in boxes.items():
        when = {"visibleWhen": "region-selected", "whenTagName": LABEL, "whenLabelValue": fitting}
        box = SubElement(root, "View", when)
        for attribute in attributes:
            SubElement(box, "Header", value=f"{attribute.name}: {attribute.about}", size="5")
            _control(box, attribute, when)


def _control(box: Element, attribute: Attribute, when: Mapping[str, str]) -> None:
    entry = {"name": attribute.name, "toName": TEXT, "perRegion": "true", **when}
    if not attribute.values:
        hint = PLACEHOLDERS.get(attribute.name, "")
        SubElement(box, "TextArea", {**entry, "maxSubmissions": "1", "editable": "true", "placeholder": hint})
        return
    entry |= {"choice": "single", "showInline": "true"}
    if attribute.required and not attribute.default:
        entry |= {"required": "true", "requiredMessage": f"A region that is marked here has no {attribute.name} yet"}
    choices = SubElement(box, "Choices", entry)
    for value in attribute.values:
        SubElement(choices, "Choice", value=value)
