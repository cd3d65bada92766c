"""Krippendorff's alpha, for two observers: over units that both judged, and over units that each drew himself.

Alpha is 1 - observed / expected disagreement: 1 is perfect, 0 what chance gives, below 0 systematic disagreement.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

Unit = tuple[int, int]


@dataclass
class Coincidences:
    """How often two observers gave which pair of values; sums over documents, from which alpha is a view.

    Definition: Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), nominal data without missing values.
    His example B of two observers and twelve units:

    >>> both = Coincidences.of("aabbdcccedda", "babbbccceddd")
    >>> round(both.alpha or 0, 3)
    0.692
    """

    pairs: Counter[tuple[Hashable, Hashable]] = field(default_factory=Counter)

    @classmethod
    def of(cls, first: Iterable[Hashable], second: Iterable[Hashable]) -> Coincidences:
        """The coincidences of two sequences of equal length; ValueError where they are not."""
        return cls(Counter(zip(first, second, strict=True)))

    @classmethod
    def binary(cls, both: int, first: int, second: int, neither: int) -> Coincidences:
        """From the counts of units that both, only the first, only the second, or none of the two marked.

        Example A of the same paper, ten units:

        >>> round(Coincidences.binary(1, 1, 3, 5).alpha or 0, 3)
        0.095
        """
        counts = {(True, True): both, (True, False): first, (False, True): second, (False, False): neither}
        return cls(Counter(counts))

    def __add__(self, other: Coincidences) -> Coincidences:
        return Coincidences(self.pairs + other.pairs)

    @property
    def alpha(self) -> float | None:
        """None where nothing varies, since agreement then says nothing."""
        values: Counter[Hashable] = Counter()
        for (a, b), count in self.pairs.items():
            values[a] += count
            values[b] += count
        total = sum(values.values())
        expected = total * total - sum(n * n for n in values.values())
        if expected == 0:
            return None
        observed = 2 * sum(count for (a, b), count in self.pairs.items() if a != b)
        return 1 - (total - 1) * observed / expected


@dataclass(frozen=True)
class Unitised:
    """Observed and expected disagreement of two observers who each cut units out of a continuum of `length`."""

    observed: float
    expected: float

    @property
    def alpha(self) -> float | None:
        return None if self.expected == 0 else 1 - self.observed / self.expected


def unitised(first: Sequence[Unit], second: Sequence[Unit], length: int) -> Unitised:
    """Unitising alpha of one category: half-open units of two observers in a continuum of `length` points.

    Units of one observer must not overlap (see `merged`). Definition: Krippendorff, "On the Reliability of Unitizing
    Continuous Data" (1995) and "Content Analysis", 2nd edition (2004), 11.6; his example there, category c:

    >>> found = unitised([(75, 145), (220, 250)], [(70, 150), (205, 225), (250, 270)], 300)
    >>> round(found.observed, 4), round(found.expected, 4), round(found.alpha or 0, 4)
    (0.0144, 0.0532, 0.7286)
    """
    if not length:
        return Unitised(0.0, 0.0)
    one, other = (_sections(units, length) for units in (first, second))
    # Each pair of sections counts twice, once from either observer's side.
    observed = 2 * sum(_difference(a, b) for a, b in _meeting(one, other))
    return Unitised(observed / (2 * length**2), _expected([*one, *other], length))


def merged(units: Iterable[Unit]) -> list[Unit]:
    """The units with those that overlap made one; such that merely touch stay apart.

    >>> merged([(4, 9), (0, 5), (9, 12)])
    [(0, 9), (9, 12)]
    """
    found: list[Unit] = []
    for start, end in sorted(units):
        if found and start < found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


_Section = tuple[int, int, bool]


def _sections(units: Sequence[Unit], length: int) -> list[_Section]:
    """The continuum as units and the gaps between them: start, length, whether it is a unit."""
    sections: list[_Section] = []
    position = 0
    for start, end in sorted(units):
        if start > position:
            sections.append((position, start - position, False))
        sections.append((start, end - start, True))
        position = end
    if position < length:
        sections.append((position, length - position, False))
    return sections


def _difference(a: _Section, b: _Section) -> int:
    """Squared difference of two sections of different observers: of two units that meet, or of a unit inside a gap."""
    (start, size, is_unit), (other, other_size, other_unit) = a, b
    if is_unit and other_unit and -size < start - other < other_size:
        return (start - other) ** 2 + (start + size - other - other_size) ** 2
    if is_unit and not other_unit and 0 <= start - other <= other_size - size:
        return size**2
    if other_unit and not is_unit and 0 <= other - start <= size - other_size:
        return other_size**2
    return 0


def _meeting(one: Sequence[_Section], other: Sequence[_Section]) -> Iterator[tuple[_Section, _Section]]:
    """Every pair of sections that share a point; both sides cover the continuum without holes."""
    i = j = 0
    while i < len(one) and j < len(other):
        yield one[i], other[j]
        ends = one[i][0] + one[i][1], other[j][0] + other[j][1]
        i, j = i + (ends[0] <= ends[1]), j + (ends[1] <= ends[0])


def _expected(sections: Sequence[_Section], length: int) -> float:
    """The disagreement of units laid at random: every unit against every possible place of every other and of gaps."""
    units = [size for _, size, is_unit in sections if is_unit]
    gaps = sorted(size for _, size, is_unit in sections if not is_unit)
    from_here = [*accumulate(reversed(gaps), initial=0)][::-1]  # from_here[n]: length of gap n and all longer ones
    total = 0.0
    for size in units:
        n = bisect_left(gaps, size)
        places = from_here[n] - (len(gaps) - n) * (size - 1)
        total += (len(units) - 1) / 3 * (2 * size**3 - 3 * size**2 + size) + size**2 * places
    possible = 2 * length * (2 * length - 1) - sum(size * (size - 1) for size in units)
    return 2 / length * total / possible
