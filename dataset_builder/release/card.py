"""The dataset card: YAML that `datasets` and the Hub read, and a body computed from the release."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources
from typing import Any

from dataset_builder.release.content import Part, Release
from dataset_builder.release.manifest import Manifest

_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))


def card(release: Release, manifest: Manifest, sizes: Mapping[str, int], answers: Mapping[str, str]) -> str:
    """README.md of a release.

    `sizes` has the bytes of each part's file by name, `answers` those of the datasheet by number.
    """
    return f"---\n{front_matter(release, sizes)}\n---\n{_body(release, manifest, answers)}"


def front_matter(release: Release, sizes: Mapping[str, int]) -> str:
    """The YAML between the dashes.

    The content digest stands in every configuration's description: `datasets` takes its cache's key for a local folder
    from this block alone, so without it a changed Parquet file would be served stale.
    """
    from datasets.info import DatasetInfosDict
    from datasets.utils.metadata import MetadataConfigs
    from huggingface_hub import DatasetCardData

    data = DatasetCardData(
        language=["ar"],
        language_bcp47=["ar", "ar-TN", "ar-SY"],
        language_details="composed: Modern Standard Arabic in the manner of Syrian and pan-Arab news; "
        "press: as written in Tunisia (ar-TN), one article in Syria (ar-SY)",
        license="other" if release.hydrated else "cc-by-4.0",
        pretty_name="Khabar (hydrated, not for redistribution)" if release.hydrated else "Khabar",
        task_categories=["token-classification", "text-classification"],
        task_ids=["named-entity-recognition"],
        annotations_creators=["machine-generated"],
        language_creators=["found", "machine-generated"] if release.hydrated else ["machine-generated"],
        source_datasets=["original", "extended|other-antcorpus"],
        multilinguality=["monolingual"],
        size_categories=[_size(len(release.selection.all))],
        tags=["arabic", "news", "conflict", "event-extraction", "attribution", "framing", "nested-ner"],
    )
    configs = release.configs
    DatasetInfosDict({name: _info(name, parts, sizes) for name, parts in configs.items()}).to_dataset_card_data(data)
    infos = data["dataset_info"]
    for info in infos if isinstance(infos, list) else [infos]:
        info["description"] = f"version {release.version}, content sha256 {release.digest}"
    default = next(iter(configs))
    MetadataConfigs({n: _config(n, parts, n == default) for n, parts in configs.items()}).to_dataset_card_data(data)
    return str(data.to_yaml())


def _info(name: str, parts: list[Part], sizes: Mapping[str, int]) -> Any:
    from datasets import DatasetInfo, Features, SplitDict, SplitInfo

    splits = SplitDict()
    for part in parts:
        splits.add(SplitInfo(part.split, num_bytes=part.table.nbytes, num_examples=part.table.num_rows))
    return DatasetInfo(
        features=Features.from_arrow_schema(parts[0].table.schema),
        splits=splits,
        download_size=sum(sizes[part.name] for part in parts),
        dataset_size=sum(part.table.nbytes for part in parts),
        config_name=name,
    )


def _config(name: str, parts: list[Part], default: bool) -> dict[str, Any]:
    files = [{"split": part.split, "path": f"data/{name}/{part.split}-*"} for part in parts]
    return ({"default": True} if default else {}) | {"data_files": files}


def _size(documents: int) -> str:
    return next((name for limit, name in _SIZES if documents < limit), "n>1M")


def _body(release: Release, manifest: Manifest, answers: Mapping[str, str]) -> str:
    import jinja2

    template = resources.files(__package__).joinpath("templates", "card.md.j2").read_text("utf8")
    environment = jinja2.Environment(
        trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True, undefined=jinja2.StrictUndefined
    )
    return environment.from_string(template).render(
        release=release, manifest=manifest, schema=release.schema, answers=answers
    )
