"""One delivery that the log holds, as far as the gates of a new one ask.

Here: what is known of it. Not here: those of the log (``earlier``).
"""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import cast

import polars as pl

from pipeline.versions.delivery_names import NEVER
from pipeline.versions.gates.preceding import Judged, Order
from schemas.vocabulary import DeliveryStatus

Came = tuple[date, str]
"""A day of delivery, and the name of the file that came on it."""


@dataclass(frozen=True)
class Earlier:
    """One delivery of the log: its last reading, and what it brings."""

    delivery: str
    status: str
    processing: int
    rules_version: str
    delivered_on: date
    sender: str | None
    file_name: str
    scopes: pl.DataFrame
    rule: str = ""
    is_kept: bool = True
    """Whether the gates were asked when it was recorded; not so of what was recorded before there were these gates."""
    is_decided: bool = False
    """Whether a person accepted it, or brought it back: then no gate is closed for it."""
    word_on: date | None = None
    """The day of the last decision about it that changes what counts."""
    held_for: str = ""
    """The rule for which it waited last; empty where it never did."""
    read_as: Came | None = None
    """The day and name with which it was judged; the same bytes may have come with an earlier one since."""
    came: tuple[Came, ...] = ()
    """The days and names with which its bytes came and may be read, in this order."""

    @property
    def counts(self) -> bool:
        return self.status == DeliveryStatus.RECORDED

    @property
    def came_earlier(self) -> bool:
        """Whether it was judged as another file than the first of those that held its bytes. What was taken back counts
        where it is asked how it stood before that.
        """
        is_taken = self.status not in NEVER and self.read_as is not None
        return is_taken and bool(self.came) and self.came[0] < cast(Came, self.read_as)

    @property
    def is_out(self) -> bool:
        """Whether a person decided that nothing of it counts."""
        return self.status in (DeliveryStatus.RETRACTED, DeliveryStatus.REFUSED)

    @cached_property
    def judged(self) -> Judged:
        return Judged(self.delivery, self.delivered_on, self.sender, self.scopes)

    @cached_property
    def order(self) -> Order:
        return self.judged.order
