"""What the list's text search looks in: the texts, and the fold of every character as a table that a script can read.

The script does not fold by rules of its own: it looks each character up in what `text.normalise` made of it, so both
views are the same whatever the browser knows of Unicode. A character that is not in the table leaves nothing behind.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from dataset_builder.release.site.documents import Shown
from dataset_builder.text.normalise import fold

#: Blocks that somebody may type from: Latin, combining marks, Arabic with supplements, extra digits, Arabic forms.
TYPED = ((0x20, 0x24F), (0x600, 0x6FF), (0x750, 0x77F), (0x8A0, 0x8FF), (0xFB50, 0xFDFF), (0xFE70, 0xFEFF))


def folding(texts: Iterable[str]) -> dict[str, str]:
    """What is left behind when folding, with all characters that leave it, of the texts and of TYPED.

    >>> table = folding(["é"])
    >>> "أ" in table["ا"], "آ" in table["ا"], "é" in table["e"], "ء" in "".join(table.values())
    (True, True, True, False)
    """
    characters = {chr(code) for first, last in TYPED for code in range(first, last + 1)}.union(*texts)
    table: dict[str, str] = {}
    for character in sorted(characters):
        letters = fold(character).letters
        if letters:
            table[letters] = table.get(letters, "") + character
    return dict(sorted(table.items()))


def search_data(documents: Sequence[Shown]) -> str:
    """The table and, for each document by id, what it is about and its text, as JSON for a script element.

    Texts that are not shown are not in it.
    """
    found = {d.id: {"about": _about(d), "text": d.entry.text or ""} for d in documents}
    data = {"folding": folding(v for one in found.values() for v in one.values()), "documents": found}
    # "<" could end the element ("</script>") or begin a comment in it.
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def _about(document: Shown) -> str:
    titles = (document.cluster.title, document.cluster.title_ar) if document.cluster else ()
    return " ".join((document.id, *titles))
