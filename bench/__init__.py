"""Measuring: what a delivery costs, as a ratio to the least that reading and writing it can cost.

Not here: tests; timing decides none.
"""
