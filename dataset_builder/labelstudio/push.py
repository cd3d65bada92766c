"""Sending documents to Label Studio, once each: what is there is not sent again, what would break it not at all.

Label Studio takes whatever it is given and has no ids of its own for it, so both are looked after here: a document is
known on the server by its id and the hash of its text, and a prediction is checked before it goes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dataset_builder.corpus import sha256
from dataset_builder.errors import UsageError
from dataset_builder.incidents import Incident
from dataset_builder.labelstudio.check import check_config
from dataset_builder.labelstudio.client import Client, Project, ServerError
from dataset_builder.labelstudio.config import make_config
from dataset_builder.labelstudio.convert import META, Entry, add_prediction, make_task
from dataset_builder.model import Document, Layer
from dataset_builder.schema import Schema
from dataset_builder.validation.labels import check_labels
from dataset_builder.validation.references import LayerFile, check_dangling

#: Tasks in one request, and about how many characters of JSON: the server takes 250 MB, a small one should too.
BATCH, BATCH_SIZE = 100, 8_000_000
#: What a finding of these codes is about can't be said in Label Studio's terms at all.
_UNSAYABLE = frozenset({"unknown-layer", "unknown-label", "unknown-attribute", "unknown-relation"})


@dataclass(frozen=True)
class Sending:
    """A document to send: its canonical text, what is to be annotated, and layers to start from by their names.

    `task` is given where it was made already; the layers are those that it was made from.
    """

    document: Document
    text: str
    layers: tuple[str, ...]
    predictions: tuple[tuple[str, Layer], ...] = ()
    guidelines: str = ""
    task: Entry | None = None


@dataclass
class Pushed:
    """What came of it: ids of documents sent now, there before, and refused (the reasons are in `found`)."""

    project: Project
    sent: list[str] = field(default_factory=list)
    there: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    found: list[Incident] = field(default_factory=list)


def open_project(
    client: Client,
    title: str,
    schema: Schema,
    layers: Sequence[str] = (),
    instruction: str = "",
    adjudicating: bool = False,
) -> Project:
    """The project of this title, for annotating these layers (default: all), made where there is none.

    Raises UsageError where the title stands for two, or for a project with another labelling configuration: what is
    annotated there would not be read. One that merely looks different is taken as it is.
    """
    if not 3 <= len(title) <= 50:
        raise UsageError(f"--project {title!r}: Label Studio wants a title of 3 to 50 characters")
    named = [project for project in client.projects() if project.title == title]
    if len(named) > 1:
        numbers = ", ".join(str(project.id) for project in named)
        raise UsageError(f"{client.url} has {len(named)} projects {title!r} ({numbers}); rename all but one of them")
    if not named:
        return client.create_project(title, make_config(schema, layers, adjudicating), instruction)
    found = list(check_config(named[0].config, schema, layers, adjudicating=adjudicating))
    if found:
        raise UsageError(
            f"{client.url}: project {title!r} has another labelling configuration than this checkout makes for these "
            f"layers ({found[0].fact}); give --project a new title, or put back what `khabar labelstudio config` prints"
        )
    return named[0]


def push(
    client: Client,
    project: Project,
    sendings: Iterable[Sending],
    schema: Schema,
    progress: Callable[[int], object] = lambda _: None,
) -> Pushed:
    """Send every document that the project has not. `progress` is told how many documents were dealt with.

    Raises ServerError where the server fails in between, saying how far it came; a second run goes on from there.
    """
    pushed = Pushed(project)
    known = _known(client, project, pushed)
    batch: list[tuple[str, Entry]] = []
    size = 0
    for sending in sendings:
        id = sending.document.id
        if id in known:
            _compare(sending, known[id], client, pushed)
            progress(1)
            continue
        if found := list(check_sending(sending, schema)):
            pushed.found += found
            pushed.refused.append(id)
            progress(1)
            continue
        task = task_of(sending, schema)
        known[id] = _There(0, sending.document.sha256, _questions(task))
        batch.append((id, task))
        size += len(json.dumps(task))
        if len(batch) >= BATCH or size >= BATCH_SIZE:
            _send(client, batch, pushed, progress)
            batch, size = [], 0
    _send(client, batch, pushed, progress)
    return pushed


def task_of(sending: Sending, schema: Schema) -> Entry:
    """The task of a document that `check_sending` finds nothing about."""
    if sending.task is not None:
        return sending.task
    task = make_task(sending.document, sending.text, sending.layers, schema)
    task["meta"][META]["guidelines"] = sending.guidelines
    for version, layer in sending.predictions:
        add_prediction(task, layer, version, schema)
    return task


@dataclass(frozen=True, slots=True)
class _There:
    """A task that the project has: its number, the hash of its text, and what it asks where it is to adjudicate."""

    number: int
    hash: str
    questions: frozenset[str]


def _known(client: Client, project: Project, pushed: Pushed) -> dict[str, _There]:
    """The documents that the project has."""
    found: dict[str, _There] = {}
    for task in client.tasks(project.id):
        data = task.get("data") or {}
        id, text = data.get("doc_id"), data.get("text")
        if not isinstance(id, str) or not isinstance(text, str):
            continue  # a task that somebody else made
        if id in found:
            fact = f"{id} is task {found[id].number} and task {task['id']}"
            pushed.found.append(Incident("task-repeated", fact, place(client.url, project.id, task["id"])))
        found.setdefault(id, _There(task["id"], _hash(text), _questions(task)))
    return found


def _questions(task: Mapping[str, Any]) -> frozenset[str]:
    meta = task.get("meta")
    ours = meta.get(META) if isinstance(meta, Mapping) else None
    return frozenset(ours.get("questions") or ()) if isinstance(ours, Mapping) else frozenset()


def _compare(sending: Sending, there: _There, client: Client, pushed: Pushed) -> None:
    id, now = sending.document.id, sending.document.sha256
    more = _questions(sending.task or {}) - there.questions
    if there.hash == now and not more:
        pushed.there.append(id)
        return
    where = place(client.url, pushed.project.id, there.number)
    if there.hash != now:
        fact = f"{id} was sent with another text before (SHA-256 {there.hash[:12]}…, now {now[:12]}…)"
        pushed.found.append(Incident("task-text", fact, where))
    else:
        fact = f"{id} was sent before its passes disputed {len(more)} things more, such as {min(more)!r}"
        pushed.found.append(Incident("task-questions", fact, where))
    pushed.refused.append(id)


def _send(client: Client, batch: list[tuple[str, Entry]], pushed: Pushed, progress: Callable[[int], object]) -> None:
    if not batch:
        return
    try:
        added = client.add_tasks(pushed.project.id, [task for _, task in batch])
        if added != len(batch):
            raise ServerError(f"the server took {added} of {len(batch)} documents")
    except ServerError as error:
        raise ServerError(
            f"{error}. {len(pushed.sent)} documents were sent to project {pushed.project.title!r} before that; "
            "the same command goes on with the others"
        ) from error
    pushed.sent += (id for id, _ in batch)
    progress(len(batch))


def place(url: str, project: int, task: int) -> str:
    """Where a person looks at a task."""
    return f"{url}/projects/{project}/data?task={task}"


def check_sending(sending: Sending, schema: Schema) -> Iterator[Incident]:
    """What would break Label Studio or could not be read back: lone surrogates, ids that are used twice, references to
    nothing, offsets outside of the text, labels that the configuration has not.
    """
    document, text = sending.document, sending.text
    if _hash(text) != document.sha256:
        yield Incident("task-text", f"{document.id}: the text is not the one that the manifest describes", document.id)
    if _has_surrogate(text):
        yield Incident(
            "lone-surrogate", f"{document.id}: the text has one; Label Studio could not show it", document.id
        )
    for version, layer in sending.predictions:
        yield from _check_layer(layer, version, text, document, schema)


def _check_layer(layer: Layer, version: str, text: str, document: Document, schema: Schema) -> Iterator[Incident]:
    where = f"{document.id} ({version})"
    ids = [s.id for s in layer.spans] + [c.id for c in layer.claims] + [r.id for r in layer.relations]
    file = LayerFile(layer, where, dict.fromkeys([*ids, ""], 0), "")
    for id in sorted({id for id in ids if ids.count(id) > 1}):
        yield Incident("duplicate-id", f"{id} is used {ids.count(id)} times", where)
    if layer.sha256 != document.sha256:
        yield Incident("text-differs", f"the layer was made on another text of {document.id}", where)
    for span in layer.spans:
        if not 0 <= span.start < span.end <= len(text):
            fact = f"{span.id} ({span.start}–{span.end}) does not fit the text's {len(text)} code points"
            yield Incident("offset-range", fact, where)
        if any(_has_surrogate(value) for value in span.attributes.values()):
            yield Incident("lone-surrogate", f"{span.id} has one in an attribute", where)
    yield from check_dangling(file)
    yield from (i for i in check_labels(file, schema, None) if i.code in _UNSAYABLE)
    for claim in layer.claims:
        if not claim.content:
            yield Incident("claim-without-content", f"{claim.id} has no content span", where)


def _hash(text: str) -> str:
    """The text's SHA-256; one that can't be encoded has the hash of no document."""
    return sha256(text.encode("utf8", "replace").decode("utf8"))


def _has_surrogate(text: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in text)
