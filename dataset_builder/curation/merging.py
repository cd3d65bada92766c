"""Two passes merged: what they agree on stands, what they dispute is a question, and a question is decided once.

Questions and their answers are those of `decisions`: whoever annotates more later opens new ones, and reopens none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from dataset_builder.curation.adjudication import FREE
from dataset_builder.decisions import Arrow, Graph, Node, question
from dataset_builder.model import Layer
from dataset_builder.schema import Schema


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

    >>> from dataset_builder.model import Span
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
