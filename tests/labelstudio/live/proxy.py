"""Something between `khabar` and a real server that breaks when it is told to: cut connections, errors, dead ports."""

from __future__ import annotations

import http.client
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from urllib.parse import urlsplit

from tests.listening import listening

#: What becomes of a request "METHOD /path": None lets it through, a number is answered as that error, "cut" ends the
#: connection before the server hears of it, "lost" after the server has done it.
Fault = Callable[[str], "int | str | None"]


@dataclass
class Proxy:
    """`fault` may be changed at any time; `asked` lists what came."""

    address: str
    fault: Fault = lambda _: None
    asked: list[str] = field(default_factory=list)


@contextmanager
def between(server: str) -> Iterator[Proxy]:
    """A proxy before `server`, at an address of its own."""
    target = urlsplit(server).netloc

    class Between(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def pass_on(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            what = f"{self.command} {self.path}"
            proxy.asked.append(what)
            fault = proxy.fault(what)
            if isinstance(fault, int):
                self.answer(fault, b"<!DOCTYPE html><html>" + b"x" * 170_000, "text/html")
            elif fault == "cut":
                self.close_connection = True
            else:
                status, content, kind = self.forward(body)
                if fault == "lost":
                    self.close_connection = True
                else:
                    self.answer(status, content, kind)

        def forward(self, body: bytes) -> tuple[int, bytes, str]:
            connection = http.client.HTTPConnection(target, timeout=120)
            kept = {k: v for k, v in self.headers.items() if k.lower() not in ("host", "connection", "accept-encoding")}
            connection.request(self.command, self.path, body, kept)
            answer = connection.getresponse()
            content = answer.read()
            connection.close()
            return answer.status, content, answer.headers.get("Content-Type", "")

        def answer(self, status: int, content: bytes, kind: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *arguments: object) -> None:
            pass

        do_GET = do_POST = do_PATCH = do_DELETE = pass_on  # noqa: N815 - the names that http.server looks for

    with listening(Between) as address:
        proxy = Proxy(address)
        yield proxy
