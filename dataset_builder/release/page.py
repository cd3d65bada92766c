"""An outline as one self-contained page: the text with its spans underlined, beside it what they mean.

Spans nest, overlap and begin inside words, so the text is cut into segments at every boundary and each segment carries
an underline per span, the longer ones further down. Nothing in the text layer takes up room: a box with a width inside
a word would break the joining of its letters. Labels hang above the words in rows that are worked out here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from dataset_builder.model import Span
from dataset_builder.release.html import Address, page
from dataset_builder.release.outline import Item, Outline
from dataset_builder.text.characters import is_letter, is_mark

Stretch = tuple[int, int]

# Widths in em of the text, on the safe side: letters as narrow as Naskh fonts have them, labels as wide as they get.
THIN, NARROW = frozenset("اأإآل"), frozenset("بتثنيىئرزوةء")
THIN_WIDTH, NARROW_WIDTH, LETTER_WIDTH, OTHER_WIDTH = 0.2, 0.3, 0.41, 0.22
LABEL_CHARACTER, LABEL_MARGIN = 0.26, 0.3
# Heights in em of the text: from the base line to the lowest label, a row of labels, from the base line to the first
# underline and from one to the next. The middle of a line is about RAISED above the base line in Naskh fonts.
ABOVE, ROW, BELOW, TRACK, RAISED = 1.0, 0.56, 0.42, 0.29, 0.22
#: How many code points stand in a line of a text that is shown without its words.
CHARACTERS = 120
#: The line height of Arabic prose without annotations.
LINE = 1.95


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch that no span begins or ends in. `spans` are those over it, longest first."""

    text: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Tag:
    """A label above the word that its span begins in; `row` counts from 0 upwards."""

    item: Item
    label: str
    row: int


@dataclass(frozen=True, slots=True)
class Unit:
    """A word with the tags over it, or whatever stands between such words, without tags."""

    tags: tuple[Tag, ...]
    segments: tuple[Segment, ...]

    @property
    def rows(self) -> int:
        return max((tag.row + 1 for tag in self.tags), default=0)


