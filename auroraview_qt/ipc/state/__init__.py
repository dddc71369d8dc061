"""The state that Python and the page share. No Qt."""
