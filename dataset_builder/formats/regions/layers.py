"""From a layer to regions and arrows, and back.

Ids that went out stay: a region has its span's id, a claim's content its claim's before it, since two claims may have
the same words as content and are then two regions. What was made in another tool takes the id that the same record had
in the annotator's earlier layer, else one that is derived from the tool's own, so that the same annotation always gives
the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256

from dataset_builder.formats.regions.names import CLAIM_ARROWS
from dataset_builder.formats.regions.regions import Arrow, Region, Regions
from dataset_builder.model import Claim, Document, Layer, Relation, Span
from dataset_builder.schema import Schema

_OWN = re.compile(r"(?:(c[0-9a-f]{8})_)?(s[0-9a-f]{8})")


@dataclass
class Ids:
    """Gives ids out, each once."""

    document: str
    taken: set[str] = field(default_factory=set)

    def take(self, *wishes: str | None) -> str | None:
        """The first wish that nobody has yet."""
        for wish in wishes:
            if wish and wish not in self.taken:
                self.taken.add(wish)
                return wish
        return None

    def made(self, kind: str, *parts: str) -> str:
        """An id of this kind (s, r or c) that follows from the parts alone."""
        number = 0
        while True:
            seed = "\n".join((self.document, kind, *parts, str(number)))
            if id := self.take(kind + sha256(seed.encode("utf8")).hexdigest()[:8]):
                return id
            number += 1


def make_regions(layer: Layer, schema: Schema) -> tuple[list[Region], list[Arrow]]:
    """The layer's regions in the order of the text, and its arrows.

    A claim's attributes sit on its first content region; each claim has content regions of its own.
    """
    contents = {id for claim in layer.claims for id in claim.content}
    regions = [_region(s.id, s, s.attributes) for s in layer.spans if s.id not in contents]
    for claim in layer.claims:
        values = {name: value for name in schema.claim if (value := getattr(claim, name))}
        for number, id in enumerate(claim.content):
            regions.append(_region(content_id(claim.id, id), layer.span(id), values if number == 0 else {}))
    regions.sort(key=lambda region: (region.start, -region.end))
    return regions, list(_arrows(layer))


def _region(id: str, span: Span, attributes: Mapping[str, str]) -> Region:
    return Region(id, span.layer, span.label, span.start, span.end, dict(sorted(attributes.items())))


def content_id(claim: str, span: str) -> str:
    """The id of a claim's content region.

    >>> content_id("c5d0e19b", "s44e1b80")
    'c5d0e19b_s44e1b80'
    """
    return f"{claim}_{span}"


def is_ours(id: object) -> bool:
    """Whether this has the form of an id that `make_regions` gives a region.

    >>> is_ours("s44e1b80a"), is_ours("c5d0e19b_s44e1b80a"), is_ours("see above")
    (True, False, False)
    """
    return isinstance(id, str) and _OWN.fullmatch(id) is not None


def key_of(relation: Relation) -> str:
    """What stands for a relation where it has no id of its own.

    >>> key_of(Relation("r19c04e7", "AGENT", "s02b11aa", "s7f3a2c1"))
    'AGENT s02b11aa s7f3a2c1'
    """
    return f"{relation.label} {relation.head} {relation.tail}"


def _arrows(layer: Layer) -> Iterator[Arrow]:
    for relation in layer.relations:
        yield Arrow(relation.label, relation.head, relation.tail)
    heads = {claim.id: content_id(claim.id, claim.content[0]) for claim in layer.claims if claim.content}
    for claim in layer.claims:
        head = heads[claim.id]
        if claim.source:
            yield Arrow("source", head, claim.source)
        if claim.cue:
            yield Arrow("cue", head, claim.cue)
        for id in claim.content[1:]:
            yield Arrow("content", head, content_id(claim.id, id))
        for name in ("parent", "continues"):
            if other := getattr(claim, name):
                yield Arrow(name, head, heads[other])


def make_layer(
    read: Regions,
    document: Document,
    layers: Iterable[str] = (),
    relations: Mapping[str, str] | None = None,
    earlier: Layer | None = None,
    defaults: bool = True,
) -> Layer:
    """The layer that regions and arrows say, with words from `read.text`, the document's canonical text.

    `layers` are those that were annotated (default: all), `relations` the ids of relations that went out (by `key_of`),
    `earlier` what the same annotator's layer was before. Without `defaults` every answer must have been given.
    Everything odd is reported in `read.found`; where one of these is an error the layer lacks something and should not
    be stored.
    """
    asked = tuple(name for name in layers if name in read.schema.layers) or tuple(read.schema.layers)
    ids = Ids(document.id)
    spans = _spans(read, ids, earlier, defaults)
    arrows = list(dict.fromkeys(arrow for arrow in (_turned(a, read) for a in read.arrows) if arrow))
    claims = _claims(read, arrows, spans, ids, earlier, defaults)
    layer = Layer(
        document=document.id,
        schema=read.schema.version,
        length=len(read.text),
        sha256=document.sha256,
        layers=asked,
        spans=tuple(dict.fromkeys(spans.values())),
        relations=tuple(_relations(arrows, spans, ids, relations or {}, earlier)),
        claims=tuple(claims),
    )
    _check_joined(layer, read)
    return layer


def _spans(read: Regions, ids: Ids, earlier: Layer | None, defaults: bool) -> dict[str, Span]:
    """The span of every region by the region's id. Regions that say the same are one span."""
    places: dict[tuple[str, str, int, int], list[Region]] = {}
    for region in sorted(read.by_id.values(), key=lambda r: (r.start, -r.end, r.layer, r.label, r.id)):
        places.setdefault(region.place, []).append(region)
    had = {(s.layer, s.label, s.start, s.end): s.id for s in (earlier.spans if earlier else ())}
    chosen = {place: ids.take(*(own[2] for r in same if (own := _own(r.id)))) for place, same in places.items()}
    found: dict[str, Span] = {}
    for place, same in places.items():
        layer, label, start, end = place
        id = chosen[place] or ids.take(had.get(place)) or ids.made("s", same[0].id)
        attributes: dict[str, str] = {}
        if layer != "CLAIM":
            for region in same:
                attributes = region.attributes | attributes
            if len(same) > 1:
                read.report("region-repeated", f"{read.quoted(same[0])} was marked {len(same)} times; it counts once")
            for attribute in read.schema.layers[layer].attributes:
                if defaults and attribute.required and attribute.default:
                    attributes.setdefault(attribute.name, attribute.default)
        span = Span(id, layer, label, start, end, attributes, read.text[start:end])
        found |= {region.id: span for region in same}
    return found


