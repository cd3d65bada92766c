"""`rules`: all layers from lexicons and word order, without any training; `system` has the class."""

from dataset_builder.baselines.rules.system import Rules

__all__ = ["Rules"]
