"""The corpus in figures, as Markdown: what stands between markers in annotations/README.md and DATASHEET.md.

Everything comes from what is committed, so that the figures are the same whether or not texts were hydrated.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property

from dataset_builder.corpus import Corpus
from dataset_builder.curation.adjudication import RIGHTS, Shares, decided
from dataset_builder.curation.agreement import Agreement, Compared, compare, kappa
from dataset_builder.curation.benchmark import tracks_needing_texts
from dataset_builder.model import Claim, Layer
from dataset_builder.release import composition
from dataset_builder.release.bias import Report, Terms, audit
from dataset_builder.release.bias.page import page
from dataset_builder.release.bias.versions import clusters
from dataset_builder.release.counts import Counts, count, count_labels
from dataset_builder.release.entries import Entry, select
from dataset_builder.release.leaderboard import leaderboard, read_results
from dataset_builder.release.lock import read_version
from dataset_builder.release.markdown import table


class Figures:
    """Everything that the blocks are made from, computed when first asked for."""

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus
        self._bias: dict[str, Report] = {}

    @cached_property
    def entries(self) -> Sequence[Entry]:
        return select(self.corpus).all

    @cached_property
    def counts(self) -> Sequence[Counts]:
        return count(self.entries, self.corpus.schema)

    @cached_property
    def claims(self) -> Sequence[Claim]:
        return [claim for entry in self.entries for claim in entry.layer.claims]

    @cached_property
    def agreement(self) -> Agreement:
        """Of the two passes of each document that has them."""
        pairs = []
        for document, *hands in self.corpus.twice_annotated():
            first, second = (self.corpus.layer(document.id, hand) for hand in hands)
            text = self.corpus.text(document) if document.is_included else None
            pairs.append(Compared(document, first, second, text))
        return compare(pairs)

    @cached_property
    def terms(self) -> Terms:
        """What the audit looks up."""
        return Terms.load(self.corpus)

    def bias(self, track: str) -> Report:
        """The bias audit of a track; computed once."""
        if track not in self._bias:
            chosen = [entry for entry in self.entries if entry.track == track]
            self._bias[track] = audit(chosen, self.terms, version=read_version(self.corpus))
        return self._bias[track]

    @cached_property
    def shares(self) -> Shares:
        return decided(self.corpus)


def corpus_table(figures: Figures) -> str:
    """Documents, words, spans by layer, relations and claims of each split."""
    layers = list(figures.corpus.schema.layers)
    rows: list[list[object]] = [
        [c.track, c.split, c.documents, c.words, *(c.spans[layer] for layer in layers), c.relations, c.claims]
        for c in figures.counts
    ]
    rows.append(["all", "", *(sum(int(str(row[i])) for row in rows) for i in range(2, len(rows[0])))])
    return table(["track", "split", "documents", "words", *layers, "relations", "claims"], rows)


def label_table(figures: Figures) -> str:
    """How often each label stands in each split."""
    found = count_labels(figures.entries, figures.corpus.schema)
    rows = [
        [
            f"{layer}.{label}",
            *(found[split][layer][label] for split in found),
            sum(found[s][layer][label] for s in found),
        ]
        for layer, known in figures.corpus.schema.layers.items()
        for label in known.names
    ]
    return table(["label", *found, "all"], rows)


def claim_table(figures: Figures) -> str:
    """Claims by form, act, source status, medium and depth of nesting."""
    rows: list[list[object]] = []
    for name in ("form", "act", "source_status", "medium"):
        rows += [[f"{name}: {value}", n] for value, n in _by_count(getattr(c, name) for c in figures.claims)]
    depths = Counter(depth for entry in figures.entries for depth in nesting(entry.layer))
    rows += [[f"nested {depth} deep" if depth else "not nested", depths[depth]] for depth in sorted(depths)]
    return table(["claims", "number"], rows)


def _by_count(values: Iterable[str]) -> list[tuple[str, int]]:
    return sorted(Counter(values).items(), key=lambda item: (-item[1], item[0]))


def nesting(layer: Layer) -> list[int]:
    """How many claims each claim lies in, in the order of the layer's claims."""
    parents = {claim.id: claim.parent for claim in layer.claims}
    depths = []
    for claim in layer.claims:
        depth, parent = 0, claim.parent
        while parent is not None:
            depth, parent = depth + 1, parents.get(parent)
        depths.append(depth)
    return depths


def agreement_table(figures: Figures) -> str:
    """Agreement of the two passes of each twice annotated document, by layer and label."""
    found = figures.agreement
    rows = []
    for (layer, label), counts in found.labels.items():
        ratios = [counts.strict, counts.overlap, counts.letters.alpha, counts.words.alpha]
        name = f"{layer}.{label}" if label else f"**{layer}**"
        rows.append([name, counts.first, counts.second, *ratios, found.unitising_alpha((layer, label))])
    head = ["layer or label", "first", "second", "F1 strict", "F1 overlap", "α letters", "α words", "α units"]
    return table(head, rows)


