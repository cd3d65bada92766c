"""`khabar adjudicate push` and `pull`: two passes to Label Studio to decide on, and the decisions back as gold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated

import typer

from dataset_builder.commands import context
from dataset_builder.commands.pull import replaced_documents, tasks_from
from dataset_builder.commands.studio import HERE, Exports, Replace, ServerAddress, Title, connected
from dataset_builder.corpus import Corpus, sha256
from dataset_builder.curation.merging import merge
from dataset_builder.curation.reading import canonical_text, readable
from dataset_builder.decisions import encode_decisions
from dataset_builder.errors import DataError, UsageError
from dataset_builder.files import write_atomic
from dataset_builder.formats.regions import restricted
from dataset_builder.incidents import Incident
from dataset_builder.labelstudio.adjudicating import MERGED, adjudicated, make_adjudication
from dataset_builder.labelstudio.convert import META
from dataset_builder.labelstudio.instructions import make_instruction
from dataset_builder.labelstudio.people import parse_people, read_people, write_people
from dataset_builder.labelstudio.pull import unreadable
from dataset_builder.labelstudio.push import Sending, open_project
from dataset_builder.labelstudio.push import push as send
from dataset_builder.labelstudio.storing import layer_hash, replace_layer
from dataset_builder.model import Document


def push(
    documents: Annotated[
        list[str] | None, typer.Argument(help="Document ids; default: all with two passes and open questions.")
    ] = None,
    server: ServerAddress = HERE,
    project: Title = "Khabar adjudication",
) -> None:
    """Send documents with two passes to Label Studio to decide on: what agrees is locked, what is disputed is asked.

    Both passes stand beside the merged version, each under its annotator's name. What was decided before is not asked
    again. A document with gold and no decisions on record is left alone unless it is named.

    Example: khabar adjudicate push composed-0001-a --project "Khabar adjudication"
    """
    corpus = context.corpus()
    absent: list[Incident] = []
    sendings = list(_to_decide(corpus, documents or [], absent))
    if not sendings:
        print("nothing else is disputed that was not decided" if absent else "nothing is disputed that was not decided")
        context.finish(absent)
        return
    instruction = make_instruction(corpus.root / "annotations" / "guidelines", corpus.schema)
    with connected(server) as client:
        opened = open_project(client, project, corpus.schema, instruction=instruction, adjudicating=True)
        pushed = send(client, opened, sendings, corpus.schema)
        client.show_version(opened.id, MERGED)
    counts = f"{len(pushed.sent)} documents sent, {len(pushed.there)} there before"
    print(f"project {project!r} ({server}/projects/{opened.id}): {counts}")
    context.finish([*absent, *pushed.found])


def _to_decide(corpus: Corpus, named: Sequence[str], absent: list[Incident]) -> Iterator[Sending]:
    """What there is to decide; why a document can't be sent is put into `absent`."""
    twice = {document.id: (document, one, two) for document, one, two in corpus.twice_annotated()}
    for id in named:
        if corpus.document(id).id not in twice:
            raise UsageError(f"{id} has not two passes; `khabar status` shows who annotated what")
    for id in named or twice:
        document, *hands = twice[id]
        # Who decides leans to what stands first, so which hand that is is drawn from the document's id.
        order = hands if sha256(id)[0] < "8" else hands[::-1]
        try:
            sending = _sending(corpus, document, order, bool(named))
        except DataError as error:
            absent += unreadable(error, id)
            continue
        if sending:
            yield sending


def _sending(corpus: Corpus, document: Document, hands: Sequence[str], is_named: bool) -> Sending | None:
    """A document with its passes to decide between, or None where nothing is to be decided."""
    known = corpus.decisions(document)
    old = corpus.layer(document.id) if corpus.layer_path(document).is_file() else None
    if old and not known and not is_named:
        return None
    read = [readable(corpus, document.id, hand).layer for hand in hands]
    # What only one of them was asked to annotate is no dispute.
    layers = [name for name in read[0].layers if name in read[1].layers]
    first, second = (restricted(layer, layers) for layer in read)
    gold = restricted(readable(corpus, document.id).layer, layers) if old else None
    merged = merge(first, second, gold, known, corpus.schema)
    if not merged.asked:
        return None
    text = canonical_text(corpus, document)
    passes = [(hand.removeprefix("passes/"), layer) for hand, layer in zip(hands, (first, second), strict=True)]
    task = make_adjudication(document, text, merged, passes, corpus.schema)
    if old:
        task["meta"][META]["gold"] = layer_hash(old)
    print(f"{document.id}: {merged.asked} questions")
    return Sending(document, text, tuple(layers), tuple(passes), task=task)


def pull(
    exports: Exports = None,
    server: ServerAddress = HERE,
    project: Title = "Khabar adjudication",
    annotators: Annotated[
        list[str] | None, typer.Option("--annotator", help="WHO=PSEUDONYM of who decides, as for `khabar pull`.")
    ] = None,
    replace: Replace = "",
) -> None:
    """Write what was decided as gold, and each decision into annotations/decisions/.

    A document with a question that nobody answered is named with a link and left as it is; so is one whose gold was
    corrected here since it was sent or pulled: with --replace the server's takes its place.

    Example: khabar adjudicate pull --project "Khabar adjudication" --annotator amal@example.org=amal
    """
    corpus = context.corpus()
    people = read_people(corpus.root) | (given := parse_people(annotators or []))
    ids = replaced_documents(corpus, replace)
    tasks = tasks_from(exports or [], server, project)
    came = adjudicated(tasks, corpus, people, ids)
    if given:
        write_people(corpus.root, people)
    for document, layer, decisions in came.layers:
        changed, kept = replace_layer(corpus, layer, "gold")
        changed |= write_atomic(corpus.decisions_path(document), encode_decisions(decisions))
        note = f"; what stood there is in {kept}" if kept else "" if changed else " (nothing changed)"
        print(f"{document.id}: {len(decisions)} decisions{note}")
    kept = f"{len(came.kept)} left as they were corrected here, " if came.kept else ""
    print(f"{len(came.layers)} decided, {kept}{len(came.refused)} with errors, {len(came.open)} not begun")
    context.finish(came.found)
