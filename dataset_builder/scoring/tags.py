"""Strict figures from BIO tags, for flat taggers of any corpus: tags become rows of a span table at once, in numpy.

The benchmark's own tasks never pass through tags. A span begins at `B-`, and at an `I-` that goes on from no span of
its label, as in conlleval and in seqeval's default mode; `O` and whatever has neither prefix is outside.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import chain, count

import numpy as np
from numpy.typing import NDArray

from dataset_builder.scoring.counts import Counts, count_equal

Tags = Sequence[Sequence[str]]
#: The measure that the counts have.
MEASURE = "strict"
#: A number a word, in half the bytes of the usual ones: memory is what is waited for.
_Numbers = NDArray[np.uint32]


def count_tags(gold: Tags, predicted: Tags) -> Counts:
    """Counts of spans whose label and words are equal; each sequence of tags is a document.

    Labels are those of both sides, in alphabetical order. Raises ValueError where the two sides differ in sequences or
    in the length of one, for a sequence that is text, and for a tag that is neither `O` nor `B-` or `I-` with a label.

    >>> counts = count_tags([["B-PER", "I-PER", "O", "B-LOC"]], [["B-PER", "I-PER", "O", "B-PER"]])
    >>> round(counts.figure("strict").f1, 2), counts.figure("strict", "PER").precision
    (0.5, 0.5)
    """
    for side in (gold, predicted):
        if any(isinstance(sequence, str) for sequence in side):
            raise ValueError("a sequence of tags is text; give a list of sequences, each a list of tags")
    lengths, others = (list(map(len, side)) for side in (gold, predicted))
    if lengths != others:
        where = next((i for i, (a, b) in enumerate(zip(lengths, others, strict=False)) if a != b), None)
        fact = f"{len(lengths)} and {len(others)} sequences" if where is None else f"sequence {where} has other lengths"
        raise ValueError(f"the two sides must have the same words: {fact}")
    numbers: defaultdict[str, int] = defaultdict(count().__next__)
    codes = [_codes(side, numbers, sum(lengths)) for side in (gold, predicted)]
    if wrong := [tag for tag in numbers if tag != "O" and not _is_span(tag)]:
        raise ValueError(f"the tag {wrong[0]!r} is neither O nor B- or I- with a label")
    names = sorted({tag[2:] for tag in numbers if _is_span(tag)})
    # Of each tag its label, from 1 and 0 for none, and whether it always begins a span.
    label = np.array([names.index(tag[2:]) + 1 if _is_span(tag) else 0 for tag in numbers], dtype=np.uint32)
    begins = np.array([tag.startswith("B-") for tag in numbers], dtype=bool)
    document = np.repeat(np.arange(len(lengths), dtype=np.uint32), lengths)
    there, found = (_rows(label[side], begins[side], document) for side in codes)
    cells = count_equal(there, found, len(lengths), len(names))
    ids = tuple(map(str, range(len(lengths))))
    return Counts(ids, ids, ((MEASURE, ""), *((MEASURE, name) for name in names)), cells)


def _is_span(tag: object) -> bool:
    return isinstance(tag, str) and tag[:2] in ("B-", "I-") and len(tag) > 2


def _codes(tags: Tags, numbers: defaultdict[str, int], words: int) -> NDArray[np.intp]:
    """The number of every tag, in one pass; tags not seen before get the next number."""
    return np.fromiter(map(numbers.__getitem__, chain.from_iterable(tags)), dtype=np.intp, count=words)


def _rows(label: _Numbers, begins: NDArray[np.bool_], document: _Numbers) -> NDArray[np.int64]:
    """Document, label, first word and word behind the last of each span; words count over all documents."""
    edge = np.append(begins, True)
    edge[0] = True
    edge[1:-1] |= (label[1:] != label[:-1]) | (document[1:] != document[:-1])
    # From one edge to the next is a span or a stretch outside.
    edges = np.flatnonzero(edge)
    first, behind = edges[:-1], edges[1:]
    inside = label[first] > 0
    first, behind = first[inside], behind[inside]
    return np.stack([document[first], label[first].astype(np.int64) - 1, first, behind], axis=1)
