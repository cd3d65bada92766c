"""Four levels of checks, each a plain function that yields incidents: record, references and text, schema, collection."""

from dataset_builder.validation.run import LEVELS, validate

__all__ = ["LEVELS", "validate"]
