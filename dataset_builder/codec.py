"""Records to canonical JSON lines and back: layers (`annotations/gold`, `passes`) and manifests.

Reading reports every problem of every line, and gives back what could be read so that later checks can look at it.
Writing is canonical: keys in a fixed order, records sorted by where they stand, invisible characters escaped.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import Annotated, Any, TypeVar

from pydantic import Field, TypeAdapter, ValidationError

from dataset_builder.incidents import Incident
from dataset_builder.model import Anchor, Claim, Document, Layer, Relation, Span, Window
from dataset_builder.records import ClaimRecord, HeaderRecord, ManifestRecord, RelationRecord, SpanRecord

_LAYER_RECORD: TypeAdapter[HeaderRecord | SpanRecord | RelationRecord | ClaimRecord] = TypeAdapter(
    Annotated[HeaderRecord | SpanRecord | RelationRecord | ClaimRecord, Field(discriminator="kind")]
)
_MANIFEST_RECORD = TypeAdapter(ManifestRecord)
#: What pydantic puts before the keys of a layer's record.
_KINDS = ("document", "span", "relation", "claim")
Record = TypeVar("Record")

# Controls, direction marks, zero-width characters, odd spaces and surrogates: what an editor would not show.
_INVISIBLE = re.compile("[\x7f-\xa0\xad\u061c\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff\ud800-\udfff]")


def dump(record: Mapping[str, Any]) -> str:
    """One canonical JSON line without its end: Arabic literally, invisible characters escaped.

    >>> dump({"text": "قسد\\u200f"})
    '{"text":"قسد\\\\u200f"}'
    """
    line = json.dumps(record, ensure_ascii=False, separators=(",", ":"))
    return _INVISIBLE.sub(lambda m: f"\\u{ord(m[0]):04x}", line)


def _span_record(span: Span) -> dict[str, Any]:
    record: dict[str, Any] = {"kind": "span", "id": span.id, "layer": span.layer, "label": span.label}
    record |= {"start": span.start, "end": span.end} | dict(sorted(span.attributes.items()))
    if span.anchor:
        a = span.anchor
        record |= {"at": [a.first, a.letters], "edge": [a.before, a.after], "digest": a.digest}
    if span.text is not None:
        record["text"] = span.text
    return record


def _claim_record(claim: Claim) -> dict[str, Any]:
    record = {"kind": "claim", "id": claim.id, "source": claim.source, "cue": claim.cue, "content": list(claim.content)}
    record |= {"parent": claim.parent, "continues": claim.continues, "form": claim.form, "act": claim.act}
    record |= {"source_status": claim.source_status, "medium": claim.medium}
    return {key: value for key, value in record.items() if value is not None}


def canonical(layer: Layer) -> Layer:
    """The layer with its records in canonical order: spans, relations and claims by where they stand in the text."""
    spans = tuple(sorted(layer.spans, key=lambda s: (s.start, -s.end, s.layer, s.label, s.id)))
    place = {span.id: i for i, span in enumerate(spans)}
    last = len(spans)
    relations = sorted(layer.relations, key=lambda r: (place.get(r.head, last), r.label, place.get(r.tail, last), r.id))
    claims = sorted(layer.claims, key=lambda c: (min((place.get(s, last) for s in c.spans), default=last), c.id))
    return Layer(**{**_fields(layer), "spans": spans, "relations": tuple(relations), "claims": tuple(claims)})


def _fields(layer: Layer) -> dict[str, Any]:
    return {name: getattr(layer, name) for name in Layer.__dataclass_fields__}


def encode_layer(layer: Layer) -> str:
    """The whole file of a layer, canonical, with a line end after every record."""
    layer = canonical(layer)
    header: dict[str, Any] = {"kind": "document", "id": layer.document, "schema": layer.schema}
    header |= {"length": layer.length, "sha256": layer.sha256, "layers": list(layer.layers)}
    header |= {key: value for key in ("annotator", "guidelines") if (value := getattr(layer, key))}
    header |= {"spurious": dict(sorted(layer.spurious.items()))} if layer.spurious else {}
    header |= {"given": list(layer.given)} if layer.given else {}
    relations = ({"kind": "relation", **asdict(relation)} for relation in layer.relations)
    records = [header, *map(_span_record, layer.spans), *relations, *map(_claim_record, layer.claims)]
    return "".join(dump(record) + "\n" for record in records)


def encode_manifest(documents: Iterable[Document]) -> str:
    """A manifest file, a document a line, sorted by id; empty fields are left out."""
    lines = []
    for document in sorted(documents, key=lambda d: d.id):
        record = {name: getattr(document, name) for name in ManifestRecord.model_fields}
        record["windows"] = [[w.start, w.length, w.filter, w.digest] for w in document.windows]
        lines.append(
            dump({key: value for key, value in record.items() if value not in ("", [], 0) or key == "length"}) + "\n"
        )
    return "".join(lines)


def parse_lines(data: bytes, path: str) -> Iterator[tuple[int, Any | Incident]]:
    """Each line's JSON value, or the incident why it is none. Lines count from 1; a blank line is an incident."""
    for number, raw in enumerate(data.split(b"\n"), 1):
        if not raw and number > data.count(b"\n"):
            continue  # what stands after the last line end
        try:
            yield number, json.loads(raw.decode("utf8"), object_pairs_hook=_no_repeats)
        except UnicodeDecodeError as error:
            yield number, Incident("encoding", f"byte {error.start} is not UTF-8", path, number)
        except (ValueError, RecursionError) as error:
            yield number, Incident("bad-json", _no_json(raw, error), path, number)


