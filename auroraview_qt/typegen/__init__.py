"""Typegen: TypeScript from the commands, events and state of one view. Knows no Qt; runs on the caller's thread."""
