"""`rules`: all layers from lexicons and word order, without any training. See `dataset_builder.baselines.rules.system`."""

from dataset_builder.baselines.rules.system import Rules

__all__ = ["Rules"]
