"""An outline in the terminal: sentences as in a sheet, under each its spans and claims.

Every Arabic stretch stands in a direction isolate and characters that act are spelled out, so the columns keep their
places in terminals with and without bidirectional layout. Long sentences are wrapped here and not by the terminal: an
isolate ends with its line.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from rich.console import Console
from rich.text import Text

from dataset_builder.release.outline import Item, Outline, Sentence, Statement
from dataset_builder.text.bidi import isolate, visible

STYLES = {"ACTOR": "blue", "LOCATION": "green", "EVENT": "red", "CLAIM": "magenta", "FRAME": "yellow"}
#: A span with more words than this is shown as in a sheet, by its first and last ones.
MOST_WORDS = 12
KEPT_WORDS = 5


def print_outline(outline: Outline, console: Console) -> None:
    """Print the document; wrapped to the console's width on a terminal, one sentence a line elsewhere."""
    width = max(console.width - 8, 20) if console.is_terminal else 0
    for line in _lines(outline, width):
        console.print(line, soft_wrap=True, highlight=False, emoji=False)


def _lines(outline: Outline, width: int) -> Iterator[Text]:
    yield _header(outline)
    for sentence in outline.sentences:
        yield Text()
        if outline.text is not None:
            words = visible(outline.text[sentence.start : sentence.end])
            for number, line in enumerate(_wrap(words, width)):
                yield Text.assemble((f"s{sentence.number}" if number == 0 else "").ljust(6), isolate(line))
        yield from _below(outline, sentence)


def _wrap(words: str, width: int) -> list[str]:
    """The words in lines of at most `width` code points; 0 is no limit. A sentence never holds a line end."""
    if not width:
        return [words]
    return textwrap.wrap(words, width, break_long_words=False, break_on_hyphens=False)


def _header(outline: Outline) -> Text:
    document = outline.document
    facts = [outline.hand, document.outlet or document.source, document.published, document.availability]
    done = ", ".join(outline.layer.layers) or "nothing"
    lost = f"\n{outline.lost} annotations were not carried over to this copy, which differs" if outline.lost else ""
    return Text.assemble(
        (document.id, "bold"), "  ", visible(" · ".join(fact for fact in facts if fact)), f"\nannotated: {done}{lost}"
    )


def _below(outline: Outline, sentence: Sentence) -> Iterator[Text]:
    attached = {item.span.id for item in sentence.items if item.span.layer == "CLAIM" and item.name}
    for item in sentence.items:
        if item.span.id not in attached:
            yield _item_line(outline, item)
    for statement in sentence.statements:
        yield from _statement_lines(statement, 0)


def _item_line(outline: Outline, item: Item) -> Text:
    span = item.span
    label = f"{item.group}.{span.label}" if item.group else span.label
    notes = [f"{key}={value}" if key not in ("mention", "status") else value for key, value in item.attributes]
    notes += [f"{role}={other.name}" for role, other in outline.arguments(item)]
    notes += [f"voice: {item.voice}"] if item.voice else []
    name = (item.name or "c?").ljust(4)
    style = STYLES.get(span.layer, "")
    shown = visible("  ".join(["", *notes]))
    return Text.assemble("      ", (f"{name} {visible(label).ljust(14)}", style), "  ", _surface(item), shown)


def _surface(item: Item) -> str:
    """The words, or their place where they are not here."""
    if item.surface is None:
        return f"[{item.span.start}–{item.span.end}]"
    words = item.surface.split()
    if len(words) > MOST_WORDS:
        words = [*words[:KEPT_WORDS], "…", *words[-KEPT_WORDS:]]
    return isolate(" ".join(words))


def _statement_lines(statement: Statement, depth: int) -> Iterator[Text]:
    claim = statement.claim
    source = _named(statement.source) if statement.source else f"({claim.source_status})"
    if statement.antecedent:
        source = f"({claim.source_status}: {_named(statement.antecedent)})"
    cue = _surface(statement.cue) if statement.cue else "-"
    content = " + ".join(_surface(item) for item in statement.content)
    notes = [claim.form, claim.act, claim.source_status]
    notes += [claim.medium] if claim.medium != "unknown" else []
    notes += [f"continues={statement.continues}"] if statement.continues else []
    notes += [f"in {statement.parent}"] if statement.parent else []
    indent = "      " + "  " * depth
    name = statement.name.ljust(4)
    yield Text.assemble(indent, (name, STYLES["CLAIM"]), f" {source} – {cue} – {content}  ", visible("  ".join(notes)))
    for inner in statement.inner:
        yield from _statement_lines(inner, depth + 1)


def _named(item: Item) -> str:
    """An actor with its name before the words; a SOURCE span has none beside its claim's."""
    return _surface(item) if item.span.layer == "CLAIM" else f"{item.name} {_surface(item)}"
