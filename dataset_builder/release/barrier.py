"""The last barrier before words of a referenced text would leave: no Arabic letter in any `standoff` column."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc

from dataset_builder.errors import DataError

#: Arabic letters as they are, percent-encoded once, or twice. Arabic punctuation is of script Common and may pass.
_WORDS = r"\p{Arabic}|%(25)?[dD][89]"


def refuse_words(rows: pa.Table) -> None:
    """Raise DataError where any text in a table of referenced documents has Arabic letters.

    >>> refuse_words(pa.table({"before": ["،", "«"], "url": ["https://paper.example/1", None]}))
    >>> refuse_words(pa.table({"url": ["https://paper.example/%D9%82"]}))
    Traceback (most recent call last):
    dataset_builder.errors.DataError: standoff column url would hold Arabic words ('https://paper.example/%D9%82'); \
take them out of the manifest record or gold layer of the referenced document
    """
    for name, values in _strings(rows):
        held = values.filter(pc.match_substring_regex(values, _WORDS))
        if len(held):
            shown = re.sub(r"[^\x20-\x7e]", "?", held[0].as_py())[:60]
            raise DataError(
                f"standoff column {name} would hold Arabic words ({shown!r}); "
                "take them out of the manifest record or gold layer of the referenced document"
            )


def _strings(rows: pa.Table) -> Iterator[tuple[str, pa.Array]]:
    """Every text column, nested ones too, with its dotted name."""
    waiting = [(name, rows[name].combine_chunks()) for name in rows.column_names]
    while waiting:
        name, values = waiting.pop()
        if pa.types.is_list(values.type):
            waiting.append((name, values.flatten()))
        elif pa.types.is_struct(values.type):
            waiting += [(f"{name}.{f.name}", v) for f, v in zip(values.type, values.flatten(), strict=True)]
        elif pa.types.is_string(values.type):
            yield name, values
