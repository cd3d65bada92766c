"""How far two hands agree: per layer and label, on extents, on types, and on who says what.

Everything is kept as counts that sum over documents; ratios are made when they are asked for. Letters are folded
letters, which a referenced text's anchors give too, so agreement needs no text; words do, and are counted where a text
is at hand.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from dataset_builder.model import Claim, Document, Layer, Span
from dataset_builder.scoring.alpha import Coincidences, Unit, merged, unitised
from dataset_builder.scoring.matching import assign
from dataset_builder.text.normalise import fold
from dataset_builder.text.tokenise import tokens


@dataclass(frozen=True)
class Compared:
    """One document with the layers of two hands; `text` is the text that both have offsets into, if it is at hand."""

    document: Document
    first: Layer
    second: Layer
    text: str | None


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A span or claim that the hands do not share: one of the two is None where only the other hand has anything."""

    document: str
    layer: str
    first: Span | None
    second: Span | None

    @property
    def kind(self) -> str:
        """ "only first", "only second", "label" (same extent) or "extent" (they overlap)."""
        if self.first is None or self.second is None:
            return "only second" if self.first is None else "only first"
        return "label" if (self.first.start, self.first.end) == (self.second.start, self.second.end) else "extent"


@dataclass
class LabelAgreement:
    """Counts of one label: spans of either hand, those that are the same, those that overlap one to one."""

    first: int = 0
    second: int = 0
    same: int = 0
    overlapping: int = 0
    letters: Coincidences = field(default_factory=Coincidences)
    words: Coincidences = field(default_factory=Coincidences)
    units: tuple[list[Unit], list[Unit]] = field(default_factory=lambda: ([], []))

    def f1(self, matched: int) -> float | None:
        """2 · matched / (first + second); None where neither hand has a span."""
        total = self.first + self.second
        return 2 * matched / total if total else None

    @property
    def strict(self) -> float | None:
        return self.f1(self.same)

    @property
    def overlap(self) -> float | None:
        return self.f1(self.overlapping)


@dataclass
class ClaimAgreement:
    """Claims paired one to one by the words of their content; of the pairs, how many agree in each part."""

    first: int = 0
    second: int = 0
    paired: int = 0
    agreeing: Counter[str] = field(default_factory=Counter)
    content_dice: float = 0.0
    acts: Coincidences = field(default_factory=Coincidences)

    @property
    def f1(self) -> float | None:
        return 2 * self.paired / (self.first + self.second) if self.first + self.second else None


@dataclass
class Agreement:
    """The sum over documents. `labels` is by layer and label; "" stands for the layer as a whole, labels included."""

    documents: list[str] = field(default_factory=list)
    letters: int = 0
    labels: dict[tuple[str, str], LabelAgreement] = field(default_factory=dict)
    types: dict[str, Coincidences] = field(default_factory=dict)
    claims: ClaimAgreement = field(default_factory=ClaimAgreement)
    disagreements: list[Disagreement] = field(default_factory=list)

    def unitising_alpha(self, key: tuple[str, str]) -> float | None:
        """Over all documents laid end to end."""
        first, second = self.labels[key].units
        return unitised(merged(first), merged(second), self.letters).alpha


def compare(pairs: Iterable[Compared]) -> Agreement:
    """Agreement of two hands on all these documents, on the layers that both annotated.

    A label that neither hand used in a document counts there too: that both saw nothing of it is agreement.
    """
    pairs = list(pairs)
    used: dict[str, set[str]] = {}
    for pair in pairs:
        for span in (*pair.first.spans, *pair.second.spans):
            used.setdefault(span.layer, set()).add(span.label)
    total = Agreement()
    for layer in dict.fromkeys(name for pair in pairs for name in pair.first.layers):
        for label in ["", *sorted(used.get(layer, ()))]:
            total.labels[layer, label] = LabelAgreement()
    for pair in pairs:
        _add(pair, total)
    return total


def kappa(pairs: Coincidences) -> float | None:
    """Cohen's kappa (1960) of the two values of each pair; None where both always gave the same single value.

    >>> both = Coincidences.of("yyyynnnnnn", "yyynynnnnn")
    >>> round(kappa(both) or 0, 3)
    0.583
    """
    total = sum(pairs.pairs.values())
    rows: Counter[object] = Counter()
    columns: Counter[object] = Counter()
    for (a, b), count in pairs.pairs.items():
        rows[a] += count
        columns[b] += count
    chance = sum(rows[value] * columns[value] for value in rows) / total**2 if total else 1.0
    if chance == 1:
        return None
    return (sum(n for (a, b), n in pairs.pairs.items() if a == b) / total - chance) / (1 - chance)


def _add(pair: Compared, total: Agreement) -> None:
    view = _Letters.of(pair)
    total.documents.append(pair.document.id)
    for layer in pair.first.layers:
        if layer not in pair.second.layers:
            continue
        spans = list(pair.first.of(layer)), list(pair.second.of(layer))
        for (of, label), counts in total.labels.items():
            if of == layer:
                chosen = [[s for s in side if label in ("", s.label)] for side in spans]
                _count(chosen[0], chosen[1], counts, view, total.letters)
        _types(spans[0], spans[1], layer, total)
        total.disagreements += differing(pair.document.id, layer, spans[0], spans[1])
    _claims(pair, total.claims)
    total.letters += view.total


