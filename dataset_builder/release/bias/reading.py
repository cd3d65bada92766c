"""Asking one document a question: its tally, or why it has none."""

from __future__ import annotations

from dataset_builder.release.bias.article import Article
from dataset_builder.release.bias.figure import Question, Tally


def tally(question: Question, article: Article) -> Tally | str:
    """What the document adds to a figure, or in words why it can't be asked.

    What was not annotated is not counted as nothing: a layer that the document's annotation lacks leaves it out.
    """
    lacking = [layer for layer in question.layers if layer not in article.layer.layers]
    return f"layer {lacking[0]} was not annotated" if lacking else question.count(article)
