"""DATASHEET.md as data: the answer to each question, and the questions without one.

The questions are those of Gebru et al. 2021, "Datasheets for Datasets", and Bender & Friedman 2018, "Data Statements",
in our words (questions.toml). The card and the Croissant metadata quote the answers, so that nothing is said twice.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from pathlib import Path

DATASHEET = "DATASHEET.md"
_HEADING = re.compile(r"^###\s+(?P<question>.+?)\s*$", re.M)
_ANY_HEADING = re.compile(r"^#{1,3}\s", re.M)
_MARKER = re.compile(r"<!--.*?-->", re.S)


@cache
def questions() -> Mapping[str, tuple[str, ...]]:
    """Every question by the section that it stands in, in order."""
    table = tomllib.loads(resources.files(__package__).joinpath("questions.toml").read_text("utf8"))
    return {section["title"]: tuple(section["questions"]) for section in table["section"]}


def answers(datasheet: str) -> dict[str, str]:
    """What stands under each `###` heading, by the number that the heading begins with; markers are left out.

    >>> answers("### 1.1 Why?\\n\\nTo see <!-- generated: x -->3<!-- end --> things.\\n\\n## 2. Next\\n\\nMore.\\n")
    {'1.1': 'To see 3 things.'}
    """
    found = {}
    for match in _HEADING.finditer(datasheet):
        end = _ANY_HEADING.search(datasheet, match.end())
        body = datasheet[match.end() : end.start() if end else len(datasheet)]
        found[match["question"].split(" ", 1)[0]] = re.sub(r"\n{3,}", "\n\n", _MARKER.sub("", body)).strip()
    return found


def read_answers(root: Path) -> dict[str, str]:
    """The answers of a checkout's DATASHEET.md; none where it has no such page."""
    path = root / DATASHEET
    return answers(path.read_text("utf8")) if path.is_file() else {}


def unanswered(datasheet: str) -> list[str]:
    """The questions that have no heading, or one with no word under it, in order.

    >>> unanswered("### 1.1 Why was it made?\\n\\nTo see.\\n\\n### 1.3 Who paid for it?\\n\\n…\\n")[:2]
    ['1.2 Who made it, and for whom?', '1.3 Who paid for it?']
    """
    asked = {match["question"] for match in _HEADING.finditer(datasheet)}
    given = answers(datasheet)
    return [
        question
        for section in questions().values()
        for question in section
        if question not in asked or not re.search(r"\w", given[question.split(" ", 1)[0]])
    ]


def quoted(given: Mapping[str, str], number: str) -> str:
    """A question with its answer as running text, for metadata fields; "" where it has no answer.

    >>> quoted({"1.3": "Nobody (see 1.2)."}, "1.3")
    'Who paid for it? Nobody (DATASHEET.md 1.2).'
    """
    asked = (question.split(" ", 1) for section in questions().values() for question in section)
    return f"{dict(asked)[number]} {plain(given[number])}" if given.get(number) else ""


def plain(answer: str) -> str:
    """An answer as running text without Markdown: one line, no tables and no sentence that only leads to one.

    >>> plain("It has **two** `parts`:\\n\\n- one,\\n- two.\\n\\nMore. By year:\\n\\n| a | b |\\n|---|---|\\n| 1 | 2 |")
    'It has two parts: one, two. More.'
    """
    without = re.sub(r"(?:(?<=[.?!] )|(?<=\n))[^.?!\n]*:\n+(?=\|)", "\n\n", answer)
    lines = [line.strip() for line in without.splitlines() if not line.lstrip().startswith("|")]
    text = " ".join(re.sub(r"^- ", "", line) for line in lines if line)
    return re.sub(r"\((?:see )?(?=\d\.\d+\))", "(DATASHEET.md ", re.sub(r"\*\*|`", "", text))
