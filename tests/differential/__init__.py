"""Our reader against a slow one in plain Python, on files that were spoilt in many ways."""
