"""The header of a table: is every column named, and named once; and how a name may be shown.

Not here: what the names mean for a source.
"""

import unicodedata
from collections.abc import Sequence

from pipeline.errors import Rejected

MAX_COLUMNS = 2_000
_MAX_SHOWN = 60
_MAX_DIGITS = 5


def fold(name: str) -> str:
    """Name without what makes no difference: case, blanks, accents, ``_`` and ``-``."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    return "".join(c for c in plain if not (unicodedata.combining(c) or c.isspace() or c in "_-"))


def shown_name(name: str, position: int) -> str:
    """Name as it may be printed: where a header row is missing, a "name" can be a person's number."""
    digits = sum(c.isdigit() for c in name)
    if not name.strip() or digits > _MAX_DIGITS or len(name) > _MAX_SHOWN or not name.isprintable():
        return f"column {position}"
    return f"'{name}'"


def named_width(names: Sequence[str]) -> int:
    """Number of columns up to the last that has a name; each of them must have one, and one of its own."""
    if len(names) > MAX_COLUMNS:
        raise Rejected("FILE-034", f"the header has {len(names)} columns, at most {MAX_COLUMNS} are read")
    width = max((i for i, name in enumerate(names, 1) if name), default=0)
    unnamed = [str(i) for i, name in enumerate(names[:width], 1) if not name]
    if unnamed or not width:
        raise Rejected(
            "FILE-019", f"no name above column {', '.join(unnamed[:10]) or '1'}; the header must be on row 1"
        )
    _require_unique(names[:width])
    return width


def _require_unique(names: Sequence[str]) -> None:
    seen: dict[str, int] = {}
    doubles: list[str] = []
    for position, name in enumerate(names, 1):
        first = seen.setdefault(fold(name), position)
        if first != position:
            # A row with something in it that may not be shown is data, so none of it is.
            is_data = any(shown_name(each, at) == f"column {at}" for at, each in enumerate(names, 1))
            shown = "a name" if is_data else shown_name(name, position)
            doubles.append(f"{shown} (columns {first} and {position})")
    if doubles:
        raise Rejected("FILE-018", f"same name twice: {', '.join(doubles[:10])}; rename or remove one")
