"""What other tools' files say, as layers of the corpus's documents or of texts of their own.

Where only some layers were annotated again, those of the earlier layer that were not stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from dataset_builder.corpus import Corpus, sha256
from dataset_builder.curation.reading import canonical_text
from dataset_builder.errors import DataError
from dataset_builder.formats.foreign import Foreign, restore
from dataset_builder.formats.regions import CLAIM_ARROWS, Regions, make_layer
from dataset_builder.formats.sheet.ids import with_other_layers
from dataset_builder.incidents import Incident
from dataset_builder.model import Claim, Document, Layer
from dataset_builder.validation.labels import check_labels
from dataset_builder.validation.references import LayerFile


def own_layer(foreign: Foreign, layers: Sequence[str] = ()) -> tuple[Layer, list[Incident]]:
    """The layer over the file's own text, whatever the corpus has. `layers` are those that were annotated; by default
    those that the file names, else those that it has a region of.
    """
    document = Document(foreign.id, "", "included", "", sha256(foreign.text), len(foreign.text), "", "utf-8")
    return _layer(foreign, document, layers, None)


def corpus_layer(
    foreign: Foreign, corpus: Corpus, layers: Sequence[str] = (), onto: Layer | None = None
) -> tuple[Layer, list[Incident]]:
    """The layer over the corpus's document of that id.

    Where `onto` is given, what the format could not carry is taken from it as far as it still fits, and ids are kept.
    Its records of layers that were not annotated stay. Raises UsageError for an unknown document, DataError where the
    file's text is not the document's, or it can't be known which layers were annotated.
    """
    document = corpus.document(foreign.id)
    text = canonical_text(corpus, document)
    if foreign.text != text:
        at = next((i for i, (a, b) in enumerate(zip(foreign.text, text, strict=False)) if a != b), len(text))
        raise DataError(
            f"{foreign.read.where}: its text is not that of {document.id}: they part at code point {at} "
            f"({foreign.text[at : at + 20]!r}, expected {text[at : at + 20]!r}); annotate what was written out"
        )
    if onto is not None:
        restore(foreign, onto)
    return _layer(foreign, document, layers, onto)


def _layer(
    foreign: Foreign, document: Document, layers: Sequence[str], onto: Layer | None
) -> tuple[Layer, list[Incident]]:
    read = foreign.read
    done = layers or foreign.layers or _guessed(read, onto)
    if foreign.layers and not set(done) <= set(foreign.layers):
        missed = ", ".join(name for name in done if name not in foreign.layers)
        raise DataError(f"{read.where}: says that {', '.join(foreign.layers)} was annotated, not {missed}")
    _pass_over(read, done, onto)
    layer = make_layer(read, document, done, earlier=onto)
    layer = replace(layer, layers=tuple(name for name in read.schema.layers if name in done))
    if onto is not None:
        layer = _with_others(layer, onto, read)
    checked = check_labels(LayerFile(layer, read.where, {}, ""), read.schema, None)
    return layer, [*read.found, *(_in_words(incident, layer) for incident in checked if incident.is_error)]


def _guessed(read: Regions, onto: Layer | None) -> list[str]:
    """The layers that were annotated where neither the file nor the user says so.

    Raises DataError where a layer of `onto` would lose all it has, since the file may just not have been given it.
    """
    here = {region.layer for region in read.by_id.values()}
    had = {span.layer for span in onto.spans} if onto is not None else set()
    if missed := [name for name in read.schema.layers if name in had - here]:
        raise DataError(
            f"{read.where}: nothing of {', '.join(missed)} is in it, and the layer that it goes onto has that; name "
            "with --layers what was annotated (other layers stay as they are)"
        )
    known = here | set(onto.layers if onto is not None else ())
    return [name for name in read.schema.layers if name in known]


def _pass_over(read: Regions, done: Collection[str], onto: Layer | None) -> None:
    """Drop regions of layers that were not annotated, and arrows to them.

    What `onto` has of other layers stays as long as an arrow from an annotated one leads there: an event's agent.
    """
    stays = {(s.layer, s.label, s.start, s.end) for s in (onto.spans if onto is not None else ()) if s.layer != "CLAIM"}
    held = {id: region for id, region in read.by_id.items() if region.layer in done}
    arrows = [arrow for arrow in read.arrows if {arrow.head, arrow.tail} & held.keys()]
    ends = {end for arrow in arrows for end in (arrow.head, arrow.tail)}
    held |= {id: region for id, region in read.by_id.items() if id in ends and region.place in stays}
    kept = [arrow for arrow in arrows if {arrow.head, arrow.tail} <= held.keys()]
    if "CLAIM" not in done:
        kept = [arrow for arrow in kept if arrow.label not in CLAIM_ARROWS]
    if dropped := len(read.by_id) - len(held):
        what = f"{dropped} regions of layers that were not asked for and {len(read.arrows) - len(kept)} arrows"
        read.report("region-left-out", f"{what} were passed over")
    read.by_id, read.arrows = held, kept


def _with_others(layer: Layer, onto: Layer, read: Regions) -> Layer:
    """The layer with what `onto` has of layers that were not annotated now."""
    other = {span.id: span for span in onto.spans if span.layer not in layer.layers}
    places = {(s.layer, s.label, s.start, s.end): s.id for s in other.values()}
    ids = {s.id: places.get((s.layer, s.label, s.start, s.end), s.id) for s in layer.spans}
    spans = tuple(span for span in layer.spans if span.layer in layer.layers)
    for span in spans:
        if span.id in other:
            fact = f"{span.layer} «{span.text}» was {other[span.id].layer} before; ask for both layers"
            read.report("region-id", fact)
    relations = (replace(r, head=ids[r.head], tail=ids[r.tail]) for r in layer.relations)
    sources = {claim.id: claim.source for claim in onto.claims if claim.source in other}
    claims = (replace(c, source=ids.get(c.source or "") or _earlier(c, sources)) for c in layer.claims)
    layer = replace(layer, spans=spans, relations=tuple(relations), claims=tuple(claims))
    joined, lost = with_other_layers(layer, onto)
    for what in lost:
        read.found.append(Incident("annotation-lost", f"{what} lost with a span that it joins", read.where))
    return replace(joined, layers=tuple(name for name in read.schema.layers if name in joined.layers))


def _earlier(claim: Claim, sources: Mapping[str, str | None]) -> str | None:
    """The actor that was a claim's source: where actors did not go out with claims, no arrow could lead there. A claim
    whose source is implicit now, or none, has none.
    """
    return None if claim.source_status in ("implicit", "none") else sources.get(claim.id)


def _in_words(incident: Incident, layer: Layer) -> Incident:
    """A finding about the layer as its reader knows it: by words and place, not by an id that was made just now."""
    spans = {s.id: f"{s.label} «{' '.join((s.text or '').split()):.60}» ({s.start}–{s.end})" for s in layer.spans}
    shown = spans | {c.id: f"the claim {spans.get(c.content[0], '') if c.content else ''}" for c in layer.claims}
    shown |= {r.id: f"{r.label} from {spans.get(r.head)} to {spans.get(r.tail)}" for r in layer.relations}
    fact = re.sub(r"\b[src][0-9a-f]{8}\b", lambda match: shown.get(match[0], match[0]), incident.fact)
    return replace(incident, fact=fact, line=0)
