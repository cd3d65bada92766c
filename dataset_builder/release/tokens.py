"""The configuration `entities`: a row a sentence, as flat taggers take it, with the exact nested spans beside the tags.

A span may begin inside a whitespace token (و|قال), a tag can't: a token is B where a span begins in it and I where it
has part of a span that began before. Tags show the outermost actors and places only; `spans` has all of them, exactly.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from dataset_builder.model import Span
from dataset_builder.release.columns import Column, Columns, class_ids, integers, listed, nested, strings
from dataset_builder.release.entries import Entry
from dataset_builder.release.shapes import labels, span_columns
from dataset_builder.schema import Schema
from dataset_builder.text.tokenise import tokens

TAGGED = ("ACTOR", "LOCATION")
Integers = npt.NDArray[np.int64]


def outermost(spans: Iterable[Span]) -> list[Span]:
    """The spans that lie in no other, in order; of two that overlap otherwise the one that begins first, and of two
    with the same extent the one whose layer and label come first, whatever order they were given in.

    >>> outer, inner = Span("s1", "ACTOR", "PERSON", 0, 9), Span("s2", "ACTOR", "STATE", 4, 9)
    >>> [span.id for span in outermost([inner, outer, Span("s3", "ACTOR", "STATE", 9, 12)])]
    ['s1', 's3']
    """
    kept: list[Span] = []
    for span in sorted(spans, key=lambda s: (s.start, -s.end, s.layer, s.label, s.id)):
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return kept


def tag_names(schema: Schema) -> list[str]:
    """O, then B and I of each actor and place label."""
    return ["O", *(f"{where}-{label}" for label in labels(schema, TAGGED) for where in "BI")]


@dataclass(frozen=True)
class _Tokens:
    """A document's tokens, all sentences together: sentence n has those from `bounds[n]` to `bounds[n + 1]`."""

    entry: Entry
    starts: Integers
    ends: Integers
    bounds: Integers
    texts: list[str]

    def over(self, span: Span) -> tuple[int, int]:
        """The half-open range of the span's tokens, as far as they are in the sentence that it begins in."""
        first = int(np.searchsorted(self.ends, span.start, "right"))
        end = int(np.searchsorted(self.starts, span.end, "left"))
        return first, min(end, int(self.bounds[self.entry.sentence_at(span.start) + 1]))


def _tokenised(entry: Entry) -> _Tokens:
    by_sentence = [list(tokens(entry.words, start, end)) for start, end in entry.sentences]
    flat = np.array([t for found in by_sentence for t in found], dtype=np.int64).reshape(-1, 2)
    bounds = np.concatenate([np.zeros(1, np.int64), np.cumsum([len(found) for found in by_sentence], dtype=np.int64)])
    texts = [entry.words[start:end] for found in by_sentence for start, end in found]
    return _Tokens(entry, flat[:, 0], flat[:, 1], bounds, texts)


def _tags(found: _Tokens, spans: Iterable[Span], ids: dict[str, int]) -> Integers:
    tags = np.zeros(len(found.starts), dtype=np.int64)
    for span in outermost(spans):
        first, end = found.over(span)
        tags[first:end] = ids[span.label] + 1
        tags[first : first + 1] = ids[span.label]
    return tags


def entities(entries: Sequence[Entry], schema: Schema) -> Columns:
    """A row a sentence; a span belongs to the sentence that it begins in, and its tags end with that sentence."""
    names = tag_names(schema)
    ids = {label: 2 * n + 1 for n, label in enumerate(labels(schema, TAGGED))}
    texts = [_tokenised(entry) for entry in entries]
    tagged = [[s for s in entry.layer.spans if s.layer in TAGGED] for entry in entries]
    tags = [_tags(found, spans, ids) for found, spans in zip(texts, tagged, strict=True)]
    counts = _joined(np.diff(found.bounds) for found in texts)
    where = [(e, number, stretch) for e in entries for number, stretch in enumerate(e.sentences)]
    columns: dict[str, Column] = {
        "document": strings([e.document.id for e, _, _ in where]),
        "track": strings([e.track for e, _, _ in where]),
        "sentence": integers([number for _, number, _ in where]),
        "sentence_start": integers([start for _, _, (start, _) in where]),
        "sentence_text": strings([e.words[start:end] for e, _, (start, end) in where]),
        "tokens": listed(counts, strings([text for found in texts for text in found.texts])),
        "starts": listed(counts, integers(_joined(found.starts for found in texts))),
        "ends": listed(counts, integers(_joined(found.ends for found in texts))),
        "tags": listed(counts, class_ids(names, _joined(tags))),
    }
    columns["spans"] = _spans(texts, tagged, schema)
    return columns


def _spans(texts: Sequence[_Tokens], tagged: Sequence[list[Span]], schema: Schema) -> Column:
    """All actors and places with the tokens of their sentence that they reach into (half-open)."""
    lengths: list[int] = []
    firsts: list[int] = []
    ends: list[int] = []
    for found, spans in zip(texts, tagged, strict=True):
        count = [0] * len(found.entry.sentences)
        for span in spans:
            number = found.entry.sentence_at(span.start)
            count[number] += 1
            first, end = found.over(span)
            firsts.append(first - int(found.bounds[number]))
            ends.append(end - int(found.bounds[number]))
        lengths += count
    flat = [span for spans in tagged for span in spans]
    columns = span_columns(flat, schema, TAGGED) | {"token_start": integers(firsts), "token_end": integers(ends)}
    return nested(lengths, columns)


def _joined(arrays: Iterable[Any]) -> Integers:
    return np.concatenate([np.zeros(0, np.int64), *arrays])
