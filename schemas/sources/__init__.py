"""One module per kind of file: its columns, its rules, its key and scope.

All that differs per source lives in its module.
"""