def _own(id: str) -> re.Match[str] | None:
    return _OWN.fullmatch(id)


def _fits(arrow: Arrow, read: Regions) -> bool:
    head, tail = read.by_id[arrow.head], read.by_id[arrow.tail]
    if arrow.label in CLAIM_ARROWS:
        ends = CLAIM_ARROWS[arrow.label]
        return head.label == "CONTENT" and head.id != tail.id and (tail.label in ends or tail.layer in ends)
    kind = read.schema.relations[arrow.label]
    return head.layer in kind.head and tail.layer in kind.tail


def _turned(arrow: Arrow, read: Regions) -> Arrow | None:
    """The arrow in the direction that its label allows, or None where it fits neither way."""
    if _fits(arrow, read):
        return arrow
    drawn = f"{arrow.label} from {read.quoted(read.by_id[arrow.head])} to {read.quoted(read.by_id[arrow.tail])}"
    other = Arrow(arrow.label, arrow.tail, arrow.head)
    if _fits(other, read):
        read.report("arrow-turned", f"{drawn} was drawn the wrong way round; it was turned")
        return other
    read.report("arrow-ends", f"{drawn} joins what it can't join")
    return None


def _relations(
    arrows: Iterable[Arrow],
    spans: Mapping[str, Span],
    ids: Ids,
    sent: Mapping[str, str],
    earlier: Layer | None,
) -> Iterable[Relation]:
    had = {key_of(relation): relation.id for relation in (earlier.relations if earlier else ())}
    seen: set[str] = set()
    found: list[Relation] = []
    for arrow in arrows:
        relation = Relation("", arrow.label, spans[arrow.head].id, spans[arrow.tail].id)
        if arrow.label not in CLAIM_ARROWS and (key := key_of(relation)) not in seen:
            seen.add(key)
            wished = [id for id in (had.get(key), sent.get(key)) if id and re.fullmatch("r[0-9a-f]{8}", id)]
            found.append(replace(relation, id=ids.take(*wished) or ""))
    # Ids that were there go first, so that a made one never takes the place of one that was sent.
    return [r if r.id else replace(r, id=ids.made("r", key_of(r))) for r in found]


