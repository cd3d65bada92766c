"""An incident is one finding about data: where, how severe, what is the case, what was expected, what to do.

Its code's level, severity, expectation and remedy stand in `codes.toml` beside this module, so each is said once:
a check gives only the code, the place and the fact.
"""

from __future__ import annotations

import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib import resources


@dataclass(frozen=True, slots=True)
class Code:
    """What every incident with this code has in common.

    `level` is 0 for input files, 1 for a record by itself, 2 for references and text, 3 for the schema and 4 for the
    collection; `severity` is "error" or "warning". `predicted` says what was expected and what to do in predictions,
    "" where that is the same as in files that people annotate.
    """

    name: str
    level: int
    severity: str
    expectation: str
    remedy: str
    why: str
    predicted: str = ""

    def hint(self, predicted: bool = False) -> str:
        """What was expected and what to do, for what people annotated or a system `predicted`."""
        return self.predicted if predicted and self.predicted else f"{self.expectation}; {self.remedy}"


def _harmless(fact: str) -> str:
    """A fact as a terminal may show it: controls that others wrote into a file are shown as escapes.

    >>> _harmless("label \\x1b[2J قصف")
    'label \\\\x1b[2J قصف'
    """
    return "".join(f"\\x{ord(c):02x}" if unicodedata.category(c) == "Cc" and c not in "\t\n" else c for c in fact)


@dataclass(frozen=True, slots=True)
class Incident:
    """One finding. `path` is relative to where the command ran, `line` counts from 1 and is 0 for a whole file.

    >>> found = Incident("relation-signature", "AGENT needs head EVENT, got LOCATION (s02b11aa)", "gold/a.jsonl", 15)
    >>> str(found)
    'gold/a.jsonl:15: error[L3 relation-signature] AGENT needs head EVENT, got LOCATION (s02b11aa)'
    """

    code: str
    fact: str
    path: str = ""
    line: int = 0

    @property
    def about(self) -> Code:
        return codes()[self.code]

    @property
    def is_error(self) -> bool:
        return self.about.severity == "error"

    @property
    def where(self) -> str:
        return f"{self.path}:{self.line}" if self.line else self.path

    def __str__(self) -> str:
        place = f"{self.where}: " if self.path else ""
        return f"{place}{self.about.severity}[L{self.about.level} {self.code}] {_harmless(self.fact)}"

    def as_record(self) -> dict[str, str | int]:
        """The incident as one flat JSON object, for `--json`."""
        about = self.about
        return {
            "path": self.path,
            "line": self.line,
            "level": about.level,
            "severity": about.severity,
            "code": self.code,
            "fact": self.fact,
            "expectation": about.expectation,
            "remedy": about.remedy,
        }


@cache
def codes() -> dict[str, Code]:
    """Every code by name, in the order of `codes.toml`.

    >>> codes()["surface-mismatch"].level
    2
    """
    table = tomllib.loads(resources.files(__package__).joinpath("codes.toml").read_text("utf8"))
    return {name: Code(name=name, **entry) for name, entry in table.items()}
