"""The engine of a view: sessions, delivery, dispatching, recovery. No Qt."""