@dataclass(frozen=True)
class _Letters:
    """Folded letters of one document, and its words as ranges of letters where its text is at hand."""

    total: int
    index: npt.NDArray[Any] | None
    words: Sequence[Unit]

    @classmethod
    def of(cls, pair: Compared) -> _Letters:
        if pair.text is None:
            return cls(sum(window.length for window in pair.document.windows), None, ())
        index = fold(pair.text).index
        ranges = [tuple(map(int, np.searchsorted(index, [a, b]))) for a, b in tokens(pair.text)]
        return cls(len(index), index, [(a, b) for a, b in ranges if a < b])

    def range(self, span: Span) -> Unit:
        """The folded letters of a span, half-open."""
        if self.index is not None:
            first, end = (int(n) for n in np.searchsorted(self.index, [span.start, span.end]))
            return first, end
        assert span.anchor is not None
        return span.anchor.first, span.anchor.first + span.anchor.letters

    def marked(self, spans: Iterable[Span]) -> npt.NDArray[Any]:
        found = np.zeros(self.total, dtype=bool)
        for span in spans:
            found[slice(*self.range(span))] = True
        return found


def _count(first: Sequence[Span], second: Sequence[Span], counts: LabelAgreement, view: _Letters, offset: int) -> None:
    counts.first += len(first)
    counts.second += len(second)
    counts.same += len({_key(s) for s in first} & {_key(s) for s in second})
    counts.overlapping += len(assign(first, second, lambda a, b: _dice(a, b) if a.label == b.label else 0.0))
    one, two = view.marked(first), view.marked(second)
    counts.letters += _binary(one, two)
    if view.words:
        starts = [a for a, _ in view.words]
        counts.words += _binary(np.logical_or.reduceat(one, starts), np.logical_or.reduceat(two, starts))
    for units, spans in zip(counts.units, (first, second), strict=True):
        units += [(a + offset, b + offset) for a, b in map(view.range, spans) if a < b]


def _binary(one: npt.NDArray[Any], two: npt.NDArray[Any]) -> Coincidences:
    both, union = int((one & two).sum()), int((one | two).sum())
    return Coincidences.binary(both, int(one.sum()) - both, int(two.sum()) - both, len(one) - union)


def _key(span: Span) -> tuple[str, int, int]:
    return span.label, span.start, span.end


def _dice(a: Span, b: Span) -> float:
    shared = min(a.end, b.end) - max(a.start, b.start)
    return max(0, 2 * shared) / (a.end - a.start + b.end - b.start)


def _types(first: Sequence[Span], second: Sequence[Span], layer: str, total: Agreement) -> None:
    """Labels of spans with the same extent, paired so that equal labels come first."""
    pairs = assign(
        first, second, lambda a, b: (1 + (a.label == b.label)) if (a.start, a.end) == (b.start, b.end) else 0
    )
    found = Coincidences(Counter((first[i].label, second[j].label) for i, j in pairs))
    total.types[layer] = total.types.get(layer, Coincidences()) + found


def differing(document: str, layer: str, first: Sequence[Span], second: Sequence[Span]) -> list[Disagreement]:
    """What the hands do not share of a layer, where they overlap paired one to one, in the order of the text."""
    same = {_key(s) for s in first} & {_key(s) for s in second}
    left, right = [s for s in first if _key(s) not in same], [s for s in second if _key(s) not in same]
    pairs = assign(left, right, lambda a, b: _dice(a, b) + (a.label == b.label and _dice(a, b) > 0))
    found = [Disagreement(document, layer, left[i], right[j]) for i, j in pairs]
    taken = {i for i, _ in pairs}, {j for _, j in pairs}
    found += [Disagreement(document, layer, s, None) for i, s in enumerate(left) if i not in taken[0]]
    found += [Disagreement(document, layer, None, s) for j, s in enumerate(right) if j not in taken[1]]
    return sorted(found, key=lambda d: next(s.start for s in (d.first, d.second) if s))


def _claims(pair: Compared, counts: ClaimAgreement) -> None:
    if "CLAIM" not in pair.first.layers or "CLAIM" not in pair.second.layers:
        return
    first, second = pair.first.claims, pair.second.claims
    said = [{c.id: _points(layer, c) for c in layer.claims} for layer in (pair.first, pair.second)]

    def dice(a: Claim, b: Claim) -> float:
        one, two = said[0][a.id], said[1][b.id]
        return 2 * len(one & two) / (len(one) + len(two))

    counts.first += len(first)
    counts.second += len(second)
    for i, j in assign(first, second, lambda a, b: dice(a, b) + (dice(a, b) > 0) * _same_cue(pair, a, b)):
        a, b = first[i], second[j]
        counts.paired += 1
        counts.content_dice += dice(a, b)
        counts.acts += Coincidences(Counter({(a.act, b.act): 1}))
        agreeing = {
            "source": _place(pair.first, a.source) == _place(pair.second, b.source),
            "cue": _place(pair.first, a.cue) == _place(pair.second, b.cue),
            "content": said[0][a.id] == said[1][b.id],
            "act": a.act == b.act,
            "form": a.form == b.form,
            "source_status": a.source_status == b.source_status,
            "medium": a.medium == b.medium,
            "nested": (a.parent is None) == (b.parent is None),
        }
        counts.agreeing.update(name for name, agrees in agreeing.items() if agrees)


def _points(layer: Layer, claim: Claim) -> set[int]:
    return {point for id in claim.content for point in range(layer.span(id).start, layer.span(id).end)}


def _place(layer: Layer, id: str | None) -> tuple[int, int] | None:
    return (layer.span(id).start, layer.span(id).end) if id else None


def _same_cue(pair: Compared, a: Claim, b: Claim) -> bool:
    return _place(pair.first, a.cue) == _place(pair.second, b.cue)
