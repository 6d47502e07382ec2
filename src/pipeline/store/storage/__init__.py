"""Where bytes lie: on a file system, or as objects of a store such as S3 or Azure.

Here: one protocol with two implementations, and what a data folder in a bucket needs besides: the copy of it that a
machine works with, its releases, a lease. Not here: what the bytes are (``log``, ``releases``, ``plans``).
"""
