"""Level 4: the collection. Do manifests, texts, lists, splits and layers fit each other?"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from dataset_builder.codec import decode_manifest
from dataset_builder.corpus import INCLUDED_SOURCE, Corpus, sha256
from dataset_builder.incidents import Incident
from dataset_builder.lists import Cluster, Cue, Entity, Item, LoadedTerm, Nominal, PlaceWord, Trigger, decode_list
from dataset_builder.model import Document
from dataset_builder.validation.labels import is_date
from dataset_builder.validation.references import LayerFile
from dataset_builder.validation.splits import check_splits


@dataclass(frozen=True)
class Placed:
    """A manifest record with where it stood."""

    document: Document
    path: str
    line: int

    def incident(self, code: str, fact: str) -> Incident:
        return Incident(code, fact, self.path, self.line)


def check_collection(corpus: Corpus) -> Iterator[Incident]:
    """Everything of level 4 but what concerns single layers (`check_links`)."""
    placed = [p for path in corpus.manifest_paths() for p in _placed(corpus, path)]
    ids: dict[str, Placed] = {}
    texts: dict[str, Placed] = {}
    for record in placed:
        document = record.document
        if document.id in ids:
            yield record.incident("document-repeated", f"{document.id} stands at {ids[document.id].path} already")
        ids.setdefault(document.id, record)
        if not document.duplicate_of and not document.excluded:
            if document.sha256 in texts:
                fact = f"{document.id} has the text of {texts[document.sha256].document.id}"
                yield record.incident("text-repeated", fact)
            texts.setdefault(document.sha256, record)
    for record in placed:
        yield from _manifest(record, ids)
        yield from _text(record, corpus)
        yield from _lists(record, corpus)
    yield from _clusters(corpus, ids)
    yield from check_splits(corpus)


def _placed(corpus: Corpus, path: Path) -> list[Placed]:
    shown = corpus.relative(path)
    return [Placed(document, shown, line) for line, document in decode_manifest(path.read_bytes(), shown)[0]]


def _manifest(record: Placed, ids: dict[str, Placed]) -> Iterator[Incident]:
    document = record.document
    if not record.path.endswith(f"/{document.source}.jsonl"):
        yield record.incident("manifest-source", f"{document.id} is of source {document.source}")
    if document.published and not is_date(document.published):
        yield record.incident("impossible-date", f"{document.id} was published on {document.published!r}")
    if document.duplicate_of and document.duplicate_of not in ids:
        yield record.incident("duplicate-of-unknown", f"{document.id} repeats {document.duplicate_of}, unknown")
    if document.story and (document.story not in ids or ids[document.story].document.story != document.story):
        yield record.incident("unknown-story", f"{document.id} is of the story of {document.story!r}")
    if document.is_included:
        return
    if document.title:
        yield record.incident("title-of-referenced", f"{document.id} is referenced and its title stands here")
    for name in ("licence", "url", "locator", "reader", "encoding", "outlet", "cluster", "excluded"):
        if re.search("[\u0620-\u06ff]", unquote(getattr(document, name))):
            yield record.incident("words-of-referenced", f"{name} of {document.id} holds Arabic words")
    if not document.windows and not document.excluded and not document.duplicate_of:
        yield record.incident("windows-missing", f"{document.id} is referenced and has no windows")


def _text(record: Placed, corpus: Corpus) -> Iterator[Incident]:
    """An included text must be here, unchanged and canonical; of a referenced one any copy may be, or none."""
    document = record.document
    if not document.is_included:
        return
    path = corpus.relative(corpus.text_path(document))
    try:
        text = corpus.text(document)
    except UnicodeDecodeError as error:
        yield Incident("text-differs", f"byte {error.start} is not UTF-8", path)
        return
    if text is None:
        yield record.incident("text-missing", f"{path} is not there")
    elif (sha256(text), len(text), len(text.split())) != (document.sha256, document.length, document.words):
        yield Incident("text-differs", f"the text is not the one that {record.path}:{record.line} describes", path)
    elif unicodedata.normalize("NFC", text) != text or "\r" in text or text.startswith("\ufeff"):
        yield Incident("text-not-canonical", "the text is not NFC with LF and without byte order mark", path)
    elif document.title != text.partition("\n")[0]:
        yield record.incident("title-differs", f"the title of {document.id} is not the first line of its text")


def _lists(record: Placed, corpus: Corpus) -> Iterator[Incident]:
    document = record.document
    if document.outlet and document.outlet not in corpus.outlets:
        yield record.incident("unknown-outlet", f"{document.id}: {document.outlet} is not in outlets.jsonl")
    elif document.outlet and corpus.outlets[document.outlet].designed != (document.source == INCLUDED_SOURCE):
        fact = f"{document.id} is of source {document.source}, its outlet {document.outlet} is"
        designed = corpus.outlets[document.outlet].designed
        yield record.incident("outlet-designed", f"{fact} {'' if designed else 'not '}marked as designed")
    if document.cluster and document.cluster not in corpus.clusters:
        yield record.incident("unknown-cluster", f"{document.id}: {document.cluster} is not in clusters.jsonl")


def _clusters(corpus: Corpus, ids: dict[str, Placed]) -> Iterator[Incident]:
    path = corpus.root / "annotations" / "clusters.jsonl"
    clusters, _, lines = decode_list(path, Cluster, corpus.relative(path))
    for cluster in clusters.values():
        place = corpus.relative(path), lines[cluster.id]
        for entry in cluster.documents:
            if entry.id not in ids or ids[entry.id].document.cluster != cluster.id:
                fact = f"{cluster.id} lists {entry.id}, whose manifest record does not name it"
                yield Incident("cluster-documents", fact, *place)
        known = {reference.id for reference in cluster.references}
        for told in cluster.facts:
            for id in told.references:
                if id not in known:
                    yield Incident("fact-without-reference", f"{cluster.id}: no reference {id}", *place)


def check_links(file: LayerFile, corpus: Corpus) -> Iterator[Incident]:
    """Level 4 of one layer: entities that exist and have the label's type on that day, and a live document."""
    document = corpus.documents.get(file.layer.document)
    if document and (document.duplicate_of or document.excluded):
        why = f"repeats {document.duplicate_of}" if document.duplicate_of else f"is left out: {document.excluded}"
        yield file.incident("layer-of-left-out", f"{document.id} {why}")
    for span in file.layer.of("ACTOR"):
        id = span.attributes.get("entity")
        if id is None:
            continue
        entity = corpus.entities.get(id)
        if entity is None:
            yield file.incident("unknown-entity", f"{span.id}: {id} is not in entities.jsonl", span.id)
            continue
        types = [type.value for type in entity.types if type.holds(document.published if document else "")]
        if span.label not in types:
            fact = f"{span.id} is {span.label}, but {id} is {' or '.join(types) or 'nothing'} on that day"
            yield file.incident("entity-type", fact, span.id)


