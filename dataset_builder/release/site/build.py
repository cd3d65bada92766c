"""The whole site into a folder, in place of an earlier one and never of anything else."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm

from dataset_builder.corpus import Corpus
from dataset_builder.errors import DataError, UsageError
from dataset_builder.files import replacing
from dataset_builder.release.folder import SUMS, sums
from dataset_builder.release.html import Address, page, trusted
from dataset_builder.release.lock import read_version
from dataset_builder.release.page import render
from dataset_builder.release.site.audit import audited_lines, bias_pages
from dataset_builder.release.site.comparison import compare_versions
from dataset_builder.release.site.documents import Shown, cluster_path, filters, shown_documents, surroundings
from dataset_builder.release.site.overview import agreement_page, leaderboard_page, statistics_page
from dataset_builder.release.site.search import search_data
from dataset_builder.release.site.writing import STYLES, addresses, labels_page, written_pages
from dataset_builder.release.statistics import Figures

_ARABIC = re.compile(r"[\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufeff]")


@dataclass(frozen=True, slots=True)
class Written:
    """What a build made: pages, bytes, and how many referenced texts its pages hold."""

    pages: int
    size: int
    foreign: int


def write(corpus: Corpus, out: Path, with_texts: bool = False) -> Written:
    """Write the site to the folder `out`, in place of an earlier one; the same bytes from the same corpus.

    `with_texts` shows the words of referenced texts that were hydrated. Raises UsageError where `out` holds what no
    build of a site made, or those words would go where git takes them up; DataError where a layer is broken.
    """
    out = out.resolve()
    _check_place(corpus, out, with_texts)
    documents = shown_documents(corpus, with_texts)
    size = count = 0
    with replacing(out) as folder:
        for address, html in _pages(corpus, documents):
            path = folder / address.path
            path.parent.mkdir(parents=True, exist_ok=True)
            size += path.write_bytes(html.encode("utf8"))
            count += 1
        (folder / SUMS).write_text(sums(folder), "utf8")
    return Written(count, size, _foreign(documents))


def _pages(corpus: Corpus, documents: Sequence[Shown]) -> Iterator[tuple[Address, str]]:
    figures = Figures(corpus)
    known = addresses(corpus.root)
    yield _list(corpus, documents)
    around = surroundings(documents)
    for document in tqdm(documents, desc="documents", unit=" pages", disable=None, leave=False):
        yield document.address, _wordless(document, render(document.outline, document.address, around[document.id]))
    yield from _clusters(figures, documents)
    yield statistics_page(figures, documents)
    yield from bias_pages(figures)
    yield agreement_page(figures)
    yield leaderboard_page(figures)
    yield from written_pages(corpus.root, known).items()
    yield labels_page(corpus.schema, known)


def _wordless(document: Shown, html: str) -> str:
    """The page; DataError where that of a text that is not shown has an Arabic letter."""
    if document.entry.text is None and _ARABIC.search(html):
        raise DataError(
            f"{document.id}: its page would hold Arabic words of a referenced text; "
            "take them out of its manifest record or gold layer"
        )
    return html


def _foreign(documents: Sequence[Shown]) -> int:
    return sum(d.entry.text is not None and not d.entry.document.is_included for d in documents)


def _list(corpus: Corpus, documents: Sequence[Shown]) -> tuple[Address, str]:
    address = Address("index.html", "index.html")
    days = sorted(d.day for d in documents if len(d.day) == len("2000-01-01"))
    return address, page(
        "site/list.html",
        address,
        STYLES,
        ("site/fold.js", "site/list.js"),
        documents=documents,
        filters=filters(documents),
        data=trusted(search_data(documents)),
        version=read_version(corpus),
        words=sum(d.entry.document.words for d in documents),
        claims=sum(len(d.entry.layer.claims) for d in documents),
        hidden=sum(d.entry.text is None for d in documents),
        foreign=_foreign(documents),
        first=days[0] if days else "",
        last=days[-1] if days else "",
    )


def _clusters(figures: Figures, documents: Sequence[Shown]) -> Iterator[tuple[Address, str]]:
    here = Address("clusters/index.html", "clusters/index.html")
    told = {
        cluster: [d for d in documents if d.cluster is cluster]
        for cluster in sorted(figures.corpus.clusters.values(), key=lambda c: (c.date, c.id))
    }
    told = {cluster: versions for cluster, versions in told.items() if versions}
    yield here, page("site/clusters.html", here, STYLES, clusters=told.items())
    tracks = sorted({d.entry.track for d in documents})
    audited = {c.cluster: audited_lines(c) for track in tracks for c in figures.bias(track).comparisons}
    for cluster, versions in told.items():
        address = Address(cluster_path(cluster.id), here.path)
        read = [d for d in versions if d.entry.text is not None]
        comparison = compare_versions(cluster, read, figures.corpus.entities, audited.get(cluster.id, {}))
        others = [d for d in versions if d.entry.text is None]
        yield address, page("site/cluster.html", address, STYLES, comparison=comparison, others=others)


def _check_place(corpus: Corpus, out: Path, with_texts: bool) -> None:
    root = corpus.root.resolve()
    inside = out.is_relative_to(root) and not any(out.is_relative_to(root / kept) for kept in ("dist", "work"))
    if with_texts and (inside or out == root / "dist" / "site"):
        raise UsageError(
            f"{out}: a site with texts has words that may not be passed on; "
            "write it to dist/site-local, work/ or outside of the checkout"
        )
    if out.exists() and (strange := _strange(out)):
        raise UsageError(f"{out}: {strange}, so it is left alone; give --out another folder or move it away")


def _strange(out: Path) -> str:
    """Why a folder is not an earlier site and nothing else, "" where it is, or is empty."""
    if not out.is_dir():
        return "is no folder"
    found = {p.relative_to(out).as_posix() for p in out.rglob("*") if not p.is_dir()} - {SUMS}
    if not found:
        return ""
    try:
        listed = {line.split("  ", 1)[1] for line in (out / SUMS).read_text("utf8").splitlines()}
    except (OSError, ValueError, IndexError):
        return "was not made by `khabar site`"
    if "clusters/index.html" not in listed:
        return "was not made by `khabar site`"
    return f"holds {min(found - listed)}, which no build made" if found - listed else ""
