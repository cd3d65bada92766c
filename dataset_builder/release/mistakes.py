"""What a system gets wrong, to read: counts by kind, and a page with both sides of each mistake in their context."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dataset_builder.model import Span
from dataset_builder.release.html import page
from dataset_builder.release.page import segments, underline_tracks
from dataset_builder.scoring.mistakes import MEASURES, Mistake, Part, Side
from dataset_builder.scoring.score import Score

#: Characters of text shown on either side of a mistake, and of a part that is named beside it.
CONTEXT, NAMED = 60, 40
#: A stretch without any part that is longer than this is cut out of the middle of a context.
GAP = 200


@dataclass(frozen=True)
class Report:
    """The mistakes of one task, with the score that they add up to."""

    score: Score
    mistakes: Sequence[Mistake]

    @property
    def kinds(self) -> dict[tuple[str, str], Counter[str]]:
        """By measure and kind how many are gold alone, predicted alone, or both; the most frequent kind first."""
        found: dict[tuple[str, str], Counter[str]] = {}
        for mistake in self.mistakes:
            side = "both" if mistake.gold and mistake.predicted else "gold" if mistake.gold else "predicted"
            found.setdefault((mistake.measure, mistake.kind), Counter())[side] += 1
        order = list(MEASURES[self.score.task.name])
        return dict(sorted(found.items(), key=lambda item: (order.index(item[0][0]), -item[1].total(), item[0])))

    @property
    def totals(self) -> dict[str, tuple[int, int, int]]:
        """By measure what is right, predicted and gold, as the score has it; counts of things are whole."""
        figures = {m: self.score.counts.figure(m) for m in MEASURES[self.score.task.name] if self.score.says(m)}
        return {m: (round(f.right), round(f.predicted), round(f.gold)) for m, f in figures.items()}

    @property
    def told(self) -> list[str]:
        """The totals in words. A measure that is asked of what another has right alone has no kinds for the rest."""
        found = []
        for measure, (right, predicted, gold) in self.totals.items():
            line = f"{measure}: {right} right of {gold} gold and {predicted} predicted"
            if basis := MEASURES[self.score.task.name][measure]:
                asked = self.totals[basis][0]
                line += (
                    f"; its kinds are of the {asked} that {basis} has right, the rest of its misses "
                    f"({gold - asked} gold, {predicted - asked} predicted) stand under {basis}"
                )
            found.append(line)
        return found

    def as_record(self) -> dict[str, Any]:
        """The counts by kind as plain values."""
        kinds = [
            {"measure": measure, "kind": kind, **{side: counts[side] for side in ("both", "gold", "predicted")}}
            for (measure, kind), counts in self.kinds.items()
        ]
        totals = {
            m: dict(zip(("right", "predicted", "gold"), values, strict=True)) for m, values in self.totals.items()
        }
        return {"task": self.score.task.name, "signature": self.score.signature, "totals": totals, "kinds": kinds}


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a context with the parts over it, longest first: name, tone and underline; `text` None is a gap."""

    text: str | None
    over: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """One side of a mistake as the page shows it; without a text `pieces` is empty and parts have offsets."""

    label: str
    note: str
    pieces: tuple[Piece, ...]
    parts: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """A mistake as the page shows it."""

    mistake: Mistake
    gold: Column | None
    predicted: Column | None


def render(title: str, reports: Sequence[Report], texts: Mapping[str, str], foreign: bool, most: int) -> str:
    """The page as HTML, with `most` examples of each kind; `texts` are those at hand, `foreign` that some may not be
    passed on.
    """
    groups = [(report, list(_groups(report, texts, most))) for report in reports]
    documents = sorted({shown.mistake.document for _, kinds in groups for *_, found in kinds for shown in found})
    tracks = {track for _, kinds in groups for *_, found in kinds for shown in found for track in _tracks(shown)}
    rules = (f".u{n} {{ text-underline-offset: {0.35 + 0.28 * n:.2f}em; }}" for n in sorted(tracks))
    return page(
        "mistakes.html",
        styles=("mistakes.css",),
        scripts=("mistakes.js",),
        rules="\n".join(rules) + "\n",
        title=title,
        groups=groups,
        documents=documents,
        foreign=foreign,
    )


