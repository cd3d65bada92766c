"""The configurations of the dataset: from entries to the columns of each, offsets into the document everywhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from dataset_builder.model import Claim, Layer, Span
from dataset_builder.release.columns import Column, Columns, classes, filled, flags, integers, listed, nested, strings
from dataset_builder.release.entries import Entry
from dataset_builder.release.shapes import (
    claim_columns,
    labels,
    place_columns,
    relation_columns,
    span_columns,
    voice_columns,
)
from dataset_builder.release.tokens import entities
from dataset_builder.schema import Schema
from dataset_builder.voice import source_actor

Table = Callable[[Sequence[Entry], Schema], Columns]

#: Whoever finds this line in a model's output knows that the model has read the dataset, its test split included.
CANARY = "KHABAR CANARY 5b8f0c1e-7d43-4a96-b6a2-90ce4f21d7aa: test data of this corpus is not for training"


def documents(entries: Sequence[Entry], schema: Schema) -> Columns:
    """A row a document with everything nested."""
    titles = [e.document.title or e.words.split("\n", 1)[0] for e in entries]
    texts = {"title": strings(titles), "text": strings([e.words for e in entries])}
    texts["canary"] = strings([CANARY if e.document.is_included else None for e in entries])
    return _about(entries) | texts | _annotations(entries, schema, with_words=True)


def standoff(entries: Sequence[Entry], schema: Schema) -> Columns:
    """A row a referenced document: where its spans stand and how to recognise a copy of it, without a word of it."""
    columns = _about(entries)
    columns["locator"] = filled([e.document.locator for e in entries])
    columns["length"] = integers([e.document.length for e in entries])
    columns["folded_sha256"] = filled([e.document.folded_sha256 for e in entries])
    windows = [w for e in entries for w in e.document.windows]
    columns["windows"] = nested(
        [len(e.document.windows) for e in entries],
        {
            "start": integers([w.start for w in windows]),
            "length": integers([w.length for w in windows]),
            "filter": strings([w.filter for w in windows]),
            "digest": strings([w.digest for w in windows]),
        },
    )
    return columns | _annotations(entries, schema, with_words=False)


def events(entries: Sequence[Entry], schema: Schema) -> Columns:
    """A row a trigger, its arguments nested."""
    rows = [(e, s) for e in entries for s in e.layer.of("EVENT")]
    triggers = [s for _, s in rows]
    groups = {label.name: label.group for label in schema.layers["EVENT"].labels}
    columns: dict[str, Column] = place_columns([(e, s.start, s.end) for e, s in rows])
    columns["group"] = classes(list(schema.event_groups), [groups.get(s.label) for s in triggers], "event group")
    spans = span_columns(triggers, schema, ["EVENT"])
    columns |= {"code" if name == "label" else name: column for name, column in spans.items()}
    columns |= voice_columns([e.voices[s.id] for e, s in rows])
    return columns | _arguments(rows, schema, "EVENT")


def claims(entries: Sequence[Entry], schema: Schema) -> Columns:
    """A row a claim: its spans with offsets and words, and the actor who speaks, found along `continues` as well."""
    rows = [(e, c, [e.layer.span(s) for s in c.spans]) for e in entries for c in e.layer.claims]
    places = [(e, min(s.start for s in spans), max(s.end for s in spans)) for e, _, spans in rows]
    columns: dict[str, Column] = place_columns(places)
    columns |= claim_columns([c for _, c, _ in rows], schema)
    columns["depth"] = integers([_depth(e.layer, c) for e, c, _ in rows])
    for part in ("source", "cue"):
        columns |= _part(part, [_span(e, getattr(c, part)) for e, c, _ in rows])
    contents = [e.layer.span(id) for e, c, _ in rows for id in c.content]
    columns["content"] = nested(
        [len(c.content) for _, c, _ in rows],
        {
            "id": strings([s.id for s in contents]),
            "start": integers([s.start for s in contents]),
            "end": integers([s.end for s in contents]),
            "text": strings([s.text for s in contents]),
        },
    )
    actors = [source_actor(e.layer, c) for e, c, _ in rows]
    columns |= _part("actor", actors)
    columns["actor_label"] = classes(labels(schema, ["ACTOR"]), [a.label if a else None for a in actors], "label")
    columns["actor_entity"] = filled([a.attributes.get("entity") if a else None for a in actors])
    return columns


def frames(entries: Sequence[Entry], schema: Schema) -> Columns:
    """A row a loaded term, with what it colours and whose word it is."""
    rows = [(e, s) for e in entries for s in e.layer.of("FRAME")]
    columns: dict[str, Column] = place_columns([(e, s.start, s.end) for e, s in rows])
    columns |= span_columns([s for _, s in rows], schema, ["FRAME"])
    columns |= voice_columns([e.voices[s.id] for e, s in rows])
    return columns | _arguments(rows, schema, "FRAME")


#: Every configuration whose rows have words; the first is the default.
CONFIGURATIONS: Mapping[str, Table] = {
    "documents": documents,
    "entities": entities,
    "events": events,
    "claims": claims,
    "frames": frames,
}


def _about(entries: Sequence[Entry]) -> dict[str, Column]:
    """What is known of a document without its text. The stance is the outlet's, None where nobody looked it up."""
    known = [e.document for e in entries]
    return {
        "id": strings([d.id for d in known]),
        "track": strings([e.track for e in entries]),
        "source": strings([d.source for d in known]),
        "cluster": filled([d.cluster for d in known]),
        "story": filled([d.story for d in known]),
        "outlet": filled([d.outlet for d in known]),
        "outlet_stance": filled([e.outlet.stance if e.outlet else None for e in entries]),
        "outlet_designed": flags([e.outlet.designed if e.outlet else None for e in entries]),
        "published": filled([d.published for d in known]),
        "url": filled([d.url for d in known]),
        "licence": strings([d.licence for d in known]),
        "sha256": strings([e.layer.sha256 for e in entries]),
    }


