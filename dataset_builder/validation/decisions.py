"""Levels 2 to 4 of decisions between passes: does each lead to regions that there are, and does the gold follow it?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from dataset_builder.corpus import Corpus
from dataset_builder.decisions import Decision, Graph, answer, parse_question, places
from dataset_builder.errors import DataError
from dataset_builder.formats.regions import Names
from dataset_builder.incidents import Incident
from dataset_builder.model import Document, Layer
from dataset_builder.schema import Schema
from dataset_builder.validation.references import LayerFile, check_dangling


@dataclass(frozen=True)
class DecisionFile:
    """A document's decisions by question, with where each stands. `path` is as messages show it."""

    decisions: Mapping[str, Decision]
    path: str
    lines: Mapping[str, int]

    def incident(self, code: str, fact: str, about: str = "") -> Incident:
        return Incident(code, fact, self.path, self.lines.get(about, 1))


def check_decisions(file: DecisionFile, corpus: Corpus, level: int) -> Iterator[Incident]:
    """Everything of levels 2 to `level` about one file of decisions."""
    document = corpus.documents.get(Path(file.path).stem)
    if document is None:
        yield file.incident("unknown-document", f"{Path(file.path).stem} stands in no manifest")
        return
    wanted = corpus.relative(corpus.decisions_path(document))
    if file.path != wanted:
        yield file.incident("wrong-place", f"the decisions about {document.id} belong in {wanted}")
    for about in file.decisions:
        for layer, label, start, end in places(about):
            if not start < end <= document.length:
                fact = f"{layer} {label} {start}-{end} does not fit the text's {document.length} code points"
                yield file.incident("offset-range", fact, about)
    if level >= 3:
        for decision in file.decisions.values():
            yield from _names(file, decision, corpus.schema)
    if level >= 4:
        yield from _layers(file, document, corpus)


def _names(file: DecisionFile, decision: Decision, schema: Schema) -> Iterator[Incident]:
    """Layers, labels, attributes and arrows are the schema's, and the answer is one to that question."""
    about, names = decision.question, Names(schema)
    asked = parse_question(about)
    assert asked is not None  # or it would not have been read
    named = [(layer, label) for layer, label, _, _ in places(about)]
    for layer, label in named:
        if layer not in schema.layers:
            yield file.incident("unknown-layer", f"{about!r}: there is no layer {layer!r}", about)
            return
        if label not in schema.layers[layer].names:
            yield file.incident("unknown-label", f"{about!r}: {layer} has no label {label!r}", about)
            return
    if asked.name and not asked.tail:
        attribute = names.fitting_of(*named[0]).get(asked.name)
        if attribute is None:
            yield file.incident("unknown-attribute", f"{about!r}: {' '.join(named[0])} has no {asked.name}", about)
        elif decision.answer and not attribute.admits(decision.answer):
            wanted = ", ".join(attribute.values) or f"a value like {attribute.pattern}"
            yield file.incident("attribute-value", f"{about!r} is answered {decision.answer!r}, not {wanted}", about)
        return
    if asked.tail and asked.name not in names.arrows:
        yield file.incident("unknown-relation", f"{about!r}: there is no arrow {asked.name!r}", about)
    if decision.answer not in ("yes", "no"):
        yield file.incident("attribute-value", f"{about!r} is answered {decision.answer!r}, not yes or no", about)


def _layers(file: DecisionFile, document: Document, corpus: Corpus) -> Iterator[Incident]:
    """The gold that was decided, and the passes between which it was."""
    hands = [hand for hand in corpus.hands() if corpus.layer_path(document, hand).is_file()]
    passes = [hand for hand in hands if hand != "gold"]
    if "gold" not in hands or len(passes) < 2:
        fact = f"{document.id} has {'gold' if 'gold' in hands else 'no gold'} and {len(passes)} passes"
        yield file.incident("decision-without-layers", fact)
    graphs = {hand: _graph(corpus, document, hand) for hand in hands}
    if not all(graphs.values()):
        return  # a layer with errors, which are named as its own
    there = {name for graph in graphs.values() if graph for name in graph.nodes}
    for about, decision in file.decisions.items():
        asked = parse_question(about)
        missing = [region for region in (asked.regions if asked else ()) if region not in there]
        if missing:
            yield file.incident("decision-about-nothing", f"no layer of {document.id} has {missing[0]}", about)
        elif gold := graphs.get("gold"):
            now = answer(about, gold)
            if now != decision.answer:
                fact = f"{about!r} was decided {decision.answer or '–'} by {decision.by}, the gold has {now or '–'}"
                yield file.incident("decision-differs", fact, about)


def _graph(corpus: Corpus, document: Document, hand: str) -> Graph | None:
    """One hand's regions and arrows, None where its layer has an error by itself."""
    with suppress(DataError):
        layer = corpus.layer(document.id, hand)
        if _is_whole(layer):
            return Graph.of(layer, corpus.schema)
    return None


def _is_whole(layer: Layer) -> bool:
    file = LayerFile(layer, "", {}, "")
    return all(claim.content for claim in layer.claims) and not list(check_dangling(file))
