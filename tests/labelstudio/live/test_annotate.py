"""`khabar annotate` and `khabar serve` as processes of their own, ended as a person ends them."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from dataset_builder.baselines.table import baseline
from dataset_builder.corpus import Corpus
from dataset_builder.labelstudio.config import make_config
from dataset_builder.labelstudio.convert import make_task
from dataset_builder.labelstudio.server import Login, free_port, is_taken
from tests.cli import HERE, khabar
from tests.labelstudio.live.conftest import fresh
from tests.labelstudio.live.studio import SCHEMA, Studio, at_work
from tests.samples import TEXTS, make_checkout

if TYPE_CHECKING:
    from playwright.sync_api import Browser


class Process:
    """A running `khabar` with what it has printed so far."""

    def __init__(self, checkout: Corpus, *arguments: str | Path) -> None:
        call = [sys.executable, "-m", "dataset_builder.commands.cli", *map(str, arguments)]
        environment = os.environ | {"PYTHONPATH": str(HERE), "COLUMNS": "120"}
        self.process = subprocess.Popen(
            call, cwd=checkout.root, env=environment, text=True, encoding="utf8",
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        self.said = ""
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said += line

    def wait_for(self, pattern: str, seconds: float = 180) -> re.Match[str]:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if found := re.search(pattern, self.said):
                return found
            assert self.process.poll() is None, self.said
            time.sleep(0.1)
        raise AssertionError(f"{pattern} was not said: {self.said}")

    def close(self) -> None:
        assert self.process.stdout is not None
        self._reader.join(60)
        self.process.stdout.close()

    def end(self, number: int = signal.SIGINT) -> int:
        self.process.send_signal(number)
        code = self.process.wait(240)
        self._reader.join(60)
        return code


@contextmanager
def started(checkout: Corpus, *arguments: str | Path) -> Iterator[Process]:
    running = Process(checkout, *arguments)
    try:
        yield running
    finally:
        running.process.kill()
        running.process.wait()
        running.close()


@pytest.fixture
def checkout(tmp_path: Path) -> Corpus:
    return make_checkout(tmp_path / "checkout")


@pytest.fixture
def home(template: Path, tmp_path: Path) -> Path:
    """A home in which the first start is over."""
    fresh(template, tmp_path / "home" / "server")
    return tmp_path / "home"


def test_from_one_command_to_a_pass(checkout: Corpus, home: Path) -> None:
    port = free_port()
    arguments = ("annotate", "composed-9002-a", "--as", "amal", "--layer", "gold", "--home", home, "--port", str(port))
    with started(checkout, *arguments) as command:
        address, project = command.wait_for(r"open (http://127\.0\.0\.1:\d+)/projects/(\d+)/data").groups()
        email, password = command.wait_for(r"log in as (\S+) with the password (\S+);").groups()
        login = Login.of("amal", home / "server")
        assert (email, password) == (login.email, login.password)
        second = khabar(checkout, *arguments)
        assert second.code == 2 and "another `khabar annotate` uses this folder" in second.err
        elsewhere = khabar(checkout, *arguments[:-3], home / "other", *arguments[-2:])
        assert elsewhere.code == 2 and f"127.0.0.1:{port} is taken by another program" in elsewhere.err
        studio = Studio(address, login)
        (task,) = studio.ask("GET", f"tasks?project={project}&fields=all")["tasks"]
        studio.ask("POST", f"tasks/{task['id']}/annotations", {"result": task["predictions"][0]["result"]})
        assert command.end(signal.SIGINT) == 0, command.said
    assert "1 passes written" in command.said and "khabar validate" in command.said
    assert not is_taken(port)
    pulled = checkout.layer("composed-9002-a", "passes/amal")
    assert pulled.spans == checkout.layer(pulled.document).spans and pulled.annotator == "amal"
    # Again: the document is there, and the system's own way to end a program does as well.
    with started(checkout, *arguments) as command:
        command.wait_for("log in as")
        assert "0 documents sent, 1 there before" in command.said
        assert command.end(signal.SIGTERM) == 0, command.said
    assert "0 passes written" in command.said and not is_taken(port)


def test_documents_may_be_the_next_of_the_queue(checkout: Corpus, home: Path, studio: Studio) -> None:
    os.environ["LABEL_STUDIO_API_KEY"] = studio.login.token
    try:
        done = khabar(checkout, "annotate", "--next", "2", "--as", "nour", "--server", studio.address)
    finally:
        del os.environ["LABEL_STUDIO_API_KEY"]
    assert done.code == 0, done.err
    assert "2 documents sent" in done.out and "khabar pull --server" in done.out
    assert not (home / "label-studio-1.23.2").exists()


def test_predictions_arrive_when_a_task_is_opened(studio: Studio, checkout: Corpus, browser: Browser) -> None:
    """A memory that learned two articles serves a third: what is shown is what it predicts, letter by letter."""
    model = checkout.root / "work" / "memory"
    assert khabar(checkout, "train", "--system", "memory", "--model", model).code == 0
    port = free_port()
    id, text = "composed-9002-a", TEXTS["composed-9002-a"]
    predicted = baseline("memory").load(model, SCHEMA).predict(id, text)
    assert predicted.spans
    covered = [sorted(s.label for s in predicted.spans if s.start <= i < s.end) for i in range(len(text))]
    with started(checkout, "serve", "--model", model, "--port", str(port)) as command:
        command.wait_for("memory-composed answers on")
        project = studio.project("Served", make_config(SCHEMA))
        added = studio.ask("POST", "ml", {"url": f"http://127.0.0.1:{port}", "project": project, "title": "memory"})
        assert studio.ask("GET", f"ml/{added['id']}")["url"] == f"http://127.0.0.1:{port}"
        (task,) = studio.add(project, [make_task(checkout.document(id), text, SCHEMA.layers, SCHEMA)])
        with at_work(browser, studio) as amal:
            amal.open(project, task)
            amal.wait_marked(sum(map(bool, covered)))
            assert [sorted(labels) for labels in amal.labels()] == covered
            amal.submit()
        (prediction,) = studio.ask("GET", f"predictions?task={task}")
        assert prediction["model_version"] == "memory-composed"
        arrived = Counter(e["value"]["labels"][0] for e in prediction["result"] if e["type"] == "labels")
        assert arrived == Counter(span.label for span in predicted.spans)
        reserved = {"url": "http://169.254.169.254/", "project": project, "title": "metadata"}
        with pytest.raises(AssertionError, match=r"400|403"):
            studio.ask("POST", "ml", reserved)
        assert command.end() in (0, 130), command.said
    assert not is_taken(port)
