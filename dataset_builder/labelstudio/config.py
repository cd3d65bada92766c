"""The labelling configuration, made from the label inventory and never edited by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from dataset_builder.formats.regions import CLAIM_ARROWS, Names
from dataset_builder.labelstudio.names import DECISION, LABEL, OPEN, RIGHT, TEXT, WRONG
from dataset_builder.labelstudio.palette import FILTER_KEY, colour, hotkeys, ink
from dataset_builder.schema import Attribute, LayerSchema, Schema

# Without it the words of a line stand in the wrong order as soon as one of them has a label; without `isolate` the
# captions of labels do. White space is shown as it is, since spans may not begin or end in it. Label Studio sets the
# font on highlighted words too, so ours must be there as well. The text stands beside the labels, since below 69 of
# them it would be out of sight; what is asked about a region stands above them, since below a long text it would be.
# Arrows are pale, or the words under a hundred of them could not be read.
STYLE = """
.khabar-text { direction: rtl; text-align: right; }
.khabar-text .lsf-richtext__container, .khabar-text .lsf-richtext__line, .khabar-text .htx-highlight {
  white-space: pre-wrap; font-size: 20px; line-height: 2.4;
  font-family: "Noto Naskh Arabic", Amiri, "Segoe UI", Tahoma, sans-serif !important; }
.khabar-text .htx-highlight::before, .khabar-text .htx-highlight::after { unicode-bidi: isolate; direction: ltr; }
.khabar-columns { display: flex; gap: 16px; align-items: flex-start; }
.khabar-labels { flex: 0 0 38%; max-height: calc(100vh - 205px); overflow-y: auto; }
.khabar-work { flex: 1; min-width: 0; max-height: calc(100vh - 205px); overflow-y: auto; }
.khabar-group { flex: 0 0 100%; margin-bottom: 2px; }
.relations-overlay { opacity: 0.35; }
"""
#: A layer of more labels than these is listed below the others.
MANY = 20
CAPTION = "font-size: 13px; line-height: 1.3; margin: 6px 0 2px; width: 100%;"
PLACEHOLDERS = {
    "entity": "id in annotations/entities.jsonl",
    "geonames": "GeoNames id",
    "date": "2017, 2017-04 or 2017-04-24",
    "incident": "one id for all triggers of one happening",
}


def make_config(schema: Schema, layers: Sequence[str] = (), adjudicating: bool = False) -> str:
    """The configuration as XML for these layers (default: all), the same bytes every time.

    To adjudicate, a region can be said to be right or wrong, and every arrow's label stands once more with a question
    mark, for those that are disputed.

    Arrows are offered where both of their ends can be marked; a claim's source may be an actor, so annotating claims
    without actors leaves only SOURCE regions to lead to. Raises KeyError for a layer that the schema has not.
    """
    names = Names(schema)
    chosen = [schema.layers[name] for name in layers or schema.layers]
    root = Element("View")
    SubElement(root, "Style").text = STYLE
    SubElement(root, "Header", value="$doc_id", size="5")
    _arrows(root, schema, [layer.name for layer in chosen], adjudicating)
    columns = SubElement(root, "View", className="khabar-columns")
    left = SubElement(columns, "View", className="khabar-labels")
    if adjudicating:
        _decision(left)
    _attributes(left, names, chosen)
    SubElement(left, "Filter", name="search", toName=LABEL, hotkey=FILTER_KEY, minlength="1")
    _labels(left, names, chosen)
    text = SubElement(columns, "View", className="khabar-work khabar-text")
    # granularity symbol: a span may begin behind a proclitic, inside of a written word.
    SubElement(text, "Text", name=TEXT, value="$text", granularity="symbol", saveTextResult="yes", showLabels="true")
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


def _arrows(root: Element, schema: Schema, layers: Sequence[str], adjudicating: bool) -> None:
    relations = SubElement(root, "Relations")
    names = arrows(schema, layers)
    for name in (*names, *(f"{name}{OPEN}" for name in names if adjudicating)):
        SubElement(relations, "Relation", value=name)


def _decision(box: Element) -> None:
    when = {"visibleWhen": "region-selected", "whenTagName": LABEL}
    inner = SubElement(box, "View", when)
    caption = f"{DECISION}: where only one of the two passes has this region. What is locked is agreed."
    SubElement(inner, "Header", value=caption, size="5", style=CAPTION)
    entry = {"name": DECISION, "toName": TEXT, "perRegion": "true", **when, "choice": "single", "showInline": "true"}
    choices = SubElement(inner, "Choices", entry)
    for value in (RIGHT, WRONG):
        SubElement(choices, "Choice", value=value)


def _labels(root: Element, names: Names, layers: Sequence[LayerSchema]) -> None:
    """One control for all labels: with several, a region that is relabelled would have a label of each."""
    keys = hotkeys(names.schema)
    control = SubElement(root, "Labels", name=LABEL, toName=TEXT, choice="single")
    # What does not fit on a screen with the others comes last.
    for layer in sorted(layers, key=lambda layer: len(layer.labels) > MANY):
        groups = dict.fromkeys(label.group for label in layer.labels)
        SubElement(control, "Header", value=f"{layer.name}: {layer.about}", size="5", style=CAPTION)
        for group in groups:
            box = SubElement(control, "View", className="khabar-group")
            for label in layer.labels:
                if label.group != group:
                    continue
                background = colour(layer.name, label.name)
                entry = {"value": names.value(layer.name, label.name), "background": background}
                entry |= {"selectedColor": ink(background)}
                if key := keys[layer.name, label.name]:
                    entry["hotkey"] = key
                hint = f"{group}: {label.meaning}" if group else label.meaning
                # Isolated right to left, or the examples would stand in the wrong order inside of the English line.
                examples = "\u2067" + "، ".join(label.examples) + "\u2069"
                entry["hint"] = f"{hint} ({examples})" if label.examples else hint
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
            SubElement(box, "Header", value=f"{attribute.name}: {attribute.about}", size="5", style=CAPTION)
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