def agreement_of_claims(figures: Figures) -> str:
    """Of claims that both passes have, how many agree in each part; kappa of labels on shared extents."""
    claims = figures.agreement.claims
    rows: list[list[object]] = [["paired by content (F1)", claims.f1]]
    rows += [[f"same {name}", n / claims.paired] for name, n in sorted(claims.agreeing.items())]
    rows.append(["κ of act", kappa(claims.acts)])
    rows += [[f"κ of {layer} labels", kappa(pairs)] for layer, pairs in figures.agreement.types.items()]
    return table(["claims and labels", "agreement"], rows)


def shares_table(figures: Figures) -> str:
    """Who was right in each difference of two passes, as the gold has it."""
    shares = figures.shares
    counted = [*sorted(shares.counts.items()), ("**all**", shares.total)]
    rows = [[about, counts.total(), *(counts[right] for right in RIGHTS)] for about, counts in counted]
    return table(["about", "differences", *RIGHTS], rows)


def passes_table(figures: Figures) -> str:
    """Who annotated how many documents without sight of anything but guidelines and text."""
    corpus = figures.corpus
    rows = [[hand.removeprefix("passes/"), len(list(corpus.annotated(hand)))] for hand in corpus.hands()[1:]]
    return table(["annotator", "documents"], rows)


def _number(of: Callable[[Figures], int]) -> Callable[[Figures], str]:
    return lambda figures: f"{of(figures):,}"


def _track(name: str) -> Callable[[Figures], str]:
    return _number(lambda f: sum(c.documents for c in f.counts if c.track == name))


#: What can stand between markers, by name.
BLOCKS: dict[str, Callable[[Figures], str]] = {
    "corpus": corpus_table,
    "labels": label_table,
    "claims": claim_table,
    "agreement": agreement_table,
    "agreement of claims": agreement_of_claims,
    "adjudication": shares_table,
    "passes": passes_table,
    "bias of composed": lambda f: page(f.bias("composed")),
    "bias of press": lambda f: page(f.bias("press")),
    "bias by event": lambda f: clusters(f.bias("composed")),
    "leaderboard": lambda f: leaderboard(read_results(f.corpus.root), tracks_needing_texts(f.corpus)),
    "version": lambda f: read_version(f.corpus),
    "number of documents": _number(lambda f: len(f.entries)),
    "number of words": _number(lambda f: sum(c.words for c in f.counts)),
    "number of spans": _number(lambda f: sum(sum(c.spans.values()) for c in f.counts)),
    "number of claims": _number(lambda f: len(f.claims)),
    "number of implicit claims": _number(lambda f: sum(c.source_status == "implicit" for c in f.claims)),
    "number of nested claims": _number(lambda f: sum(c.parent is not None for c in f.claims)),
    "number of composed documents": _track("composed"),
    "number of press documents": _track("press"),
    "number of clusters": _number(lambda f: len(f.corpus.clusters)),
    "number of entities": _number(lambda f: len(f.corpus.entities)),
    "number of twice annotated documents": _number(lambda f: sum(1 for _ in f.corpus.twice_annotated())),
    "number of excluded documents": _number(lambda f: sum(bool(d.excluded) for d in f.corpus.documents.values())),
    "number of test documents": _number(lambda f: sum(e.split == "test" for e in f.entries)),
    "number of ant articles": _number(lambda f: sum(d.source == "ant" for d in f.corpus.documents.values())),
    "number of persons": _number(lambda f: composition.persons(f.corpus.entities.values())),
    "number of quotations of entities": _number(lambda f: composition.quotations_of_entities(f.entries)),
    "number of facts": _number(lambda f: sum(len(c.facts) for c in f.corpus.clusters.values())),
    "number of references": _number(lambda f: sum(len(c.references) for c in f.corpus.clusters.values())),
    "clusters by year": lambda f: composition.clusters_by_year(f.corpus.clusters.values()),
    "clusters by governorate": lambda f: composition.clusters_by_governorate(
        f.corpus.clusters.values(), f.terms.counted.governorates
    ),
    "press by outlet": lambda f: composition.outlets_by_year(f.entries, "press"),
    "span of the events": lambda f: composition.years(c.date for c in f.corpus.clusters.values()),
    "span of the press": lambda f: composition.years(e.document.published for e in f.entries if e.track == "press"),
    "mean words of composed": lambda f: composition.mean_words(f.entries, "composed"),
    "mean words of press": lambda f: composition.mean_words(f.entries, "press"),
    "number of repeats": _number(lambda f: sum(bool(d.duplicate_of) for d in f.corpus.documents.values())),
}
