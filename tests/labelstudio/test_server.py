"""What of the local server can be tested without one: login, ports, and programs that are no server."""

from __future__ import annotations

import json
import os
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from dataset_builder.errors import KhabarError, UsageError
from dataset_builder.labelstudio import environment as env
from dataset_builder.labelstudio.server import HOST, Login, environment, free_port, is_outdated, is_taken, running


def script(path: Path, body: str) -> Path:
    """A program that runs a piece of Python in place of Label Studio."""
    path.write_text(f"#!{sys.executable}\n{body}\n", "utf8")
    path.chmod(0o755)
    return path


#: Answers /health as Label Studio does, on the port after --port plus `shift`, and logs what was asked.
HEALTHY = """
import http.server, sys
class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers(); self.wfile.write(b'{"status": "UP"}')
http.server.HTTPServer(("127.0.0.1", int(sys.argv[sys.argv.index("--port") + 1]) + SHIFT), Answer).serve_forever()
"""


LOCKING = """
import sys, pathlib
from dataset_builder.labelstudio.environment import locked
with locked(pathlib.Path(sys.argv[1])):
    pass
"""


def test_a_login_is_made_once_and_is_the_users_alone(tmp_path: Path) -> None:
    login = Login.of("amal", tmp_path / "server")
    path = tmp_path / "server" / "login-amal.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert Login.of("amal", tmp_path / "server") == login
    other = Login.of("basil", tmp_path / "server")
    assert len({login.password, other.password, login.token, other.token}) == 4 and len(login.password) >= 16
    path.write_text("{")
    with pytest.raises(KhabarError, match="not a login that can be read"):
        Login.of("amal", tmp_path / "server")


def test_the_server_sees_nothing_that_it_could_take_for_a_setting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Label Studio reads PORT, DEBUG, HOST and USERNAME without any prefix, and crashes on DEBUG=foo."""
    for name in ("PORT", "DEBUG", "HOST", "USERNAME", "LABEL_STUDIO_SENTRY_DSN", "DJANGO_DB", "HTTP_PROXY"):
        monkeypatch.setenv(name, "foo")
    given = environment(tmp_path, Login.of("amal", tmp_path), 8081)
    assert not {"PORT", "DEBUG", "HOST", "USERNAME", "DJANGO_DB", "HTTP_PROXY"} & set(given)
    assert given["LABEL_STUDIO_SENTRY_DSN"] == "" and given["LABEL_STUDIO_COLLECT_ANALYTICS"] == "false"
    assert given["LABEL_STUDIO_LS_CSP_REPORT_ONLY"] == "false"


def test_a_port_that_is_taken_is_said_and_nothing_is_started(tmp_path: Path) -> None:
    with socket.socket() as stranger:
        stranger.bind((HOST, 0))
        stranger.listen()
        port = stranger.getsockname()[1]
        with (
            pytest.raises(UsageError, match=f"{HOST}:{port} is taken by another program; .* give another --port"),
            running(Path("/nonexistent"), tmp_path, Login.of("amal", tmp_path), port),
        ):
            pytest.fail("nothing may run here")
    assert not is_taken(port) and free_port() > 0


def test_a_healthy_server_of_ours_is_used_and_stopped(tmp_path: Path) -> None:
    program = script(tmp_path / "server", HEALTHY.replace("SHIFT", "0"))
    with running(program, tmp_path / "data", Login.of("amal", tmp_path), free_port(), 30) as server:
        assert server.is_alive
        assert stat.S_IMODE((tmp_path / "data" / "data").stat().st_mode) == 0o700
    assert not server.is_alive


def test_a_strangers_answer_is_not_taken_for_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the look at the port and the start a stranger took it; the server moved one on and is healthy there."""
    port = free_port()
    stranger = script(tmp_path / "stranger", HEALTHY.replace("SHIFT", "0"))
    monkeypatch.setattr("dataset_builder.labelstudio.server.is_taken", lambda _: False)
    with subprocess.Popen([stranger, "--port", str(port)], stderr=subprocess.DEVNULL) as process:
        try:
            ours = script(tmp_path / "ours", HEALTHY.replace("SHIFT", "1"))
            with (
                pytest.raises(UsageError, match="is answered by another program"),
                running(ours, tmp_path / "data", Login.of("amal", tmp_path), port, 30),
            ):
                pytest.fail("nothing may run here")
        finally:
            process.kill()


