"""What a data steward reads: a release, a night, a plan, a held delivery.

Here: for the browser, reports as values in text, tables and pictures (``reports``); for the terminal, the summary of a
night (``terminal_summary``). Not here: where they are shown (``flows``, ``commands``), and any figure (the pure rooms).
"""
