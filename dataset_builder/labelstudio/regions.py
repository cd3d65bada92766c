"""The regions and arrows of one annotation as they come from Label Studio, with everything odd about them named.

Nothing that a server says is trusted: offsets are checked against the document's own text, words are taken from it, and
what can't be read becomes an incident.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from dataset_builder.formats.regions import Names, Regions
from dataset_builder.labelstudio.names import LABEL
from dataset_builder.schema import Schema

Entry = Mapping[str, Any]


def read_regions(result: Iterable[Entry], text: str, schema: Schema, where: str) -> Regions:
    """Read the entries of an annotation's (or prediction's, or draft's) "result"."""
    read = Regions(text, schema, where)
    names = Names(schema)
    entries = [entry for entry in result if isinstance(entry, Mapping)]
    for entry in entries:
        if entry.get("from_name") == LABEL and entry.get("type") == "labels":
            _region(entry, read, names)
    for entry in entries:
        if entry.get("type") == "relation":
            _arrow(entry, read, names)
        elif not (entry.get("from_name") == LABEL and entry.get("type") == "labels"):
            _attribute(entry, read, names)
    return read


def _region(entry: Entry, read: Regions, names: Names) -> None:
    value = entry.get("value")
    value = value if isinstance(value, Mapping) else {}
    id, start, end, labels = entry.get("id"), value.get("start"), value.get("end"), value.get("labels")
    if not isinstance(labels, list) or len(labels) != 1 or (label := names.label(str(labels[0]))) is None:
        shown = ", ".join(map(str, labels)) if isinstance(labels, list) and labels else "nothing"
        read.report("region-label", f"a region at {start}–{end} is labelled {shown}")
        return
    region = read.add(id, *label, start, end)
    if region and not _same_words(value.get("text"), read.text[start:end]):
        shown = f"{read.quoted(region)}: Label Studio has other words there: {value.get('text')!r:.80}"
        read.report("region-words", shown)


def _same_words(shown: object, words: str) -> bool:
    """Whether a region's own words fit the document's; Label Studio writes line ends as two characters, and may keep
    none at all.
    """
    return shown in (None, words, words.replace("\r", "\\n").replace("\n", "\\n"))


def _attribute(entry: Entry, read: Regions, names: Names) -> None:
    name, id = str(entry.get("from_name")), entry.get("id")
    attribute = names.attributes.get(name)
    if attribute is None:
        read.report("region-attribute", f"{name} is no attribute of the schema; it was left out")
        return
    region = read.by_id.get(id) if isinstance(id, str) else None
    if region is None:
        return  # of a region that was reported already
    value = entry.get("value")
    given = value.get("choices" if attribute.values else "text") if isinstance(value, Mapping) else None
    answers = [given] if isinstance(given, str) else given if isinstance(given, list) else []
    words = [word.strip() for word in answers if isinstance(word, str) and word.strip()]
    if names.value(region.layer, region.label) not in names.fitting(name):
        fact = f"{read.quoted(region)} has {name} {', '.join(words)!r}, which its label does not take; it was left out"
        read.report("region-attribute", fact)
    elif len(words) > 1:
        read.report("region-answers", f"{read.quoted(region)} has {len(words)} answers for {name}: {', '.join(words)}")
    elif words:
        region.attributes[name] = words[0]


def _arrow(entry: Entry, read: Regions, names: Names) -> None:
    head, tail = (read.by_id.get(str(entry.get(key))) for key in ("from_id", "to_id"))
    labels = entry.get("labels")
    if head is None or tail is None:
        read.report("arrow-dangling", f"an arrow {labels or ''} leads from or to a region that is not there")
        return
    drawn = f"from {read.quoted(head)} to {read.quoted(tail)}"
    if not isinstance(labels, list) or not labels:
        read.report("arrow-label", f"an arrow {drawn} has no label and was left out")
        return
    if entry.get("direction") == "bi":
        read.report("arrow-ends", f"the arrow {', '.join(map(str, labels))} {drawn} points both ways")
        return
    if entry.get("direction") == "left":
        head, tail = tail, head
    for label in labels:
        if label in names.arrows:
            read.join(label, head.id, tail.id)
        else:
            read.report("arrow-ends", f"an arrow {drawn} is labelled {label!r}, which the schema has not")
