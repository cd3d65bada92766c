"""Croissant metadata of a release: files, record sets and responsible-AI fields as JSON-LD.

After the Croissant 1.1 and Croissant RAI 1.0 vocabularies of MLCommons. The fields are read off the Arrow schema of
each file, the RAI answers off DATASHEET.md. A list inside a list of records is not described,
since mlcroissant can't read one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from dataset_builder.release.answers import quoted
from dataset_builder.release.content import Part, Release

NAME = "croissant.json"
#: What stands as the licence of a build with words of others.
HYDRATED = "No licence to pass this build on: the texts of referenced documents belong to their publishers."

#: The context that the specification asks for: terms of schema.org, and these of Croissant.
_TERMS = """arrayShape citeAs column containedIn equivalentProperty extract field fileObject fileProperty fileSet format
includes isArray isLiveDataset jsonPath key md5 parentField path recordSet references regex repeated replace
samplingRate separator source subField transform"""
_CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "sc": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "dct": "http://purl.org/dc/terms/",
    "conformsTo": "dct:conformsTo",
    "name": {"@container": "@language"},
    "description": {"@container": "@language"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "data": {"@id": "cr:data", "@type": "@json"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
    **{term: f"cr:{term}" for term in _TERMS.split()},
}

#: Which answers of the datasheet each field of the RAI vocabulary is made from.
_RAI: Mapping[str, tuple[str, ...]] = {
    "dataCollection": ("3.1", "3.2"),
    "dataCollectionMissingData": ("2.6",),
    "dataCollectionTimeframe": ("3.5",),
    "dataPreprocessingProtocol": ("4.1",),
    "dataAnnotationProtocol": ("4.1", "4.4"),
    "dataAnnotationAnalysis": ("2.9",),
    "annotatorDemographics": ("8.4",),
    "dataBiases": ("2.3", "5.4"),
    "dataUseCases": ("5.3",),
    "dataLimitations": ("5.5", "2.5"),
    "dataSocialImpact": ("3.11",),
    "personalSensitiveInformation": ("2.14", "2.15"),
    "dataReleaseMaintenancePlan": ("7.4", "7.5"),
}


def croissant(release: Release, sums: Mapping[str, str], answers: Mapping[str, str], released: str = "") -> str:
    """croissant.json of a release.

    `sums` has the SHA-256 of each file by its path, `answers` those of the datasheet by number, `released` the ISO day.
    """
    described: dict[str, Any] = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "name": "khabar",
        "description": "Arabic conflict news annotated with actors, locations, events, attributed claims and framing.",
        "conformsTo": ["http://mlcommons.org/croissant/1.1", "http://mlcommons.org/croissant/RAI/1.0"],
        "license": HYDRATED if release.hydrated else "https://creativecommons.org/licenses/by/4.0/",
        "version": release.version,
        "inLanguage": "ar",
        "keywords": ["Arabic", "conflict news", "attribution", "event extraction", "named entities", "framing"],
        "creator": {"@type": "sc:Organization", "name": "The Khabar maintainers"},
        "citeAs": f"Khabar {release.version}, content {release.digest[:12]}",
    }
    if released:
        described["datePublished"] = released
    described |= {f"rai:{name}": text for name, text in _rai(answers).items()}
    described["distribution"] = [_file(part, sums[part.path]) for part in release.files]
    described["recordSet"] = [_records(part) for part in release.files]
    return json.dumps(described, ensure_ascii=False, indent=1) + "\n"


def _rai(answers: Mapping[str, str]) -> dict[str, str]:
    found = {name: " ".join(quoted(answers, key) for key in keys).strip() for name, keys in _RAI.items()}
    return {name: text for name, text in found.items() if text}


def _file(part: Part, sha256: str) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": part.path,
        "name": part.path,
        "contentUrl": part.path,
        "encodingFormat": "application/x-parquet",
        "sha256": sha256,
    }


def _records(part: Part) -> dict[str, Any]:
    features = _features(part.table.schema)
    fields = [_field(part, field, features[field.name]) for field in part.table.schema if _is_readable(field.type)]
    return {
        "@type": "cr:RecordSet",
        "@id": part.name,
        "name": part.name,
        "description": f"Configuration {part.config}, split {part.split}: {part.table.num_rows} rows.",
        "field": fields,
    }


def _is_readable(kind: pa.DataType) -> bool:
    """Scalars, lists of scalars, and lists of records of scalars."""
    return not (pa.types.is_list(kind) and pa.types.is_list(kind.value_type))


def _field(part: Part, field: pa.Field, feature: Any) -> dict[str, Any]:
    id = f"{part.name}/{field.name}"
    made: dict[str, Any] = {"@type": "cr:Field", "@id": id, "name": id}
    source = {"fileObject": {"@id": part.path}, "extract": {"column": field.name}}
    kind = field.type
    if pa.types.is_list(kind):
        made |= {"isArray": True, "arrayShape": "-1"}
        kind, feature = kind.value_type, feature["feature"]
    if pa.types.is_struct(kind):
        made["subField"] = [
            {
                "@type": "cr:Field",
                "@id": f"{id}/{child.name}",
                "name": f"{id}/{child.name}",
                **_type(child.type, feature[child.name]),
                "source": {**source, "transform": {"jsonPath": child.name}},
            }
            for child in kind
            if not pa.types.is_list(child.type)
        ]
        return made
    return made | _type(kind, feature) | {"source": source}


def _type(kind: pa.DataType, feature: Any) -> dict[str, Any]:
    names = feature.get("names")
    if names:
        return {"dataType": "sc:Integer", "description": "; ".join(f"{i} {name}" for i, name in enumerate(names))}
    if pa.types.is_boolean(kind):
        return {"dataType": "sc:Boolean"}
    return {"dataType": "sc:Integer" if pa.types.is_integer(kind) else "sc:Text"}


def _features(schema: pa.Schema) -> dict[str, Any]:
    """The `datasets` features of a table as plain data: ClassLabels have their names in them."""
    features: dict[str, Any] = json.loads(schema.metadata[b"huggingface"])["info"]["features"]
    return features
