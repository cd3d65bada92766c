"""`khabar pull`: annotations from Label Studio, or from an export that somebody sent, into passes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer

from dataset_builder.commands import context
from dataset_builder.commands.studio import HERE, Exports, Replace, ServerAddress, Title, connected
from dataset_builder.corpus import Corpus
from dataset_builder.errors import UsageError, unknown
from dataset_builder.labelstudio.client import Client
from dataset_builder.labelstudio.export import Task, read_export, read_tasks
from dataset_builder.labelstudio.people import parse_people, read_people, write_people
from dataset_builder.labelstudio.pull import Pulled
from dataset_builder.labelstudio.pull import pull as read_passes
from dataset_builder.labelstudio.storing import note_pulled, replace_layer


def pull(
    exports: Exports = None,
    server: ServerAddress = HERE,
    project: Title = "Khabar",
    annotators: Annotated[
        list[str] | None,
        typer.Option("--annotator", help="WHO=PSEUDONYM, WHO an e-mail address (remembered) or user number."),
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Name what is wrong, store nothing.")] = False,
    replace: Replace = "",
) -> None:
    """Read annotations into annotations/passes/<annotator>/, with the ids that their records had.

    Annotations with an error are named with a link to their task and not stored; mend them there and pull again.
    Pulling twice changes nothing. A pass that was corrected here since the last pull is named and left as it is; with
    --replace the server's takes its place. Pseudonyms stand in .khabar/annotators.toml, which git ignores; no e-mail
    address enters the repository. The token is read from LABEL_STUDIO_API_KEY.

    Example: khabar pull --project "Khabar validation" --annotator amal@example.org=amal
    """
    corpus = context.corpus()
    people = read_people(corpus.root) | (given := parse_people(annotators or []))
    ids = replaced_documents(corpus, replace)
    tasks = tasks_from(exports or [], server, project)
    pulled = read_passes(tasks, corpus, people, ids)
    if given and not check:
        write_people(corpus.root, people)
    changed = 0 if check else store(corpus, pulled)
    print(tally(pulled, changed))
    context.finish(pulled.found)


def replaced_documents(corpus: Corpus, replace: str) -> list[str]:
    """The documents that --replace names; UsageError with suggestions for one that is none."""
    return [corpus.document(id.strip()).id for id in replace.split(",") if id.strip()]


def tally(pulled: Pulled, changed: int) -> str:
    """What came of a pull, as its last line says it."""
    kept = f", {len(pulled.kept)} left as they were corrected here" if pulled.kept else ""
    return f"{pulled}: {changed} passes written{kept}, {len(pulled.refused)} not stored for their errors"


def tasks_from(exports: Sequence[Path], server: str, project: str) -> list[Task]:
    """The tasks of exported files, or of the server's project where no file is given."""
    if exports:
        return [task for path in exports for task in read_tasks(read_export(path), {})]
    with connected(server) as client:
        return list(tasks_of(client, project))


def tasks_of(client: Client, title: str) -> Iterator[Task]:
    """Every task of the server's project of this title."""
    named = [found for found in client.projects() if found.title == title]
    if not named:
        raise unknown("project", title, [found.title for found in client.projects()])
    if len(named) > 1:
        raise UsageError(f"{client.url} has {len(named)} projects {title!r}; rename all but one of them")
    return read_tasks(client.export(named[0].id), client.users(), client.url)


def store(corpus: Corpus, pulled: Pulled) -> int:
    """Write the passes, telling each; how many changed."""
    changed = 0
    for hand, layer in pulled.same:
        note_pulled(corpus, layer, hand)
    for hand, layer in pulled.layers:
        is_new, kept = replace_layer(corpus, layer, hand)
        if is_new:
            changed += 1
            counts = f"{len(layer.spans)} spans, {len(layer.relations)} relations, {len(layer.claims)} claims"
            print(f"{hand}/{layer.document}: {counts}{f'; what stood there is in {kept}' if kept else ''}")
    return changed
