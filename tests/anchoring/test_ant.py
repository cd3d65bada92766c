"""Some of the benchmark on other people's texts: real punctuation, real spelling, none wrongly placed."""

from __future__ import annotations

import importlib.util
import random
import sys
from pathlib import Path
from types import ModuleType

import pytest

BENCHMARK = Path(__file__).parents[2] / "benchmarks" / "reanchoring.py"


@pytest.fixture(scope="module")
def benchmark() -> ModuleType:
    spec = importlib.util.spec_from_file_location("reanchoring", BENCHMARK)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


def test_spans_of_real_articles_are_recovered(shared_raw: Path, benchmark: ModuleType) -> None:
    articles = dict(list(benchmark.read_articles(shared_raw / "ant").items())[:60])
    published, _ = benchmark.publish(random.Random(7), articles)
    for name in benchmark.ALTERATIONS:
        result = benchmark.measure(random.Random(name), articles, published, name)
        assert result.wrong == 0 and result.mistaken == 0, name
        if "changed" not in name:
            assert result.recovered / result.spans >= 0.995, name


def test_the_measure_notices_a_wrong_place(shared_raw: Path, benchmark: ModuleType) -> None:
    articles = dict(list(benchmark.read_articles(shared_raw / "ant").items())[:3])
    published, _ = benchmark.publish(random.Random(7), articles)
    for own in published.values():
        for key, (start, end) in own.offsets.items():
            own.offsets[key] = (start, end - 1) if end - start > 2 else (start, end)
    result = benchmark.measure(random.Random(1), articles, published, "none")
    assert result.wrong > 0.5 * result.spans
