"""CoNLL columns: one token a line with BIO tags, an empty line behind each sentence; one column a layer and depth.

Tokens are cut where spans begin and end, so that spans inside of a written word are exact (و|قال). White space stands
in the last column as Universal Dependencies writes it (SpaceAfter=No, SpacesAfter=\\n), so that the text is exact too.
Foreign files have a word and a BIO or BIOES tag in their last column, or behind the word a tag for each span that nests
there; with white space between, a sentence a line. A `# newdoc` or -DOCSTART- line begins another document.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from dataset_builder.errors import DataError, unknown
from dataset_builder.formats.columns import ESCAPED, TAGS, documents, words_of
from dataset_builder.formats.foreign import Foreign, Item, Labels, decoded
from dataset_builder.formats.regions import Names, Region, Regions, make_regions
from dataset_builder.schema import Schema
from dataset_builder.text.tokenise import sentences, tokens

LOSES = "attributes, relations, and which source, cue and content make a claim; ids"
SUFFIX = ".conll"
LACKS = frozenset({"attributes", "arrows"})
_COLUMNS, _LAYERS = "# columns = ", "# layers = "


def write(items: Iterable[Item], schema: Schema) -> Iterator[tuple[str, bytes]]:
    """A file a document."""
    for item in items:
        yield f"{item.id}{SUFFIX}", "".join(f"{line}\n" for line in _lines(item, schema)).encode("utf8")


def _lines(item: Item, schema: Schema) -> Iterator[str]:
    names = Names(schema)
    columns = _columns(make_regions(item.layer, schema)[0], schema)
    cuts = {edge for _, column in columns for region in column for edge in (region.start, region.end)}
    words = list(cut(item.text, cuts))
    yield f"# newdoc id = {item.id}"
    yield f"{_LAYERS}{' '.join(item.layer.layers)}"
    yield _COLUMNS + " ".join(["FORM", *(name for name, _ in columns), "MISC"])
    tags = [_tags(column, words, names) for _, column in columns]
    sentence_ends = {end for _, end in sentences(item.text)}
    for number, (start, end) in enumerate(words):
        before = item.text[:start] if number == 0 else ""
        behind = item.text[end : words[number + 1][0] if number + 1 < len(words) else len(item.text)]
        yield "\t".join([item.text[start:end], *(column[number] for column in tags), _misc(before, behind)])
        following = words[number + 1][0] if number + 1 < len(words) else len(item.text) + 1
        if any(end <= cut <= following for cut in sentence_ends):
            yield ""


def _columns(regions: Sequence[Region], schema: Schema) -> list[tuple[str, list[Region]]]:
    """Regions of each layer in as many columns as they lie over one another, the outermost first."""
    found: list[tuple[str, list[Region]]] = []
    for layer in schema.layers:
        depths: list[list[Region]] = [[]]
        for region in (r for r in regions if r.layer == layer):
            free = next((column for column in depths if not column or column[-1].end <= region.start), None)
            if free is None:
                depths.append(free := [])
            free.append(region)
        found += ((layer if n == 1 else f"{layer}:{n}", column) for n, column in enumerate(depths, 1))
    return found


def cut(text: str, cuts: set[int]) -> Iterator[tuple[int, int]]:
    """Tokens as half-open code points, cut at every offset of `cuts` inside of one."""
    for start, end in tokens(text):
        edges = [start, *sorted(cut for cut in cuts if start < cut < end), end]
        yield from pairwise(edges)


def _tags(column: Sequence[Region], words: Sequence[tuple[int, int]], names: Names) -> list[str]:
    tags = ["O"] * len(words)
    for region in column:
        inside = [i for i, (start, end) in enumerate(words) if region.start <= start and end <= region.end]
        for number in inside:
            tags[number] = f"{'B' if number == inside[0] else 'I'}-{names.value(region.layer, region.label)}"
    return tags


def _misc(before: str, behind: str) -> str:
    parts = [f"SpacesBefore={_escape(before)}"] if before else []
    if behind != " ":
        parts.append(f"SpacesAfter={_escape(behind)}" if behind else "SpaceAfter=No")
    return "|".join(parts) or "_"


def _escape(space: str) -> str:
    return "".join(ESCAPED.get(character, character) for character in space)


def read(path: Path, labels: Labels) -> Iterator[Foreign]:
    """The documents of a file, in our columns or in a foreign one's."""
    parts = list(documents(decoded(path)))
    if not parts:
        raise DataError(f"{path}: has no token; a line has a word and its tag")
    for number, lines in enumerate(parts, 1):
        words = words_of(lines, str(path))
        regions = Regions(words.text, labels.schema, str(path))
        for depth, column in enumerate(words.columns):
            for tag in column:
                labels.add(regions, f"{depth}:{tag.label}:{tag.start}:{tag.end}", tag.label, tag.start, tag.end)
        for said, (line, count) in words.unknown.items():
            known = f"neither O nor one of {' '.join(TAGS)} with a label"
            fact = f"line {line}: the tag {said!r:.60} is {known}; it stands on {count} lines"
            regions.report("region-label", fact)
        name = words.comments.get("newdoc id") or (path.stem if len(parts) == 1 else f"{path.stem}-{number}")
        done = words.comments.get("layers", "").split()
        if wrong := [layer for layer in done if layer not in labels.schema.layers]:
            raise DataError(f"{path}: # layers: {unknown('layer', wrong[0], labels.schema.layers)}")
        yield Foreign(name, words.text, regions, tuple(done), LACKS)
