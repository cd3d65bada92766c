"""`khabar yardstick`: a baseline on other people's annotated Arabic, to be set beside published figures."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from dataset_builder.baselines.table import TAGGINGS, tagging
from dataset_builder.baselines.yardstick import LAYER, predicted, read_words, split_by_name
from dataset_builder.errors import UsageError
from dataset_builder.model import Layer
from dataset_builder.scoring.resampling import bootstrap
from dataset_builder.scoring.schemes import count_schemes
from dataset_builder.scoring.sides import Pair


def yardstick(
    folder: Annotated[Path, typer.Argument(help="Folder of files with one word and its BIO tags a line.")],
    system: Annotated[str, typer.Option("--system", help=f"One of {', '.join(TAGGINGS)}.")] = "crf",
    seed: Annotated[int, typer.Option(help="Seed of whatever is drawn.")] = 0,
    encoder: Annotated[str, typer.Option(help="What reads the text: e5-small, a folder, or a name on the Hub.")] = "",
) -> None:
    """Train and score on a corpus like ANERcorp or Wojood (train and test file) or AQMAR (articles, in four folds).

    Strict span F1, micro and macro, with a 95 % interval that resamples articles, or blocks of 25 sentences where the
    corpus marks no articles.

    Example: khabar yardstick ~/ANERCorp --system crf
    """
    if not folder.is_dir():
        raise UsageError(f"{folder}: no such folder; give the folder that holds the corpus's files")
    texts = sorted(path for path in folder.iterdir() if path.suffix.lower() == ".txt")
    files = [path for path in texts if path.stem.upper() not in ("SOURCE", "README")]
    if not files:
        raise UsageError(f"{folder}: no .txt file is there; give the folder that holds the corpus's files")
    names = [path.stem for path in files]
    parts = split_by_name(names)
    wanted = [path for path in files if not parts or path.stem in (*parts[0], *parts[1])]
    examples = {path.stem: read_words(path, lambda said: print(said, file=sys.stderr)) for path in wanted}
    pairs = []
    for gold, spans in predicted(examples, tagging(system, encoder), seed):
        guess = Layer(gold.layer.document, "", len(gold.text), "", (LAYER,), tuple(spans))
        pairs.append(Pair(gold.layer, guess, gold.text))
    labels = sorted({f"{LAYER}.{s.label}" for p in pairs for side in p.sides for s in side.spans})
    counts = count_schemes(pairs, [LAYER], labels)
    intervals = dict(zip(counts.rows, bootstrap(counts), strict=True))
    table = Table("label", box=None)
    for name in ("precision", "recall", "F1", "95 % interval", "gold"):
        table.add_column(name, justify="right")
    for label in ("", *counts.labels("strict")):
        figure, interval = counts.figure("strict", label), intervals["strict", label]
        ratios = (f"{100 * value:.1f}" for value in (figure.precision, figure.recall, figure.f1))
        shown = f"{100 * interval.low:.1f}–{100 * interval.high:.1f}"
        table.add_row(label.partition(".")[2] or "micro", *ratios, shown, f"{figure.gold:.0f}")
    console = Console()
    console.print(f"{system} on {folder.name}: {len(pairs)} documents scored", highlight=False, soft_wrap=True)
    if parts:
        others = ", ".join(name for name in names if name not in examples) or "nothing"
        said = f"learned from {', '.join(parts[0])}; scored on {', '.join(parts[1])}; left out: {others}"
        console.print(said, highlight=False, soft_wrap=True)
    console.print(table)
    macro = counts.macro("strict")
    console.print("macro F1 –" if macro is None else f"macro F1 {100 * macro:.1f}", highlight=False)
