"""`khabar push`: documents to a Label Studio project, blind or with something to start from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer
from tqdm import tqdm

from dataset_builder.baselines.table import trained
from dataset_builder.commands import context
from dataset_builder.commands.labelstudio import Layers, chosen_layers
from dataset_builder.commands.studio import HERE, ServerAddress, Title, connected
from dataset_builder.corpus import Corpus
from dataset_builder.curation.benchmark import split_of
from dataset_builder.curation.predictions import read_predictions
from dataset_builder.curation.reading import canonical_text, readable
from dataset_builder.errors import DataError, UsageError
from dataset_builder.formats.regions import restricted
from dataset_builder.incidents import Incident
from dataset_builder.labelstudio.client import Client
from dataset_builder.labelstudio.instructions import make_instruction
from dataset_builder.labelstudio.pull import unreadable
from dataset_builder.labelstudio.push import Pushed, Sending, open_project
from dataset_builder.labelstudio.push import push as send
from dataset_builder.model import Document, Layer

#: Name of a version of predictions, and what makes one from a document and its text.
Source = tuple[str, Callable[[Document, str], Layer]]


def push(
    documents: Annotated[list[str] | None, typer.Argument(help="Document ids.")] = None,
    server: ServerAddress = HERE,
    project: Title = "Khabar",
    split: Annotated[str, typer.Option("--split", help="All documents of a split, as in composed/train.")] = "",
    layer: Annotated[
        str, typer.Option("--layer", help="Start from gold, passes/<annotator>, or a file or folder of predictions.")
    ] = "",
    model: Annotated[Path | None, typer.Option("--model", help="Start from what a trained system finds.")] = None,
    layers: Layers = "",
    guidelines: Annotated[str, typer.Option(help="Address of the guideline pages, for their links.")] = "",
) -> None:
    """Send documents to a Label Studio project as tasks: to annotate blind, or with a layer or system's output.

    A document that is there is not sent again; one whose text has changed since, or is not here, is named and left out.
    The token is read from LABEL_STUDIO_API_KEY. Whoever can open the project reads the texts: see that somebody else's
    stay with you.

    Example: khabar push --split composed/validation --layer gold --project "Khabar validation"
    """
    corpus = context.corpus()
    ids = chosen_documents(corpus, documents or [], split)
    wanted = chosen_layers(layers, corpus.schema)
    source = source_of(corpus, layer, model)
    with connected(server) as client:
        pushed = push_documents(corpus, client, project, ids, wanted, source, guidelines)
    print(
        f"project {pushed.project.title!r} ({server}/projects/{pushed.project.id}): {len(pushed.sent)} documents sent, "
        f"{len(pushed.there)} there before, {len(pushed.refused)} refused"
    )
    context.finish(pushed.found)


def push_documents(
    corpus: Corpus,
    client: Client,
    title: str,
    ids: Sequence[str],
    layers: Sequence[str],
    source: Source | None = None,
    guidelines: str = "",
) -> Pushed:
    """Send these documents to the project of this title, which is made where there is none.

    A document that can't be read here is left out, with the reason among the findings.
    """
    instruction = make_instruction(corpus.root / "annotations" / "guidelines", corpus.schema, layers, guidelines)
    project = open_project(client, title, corpus.schema, layers, instruction)
    with tqdm(total=len(ids), desc="sending", unit=" documents", disable=None, leave=False) as bar:
        absent: dict[str, list[Incident]] = {}
        sendings = _sendings(corpus, ids, layers, source, absent)
        pushed = send(client, project, sendings, corpus.schema, bar.update)
    pushed.refused += absent
    pushed.found += (incident for found in absent.values() for incident in found)
    if source and pushed.sent:
        client.show_version(project.id, source[0])
    return pushed


def chosen_documents(corpus: Corpus, documents: Sequence[str], split: str) -> list[str]:
    if bool(documents) == bool(split):
        raise UsageError("name documents, or --split as in composed/train; `khabar status` shows what there is")
    if split:
        track, _, name = split.partition("/")
        return list(split_of(corpus, track, name or "train").documents)
    return list(dict.fromkeys(corpus.document(id).id for id in documents))


def source_of(corpus: Corpus, layer: str, model: Path | None) -> Source | None:
    """Where predictions come from; None for a blind pass."""
    if layer and model:
        raise UsageError("--layer and --model: give one of them, a task starts from one thing")
    if model:
        card, system = trained(model, corpus.schema)
        return f"{card.system}-{'-'.join(card.train)}", lambda document, text: system.predict(document.id, text)
    if not layer:
        return None
    if layer in corpus.hands():
        return layer.removeprefix("passes/"), lambda document, text: readable(corpus, document.id, layer).layer
    if not Path(layer).exists():
        raise UsageError(f"--layer {layer!r}: neither gold, nor passes/<annotator>, nor a file or folder that is here")
    found = read_predictions(Path(layer), corpus)

    def read(document: Document, text: str) -> Layer:
        if document.id not in found:
            raise UsageError(f"{layer}: has no prediction for {document.id}; leave the document out, or predict it")
        return found[document.id]

    return Path(layer).stem, read


def _sendings(
    corpus: Corpus,
    ids: Sequence[str],
    layers: Sequence[str],
    source: Source | None,
    absent: dict[str, list[Incident]],
) -> Iterator[Sending]:
    """What can be sent; why the others can't is put into `absent`."""
    for id in ids:
        document = corpus.document(id)
        try:
            text = canonical_text(corpus, document)
            predictions = ((source[0], restricted(source[1](document, text), layers)),) if source else ()
        except DataError as error:
            absent[id] = unreadable(error, id)
            continue
        yield Sending(document, text, tuple(layers), predictions, corpus.guidelines_sha256)
