"""Khabar: Arabic conflict news with spans of actors, locations, events, attributed claims and framing.

The public surface is what this module names::

    from dataset_builder import Corpus
    corpus = Corpus.find()                 # the checkout that holds annotations/schema.toml
    gold = corpus.layer("composed-0001-a") # one document's gold layer

Anybody's predictions are scored as plain lists, without a checkout; offsets are half-open code points::

    >>> import dataset_builder
    >>> gold = [[("ACTOR", "STATE", 0, 5), ("LOCATION", "COUNTRY", 9, 14)]]
    >>> found = dataset_builder.score(gold, [[("ACTOR", "STATE", 0, 5)]], task="entities")
    >>> round(found.main.f1, 3), found.main.precision, found.main.recall
    (0.667, 1.0, 0.5)
"""

from dataset_builder.corpus import Corpus
from dataset_builder.curation.plain import score
from dataset_builder.errors import KhabarError
from dataset_builder.incidents import Incident
from dataset_builder.model import Anchor, Claim, Document, Layer, Relation, Span
from dataset_builder.schema import Schema

__all__ = [
    "Anchor",
    "Claim",
    "Corpus",
    "Document",
    "Incident",
    "KhabarError",
    "Layer",
    "Relation",
    "Schema",
    "Span",
    "score",
]