def _groups(
    report: Report, texts: Mapping[str, str], most: int
) -> Iterator[tuple[str, str, Counter[str], list[Shown]]]:
    for (measure, kind), counts in report.kinds.items():
        found = [m for m in report.mistakes if (m.measure, m.kind) == (measure, kind)]
        yield measure, kind, counts, [shown(mistake, texts.get(mistake.document)) for mistake in _spread(found, most)]


def _spread(found: Sequence[Mistake], most: int) -> list[Mistake]:
    """At most so many of them, from all over the documents: the same ones each time."""
    if len(found) <= most:
        return list(found)
    return [found[number * len(found) // most] for number in range(most)]


def _tracks(shown: Shown) -> Iterator[int]:
    for column in (shown.gold, shown.predicted):
        for piece in column.pieces if column else ():
            yield from (track for _, track in piece.over)


def shown(mistake: Mistake, text: str | None) -> Shown:
    """A mistake with both sides in one and the same context, so that they can be compared."""
    parts = [part for side in (mistake.gold, mistake.predicted) if side for part in side.parts]
    stretches = _stretches(parts, text) if text is not None else []
    gold, predicted = (_column(side, text, stretches) if side else None for side in (mistake.gold, mistake.predicted))
    return Shown(mistake, gold, predicted)


def _stretches(parts: Sequence[Part], text: str) -> list[tuple[int, int]]:
    """What is shown of a text: around the parts, in whole words, those close together as one stretch."""
    found: list[tuple[int, int]] = []
    for part in sorted(parts, key=lambda p: p.start):
        start, end = _to_word(text, part.start - CONTEXT, -1), _to_word(text, part.end + CONTEXT, 1)
        if found and start - found[-1][1] <= GAP:
            found[-1] = found[-1][0], max(end, found[-1][1])
        else:
            found.append((start, end))
    return found


def _to_word(text: str, position: int, step: int) -> int:
    """The nearest place without a letter on both sides, backwards or forwards; the text's ends at the latest."""
    position = max(0, min(len(text), position))
    while 0 < position < len(text) and not (text[position - 1].isspace() or text[position].isspace()):
        position += step
    return position


def _column(side: Side, text: str | None, stretches: Sequence[tuple[int, int]]) -> Column:
    spans = [Span(str(n), part.name, "", part.start, part.end) for n, part in enumerate(side.parts)]
    tracks = underline_tracks(spans)
    pieces: list[Piece] = []
    for number, (start, end) in enumerate(stretches):
        assert text is not None
        pieces += [Piece(None)] if number else []
        for a, b, over in segments(spans, start, end):
            pieces.append(Piece(text[a:b], tuple((tone(span.layer), tracks[span.id]) for span in over)))
    named = tuple((part.name, tone(part.name), _words(part, text)) for part in side.parts)
    return Column(side.label, side.note, tuple(pieces), named)


def _words(part: Part, text: str | None) -> str:
    if text is None:
        return f"{part.start}–{part.end}"
    words = text[part.start : part.end]
    return words if len(words) <= NAMED else f"{words[:NAMED]}…"


#: Colours of the page by what a part is; every event code has that of events.
TONES = {
    "ACTOR": "actor",
    "LOCATION": "location",
    "FRAME": "frame",
    "CUE": "cue",
    "SOURCE": "source",
    "CONTENT": "content",
}
TONES |= {"ANTECEDENT": "source", "AGENT": "actor", "TARGET": "actor", "PLACE": "location", "ABOUT": "about"}


def tone(name: str) -> str:
    return TONES.get(name, "event")
