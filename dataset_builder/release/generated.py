"""Text that is computed, between markers in documents that people write.

A marker names what stands there: `<!-- generated: corpus -->` … `<!-- end -->`. What is between the two is replaced; in
lines of its own it is a block, inside a line a figure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TypeVar

from dataset_builder.errors import DataError, unknown

_MARKED = re.compile(r"(<!-- generated: (?P<name>[^>]+?) -->)(?P<old>.*?)(<!-- end -->)", re.S)
Source = TypeVar("Source")


def fill(document: str, blocks: Mapping[str, Callable[[Source], str]], source: Source) -> str:
    """The document with everything between its markers made anew from `source`.

    Raises UsageError for a marker with an unknown name, DataError for one without an end.

    >>> fill("It has <!-- generated: size -->2<!-- end --> parts.", {"size": str}, 3)
    'It has <!-- generated: size -->3<!-- end --> parts.'
    """
    if document.count("<!-- generated: ") != len(_MARKED.findall(document)):
        raise DataError("a <!-- generated: … --> marker has no <!-- end --> behind it; add it")

    def made(match: re.Match[str]) -> str:
        if match["name"] not in blocks:
            raise unknown("generated text", match["name"], blocks)
        new = blocks[match["name"]](source)
        return f"{match[1]}\n{new}\n{match[4]}" if match["old"].startswith("\n") else match[1] + new + match[4]

    return _MARKED.sub(made, document)
