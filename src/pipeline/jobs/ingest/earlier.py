"""What the log holds of earlier deliveries, as far as the gates of a new one ask, kept up to date while a run goes on.

Here: finding it, from the events of deliveries alone; rows are read only where numbers and words of events are
compared, of the senders concerned and once. Not here: any gate (``versions.gates``), what becomes of a delivery
(``outcome``).
"""

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, field, replace

import polars as pl

from pipeline.jobs.ingest.earlier_delivery import Came, Earlier
from pipeline.jobs.ingest.earlier_events import counting, last_of_each, read_as, since_last_night
from pipeline.jobs.ingest.row_keys import Rows
from pipeline.versions import delivery_names, delivery_status
from pipeline.versions.delivery_names import NEVER
from pipeline.versions.gates import kept
from pipeline.versions.gates.preceding import Order, placed_of
from pipeline.versions.gates.told_events import event_keys, no_events
from schemas.catalogue import SOURCES
from schemas.scope import SCOPE_ROWS, named
from schemas.source import Source
from schemas.vocabulary import CHANGES_WHAT_COUNTS, Decision, DeliveryStatus


@dataclass
class _OfSource:
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


class EarlierDeliveries:
    """All deliveries of the log that were read, by source."""

    def __init__(self, rows: Rows, events: pl.DataFrame) -> None:
        self._rows = rows
        self._statuses = delivery_status.statuses(events)
        self._read_as = read_as(events)
        self._came: dict[tuple[str, str], dict[str, Came]] = {}
        for name, delivery, *file in delivery_names.came(events).select("source", "delivery", *_CAME).iter_rows():
            self._files((name, delivery))[file[1]] = Came(*file)
        fresh = since_last_night(events)
        self._moved = fresh.select("source", "delivery").unique(maintain_order=True).rows()
        self._counted_then = counting(events.join(fresh, on=events.columns, how="anti", nulls_equal=True), fresh)
        self._accepted = set(
            events.filter(pl.col("event").is_in([Decision.ACCEPTED, Decision.REINSTATED]))
            .select("source", "delivery")
            .iter_rows()
        )
        self._words = last_of_each(events, "decided_on", list(CHANGES_WHAT_COUNTS))
        self._out_on = last_of_each(events, "decided_on", [Decision.REFUSED.value, Decision.RETRACTED.value])
        self._held_for = last_of_each(events, "rule", [DeliveryStatus.HELD.value])
        self._sources: dict[str, _OfSource] = {}

    def of(self, source: Source) -> tuple[Earlier, ...]:
        """Those of a source in the order in which they are judged."""
        return tuple(sorted(self._of(source).by_delivery.values(), key=lambda each: each.order))

    def find(self, source: Source, delivery: str) -> Earlier | None:
        """One of them; None where the log does not have it."""
        return self._of(source).by_delivery.get(delivery)

    def to_judge_again(self, source: Source) -> tuple[Earlier, ...]:
        """Those that came earlier than was known, or were judged before what precedes them was, in their order."""
        start = self.news_from(source)
        return tuple(
            each for each in self.of(source) if each.came_earlier or (start is not None and each.order >= start)
        )

    def news_from(self, source: Source) -> Order | None:
        """From where on deliveries are to be judged again; None where nothing happened before another."""
        return self._of(source).judge_again_from

    @property
    def moved(self) -> tuple[Source, ...]:
        """Sources of which something is to be judged again."""
        names = [*self._sources, *(name for name, _ in (*self._moved, *self._came_earlier()))]
        return tuple(SOURCES[name] for name in dict.fromkeys(names) if self.to_judge_again(SOURCES[name]))

    def placed(self, source: Source) -> pl.DataFrame:
        """``PLACED`` of the deliveries of a source that count."""
        own = self._of(source)
        if own.placed is None:
            own.placed = placed_of([each.judged for each in own.by_delivery.values() if each.counts])
        return own.placed

    def placed_at_first(self, source: Source) -> pl.DataFrame:
        """The same as the night before left it: without what was noted or decided since."""
        own = self._of(source)
        if own.at_first is None:
            decided = {delivery for name, delivery in self._moved if name == source.name}
            if not decided:
                return self.placed(source)
            every = own.by_delivery.values()
            counted = [each for each in every if self._counted(source, each, is_decided=each.delivery in decided)]
            own.at_first = placed_of([each.judged for each in counted])
        return own.at_first

    def _counted(self, source: Source, each: Earlier, *, is_decided: bool) -> bool:
        """Whether it counted when the night before was over."""
        return (source.name, each.delivery) in self._counted_then if is_decided else each.counts

    def version(self, source: Source) -> int:
        """Another one whenever something was noted."""
        return self._of(source).version

    def numbers(self, source: Source, senders: Iterable[str], before: Order, counting: Container[str]) -> pl.DataFrame:
        """``EVENT_KEYS`` of what these senders delivered, in deliveries that are counting and come before, in order."""
        own = self._of(source)
        parts = {
            (own.by_delivery[delivery].order, sender): keys
            for sender in senders
            for delivery, keys in self._numbers(source, sender).items()
            if delivery in counting and own.by_delivery[delivery].order < before
        }
        return pl.concat([_nothing(source), *(parts[each] for each in sorted(parts))])

    def numbers_of(self, source: Source, senders: Iterable[str], earlier: Earlier) -> pl.DataFrame:
        """``EVENT_KEYS`` of these senders in one delivery that counts."""
        nothing = _nothing(source)
        return pl.concat([nothing, *(self._numbers(source, each).get(earlier.delivery, nothing) for each in senders)])

    def moved_senders(self, source: Source, earlier: Earlier) -> list[str]:
        """Senders in a delivery of whom something that may precede it is new."""
        return sorted(set(earlier.scopes["line"].drop_nulls()) & self._of(source).moved_lines)

    def _numbers(self, source: Source, sender: str) -> dict[str, pl.DataFrame]:
        own = self._of(source)
        if sender not in own.numbers:
            own.numbers[sender] = self._read_numbers(source, sender)
        return own.numbers[sender]

    def note(self, source: Source, earlier: Earlier, numbers: pl.DataFrame | None = None) -> None:
        """A delivery was read, or became of another status. ``numbers``: its ``EVENT_KEYS``, where they are asked."""
        own = self._of(source)
        if earlier.read_as is not None and earlier.status not in NEVER:
            self._read_as[source.name, earlier.delivery] = earlier.read_as
            self._files((source.name, earlier.delivery))[earlier.read_as.file_name] = earlier.read_as
        earlier = self._with_words(source, earlier)
        own.at_first = self.placed_at_first(source)
        own.version += 1
        own.move(earlier)
        stood = own.by_delivery.get(earlier.delivery)
        if stood is not None and stood.counts and stood.order != earlier.order:
            own.move(stood)
        own.by_delivery[earlier.delivery] = earlier
        if own.placed is not None:
            others = own.placed.filter(pl.col("delivery") != earlier.delivery)
            parts = [others, earlier.judged.placed] if earlier.counts else [others]
            own.placed = pl.concat(parts, rechunk=True)  # in a thousand pieces every look at it takes as many steps
        for sender, known in own.numbers.items():
            if numbers is not None:
                known[earlier.delivery] = numbers.filter(pl.col("sender") == sender)

    def put_back(self, source: Source, earlier: Earlier, rule: str) -> None:
        """A delivery that counted waits for a person."""
        self.note(source, replace(earlier, status=DeliveryStatus.HELD.value, rule=rule))

    def note_copy(self, source: Source, delivery: str, file: Came) -> None:
        """The same bytes came under another name. Nothing moves: as long as they were not read as that file, it may be
        none of those of its delivery.
        """
        self._files((source.name, delivery))[file.file_name] = file
        self._know(source, delivery)

    def turn_down(self, source: Source, delivery: str, file_name: str) -> None:
        """Under this name its bytes are rejected: it stands where it stood, as if that file had never come.

        Nobody asked since that came whether what it waits for is over: what is new about its lines may be from before.
        """
        self._files((source.name, delivery)).pop(file_name, None)
        self._know(source, delivery)
        if (known := self.find(source, delivery)) is not None:
            self._of(source).moved_lines |= set(known.scopes["line"].drop_nulls())

    def _know(self, source: Source, delivery: str) -> None:
        """Look up anew of which files a delivery is known."""
        if (known := self.find(source, delivery)) is not None:
            self._of(source).by_delivery[delivery] = self._with_words(source, known)

    def _files(self, delivery: tuple[str, str]) -> dict[str, Came]:
        """By name the files that held these bytes and may be read."""
        return self._came.setdefault(delivery, {})

    def _of(self, source: Source) -> _OfSource:
        if source.name not in self._sources:
            own = _OfSource({each.delivery: each for each in self._read(source)})
            own.last = max((each.order for each in own.by_delivery.values()), default=None)
            for name, delivery in self._moved:
                if name == source.name and delivery in own.by_delivery:
                    own.move(own.by_delivery[delivery])
            self._sources[source.name] = own
        return self._sources[source.name]

    def _read(self, source: Source) -> Iterator[Earlier]:
        own = self._statuses.filter((pl.col("source") == source.name) & (pl.col("rows_read") > 0))
        unkept = own.filter(pl.col("scopes").is_null() & (pl.col("status") == DeliveryStatus.RECORDED))
        counted = self._count(source, unkept["delivery"].to_list())
        for row in own.iter_rows(named=True):
            text = row["scopes"]
            scopes = kept.from_text(text) if text else counted.get(row["delivery"], pl.DataFrame(schema=SCOPE_ROWS))
            read = Earlier(
                **{name: row[name] for name in _OF_EVENT},
                scopes=scopes,
                is_kept=bool(text),
            )
            yield self._with_words(source, read)

    def _came_earlier(self) -> Iterator[tuple[str, str]]:
        """Deliveries that were judged as another file than the first: a night ended before they were read again."""
        for name, came in self._came.items():
            read_as = self._read_as.get(name)
            if read_as is not None and min(came.values()) < read_as:
                yield name

    def _with_words(self, source: Source, earlier: Earlier) -> Earlier:
        """The same with what was decided about it, and for what it was held."""
        name = source.name, earlier.delivery
        is_held = earlier.status == DeliveryStatus.HELD
        known = replace(earlier, came=tuple(sorted(self._came.get(name, {}).values())), read_as=self._read_as.get(name))
        return replace(
            known,
            delivered_on=known.judged_as.day,
            file_name=known.judged_as.file_name,
            sender=known.judged_as.sender,
            is_decided=earlier.is_decided or name in self._accepted,
            word_on=self._words.get(name),
            out_on=self._out_on.get(name),
            held_for=earlier.rule if is_held else self._held_for.get(name, ""),
        )

    def _count(self, source: Source, deliveries: list[str]) -> dict[str, pl.DataFrame]:
        """What deliveries bring that were recorded before it was kept in their events, from their rows."""
        if not deliveries:
            return {}
        names = ["place", "line", "valid_on"]
        rows = self._rows.rows(source.name, deliveries).select("delivery", "processing", **named(source))
        last = pl.col("processing") == pl.col("processing").max().over("delivery")
        counts = rows.group_by("delivery", "processing", *names).agg(rows_good=pl.len().cast(pl.Int64)).filter(last)
        found = counts.with_columns(rows_quarantined=pl.lit(0, pl.Int64())).collect().sort("delivery", *names)
        parts = found.partition_by("delivery", as_dict=True)
        return {str(delivery): part.select(SCOPE_ROWS.names()) for (delivery,), part in parts.items()}

    def _read_numbers(self, source: Source, sender: str) -> dict[str, pl.DataFrame]:
        """Of one sender, per delivery that counts."""
        by = source.gates.renumbering
        if by is None:
            return {}
        own = self._of(source).by_delivery
        # What was taken back counts where it is asked how it stood before that.
        stood = (DeliveryStatus.RECORDED, DeliveryStatus.RETRACTED)
        about = [each for each in own.values() if each.status in stood and sender in each.scopes["line"]]
        if not about:
            return {}
        reading = ["delivery", "processing", "rules_version"]
        rows = self._rows.rows(source.name, [each.delivery for each in about])
        keys = event_keys(by, rows.filter(pl.col(by.sender) == sender), *reading).collect()
        found = keys.partition_by(reading, as_dict=True, include_key=False)
        nothing = no_events(by)
        return {
            each.delivery: found.get((each.delivery, each.processing, each.rules_version), nothing) for each in about
        }


def _nothing(source: Source) -> pl.DataFrame:
    assert source.gates.renumbering is not None
    return no_events(source.gates.renumbering)


_OF_EVENT = ("delivery", "status", "processing", "rules_version", "delivered_on", "sender", "file_name", "rule")
_CAME = ("delivered_on", "file_name", "sender", "is_assumed")
