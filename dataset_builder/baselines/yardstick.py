"""Other people's annotated Arabic as a yardstick: one word and its BIO tags a line, an empty line behind each sentence.

ANERcorp and AQMAR have one tag a word, Wojood one for each of the spans that nest there, the outermost first. A folder
with a train and a test file (ANERcorp in CAMeL Lab's split, Wojood) is trained and scored on these, cut into blocks of
sentences, since the articles' ends are not marked: systems that hold documents back while they learn need some, and
intervals that resample single sentences would be half as wide as they should. A folder of articles is scored in folds
of whole articles, so that each is predicted by a model that did not see it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

from dataset_builder.baselines.joint import Tagging
from dataset_builder.baselines.system import Example
from dataset_builder.baselines.taggers import Tagger, all_of, with_label
from dataset_builder.baselines.units import Unit
from dataset_builder.errors import DataError, UsageError
from dataset_builder.formats import columns
from dataset_builder.formats.foreign import decoded
from dataset_builder.model import Layer, Span

LAYER = "NE"
FOLDS = 4
#: Sentences of a block.
BLOCK = 25
#: Classes of ANERcorp and AQMAR, and the other types of Wojood. AQMAR's further classes differ by article (MIS0, MIS1,
#: SPANISH): what is not named here is MISC.
_LABELS = {"PER": "PER", "PERS": "PER", "LOC": "LOC", "ORG": "ORG"} | {
    name: name
    for name in (
        *("CARDINAL", "CURR", "DATE", "EVENT", "FAC", "GPE", "LANGUAGE", "LAW", "MONEY", "NORP", "OCC", "ORDINAL"),
        *("PERCENT", "PRODUCT", "QUANTITY", "TIME", "UNIT", "WEBSITE"),
    )
}


#: Of so many lines one may have a tag that is none: what people mistyped (AQMAR has two in 73,853), and not a form.
MISTYPED = 1000


def read_words(path: Path, say: Callable[[str], None] = lambda sentence: None) -> Example:
    """A file of words and tags as a text with spans: words with a space between, a sentence a line.

    A tag that is none is outside, and told to `say`; AQMAR's `I--ORG` is what it stands for. Raises DataError for a
    file that has not this form: more than one such tag in 1,000 lines, or no word.
    """
    lines = list(enumerate(decoded(path).split("\n"), 1))
    read = columns.words_of(lines, str(path), lambda label: _LABELS.get(label.strip("-"), "MISC"))
    mistyped = sum(count for _, count in read.unknown.values())
    for tag, (line, count) in read.unknown.items():
        fact = f"{path}:{line}: the tag {tag!r:.60} is neither O nor B- or I- with a label; it stands on {count} lines"
        if mistyped * MISTYPED > len(lines):
            raise DataError(fact)
        say(f"{fact}, and counts as O")
    if not read.text:
        raise DataError(f"{path}: has no word; a line has a word and its tags")
    found = (Span(f"s{n}", LAYER, tag.label, tag.start, tag.end) for n, tag in enumerate(read.columns[0]))
    return Example(read.text, Layer(path.stem, "", len(read.text), "", (LAYER,), tuple(found)))


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
    """Blocks of train and test where files are called so, else `FOLDS` folds of whole files.

    Beside a train and a test file others (development, the undivided corpus) are left out. UsageError for too few
    files, and where nothing is marked in what is learned from or scored.
    """
    names = sorted(files)
    if parts := split_by_name(names):
        learned, scored = ([block for name in part for block in blocks(files[name])] for part in parts)
        return [_marked(Fold(learned, scored))]
    if len(names) < FOLDS:
        raise UsageError(f"{len(names)} files: a yardstick needs a train and a test file, or {FOLDS} articles or more")
    held = [names[i::FOLDS] for i in range(FOLDS)]
    return [_marked(Fold([files[n] for n in names if n not in part], [files[n] for n in part])) for part in held]


def split_by_name(names: Sequence[str]) -> tuple[list[str], list[str]] | None:
    """Which files are to learn from and which to score, by a part of their name; None where these are not both there.

    >>> split_by_name(["Corpus_train", "Corpus_test", "Corpus"])
    (['Corpus_train'], ['Corpus_test'])
    >>> split_by_name(["Protest", "Training"])
    """
    said = {name: re.split("[^a-z]+", name.lower()) for name in names}
    train = [name for name in names if "train" in said[name]]
    test = [name for name in names if "test" in said[name] and name not in train]
    return (train, test) if train and test else None


def _marked(fold: Fold) -> Fold:
    for examples, what in ((fold.train, "learned from"), (fold.test, "scored")):
        if not any(example.layer.spans for example in examples):
            first = examples[0].layer.document
            raise UsageError(f"nothing is marked in what is {what} ({first} and its like); are its tags B- and I-?")
    return fold


def taggers(files: Mapping[str, Example]) -> list[Tagger]:
    """One for all labels; where spans overlap one for each, since a sequence of tags holds one span at a word."""
    found = [list(example.layer.of(LAYER)) for example in files.values()]
    if not any(map(_overlap, found)):
        return [Tagger(LAYER, LAYER, all_of(LAYER))]
    labels = sorted({span.label for spans in found for span in spans})
    return [Tagger(label, LAYER, with_label(LAYER, label)) for label in labels]


def _overlap(spans: Sequence[Span]) -> bool:
    """Whether any two share a code point."""
    ordered = sorted(spans, key=lambda span: span.start)
    return any(after.start < before.end for before, after in pairwise(ordered))


def predicted(
    files: Mapping[str, Example], make: Callable[[Sequence[Tagger], Callable[[str], list[Unit]]], Tagging], seed: int
) -> Iterator[tuple[Example, list[Span]]]:
    """Every test document with what a tagging predicts that was trained on the training documents of its fold."""
    labelled = taggers(files)
    for fold in folds(files):
        tagging = make(labelled, words_of)
        tagging.fit(fold.train, seed)
        for example in fold.test:
            yield example, tagging.predict(example.text)
