"""What is known of the deliveries of one source while a run goes on, and from where on they are to be judged again.

Here: keeping it. Not here: finding it in the log (``earlier``).
"""

from collections.abc import Set
from dataclasses import dataclass, field

import polars as pl

from pipeline.jobs.ingest.earlier_delivery import Earlier
from pipeline.versions.gates.preceding import Order


@dataclass
class OfSource:
    """The deliveries of one source."""

    by_delivery: dict[str, Earlier]
    last: Order | None = None
    """The order of the last one there is."""
    judge_again_from: Order | None = None
    """What comes after this was judged before it was known, or before a person decided about it."""
    moved_lines: set[str] = field(default_factory=set)
    """Senders, and other lines, about which something is to be judged again."""
    placed: pl.DataFrame | None = None
    """``PLACED`` of those that count; None until it is asked for."""
    at_first: pl.DataFrame | None = None
    """The same before anything was noted."""
    version: int = 0
    """How often something was noted."""
    numbers: dict[str, dict[str, pl.DataFrame]] = field(default_factory=dict)
    """Per sender, and per delivery, ``EVENT_KEYS``; a sender is not there until it is asked for."""

    def move(self, earlier: Earlier) -> None:
        """Something happened where this one stands, or stood: what comes after it is to be judged again."""
        order = earlier.order
        if self.last is None or order > self.last:
            self.last = order
        elif order < self.last:
            self.moved_lines |= set(earlier.scopes["line"].drop_nulls())
            if self.judge_again_from is None or order < self.judge_again_from:
                self.judge_again_from = order

    def before_others(self, young: Set[str]) -> list[Earlier]:
        """Those of ``young`` that precede one that was there already."""
        last = max((each.order for delivery, each in self.by_delivery.items() if delivery not in young), default=None)
        here = [each for delivery, each in self.by_delivery.items() if delivery in young]
        return [] if last is None else [each for each in here if each.order < last]
