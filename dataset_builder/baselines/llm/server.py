"""Asking a server that speaks OpenAI's chat protocol: retries, what a server refuses, and answers kept on disk.

A server that refuses a parameter (an output schema, a temperature, a seed) is asked again without it, and never with it
again. 429, 5xx, time-outs and broken connections are tried again after a growing pause, or after what Retry-After asks.
"""

from __future__ import annotations

import hashlib
import json
import logging
import sys
import threading
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import urllib3
from tqdm import tqdm
from urllib3.util import Retry, Timeout

from dataset_builder.baselines.llm.settings import Server
from dataset_builder.errors import ServiceError, UsageError
from dataset_builder.files import write_atomic

#: How often a request is tried again: where nobody answers the connection, and otherwise.
RECONNECTS, RETRIES = 2, 5
#: Seconds of the first pause, which doubles each time, and of the longest one.
PAUSE, LONGEST_PAUSE = 1.0, 120
_BUSY = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})
#: What may be refused, and words by which a server names it.
_REFUSALS = {
    "temperature": ("temperature",),
    "seed": ("seed",),
    "json_schema": ("response_format", "json_schema", "schema", "grammar", "structured"),
}

Message = Mapping[str, str]


@dataclass(frozen=True)
class Reply:
    """What the model wrote, why it stopped ("stop", "length", "content_filter" …), and the tokens that were counted,
    -1 where the server counts none.
    """

    content: str
    finish: str = "stop"
    sent: int = -1
    answered: int = -1
    cached: bool = False


class _Patience(Retry):
    """Says what it waits for."""

    def sleep(self, response: Any = None) -> None:
        after = self.get_retry_after(response) if response is not None else None
        seconds = after or self.get_backoff_time()
        if seconds >= 2:
            why = f"it answers {response.status}" if response is not None else "no answer"
            tqdm.write(f"llm: waiting {seconds:.0f} s for the server ({why})", file=sys.stderr)
        super().sleep(response)


class Client:
    """Asks one server; may be used from several threads."""

    def __init__(self, server: Server, schema: Mapping[str, Any]) -> None:
        self.server = server
        self._schema = schema
        self._refused: set[str] = set()
        self._lock = threading.Lock()
        logging.getLogger("urllib3.connectionpool").setLevel(logging.ERROR)  # _Patience says it in our words
        self._pool = _pool(server)

    def ask(self, messages: Sequence[Message]) -> Reply:
        """The model's reply, from the cache where the very same was asked before.

        Raises UsageError where the key, the address or the model is wrong, ServiceError where the server fails.
        """
        while True:
            with self._lock:
                refused = frozenset(self._refused)
            body = self._body(messages, refused)
            if (kept := self._kept(body)) is not None:
                return kept
            status, answer = self._post(body)
            if status == 200:
                reply = _reply(answer, self.server)
                if reply.content:
                    self._keep(body, reply)
                return reply
            if status == 400 and b"content_filter" in answer:
                return Reply("", "content_filter")
            with self._lock:
                self._refused |= self._refusal(status, answer, refused)

    def _body(self, messages: Sequence[Message], refused: frozenset[str]) -> dict[str, Any]:
        body: dict[str, Any] = {"model": self.server.model, "messages": [dict(m) for m in messages]}
        body |= {name: 0 for name in ("temperature", "seed") if name not in refused}
        if "json_schema" not in refused:
            form = {"name": "annotation", "schema": self._schema}
            body["response_format"] = {"type": "json_schema", "json_schema": form}
        elif "json_object" not in refused:
            body["response_format"] = {"type": "json_object"}
        return body

    def _post(self, body: Mapping[str, Any]) -> tuple[int, bytes]:
        headers = {"Content-Type": "application/json", "User-Agent": "khabar"}
        if self.server.key:
            headers["Authorization"] = f"Bearer {self.server.key}"
        patience = _Patience(
            total=RETRIES, connect=RECONNECTS, status_forcelist=_BUSY, allowed_methods=None, raise_on_status=False,
            redirect=False, backoff_factor=PAUSE, backoff_max=LONGEST_PAUSE, retry_after_max=LONGEST_PAUSE,
        )  # fmt: skip
        timeout = Timeout(connect=min(30.0, self.server.timeout), read=self.server.timeout)
        data = json.dumps(body, ensure_ascii=False).encode()
        url = f"{self.server.url}/chat/completions"
        try:
            answer = self._pool.request("POST", url, body=data, headers=headers, retries=patience, timeout=timeout)
        except urllib3.exceptions.HTTPError as error:
            raise _unreachable(self.server, error) from error
        return answer.status, answer.data

    def _refusal(self, status: int, answer: bytes, refused: frozenset[str]) -> set[str]:
        """What the server will not have, to ask again without it; raises where it is not that."""
        said = _message(answer)
        url = self.server.url
        if status in (401, 403):
            raise UsageError(
                f"llm: {url} refuses the key (HTTP {status}); set KHABAR_LLM_KEY to one that is valid there"
            )
        if status in (404, 405, 301, 302, 307, 308):
            raise UsageError(
                f"llm: {url}/chat/completions with the model {self.server.model!r} is not there (HTTP {status}{said}); "
                "check KHABAR_LLM_URL, which often ends in /v1, and KHABAR_LLM_MODEL"
            )
        if status in (400, 422, 500, 501):
            named = {n for n, words in _REFUSALS.items() if n not in refused and any(w in said.lower() for w in words)}
            rest = [n for n in ("json_schema", "json_object") if n not in refused]
            if named or (rest and status != 500):
                return named or {rest[0]}
        if status in _BUSY:
            raise ServiceError(f"llm: {url} still answers HTTP {status}{said} after {RETRIES} tries; {_RESUME}")
        raise ServiceError(
            f"llm: {url} refuses the request (HTTP {status}{said}); check the model and its context size"
        )

    def _path(self, body: Mapping[str, Any]) -> Path:
        asked = json.dumps({"url": self.server.url, **body}, ensure_ascii=False, sort_keys=True)
        digest = hashlib.sha256(asked.encode()).hexdigest()
        return self.server.cache / digest[:2] / f"{digest}.json"

    def _kept(self, body: Mapping[str, Any]) -> Reply | None:
        try:
            values = json.loads(self._path(body).read_text("utf8"))
            return Reply(**{**values, "cached": True})
        except (OSError, ValueError, TypeError):
            return None  # not asked yet, or the file was spoilt: ask

    def _keep(self, body: Mapping[str, Any], reply: Reply) -> None:
        write_atomic(self._path(body), json.dumps(asdict(reply), ensure_ascii=False) + "\n")


