"""The fake stage: views and pages without Qt, on the real protocol engine. Thread: the test's."""
