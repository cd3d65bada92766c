"""The guidelines as the page that Label Studio shows under "Instructions": the rules are where the work is.

Label Studio has no place for the repository's pages, so their text goes along with the project; with the address of
the pages, what they link to leads there.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from dataset_builder.formats.regions import CLAIM_ARROWS
from dataset_builder.schema import Schema

_HOW = """\
# In Label Studio

- Choose a label (its key is beside it; Shift+F searches), then drag over the words. A span may begin behind a
  proclitic, inside of a written word. White space at its ends does no harm.
- A selected region's attributes stand above the labels. **U** unselects a region; a label that is chosen while one is
  selected takes the place of its own.
- Alt+R draws an arrow from the selected region to the next one that you click. Its label is chosen in the panel
  "Relations". {relations}.
- {claims}
- Words beyond the basic plane (emoji): mark again instead of moving an end.
"""
_CLAIMS = (
    "A claim is its first CONTENT: form, act, source_status and medium are answered there, and arrows lead from it: "
    "{arrows} (content leads to a further part of the same content). Words that two claims share are marked twice, "
    "once for each."
)


def make_instruction(guidelines: Path, schema: Schema, layers: Sequence[str] = (), base: str = "") -> str:
    """The pages of these layers (default: all) in the folder `guidelines` as HTML, with how to do it in Label Studio.

    `base` is the address that the pages' own links are relative to; without it they are plain words.
    """
    chosen = [name for name in schema.layers if not layers or name in layers]
    joins = (f"{r.name}: {' or '.join(r.head)} to {' or '.join(r.tail)}" for r in schema.relations.values())
    claims = _CLAIMS.format(arrows=", ".join(CLAIM_ARROWS)) if "CLAIM" in chosen else "Claims are not annotated here."
    how = _HOW.replace("{relations}", "; ".join(joins)).replace("{claims}", claims)
    pages = [guidelines / f"{name}.md" for name in (*(layer.lower() for layer in chosen), "hard-cases")]
    return _html(how, base) + "".join(_html(page.read_text("utf8"), base) for page in pages if page.is_file())


def _html(markdown: str, base: str) -> str:
    """Markdown as HTML without any of its own, links only where `base` gives them a place to lead to."""
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = parser.parse(markdown)
    for token in tokens:
        if token.nesting == 1:
            token.attrSet("dir", "auto")  # a paragraph in Arabic is read from the right
        kept = []
        for child in token.children or ():
            if child.type in ("link_open", "link_close") and not base:
                continue
            if child.type == "link_open":
                href = str(child.attrGet("href") or "")
                child.attrSet("href", href if "://" in href else base.rstrip("/") + "/" + href)
            kept.append(child)
        token.children = kept or token.children
    return str(parser.renderer.render(tokens, parser.options, {}))
