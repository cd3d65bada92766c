"""A server in this process that speaks OpenAI's chat protocol, and misbehaves as it is told."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

from tests.listening import listening


@dataclass(frozen=True)
class Said:
    """An HTTP answer; `wait` are seconds before it."""

    status: int = 200
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    wait: float = 0.0


def reply(content: str | None, finish: str = "stop", sent: int = 9000, answered: int = 20) -> Said:
    """A chat completion."""
    choice = {"index": 0, "message": {"role": "assistant", "content": content}, "finish_reason": finish}
    usage = {"prompt_tokens": sent, "completion_tokens": answered, "total_tokens": sent + answered}
    return Said(body=json.dumps({"id": "x", "object": "chat.completion", "choices": [choice], "usage": usage}))


def fault(status: int, message: str = "", wait: float = 0.0, **headers: str) -> Said:
    """An error as such servers write it."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Said(status, json.dumps({"error": {"message": message, "type": "x"}}), named, wait)


Behaviour = Callable[[dict[str, Any], int], Said]


@dataclass
class ChatServer:
    """A running server: its address, and every request's body and headers in the order of arrival."""

    url: str
    requests: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    def text(self, number: int = -1) -> str:
        """The last message of a request."""
        return str(self.requests[number]["messages"][-1]["content"])


@contextmanager
def serving(behaviour: Behaviour) -> Iterator[ChatServer]:
    """A server that answers the n-th request (from 0) as `behaviour` says."""
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            data = self.rfile.read(int(self.headers["Content-Length"]))
            body = json.loads(data)
            with lock:
                number = len(served.requests)
                served.requests.append(body)
                served.headers.append({"path": self.path, **dict(self.headers.items())})
            said = behaviour(body, number)
            time.sleep(said.wait)
            content = said.body.encode()
            try:
                self.send_response(said.status)
                for name, value in {"Content-Type": "application/json", **said.headers}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)
            except ConnectionError:
                pass  # the client has given up waiting

        def log_message(self, format: str, *args: object) -> None:
            pass

    with listening(Handler) as address:
        served = ChatServer(f"{address}/v1")
        yield served
