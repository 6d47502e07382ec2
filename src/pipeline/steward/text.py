"""Markdown that the user interface shows as it was meant: headings, tables, pictures, and text from outside made safe.

Here: letters only. Not here: what is written. Only Markdown without HTML comes out, because one of Prefect's two user
interfaces drops HTML; text from outside (file names, explanations) can neither break a table nor become a link.
"""

import base64
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from pipeline.steward.wording import is_english, words
from schemas.spelling import seen

Row = Mapping[str, object]
Value = str | int | float | bool | None

LONGEST_SENTENCE = 400
"""Characters of a sentence, such as why a delivery is held: nearly all are shorter. Advice is never cut."""
LONGEST = 160
"""Characters of a text from outside that are shown in the text of a report; its tables hold all of it."""

_MARKUP = re.compile(r"([\\`*_\[\]<|~@&]|:(?=//)|(?<=\bwww)\.|^[#>+-]|(?<=^\d)[.)]|(?<=^\d\d)[.)])", re.IGNORECASE)
"""What Markdown would make something of: also addresses, which it makes links of by itself."""
_TICKS = re.compile("`+")
_THIN = "\u202f"  # narrow, and no line is broken there
_WHITE = re.compile(r"\s+")
_WEB = ("http://", "https://", "/")


def shortened(text: str, longest: int = LONGEST) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


def plain(value: object) -> str:
    """A value as a person reads it: counts with a narrow space per thousand, days as dd-mm-yyyy, nothing as –.

    Text is shown as it stands, its markup made harmless.
    """
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return words("ja", "yes") if value else words("nee", "no")
    if isinstance(value, int):
        return f"{value:,}".replace(",", _THIN)
    if isinstance(value, float):
        return number(value)
    if isinstance(value, date):
        return day(value)
    return escaped(str(value))


def number(value: float) -> str:
    """A figure with at most four decimals, without trailing zeros, with the decimal mark of who reads it."""
    text = f"{value:,.4f}".rstrip("0").rstrip(".").replace(",", _THIN)
    return "0" if text == "-0" else text if is_english() else text.replace(".", ",")


def day(value: date | str | None) -> str:
    """A day as it is written in Dutch, dd-mm-yyyy; also from ISO text."""
    if value is None:
        return "–"
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return f"{moment:%d-%m-%Y}"


def escaped(text: str, longest: int = LONGEST) -> str:
    """Text from outside in one line of Markdown that shows it literally."""
    return literal(_in_one_line(text, longest))


def literal(text: str) -> str:
    """Text as Markdown that shows it as it is: no picture, no link, no mark-up comes of it."""
    return _MARKUP.sub(r"\\\1", text)


def sentence(value: object) -> str:
    """A sentence that may quote something from outside."""
    return escaped(str(value), LONGEST_SENTENCE) if value else "–"


def whole(value: object) -> str:
    """A text of ours, such as advice, which is never cut."""
    return escaped(str(value), len(str(value))) if value else "–"


def _in_one_line(text: str, longest: int) -> str:
    return seen(_WHITE.sub(" ", shortened(text, longest)).strip())


def code(text: object, longest: int = 100) -> str:
    """A name in letters of equal width: file names, hashes, folders. A name from outside cannot leave the frame."""
    inside = _in_one_line(str(text), longest).replace("`", "'").replace("|", r"\|")
    return f"`{inside}`" if inside else "–"


def command(text: str) -> str:
    """A command to be typed as it stands, outside of tables: nothing is left out or escaped, and nothing of it can
    leave the frame.
    """
    inside = seen(text)
    frame = "`" * (max((len(run) for run in _TICKS.findall(inside)), default=0) + 1)
    room = " " if "`" in inside else ""
    return f"{frame}{room}{inside}{room}{frame}"


def link(text: str, target: str) -> str:
    """A link where a browser can follow it, else the place in words: a path in the repository leads nowhere there."""
    return f"[{escaped(text)}]({target})" if is_followed(target) else escaped(text)


def is_followed(target: str) -> bool:
    """Whether a browser that shows the report can open this."""
    return target.startswith(_WEB)


def table(headings: Sequence[str], rows: Iterable[Sequence[str]], *, right: Iterable[int] = ()) -> str:
    """A Markdown table of cells that are Markdown already. ``right`` names the columns of numbers, from 0."""
    numbers = frozenset(right)
    rule = ("---:" if place in numbers else "---" for place in range(len(headings)))
    lines = (headings, tuple(rule), *rows)
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def rest(shown: int, of: int, where: str = "") -> str:
    """A line on what a table leaves out; empty where it shows all."""
    if shown >= of:
        return ""
    place = f"; {words('zie de tabel', 'see the table')} {code(where)}" if where else ""
    counts = plain(shown), plain(of)
    return words("Getoond: {} van {}{}.", "Shown: {} of {}{}.").format(*counts, place)


def picture(title: str, png: bytes) -> str:
    """A picture inside the text, so that no file server is needed."""
    return f"![{escaped(title)}](data:image/png;base64,{base64.b64encode(png).decode('ascii')})"


def section(heading: str, *parts: str) -> str:
    """A heading with its parts, or nothing where there are none."""
    filled = [part for part in parts if part]
    return "\n\n".join([f"## {heading}", *filled]) if filled else ""


def document(title: str, *parts: str) -> str:
    return "\n\n".join([f"# {title}", *(part for part in parts if part)]) + "\n"


def row_ranges(rows: Iterable[int]) -> str:
    """Row numbers as a person reads them: ``2-5, 9``."""
    parts: list[str] = []
    start = previous = None
    for row in [*sorted(rows), None]:
        if previous is not None and row == previous + 1:
            previous = row
            continue
        if start is not None:
            parts.append(f"{start}" if start == previous else f"{start}-{previous}")
        start = previous = row
    return ", ".join(parts)


def anchor(code: str) -> str:
    """The part after ``#`` in a link to a rule."""
    return code.lower()
