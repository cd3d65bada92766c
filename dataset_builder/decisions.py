"""Decisions between two passes: questions about regions and arrows, and who answered them how.

A question is a line of words that says what is asked without saying who asks: whether a region is there
("ACTOR STATE 4-9"), what its attribute is ("ACTOR STATE 4-9 mention"), whether two regions are joined
("EVENT AIR 0-3 AGENT ACTOR STATE 4-9"). The answers stand in `annotations/decisions/<source>/<document>.jsonl`, one
question a line, and in the gold. No word of the text is in any of them.

As in Label Studio, a claim is here its first content region, with its attributes on it and its parts joined to it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from dataset_builder.codec import dump, parse_lines, problems
from dataset_builder.incidents import Incident
from dataset_builder.model import Claim, Layer, Span
from dataset_builder.records import ANNOTATOR, Text
from dataset_builder.schema import Schema

Arrow = tuple[str, str, str]


@dataclass(frozen=True)
class Node:
    """A region of a layer: its span with the span's or, for a claim's first content, the claim's attributes."""

    span: Span
    attributes: Mapping[str, str]
    claim: str = ""


@dataclass
class Graph:
    """A layer as regions by their names, and arrows (head, label, tail) between names, with relations' ids."""

    nodes: dict[str, Node] = field(default_factory=dict)
    arrows: dict[Arrow, str] = field(default_factory=dict)

    @classmethod
    def of(cls, layer: Layer | None, schema: Schema) -> Graph:
        """The layer's regions and arrows; claims on the same words are told apart by where their cues stand."""
        graph = cls()
        if layer is None:
            return graph
        contents = {id for claim in layer.claims for id in claim.content}
        names: dict[str, str] = {}
        for span in layer.spans:
            if span.id not in contents:
                names[span.id] = graph._add(_place(span), Node(span, span.attributes))
        heads: dict[str, str] = {}
        for claim in sorted(layer.claims, key=lambda c: _order(c, layer)):
            first = layer.span(claim.content[0])
            values = {name: value for name in schema.claim if (value := getattr(claim, name))}
            heads[claim.id] = graph._add(_place(first), Node(first, values, claim.id))
        for claim in layer.claims:
            graph._join(claim, layer, names, heads)
        for relation in layer.relations:
            if relation.head in names and relation.tail in names:
                graph.arrows[names[relation.head], relation.label, names[relation.tail]] = relation.id
        return graph

    def _add(self, name: str, node: Node) -> str:
        number, free = 1, name
        while free in self.nodes:
            number += 1
            free = f"{name} #{number}"
        self.nodes[free] = node
        return free

    def _join(self, claim: Claim, layer: Layer, names: Mapping[str, str], heads: Mapping[str, str]) -> None:
        head = heads[claim.id]
        for id in claim.content[1:]:
            span = layer.span(id)
            name = f"{_place(span)} of {head}"
            self.nodes[name] = Node(span, {}, claim.id)
            self.arrows[head, "content", name] = ""
        ends = [("source", names.get(claim.source or "")), ("cue", names.get(claim.cue or ""))]
        ends += [(link, heads.get(getattr(claim, link) or "")) for link in ("parent", "continues")]
        for label, tail in ends:
            if tail:
                self.arrows[head, label, tail] = ""


def _place(span: Span) -> str:
    return f"{span.layer} {span.label} {span.start}-{span.end}"


def _order(claim: Claim, layer: Layer) -> tuple[int, int, str]:
    cue = layer.span(claim.cue).start if claim.cue else -1
    return layer.span(claim.content[0]).start, cue, claim.id


def question(arrow: Arrow) -> str:
    """An arrow as a question."""
    return " ".join(arrow)


