"""TypeScript from the commands, events and state of a view. Knows no Qt; runs on the caller's thread."""
