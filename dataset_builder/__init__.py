"""Khabar: Arabic conflict news with spans of actors, locations, events, attributed claims and framing.

The public surface is what this module names::

    from dataset_builder import Corpus
    corpus = Corpus.find()                 # the checkout that holds annotations/schema.toml
    gold = corpus.layer("composed-0001-a") # one document's gold layer
"""

from dataset_builder.corpus import Corpus
from dataset_builder.errors import KhabarError
from dataset_builder.incidents import Incident
from dataset_builder.model import Anchor, Claim, Document, Layer, Relation, Span
from dataset_builder.schema import Schema

__all__ = ["Anchor", "Claim", "Corpus", "Document", "Incident", "KhabarError", "Layer", "Relation", "Schema", "Span"]
