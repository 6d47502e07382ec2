"""How several values stand in one text, the same way in every table. Not here: which values (the tables)."""

LIST_SEPARATOR = ";"
"""Between values of one kind: methods, successors, programmes."""

KEY_SEPARATOR = "|"
"""Between the parts of a key, in the order of the key."""
