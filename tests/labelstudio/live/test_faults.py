"""A real server that fails, dies or refuses in the middle of `push` and `pull`: told, and made good by a second run."""

from __future__ import annotations

import base64
import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from dataset_builder.commands.push import push_documents
from dataset_builder.corpus import Corpus, sha256
from dataset_builder.labelstudio.client import ServerError, connect
from dataset_builder.labelstudio.server import Login, free_port, running
from tests.cli import khabar
from tests.labelstudio.live.conftest import fresh
from tests.labelstudio.live.proxy import Proxy, between
from tests.labelstudio.live.studio import Studio
from tests.samples import make_checkout

IDS = ("composed-9001-a", "composed-9001-b", "composed-9002-a", "composed-9002-b")
LAYERS = ("ACTOR", "LOCATION", "EVENT", "CLAIM", "FRAME")


@pytest.fixture
def checkout(tmp_path: Path) -> Corpus:
    return make_checkout(tmp_path / "checkout")


@pytest.fixture
def proxy(studio: Studio) -> Iterator[Proxy]:
    with between(studio.address) as standing:
        yield standing


@pytest.fixture
def title(request: pytest.FixtureRequest) -> str:
    return sha256(request.node.nodeid)[:12]


def stored(studio: Studio, title: str) -> Counter[str]:
    """How often each document stands in the project."""
    (project,) = [p["id"] for p in studio.ask("GET", "projects?page_size=1000")["results"] if p["title"] == title]
    return Counter(task["data"]["doc_id"] for task in studio.export(project))


def third(action: int | str, verb: str = "/import") -> Callable[[str], int | str | None]:
    """A fault at the third request of this kind."""
    seen = iter(range(1, 1000))
    return lambda what: action if verb in what and next(seen) == 3 else None


