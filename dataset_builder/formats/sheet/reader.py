"""From a filled sheet to a layer: every faulty line is named with what would fit, the others are read all the same."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from dataset_builder.errors import unknown
from dataset_builder.formats.sheet.lines import Header, RecordLine, SentenceLine, parse
from dataset_builder.formats.sheet.quotes import QuoteError, Sentences, resolve, resolve_all
from dataset_builder.formats.sheet.values import ValueFaultError, claim_values, span_values
from dataset_builder.incidents import Incident
from dataset_builder.model import Claim, Layer, Relation, Span
from dataset_builder.schema import LayerSchema, Schema
from dataset_builder.text.tokenise import sentences

Mint = Callable[[], str]


def mint() -> str:
    """Eight random hex digits: ids are opaque, made once and never recomputed."""
    return secrets.token_hex(4)


@dataclass
class _Reading:
    """What has been read so far; sheet ids ("a1") point to the records made from them."""

    schema: Schema
    sentences: Sentences
    path: str
    mint: Mint
    spans: dict[str, Span] = field(default_factory=dict)
    claim_spans: dict[tuple[str, int, int], Span] = field(default_factory=dict)
    claims: dict[str, Claim] = field(default_factory=dict)
    relations: list[Relation] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)
    found: list[Incident] = field(default_factory=list)

    def fault(self, code: str, fact: str, line: int) -> None:
        self.found.append(Incident(code, fact, self.path, line))

    def id(self, kind: str) -> str:
        """A new id that is free in this document."""
        taken = {s.id for s in (*self.spans.values(), *self.claim_spans.values())}
        taken |= {c.id for c in self.claims.values()} | {r.id for r in self.relations}
        while (new := kind + self.mint()) in taken:
            pass
        return new


def read(
    content: str, document: str, text: str, sha256: str, schema: Schema, *, path: str = "", mint: Mint = mint
) -> tuple[Layer, list[Incident]]:
    """The layer that a sheet says, and a finding for every line that says nothing readable.

    `text` is the document's canonical text and `sha256` its hash; the sheet's own sentences, where it repeats
    them, must be the same words. Where a finding is an error the layer lacks that record and should not be stored.
    """
    header, lines = parse(content)
    reading = _Reading(schema, Sentences(text, sentences(text)), path, mint)
    _check_header(header, document, sha256, reading)
    records: list[RecordLine] = []
    for line in lines:
        if isinstance(line, SentenceLine):
            _check_sentence(line, reading)
        elif isinstance(line, RecordLine):
            records.append(line)
        else:
            reading.fault("sheet-syntax", line.fact, line.line)
    by_prefix = {layer.prefix: layer for layer in schema.layers.values()}
    pending: list[tuple[RecordLine, dict[str, list[str]]]] = []
    for record in records:
        _read_record(record, by_prefix, reading, pending)
    _read_claims([r for r in records if r.prefix == schema.layers["CLAIM"].prefix], reading)
    for record, ends in pending:
        _read_relations(record, ends, reading)
    layers = header.layers or tuple(schema.layers)
    spans = (*reading.spans.values(), *reading.claim_spans.values())
    layer = Layer(
        document,
        schema.version,
        len(text),
        sha256,
        layers,
        spans,
        tuple(reading.relations),
        tuple(reading.claims.values()),
    )
    return layer, sorted(reading.found, key=lambda i: i.line)


def missing_sentences(content: str, text: str) -> list[int]:
    """The numbers of the text's sentences that a sheet has no line for: it was cut off, or is of a part only."""
    given = {line.number for line in parse(content)[1] if isinstance(line, SentenceLine)}
    return [number for number, _ in enumerate(sentences(text), 1) if number not in given]


def _check_header(header: Header, document: str, sha256: str, reading: _Reading) -> None:
    if header.document and header.document != document:
        fact = f"the sheet is of {header.document}, not of {document}"
        reading.fault("sheet-document", fact, header.lines["document"])
    if header.sha256 and not sha256.startswith(header.sha256):
        fact = f"the sheet was made for a text with sha256 {header.sha256}, this one has {sha256[:16]}"
        reading.fault("sheet-document", fact, header.lines["sha256"])
    for name in header.layers:
        if name not in reading.schema.layers:
            reading.fault("sheet-value", str(unknown("layer", name, reading.schema.layers)), header.lines["layers"])


def _check_sentence(line: SentenceLine, reading: _Reading) -> None:
    try:
        start, end = reading.sentences.stretch(line.number)
    except QuoteError as error:
        reading.fault("sheet-sentence", str(error), line.line)
        return
    if line.text and line.text.split() != reading.sentences.text[start:end].split():
        reading.fault("sheet-sentence", f"s{line.number} has other words than the document's sentence", line.line)


def _read_record(
    record: RecordLine,
    by_prefix: dict[str, LayerSchema],
    reading: _Reading,
    pending: list[tuple[RecordLine, dict[str, list[str]]]],
) -> None:
    """A span record; claims wait until every actor is known, relations until every span is."""
    if record.id in reading.lines:
        reading.fault("sheet-id", f"{record.id} was used on line {reading.lines[record.id]} already", record.line)
        return
    reading.lines[record.id] = record.line
    layer = by_prefix.get(record.prefix)
    if layer is None:
        known = ", ".join(f"{prefix} {known.name}" for prefix, known in by_prefix.items())
        reading.fault("sheet-id", f"{record.id}: no layer has the letter {record.prefix} ({known})", record.line)
    elif layer.name != "CLAIM":
        _read_span(record, layer, reading, pending)


