"""The page: its policy, its scheme, its local URLs, and the message after its renderer died. Thread: GUI."""
