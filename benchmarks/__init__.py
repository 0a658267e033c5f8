"""Measurements against references run side by side: `python -m benchmarks --help`.

Nothing here decides whether a test passes; figures belong to a machine and a day.
"""
