"""Keeping ids: a sheet that was read again gives the records that did not change the ids that they had."""

from __future__ import annotations

from dataclasses import replace

from dataset_builder.model import Claim, Layer, Relation


def keep_ids(new: Layer, old: Layer) -> Layer:
    """`new` with the ids of `old` wherever a record says the same: a span by layer, label and offsets, a relation by
    label and ends, a claim by its spans. What is really new keeps the id that it was minted with.
    """
    had = {(s.layer, s.label, s.start, s.end): s.id for s in old.spans}
    ids = {s.id: had.get((s.layer, s.label, s.start, s.end), s.id) for s in new.spans}
    spans = tuple(replace(s, id=ids[s.id]) for s in new.spans)
    arrows = {(r.label, r.head, r.tail): r.id for r in old.relations}
    relations = tuple(_relation(r, ids, arrows) for r in new.relations)
    said = {c.spans: c.id for c in old.claims}
    claims = [_with_spans(c, ids) for c in new.claims]
    ids |= {c.id: said.get(c.spans, c.id) for c in claims}
    renamed = (
        replace(
            c,
            id=ids[c.id],
            parent=ids.get(c.parent, c.parent) if c.parent else None,
            continues=ids.get(c.continues, c.continues) if c.continues else None,
        )
        for c in claims
    )
    return replace(new, spans=spans, relations=relations, claims=tuple(renamed))


def with_other_layers(new: Layer, old: Layer) -> tuple[Layer, list[str]]:
    """`new`, of which only some layers were annotated again, with the records of `old` on its other layers.

    `new` must have kept its ids. An old relation or claim that leads to a span that is no longer there can't stay; such
    losses are named in the list.
    """
    other = [layer for layer in old.layers if layer not in new.layers]
    spans = [*new.spans, *(s for s in old.spans if s.layer in other)]
    layer_of = {s.id: s.layer for s in old.spans}
    here = {s.id for s in spans}
    relations = [r for r in old.relations if {layer_of.get(r.head), layer_of.get(r.tail)} & set(other)]
    claims = old.claims if "CLAIM" in other else ()
    lost = [f"relation {r.label} {r.id}" for r in relations if not {r.head, r.tail} <= here]
    lost += [f"claim {c.id} ({c.act})" for c in claims if not here.issuperset(c.spans)]
    known = {(r.label, r.head, r.tail) for r in new.relations}
    kept = [r for r in relations if {r.head, r.tail} <= here and (r.label, r.head, r.tail) not in known]
    merged = replace(
        new,
        layers=tuple(dict.fromkeys((*old.layers, *new.layers))),
        spans=tuple(spans),
        relations=(*new.relations, *kept),
        claims=(*new.claims, *(c for c in claims if here.issuperset(c.spans))),
    )
    return merged, lost


def _relation(relation: Relation, ids: dict[str, str], arrows: dict[tuple[str, str, str], str]) -> Relation:
    head, tail = ids[relation.head], ids[relation.tail]
    return Relation(arrows.get((relation.label, head, tail), relation.id), relation.label, head, tail)


def _with_spans(claim: Claim, ids: dict[str, str]) -> Claim:
    return replace(
        claim,
        source=ids[claim.source] if claim.source else None,
        cue=ids[claim.cue] if claim.cue else None,
        content=tuple(ids[id] for id in claim.content),
    )
