"""A checkout that the tests of this folder read."""

from __future__ import annotations

import pytest

from dataset_builder.corpus import Corpus
from tests.samples import make_checkout


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    return make_checkout(tmp_path_factory.mktemp("foreign"))
