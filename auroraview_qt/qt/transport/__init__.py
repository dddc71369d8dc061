"""Join an engine to a page: the channel, the work scheduler, scripts, the watchdog. Thread: GUI."""
