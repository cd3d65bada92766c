"""A real Label Studio server for the tests of this folder, and a real browser before it.

Collected only where KHABAR_LABEL_STUDIO names the program `label-studio` (see tests/conftest.py).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from dataset_builder.labelstudio.environment import PROGRAM_VARIABLE, VERSION
from dataset_builder.labelstudio.server import Login, Server, free_port, running
from tests.labelstudio.live.studio import Studio


@pytest.fixture(scope="session")
def program() -> Path:
    if PROGRAM_VARIABLE not in os.environ:
        pytest.skip(f"needs Label Studio {VERSION}: {PROGRAM_VARIABLE} names its program")
    return Path(os.environ[PROGRAM_VARIABLE])


@pytest.fixture(scope="session")
def template(program: Path, pytestconfig: pytest.Config) -> Path:
    """A server's folder with its database made, kept between runs: a start takes 5 s with it and 70 s without."""
    assert pytestconfig.cache is not None
    folder = pytestconfig.cache.mkdir(f"label-studio-{VERSION}") / "template"
    if not (folder / "complete").exists():
        shutil.rmtree(folder, ignore_errors=True)
        with running(program, folder, Login.of("amal", folder), free_port()):
            pass
        (folder / "complete").touch()
    return folder


def fresh(template: Path, folder: Path) -> Path:
    """A copy of the template, with a secret of its own."""
    shutil.copytree(template, folder)
    (folder / "data" / ".env").unlink(missing_ok=True)
    return folder


@pytest.fixture(scope="session")
def server(program: Path, template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all tests that leave it running; each makes projects of its own."""
    folder = fresh(template, tmp_path_factory.mktemp("server") / "studio")
    with running(program, folder, Login.of("amal", folder), free_port()) as started:
        yield started


@pytest.fixture(scope="session")
def studio(server: Server) -> Studio:
    """The server's interface, as the annotator amal."""
    return Studio(server.address, server.login)
