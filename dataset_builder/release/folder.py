"""A release as a folder: Parquet, card, sums, manifest; put in its place whole or not at all."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from dataset_builder.corpus import Corpus
from dataset_builder.errors import DataError, UsageError
from dataset_builder.files import replacing
from dataset_builder.release import croissant
from dataset_builder.release.answers import DATASHEET, read_answers
from dataset_builder.release.card import card
from dataset_builder.release.content import Release
from dataset_builder.release.lock import read_released
from dataset_builder.release.manifest import Manifest, describe

SUMS = "SHA256SUMS"
MANIFEST = "manifest.json"
#: Few enough rows that streaming starts at once, enough that files stay small.
ROWS_IN_A_GROUP = 2000


def write(release: Release, corpus: Corpus, out: Path) -> Manifest:
    """Write the release to the folder `out`, in place of an earlier build of it.

    Raises UsageError where `out` holds anything that no build made, or words of referenced texts would go to a place
    that git or `khabar publish` takes up.
    """
    out = out.resolve()
    _check_place(release, corpus, out)
    with replacing(out) as folder:
        sizes = {}
        for part in release.files:
            path = folder / part.path
            path.parent.mkdir(parents=True, exist_ok=True)
            write_parquet(part.table, path)
            sizes[part.name] = path.stat().st_size
        manifest = describe(release)
        (folder / MANIFEST).write_text(manifest.encode(), "utf8")
        shutil.copyfile(corpus.root / "annotations" / "schema.toml", folder / "schema.toml")
        answers = read_answers(corpus.root)
        (folder / "README.md").write_text(card(release, manifest, sizes, answers), "utf8")
        if answers:
            shutil.copyfile(corpus.root / DATASHEET, folder / DATASHEET)
        pinned = {part.path: sha256_of(folder / part.path) for part in release.files}
        metadata = croissant.croissant(release, pinned, answers, read_released(corpus))
        (folder / croissant.NAME).write_text(metadata, "utf8")
        (folder / SUMS).write_text(sums(folder), "utf8")
    return manifest


def write_parquet(table: pa.Table, path: Path) -> None:
    """One deterministic file: zstd, small row groups to stream, chunks cut by content so that versions share bytes."""
    import datasets

    pq.write_table(
        table,
        path,
        compression="zstd",
        compression_level=3,
        row_group_size=ROWS_IN_A_GROUP,
        write_page_index=True,
        use_content_defined_chunking=datasets.config.DEFAULT_CDC_OPTIONS,
    )


def sums(folder: Path) -> str:
    """What SHA256SUMS holds: hash and path of every other file, as sha256sum writes them."""
    paths = sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
    return "".join(f"{sha256_of(folder / p)}  {p}\n" for p in paths if p != SUMS)


def sha256_of(path: Path) -> str:
    """SHA-256 of a file's bytes, 64 hex."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a build. DataError where the folder is none or its files are not what SHA256SUMS says."""
    try:
        manifest = Manifest.decode((folder / MANIFEST).read_text("utf8"))
        pinned = (folder / SUMS).read_text("utf8")
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise DataError(f"{folder}: not made by `khabar build` ({error}); run it first") from error
    differing = set(pinned.splitlines()) ^ set(sums(folder).splitlines())
    if differing:
        names = ", ".join(sorted({line.split("  ", 1)[-1] for line in differing}))
        raise DataError(f"{folder}: {names} changed since the build; run `khabar build` again")
    return manifest


def _check_place(release: Release, corpus: Corpus, out: Path) -> None:
    if release.hydrated:
        dist = corpus.root.resolve() / "dist"
        inside = out.is_relative_to(corpus.root.resolve()) and not out.is_relative_to(dist)
        if inside or out == dist / "khabar":
            raise UsageError(
                f"{out}: a hydrated build has words that may not be passed on and git would take them up here; "
                "write it to dist/khabar-local or outside of the checkout"
            )
    if not out.exists() or (out.is_dir() and not any(out.iterdir())):
        return
    strange = _not_from_a_build(out)
    if strange:
        raise UsageError(f"{out}: {strange}, so it is left alone; give --out another folder or move it away")


def _not_from_a_build(out: Path) -> str:
    """Why a folder is not an earlier build and nothing else, "" where it is."""
    if not out.is_dir():
        return "is no folder"
    try:
        Manifest.decode((out / MANIFEST).read_text("utf8"))
        listed = {line.split("  ", 1)[1] for line in (out / SUMS).read_text("utf8").splitlines()}
    except (OSError, ValueError, TypeError, KeyError, IndexError):
        return "was not made by `khabar build`"
    found = {p.relative_to(out).as_posix() for p in out.rglob("*") if not p.is_dir()} - {SUMS}
    return f"holds {min(found - listed)}, which no build made" if found - listed else ""
