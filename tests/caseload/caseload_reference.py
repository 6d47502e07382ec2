"""The caseload folded slowly, row by row in plain Python: what the tables have to say about a small history.

Written from the contract, not from the code under test; no polars in the computing half. The other half makes random
small histories and the frames that the pipeline folds.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl
from hypothesis import strategies as st

from pipeline.store.log.log_schemas import DELIVERY_EVENTS

SERIES = {"pw": {"01"}, "pw_ioaw_ioaz": {"01", "02", "03"}, "all": {"01", "02", "03", "14"}}
WORK = {"11", "13"}


@dataclass(frozen=True)
class Benefit:
    row: int
    municipality: str
    on: date
    client: str
    partner: str | None
    scheme: str
    household: str | None
    started: date
    original: date | None
    ended: date | None
    reason: str | None

    @property
    def is_live(self) -> bool:
        return self.started <= self.on and (self.ended is None or self.ended >= self.on)

    @property
    def spell(self) -> tuple[str, date]:
        return self.client, self.original or self.started


@dataclass(frozen=True)
class Total:
    row: int
    municipality: str
    on: date
    series: str
    benefits: int
    previous_on: date | None
    previous: int | None
    inflow: int | None
    outflow: int | None
    to_work: int | None


@dataclass(frozen=True)
class Delivery:
    sha: str
    delivered_on: date
    recorded_at: datetime
    rows: tuple[Any, ...]

    @property
    def times(self) -> tuple[date, str]:
        return self.delivered_on, self.sha


@dataclass(frozen=True)
class History:
    benefits: tuple[Delivery, ...]
    totals: tuple[Delivery, ...]

    def known_on(self, day: date | None) -> "History":
        def known(deliveries: tuple[Delivery, ...]) -> tuple[Delivery, ...]:
            return tuple(each for each in deliveries if day is None or each.delivered_on <= day)

        return History(known(self.benefits), known(self.totals))


def scope_of(row: Any) -> tuple[Any, ...]:
    scope = (row.municipality, row.on)
    return (*scope, row.series) if isinstance(row, Total) else scope


def winners(deliveries: Iterable[Delivery]) -> dict[tuple[Any, ...], Delivery]:
    """Per scope the delivery that speaks for it."""
    best: dict[tuple[Any, ...], Delivery] = {}
    for delivery in deliveries:
        for row in delivery.rows:
            scope = scope_of(row)
            if scope not in best or best[scope].times < delivery.times:
                best[scope] = delivery
    return best


def version(delivery: Delivery, deliveries: Iterable[Delivery]) -> int:
    """1 when nothing was said before about any of its scopes; else one more than what was said most often."""
    return max((version_of(scope, delivery, deliveries) for scope in map(scope_of, delivery.rows)), default=1)


def version_of(scope: tuple[Any, ...], delivery: Delivery, deliveries: Iterable[Delivery]) -> int:
    """Which word about a scope a delivery is, from 1."""
    earlier = [other for other in deliveries if other.times < delivery.times]
    return 1 + sum(any(scope_of(row) == scope for row in other.rows) for other in earlier)


def persons(live: list[Benefit]) -> int | None:
    if any(row.household is None and row.partner is None for row in live):
        return None
    named = {row.client for row in live} | {row.partner for row in live if row.partner}
    return len(named) + sum(row.household == "3" and row.partner is None for row in live)


def spells(rows: list[Benefit]) -> dict[tuple[str, date], list[Benefit]]:
    found: dict[tuple[str, date], list[Benefit]] = defaultdict(list)
    for row in rows:
        found[row.spell].append(row)
    return found


def starts(rows: list[Benefit]) -> list[tuple[date, int]]:
    """Per spell its first day and the row number of the dossier that began then."""
    return [min((row.started, row.row) for row in dossiers) for dossiers in spells(rows).values()]


def ends(rows: list[Benefit]) -> list[tuple[date, int, str | None]]:
    """Per spell of which nothing is alive: last day, row number and reason of the dossier that ended last."""
    found = []
    for dossiers in spells(rows).values():
        if not any(row.is_live for row in dossiers):
            last = max(dossiers, key=lambda row: (row.ended, row.row))
            found.append((last.ended, last.row, last.reason))
    return found


def of_series(rows: Iterable[Benefit], series: str) -> list[Benefit]:
    return [row for row in rows if row.scheme in SERIES[series]]


@dataclass(frozen=True)
class Folded:
    """Rows of the three tables by key, as dictionaries of what is compared."""

    stock: dict[tuple[Any, ...], dict[str, Any]]
    flow: dict[tuple[Any, ...], dict[str, Any]]
    reasons: dict[tuple[Any, ...], int]


def percent(part: int | None, whole: int | None) -> float | None:
    return None if part is None or not whole else 100.0 * part / whole


def year_before(day: date) -> date:
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def fold(history: History) -> Folded:
    counted: dict[tuple[Any, ...], tuple[Delivery, list[Benefit]]] = {}
    for scope, delivery in winners(history.benefits).items():
        rows = [row for row in delivery.rows if scope_of(row) == scope]
        for series in SERIES:
            counted[(*scope, series)] = (delivery, of_series(rows, series))
    reported = {
        scope: (delivery, next(row for row in delivery.rows if scope_of(row) == scope))
        for scope, delivery in winners(history.totals).items()
        if scope not in counted
    }
    return Folded(_stock(history, counted, reported), *_flows(counted, reported))


def _stock(
    history: History, counted: dict[Any, Any], reported: dict[Any, Any]
) -> dict[tuple[Any, ...], dict[str, Any]]:
    everyone = (*history.benefits, *history.totals)
    latest = max((each.delivered_on for each in everyone), default=None)
    stock: dict[tuple[Any, ...], dict[str, Any]] = {}
    for key, (delivery, rows) in counted.items():
        live = [row for row in rows if row.is_live]
        is_revised = version_of(key[:2], delivery, history.benefits) > 1
        stock[key] = _cell(len(live), persons(live), "counted", delivery, is_revised, key[1], latest)
    for key, (delivery, total) in reported.items():
        is_revised = version_of(key, delivery, history.totals) > 1
        stock[key] = _cell(total.benefits, None, "reported", delivery, is_revised, key[1], latest)
    for key, cell in stock.items():
        municipality, on, series = key
        earlier = sorted(
            other[1] for other in stock if (other[0], other[2]) == (municipality, series) and other[1] < on
        )
        now = cell["benefits"]

        def at(day: date, line: tuple[str, str] = (municipality, series)) -> int | None:
            found = stock.get((line[0], day, line[1]))
            return None if found is None else found["benefits"]

        before = at(earlier[-1]) if earlier else None
        january, last_year = at(date(on.year, 1, 1)), at(year_before(on))
        cell |= {
            "previous_reference_date": earlier[-1] if earlier else None,
            "change": None if before is None else now - before,
            "change_pct": None if before is None else percent(now - before, before),
            "change_ytd": None if january is None else now - january,
            "change_ytd_pct": None if january is None else percent(now - january, january),
            "change_yoy_pct": None if last_year is None else percent(now - last_year, last_year),
            "record_since": min([on, *earlier]),
            "is_lowest_on_record": all(now < stock[municipality, day, series]["benefits"] for day in earlier)
            if earlier
            else None,
        }
    return stock


def _cell(  # noqa: PLR0917
    benefits: int, persons: int | None, source: str, delivery: Delivery, is_revised: bool, on: date, latest: date | None
) -> dict[str, Any]:
    is_old = latest is not None and on + timedelta(days=365) <= latest
    vintage = "final" if is_old else "revised" if is_revised else "provisional"
    return {
        "benefits": benefits,
        "persons": persons,
        "source": source,
        "vintage": vintage,
        "delivered_on": delivery.delivered_on,
        "delivery": delivery.sha,
    }


def _flows(
    counted: dict[Any, Any], reported: dict[Any, Any]
) -> tuple[dict[tuple[Any, ...], dict[str, Any]], dict[tuple[Any, ...], int]]:
    flow: dict[tuple[Any, ...], dict[str, Any]] = {}
    reasons: Counter[tuple[Any, ...]] = Counter()
    known = {key: total.benefits for key, (_, total) in reported.items()}
    known |= {key: sum(row.is_live for row in rows) for key, (_, rows) in counted.items()}
    for key, (_, rows) in counted.items():
        municipality, on, series = key
        earlier = [other[1] for other in known if (other[0], other[2]) == (municipality, series) and other[1] < on]
        if not earlier or (on - max(earlier)).days > 400:
            continue
        previous = max(earlier)
        ended = [reason for last, _, reason in ends(rows) if previous <= last < on]
        opening = known[municipality, previous, series]
        closing = sum(row.is_live for row in rows)
        inflow = sum(first > previous for first, _ in starts(rows))
        flow[key] = _bridge(previous, opening, inflow, len(ended), sum(reason in WORK for reason in ended), closing)
        reasons.update((*key, reason) for reason in ended if reason is not None)
    for key, (_, total) in reported.items():
        between = [on for code, on, series in known if (code, series) == (key[0], key[2]) and on < key[1]]
        if None not in (total.previous_on, total.previous, total.inflow, total.outflow, total.to_work) and not any(
            on > total.previous_on for on in between
        ):
            flow[key] = _bridge(
                total.previous_on, total.previous, total.inflow, total.outflow, total.to_work, total.benefits
            )
    return flow, dict(reasons)


def _bridge(  # noqa: PLR0917
    previous: date, opening: int, inflow: int, outflow: int, to_work: int, closing: int
) -> dict[str, Any]:
    return {
        "previous_reference_date": previous,
        "opening": opening,
        "inflow": inflow,
        "outflow": outflow,
        "outflow_to_work": to_work,
        "closing": closing,
        "unexplained_difference": closing - opening - inflow + outflow,
    }


# Random small histories.

DAYS = [
    date(2015, 12, 15),
    date(2016, 11, 20),
    date(2016, 12, 1),
    date(2016, 12, 31),
    date(2017, 1, 1),
    date(2017, 1, 2),
]
DAYS += [date(2017, 1, 31), date(2017, 2, 1), date(2017, 2, 2), date(2017, 2, 28), date(2017, 3, 1), date(2018, 1, 15)]
REFERENCE_DATES = [date(2017, 1, 1), date(2017, 2, 1), date(2017, 3, 1), date(2018, 1, 1), date(2019, 3, 1)]
MUNICIPALITIES = ["GM0899", "GM0882"]
DELIVERED = [date(2017, 2, 7), date(2017, 2, 8), date(2017, 6, 1), date(2018, 2, 1)]
_MOMENTS = [datetime(2018, 3, 1, 2, tzinfo=UTC), datetime(2018, 3, 2, 2, tzinfo=UTC)]


@st.composite
def benefit(draw: st.DrawFn, row: int, municipality: str, on: date) -> Benefit:
    started = draw(st.sampled_from([day for day in DAYS if day <= on]))
    original = draw(st.none() | st.sampled_from([day for day in DAYS if day <= started]))
    ended = draw(st.none() | st.sampled_from([day for day in DAYS if day >= started]))
    reason = None if ended is None else draw(st.sampled_from(["11", "13", "04"]))
    return Benefit(
        row,
        municipality,
        on,
        client=draw(st.sampled_from(["c1", "c2", "c3", "c4"])),
        partner=draw(st.sampled_from([None, None, "p1", "c2"])),
        scheme=draw(st.sampled_from(["01", "01", "02", "03", "14"])),
        household=draw(st.sampled_from(["1", "3", "3", "2", None] if draw(st.booleans()) else ["1", "3"])),
        started=started,
        original=original,
        ended=ended,
        reason=reason,
    )


@st.composite
def deliveries(draw: st.DrawFn, what: str, prefix: str, most: int) -> tuple[Delivery, ...]:
    made = []
    for number in range(draw(st.integers(0, most))):
        scopes = draw(
            st.lists(
                st.tuples(st.sampled_from(MUNICIPALITIES), st.sampled_from(REFERENCE_DATES)),
                min_size=1,
                max_size=3,
                unique=True,
            )
        )
        rows: list[Any] = []
        for municipality, on in scopes:
            for _ in range(draw(st.integers(1, 6 if what == "benefits" else 1))):
                row = len(rows) + 2
                made_row = benefit(row, municipality, on) if what == "benefits" else total(row, municipality, on)
                rows.append(draw(made_row))
        # The first letter of the hash is drawn, so that ties are not decided by the order of making.
        sha = f"{draw(st.sampled_from('abc'))}{prefix}{number}"
        made.append(Delivery(sha, draw(st.sampled_from(DELIVERED)), draw(st.sampled_from(_MOMENTS)), tuple(rows)))
    return tuple(made)


@st.composite
def total(draw: st.DrawFn, row: int, municipality: str, on: date) -> Total:
    count = st.integers(0, 9)
    optional = st.none() | count
    return Total(
        row,
        municipality,
        on,
        draw(st.sampled_from(list(SERIES))),
        draw(count),
        draw(st.sampled_from([None, DAYS[0]])),
        draw(optional),
        draw(optional),
        draw(optional),
        draw(optional),
    )


@st.composite
def histories(draw: st.DrawFn) -> History:
    return History(draw(deliveries("benefits", "x", 4)), draw(deliveries("totals", "y", 2)))


# The same histories as the frames that the pipeline folds.

EVENTS = {
    "event": pl.String,
    "delivery": pl.String,
    "source": pl.String,
    "processing": pl.Int16,
    "file_name": pl.String,
    "delivered_on": pl.Date,
    "recorded_at": pl.Datetime("us", "UTC"),
}
ROWS = {
    "delivery": pl.String,
    "processing": pl.Int16,
    "delivered_on": pl.Date,
    "recorded_at": pl.Datetime("us", "UTC"),
    "row": pl.Int64,
    "municipality_code": pl.String,
    "reference_date": pl.Date,
    "client_key": pl.String,
    "partner_key": pl.String,
    "scheme_code": pl.String,
    "household_code": pl.String,
    "birth_year": pl.Int64,
    "started_on": pl.Date,
    "original_started_on": pl.Date,
    "ended_on": pl.Date,
    "end_reason": pl.String,
}
TOTALS = {
    "delivery": pl.String,
    "processing": pl.Int16,
    "delivered_on": pl.Date,
    "recorded_at": pl.Datetime("us", "UTC"),
    "row": pl.Int64,
    "municipality_code": pl.String,
    "reference_date": pl.Date,
    "series": pl.String,
    "benefits": pl.Int64,
    "previous_reference_date": pl.Date,
    "previous_benefits": pl.Int64,
    "inflow": pl.Int64,
    "outflow": pl.Int64,
    "outflow_to_work": pl.Int64,
}


def events_frame(history: History) -> pl.DataFrame:
    rows = [
        ("recorded", each.sha, source, 0, f"{source}/{each.sha}.csv", each.delivered_on, each.recorded_at)
        for source, deliveries in (("caseload", history.benefits), ("caseload_totals", history.totals))
        for each in deliveries
    ]
    others = {name: dtype for name, dtype in DELIVERY_EVENTS.items() if name not in EVENTS}
    return (
        pl.DataFrame(rows, schema=EVENTS, orient="row")
        .with_columns(pl.lit(None, dtype).alias(name) for name, dtype in others.items())
        .with_columns(rules_version=pl.lit("r1"), sidecar_sha256=pl.lit(""), is_day_assumed=pl.lit(value=False))
    )


def benefits_frame(deliveries: Iterable[Delivery]) -> pl.DataFrame:
    rows = [
        (
            each.sha,
            0,
            each.delivered_on,
            each.recorded_at,
            row.row,
            row.municipality,
            row.on,
            row.client,
            row.partner,
            row.scheme,
            row.household,
            None,
            row.started,
            row.original,
            row.ended,
            row.reason,
        )
        for each in deliveries
        for row in each.rows
    ]
    return pl.DataFrame(rows, schema=ROWS, orient="row")


def totals_frame(deliveries: Iterable[Delivery]) -> pl.DataFrame:
    rows = [
        (
            each.sha,
            0,
            each.delivered_on,
            each.recorded_at,
            row.row,
            row.municipality,
            row.on,
            row.series,
            row.benefits,
            row.previous_on,
            row.previous,
            row.inflow,
            row.outflow,
            row.to_work,
        )
        for each in deliveries
        for row in each.rows
    ]
    return pl.DataFrame(rows, schema=TOTALS, orient="row")
