"""Other people's annotated Arabic as a yardstick: one word and BIO tag a line, an empty line behind each sentence.

ANERcorp and AQMAR have this form. A folder with a train and a test file (ANERcorp in CAMeL Lab's split) is trained and
scored on these, cut into blocks of sentences, since the articles' ends are not marked: systems that hold documents back
while they learn need some, and intervals that resample single sentences would be half as wide as they should. A folder
of articles is scored in folds of whole articles, so that each is predicted by a model that did not see it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from dataset_builder.baselines.joint import Tagging
from dataset_builder.baselines.system import Example
from dataset_builder.baselines.taggers import Tagger
from dataset_builder.baselines.units import Unit
from dataset_builder.errors import DataError, UsageError
from dataset_builder.model import Layer, Span

LAYER = "NE"
FOLDS = 4
#: Sentences of a block.
BLOCK = 25
#: The classes that corpora share. AQMAR's other classes differ by article (MIS0, MIS1, SPANISH): they are MISC.
_SHARED = {"PER": "PER", "PERS": "PER", "LOC": "LOC", "ORG": "ORG"}


def read_words(path: Path) -> Example:
    """A file of words and tags as a text with spans: words with a space between, a sentence a line.

    Raises DataError for a file that has not this form.
    """
    lines: list[str] = []
    spans: list[Span] = []
    words: list[str] = []
    at, open_label = 0, ""
    # Only line feeds end lines: a word may hold a sign that str.splitlines takes for one.
    for number, line in enumerate(path.read_text("utf-8-sig", errors="replace").split("\n"), 1):
        parts = line.split()
        if not parts:
            if words:
                lines.append(" ".join(words))
                words, open_label = [], ""
            continue
        if len(parts) < 2:
            raise DataError(f"{path}:{number}: {line!r} is no word with its tag; the form is `word TAG`, one a line")
        tag, label = parts[-1], _SHARED.get(parts[-1][2:].strip("-"), "MISC")
        if tag.startswith("I-") and open_label == label and spans:
            last = spans[-1]
            spans[-1] = Span(last.id, LAYER, label, last.start, at + len(parts[0]))
        elif tag[:2] in ("B-", "I-"):
            spans.append(Span(f"s{len(spans)}", LAYER, label, at, at + len(parts[0])))
        open_label = label if tag[:2] in ("B-", "I-") else ""
        words.append(parts[0])
        at += len(parts[0]) + 1
    text = "\n".join([*lines, " ".join(words)] if words else lines)
    return Example(text, Layer(path.stem, "", len(text), "", (LAYER,), tuple(spans)))


def words_of(text: str) -> list[Unit]:
    """Words as the file has them."""
    return [Unit(m.start(), m.end(), (m.start(), m.end())) for m in re.finditer(r"\S+", text)]


def blocks(example: Example, sentences: int = BLOCK) -> list[Example]:
    """A long example as several of so many lines, the last one maybe shorter."""
    made: list[Example] = []
    start = 0
    lines = example.text.split("\n")
    for first in range(0, len(lines), sentences):
        text = "\n".join(lines[first : first + sentences])
        inside = [s for s in example.layer.spans if start <= s.start < start + len(text)]
        moved = tuple(replace(s, start=s.start - start, end=s.end - start) for s in inside)
        name = f"{example.layer.document}-{len(made) + 1}"
        made.append(Example(text, replace(example.layer, document=name, length=len(text), spans=moved)))
        start += len(text) + 1
    return made


@dataclass(frozen=True)
class Fold:
    """Documents to learn from and documents to score."""

    train: Sequence[Example]
    test: Sequence[Example]


def folds(files: Mapping[str, Example]) -> list[Fold]:
    """Blocks of train and test where files are called so, else `FOLDS` folds of whole files. UsageError for too few.

    Beside a train and a test file others (development, the undivided corpus) are left out.
    """
    names = sorted(files)
    train = [n for n in names if "train" in n.lower()]
    test = [n for n in names if "test" in n.lower() and n not in train]
    if train and test:
        parts = ([block for name in part for block in blocks(files[name])] for part in (train, test))
        return [Fold(*parts)]
    if len(names) < FOLDS:
        raise UsageError(f"{len(names)} files: a yardstick needs a train and a test file, or {FOLDS} articles or more")
    held = [names[i::FOLDS] for i in range(FOLDS)]
    return [Fold([files[n] for n in names if n not in part], [files[n] for n in part]) for part in held]


def predicted(
    files: Mapping[str, Example], make: Callable[[Sequence[Tagger], Callable[[str], list[Unit]]], Tagging], seed: int
) -> Iterator[tuple[Example, list[Span]]]:
    """Every test document with what a tagging predicts that was trained on the training documents of its fold."""
    tagger = Tagger(LAYER, LAYER, lambda gold: list(gold.of(LAYER)))
    for fold in folds(files):
        tagging = make([tagger], words_of)
        tagging.fit(fold.train, seed)
        for example in fold.test:
            yield example, tagging.predict(example.text)
