"""The append-only log: Delta tables, their shapes, their upkeep. Not here: which rows are events (``intake``)."""
