"""The audit as plain JSON values."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from dataset_builder.release.bias.figure import Figure, Report


def as_record(report: Report) -> dict[str, Any]:
    """Everything in a report, with keys in a fixed order; a value, `low` and `high` are null where none is given."""
    return {
        "track": report.track,
        "layer": report.layer,
        "signature": report.signature,
        "found_or_designed": "designed, not found" if report.designed else "found",
        "documents": report.documents,
        "texts": report.texts,
        "warnings": list(report.warnings),
        "figures": [_figure(figure) for figure in report.figures],
        "tolls": [asdict(each) for each in report.tolls],
        "comparisons": [asdict(each) for each in report.comparisons],
        "names": dict(report.names),
    }


def _figure(figure: Figure) -> dict[str, Any]:
    question = figure.question
    return {
        "id": question.id,
        "heading": question.heading,
        "definition": question.definition,
        "reference": question.reference,
        "kind": question.kind,
        "unit": question.unit,
        "axes": list(question.axes),
        "left_out": dict(figure.left_out),
        "missing": figure.missing,
        "rows": [asdict(row) for row in figure.rows],
    }