def _annotations(entries: Sequence[Entry], schema: Schema, with_words: bool) -> dict[str, Column]:
    layers = list(schema.layers)
    spans = [s for e in entries for s in e.layer.spans]
    columns = span_columns(spans, schema, layers, with_words)
    if not with_words:
        columns |= _anchors(spans)
    columns |= voice_columns([e.voices.get(s.id) for e in entries for s in e.layer.spans])
    found = [c for e in entries for c in e.layer.claims]
    parts = {
        "source": filled([c.source for c in found]),
        "cue": filled([c.cue for c in found]),
        "content": listed([len(c.content) for c in found], strings([s for c in found for s in c.content])),
    }
    done = classes(layers, [name for e in entries for name in e.layer.layers], "layer")
    return {
        "layers": listed([len(e.layer.layers) for e in entries], done),
        "spans": nested([len(e.layer.spans) for e in entries], columns),
        "relations": nested([len(e.layer.relations) for e in entries], relation_columns(entries, schema)),
        "claims": nested([len(e.layer.claims) for e in entries], claim_columns(found, schema) | parts),
    }


def _anchors(spans: Sequence[Span]) -> dict[str, Column]:
    anchors = [s.anchor for s in spans]
    return {
        "first": integers([a.first if a else None for a in anchors]),
        "letters": integers([a.letters if a else None for a in anchors]),
        "before": strings([a.before if a else None for a in anchors]),
        "after": strings([a.after if a else None for a in anchors]),
        "digest": strings([a.digest if a else None for a in anchors]),
    }


def _arguments(rows: Sequence[tuple[Entry, Span]], schema: Schema, layer: str) -> dict[str, Column]:
    """A list column for each relation that leads from this layer: AGENT gives `agents`, ABOUT `about`."""
    columns = {}
    for name, relation in schema.relations.items():
        if layer not in relation.head:
            continue
        found = [e.arguments.get((s.id, name), []) for e, s in rows]
        flat = [s for tails in found for s in tails]
        column = nested([len(tails) for tails in found], span_columns(flat, schema, relation.tail))
        columns["about" if name == "ABOUT" else f"{name.lower()}s"] = column
    return columns


def _span(entry: Entry, id: str | None) -> Span | None:
    return entry.layer.span(id) if id else None


def _part(name: str, spans: Sequence[Span | None]) -> dict[str, Column]:
    return {
        f"{name}_id": strings([s.id if s else None for s in spans]),
        f"{name}_start": integers([s.start if s else None for s in spans]),
        f"{name}_end": integers([s.end if s else None for s in spans]),
        f"{name}_text": strings([s.text if s else None for s in spans]),
    }


def _depth(layer: Layer, claim: Claim) -> int:
    """How many claims this one lies in; 0 for one that the outlet reports itself."""
    by_id = {c.id: c for c in layer.claims}
    seen = {claim.id}
    while claim.parent in by_id and claim.parent not in seen:
        seen.add(claim.parent)
        claim = by_id[claim.parent]
    return len(seen) - 1