def _no_json(raw: bytes, error: Exception) -> str:
    """Why a line is no JSON; a place in it is a column, since json's own "line 1" would be taken for the file's."""
    if raw.startswith((b"<<<<<<< ", b"=======", b">>>>>>> ")):
        return "a merge conflict was left here; choose the lines that are right"
    if not raw.strip():
        return "the line is empty"
    return f"{error.msg} at column {error.colno}" if isinstance(error, json.JSONDecodeError) else str(error)


def _no_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) < len(pairs):
        twice = sorted({key for key, _ in pairs if sum(k == key for k, _ in pairs) > 1})
        raise ValueError(f"key {twice[0]!r} stands twice")
    return table


def problems(error: ValidationError, path: str, line: int) -> Iterator[Incident]:
    """pydantic's findings, each as an incident with a code of ours."""
    for found in error.errors(include_url=False):
        loc = found["loc"][1:] if found["loc"][:1] and found["loc"][0] in _KINDS else found["loc"]
        where = ".".join(map(str, loc))
        match found["type"]:
            case "missing":
                yield Incident("missing-key", f"{where!r} is missing", path, line)
            case "extra_forbidden":
                yield Incident("unknown-key", f"{where!r} is no key of this record", path, line)
            case "union_tag_invalid" | "union_tag_not_found":
                yield Incident("unknown-kind", "'kind' is not document, span, relation or claim", path, line)
            case _:
                shown = str(found["input"])[:60].encode("unicode_escape").decode() if where else ""
                yield Incident("bad-value", f"{where or 'record'}: {found['msg']} (got {shown!r})", path, line)


def parse_records(
    data: bytes,
    path: str,
    validate: Callable[[Any], Record],
    found: list[Incident],
    explain: Callable[[ValidationError, str, int], Iterable[Incident]] = problems,
) -> Iterator[tuple[int, Record]]:
    """Each line's number with the record that `validate` makes of its JSON; why a line is none is put into `found`."""
    for number, value in parse_lines(data, path):
        if isinstance(value, Incident):
            found.append(value)
            continue
        try:
            record = validate(value)
        except ValidationError as error:
            found.extend(explain(error, path, number))
        else:
            yield number, record


def decode_layer(data: bytes, path: str = "") -> tuple[Layer | None, list[Incident], dict[str, int]]:
    """A layer from a file's bytes, every finding, and the line of each record by id.

    The layer is None only where there is no readable header; records that could not be read are left out of it.
    """
    found: list[Incident] = []
    records: list[HeaderRecord | SpanRecord | RelationRecord | ClaimRecord] = []
    lines: dict[str, int] = {}
    for number, record in parse_records(data, path, _LAYER_RECORD.validate_python, found):
        if isinstance(record, HeaderRecord) != (number == 1):
            found.append(Incident("header-place", f"a {record.kind} record stands on line {number}", path, number))
            continue
        if record.id in lines:
            found.append(
                Incident("duplicate-id", f"{record.id} was used on line {lines[record.id]} already", path, number)
            )
        lines[record.id] = number
        records.append(record)
    if not records or not isinstance(records[0], HeaderRecord):
        if not any(i.line == 1 for i in found):
            found.append(Incident("header-place", "the file has no document record on line 1", path, 1))
        return None, found, lines
    return _layer(records[0], records[1:]), found, lines


def _layer(header: HeaderRecord, rest: Iterable[HeaderRecord | SpanRecord | RelationRecord | ClaimRecord]) -> Layer:
    records = list(rest)
    return Layer(
        document=header.id,
        schema=header.schema_,
        length=header.length,
        sha256=header.sha256,
        layers=tuple(header.layers),
        spans=tuple(_span(r) for r in records if isinstance(r, SpanRecord)),
        relations=tuple(Relation(r.id, r.label, r.head, r.tail) for r in records if isinstance(r, RelationRecord)),
        claims=tuple(
            Claim(**{**r.model_dump(exclude={"kind"}), "content": tuple(r.content)})
            for r in records
            if isinstance(r, ClaimRecord)
        ),
        annotator=header.annotator,
        guidelines=header.guidelines,
        spurious=header.spurious,
        given=tuple(header.given),
    )


def _span(record: SpanRecord) -> Span:
    anchor = None
    if record.at and record.edge and record.digest:
        anchor = Anchor(record.at[0], record.at[1], record.edge[0], record.edge[1], record.digest)
    attributes = dict(record.__pydantic_extra__)
    return Span(record.id, record.layer, record.label, record.start, record.end, attributes, record.text, anchor)


def decode_manifest(data: bytes, path: str = "") -> tuple[list[tuple[int, Document]], list[Incident]]:
    """The documents of a manifest with their line numbers, and every finding."""
    documents: list[tuple[int, Document]] = []
    found: list[Incident] = []
    for number, record in parse_records(data, path, _MANIFEST_RECORD.validate_python, found):
        windows = tuple(Window(*window) for window in record.windows)
        documents.append((number, Document(**{**record.model_dump(), "windows": windows})))
    return documents, found
