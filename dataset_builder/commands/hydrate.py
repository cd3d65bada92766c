"""`khabar hydrate`: find the texts that the dataset refers to in what you have, and put its gold on them."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer
from tqdm import tqdm

from dataset_builder.codec import encode_layer
from dataset_builder.commands import context
from dataset_builder.corpus import Corpus
from dataset_builder.curation.hydrate import Hydrated
from dataset_builder.curation.hydrate import hydrate as find_copies
from dataset_builder.errors import DataError, UsageError
from dataset_builder.files import write_atomic
from dataset_builder.model import Document, Layer
from dataset_builder.readers.reading import files, read
from dataset_builder.release.standoff import read_standoff


def hydrate(
    paths: Annotated[list[Path], typer.Argument(help="Files or folders that may hold copies of the texts.")],
    format: Annotated[str, typer.Option("--format", help="Format of the files; default: recognised.")] = "",
    dataset: Annotated[
        str, typer.Option(help="A downloaded copy of the dataset, or its name on the Hub, instead of the checkout.")
    ] = "",
    out: Annotated[
        Path | None, typer.Option("--out", help="With --dataset: folder for the texts and their layers.")
    ] = None,
    details: Annotated[
        bool, typer.Option("--details", help="Name every lost span and every file that was passed over, and why.")
    ] = False,
) -> None:
    """Recognise referenced texts among your files, move every span onto them and verify each.

    Says per document: exact, re-anchored (n spans of m), or not found. The texts stay here: git ignores them.

    Example: khabar hydrate ~/news-archive
    """
    if bool(dataset) != bool(out):
        raise UsageError("--dataset and --out go together: the copy of the dataset, and where its texts shall go")
    missing = [path for path in paths if not path.exists()]
    if missing:
        raise UsageError(f"{missing[0]}: no such file or folder")
    if dataset and out:
        _check_out(out)
        _into_folder(dataset, out, paths, format, details)
    else:
        _into_checkout(context.corpus(), paths, format, details)


def _check_out(out: Path) -> None:
    """Words of others must not land where git takes them up, should the folder be in a checkout."""
    try:
        corpus = Corpus.find(out.parent if out.parent.is_dir() else Path.cwd())
    except UsageError:
        return
    context.check_place(out / "text", corpus, foreign=True)


def _search(
    documents: dict[str, Document],
    layers: dict[str, Layer],
    have: dict[str, str],
    paths: list[Path],
    format: str,
    details: bool,
) -> dict[str, Hydrated]:
    inputs = list(files(paths, format or None))
    articles = (
        article
        for file in tqdm(inputs, desc="searching", unit="file", disable=None)
        for article in (read(file, format or None) if isinstance(file, Path) else [file])
    )
    best, incidents = find_copies(documents, layers.get, articles, have)
    # An archive has much that is no article; it is counted, and named only where somebody asks.
    for code, count in Counter(incident.code for incident in incidents).items():
        first = next(incident for incident in incidents if incident.code == code)
        print(f"{count} × {code}: {first.about.expectation} (first: {first.where})", file=sys.stderr)
    if details:
        context.report(incidents)
    return best


def _into_checkout(corpus: Corpus, paths: list[Path], format: str, details: bool) -> None:
    documents = {
        d.id: d for d in corpus.documents.values() if not (d.is_included or d.duplicate_of or d.excluded) and d.windows
    }
    layers, broken = _layers(corpus, documents)
    for id in broken:
        del documents[id]  # its gold can't be put on anything; the others can
    have = {id: text for id, d in documents.items() if (text := corpus.text(d)) is not None}
    best = _search(documents, layers, have, paths, format, details)
    for found in best.values():
        write_atomic(corpus.text_path(found.document), found.text)
    _tell(documents, best, details)
    if broken:
        raise DataError(f"{len(broken)} documents were left out, since their gold is broken: {', '.join(broken)}")


def _layers(corpus: Corpus, documents: dict[str, Document]) -> tuple[dict[str, Layer], list[str]]:
    """The gold of these documents, and the ids of those whose file is broken, each told."""
    layers: dict[str, Layer] = {}
    broken: list[str] = []
    for id, document in documents.items():
        if corpus.layer_path(document).is_file():
            try:
                layers[id] = corpus.layer(id)
            except DataError as error:
                broken.append(id)
                context.report(error.incidents)
    return layers, broken


def _into_folder(dataset: str, out: Path, paths: list[Path], format: str, details: bool) -> None:
    held = read_standoff(dataset)
    documents = {id: document for id, (document, _) in held.items()}
    best = _search(documents, {id: layer for id, (_, layer) in held.items()}, {}, paths, format, details)
    for id, found in best.items():
        write_atomic(out / f"{id}.txt", found.text)
        if found.layer:
            write_atomic(out / f"{id}.jsonl", encode_layer(found.layer))
    _tell(documents, best, details)


def _tell(documents: dict[str, Document], best: dict[str, Hydrated], details: bool) -> None:
    for id in documents:
        print(f"{id}: {best[id]}" if id in best else f"{id}: not found")
        if details and id in best:
            context.report(best[id].lost)
    exact = sum(found.exact for found in best.values())
    spans, wanted = sum(f.spans for f in best.values()), sum(f.wanted for f in best.values())
    summary = f"{exact} exact, {len(best) - exact} re-anchored, {len(documents) - len(best)} not found"
    print(f"{summary}; {spans} of {wanted} spans in place", file=sys.stderr)
    if documents and not best:
        raise typer.Exit(1)
