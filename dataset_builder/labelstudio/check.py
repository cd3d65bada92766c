"""Our own check of a labelling configuration: Label Studio's takes duplicate labels, unknown tags and attributes, and
conditions on what does not exist, and then shows nothing, or the wrong thing, without a word.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from xml.etree.ElementTree import Element, ParseError, fromstring

from dataset_builder.formats.regions import Names
from dataset_builder.incidents import Incident
from dataset_builder.labelstudio.config import arrows
from dataset_builder.labelstudio.names import DECISION, LABEL, OPEN, RIGHT, TEXT, WRONG
from dataset_builder.labelstudio.palette import RESERVED
from dataset_builder.schema import Schema

_WHEN = frozenset({"visibleWhen", "whenTagName", "whenLabelValue", "whenChoiceValue"})
_CONTROL = frozenset({"name", "toName", "perRegion", "required", "requiredMessage"}) | _WHEN
#: The tags that we use, with all their parameters in Label Studio 1.23 (labelstud.io/tags). Others may exist; ours
#: has no use for them, and Markdown and HyperText would show a text's own markup.
TAGS: dict[str, frozenset[str]] = {
    "View": frozenset({"display", "style", "className", "idAttr"}) | _WHEN,
    "Style": frozenset(),
    "Header": frozenset({"value", "size", "style", "underline"}),
    "Text": frozenset(
        {"name", "value", "valueType", "saveTextResult", "encoding", "selectionEnabled", "highlightColor"}
        | {"showLabels", "granularity"}
    ),
    "Labels": frozenset(
        {"name", "toName", "choice", "maxUsages", "showInline", "opacity", "fillColor", "strokeColor", "strokeWidth"}
        | {"value", "allowEmpty"}
    ),
    "Label": frozenset(
        {"value", "selected", "maxUsages", "hint", "hotkey", "alias", "showAlias", "aliasStyle", "size", "background"}
        | {"selectedColor", "granularity", "html", "category"}
    ),
    "Choices": frozenset({"choice", "showInline", "readOnly", "value", "allowNested", "layout"}) | _CONTROL,
    "Choice": frozenset({"value", "selected", "alias", "style", "hotkey", "html", "hint", "color"}),
    "TextArea": frozenset(
        {"value", "label", "placeholder", "maxSubmissions", "editable", "transcription", "displayMode", "rows"}
        | {"skipDuplicates", "showSubmitButton", "perRegionVisible"}
    )
    | _CONTROL,
    "Relations": frozenset({"choice"}),
    "Relation": frozenset({"value", "background"}),
    "Filter": frozenset({"placeholder", "minlength", "style", "hotkey", "toName", "name", "casesensetive"}),
}
_CONTROLS = frozenset({"Labels", "Choices", "TextArea"})


def check_config(
    xml: str, schema: Schema, layers: Sequence[str] = (), path: str = "", adjudicating: bool = False
) -> Iterator[Incident]:
    """Everything that is wrong with a configuration for annotating (or adjudicating) these layers (default: all).

    >>> schema = Schema.load()
    >>> [incident.code for incident in check_config("<View><Lable/></View>", schema)][:2]
    ['config-tag', 'config-name']
    """
    try:
        root = fromstring(xml)
    except ParseError as error:
        yield Incident("config-syntax", f"not XML: {error}", path)
        return
    names = Names(schema)
    chosen = [name for name in schema.layers if not layers or name in layers]
    for incident in (
        *_tags(root),
        *_names(root),
        *_conditions(root),
        *_values(root, names, chosen, adjudicating),
        *_hotkeys(root),
    ):
        yield Incident(incident.code, incident.fact, path)


def _tags(root: Element) -> Iterator[Incident]:
    for tag in root.iter():
        if tag.tag not in TAGS:
            yield Incident("config-tag", f"there is no tag {tag.tag!r} here{_hint(tag.tag, TAGS)}")
            continue
        for name in tag.attrib:
            if name not in TAGS[tag.tag]:
                yield Incident(
                    "config-attribute", f"{_shown(tag)} has no parameter {name!r}{_hint(name, TAGS[tag.tag])}"
                )


def _names(root: Element) -> Iterator[Incident]:
    """Names are each said once, and what they are called upon for is there."""
    uses = Counter(tag.get("name") for tag in root.iter() if tag.tag in (*_CONTROLS, "Text"))
    for name, count in uses.items():
        if name is None:
            yield Incident("config-name", f"{count} controls have no name")
        elif count > 1:
            yield Incident("config-name", f"the name {name!r} is given {count} times")
    texts = [tag.get("name") for tag in root.iter("Text")]
    labels = [tag.get("name") for tag in root.iter("Labels")]
    for kind, wanted, got in (("Text", TEXT, texts), ("Labels", LABEL, labels)):
        if got != [wanted]:
            yield Incident("config-name", f"there must be one {kind} named {wanted!r}, there is {got or 'none'}")
    for tag in root.iter():
        if tag.tag in _CONTROLS and tag.get("toName") not in texts:
            yield Incident("config-name", f"{_shown(tag)} has toName {tag.get('toName')!r}, which is no Text")
        if tag.tag == "Filter" and tag.get("toName") not in labels:
            yield Incident("config-name", f"{_shown(tag)} has toName {tag.get('toName')!r}, which is no Labels")


def _conditions(root: Element) -> Iterator[Incident]:
    offered = {
        tag.get("name", ""): {value for child in tag.iter() if child is not tag and (value := child.get("value"))}
        for tag in root.iter()
        if tag.tag in _CONTROLS
    }
    texts = {tag.get("name") for tag in root.iter("Text")}
    for tag in root.iter():
        if when := tag.get("visibleWhen"):
            known = ("region-selected", "no-region-selected", "choice-selected", "choice-unselected")
            if when not in known:
                yield Incident("config-condition", f"{_shown(tag)} has visibleWhen {when!r}{_hint(when, known)}")
        elif tag.tag == "View" and _WHEN & set(tag.attrib):
            yield Incident("config-condition", f"{_shown(tag)} has a condition without visibleWhen, so it is ignored")
        other = tag.get("whenTagName")
        if other is not None and other not in offered and other not in texts:
            yield Incident("config-condition", f"{_shown(tag)} has whenTagName {other!r}, which is no control")
            continue
        for key in ("whenLabelValue", "whenChoiceValue"):
            there = offered.get(other or LABEL, set()) if key == "whenLabelValue" else offered.get(other or "", set())
            for value in tag.get(key, "").split(",") if tag.get(key) is not None else ():
                if value not in there:
                    fact = f"{_shown(tag)} has {key} {value!r}, which {other or LABEL} does not offer"
                    yield Incident("config-condition", fact + _hint(value, there))


def _values(root: Element, names: Names, layers: Sequence[str], adjudicating: bool) -> Iterator[Incident]:
    """Labels, choices and arrows are the schema's, each once and all of them."""
    wanted = {LABEL: [value for layer in layers for value in names.values(layer)]}
    for name, attribute in names.attributes.items():
        if set(names.fitting(name)) & set(wanted[LABEL]):
            wanted[name] = list(attribute.values)
    labels = arrows(names.schema, layers)
    if adjudicating:
        wanted[DECISION] = [RIGHT, WRONG]
        labels += [f"{label}{OPEN}" for label in labels]
    for tag in root.iter():
        control = tag.get("name")
        if tag.tag not in _CONTROLS or control is None:
            continue
        if control not in wanted:
            yield Incident("config-value", f"{_shown(tag)} is no attribute of these layers{_hint(control, wanted)}")
            continue
        values = [child.get("value") or "" for child in tag.iter() if child.tag in ("Label", "Choice")]
        yield from _compared(_shown(tag), values, wanted.pop(control))
    for name in wanted:
        yield Incident("config-value", f"no control is named {name!r}, so it can't be annotated")
    drawn = [tag.get("value") or "" for tag in root.iter("Relation")]
    yield from _compared("Relations", drawn, labels)


