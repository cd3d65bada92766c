"""UIMA CAS as JSON, which INCEpTION imports and exports ("UIMA CAS JSON 0.4.0").

Regions are `custom.Span`, arrows `custom.Relation`: the two layers that a project of INCEpTION has from the start, with
a feature for each attribute. CAS counts UTF-16 units; the library dkpro-cassis turns them into code points and back.
Needs the extra `formats`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from dataset_builder.errors import DataError
from dataset_builder.formats.conll import cut
from dataset_builder.formats.foreign import Foreign, Item, Labels, decoded, needs, own_id
from dataset_builder.formats.regions import Names, Regions, make_regions
from dataset_builder.schema import Schema
from dataset_builder.text.tokenise import sentences

LOSES = "ids of relations; which layers were annotated (those with a region are taken to be)"
SUFFIX = ".json"
_SPAN, _RELATION = "custom.Span", "custom.Relation"
_SEGMENTATION = "de.tudarmstadt.ukp.dkpro.core.api.segmentation.type"
#: What tools note about a document as a whole.
_DOCUMENT = ("DocumentAnnotation", "DocumentMetaData", "TagsetDescription", "CASMetadata", "Sofa")
#: The feature that keeps a region's id.
_ID = "khabar_id"


def write(items: Iterable[Item], schema: Schema) -> Iterator[tuple[str, bytes]]:
    """A file a document."""
    for item in items:
        yield f"{item.id}.json", _cas(item, schema).to_json(pretty_print=True).encode("utf8")


def _types(schema: Schema) -> Any:
    cassis = _cassis()
    system = cassis.TypeSystem()
    span = system.create_type(_SPAN, "uima.tcas.Annotation")
    for name in ("label", _ID, *Names(schema).attributes):
        system.create_feature(span, name, "uima.cas.String")
    relation = system.create_type(_RELATION, "uima.tcas.Annotation")
    system.create_feature(relation, "label", "uima.cas.String")
    for end in ("Governor", "Dependent"):
        system.create_feature(relation, end, span)
    for name in ("Sentence", "Token"):
        system.create_type(f"{_SEGMENTATION}.{name}", "uima.tcas.Annotation")
    return system


def _cas(item: Item, schema: Schema) -> Any:
    names = Names(schema)
    regions, arrows = make_regions(item.layer, schema)
    system = _types(schema)
    cas = _cassis().Cas(system)
    cas.sofa_string, cas.sofa_mime = item.text, "text/plain"
    edges = {edge for region in regions for edge in (region.start, region.end)}
    for name, stretches in (("Sentence", sentences(item.text)), ("Token", cut(item.text, edges))):
        kind = system.get_type(f"{_SEGMENTATION}.{name}")
        cas.add_all(kind(begin=start, end=end) for start, end in stretches)
    kind = system.get_type(_SPAN)
    made = {}
    for region in regions:
        label = names.value(region.layer, region.label)
        made[region.id] = kind(begin=region.start, end=region.end, label=label, **{_ID: region.id}, **region.attributes)
    kind = system.get_type(_RELATION)
    drawn = [(arrow.label, made[arrow.head], made[arrow.tail]) for arrow in arrows]
    cas.add_all(made.values())
    # INCEpTION shows a relation where it ends.
    cas.add_all(
        kind(begin=tail.begin, end=tail.end, label=label, Governor=head, Dependent=tail) for label, head, tail in drawn
    )
    return cas


def read(path: Path, labels: Labels) -> Iterator[Foreign]:
    """The document of a file: its `custom.Span` annotations and `custom.Relation` arrows."""
    cassis = _cassis()
    try:
        cas = cassis.load_cas_from_json(decoded(path))
        text = cas.sofa_string or ""
        spans = list(cas.select(_SPAN)) if _has(cas, _SPAN) else []
        relations = list(cas.select(_RELATION)) if _has(cas, _RELATION) else []
        others = Counter(one.type.name for one in cas.select("uima.tcas.Annotation") if not _is_read(one.type.name))
    except DataError:
        raise
    except Exception as error:  # whatever the library raises for what is no CAS
        raise DataError(f"{path}: no UIMA CAS JSON ({error!r:.80}); export as “UIMA CAS JSON 0.4.0”") from error
    if not isinstance(text, str):
        raise DataError(f"{path}: its text is {type(text).__name__}; export as “UIMA CAS JSON 0.4.0”")
    regions = Regions(text, labels.schema, str(path))
    ids = {}
    for number, span in enumerate(spans):
        ids[span.xmiID] = id = own_id(regions, getattr(span, _ID, None), f"region {number}")
        labels.add(regions, id, getattr(span, "label", None), span.begin, span.end)
        if region := regions.by_id.get(id):
            for name in labels.names.attributes:
                if (value := getattr(span, name, None)) is not None:
                    regions.answer(region, name, value)
    for relation in relations:
        ends = (getattr(getattr(relation, name, None), "xmiID", None) for name in ("Governor", "Dependent"))
        regions.join(getattr(relation, "label", None), *(ids.get(end) for end in ends))
    if others:
        counts = ", ".join(f"{count} {name}" for name, count in others.most_common())
        fact = f"{others.total()} annotations of other types ({counts}); {_SPAN} and {_RELATION} are read"
        regions.report("region-left-out", fact)
    yield Foreign(path.stem, text, regions)


def _is_read(name: str) -> bool:
    """Whether annotations of this type are read, or stand for nothing that somebody marked."""
    return name in (_SPAN, _RELATION) or name.startswith(_SEGMENTATION) or name.rpartition(".")[2] in _DOCUMENT


def _has(cas: Any, name: str) -> bool:
    return bool(cas.typesystem.contains_type(name))


def _cassis() -> Any:
    try:
        import cassis
    except ImportError as error:
        raise needs("formats", "dkpro-cassis") from error
    return cassis
