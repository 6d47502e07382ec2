"""What a page is before it is HTML: its name, its title, who may see it, and what its template is filled with.

Here: that shape. Not here: any page, rendering (``rendering``).
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pipeline.site.language import Language
from pipeline.site.wording import Pair

_PLAIN = re.compile(r"[A-Za-z0-9_-]{1,60}")


def part_of_path(code: str) -> str:
    """A code as it may stand in the name of a page and in a link; one with other letters by their numbers."""
    return code if _PLAIN.fullmatch(code) else "x" + "".join(f"{ord(letter):x}" for letter in code[:20])


class Audience(StrEnum):
    """Who may see a page; every page says it."""

    WIDE = "wide"
    """Nothing on it singles out a person: it may be passed on."""
    OWN = "own"
    """Names files, their senders and their faults: for who works with the deliveries."""


@dataclass(frozen=True)
class Page:
    """One page, which exists once in every language under the same name."""

    path: str
    title: Pair
    template: str
    fill: Callable[[Language], Mapping[str, Any]]
    menu: str
    """The entry of the menu that it stands under."""
    audience: Audience = Audience.WIDE
