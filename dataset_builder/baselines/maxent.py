"""A maximum-entropy classifier: CRFsuite over sequences of one item, so that no second learner is needed."""

from __future__ import annotations

import base64
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from dataset_builder.errors import UsageError


def crfsuite() -> Any:
    """The package python-crfsuite; UsageError with how to get it where it is not installed."""
    try:
        import pycrfsuite
    except ImportError as error:
        raise UsageError("this baseline needs python-crfsuite: pip install 'khabar[baselines]'") from error
    return pycrfsuite


def train(sequences: Sequence[tuple[list[list[str]], list[str]]], parameters: dict[str, Any]) -> bytes:
    """The bytes of a model trained with L-BFGS on sequences of features and labels."""
    trainer = crfsuite().Trainer(algorithm="lbfgs", verbose=False)
    trainer.set_params(parameters)
    for rows, labels in sequences:
        trainer.append(rows, labels)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model"
        trainer.train(str(path))
        return path.read_bytes()


class MaxEnt:
    """Labels for single items. Before it is fit, or fit on one label alone, it gives that label, or "" ."""

    def __init__(self) -> None:
        self.model: bytes | None = None
        self.only = ""
        self._tagger: Any = None

    def fit(self, rows: Sequence[list[str]], labels: Sequence[str]) -> None:
        self._tagger = None
        if len(set(labels)) < 2:
            self.model, self.only = None, labels[0] if labels else ""
            return
        items = [([row], [label]) for row, label in zip(rows, labels, strict=True)]
        self.model = train(items, {"c1": 0.0, "c2": 1.0, "max_iterations": 100})

    def label(self, row: list[str]) -> str:
        """The likeliest label."""
        if self.model is None:
            return self.only
        return str(self._open().tag([row])[0])

    def chances(self, row: list[str]) -> dict[str, float]:
        """How likely each label is; together 1."""
        if self.model is None:
            return {self.only: 1.0}
        tagger = self._open()
        tagger.set([row])
        return {label: float(tagger.marginal(label, 0)) for label in tagger.labels()}

    def chance(self, row: list[str], label: str) -> float:
        """How likely the label is, 0 to 1; 0 for one that it was never told."""
        return self.chances(row).get(label, 0.0)

    def _open(self) -> Any:
        if self._tagger is None:
            self._tagger = crfsuite().Tagger()
            self._tagger.open_inmemory(self.model)
        return self._tagger

    def state(self) -> dict[str, str]:
        return {"only": self.only, "model": base64.b64encode(self.model or b"").decode()}

    def restore(self, state: dict[str, str]) -> None:
        self.only, self.model = state["only"], base64.b64decode(state["model"]) or None
        self._tagger = None

    @classmethod
    def restored(cls, state: dict[str, str]) -> MaxEnt:
        made = cls()
        made.restore(state)
        return made