@pytest.mark.parametrize(("action", "there"), [("cut", 2), ("lost", 3), (500, 2), (502, 2), (401, 2)])
def test_a_push_that_breaks_is_completed_by_the_next(
    action: int | str, there: int, proxy: Proxy, studio: Studio, checkout: Corpus, title: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Documents go one by one here. An import whose answer is lost was carried out: it must not be sent again."""
    monkeypatch.setattr("dataset_builder.labelstudio.push.BATCH", 1)
    with closing(connect(proxy.address, studio.login.token)) as client:
        proxy.fault = third(action)
        with pytest.raises(ServerError) as raised:
            push_documents(checkout, client, title, IDS, LAYERS)
        assert len(str(raised.value)) < 600 and proxy.address in str(raised.value)
        assert stored(studio, title).total() == there
        proxy.fault = lambda _: None
        pushed = push_documents(checkout, client, title, IDS, LAYERS)
    assert (len(pushed.sent), len(pushed.there)) == (4 - there, there)
    assert stored(studio, title) == dict.fromkeys(IDS, 1)


@pytest.mark.parametrize("action", ["cut", 500])
@pytest.mark.parametrize("path", ["/export", "/api/users", "/api/projects", "whoami"])
def test_a_pull_that_breaks_writes_nothing_and_the_next_completes(
    action: int | str, path: str, proxy: Proxy, studio: Studio, checkout: Corpus, title: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", studio.login.token)
    arguments = ("--server", proxy.address, "--project", title)
    assert khabar(checkout, "push", *IDS, "--layer", "gold", *arguments).code == 0
    (project,) = [p["id"] for p in studio.ask("GET", "projects?page_size=1000")["results"] if p["title"] == title]
    for task in studio.ask("GET", f"tasks?project={project}&fields=all")["tasks"]:
        result = task["predictions"][0]["result"]
        studio.ask("POST", f"tasks/{task['id']}/annotations", {"result": result})
    proxy.fault = lambda what: action if path in what else None
    broken = khabar(checkout, "pull", *arguments, "--annotator", f"{studio.login.email}=amal")
    assert broken.code == 1 and broken.err.count("\n") == 1 and "Traceback" not in broken.err
    assert checkout.hands() == ["gold"]
    proxy.fault = lambda _: None
    assert khabar(checkout, "pull", *arguments, "--annotator", f"{studio.login.email}=amal").code == 0
    assert [d.id for d in checkout.annotated("passes/amal")] == list(IDS)


def test_a_server_that_is_killed_in_the_middle_of_a_push(
    program: Path, template: Path, checkout: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dataset_builder.labelstudio.push.BATCH", 1)
    folder = fresh(template, tmp_path / "studio")
    login, port = Login.of("amal", folder), free_port()
    with (
        running(program, folder, login, port) as server,
        between(server.address) as proxy,
        closing(connect(proxy.address, login.token)) as client,
    ):
        kill = third("cut")

        def fault(what: str) -> int | str | None:
            if (action := kill(what)) is not None:
                server.process.kill()
            return action

        proxy.fault = fault
        with pytest.raises(ServerError, match=r"connection broke|nobody answers"):
            push_documents(checkout, client, "Killed", IDS, LAYERS)
    with pytest.raises(ServerError, match="nobody answers there"):
        connect(server.address, login.token)
    with running(program, folder, login, port) as server:
        with closing(connect(server.address, login.token)) as client:
            pushed = push_documents(checkout, client, "Killed", IDS, LAYERS)
        assert (len(pushed.sent), len(pushed.there)) == (2, 2)
        assert stored(Studio(server.address, login), "Killed") == dict.fromkeys(IDS, 1)


def claims(token: str) -> dict[str, object]:
    body = token.split(".")[1]
    return dict(json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))))


def test_tokens_right_wrong_and_revoked(studio: Studio, checkout: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    """A personal access token is taken as it is; a wrong one of either kind, and one that was revoked, are told."""
    monkeypatch.setenv("LABEL_STUDIO_URL", studio.address)
    personal = studio.ask("POST", "token/")["token"]
    assert claims(personal)["token_type"] == "refresh"

    def said(token: str) -> tuple[int, str]:
        monkeypatch.setenv("LABEL_STUDIO_API_KEY", token)
        done = khabar(checkout, "push", "composed-9001-a", "--project", "Tokens")
        assert done.err.count("\n") <= 1 and token not in done.err
        return done.code, done.err

    assert said(personal) == (0, "")
    for wrong in ("0" * 40, personal[:-4] + "AAAA"):
        code, words = said(wrong)
        assert code == 1 and "the token was refused" in words and "LABEL_STUDIO_API_KEY" in words
    studio.ask("POST", "token/blacklist/", {"refresh": personal})
    code, words = said(personal)
    assert code == 1 and "the token was refused" in words


def test_an_access_token_that_has_run_out_is_renewed_unseen(studio: Studio, checkout: Corpus, proxy: Proxy) -> None:
    """Five minutes into a pull the server says 401 to what it took before; the personal token gets another."""
    monkey = iter([True])
    for token in studio.ask("GET", "token/"):
        studio.ask("POST", "token/blacklist/", {"refresh": token["token"]}) if token.get("token") else None
    personal = studio.ask("POST", "token/")["token"]
    with closing(connect(proxy.address, personal)) as client:
        renewals = sum("token/refresh" in what for what in proxy.asked)
        proxy.fault = lambda what: 401 if "projects" in what and next(monkey, False) else None
        assert client.projects() is not None
    assert sum("token/refresh" in what for what in proxy.asked) == renewals + 1


def test_a_changed_configuration_is_told_and_nothing_is_sent(
    studio: Studio, checkout: Corpus, title: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LABEL_STUDIO_URL", studio.address)
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", studio.login.token)
    assert khabar(checkout, "push", "composed-9001-a", "--project", title).code == 0
    (project,) = [p for p in studio.ask("GET", "projects?page_size=1000")["results"] if p["title"] == title]
    config = studio.ask("GET", f"projects/{project['id']}")["label_config"]
    studio.ask("PATCH", f"projects/{project['id']}/", {"label_config": config.replace('value="AIR"', 'value="SKY"')})
    done = khabar(checkout, "push", "composed-9001-b", "--project", title)
    assert done.code == 2 and "another labelling configuration" in done.err
    assert stored(studio, title) == {"composed-9001-a": 1}
    studio.ask("PATCH", f"projects/{project['id']}/", {"label_config": config})
    assert khabar(checkout, "push", "composed-9001-b", "--project", title).code == 0


def test_a_stopped_server_is_told_at_once(checkout: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LABEL_STUDIO_URL", f"http://127.0.0.1:{free_port()}")
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", "0" * 40)
    began = time.monotonic()
    for verb in (["push", "composed-9001-a"], ["pull"]):
        done = khabar(checkout, *verb)
        assert done.code == 1 and "nobody answers there" in done.err and done.err.count("\n") == 1
    assert time.monotonic() - began < 30
