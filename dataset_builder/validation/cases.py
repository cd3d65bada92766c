"""One smallest failing example per code: an edit of one file of a small checkout that makes exactly this finding.

The tests apply each edit and look for the finding; `khabar validate --explain` shows it.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources


@dataclass(frozen=True, slots=True)
class Case:
    """In `file`, `find` becomes `replace`; without `find`, `replace` is appended, to a new file where
    there is none; without `replace` the file goes.

    `at` is the file that the finding is reported at, where that is another one.
    """

    code: str
    file: str
    find: str = ""
    replace: str | None = None
    at: str = ""


@cache
def cases() -> tuple[Case, ...]:
    """Every example, in the order of `cases.toml`."""
    table = tomllib.loads(resources.files(__package__).joinpath("cases.toml").read_text("utf8"))
    return tuple(Case(code, **entry) for code, entries in table.items() for entry in entries)
