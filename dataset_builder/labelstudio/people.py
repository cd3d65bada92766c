"""Who is who: Label Studio knows annotators by e-mail address, the repository by pseudonym only.

The list that joins the two stands in `.khabar/annotators.toml`, which git ignores: no address enters the repository.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

from dataset_builder.errors import DataError, UsageError
from dataset_builder.files import write_atomic
from dataset_builder.records import ANNOTATOR

HEAD = (
    "# Who annotates under which pseudonym (2 to 32 of a-z, 0-9 and -): on the left Label Studio's e-mail address or\n"
    "# user number. Git ignores this file; keep it so.\n"
)


def people_path(root: Path) -> Path:
    """Where a checkout keeps its list."""
    return root / ".khabar" / "annotators.toml"


def read_people(root: Path) -> dict[str, str]:
    """Pseudonyms by e-mail address or user number; DataError where the list is broken."""
    path = people_path(root)
    if not path.is_file():
        return {}
    try:
        table = tomllib.loads(path.read_text("utf8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DataError(
            f'{path}: not TOML that can be read ({error}); write lines such as "a@b.org" = "amal"'
        ) from error
    return {who.lower(): checked(name, str(path)) for who, name in table.items()}


def checked(name: object, where: str) -> str:
    """The pseudonym, or UsageError: it becomes the name of a folder."""
    if not isinstance(name, str) or not re.fullmatch(ANNOTATOR, name):
        raise UsageError(f"{where}: {name!r} is no pseudonym; write 2 to 32 of a-z, 0-9 and -")
    return name


def parse_people(given: Iterable[str]) -> dict[str, str]:
    """People as they are given on the command line.

    >>> parse_people(["Amal@Example.org=amal", "7=basel"])
    {'amal@example.org': 'amal', '7': 'basel'}
    """
    found: dict[str, str] = {}
    for entry in given:
        who, separator, name = entry.rpartition("=")
        if not separator or not who.strip():
            raise UsageError(f"--annotator {entry!r}: write WHO=PSEUDONYM, WHO being an e-mail address or user number")
        found[who.strip().lower()] = checked(name.strip(), "--annotator")
    return found


def write_people(root: Path, people: Mapping[str, str]) -> None:
    """Keep the list, for this reader only, without user numbers: everybody's first user is number 1, so that a number
    says who somebody is in one export only.
    """
    known = sorted((who, name) for who, name in people.items() if not who.isdigit())
    lines = (f"{json.dumps(who, ensure_ascii=False)} = {json.dumps(name)}\n" for who, name in known)
    write_atomic(people_path(root), HEAD + "".join(lines))
    people_path(root).chmod(0o600)