_RESUME = "what was answered is kept, run the command again to go on from there"


def _pool(server: Server) -> urllib3.PoolManager:
    """Through the proxy that the environment names, if it does."""
    parts = urlsplit(server.url)
    proxy = urllib.request.getproxies().get(parts.scheme)
    if proxy and not server.is_local and not urllib.request.proxy_bypass(parts.hostname or ""):
        return urllib3.ProxyManager(proxy, maxsize=server.workers)
    return urllib3.PoolManager(maxsize=server.workers)


def _unreachable(server: Server, error: Exception) -> ServiceError:
    reason = getattr(error, "reason", None) or error
    if isinstance(reason, urllib3.exceptions.ReadTimeoutError):
        what = f"gives no answer in {server.timeout:.0f} s (KHABAR_LLM_TIMEOUT)"
    elif isinstance(reason, urllib3.exceptions.NewConnectionError | urllib3.exceptions.ConnectTimeoutError):
        what = "can't be reached; check KHABAR_LLM_URL and that the server runs"
    elif isinstance(reason, urllib3.exceptions.SSLError):
        what = f"has no valid certificate ({reason})"
    else:
        what = f"breaks the connection ({type(reason).__name__})"
    return ServiceError(f"llm: {server.url} {what}; {_RESUME}")


def _message(answer: bytes) -> str:
    """The server's own words on an error, short and in one line, or nothing."""
    try:
        error = json.loads(answer)
        error = error.get("error", error)
        said = error.get("message", "") if isinstance(error, dict) else error
    except (ValueError, AttributeError):
        said = answer.decode("utf8", "replace")
    said = " ".join(str(said).split())
    return f": {said[:200]}" if said and not said.startswith("<") else ""


def _reply(answer: bytes, server: Server) -> Reply:
    try:
        values = json.loads(answer)
        choice = values["choices"][0] if values["choices"] else {"message": {}}
        content, finish = choice["message"].get("content"), choice.get("finish_reason")
        usage = values.get("usage") or {}
        counts = (usage.get(name, -1) for name in ("prompt_tokens", "completion_tokens"))
        sent, answered = (n if isinstance(n, int) else -1 for n in counts)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        fact = "does not speak the chat protocol: its answer has no choices with a message"
        raise ServiceError(f"llm: {server.url} {fact}{_message(answer)}; check KHABAR_LLM_URL") from error
    if isinstance(content, list):  # in parts, as some servers have it
        content = "".join(str(part.get("text", "")) for part in content if isinstance(part, dict))
    return Reply(content if isinstance(content, str) else "", str(finish or "stop"), sent, answered)
