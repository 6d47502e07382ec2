"""What a data steward reads in the browser: a release, a night, a plan, in text, tables and pictures.

Here: reports as values, made of a release folder and what a run leaves. Not here: where they are shown (``flows``),
what a person reads on the command line (``pipeline.steward.night_summary``), and any figure (the pure rooms).
"""
