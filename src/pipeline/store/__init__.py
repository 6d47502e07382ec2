"""Bytes: raw files, the log, quarantine, releases, keys.

A line here can be right and still fail. No rule about data lives here.
"""
