"""doccano JSONL: a document a line with its text, entities and relations, as its tasks for spans and relations have it.

https://doccano.github.io/doccano/ ; offsets are code points. Lines of the older form with `label` triples are read too.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from dataset_builder.errors import DataError
from dataset_builder.formats.foreign import Foreign, Item, Labels, decoded, own_id
from dataset_builder.formats.regions import Names, Regions, make_regions
from dataset_builder.schema import Schema

LOSES = "attributes of spans and claims, ids of relations; which layers were annotated"
LACKS = frozenset({"attributes"})
SUFFIX = ".jsonl"


def write(items: Iterable[Item], schema: Schema) -> Iterator[tuple[str, bytes]]:
    """One file for all. Keys that doccano has no use for (`document`, `regions`) come back from it as they were."""
    lines = (json.dumps(_record(item, schema), ensure_ascii=False) + "\n" for item in items)
    yield "doccano.jsonl", "".join(lines).encode("utf8")


def _record(item: Item, schema: Schema) -> dict[str, Any]:
    names = Names(schema)
    regions, arrows = make_regions(item.layer, schema)
    numbers = {region.id: number for number, region in enumerate(regions)}
    return {
        "text": item.text,
        "entities": [
            {"id": numbers[r.id], "label": names.value(r.layer, r.label), "start_offset": r.start, "end_offset": r.end}
            for r in regions
        ],
        "relations": [
            {"id": number, "from_id": numbers[arrow.head], "to_id": numbers[arrow.tail], "type": arrow.label}
            for number, arrow in enumerate(arrows)
        ],
        "document": item.id,
        # doccano numbers entities anew, so that an id is known again by its label and place.
        "regions": [[names.value(r.layer, r.label), r.start, r.end, r.id] for r in regions],
    }


def read(path: Path, labels: Labels) -> Iterator[Foreign]:
    """The documents of a file; one that does not say its name is called by the file and its line."""
    for number, line in enumerate(decoded(path).split("\n"), 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
            json.dumps(record, ensure_ascii=False).encode("utf8")  # no half of a character
            entities, relations = _entities(record), _rows(record, "relations")
            ids = _ids(entities, _rows(record, "regions", list))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            wanted = "a line has text, and entities or label"
            raise DataError(f"{path}:{number}: no document of doccano ({error!s:.120}); {wanted}") from error
        text = record["text"]
        regions = Regions(text, labels.schema, f"{path}:{number}")
        same: dict[str, str] = {}  # doccano's id to ours
        for at, entity in enumerate(entities):
            id = own_id(regions, ids.get(at), f"entity {entity.get('id', f'without id {at}')}")
            same.setdefault(str(entity.get("id")), id)
            labels.add(regions, id, entity.get("label"), entity.get("start_offset"), entity.get("end_offset"))
        for relation in relations:
            ends = (same.get(str(relation.get(key))) for key in ("from_id", "to_id"))
            regions.join(relation.get("type"), *ends)
        yield Foreign(str(record.get("document") or f"{path.stem}-{number}"), text, regions, (), LACKS)


def _entities(record: dict[str, Any]) -> list[dict[str, Any]]:
    """The entities of a line, triples as entities. Raises what a line that has not the form brings about."""
    if not isinstance(record["text"], str):
        raise TypeError(f"text is {type(record['text']).__name__}")
    if record.get("entities") is not None:
        return _rows(record, "entities")
    given = _rows(record, "label" if "label" in record else "labels", list)
    return [dict(zip(("start_offset", "end_offset", "label"), triple, strict=True)) for triple in given]


def _rows(record: dict[str, Any], name: str, kind: type = dict) -> list[Any]:
    rows = record.get(name)
    if rows is not None and not (isinstance(rows, list) and all(isinstance(row, kind) for row in rows)):
        raise TypeError(f"{name} is no list of such things")
    return rows or []


def _ids(entities: Sequence[dict[str, Any]], sent: Sequence[Sequence[Any]]) -> dict[int, str]:
    """Ids that went out, by the number of the entity that has the label and place; one that was moved is known by its
    label where it lies over just one that is missed, and that under no other.
    """
    waiting = [(str(label), start, end, id) for label, start, end, id in sent if type(start) is type(end) is int]
    found: dict[int, str] = {}
    new: list[tuple[int, str, int, int]] = []
    for number, entity in enumerate(entities):
        label, start, end = (entity.get(key) for key in ("label", "start_offset", "end_offset"))
        if (at := next((w for w in waiting if w[:3] == (label, start, end)), None)) is not None:
            found[number] = at[3]
            waiting.remove(at)
        elif type(start) is int and type(end) is int:
            new.append((number, str(label), start, end))

    def over(entity: tuple[int, str, int, int], was: tuple[str, int, int, str]) -> bool:
        return entity[1] == was[0] and entity[2] < was[2] and was[1] < entity[3]

    for one in new:
        below = [was for was in waiting if over(one, was)]
        if len(below) == 1 and sum(over(other, below[0]) for other in new) == 1:
            found[one[0]] = below[0][3]
    return found
