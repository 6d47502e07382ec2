"""When two names of a column are the same name, and when a name may be shown.

Here: the spelling of headers, for every source and every format. Not here: which names a source has (``sources``).
"""

import unicodedata

from schemas.limits import MAX_DIGITS_SHOWN, MAX_NAME_SHOWN


def spelling(name: str) -> str:
    """The name without what makes no difference: case, blanks, accents, ``_`` and ``-``."""
    # Taken apart before and after: taking apart can yield capitals, and folding their case can yield marks.
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold())
    return "".join(c for c in folded if not (unicodedata.combining(c) or c.isspace() or c in "_-"))


def may_be_shown(name: str) -> bool:
    """Whether a name can be printed: where a header row is missing, a "name" can be a person's number."""
    digits = sum(c.isdigit() for c in name)
    return bool(name.strip()) and digits <= MAX_DIGITS_SHOWN and len(name) <= MAX_NAME_SHOWN and name.isprintable()


def shown_name(name: str, position: int, what: str = "column") -> str:
    """The name where it may be shown, else where ``what`` bears it stands (``position`` counts from 1)."""
    return name if may_be_shown(name) else f"{what} {position}"
