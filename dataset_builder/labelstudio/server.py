"""A Label Studio server of the annotator's own: hardened, bound to loopback, with a login that nobody else knows.

What the settings guard against was seen on the real server: it binds every address, lets anybody sign up, reports to
its makers, moves to the next port where one is taken, and reads its settings from variables as common as PORT.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlsplit

from dataset_builder.errors import KhabarError, UsageError
from dataset_builder.labelstudio.environment import VERSION

HOST = "127.0.0.1"
PORT = 8080
#: Seconds until a server that has to make its database must answer; 65 were measured on two busy cores.
PATIENCE = 600.0

#: What Label Studio may not be made to fetch: reserved networks as it has them itself, loopback alone left out, since
#: `khabar serve` answers there.
_REFUSED = (
    "0.0.0.0/8,10.0.0.0/8,100.64.0.0/10,169.254.0.0/16,172.16.0.0/12,192.0.0.0/24,192.0.2.0/24,192.88.99.0/24,"
    "192.168.0.0/16,198.18.0.0/15,198.51.100.0/24,203.0.113.0/24,224.0.0.0/4,240.0.0.0/4,::/0"
)

#: Nothing leaves the machine, nobody signs up, and the browser runs no script that is not the server's own.
HARDENED = {
    "LABEL_STUDIO_COLLECT_ANALYTICS": "false",
    "LABEL_STUDIO_LATEST_VERSION_CHECK": "false",
    "LABEL_STUDIO_SENTRY_DSN": "",
    "LABEL_STUDIO_FRONTEND_SENTRY_DSN": "",
    "LABEL_STUDIO_DISABLE_SIGNUP_WITHOUT_LINK": "true",
    "LABEL_STUDIO_ENABLE_LOCAL_FILES_STORAGE": "false",
    "LABEL_STUDIO_LOCAL_FILES_SERVING_ENABLED": "false",
    "LABEL_STUDIO_LS_CSP_REPORT_ONLY": "false",
    "LABEL_STUDIO_CORS_ALLOW_ALL_ORIGINS": "false",
    "LABEL_STUDIO_ALLOWED_HOSTS": "127.0.0.1,localhost",
    # The token is the only way in without a password; it is read when the organisation is made, and never later.
    "LABEL_STUDIO_ENABLE_LEGACY_API_TOKEN": "true",
    "LABEL_STUDIO_USE_DEFAULT_BANNED_SUBNETS": "false",
    "LABEL_STUDIO_USER_ADDITIONAL_BANNED_SUBNETS": _REFUSED,
    # Seconds; a model that answers on a busy machine is not dead after the usual one.
    "LABEL_STUDIO_ML_CONNECTION_TIMEOUT": "10",
    "LABEL_STUDIO_ML_TIMEOUT_HEALTH": "10",
    "LABEL_STUDIO_ML_TIMEOUT_SETUP": "10",
    "PYTHONUNBUFFERED": "1",
    "PYTHONUTF8": "1",
}
#: What the server may see of the user's environment; any other variable could be a setting of it.
_KEPT = ("PATH", "HOME", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT", "USERPROFILE", "LANG", "LC_ALL")


@dataclass(frozen=True)
class Login:
    """Who annotates on a server of our own: an address that leads nowhere, a password, and a token for commands."""

    email: str
    password: str
    token: str

    @classmethod
    def of(cls, annotator: str, folder: Path) -> Login:
        """The annotator's login, made once and kept in `folder`, readable by the user alone.

        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     first, again = (Login.of("amal", Path(folder)) for _ in range(2))
        >>> first.email, first == again, len(first.token)
        ('amal@example.org', True, 40)
        """
        path = folder / f"login-{annotator}.json"
        if path.is_file():
            try:
                return cls(**json.loads(path.read_text("utf8")))
            except (ValueError, TypeError) as error:
                raise KhabarError(
                    f"{path}: not a login that can be read ({error}); restore it, or move {folder} away and begin anew"
                ) from error
        login = cls(f"{annotator}@example.org", secrets.token_urlsafe(12), secrets.token_hex(20))
        folder.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        part.unlink(missing_ok=True)
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(asdict(login), file, indent=1)
        part.replace(path)
        return login


@dataclass(frozen=True)
class Server:
    """A running server: where it answers, and whose login it took."""

    address: str
    login: Login
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def is_alive(self) -> bool:
        return self.process.poll() is None


@contextmanager
def running(
    program: Path, folder: Path, login: Login, port: int = PORT, patience: float = PATIENCE
) -> Iterator[Server]:
    """A server on loopback with its data in `folder`, healthy and ours when the block begins, stopped when it ends.

    Raises UsageError where the port is taken, KhabarError where the server does not come up within `patience` seconds.
    """
    if left := _left_running(folder):
        raise UsageError(
            f"{folder}: the server of an earlier run, which was killed, still runs; end it with `kill {left}`"
        )
    if is_taken(port):
        raise UsageError(
            f"{HOST}:{port} is taken by another program; stop that, or give another --port, as in --port {free_port()}"
        )
    _private(folder)
    log = folder / "server.log"
    call = [str(program), "start", "--no-browser", "--internal-host", HOST, "--port", str(port)]
    with log.open("wb") as kept:
        # In a session of its own, so that Ctrl-C reaches us alone and the server ends when we say so.
        process = subprocess.Popen(
            call, env=environment(folder, login, port), stdin=subprocess.DEVNULL, stdout=kept, stderr=subprocess.STDOUT,
            cwd=folder, start_new_session=True,
        )  # fmt: skip
    server = Server(f"http://{HOST}:{port}", login, process, log)
    mark = folder / "running.json"
    mark.write_text(json.dumps({"process": process.pid, "port": port}), "utf8")
    try:
        _wait(server, patience)
        yield server
    finally:
        stop(process)
        mark.unlink(missing_ok=True)


def _left_running(folder: Path) -> int:
    """The process of a server whose `khabar annotate` was killed before it could end it, or 0.

    Two on one database would spoil it. The number may be another program's by now, so the port must answer as well.
    """
    try:
        left = json.loads((folder / "running.json").read_text("utf8"))
        if os.name != "nt":
            os.kill(left["process"], 0)
        return int(left["process"]) if is_taken(left["port"]) else 0
    except (OSError, ValueError, KeyError, TypeError):
        return 0


def environment(folder: Path, login: Login, port: int) -> dict[str, str]:
    """The variables of the server's process: hardened, with nothing of the user's that it could take for a setting."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return kept | HARDENED | {
        "LABEL_STUDIO_BASE_DATA_DIR": str(folder / "data"),
        "XDG_CONFIG_HOME": str(folder / "config"),
        "LABEL_STUDIO_HOST": f"http://{HOST}:{port}",
        "LABEL_STUDIO_USERNAME": login.email,
        "LABEL_STUDIO_PASSWORD": login.password,
        "LABEL_STUDIO_USER_TOKEN": login.token,
    }  # fmt: skip


