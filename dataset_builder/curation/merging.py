"""Two passes merged: what they agree on stands, what they dispute is a question, and a question is decided once.

A question is a line of words that says what is asked without saying who asks: whether a region is there
("ACTOR STATE 4-9"), what its attribute is ("ACTOR STATE 4-9 mention"), whether two regions are joined
("EVENT AIR 0-3 AGENT ACTOR STATE 4-9"). The answers stand in `annotations/decisions/<source>/<document>.jsonl`, one
question a line, and in the gold. So whoever annotates more later opens new questions, and reopens none. No word of the
text is in any of them.

As in Label Studio, a claim is here its first content region, with its attributes on it and its parts joined to it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from dataset_builder.codec import dump
from dataset_builder.corpus import Corpus
from dataset_builder.curation.adjudication import FREE
from dataset_builder.errors import DataError
from dataset_builder.model import Claim, Document, Layer, Span
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


@dataclass(frozen=True)
class MergedNode:
    """A region of the merged layer.

    `open` means that only one hand has it (`hands` says which, 1 or 2), `asked` names the attributes that the hands
    answer differently, with both answers.
    """

    name: str
    node: Node
    attributes: Mapping[str, str]
    open: bool = False
    hands: tuple[int, ...] = (1, 2)
    asked: Mapping[str, tuple[str, str]] = field(default_factory=dict)


@dataclass
class Merged:
    """Regions, arrows (open ones are asked about), relations' ids, and every question that is settled with this."""

    nodes: list[MergedNode] = field(default_factory=list)
    arrows: dict[Arrow, bool] = field(default_factory=dict)
    ids: dict[Arrow, str] = field(default_factory=dict)
    questions: list[str] = field(default_factory=list)

    @property
    def asked(self) -> int:
        """How many questions somebody has to answer."""
        nodes = sum(node.open + len(node.asked) for node in self.nodes)
        return nodes + sum(self.arrows.values())


def merge(first: Layer, second: Layer, gold: Layer | None, decided: Iterable[str], schema: Schema) -> Merged:
    """Two passes of a document in one. `gold` is what earlier decisions made, `decided` the questions they answered.

    >>> schema = Schema.load()
    >>> layer = lambda *spans: Layer("d1", "1.0", 20, "0" * 64, ("ACTOR",), spans=spans)
    >>> both = Span("s1", "ACTOR", "STATE", 0, 5, {"mention": "name"})
    >>> merged = merge(layer(both, Span("s2", "ACTOR", "MEDIA", 8, 12)), layer(both), None, [], schema)
    >>> [(node.name, node.open, node.hands) for node in merged.nodes], merged.asked
    ([('ACTOR STATE 0-5', False, (1, 2)), ('ACTOR MEDIA 8-12', True, (1,))], 1)
    >>> more = layer(both, Span("s2", "ACTOR", "MEDIA", 8, 12))
    >>> merge(more, layer(both), layer(both), ["ACTOR MEDIA 8-12"], schema).asked
    0
    """
    known = set(decided)
    one, two, old = (Graph.of(layer, schema) for layer in (first, second, gold))
    merged = Merged()
    for name in dict.fromkeys((*one.nodes, *two.nodes, *old.nodes)):
        if node := _node(name, one, two, old, known, merged):
            merged.nodes.append(node)
    here = {node.name: node for node in merged.nodes}
    for arrow in dict.fromkeys((*one.arrows, *two.arrows, *old.arrows)):
        if arrow[0] in here and arrow[2] in here:
            _join(arrow, one, two, old, known, here, merged)
    return merged


