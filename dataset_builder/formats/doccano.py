"""doccano JSONL: a document a line with its text, entities and relations, as its tasks for spans and relations have it.

https://doccano.github.io/doccano/ ; offsets are code points. Lines of the older form with `label` triples are read too.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from dataset_builder.errors import DataError
from dataset_builder.formats.foreign import Foreign, Item, Labels, decoded
from dataset_builder.formats.regions import Arrow, Names, Regions, make_regions
from dataset_builder.schema import Schema

LOSES = "attributes of spans and claims, ids of relations; which layers were annotated"
LACKS = frozenset({"attributes"})
SUFFIX = ".jsonl"


def write(items: Iterable[Item], schema: Schema) -> Iterator[tuple[str, bytes]]:
    """One file for all. Keys that doccano has no use for (`document`, `ids`) come back from it as they were."""
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
        "ids": [region.id for region in regions],
    }


def read(path: Path, labels: Labels) -> Iterator[Foreign]:
    """The documents of a file; one that does not say its name is called by the file and its line."""
    for number, line in enumerate(decoded(path).splitlines(), 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
            text = record["text"]
            entities = record.get("entities") or _triples(record)
        except (ValueError, KeyError, TypeError) as error:
            problem = f"{path}:{number}: no document of doccano ({error}); a line has text, and entities or label"
            raise DataError(problem) from error
        regions = Regions(text, labels.schema, f"{path}:{number}")
        ids: dict[Any, Any] = dict(enumerate(record.get("ids") or []))
        for entity in entities:
            id = str(ids.get(entity.get("id"), entity.get("id")))
            labels.add(regions, id, str(entity.get("label")), entity.get("start_offset"), entity.get("end_offset"))
        for relation in record.get("relations") or []:
            ends = [str(ids.get(relation.get(key), relation.get(key))) for key in ("from_id", "to_id")]
            if relation.get("type") in labels.names.arrows and all(end in regions.by_id for end in ends):
                regions.arrows.append(Arrow(relation["type"], *ends))
            else:
                regions.report("region-left-out", f"{relation.get('type')} from {ends[0]} to {ends[1]} is no arrow")
        yield Foreign(str(record.get("document") or f"{path.stem}-{number}"), text, regions, (), LACKS)


def _triples(record: dict[str, Any]) -> list[dict[str, Any]]:
    given = record.get("label") or record.get("labels") or []
    keys = ("start_offset", "end_offset", "label")
    return [{"id": number, **dict(zip(keys, triple, strict=True))} for number, triple in enumerate(given)]
