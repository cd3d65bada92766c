"""Agreement to read: tables in the terminal, one JSON object, and a page with every disagreement in its context."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dataset_builder.curation.agreement import Agreement, Compared, Disagreement, kappa
from dataset_builder.release.html import page as html_page
from dataset_builder.release.html import ratio

#: Characters of text shown on either side of a disagreement.
CONTEXT = 60


def as_record(found: Agreement, first: str, second: str) -> dict[str, Any]:
    """Everything as plain values; a ratio is null where nothing is there to agree on."""
    return {
        "first": first,
        "second": second,
        "documents": found.documents,
        "letters": found.letters,
        "labels": [
            {
                "layer": layer,
                "label": label or "all",
                "first": counts.first,
                "second": counts.second,
                "same": counts.same,
                "overlapping": counts.overlapping,
                "f1_strict": counts.strict,
                "f1_overlap": counts.overlap,
                "alpha_letters": counts.letters.alpha,
                "alpha_words": counts.words.alpha,
                "alpha_units": found.unitising_alpha((layer, label)),
            }
            for (layer, label), counts in found.labels.items()
        ],
        "types": {
            layer: {"pairs": sum(pairs.pairs.values()), "kappa": kappa(pairs)} for layer, pairs in found.types.items()
        },
        "claims": _claims(found),
        "disagreements": [_plain(d) for d in found.disagreements],
    }


def _claims(found: Agreement) -> dict[str, Any]:
    claims = found.claims
    shares = {name: claims.agreeing[name] / claims.paired for name in claims.agreeing} if claims.paired else {}
    return {
        "first": claims.first,
        "second": claims.second,
        "paired": claims.paired,
        "f1": claims.f1,
        "content_dice": claims.content_dice / claims.paired if claims.paired else None,
        "act_kappa": kappa(claims.acts),
        "agreeing": shares,
    }


def _plain(disagreement: Disagreement) -> dict[str, Any]:
    sides = {"first": disagreement.first, "second": disagreement.second}
    spans = {k: {"label": s.label, "start": s.start, "end": s.end} if s else None for k, s in sides.items()}
    return {"document": disagreement.document, "layer": disagreement.layer, "kind": disagreement.kind, **spans}


def print_tables(found: Agreement, first: str, second: str) -> None:
    """The figures as tables, layers first, then their labels."""
    from rich.console import Console
    from rich.table import Table

    # Wide enough for every label; a narrow terminal wraps its own lines rather than ours cutting names.
    console = Console(width=max(100, Console().width))
    title = f"{first} and {second}: {len(found.documents)} documents, {found.letters} letters"
    table = Table("layer", "label", "first", "second", "same", title=title, box=None, title_justify="left")
    for name in ("F1 strict", "F1 overlap", "α letters", "α words", "α units"):
        table.add_column(name, justify="right", no_wrap=True)
    for (layer, label), counts in found.labels.items():
        ratios = (counts.strict, counts.overlap, counts.letters.alpha, counts.words.alpha)
        shown = [ratio(r) for r in (*ratios, found.unitising_alpha((layer, label)))]
        numbers = [str(n) for n in (counts.first, counts.second, counts.same)]
        table.add_row("" if label else layer, label or "all", *numbers, *shown, style=None if label else "bold")
    console.print(table)
    console.print()
    for layer, pairs in found.types.items():
        console.print(f"κ of {layer} labels on {sum(pairs.pairs.values())} shared extents: {ratio(kappa(pairs))}")
    claims = _claims(found)
    shares = ", ".join(f"{name} {ratio(share)}" for name, share in sorted(claims["agreeing"].items()))
    console.print(
        f"claims: {claims['first']} and {claims['second']}, {claims['paired']} paired by content (F1 "
        f"{ratio(claims['f1'])}, Dice {ratio(claims['content_dice'])}, κ of act {ratio(claims['act_kappa'])}); "
        f"of the pairs agree: {shares or '–'}",
        highlight=False,
    )


def page(found: Agreement, pairs: Sequence[Compared], first: str, second: str) -> str:
    """A self-contained page without scripts: the figures, then what is disputed, document by document."""
    texts = {pair.document.id: pair.text for pair in pairs}
    by_document = {
        id: [_shown(d, texts[id]) for d in found.disagreements if d.document == id] for id in found.documents
    }
    record = as_record(found, first, second)
    return html_page("agreement.html", styles=("agreement.css",), record=record, by_document=by_document)


def _shown(disagreement: Disagreement, text: str | None) -> dict[str, Any]:
    """A disagreement with the words around it, cut at white space; without a text only its offsets."""
    spans = [s for s in (disagreement.first, disagreement.second) if s]
    start, end = min(s.start for s in spans), max(s.end for s in spans)
    shown: dict[str, Any] = {"kind": disagreement.kind, "layer": disagreement.layer, "start": start, "end": end}
    for name, span in (("first", disagreement.first), ("second", disagreement.second)):
        shown[name] = {"label": span.label, "text": text[span.start : span.end] if text else ""} if span else None
    if text:
        before, after = text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT]
        shown |= {"before": before.partition(" ")[2] or before, "words": text[start:end]}
        shown["after"] = after.rpartition(" ")[0] or after
    return shown
