"""Text to typed, judged, pseudonymised events: what becomes of the rows of one file. Pure functions on frames.

Here: columns, cells, row rules, keys within a delivery, pseudonyms. Not here: opening a file (``store.formats``),
deciding what becomes of the delivery (``jobs.ingest``), which of two deliveries counts (``versions``).
"""
