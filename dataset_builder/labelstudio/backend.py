"""Label Studio's protocol for models, answered by any predictor: a document that is opened arrives pre-annotated.

Label Studio asks /health and /setup when the backend is added and before it wants predictions, and /predict with tasks;
/versions fills a menu, /webhook is told of every change in the project. Nothing is trained and nothing is kept here:
the token and the annotations that Label Studio sends along are dropped unread.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, Any, Protocol
from xml.etree.ElementTree import ParseError, fromstring

from dataset_builder.errors import KhabarError
from dataset_builder.formats.regions import Names
from dataset_builder.labelstudio.names import LABEL, TEXT
from dataset_builder.model import Layer
from dataset_builder.schema import Schema

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response

log = logging.getLogger("khabar.serve")

Result = list[dict[str, Any]]


class Predictor(Protocol):
    """What can be served: any system that makes a layer from a text."""

    def predict(self, document: str, text: str) -> Layer: ...


@dataclass(frozen=True)
class Backend:
    """A predictor with its name, and what joins it to Label Studio.

    `results` gives a layer and its text as Label Studio's regions. `fits` says in words why predictions can't be shown
    in a project's labelling configuration, or nothing. One task is predicted at a time, since systems share buffers.
    """

    predictor: Predictor
    version: str
    results: Callable[[Layer, str], Result]
    fits: Callable[[str], str]
    _turn: Lock = field(default_factory=Lock)

    def predict(self, tasks: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """One prediction a task, in their order; empty for a task without text or one that fails, with a word in the
        log, so that one bad task does not cost the others theirs."""
        return [{"result": self._result(task), "model_version": self.version} for task in tasks]

    def _result(self, task: Mapping[str, Any]) -> Result:
        data = task.get("data")
        text = data.get("text") if isinstance(data, Mapping) else None
        if not isinstance(text, str) or not text:
            log.warning("task %s has no text in data.text; nothing is predicted for it", task.get("id"))
            return []
        assert isinstance(data, Mapping)
        document = str(data.get("doc_id") or task.get("id") or "task")
        try:
            with self._turn:
                return self.results(self.predictor.predict(document, text), text)
        except Exception as error:  # whatever a baseline makes of a strange text
            known = isinstance(error, KhabarError)
            log.warning("task %s: %s", task.get("id"), error if known else f"{type(error).__name__}; nothing predicted")
            return []


def application(backend: Backend, hosts: Sequence[str]) -> Starlette:
    """The service; `hosts` are the names that it may be called by, so that a web page can't reach it by another."""
    from starlette.applications import Starlette
    from starlette.middleware import Middleware
    from starlette.middleware.trustedhost import TrustedHostMiddleware
    from starlette.routing import Route

    async def health(request: Request) -> Response:
        return _json({"status": "UP", "model_class": backend.version})

    async def setup(request: Request) -> Response:
        given = await _body(request)
        if problem := backend.fits(str(given.get("schema") or "")):
            log.warning("project %s: %s", given.get("project"), problem)
            return _json({"error": problem}, 400)
        return _json({"model_version": backend.version})

    async def predict(request: Request) -> Response:
        from starlette.concurrency import run_in_threadpool

        tasks = (await _body(request)).get("tasks")
        if not isinstance(tasks, list) or not all(isinstance(task, dict) for task in tasks):
            return _json({"error": "`tasks` must be a list of tasks"}, 400)
        found = await run_in_threadpool(backend.predict, tasks)
        return _json({"results": found, "model_version": backend.version})

    async def versions(request: Request) -> Response:
        return _json({"versions": [backend.version]})

    async def heard(request: Request) -> Response:
        return _json({})

    async def train(request: Request) -> Response:
        return _json({"error": "this model does not learn while it serves; `khabar train` makes one"}, 501)

    routes = [
        Route("/", health),
        Route("/health", health),
        Route("/setup", setup, methods=["POST"]),
        Route("/predict", predict, methods=["POST"]),
        Route("/versions", versions),
        Route("/webhook", heard, methods=["POST"]),
        Route("/delete", heard, methods=["POST"]),
        Route("/train", train, methods=["POST"]),
    ]
    allowed = [Middleware(TrustedHostMiddleware, allowed_hosts=list(hosts))]
    return Starlette(routes=routes, middleware=allowed)


async def _body(request: Request) -> dict[str, Any]:
    from starlette.exceptions import HTTPException

    try:
        given = await request.json()
    except ValueError:
        raise HTTPException(400, "the body is not JSON") from None
    if not isinstance(given, dict):
        raise HTTPException(400, "the body is not a JSON object")
    return given


def _json(content: Mapping[str, Any], status: int = 200) -> Response:
    from starlette.responses import JSONResponse

    return JSONResponse(content, status)


def misfit(config: str, schema: Schema, layers: Iterable[str]) -> str:
    """Why predictions of these layers can't be shown under a labelling configuration, in words; "" where they can.

    >>> misfit("<View/>", Schema.load(), ["EVENT"])
    "the project's configuration lacks labels: ABDUCTION, ACCUSE, AGREEMENT, …; use one that `khabar push` made"
    """
    names = Names(schema)
    try:
        root = fromstring(config)
    except ParseError as error:
        return f"the project's configuration is no XML ({error}); use one that `khabar push` made"
    offered = {
        label.get("value")
        for control in root.iter("Labels")
        if (control.get("name"), control.get("toName")) == (LABEL, TEXT)
        for label in control.iter("Label")
    }
    if lacking := sorted({value for layer in layers for value in names.values(layer)} - offered):
        shown = ", ".join(lacking[:3]) + (", …" if len(lacking) > 3 else "")
        return f"the project's configuration lacks labels: {shown}; use one that `khabar push` made"
    return ""
