"""The engine of one view: sessions, delivery, dispatching, recovery. No Qt."""
