"""The same job with other tools: two years of deliveries read, checked, set apart, written as Parquet and counted.

Here: the files, one module per tool, each of them a process of its own that prints what it found as JSON, and the
comparison. Not here: the tools that the project does not use itself (``requirements.lock``), tests: timing
decides none.
"""
