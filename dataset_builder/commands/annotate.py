"""`khabar annotate`: a Label Studio of one's own with documents in it, by one command."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from dataset_builder.commands import context
from dataset_builder.commands.labelstudio import Layers, chosen_layers
from dataset_builder.commands.pull import replaced_documents, store, tally, tasks_of
from dataset_builder.commands.push import Source, chosen_documents, push_documents, source_of
from dataset_builder.commands.studio import Replace, connected
from dataset_builder.corpus import Corpus
from dataset_builder.curation.queue import waiting
from dataset_builder.errors import KhabarError, UsageError
from dataset_builder.incidents import Incident
from dataset_builder.labelstudio import environment, server
from dataset_builder.labelstudio.client import Client, connect
from dataset_builder.labelstudio.people import checked, parse_people, read_people, write_people
from dataset_builder.labelstudio.pull import pull


def annotate(
    documents: Annotated[list[str] | None, typer.Argument(help="Document ids; or give --split or --next.")] = None,
    annotator: Annotated[str, typer.Option("--as", help="Your pseudonym: 2 to 32 of a-z, 0-9 and -.")] = "",
    split: Annotated[str, typer.Option("--split", help="All documents of a split, as in composed/train.")] = "",
    next_: Annotated[int, typer.Option("--next", help="The first so many of `khabar queue` that are here.", min=0)] = 0,
    layer: Annotated[
        str, typer.Option("--layer", help="Start from gold, passes/<annotator>, or a file or folder of predictions.")
    ] = "",
    model: Annotated[Path | None, typer.Option("--model", help="Start from what a trained system finds.")] = None,
    layers: Layers = "",
    project: Annotated[str, typer.Option("--project", help="Title of the project; default: Khabar <pseudonym>.")] = "",
    port: Annotated[int, typer.Option(help="Port of the local server.", min=1, max=65535)] = server.PORT,
    home: Annotated[Path | None, typer.Option(help="Folder for Label Studio and its data.")] = None,
    address: Annotated[
        str, typer.Option("--server", help="A Label Studio that runs already; the token is read from the environment.")
    ] = "",
    replace: Replace = "",
) -> None:
    """Annotate documents in the browser, in a local Label Studio that this command installs once and starts.

    The server is reached from this machine alone and asks nothing of the network. Ctrl-C ends it: what was submitted
    is then in annotations/passes/<pseudonym>/, and nothing else is lost, it is there when the command is run again.
    With --server the documents go to a server that runs already, with the token in LABEL_STUDIO_API_KEY.

    Example: khabar annotate composed-0001-a --as amal
    """
    corpus = context.corpus()
    name = checked(annotator, "--as")
    ids = _documents(corpus, documents or [], split, next_, name)
    wanted = chosen_layers(layers, corpus.schema)
    source = source_of(corpus, layer, model)
    title = project or f"Khabar {name}"
    if address:
        if replace:
            raise UsageError("--replace is for what is pulled, and --server pulls nothing; give it to `khabar pull`")
        with connected(address) as client:
            _warn_of_age(address)
            found = _push(corpus, client, title, ids, wanted, source)
        print(f"when you have submitted: khabar pull --server {address} --project '{title}' --annotator E-MAIL={name}")
        context.end(found)
        return
    taken = replaced_documents(corpus, replace)
    folder = (home or environment.default_home()).expanduser().resolve()
    context.check_place(folder / "server" / "server.log", corpus, foreign=True)
    with environment.locked(folder):
        program = environment.program(folder) or _install(folder)
        login = server.Login.of(name, folder / "server")
        print("starting Label Studio (the first start makes its database and takes a minute) …", flush=True)
        with (
            server.running(program, folder / "server", login, port) as running,
            closing(connect(running.address, login.token)) as client,
        ):
            found = _push(corpus, client, title, ids, wanted, source)
            print(f"log in as {login.email} with the password {login.password}; Ctrl-C ends the server", flush=True)
            _until_stopped(running)
            found += _pull(corpus, client, title, login.email, name, taken)
    context.end(found)


def _warn_of_age(address: str) -> None:
    if old := server.is_outdated(address):
        print(
            f"{address} runs Label Studio {old}, in which a member can take over another's account: "
            f"ask for {environment.VERSION} or later",
            file=sys.stderr,
        )


def _documents(corpus: Corpus, named: Sequence[str], split: str, next_: int, annotator: str) -> list[str]:
    if not next_:
        return chosen_documents(corpus, named, split)
    if named or split:
        raise UsageError("--next chooses documents itself; give either it, or documents, or --split")
    hand = f"passes/{annotator}"
    open_ = (w.document for w in waiting(corpus) if w.has_text and not corpus.layer_path(w.document, hand).is_file())
    ids = [document.id for document in open_][:next_]
    if not ids:
        raise UsageError("nothing waits that is here; name documents, or `khabar hydrate` more texts")
    return ids


def _install(folder: Path) -> Path:
    print(
        f"Label Studio {environment.VERSION} is installed once, in an environment of its own in {folder} "
        "(1 GB, 2 to 5 minutes; nothing else on this machine changes)",
        flush=True,
    )
    return environment.make(folder)


def _push(
    corpus: Corpus, client: Client, title: str, ids: Sequence[str], layers: Sequence[str], source: Source | None
) -> list[Incident]:
    """Send the documents and say where they are; findings about refused ones end the command only if all are."""
    pushed = push_documents(corpus, client, title, ids, layers, source)
    context.report(pushed.found)
    if not pushed.sent and not pushed.there:
        raise KhabarError(f"none of {len(ids)} documents could be sent; the findings above say why")
    print(f"{len(pushed.sent)} documents sent, {len(pushed.there)} there before, {len(pushed.refused)} refused")
    print(f"open {client.url}/projects/{pushed.project.id}/data", flush=True)
    return pushed.found


def _until_stopped(running: server.Server) -> None:
    """Wait for Ctrl-C, or for the system to end us; KhabarError where the server ends by itself."""
    before = signal.signal(signal.SIGTERM, _interrupt)
    try:
        while running.is_alive:
            time.sleep(0.3)
    except KeyboardInterrupt:
        print()
        return
    finally:
        signal.signal(signal.SIGTERM, before)
    raise KhabarError(
        f"Label Studio ended by itself; {running.log} may say why. Run the command again: nothing is lost"
    )


def _interrupt(number: int, frame: object) -> None:
    raise KeyboardInterrupt


def _pull(corpus: Corpus, client: Client, title: str, email: str, name: str, replaced: Sequence[str]) -> list[Incident]:
    """Bring what was submitted into the checkout, and say what comes next."""
    people = read_people(corpus.root) | parse_people([f"{email}={name}"])
    write_people(corpus.root, people)
    pulled = pull(list(tasks_of(client, title)), corpus, people, replaced)
    changed = store(corpus, pulled)
    print(tally(pulled, changed), file=sys.stderr)
    if changed:
        print(f"next: khabar validate annotations/passes/{name}, then commit it", file=sys.stderr)
    context.report(pulled.found)
    return pulled.found