def check_lists(corpus: Corpus) -> Iterator[Incident]:
    """Level 4 of the lists themselves: entity types and event groups are labels."""
    schema = corpus.schema
    path = corpus.root / "annotations" / "entities.jsonl"
    entities, _, lines = decode_list(path, Entity, corpus.relative(path))
    for entity in entities.values():
        for type in entity.types:
            if type.value not in schema.layers["ACTOR"].names:
                fact = f"{entity.id} has type {type.value}"
                yield Incident("unknown-label", fact, corpus.relative(path), lines[entity.id])
    path = corpus.root / "annotations" / "clusters.jsonl"
    clusters, _, lines = decode_list(path, Cluster, corpus.relative(path))
    for cluster in clusters.values():
        for group in cluster.event_groups:
            if group not in schema.event_groups:
                fact = f"{cluster.id} has event group {group}"
                yield Incident("unknown-label", fact, corpus.relative(path), lines[cluster.id])
    yield from _lexicon(corpus)


def _lexicon(corpus: Corpus) -> Iterator[Incident]:
    """Acts of cues, polarities of loaded terms, and labels of nouns, place words and triggers are the schema's."""
    path = corpus.root / "annotations" / "lexicon" / "cues.jsonl"
    cues, _, lines = decode_list(path, Cue, corpus.relative(path))
    for cue in cues.values():
        for act in cue.acts:
            if act not in corpus.schema.claim["act"].values:
                yield Incident("unknown-label", f"{cue.id} has act {act}", corpus.relative(path), lines[cue.id])
    yield from _labelled(corpus, "frames.jsonl", LoadedTerm, lambda term: [("FRAME", term.label)])
    yield from _labelled(corpus, "nominals.jsonl", Nominal, lambda noun: [("ACTOR", noun.label)])
    yield from _labelled(corpus, "places.jsonl", PlaceWord, lambda word: [("LOCATION", word.label)])
    yield from _labelled(corpus, "triggers.jsonl", Trigger, _trigger_labels)


def _trigger_labels(trigger: Trigger) -> Iterator[tuple[str, str]]:
    yield "EVENT", trigger.code
    for variant in trigger.variants:
        yield "EVENT", variant.code
        yield from (("ACTOR", agent) for agent in variant.agents)


def _labelled(
    corpus: Corpus, name: str, kind: type[Item], labels: Callable[[Item], Iterable[tuple[str, str]]]
) -> Iterator[Incident]:
    """Labels of a lexicon's items, each with its layer, are the schema's."""
    path = corpus.root / "annotations" / "lexicon" / name
    items, _, lines = decode_list(path, kind, corpus.relative(path))
    for item in items.values():
        for layer, label in labels(item):
            if label not in corpus.schema.layers[layer].names:
                yield Incident("unknown-label", f"{item.id} has label {label}", corpus.relative(path), lines[item.id])
