"""When two names of a column are the same name, and how a text from outside is shown.

Here: the spelling of headers, for every source and every format; texts from outside made fit for a terminal, a log and a
page. Not here: which names a source has (``sources``), what is the number of a person (``person_number``), whole columns
of texts (``text_columns``).
"""

import unicodedata
from collections.abc import Iterable
from difflib import SequenceMatcher
from typing import Any

from schemas.limits.files import MAX_DIGITS_SHOWN, MAX_NAME_SHOWN
from schemas.person_number import covered, holds_number

_LOOKS = str.maketrans(
    {
        **dict(zip("авгекмнопрстухіјѕԁһӏԛԝ", "abrekmhonpctyxijsdhlqw", strict=True)),
        **dict(zip("αγεικνορτυχ", "ayeikvoptux", strict=True)),
        **dict(zip("ıɑɡ01|", "iagoll", strict=True)),
    }
)
"""Letters of Cyrillic and Greek, and digits, as the Latin letters that they look like."""
_SAY_NOTHING = ("datum", "einde")
"""Parts of names of columns by which none is meant: many a column is called so."""
_LONG, _NEARLY = 5, 0.87
"""Letters of a name in which a slip can be told from another name, and the share of letters that are the same then."""


def spelling(name: str) -> str:
    """The name without what makes no difference: case, blanks, accents, ``_`` and ``-``."""
    # Taken apart before and after: taking apart can yield capitals, and folding their case can yield marks.
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold())
    return "".join(c for c in folded if not (unicodedata.combining(c) or c.isspace() or c in "_-"))


def is_nearly(name: str, other: str) -> bool:
    """Whether two names differ by a slip: letters that look the same, or one or two of them in a long name. More letters
    at the end are none: ``einddatum_besluit`` is another column than ``einddatum``.
    """
    one, two = sorted((_as_it_looks(name), _as_it_looks(other)), key=len)
    if one == two:
        return True
    is_longer = two.startswith(one) and len(two) > len(one) + 1
    return not is_longer and len(one) >= _LONG and SequenceMatcher(None, one, two).ratio() >= _NEARLY


def may_name(name: str, header: str, stems: Iterable[str] = ()) -> bool:
    """Whether a name that is no slip may stand for the column ``header``, which is absent: it holds it, or is the begin
    or end of it, or holds another word for it (``stems``). ``datum`` says nothing of which day.
    """
    bare, wanted = _as_it_looks(name), _as_it_looks(header)
    is_part = len(bare) >= _LONG and bare not in _SAY_NOTHING and (wanted.startswith(bare) or wanted.endswith(bare))
    is_whole = len(wanted) >= _LONG and wanted in bare
    return is_part or is_whole or any(_as_it_looks(stem) in bare for stem in stems)


def _as_it_looks(name: str) -> str:
    return spelling(name).translate(_LOOKS)


def may_be_shown(name: str) -> bool:
    """Whether a name can be printed: where a header row is missing, a "name" can be a person's number."""
    digits = sum(c.isdigit() for c in name)
    is_short = bool(name.strip()) and digits <= MAX_DIGITS_SHOWN and len(name) <= MAX_NAME_SHOWN
    return is_short and name.isprintable() and not holds_number(name)


def shown_name(name: str, position: int, what: str = "column") -> str:
    """The name where it may be shown, else where ``what`` bears it stands (``position`` counts from 1)."""
    return name if may_be_shown(name) else f"{what} {position}"


def shown(text: str) -> str:
    """A text from outside as it may be shown: numbers of persons covered, what steers a terminal written out.

    In one line: line ends, bidirectional marks and characters without width are written as ``\\n``, ``\\u202e``,
    ``\\u200b``. What is shown can be shown again and stays the same.
    """
    return seen(covered(text))


def shown_all(content: Any) -> Any:
    """The same content, as JSON has it, with all its texts shown."""
    if isinstance(content, str):
        return shown(content)
    if isinstance(content, dict):
        return {shown(str(name)): shown_all(each) for name, each in content.items()}
    return [shown_all(each) for each in content] if isinstance(content, list | tuple) else content


def seen(text: str) -> str:
    """The text with every character written out that cannot be seen or steers a terminal."""
    return text if text.isprintable() else "".join(each if each.isprintable() else _written_out(each) for each in text)


def seen_lines(text: str) -> str:
    """The same for a text of ours in lines, which stay lines."""
    return "\n".join(seen(line) for line in text.split("\n"))


def _written_out(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")
