"""Layers to and from the forms that people and other tools write."""
