"""No pauses, no server but the one that a test names."""

from __future__ import annotations

from pathlib import Path

import pytest

from dataset_builder.baselines.llm import server as llm_server


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No pauses worth the name, a cache of its own, and no server but the one that a test names."""
    monkeypatch.setattr(llm_server, "PAUSE", 0.001)
    monkeypatch.setenv("KHABAR_LLM_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("KHABAR_LLM_MODEL", "test-model")
    monkeypatch.setenv("KHABAR_LLM_WORKERS", "1")
    for name in ("URL", "KEY", "PRICES", "TIMEOUT"):
        monkeypatch.delenv(f"KHABAR_LLM_{name}", raising=False)
