"""The shape of every figure of the audit: a definition in words, and rows of part, whole, value and interval."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from dataset_builder.release.bias.article import Article

#: What a row is about: one value for each axis of its figure.
Keys = tuple[str, ...]

#: On the first axis, every outlet together; on the others, anything at all.
ALL = "all"


@dataclass(frozen=True, slots=True)
class Tally:
    """What one document adds to a figure: numbers by the row's keys, and what these are parts of by its first keys."""

    parts: Mapping[Keys, int]
    wholes: Mapping[Keys, int]


@dataclass(frozen=True, slots=True)
class Question:
    """One figure before anything is counted.

    `definition` says in words what is counted and divided by what; `reference` is the paper that the measure comes
    from. `unit` is what is counted in the whole. A value is a "share" (0 to 1), a "rate" (per 100 of the whole) or an
    "index" (the Herfindahl index of the shares). The first `depth` keys of a part name the whole that it is a part of.
    `layers` must have been annotated. `count` gives a document's tally, or says in words why there is none. With
    `zeros` whatever is a part of one whole is a row of every other, too, so that a 0 is seen; `parts` are the last
    keys that always have rows then.
    """

    id: str
    heading: str
    definition: str
    unit: str
    axes: Keys
    depth: int
    layers: tuple[str, ...]
    count: Callable[[Article], Tally | str]
    kind: Literal["share", "rate", "index"] = "share"
    reference: str = ""
    zeros: bool = False
    parts: tuple[Keys, ...] = ()


#: Why a document says nothing on a figure that needs words.
NO_TEXT = "the text is not at hand (press texts are others'; --hydrated uses local copies)"


@dataclass(frozen=True, slots=True)
class Minimum:
    """What a whole must have for a value to be given.

    30 is the least sample of the US National Center for Health Statistics for a published proportion (Parker et al.
    2017, Vital and Health Statistics 2(175)); intervals drawn from fewer than some ten documents are too narrow
    (Cameron, Gelbach & Miller 2008).
    """

    units: int = 30
    documents: int = 10


@dataclass(frozen=True, slots=True)
class Row:
    """`part` of `whole` in `documents` documents that have any of it.

    `value` is None where the whole is below the minimum, `low` and `high` too where an interval can't be drawn; `note`
    then says why.
    """

    keys: Keys
    part: int
    whole: int
    documents: int
    value: float | None = None
    low: float | None = None
    high: float | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A question with its answer. `left_out` counts documents that could not be asked, by reason.

    `missing` says why there are no rows at all, "" where there are some.
    """

    question: Question
    rows: tuple[Row, ...]
    left_out: Mapping[str, int] = field(default_factory=dict)

    @property
    def missing(self) -> str:
        return (
            ""
            if self.rows
            else "; ".join(f"{n} documents: {why}" for why, n in self.left_out.items()) or "nothing to count"
        )

    def row(self, *keys: str) -> Row:
        """The row with these keys; KeyError where nothing was counted under them."""
        for row in self.rows:
            if row.keys == keys:
                return row
        raise KeyError(keys)


@dataclass(frozen=True, slots=True)
class Toll:
    """One number of killed, injured or displaced as a document gives it, and who gives it there.

    `voice` is "outlet" or the speaker's id or role; `victims` are those whom the trigger targets, `words` the number as
    annotated (12, 90+, ~80, 100-).
    """

    document: str
    outlet: str
    published: str
    voice: str
    victims: Keys
    words: str


@dataclass(frozen=True, slots=True)
class Tolls:
    """All numbers that were given for one happening, where two of them differ.

    `happening` is the cluster or document, and the incident in it; `disjoint` whether two of them can't both be right
    of the same victims, `voices` whether such two come from different speakers or outlets.
    """

    happening: str
    incident: str
    code: str
    of: str
    given: tuple[Toll, ...]
    disjoint: bool
    voices: bool


@dataclass(frozen=True, slots=True)
class Telling:
    """One happening in the versions of a cluster: for each, "fact", "claimed", or "" where it is not told.

    `sources` has for each version the speakers of the claims that it stands in, also where it is told as fact too.
    """

    incident: str
    code: str
    violent: bool
    told: Keys
    sources: tuple[Keys, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """A line of a cluster's comparison: a row of a figure, with each version's part and whole."""

    question: str
    keys: Keys
    parts: tuple[int, ...]
    wholes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """One event as its versions tell it, side by side. Everything is a count: one article is no sample."""

    cluster: str
    title: str
    title_ar: str
    date: str
    governorate: str
    documents: Keys
    outlets: Keys
    stances: Keys
    lines: tuple[Compared, ...]
    tellings: tuple[Telling, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """The audit of one layer over the documents of one track.

    `designed` marks composed outlets, whose figures are no findings. `names` has the English name of every entity that
    a row names by its id.
    """

    track: str
    layer: str
    signature: str
    designed: bool
    documents: int
    texts: int
    figures: tuple[Figure, ...]
    tolls: tuple[Tolls, ...]
    comparisons: tuple[Comparison, ...]
    names: Mapping[str, str]
    warnings: tuple[str, ...]

    def figure(self, id: str) -> Figure:
        """The figure with this id; KeyError where there is none."""
        return {figure.question.id: figure for figure in self.figures}[id]
