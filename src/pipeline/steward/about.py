"""What a delivery is about, in a few words for a list: its place and its months.

Here: from what is kept of a delivery (``versions.gates.kept``) to words. Not here: any figure.
"""

from collections.abc import Iterable

from pipeline.steward.text import shortened
from pipeline.steward.wording import words
from pipeline.versions.gates import kept
from schemas import reference
from schemas.spelling import shown

_LONGEST = 40


def about(scopes: str | None) -> str:
    """``Brunssum, 2018-11``; empty where nothing was kept."""
    if not scopes:
        return ""
    found = kept.from_text(scopes)
    places = _few([place_name(each) for each in found["place"].drop_nulls().unique().sort()])
    months = found["valid_on"].drop_nulls().dt.strftime("%Y-%m").unique().sort().to_list()
    span = months[:1] if len(months) < 2 else [f"{months[0]} {words('t/m', 'to')} {months[-1]}"]
    return ", ".join([*places, *span])


def place_name(code: str) -> str:
    """The name of a municipality, else the code as it is."""
    return reference.municipality_names().get(code, shortened(shown(str(code)), _LONGEST))


def _few(names: Iterable[str]) -> list[str]:
    named = list(names)
    if len(named) <= 2:
        return named
    more = len(named) - 1
    return [words(f"{named[0]} en {more} andere", f"{named[0]} and {more} more")]
