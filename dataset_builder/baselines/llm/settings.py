"""What a user sets: the server in the environment, the prompt by options."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from dataset_builder.errors import UsageError

#: Names of this machine, on which nothing leaves it.
_LOCAL = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class Options:
    """How the prompt is made: `examples` passages of training data at most, `guidelines` in full or in short (labels
    with their meanings only, for small contexts), and texts in windows of at most `window` code points.
    """

    examples: int = 6
    guidelines: Literal["full", "short"] = "full"
    window: int = 2400

    def __post_init__(self) -> None:
        if self.examples < 0 or self.window < 200:
            raise UsageError("llm: examples is 0 or more, and window at least 200 code points")


@dataclass(frozen=True)
class Server:
    """Where to ask. `url` ends before /chat/completions; `prices` are of a million tokens, sent and answered; `timeout`
    is in seconds without a sign of life.
    """

    url: str
    model: str
    key: str = field(default="", repr=False)
    prices: tuple[float, float] | None = None
    timeout: float = 300.0
    workers: int = 4
    cache: Path = Path()

    @classmethod
    def of(cls, environment: Mapping[str, str] = os.environ) -> Server:
        """The server that KHABAR_LLM_URL and the other variables name; UsageError where one is missing or no value.

        >>> Server.of({"KHABAR_LLM_URL": "http://localhost:8000/v1/", "KHABAR_LLM_MODEL": "m"}).url
        'http://localhost:8000/v1'
        """
        url, model = environment.get("KHABAR_LLM_URL", "").rstrip("/"), environment.get("KHABAR_LLM_MODEL", "")
        if not url or not model:
            raise UsageError(
                "llm: no server is named; set KHABAR_LLM_URL (like http://localhost:8000/v1), KHABAR_LLM_MODEL and, "
                "where the server wants one, KHABAR_LLM_KEY"
            )
        if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
            raise UsageError(f"KHABAR_LLM_URL: {url!r} is no address; it is like http://localhost:8000/v1")
        if urlsplit(url).username or urlsplit(url).query:
            raise UsageError(
                "KHABAR_LLM_URL: has a user name or a query in it; give the address alone, like https://host/v1"
            )
        timeout, workers = (_number(environment, *each) for each in (("TIMEOUT", 300.0), ("WORKERS", 4.0)))
        home = Path(environment.get("XDG_CACHE_HOME") or Path.home() / ".cache")
        cache = Path(environment.get("KHABAR_LLM_CACHE") or home / "khabar" / "llm")
        key = environment.get("KHABAR_LLM_KEY", "").strip()
        return cls(
            url.removesuffix("/chat/completions"), model, key, _prices(environment), timeout, int(workers), cache
        )

    @property
    def is_local(self) -> bool:
        """Whether it runs on this machine, so that no text leaves it."""
        return urlsplit(self.url).hostname in _LOCAL


def _number(environment: Mapping[str, str], name: str, default: float) -> float:
    given = environment.get(f"KHABAR_LLM_{name}") or str(default)
    try:
        number = float(given)
    except ValueError:
        number = 0.0
    if not 1 <= number < float("inf"):
        raise UsageError(f"KHABAR_LLM_{name}: {given!r} is no number of 1 or more")
    return number


def _prices(environment: Mapping[str, str]) -> tuple[float, float] | None:
    given = environment.get("KHABAR_LLM_PRICES", "")
    if not given:
        return None
    try:
        sent, answered = (float(part) for part in given.split("/"))
    except ValueError:
        sent = answered = -1.0
    if not (0 <= sent < float("inf") and 0 <= answered < float("inf")):
        raise UsageError(f"KHABAR_LLM_PRICES: {given!r} is not like 2.5/10, of a million tokens sent and answered")
    return sent, answered
