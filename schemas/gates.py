"""The gates of a source: when a delivery is not recorded without a steward's word.

Here: what a source declares of them, and the thresholds it may set otherwise. Not here: the thresholds that hold for
all (``limits``), what the rules are called (``rules.delivery``), judging a delivery (``pipeline.versions.gates``).
"""

from dataclasses import dataclass

from schemas.limits.deliveries import HOLD_ABOVE_SHARE, LEAST_BAD_OF_FEW, SMALL_ROWS


@dataclass(frozen=True)
class Renumbering:
    """How to see that a sender delivers everything again under numbers of a new system, by columns of its events."""

    sender: str
    client: str
    same: tuple[str, ...]
    """What stays the same about an event: when it was, and what happened."""
    numbers: tuple[str, ...]
    """Numbers that the sender gives out."""
    named: str
    """The one of the event."""
    unless: tuple[str, ...]
    """A row in which one of these is filled is about an earlier one, and its number is new for a reason."""
    retracts: str
    """The one of these that only takes back: what stands beside it tells nothing new."""
    day: str
    kind: str
    start: str
    """The kind of the event with which a trajectory begins."""
    once: tuple[str, ...]
    """Kinds that happen once in a trajectory, as good as always."""
    reopens: tuple[str, ...]
    """Kinds after which what happens once may happen again: who lost a job is placed a second time."""
    course: str
    """What a client may begin beside another one: the programme."""
    announced: tuple[str, ...]
    """Kinds that may be told before they happen: no last word about a client."""
    trajectory: str
    says: tuple[str, ...]
    """What an event says under its number, but for when the provider registered it."""
    spoken: tuple[str, ...]
    """Those of them that people write, in large letters or small ones."""


@dataclass(frozen=True)
class Figures:
    """Figures of which a redelivery should not be a multiple or a fraction, by columns of a source's events."""

    names: tuple[str, ...]
    least: int
    """Nearer to each other two figures are never far apart."""
    says: tuple[str, ...] = ()
    """What a row says beside its figures: many of them should not say otherwise."""
    time: tuple[str, ...] = ()
    """Columns that say of which time a row is; without them its figures are not those of another one."""
    period: tuple[str, str] | None = None
    """Those of them that are its begin and its end, whose day and month may be turned round (DELIVERY-032)."""
    day: tuple[str, ...] = ()
    """The first of these that is filled is the day of a row; without them it is the day on which rows are true."""
    series: tuple[str, ...] = ()
    """What a figure is of, whatever its time; without them the key but for its times."""
    whom: tuple[str, ...] = ()
    """Rows that are the same in these tell of the same people; without them those of one municipality."""
    step: int = 1
    """To what figures are rounded."""
    alive: tuple[str, ...] = ()
    """The one of them that says how many can still move, of all whom a row counts since a beginning; then the figures of
    which it is the first without the others, where a row does not tell it.
    """

    @property
    def asked(self) -> tuple[str, ...]:
        return (*self.names, *self.says)


@dataclass(frozen=True)
class Continuing:
    """How a row goes on from one date to the next, and whom it is about, by columns of its events.

    A row is live on its date unless its ``key_when`` says otherwise; what it needs of that stands in the source.
    """

    dossier: str
    client: str
    partner: str
    line: str
    """A client has one of each at a time, such as a scheme."""
    started: str
    ended: str
    household: str
    sex: str
    born: str
    origin: str
    """First day over restarted dossiers."""
    end_reason: str

    @property
    def by(self) -> tuple[str, ...]:
        """Keys by one of which a row is known again."""
        return self.dossier, self.client


@dataclass(frozen=True)
class Gates:
    """When a delivery is not recorded without a steward's word."""

    most_quarantined_share: float = HOLD_ABOVE_SHARE
    """With a larger share of its rows in quarantine, or of the rows of one scope, the whole delivery waits
    (DELIVERY-003, DELIVERY-005).
    """
    counted_by: tuple[str, ...] | None = None
    """Columns by which rows are counted for the gates; without them by the scope. For sources whose scope is about a
    single row, a coarser part of it: then nothing is compared with what it replaces (DELIVERY-006, DELIVERY-007).
    """
    has_steady_places: bool = False
    """Whether a place that no earlier delivery of the sender held is a surprise (DELIVERY-008)."""
    continuing: Continuing | None = None
    """How rows go on from one date to the next (DELIVERY-012 to DELIVERY-019, DELIVERY-021, DELIVERY-023, DELIVERY-024)."""
    renumbering: Renumbering | None = None
    """How clients are seen to reappear under new numbers or to begin again (DELIVERY-009, DELIVERY-027), and events to be
    undone or told otherwise (DELIVERY-025, DELIVERY-026).
    """
    figures: Figures | None = None
    """Which figures are compared with what they were before, and what beside them (DELIVERY-028, DELIVERY-029), and with
    those of other dates (DELIVERY-031).
    """

    def is_too_much(self, *, rows_quarantined: int, rows_read: int) -> bool:
        """Whether so many quarantined rows make a delivery wait. Of few rows one may be bad, whatever its share."""
        if rows_read < SMALL_ROWS:
            return rows_quarantined >= LEAST_BAD_OF_FEW
        return rows_quarantined > self.most_quarantined_share * rows_read
