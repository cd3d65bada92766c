"""Four levels of checks, plain functions that yield incidents: record, references and text, schema, collection."""

from dataset_builder.validation.run import LEVELS, stops_at_records, validate

__all__ = ["LEVELS", "stops_at_records", "validate"]
