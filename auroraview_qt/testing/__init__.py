"""The test kit: a pytest plugin whose fixture `aurora` opens a panel, uses it as an artist does, and checks it afterwards.

pytest finds it by its entry point. Importing this package imports neither Qt nor the rest of the library. The first test
that uses `aurora` loads the kit.
"""
