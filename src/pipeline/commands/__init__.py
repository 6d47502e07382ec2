"""The commands of ``uitstroom``: words on the command line to jobs, results to text or JSON.

Nothing is decided here.
"""