def _read_span(
    record: RecordLine, layer: LayerSchema, reading: _Reading, pending: list[tuple[RecordLine, dict[str, list[str]]]]
) -> None:
    if len(record.fields) not in (2, 3):
        fact = f"{record.id}: {len(record.fields)} fields, expected LABEL | quote | attributes"
        reading.fault("sheet-syntax", fact, record.line)
        return
    label = record.fields[0]
    if label not in layer.names:
        reading.fault("sheet-label", str(unknown(f"{layer.name} label", label, layer.names)), record.line)
        return
    try:
        start, end = resolve(record.fields[1], reading.sentences, record.sentence)
        words = record.fields[2].split() if len(record.fields) == 3 else []
        attributes, ends = span_values(words, layer, reading.schema)
    except (QuoteError, ValueFaultError) as error:
        reading.fault(error.code, f"{record.id}: {error}", record.line)
        return
    twin = next(
        (k for k, s in reading.spans.items() if (s.layer, s.label, s.start, s.end) == (layer.name, label, start, end)),
        "",
    )
    if twin:
        reading.fault("sheet-id", f"{record.id} marks the same words with the same label as {twin}", record.line)
        return
    surface = reading.sentences.text[start:end]
    reading.spans[record.id] = Span(reading.id("s"), layer.name, label, start, end, attributes, surface)
    pending.append((record, ends))


def _read_claims(records: Sequence[RecordLine], reading: _Reading) -> None:
    links: list[tuple[RecordLine, dict[str, str]]] = []
    for record in records:
        if reading.lines.get(record.id) != record.line:
            continue
        if len(record.fields) != 4:
            fact = f"{record.id}: {len(record.fields)} fields, expected source | cue | content | form act status medium"
            reading.fault("sheet-syntax", fact, record.line)
            continue
        try:
            values, ends = claim_values(record.fields[3].split(), reading.schema)
            source = _claim_source(record, reading)
            cue = None if record.fields[1] == "-" else _claim_span("CUE", record.fields[1], record, reading)[0]
            content = _claim_span("CONTENT", record.fields[2], record, reading)
        except (QuoteError, ValueFaultError) as error:
            reading.fault(error.code, f"{record.id}: {error}", record.line)
            continue
        reading.claims[record.id] = Claim(reading.id("c"), source, cue, tuple(content), **values)
        links.append((record, ends))
    _link_claims(links, reading)


def _claim_source(record: RecordLine, reading: _Reading) -> str | None:
    """An actor by its sheet id, nobody (-), or quoted words, which are the actor's span where it has that extent."""
    name = record.fields[0]
    if name == "-":
        return None
    if name in reading.spans:
        if reading.spans[name].layer != "ACTOR":
            raise ValueFaultError(f"the source {name} is no actor; name an actor, quote the words, or write -")
        return reading.spans[name].id
    if name[:1].isascii() and name[1:].isdigit():
        raise ValueFaultError(str(unknown("actor", name, [k for k, s in reading.spans.items() if s.layer == "ACTOR"])))
    start, end = resolve(name, reading.sentences, record.sentence)
    for span in reading.spans.values():
        if (span.layer, span.start, span.end) == ("ACTOR", start, end):
            return span.id
    return _claim_span("SOURCE", name, record, reading)[0]


def _claim_span(label: str, quote: str, record: RecordLine, reading: _Reading) -> list[str]:
    """The ids of the CLAIM spans that a field names; claims that share the very same words share the span."""
    ids = []
    for start, end in resolve_all(quote, reading.sentences, record.sentence):
        key = (label, start, end)
        if key not in reading.claim_spans:
            surface = reading.sentences.text[start:end]
            reading.claim_spans[key] = Span(reading.id("s"), "CLAIM", label, start, end, {}, surface)
        ids.append(reading.claim_spans[key].id)
    return ids


def _link_claims(links: Sequence[tuple[RecordLine, dict[str, str]]], reading: _Reading) -> None:
    for record, ends in links:
        for key, target in ends.items():
            if target not in reading.claims:
                fact = f"{record.id}: {unknown('claim', target, reading.claims)}"
                reading.fault("sheet-reference", fact, record.line)
                continue
            claim, linked = reading.claims[record.id], reading.claims[target].id
            is_parent = key == "parent"
            reading.claims[record.id] = replace(claim, parent=linked) if is_parent else replace(claim, continues=linked)


def _read_relations(record: RecordLine, ends: dict[str, list[str]], reading: _Reading) -> None:
    for label, targets in ends.items():
        for target in targets:
            if target not in reading.spans:
                reading.fault("sheet-reference", f"{record.id}: {unknown('span', target, reading.spans)}", record.line)
                continue
            tail = reading.spans[target]
            allowed = reading.schema.relations[label].tail
            if tail.layer not in allowed:
                fact = f"{record.id}: {label} leads to {' or '.join(allowed)}, but {target} is {tail.layer}"
                reading.fault("sheet-reference", fact, record.line)
                continue
            reading.relations.append(Relation(reading.id("r"), label, reading.spans[record.id].id, tail.id))
