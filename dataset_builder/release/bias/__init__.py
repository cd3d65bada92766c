"""The bias audit: who speaks, who is accused and answers, whose violence has no agent, what is told as fact.

`audit` takes the documents of one track and returns a `Report`; `as_record` makes plain JSON of it and `page` Markdown.
Every figure is a `Figure`: a definition in words, and rows of one shape. Figures over composed outlets are designed,
not found: they say what was planned for the invented styles, and nothing about any outlet.
"""

from dataset_builder.release.bias.audit import audit
from dataset_builder.release.bias.figure import Figure, Minimum, Report, Row
from dataset_builder.release.bias.record import as_record
from dataset_builder.release.bias.terms import Terms

__all__ = ["Figure", "Minimum", "Report", "Row", "Terms", "as_record", "audit"]