def _node(name: str, one: Graph, two: Graph, old: Graph, known: set[str], merged: Merged) -> MergedNode | None:
    hands = tuple(number for number, graph in ((1, one), (2, two)) if name in graph.nodes)
    there = [graph.nodes[name] for graph in (old, one, two) if name in graph.nodes]
    if name in known and name not in old.nodes:
        return None
    is_open = len(hands) == 1 and name not in known
    if is_open:
        merged.questions.append(name)
    given = [graph.nodes[name].attributes for graph in (one, two) if name in graph.nodes]
    attributes: dict[str, str] = {}
    asked: dict[str, tuple[str, str]] = {}
    for attribute in dict.fromkeys(key for node in there for key in node.attributes):
        about = f"{name} {attribute}"
        answers = [values.get(attribute, "") for values in given]
        if about in known or not given or (attribute in FREE and name in old.nodes):
            value = old.nodes[name].attributes.get(attribute, "") if name in old.nodes else ""
        elif attribute in FREE:
            # Each hand names happenings for itself: the second's names would meet the first's with another meaning.
            value = one.nodes[name].attributes.get(attribute, "") if name in one.nodes else ""
        elif len(answers) == 2 and answers[0] != answers[1]:
            asked[attribute] = (answers[0], answers[1])
            merged.questions.append(about)
            continue
        else:
            value = answers[0]
            if is_open:
                merged.questions.append(about)
        if value:
            attributes[attribute] = value
    return MergedNode(name, there[0], attributes, is_open, hands, asked)


def _join(
    arrow: Arrow, one: Graph, two: Graph, old: Graph, known: set[str], here: Mapping[str, MergedNode], merged: Merged
) -> None:
    about = question(arrow)
    if about in known and arrow not in old.arrows:
        return
    disputed = (arrow in one.arrows) != (arrow in two.arrows) and about not in known
    if disputed:
        merged.questions.append(about)
    # An arrow from or to a region that is asked about stands and falls with it.
    merged.arrows[arrow] = disputed and not (here[arrow[0]].open or here[arrow[2]].open)
    merged.ids[arrow] = next((id for graph in (old, one, two) if (id := graph.arrows.get(arrow, ""))), "")


@dataclass(frozen=True, slots=True)
class Decision:
    """What was answered: "yes" or "no" for a region or arrow, its value (or "") for an attribute; and by whom."""

    question: str
    answer: str
    by: str


def is_question(about: str) -> bool:
    """Whether something can be a question of ours: names and offsets, never words of a text.

    >>> is_question("EVENT AIR 4-7 status"), is_question("قصف")
    (True, False)
    """
    return re.fullmatch(r"[A-Za-z0-9_#?., -]{1,400}", about) is not None


def answers(questions: Iterable[str], gold: Layer, by: str, schema: Schema) -> Iterator[Decision]:
    """How the gold answers these questions."""
    graph = Graph.of(gold, schema)
    arrows = {question(arrow) for arrow in graph.arrows}
    names = {*schema.claim, *(a.name for layer in schema.layers.values() for a in layer.attributes)}
    for about in questions:
        name, _, last = about.rpartition(" ")
        if last in names:
            value = graph.nodes[name].attributes.get(last, "") if name in graph.nodes else ""
            yield Decision(about, value, by)
        else:
            yield Decision(about, "yes" if about in graph.nodes or about in arrows else "no", by)


def decisions_path(corpus: Corpus, document: Document) -> Path:
    """Where a document's decisions stand."""
    return corpus.root / "annotations" / "decisions" / document.source / f"{document.id}.jsonl"


def read_decisions(corpus: Corpus, document: Document) -> dict[str, Decision]:
    """A document's decisions by question; DataError where the file is broken."""
    path = decisions_path(corpus, document)
    if not path.is_file():
        return {}
    try:
        found = [Decision(**json.loads(line)) for line in path.read_text("utf8").splitlines()]
    except (ValueError, TypeError) as error:
        raise DataError(
            f"{corpus.relative(path)}: not decisions that can be read ({error}); restore the file"
        ) from error
    return {decision.question: decision for decision in found}


def encode_decisions(decisions: Mapping[str, Decision]) -> str:
    """One decision a line, by question."""
    rows = (decisions[about] for about in sorted(decisions))
    return "".join(dump({"question": d.question, "answer": d.answer, "by": d.by}) + "\n" for d in rows)