def test_a_server_that_an_earlier_run_left_is_named_and_no_second_one_is_started(tmp_path: Path) -> None:
    """The earlier run was killed outright: its server lives on, on the same database."""
    program, folder, login = script(tmp_path / "server", HEALTHY.replace("SHIFT", "0")), tmp_path / "data", tmp_path
    port = free_port()
    with running(program, folder, Login.of("amal", login), port, 30) as server:
        with (
            pytest.raises(UsageError, match=f"still runs; end it with `kill {server.process.pid}`"),
            running(program, folder, Login.of("amal", login), free_port(), 30),
        ):
            pytest.fail("nothing may run here")
        left = (folder / "running.json").read_text()
    (folder / "running.json").write_text(left)  # as after a crash of the machine: the note stays, the process is gone
    with running(program, folder, Login.of("amal", login), port, 30) as server:
        assert server.is_alive


@pytest.mark.parametrize(("release", "old"), [("1.22.9", True), ("1.23.1", True), ("1.23.2", False), ("1.30.0", False)])
def test_a_release_with_known_holes_is_named(tmp_path: Path, release: str, old: bool) -> None:
    said = f'{{"release": "{release}"}}'
    program = script(tmp_path / "server", HEALTHY.replace("SHIFT", "0").replace('{"status": "UP"}', said))
    port = free_port()
    with subprocess.Popen([program, "--port", str(port)], stderr=subprocess.DEVNULL) as process:
        while not is_taken(port):
            assert process.poll() is None
        assert is_outdated(f"http://{HOST}:{port}/") == (release if old else "")
        process.kill()
    assert is_outdated(f"http://{HOST}:{port}") == ""  # nobody answers: another one will say so


def test_a_server_that_dies_leaves_its_last_words(tmp_path: Path) -> None:
    program = script(tmp_path / "server", "import sys; sys.exit('no space left on device')")
    with (
        pytest.raises(KhabarError, match=r"ended while it started: no space left on device; .*server\.log has more"),
        running(program, tmp_path / "data", Login.of("amal", tmp_path), free_port()),
    ):
        pytest.fail("nothing may run here")


def test_a_server_that_never_answers_is_given_up_and_stopped(tmp_path: Path) -> None:
    program = script(tmp_path / "server", "import time; print('waiting', flush=True); time.sleep(60)")
    with (
        pytest.raises(KhabarError, match="did not answer within 2 s: waiting"),
        running(program, tmp_path / "data", Login.of("amal", tmp_path), free_port(), 2),
    ):
        pytest.fail("nothing may run here")


def test_the_environment_is_known_only_when_it_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(env.PROGRAM_VARIABLE, raising=False)
    folder = tmp_path / f"label-studio-{env.VERSION}"
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "label-studio").touch()
    assert env.program(tmp_path) is None
    (folder / "complete").touch()
    assert env.program(tmp_path) == folder / "bin" / "label-studio"
    monkeypatch.setenv(env.PROGRAM_VARIABLE, str(tmp_path / "nowhere"))
    with pytest.raises(UsageError, match="no such file"):
        env.program(tmp_path)


def test_a_failed_installation_is_one_sentence_and_the_next_begins_afresh(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """pip is pointed at an empty folder, so nothing is found and nothing is fetched."""
    monkeypatch.delenv(env.PROGRAM_VARIABLE, raising=False)
    (tmp_path / "empty").mkdir()
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "empty"))
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    for _ in range(2):
        with pytest.raises(KhabarError, match=r"could not be installed \(ERROR: .*label-studio==1"):
            env.make(tmp_path)
        assert env.program(tmp_path) is None


def test_too_little_room_is_said_before_anything_is_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(env, "NEEDED", 10**18)
    with pytest.raises(UsageError, match="are free and Label Studio needs"):
        env.make(tmp_path)
    assert not list(tmp_path.iterdir())


def test_two_at_once_are_told_apart(tmp_path: Path) -> None:
    with env.locked(tmp_path):
        done = subprocess.run([sys.executable, "-c", LOCKING, tmp_path], capture_output=True, text=True, check=False)
        assert done.returncode and "another `khabar annotate` uses this folder" in done.stderr
    with env.locked(tmp_path):
        pass


def test_every_package_of_the_environment_is_pinned_and_no_host_is_named() -> None:
    lines = [line for line in env.constraints().read_text("utf8").splitlines() if not line.startswith("#")]
    assert f"label-studio=={env.VERSION}" in lines and all(line.count("==") == 1 for line in lines)
    assert not any(sign in json.dumps(lines) for sign in ("://", "file:", " @ "))
