"""The one shape: a layer, what one hand annotated on one document. Gold, a pass and a system's output are all layers.

`start` and `end` are half-open Unicode code points into the document's canonical text: `text[start:end]` is the span.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

#: What a system may be told of the gold: extent and code of every event trigger.
TRIGGERS = "triggers"
Extents = tuple[tuple[int, int], ...]
#: The extents of a claim's content, cue and source.
Place = tuple[Extents, Extents, Extents]


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of a referenced text's folded letters, published as two hashes instead of its words.

    `start` and `length` count folded letters; `filter` is a 16-bit rolling hash (4 hex), `digest` 64 bits of SHA-256
    over document id and letters (16 hex); of a window with less than 96 letters both are made from the letters of the
    next one too. See `dataset_builder.anchoring`.
    """

    start: int
    length: int
    filter: str
    digest: str


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where a span stands in folded text, in place of its words.

    `first` is the index of its first folded letter and `letters` how many it has (0 for a bare punctuation mark);
    `before` and `after` are the characters that are no letters at its two ends; `digest` is a keyed hash (6 hex).
    """

    first: int
    letters: int
    before: str
    after: str
    digest: str


@dataclass(frozen=True, slots=True)
class Document:
    """A manifest record: what is known of a text, without the text.

    `availability` is "included" (the text is in the repository) or "referenced" (it belongs to somebody else and is
    hydrated from a copy). `length` counts code points of the canonical text, `sha256` is of its UTF-8 bytes,
    `folded_sha256` of its folded letters. `published` is an ISO 8601 date or date-time. `title` stands only where the
    text is included. `words` are stretches between white space. `cluster` is the documented event that a composed text
    tells; `story` is the id of the earliest document on the same happening, where several tell it. `excluded` gives the
    reason why a document is kept out, `duplicate_of` the id that it repeats.
    """

    id: str
    source: str
    availability: str
    licence: str
    sha256: str
    length: int
    reader: str
    encoding: str
    locator: str = ""
    url: str = ""
    outlet: str = ""
    published: str = ""
    cluster: str = ""
    story: str = ""
    words: int = 0
    title: str = ""
    duplicate_of: str = ""
    excluded: str = ""
    folded_sha256: str = ""
    windows: tuple[Window, ...] = ()

    @property
    def event(self) -> str:
        """What keeps documents together in splits and resampling: the cluster, the story, or the document itself."""
        return self.cluster or self.story or self.id

    @property
    def is_included(self) -> bool:
        return self.availability == "included"


@dataclass(frozen=True, slots=True)
class Span:
    """Words of the text with a label; `layer` is ACTOR, LOCATION, EVENT, CLAIM or FRAME.

    `text` is the surface and acts as a checksum; in the file of a referenced text it is absent and `anchor` stands
    in its place. `attributes` are those that the schema gives the layer, without the empty ones.
    """

    id: str
    layer: str
    label: str
    start: int
    end: int
    attributes: Mapping[str, str] = field(default_factory=dict, hash=False)
    text: str | None = None
    anchor: Anchor | None = None

    def covers(self, other: Span) -> bool:
        """Whether `other` lies inside this span; a span covers itself."""
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: Span) -> bool:
        """Whether the two share at least one code point; spans that merely touch do not.

        >>> Span("s1", "ACTOR", "STATE", 0, 3).overlaps(Span("s2", "ACTOR", "STATE", 3, 5))
        False
        """
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Relation:
    """A labelled arrow from the span `head` to the span `tail`, both ids."""

    id: str
    label: str
    head: str
    tail: str


@dataclass(frozen=True, slots=True)
class Claim:
    """Who says what: ids of the source span (or none), the cue span (or none) and one or more content spans.

    The source is an ACTOR span, or a SOURCE span where the words that identify it reach further than an actor.
    `parent` is the claim whose content this one lies in, `continues` the claim that an implicit source goes on from.
    """

    id: str
    source: str | None
    cue: str | None
    content: tuple[str, ...]
    form: str
    act: str
    source_status: str
    medium: str = "unknown"
    parent: str | None = None
    continues: str | None = None

    @property
    def spans(self) -> tuple[str, ...]:
        """The ids of all its spans: source, cue, content."""
        return tuple(s for s in (self.source, self.cue) if s) + self.content


@dataclass(frozen=True)
class Layer:
    """What one hand annotated on one document.

    `layers` names what was annotated at all, so that "nothing there" and "not done" differ. `annotator` and
    `guidelines` (a hash of the guideline pages) stand in passes only. `spurious` stands in predictions only: how many
    things a system said that have no place in the text, by name (see `dataset_builder.scoring.spurious`), and
    `given`: what of the gold the system was told, such as `TRIGGERS`.

    >>> span = Span("s1", "ACTOR", "ARMED_GROUP", 0, 3, text="قسد")
    >>> layer = Layer("d1", "1.0", 3, "0" * 64, ("ACTOR",), spans=(span,))
    >>> layer.span("s1").text, list(layer.of("LOCATION"))
    ('قسد', [])
    """

    document: str
    schema: str
    length: int
    sha256: str
    layers: tuple[str, ...]
    spans: tuple[Span, ...] = ()
    relations: tuple[Relation, ...] = ()
    claims: tuple[Claim, ...] = ()
    annotator: str = ""
    guidelines: str = ""
    spurious: Mapping[str, int] = field(default_factory=dict, hash=False)
    given: tuple[str, ...] = ()

    @cached_property
    def _by_id(self) -> dict[str, Span]:
        return {span.id: span for span in self.spans}

    def span(self, id: str) -> Span:
        """The span with this id; raises KeyError where there is none."""
        return self._by_id[id]

    def of(self, layer: str) -> Iterator[Span]:
        """The spans of one annotation layer, in the order of the text."""
        return (span for span in self.spans if span.layer == layer)

    def tails(self, head: str, label: str) -> list[Span]:
        """The spans that relations with this label lead to from the span `head`."""
        return [self.span(r.tail) for r in self.relations if r.head == head and r.label == label]

    def place(self, claim: Claim) -> Place:
        """Where a claim stands: the ends of its content spans, of its cue and of its source, in the order of the text.

        Claims are put in order by this, content first, so that it never matters in which order they were written.
        """
        content, cue, source = (
            tuple(sorted((span.start, span.end) for span in map(self.span, ids)))
            for ids in (claim.content, *((id,) if id else () for id in (claim.cue, claim.source)))
        )
        return content, cue, source
