"""The header of a table: is every column named, and named once.

Not here: which spellings are one name (``schemas.spelling``), what the names mean for a source (``intake``).
"""

from collections.abc import Sequence

from pipeline.errors import Rejected
from schemas.limits.files import MAX_COLUMNS
from schemas.spelling import may_be_shown, spelling


def named_width(names: Sequence[str]) -> int:
    """Number of columns up to the last that has a name; each of them must have one, and one of its own."""
    if len(names) > MAX_COLUMNS:
        raise Rejected("FILE-034", f"the header has {len(names)} columns, at most {MAX_COLUMNS} are read")
    width = max((i for i, name in enumerate(names, 1) if name), default=0)
    unnamed = [str(i) for i, name in enumerate(names[:width], 1) if not name]
    if unnamed or not width:
        more = f" and {len(unnamed) - 1} more" if len(unnamed) > 1 else ""  # many numbers in a row could be one
        raise Rejected("FILE-019", f"no name above column {(unnamed or ['1'])[0]}{more}; the header must be on row 1")
    _require_unique(names[:width])
    return width


def _require_unique(names: Sequence[str]) -> None:
    seen: dict[str, int] = {}
    doubles: list[str] = []
    for position, name in enumerate(names, 1):
        first = seen.setdefault(spelling(name), position)
        if first != position:
            # A row with something in it that may not be shown is data, so none of it is.
            shown = f"'{name}'" if all(map(may_be_shown, names)) else "a name"
            doubles.append(f"{shown} (columns {first} and {position})")
    if doubles:
        raise Rejected("FILE-018", f"same name twice: {', '.join(doubles[:10])}; rename or remove one")