def _claims(
    read: Regions,
    arrows: Iterable[Arrow],
    spans: Mapping[str, Span],
    ids: Ids,
    earlier: Layer | None,
    defaults: bool,
) -> list[Claim]:
    """A claim for every CONTENT region that is no other one's further content."""
    ends: dict[tuple[str, str], list[str]] = {}
    for arrow in arrows:
        if arrow.label in CLAIM_ARROWS:
            ends.setdefault((arrow.head, arrow.label), []).append(arrow.tail)
    further = {tail for (_, label), tails in ends.items() if label == "content" for tail in tails}
    contents = [r for r in read.by_id.values() if (r.layer, r.label) == ("CLAIM", "CONTENT")]
    contents.sort(key=lambda r: (r.start, -r.end, r.id))
    heads = [region for region in contents if region.id not in further]
    parts = {head.id: _reached(head.id, ends) for head in heads}
    claim_of = _claim_ids(heads, parts, spans, ids, earlier)
    for region in contents:
        if region.id in further:
            _check_further(region, ends, read)
    return [_claim(head, parts[head.id], ends, spans, claim_of, read, defaults) for head in heads]


def _reached(head: str, ends: Mapping[tuple[str, str], list[str]]) -> list[str]:
    """The claim's content regions, its first among them, through arrows over further content."""
    found = [head]
    for id in found:
        found += (tail for tail in ends.get((id, "content"), []) if tail not in found)
    return found


def _claim_ids(
    heads: Iterable[Region],
    parts: Mapping[str, list[str]],
    spans: Mapping[str, Span],
    ids: Ids,
    earlier: Layer | None,
) -> dict[str, str]:
    """The claim of every content region, by the region's id."""
    had: dict[str, list[str]] = {}
    for claim in earlier.claims if earlier else ():
        had.setdefault(claim.content[0], []).append(claim.id)
    chosen = {head.id: ids.take(own[1] if (own := _own(head.id)) else None) for head in heads}
    found: dict[str, str] = {}
    for head in heads:
        before = had.get(spans[head.id].id, [])
        id = chosen[head.id] or ids.take(*before) or ids.made("c", head.id)
        for region in parts[head.id][::-1]:
            found.setdefault(region, id)
    return found


def _check_further(region: Region, ends: Mapping[tuple[str, str], list[str]], read: Regions) -> None:
    if region.attributes:
        given = ", ".join(f"{name} {value}" for name, value in region.attributes.items())
        fact = f"{read.quoted(region)} is a claim's further content, but has {given}; it was left out"
        read.report("region-attribute", fact)
    drawn = [label for label in CLAIM_ARROWS if label != "content" and ends.get((region.id, label))]
    if drawn:
        fact = (
            f"{', '.join(drawn)} from {read.quoted(region)}, which is further content: draw it from the claim's first"
        )
        read.report("arrow-ends", fact)


def _claim(
    head: Region,
    parts: Iterable[str],
    ends: Mapping[tuple[str, str], list[str]],
    spans: Mapping[str, Span],
    claim_of: Mapping[str, str],
    read: Regions,
    defaults: bool,
) -> Claim:
    def one(label: str, name: Callable[[str], str | None]) -> str | None:
        found = list(dict.fromkeys(name(tail) for tail in ends.get((head.id, label), [])))
        if len(found) > 1:
            read.report("claim-part-repeated", f"{read.quoted(head)} has {len(found)} arrows to a {label}")
        return found[0] if found else None

    known = read.schema.claim.items()
    values = {name: head.attributes.get(name, attribute.default if defaults else "") for name, attribute in known}
    if missing := [name for name, value in values.items() if not value]:
        read.report("claim-incomplete", f"{read.quoted(head)} has no {', '.join(missing)}")
    content = sorted({spans[part] for part in parts}, key=lambda s: (s.start, -s.end))
    return Claim(
        id=claim_of[head.id],
        source=one("source", lambda id: spans[id].id),
        cue=one("cue", lambda id: spans[id].id),
        content=tuple(span.id for span in content),
        parent=one("parent", claim_of.get),
        continues=one("continues", claim_of.get),
        **values,
    )


def _check_joined(layer: Layer, read: Regions) -> None:
    """A cue or source that no claim has says nothing; a content that is none's is caught in a circle of arrows."""
    used = {id for claim in layer.claims for id in claim.spans}
    for span in layer.of("CLAIM"):
        if span.id not in used:
            region = Region("", span.layer, span.label, span.start, span.end)
            read.report("region-unjoined", f"{read.quoted(region)} belongs to no claim")


def restricted(layer: Layer, layers: Iterable[str]) -> Layer:
    """The layer with the records of these annotation layers only. A claim stays without its source where that is an
    actor and actors are not among them.
    """
    wanted = [name for name in layer.layers if name in set(layers)]
    spans = tuple(span for span in layer.spans if span.layer in wanted)
    here = {span.id for span in spans}
    claims = tuple(replace(c, source=c.source if c.source in here else None) for c in layer.claims)
    return replace(
        layer,
        layers=tuple(wanted),
        spans=spans,
        relations=tuple(r for r in layer.relations if {r.head, r.tail} <= here),
        claims=claims if "CLAIM" in wanted else (),
    )