def _compared(where: str, got: Sequence[str], wanted: Sequence[str]) -> Iterator[Incident]:
    for value, count in Counter(got).items():
        if count > 1:
            yield Incident("config-repeated", f"{where} offers {value!r} {count} times")
        if value not in wanted:
            yield Incident("config-value", f"{where} offers {value!r}, which the schema has not{_hint(value, wanted)}")
    for value in wanted:
        if value not in got:
            yield Incident("config-value", f"{where} does not offer {value!r}")


def _hotkeys(root: Element) -> Iterator[Incident]:
    keys = Counter(tag.get("hotkey", "").lower() for tag in root.iter() if tag.tag != "Filter" and tag.get("hotkey"))
    for key, count in keys.items():
        if count > 1:
            yield Incident("config-hotkey", f"the key {key!r} is given to {count} labels")
        if key in RESERVED:
            yield Incident("config-hotkey", f"the key {key!r} is Label Studio's own")


def _shown(tag: Element) -> str:
    named = tag.get("name") or tag.get("value")
    return f"{tag.tag} {named!r}" if named else tag.tag


def _hint(name: str, known: object) -> str:
    near = get_close_matches(name, sorted(known), n=1)  # type: ignore[call-overload]
    return f"; did you mean {near[0]!r}?" if near else ""
