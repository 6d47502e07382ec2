"""What a page is before it is HTML: its name, its title, who may see it, and what its template is filled with.

Here: that shape. Not here: any page, rendering (``rendering``).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pipeline.site.language import Language
from pipeline.site.wording import Pair


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
