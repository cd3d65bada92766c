"""Label Studio's HTTP interface as far as we use it, in memory, with answers shaped like the real server's.

It is as careless as the real one: it checks nothing in tasks and predictions and stores what comes as often as it
comes. Faults are put in by hand: `fail_at` names the request (counted from 1) at which the connection breaks or an
error is answered.
"""

from __future__ import annotations

import copy
import json
import re
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable
from typing import Any

import httpx2

URL = "http://studio.example:8080"
TOKEN = "0123456789abcdef0123456789abcdef01234567"
PAGE_OF_404 = "<!DOCTYPE html><html><head><title>Page not found</title></head><body>" + "x" * 170_000 + "</body></html>"

Answer = Callable[[httpx2.Request], httpx2.Response]


def personal_token() -> str:
    """Something that looks like a personal access token; nobody checks its signature here."""
    parts = ({"alg": "HS256"}, {"token_type": "refresh", "exp": int(time.time()) + 10**6})
    return ".".join(urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts) + ".sig"


class Studio:
    """One server with its projects. `requests` lists what was asked, "METHOD path"."""

    def __init__(self) -> None:
        self.projects: list[dict[str, Any]] = []
        self.stored: list[dict[str, Any]] = []
        self.users = [{"id": 1, "email": "admin@example.org"}, {"id": 2, "email": "Amal@example.org"}]
        self.requests: list[str] = []
        self.fail_at: dict[int, Answer] = {}
        self.access = 0
        self.personal = personal_token()

    @property
    def transport(self) -> httpx2.MockTransport:
        return httpx2.MockTransport(self._answer)

    def annotate(self, task: int, result: list[Any] | None = None, who: int = 2, **more: Any) -> dict[str, Any]:
        """Submit an annotation; by default the first prediction as it is."""
        found = next(t for t in self.stored if t["id"] == task)
        chosen = found["predictions"][0]["result"] if result is None else result
        annotation = {
            "id": 100 + sum(len(t["annotations"]) for t in self.stored),
            "completed_by": who,
            "updated_by": who,
            "result": copy.deepcopy(chosen),
            "was_cancelled": False,
            "updated_at": "2026-11-22T20:00:00Z",
        } | more
        found["annotations"].append(annotation)
        return annotation

    def task_of(self, document: str) -> int:
        return int(next(t["id"] for t in self.stored if t["data"]["doc_id"] == document))

    def _answer(self, request: httpx2.Request) -> httpx2.Response:
        path = request.url.path
        self.requests.append(f"{request.method} {path}")
        if fault := self.fail_at.pop(len(self.requests), None):
            return fault(request)
        if path == "/api/token/refresh":
            given = json.loads(request.content)["refresh"]
            if given != self.personal:
                return httpx2.Response(401, json={"detail": "Token is invalid or expired", "code": "token_not_valid"})
            self.access += 1
            return httpx2.Response(200, json={"access": f"a.{self.access}.s"})
        if request.headers["authorization"] not in (f"Token {TOKEN}", f"Bearer a.{self.access}.s"):
            return httpx2.Response(401, json={"id": "1", "status_code": 401, "detail": "Invalid token."})
        return self._routed(request, path)

    def _routed(self, request: httpx2.Request, path: str) -> httpx2.Response:
        if path == "/api/current-user/whoami":
            return httpx2.Response(200, json=self.users[0])
        if path == "/api/users/":
            return httpx2.Response(200, json=self.users)
        if path == "/api/projects/" and request.method == "GET":
            return self._page(request, self.projects, "results", "count")
        if path == "/api/projects/":
            made = {"id": len(self.projects) + 1} | json.loads(request.content)
            self.projects.append(made)
            return httpx2.Response(201, json=made)
        if path == "/api/tasks/":
            mine = [t for t in self.stored if t["project"] == int(request.url.params["project"])]
            return self._page(request, [{k: t[k] for k in ("id", "data", "meta")} for t in mine], "tasks", "total")
        if found := re.fullmatch(r"/api/projects/(\d+)/(import|export)?", path):
            project = int(found[1])
            if project > len(self.projects):
                return httpx2.Response(404, html=PAGE_OF_404)
            if found[2] == "import":
                return self._take(json.loads(request.content), project)
            if found[2] == "export":
                return httpx2.Response(200, json=[self._exported(t) for t in self.stored if t["project"] == project])
            self.projects[project - 1] |= json.loads(request.content)
            return httpx2.Response(200, json=self.projects[project - 1])
        return httpx2.Response(404, html=PAGE_OF_404)

    def _page(self, request: httpx2.Request, items: list[Any], key: str, total: str) -> httpx2.Response:
        page, size = int(request.url.params["page"]), int(request.url.params["page_size"])
        return httpx2.Response(200, json={key: items[(page - 1) * size : page * size], total: len(items)})

    def _take(self, tasks: list[dict[str, Any]], project: int) -> httpx2.Response:
        for task in tasks:
            self.stored.append(
                {"id": len(self.stored) + 1, "project": project, "meta": {}, "annotations": [], "drafts": []}
                | copy.deepcopy(task)
            )
        return httpx2.Response(201, json={"task_count": len(tasks), "annotation_count": 0})

    def _exported(self, task: dict[str, Any]) -> dict[str, Any]:
        """Predictions are numbers in an export, and full only beside the annotation that was made from one."""
        numbers = [task["id"] * 10 + i for i, _ in enumerate(task.get("predictions", []))]
        return {**task, "predictions": numbers, "total_predictions": len(numbers)}


def broken(request: httpx2.Request) -> httpx2.Response:
    """The connection breaks before an answer."""
    raise httpx2.RemoteProtocolError("Server disconnected without sending a response.", request=request)


def down(request: httpx2.Request) -> httpx2.Response:
    """Nobody answers."""
    raise httpx2.ConnectError("[Errno 111] Connection refused", request=request)


def failing(status: int, body: str = '{"detail": "boom"}') -> Answer:
    """An error of the server's own."""
    return lambda request: httpx2.Response(status, text=body)
