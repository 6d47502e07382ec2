"""One delivery that the log holds, as far as the gates of a new one ask.

Here: what is known of it. Not here: those of the log (``earlier``).
"""

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import polars as pl

from pipeline.versions.delivery_names import NEVER
from pipeline.versions.gates.preceding import Judged, Order
from schemas.vocabulary import DeliveryStatus


@dataclass(frozen=True, order=True)
class Came:
    """A file that came with the bytes of a delivery, in the order of day and name; what was stated about it then."""

    day: date
    file_name: str
    sender: str | None = field(default=None, compare=False)
    is_assumed: bool = field(default=False, compare=False)
    """Whether nobody stated the day."""


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
    out_on: date | None = None
    """The day on which a person refused it or took it back last; what was decided since may undo it."""
    held_for: str = ""
    """The rule for which it waited last; empty where it never did."""
    read_as: Came | None = None
    """The file as which it was judged: its day, name and sender are those of this one. The same bytes may have come as
    an earlier one since; until they are read as that, nobody knows whether it is one.
    """
    came: tuple[Came, ...] = ()
    """The files that held its bytes and may be read, in their order."""

    @property
    def counts(self) -> bool:
        return self.status == DeliveryStatus.RECORDED

    @property
    def came_earlier(self) -> bool:
        """Whether it was judged as another file than the first of those that held its bytes. What was taken back counts
        where it is asked how it stood before that.
        """
        return self.status not in NEVER and self.read_as is not None and self.first < self.read_as

    @property
    def first(self) -> Came:
        """The file that it is."""
        is_known = bool(self.came) and self.status not in NEVER
        return self.came[0] if is_known else Came(self.delivered_on, self.file_name, self.sender)

    @property
    def judged_as(self) -> Came:
        """The file as which it was judged: until it is read as another, it stands where that one does."""
        if self.read_as is None or self.status in NEVER:
            return Came(self.delivered_on, self.file_name, self.sender)
        return self.read_as

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

    @property
    def order_as_first(self) -> Order:
        """Its place as the first of its files."""
        _, first_on, delivery = self.order
        return self.first.day, first_on, delivery
