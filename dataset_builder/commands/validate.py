"""`khabar validate`: every finding about the annotations, on four levels."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from tqdm import tqdm

from dataset_builder.commands import context
from dataset_builder.errors import unknown
from dataset_builder.incidents import Incident, codes
from dataset_builder.validation import LEVELS, stops_at_records
from dataset_builder.validation import validate as check
from dataset_builder.validation.cases import cases


def validate(
    paths: Annotated[list[Path] | None, typer.Argument(help="Files or folders; default: the whole checkout.")] = None,
    level: Annotated[int, typer.Option(min=1, max=4, help="Up to which level: 1 record … 4 collection.")] = 4,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a finding.")] = False,
    explain: Annotated[str, typer.Option(metavar="CODE", help="Say what a code means, with an example, and end.")] = "",
) -> None:
    """Check records, references and text, labels, and how the whole collection fits together.

    Example: khabar validate --explain relation-signature
    """
    if explain:
        _explain(explain)
        return
    corpus = context.corpus()
    found: list[Incident] = list(check(corpus, paths or [], level))
    errors = sum(incident.is_error for incident in found)
    context.report(found, as_json)
    if not as_json:
        reached = level if not stops_at_records(found, corpus) else 1
        tqdm.write(f"{errors} errors, {len(found) - errors} warnings (levels 1 to {reached})")
        if reached < level:
            tqdm.write("higher levels were not checked: mend manifests and lists first, all else refers to them")
    if errors:
        raise typer.Exit(1)


def _explain(code: str) -> None:
    if code not in codes():
        raise unknown("code", code, codes())
    about = codes()[code]
    level = LEVELS.get(about.level, "input file")
    print(f"{code}: {about.severity} of level {about.level} ({level})")
    print(f"  expected: {about.expectation}")
    print(f"  to do:    {about.remedy}")
    print(f"  why:      {about.why}")
    for case in cases():
        if case.code == code and case.replace is not None and case.find:
            print(f"  example:  {case.replace}   instead of   {case.find}")
        elif case.code == code and case.replace is not None:
            print(f"  example:  {case.replace.strip()}   in   {case.file}")
