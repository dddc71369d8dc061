"""Annotations, read once: what a function takes, whether a value fits, what it becomes, and how host types travel.

Knows nothing of pages or messages, and loads neither Qt nor, before it is needed, msgspec and NumPy.
"""
