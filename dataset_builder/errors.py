"""What goes wrong through no bug: one sentence to the user, never a traceback.

::

    KhabarError                 the root; the command line prints its message and ends with `exit_code`
    ├── UsageError              the command was asked for something that does not exist (exit 2)
    ├── DataError               stored data or input is not what it must be (exit 1); carries incidents
    │   └── PredictionError     it is what a system predicted: the remedies are those of a program
    └── ServiceError            a server that was asked fails or can't be reached (exit 1)

Everything else that reaches the top is a bug and keeps its traceback.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dataset_builder.incidents import Incident


class KhabarError(Exception):
    """A mistake in the input or the call; the message says where, what, what was expected and what to do."""

    exit_code = 1


class UsageError(KhabarError):
    """The call names something that does not exist or does not fit."""

    exit_code = 2


class DataError(KhabarError):
    """Data is not what it must be; `incidents` holds every single finding."""

    def __init__(self, message: str, incidents: Sequence[Incident] = ()) -> None:
        super().__init__(message)
        self.incidents = tuple(incidents)


class PredictionError(DataError):
    """Predictions that can't be scored; what to do then is not what an annotator would do (`Code.predicted`)."""


class ServiceError(KhabarError):
    """A server that was asked fails, or can't be reached; trying again later may help."""


def unknown(what: str, name: str, known: Iterable[str]) -> UsageError:
    """The error for a name that is not among the known ones, with the nearest suggestions.

    >>> str(unknown("document", "shaam-1", ["shaam-12", "ant-7"]))
    "there is no document 'shaam-1'; did you mean 'shaam-12'?"
    """
    return UsageError(f"there is no {what} {name!r}; {did_you_mean(name, known)}")


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """The names that are nearest, as a question; all of them where none is near.

    >>> did_you_mean("relation", ["spans", "relations"]), did_you_mean("x", ["spans", "relations"])
    ("did you mean 'relations'?", 'known: relations, spans')
    """
    known = sorted(known)
    near = get_close_matches(name, known, n=3)
    if near:
        return "did you mean " + " or ".join(repr(n) for n in near) + "?"
    shown = ", ".join(known[:12]) + (", …" if len(known) > 12 else "")
    return f"known: {shown}" if known else "none is known"