#: A region by its name: layer, label and place, numbered where several stand there, "of" its claim's first content.
_WORD = "[A-Za-z0-9_]+"
_PLACE = rf"({_WORD}) ({_WORD}) ([0-9]+)-([0-9]+)"
_NAMED = rf"{_WORD} {_WORD} [0-9]+-[0-9]+(?: #[0-9]+)?"
_REGION = rf"{_NAMED}(?: of {_NAMED})?"
_QUESTION = re.compile(rf"({_REGION})(?: ({_WORD})(?: ({_REGION}))?)?")


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked about: a region; its attribute `name`; or the arrow labelled `name` from it to `tail`, a region."""

    region: str
    name: str = ""
    tail: str = ""

    @property
    def arrow(self) -> Arrow:
        """The arrow that is asked about."""
        return self.region, self.name, self.tail

    @property
    def regions(self) -> list[str]:
        """The names of the regions that are asked about."""
        return [self.region, self.tail] if self.tail else [self.region]


def parse_question(about: str) -> Question | None:
    """A question taken apart, or None where it is none of ours: names and offsets, never words of a text.

    >>> parse_question("EVENT AIR 4-7 status")
    Question(region='EVENT AIR 4-7', name='status', tail='')
    >>> parse_question("EVENT AIR 4-7 PLACE LOCATION REGION 9-12 #2").tail
    'LOCATION REGION 9-12 #2'
    >>> parse_question("قصف") is None
    True
    """
    found = _QUESTION.fullmatch(about) if len(about) <= 400 else None
    return Question(found[1], found[2] or "", found[3] or "") if found else None


def places(about: str) -> Iterator[tuple[str, str, int, int]]:
    """Layer, label, start and end of every region that a question names.

    >>> list(places("EVENT AIR 4-7 AGENT ACTOR STATE 9-12"))
    [('EVENT', 'AIR', 4, 7), ('ACTOR', 'STATE', 9, 12)]
    """
    return ((m[1], m[2], int(m[3]), int(m[4])) for m in re.finditer(_PLACE, about))


def with_words(about: str, words: Callable[[int, int], str]) -> str:
    """A question as a person reads it, with the words that stand at its places, if there are any.

    >>> with_words("EVENT AIR 0-3 status", lambda start, end: "قصف السوق"[start:end])
    'EVENT AIR «قصف» (0–3) status'
    """

    def shown(place: re.Match[str]) -> str:
        start, end = int(place[3]), int(place[4])
        there = " ".join(words(start, end).split())
        return f"{place[1]} {place[2]} «{there}» ({start}–{end})" if there else f"{place[1]} {place[2]} {start}–{end}"

    return re.sub(_PLACE, shown, about)


@dataclass(frozen=True, slots=True)
class Decision:
    """What was answered: "yes" or "no" for a region or arrow, its value (or "") for an attribute; and by whom."""

    question: str
    answer: str
    by: str


def answer(about: str, graph: Graph) -> str:
    """How a layer answers a question.

    >>> layer = Layer("d1", "1.0", 9, "", ("ACTOR",), (Span("s1", "ACTOR", "STATE", 0, 3, {"mention": "name"}),))
    >>> graph = Graph.of(layer, Schema.load())
    >>> [answer(f"ACTOR STATE 0-3{more}", graph) for more in ("", " mention", " entity", " #2")]
    ['yes', 'name', '', 'no']
    """
    asked = parse_question(about)
    if asked and asked.name and not asked.tail:
        return graph.nodes[asked.region].attributes.get(asked.name, "") if asked.region in graph.nodes else ""
    return "yes" if about in graph.nodes or (asked and asked.arrow in graph.arrows) else "no"


def answers(questions: Iterable[str], gold: Layer, by: str, schema: Schema) -> Iterator[Decision]:
    """How the gold answers these questions."""
    graph = Graph.of(gold, schema)
    return (Decision(about, answer(about, graph), by) for about in questions)


def _is_question(about: str) -> str:
    if parse_question(about) is None:
        raise ValueError("not a question such as 'ACTOR STATE 4-9 mention'")
    return about


class _DecisionRecord(BaseModel):
    model_config = ConfigDict(extra="forbid")

    question: Annotated[str, Field(strict=True), AfterValidator(_is_question)]
    answer: Text
    by: Annotated[str, StringConstraints(pattern=f"^{ANNOTATOR}$", strict=True)]


def decode_decisions(data: bytes, path: str = "") -> tuple[dict[str, Decision], list[Incident], dict[str, int]]:
    """Decisions by question from a file's bytes, every finding, and the line of each by its question."""
    decisions: dict[str, Decision] = {}
    found: list[Incident] = []
    lines: dict[str, int] = {}
    for number, value in parse_lines(data, path):
        if isinstance(value, Incident):
            found.append(value)
            continue
        try:
            record = _DecisionRecord.model_validate(value)
        except ValidationError as error:
            found.extend(problems(error, path, number))
            continue
        about = record.question
        if about in lines:
            fact = f"{about!r} was decided on line {lines[about]} already"
            found.append(Incident("decision-repeated", fact, path, number))
        lines[about] = number
        decisions[about] = Decision(about, record.answer, record.by)
    return decisions, found, lines


def encode_decisions(decisions: Mapping[str, Decision]) -> str:
    """One decision a line, by question."""
    rows = (decisions[about] for about in sorted(decisions))
    return "".join(dump({"question": d.question, "answer": d.answer, "by": d.by}) + "\n" for d in rows)
