"""3ds Max."""
