"""The page: its policy, its scheme, its local URLs, and what shows when its renderer dies. Thread: GUI."""
