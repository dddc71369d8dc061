"""Small helpers on Qt: the binding, the check before the first import, timers, event filters, threads."""
