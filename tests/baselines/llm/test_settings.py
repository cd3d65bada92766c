"""What a user sets: the server in the environment, the prompt by options."""

from __future__ import annotations

from pathlib import Path

import pytest

from dataset_builder.baselines.llm.settings import Options, Server
from dataset_builder.baselines.llm.system import Llm
from dataset_builder.baselines.table import baseline
from dataset_builder.errors import UsageError
from tests.baselines.llm.answers import SCHEMA


def test_settings_that_make_no_sense_are_named() -> None:
    good = {"KHABAR_LLM_URL": "https://api.example/v1", "KHABAR_LLM_MODEL": "m"}
    with pytest.raises(UsageError, match="no server is named; set KHABAR_LLM_URL"):
        Server.of({})
    for name, value in (
        ("URL", "api.example"),
        ("TIMEOUT", "soon"),
        ("WORKERS", "0"),
        ("PRICES", "3"),
        ("PRICES", "-1/2"),
    ):
        with pytest.raises(UsageError, match=f"KHABAR_LLM_{name}"):
            Server.of({**good, f"KHABAR_LLM_{name}": value})
    for url in ("https://me:word@api.example/v1", "https://api.example/v1?version=2"):
        with pytest.raises(UsageError, match="user name or a query"):
            Server.of({**good, "KHABAR_LLM_URL": url})
    server = Server.of({**good, "KHABAR_LLM_PRICES": "2.5/10", "XDG_CACHE_HOME": "/c"})
    assert (server.prices, server.cache, server.is_local) == ((2.5, 10.0), Path("/c/khabar/llm"), False)


@pytest.mark.parametrize(
    ("system", "word", "said"),
    [
        ("llm", "windw=3", "did you mean 'window'"),
        ("llm", "window=many", "--set window=many: .*integer"),
        ("llm", "window", "give it a value, like window="),
        ("llm", "window=3", "at least 200"),
        ("llm", "guidelines=long", "--set guidelines=long: .*'full' or 'short'"),
        ("memory", "window=3", "memory has no options"),
    ],
)
def test_options_that_make_no_sense_are_named(system: str, word: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        baseline(system).make(SCHEMA, [word])
    assert isinstance(made := baseline("llm").make(SCHEMA, ["window=900", "guidelines=short"]), Llm)
    assert made.options == Options(6, "short", 900)
