"""Annotations: the parameters of a function, the validation and conversion of values, and the encoding of host types.

This package has no notion of pages or messages. It loads no Qt, and loads msgspec and NumPy only when it needs them.
"""