@dataclass(frozen=True, slots=True)
class Stripe:
    """A sentence, or with number 0 the white space between two."""

    number: int
    units: tuple[Unit, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line of the text with its line end. `tracks` is how many underlines its deepest place has."""

    stripes: tuple[Stripe, ...]
    tracks: int


@dataclass(frozen=True, slots=True)
class Bar:
    """Part of a span in a line of a text that is not here; `left` and `width` in percent of the line."""

    span: Span
    track: int
    left: str
    width: str


@dataclass(frozen=True, slots=True)
class Link:
    """A way to another page."""

    path: str
    text: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around a document in a site: who published it, the event that it tells, who else tells it."""

    outlet: str = ""
    designed: bool = False
    event: Link | None = None
    versions: tuple[Link, ...] = ()
    previous: Link | None = None
    next: Link | None = None


def render(outline: Outline, address: Address | None = None, around: Around | None = None) -> str:
    """The page as HTML, the same bytes for the same outline; in a site it has an `address` and something `around`."""
    tracks = underline_tracks(outline.layer.spans)
    paragraphs = tuple(_paragraphs(outline, tracks)) if outline.text is not None else ()
    return page(
        "page.html",
        address,
        styles=("page.css",),
        scripts=("page.js",),
        rules=_generated_rules(paragraphs, tracks),
        outline=outline,
        paragraphs=paragraphs,
        tracks=tracks,
        structure=() if outline.text is not None else tuple(structure(outline, tracks)),
        around=around or Around(),
    )


def segments(spans: Iterable[Span], start: int, end: int) -> Iterator[tuple[int, int, tuple[Span, ...]]]:
    """The stretches of [start, end) in code points that no span begins or ends in, each with its spans, longest first.

    >>> inner, outer = Span("s1", "ACTOR", "STATE", 1, 3), Span("s2", "FRAME", "VICTIM", 2, 4)
    >>> [(a, b, [s.id for s in over]) for a, b, over in segments([inner, outer], 0, 5)]
    [(0, 1, []), (1, 2, ['s1']), (2, 3, ['s1', 's2']), (3, 4, ['s2']), (4, 5, [])]
    """
    here = sorted((s for s in spans if s.start < end and start < s.end), key=_outermost)
    cuts = {start, end} | {cut for s in here for cut in (s.start, s.end) if start < cut < end}
    edges = sorted(cuts)
    for a, b in pairwise(edges):
        yield a, b, tuple(s for s in here if s.start <= a and b <= s.end)


def underline_tracks(spans: Sequence[Span]) -> dict[str, int]:
    """How far down each span's underline runs, by id: 0 next to the letters, below every shorter span that it overlaps.

    >>> underline_tracks([Span("s1", "EVENT", "AIR", 0, 9), Span("s2", "ACTOR", "STATE", 2, 4)])
    {'s2': 0, 's1': 1}
    """
    tracks: dict[str, int] = {}
    placed: list[Span] = []
    for span in sorted(spans, key=_outermost, reverse=True):
        tracks[span.id] = max((tracks[other.id] + 1 for other in placed if other.overlaps(span)), default=0)
        placed.append(span)
    return tracks


def structure(outline: Outline, tracks: Mapping[str, int]) -> Iterator[tuple[Bar, ...]]:
    """The spans as bars in lines of CHARACTERS code points that begin at the right, for a text without words."""
    for start in range(0, outline.layer.length, CHARACTERS):
        end = start + CHARACTERS
        here = [span for span in outline.layer.spans if span.start < end and start < span.end]
        ends = [(span, max(span.start, start) - start, min(span.end, end) - start) for span in here]
        yield tuple(
            Bar(span, tracks[span.id], _percent(CHARACTERS - last), _percent(last - first))
            for span, first, last in sorted(ends, key=lambda e: (e[1], -e[2], e[0].id))
        )


def _percent(characters: int) -> str:
    return f"{100 * characters / CHARACTERS:.2f}"


def _outermost(span: Span) -> tuple[int, int, str, str]:
    return (span.start - span.end, span.start, span.layer, span.id)


def tag_label(item: Item) -> str:
    """What stands above the words: name and label; above what is said the name alone, its long line tells."""
    label = "" if item.span.label == "CONTENT" and item.name else item.span.label
    return f"{item.name} {label.lower().replace('_', ' ')}".strip()


def _paragraphs(outline: Outline, tracks: dict[str, int]) -> Iterator[Paragraph]:
    text = outline.text or ""
    position = 0
    for line in _lines(text):
        end = position + len(line)
        tags = _tags(outline, position, end)
        deepest = max((tracks[s.id] + 1 for s in outline.layer.spans if s.start < end and position < s.end), default=0)
        yield Paragraph(tuple(_stripes(outline, tags, position, end)), deepest)
        position = end


def _lines(text: str) -> list[str]:
    """The lines with their ends, cut at LF and nowhere else."""
    parts = text.split("\n")
    return [part + "\n" for part in parts[:-1]] + ([parts[-1]] if parts[-1] else [])


def _stripes(outline: Outline, tags: Sequence[Tag], start: int, end: int) -> Iterator[Stripe]:
    position = start
    for sentence in outline.sentences:
        if start <= sentence.start < end:
            if position < sentence.start:
                yield Stripe(0, tuple(_units(outline, tags, position, sentence.start)))
            yield Stripe(sentence.number, tuple(_units(outline, tags, sentence.start, sentence.end)))
            position = sentence.end
    if position < end:
        yield Stripe(0, tuple(_units(outline, tags, position, end)))


def _units(outline: Outline, tags: Sequence[Tag], start: int, end: int) -> Iterator[Unit]:
    """The stretch in words with tags and what lies between them."""
    text = outline.text or ""

    def unit(a: int, b: int, over: tuple[Tag, ...] = ()) -> Unit:
        return Unit(over, tuple(Segment(text[x:y], spans) for x, y, spans in segments(outline.layer.spans, a, b)))

    position = start
    words: dict[Stretch, list[Tag]] = {}
    for tag in tags:
        if start <= tag.item.span.start < end:
            words.setdefault(_word(text, tag.item.span.start, start, end), []).append(tag)
    for (a, b), over in sorted(words.items()):
        if position < a:
            yield unit(position, a)
        yield unit(a, b, tuple(over))
        position = b
    if position < end:
        yield unit(position, end)


def _word(text: str, position: int, start: int, end: int) -> Stretch:
    """The stretch without white space around `position`, within [start, end)."""
    first, last = position, position + 1
    while first > start and not text[first - 1].isspace():
        first -= 1
    while last < end and not text[last].isspace():
        last += 1
    return first, last


def _tags(outline: Outline, start: int, end: int) -> list[Tag]:
    """A tag for each span that begins in the line, in the lowest row where it cannot touch another.

    The line is taken as one that never breaks, with letters as narrow as they get: where it breaks, or letters are
    wider, tags only move apart.
    """
    text = outline.text or ""
    tags: list[Tag] = []
    taken: list[float] = []  # per row, how far in em its last tag reaches
    here = [item for item in outline.items.values() if start <= item.span.start < end]
    places = {item.span.id: _width(text[start : _word(text, item.span.start, start, end)[0]]) for item in here}
    for item in sorted(here, key=lambda i: (places[i.span.id], -_outermost(i.span)[0], i.span.id)):
        label, place = tag_label(item), places[item.span.id]
        row = next((row for row, reach in enumerate(taken) if reach <= place), len(taken))
        taken[row : row + 1] = [place + LABEL_CHARACTER * len(label) + LABEL_MARGIN]
        tags.append(Tag(item, label, row))
    return tags


def _width(text: str) -> float:
    return sum(_letter_width(character) for character in text if not is_mark(character))


def _letter_width(character: str) -> float:
    if character in THIN:
        return THIN_WIDTH
    if character in NARROW:
        return NARROW_WIDTH
    return LETTER_WIDTH if is_letter(character) else OTHER_WIDTH


def _generated_rules(paragraphs: Sequence[Paragraph], tracks: dict[str, int]) -> str:
    """A rule for each row, track and height that occurs: the policy of the page allows no style attributes.

    A lift is an empty box over a word that makes room for its tags in the one line that it stands in.
    """
    units = [unit for p in paragraphs for stripe in p.stripes for unit in stripe.units]
    rows = range(max((unit.rows for unit in units), default=0))
    rules = [f".row{n} {{ bottom: calc(100% + {ROW * n - 0.07:.2f}em / var(--tag)); }}" for n in rows]
    for n in (row + 1 for row in rows):
        top = ABOVE + ROW * n
        rules.append(f".lift{n} {{ line-height: {top:.2f}; vertical-align: {top / 2 - RAISED:.2f}em; }}")
    rules += [f".u{n} {{ text-underline-offset: {BELOW + TRACK * n:.2f}em; }}" for n in sorted(set(tracks.values()))]
    for n in sorted({p.tracks for p in paragraphs}):
        height = max(LINE, 2 * (BELOW + TRACK * (n - 1) + 0.12 + RAISED))
        rules.append(f".deep{n} {{ line-height: {height:.2f}; }}")
    return "\n".join(rules) + "\n"
