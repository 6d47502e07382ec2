"""One module per kind of file: its columns, its rules, its key and scope, what it is about, how it is read.

All that differs per source lives in its module, and the catalogue finds every ``Source`` here.
"""