def is_taken(port: int) -> bool:
    """Whether something answers on this port of loopback."""
    with socket.socket() as probe:
        probe.settimeout(2)
        return probe.connect_ex((HOST, port)) == 0


def free_port() -> int:
    """A port that is free now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def stop(process: subprocess.Popen[bytes], patience: float = 10.0) -> None:
    """End the process: asked first, killed after `patience` seconds."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _private(folder: Path) -> None:
    """The server's folders, closed to others: its database holds texts, passwords' hashes and tokens."""
    for each in (folder, folder / "data", folder / "config"):
        each.mkdir(parents=True, exist_ok=True)
        each.chmod(0o700)


def _wait(server: Server, patience: float) -> None:
    """Return when the server is healthy, and it is this process that answers.

    Label Studio moves on where its port was taken in the meantime, and then a stranger would answer here. So the
    request carries a word that nobody can guess, which must turn up in the log of our own process.
    """
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        if not server.is_alive:
            raise KhabarError(f"Label Studio ended while it started: {_last_words(server.log)}; {server.log} has more")
        word = secrets.token_hex(8)
        if _is_up(f"{server.address}/health?{word}"):
            # A busy machine may write its log some seconds late.
            for _ in range(80):
                if word.encode() in server.log.read_bytes():
                    return
                time.sleep(0.1)
            raise UsageError(
                f"{server.address} is answered by another program, which took the port just now; give another --port"
            )
        time.sleep(0.3)
    raise KhabarError(
        f"Label Studio did not answer within {patience:.0f} s: {_last_words(server.log)}; {server.log} has more"
    )


def _is_up(url: str) -> bool:
    answer = _asked(url)
    return isinstance(answer, dict) and answer.get("status") == "UP"


def is_outdated(address: str) -> str:
    """The release of the server at `address` if it is older than the oldest that is safe; "" where it is not, or does
    not say."""
    answer = _asked(f"{address.rstrip('/')}/api/version")
    release = str(answer.get("release") or "") if isinstance(answer, dict) else ""
    numbers, safe = ([int(n) for n in re.findall(r"\d+", each)[:3]] for each in (release, VERSION))
    return release if numbers and numbers < safe else ""


def _asked(url: str) -> object:
    """The answer's JSON, or None where there is none."""
    # No proxy to this machine's own address, whatever the environment says.
    proxies: dict[str, str] | None = {} if urlsplit(url).hostname in (HOST, "localhost") else None
    opener = urllib.request.build_opener(urllib.request.ProxyHandler(proxies))
    try:
        with opener.open(url, timeout=5) as answer:
            return json.load(answer)
    except (OSError, ValueError):
        return None


def _last_words(log: Path) -> str:
    lines = [line.strip() for line in log.read_text("utf8", errors="replace").splitlines() if line.strip()]
    return lines[-1][:300] if lines else "it said nothing"
