"""How long do 2,000 documents with 30 spans each take into Label Studio and back, beside the plain calls of its SDK?

Starts a server of its own (KHABAR_LABEL_STUDIO names the program), makes the documents from the composed articles, and
measures in turn: `khabar push`, the same again, `khabar pull`, and the SDK's import of the same tasks and export of the
same annotations. The SDK has an environment of its own, since its numpy is older than ours.

    KHABAR_LABEL_STUDIO=.../bin/label-studio python benchmarks/labelstudio.py --sdk .../bin/python
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from dataset_builder.codec import encode_manifest
from dataset_builder.commands.pull import store, tasks_of
from dataset_builder.commands.push import push_documents
from dataset_builder.corpus import Corpus, sha256
from dataset_builder.files import write_atomic
from dataset_builder.labelstudio.client import Client, connect
from dataset_builder.labelstudio.config import make_config
from dataset_builder.labelstudio.environment import PROGRAM_VARIABLE
from dataset_builder.labelstudio.pull import pull
from dataset_builder.labelstudio.push import Sending, task_of
from dataset_builder.labelstudio.server import Login, free_port, running
from dataset_builder.model import Document, Layer

SPANS = 30
ROUNDS = 3

#: What somebody would write with the SDK alone: one import, one export.
SDK = """
import json, sys, time
from label_studio_sdk import LabelStudio
what, url, token, path, project = sys.argv[1:]
studio = LabelStudio(base_url=url, api_key=token, timeout=600)
tasks = json.load(open(path, encoding="utf8")) if what == "import" else []
began = time.monotonic()
if what == "import":
    studio.projects.import_tasks(id=int(project), request=tasks)
else:
    json.dump(studio.projects.exports.as_json(int(project)), open(path, "w", encoding="utf8"))
print(time.monotonic() - began)
"""


def checkout(root: Path, source: Corpus, count: int) -> tuple[Corpus, dict[str, Layer]]:
    """A checkout of `count` documents and for each a layer of some 30 spans; texts are composed articles, numbered."""
    shutil.copytree(source.root / "annotations", root / "annotations", ignore=_no_layers)
    articles = [d for d in source.documents.values() if d.source == "composed"]
    records: list[Document] = []
    layers: dict[str, Layer] = {}
    for number in range(count):
        article = articles[number % len(articles)]
        text = f"{source.text(article)}\n{number}"
        gold = source.layer(article.id)
        kept = tuple(s for s in gold.spans if s.layer != "CLAIM")[:SPANS]
        ids = {span.id for span in kept}
        id = f"composed-{number:04}-x"
        records.append(replace(article, id=id, sha256=sha256(text), length=len(text), cluster=""))
        arrows = tuple(r for r in gold.relations if {r.head, r.tail} <= ids)
        names = ("ACTOR", "LOCATION", "EVENT", "FRAME")
        layers[id] = Layer(id, gold.schema, len(text), sha256(text), names, kept, arrows)
        write_atomic(root / "articles" / "composed" / f"{id}.txt", text)
    write_atomic(root / "annotations" / "documents" / "composed.jsonl", encode_manifest(records))
    return Corpus(root), layers


def _no_layers(folder: str, names: list[str]) -> set[str]:
    return {name for name in names if name in ("gold", "passes", "documents")}


def timed(call: Callable[[], object]) -> float:
    began = time.monotonic()
    call()
    return time.monotonic() - began


def sdk(python: Path, what: str, client: Client, token: str, path: Path, project: int) -> float:
    """Seconds of the SDK's own calls, its start left out."""
    call = [str(python), "-c", SDK, what, client.url, token, str(path), str(project)]
    return float(subprocess.run(call, capture_output=True, text=True, check=True).stdout.split()[-1])


def measure(root: Path, client: Client, token: str, python: Path, count: int) -> dict[str, list[float]]:
    """Seconds of every step, by its name, a figure a round."""
    corpus, layers = checkout(root / "checkout", Corpus.find(), count)
    wanted = next(iter(layers.values())).layers
    source = ("gold", lambda document, text: layers[document.id])
    config = make_config(corpus.schema, wanted)
    sendings = [Sending(d, corpus.text(d) or "", wanted, (("gold", layers[d.id]),)) for d in corpus.documents.values()]
    tasks = [task_of(sending, corpus.schema) for sending in sendings]
    plain = root / "tasks.json"
    plain.write_text(json.dumps(tasks), "utf8")
    print(f"{count} documents, {sum(len(x.spans) for x in layers.values())} spans, {plain.stat().st_size / 1e6:.1f} MB")
    annotated = client.create_project("Annotated", config, "").id
    for first in range(0, count, 500):
        part = [t | {"annotations": [{"result": t["predictions"][0]["result"]}]} for t in tasks[first : first + 500]]
        client.add_tasks(annotated, part)
    people = {"amal@example.org": "amal"}
    found: dict[str, list[float]] = {}

    def note(name: str, seconds: float) -> None:
        found.setdefault(name, []).append(seconds)
        print(f"  {name}: {seconds:.1f} s", flush=True)

    def fetch() -> None:
        with contextlib.redirect_stdout(io.StringIO()):  # a line a pass
            store(corpus, pull(list(tasks_of(client, "Annotated")), corpus, people))

    for turn in range(ROUNDS):
        send = partial(push_documents, corpus, client, f"Ours {turn}", list(layers), wanted, source)
        note("khabar push", timed(send))
        note("khabar push again", timed(send))
        other = client.create_project(f"SDK {turn}", config, "").id
        note("SDK import", sdk(python, "import", client, token, plain, other))
        shutil.rmtree(corpus.root / "annotations" / "passes", ignore_errors=True)
        note("khabar pull", timed(fetch))
        note("khabar pull again", timed(fetch))
        note("SDK export", sdk(python, "export", client, token, root / "export.json", annotated))
    _check(corpus, layers)
    return found


def _check(corpus: Corpus, layers: dict[str, Layer]) -> None:
    """What came back is what went out; a fast round trip that loses something is none."""
    for id, layer in layers.items():
        back = corpus.layer(id, "passes/amal")
        assert {(s.id, s.label, s.start, s.end) for s in back.spans} == {
            (s.id, s.label, s.start, s.end) for s in layer.spans
        }, id
        assert {r.id for r in back.relations} == {r.id for r in layer.relations}, id


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sdk", type=Path, required=True, help="Python of an environment with label-studio-sdk")
    parser.add_argument("--documents", type=int, default=2000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        login = Login.of("amal", root / "server")
        with (
            running(Path(os.environ[PROGRAM_VARIABLE]), root / "server", login, free_port()) as server,
            contextlib.closing(connect(server.address, login.token)) as client,
        ):
            found = measure(root, client, login.token, given.sdk, given.documents)
    middle = {name: statistics.median(seconds) for name, seconds in found.items()}
    for name, seconds in found.items():
        peer = middle["SDK import" if "push" in name or "import" in name else "SDK export"]
        spread = f"{min(seconds):.1f} to {max(seconds):.1f}"
        print(f"| {name} | {middle[name]:.1f} s | {spread} | {middle[name] / peer:.2f} |")


if __name__ == "__main__":
    main()
