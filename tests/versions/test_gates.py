"""Gates: what makes a delivery wait, beside what precedes it by its own clock."""

from datetime import date, timedelta
from itertools import cycle

import polars as pl
import pytest

from pipeline.versions.gates.closed import Closed, from_to, numbers, scope_name
from pipeline.versions.gates.continuing import continued, neighbours
from pipeline.versions.gates.preceding import PLACED, Judged
from pipeline.versions.gates.quarantined import quarantined
from pipeline.versions.gates.renumbered import renumbered
from pipeline.versions.gates.replaced import replaced
from pipeline.versions.gates.retold import begun_again
from pipeline.versions.gates.row_scopes import ROW_KEYS
from pipeline.versions.gates.told_events import event_keys, said
from schemas.catalogue import SOURCES
from schemas.gates import Gates
from schemas.person_number import holds_number
from schemas.scope import SCOPE_ROWS

CASELOAD = SOURCES["caseload"]
NUMBERS = SOURCES["trajectory_events"].gates.renumbering
CAUSES = pl.DataFrame({"rule": ["CASELOAD-002"], "column": ["scheme_code"], "rows": [5], "first": [[98, 99, 100]]})
Part = tuple[str, str, int]
"""Place, month, rows."""


def month(text: str) -> date:
    return date.fromisoformat(f"{text}-01")


def delivery(name: str, day: str, *parts: Part, sender: str | None = None) -> Judged:
    rows = [(f"GM{place}", None, month(on), count, 0) for place, on, count in parts]
    return Judged(name, date.fromisoformat(day), sender, pl.DataFrame(rows, schema=SCOPE_ROWS, orient="row"))


def closed(judged: Judged, *earlier: Judged) -> list[str]:
    return [each.rule for each in found(judged, *earlier)]


def found(judged: Judged, *earlier: Judged) -> list[Closed]:
    counting = pl.concat([pl.DataFrame(schema=PLACED), *(each.placed for each in earlier)])
    return replaced(CASELOAD, judged, counting)


JANUARY = delivery("a", "2018-01-09", ("0899", "2018-01", 40))
FEBRUARY = delivery("b", "2018-02-09", ("0899", "2018-02", 40))


@pytest.mark.parametrize(
    ("rows", "of", "waits"),
    [
        (1, 1, False),
        (1, 19, False),
        (2, 19, True),
        (2, 2, True),
        (1, 20, False),
        (2, 20, True),
        (5, 100, False),
        (6, 100, True),
    ],
)
def test_of_few_rows_one_may_be_bad(rows: int, of: int, waits: bool) -> None:
    assert Gates().is_too_much(rows_quarantined=rows, rows_read=of) is waits


@pytest.mark.parametrize(
    ("rows", "waits"), [(31, False), (30, True), (32, False), (50, False), (51, True), (3, True), (0, False)]
)
def test_what_replaces_a_month_has_about_as_many_rows(rows: int, waits: bool) -> None:
    again = delivery("c", "2018-02-20", ("0899", "2018-02", rows))

    assert closed(again, JANUARY, FEBRUARY) == (["DELIVERY-006"] if waits else [])


@pytest.mark.parametrize(
    ("before", "rows", "waits"), [(35, 28, False), (60, 48, False), (60, 47, True), (10, 1, False), (11, 1, True)]
)
def test_a_share_is_compared_exactly_and_few_rows_never_matter(before: int, rows: int, waits: bool) -> None:
    first = delivery("a", "2018-01-09", ("0899", "2018-01", before))

    assert closed(delivery("b", "2018-02-09", ("0899", "2018-01", rows)), first) == (["DELIVERY-006"] if waits else [])


def test_the_receipt_shows_before_and_after() -> None:
    (gate,) = found(delivery("c", "2018-02-20", ("0899", "2018-02", 3)), JANUARY, FEBRUARY)

    assert gate.detail == "far fewer or far more rows than before: Brunssum 2018-02: 40 rows → 3 rows"


def test_a_new_month_is_held_against_the_nearest_dates_of_its_own_place() -> None:
    landgraaf = delivery("l", "2018-02-10", ("0899", "2018-02", 40), ("0882", "2018-02", 300))

    (gate,) = found(delivery("d", "2018-04-10", ("0899", "2018-04", 12)), JANUARY, landgraaf)

    assert gate.rule == "DELIVERY-006"
    assert gate.detail.endswith(": Brunssum 2018-04 (new, beside 2018-02): 40 rows → 12 rows")


def test_a_month_between_two_others_may_be_like_either() -> None:
    jump = delivery("b", "2018-03-09", ("0899", "2018-03", 60))

    assert closed(delivery("c", "2018-04-01", ("0899", "2018-02", 75)), JANUARY, jump) == []
    assert closed(delivery("c", "2018-04-01", ("0899", "2018-02", 76)), JANUARY, jump) == ["DELIVERY-006"]
    assert closed(delivery("c", "2018-04-01", ("0899", "2018-02", 30)), JANUARY, jump) == ["DELIVERY-006"]


def test_one_mistyped_date_is_stray() -> None:
    march = delivery("c", "2018-03-09", ("0899", "2018-03", 39), ("0899", "2018-02", 1))

    (stray, shrunk) = found(march, JANUARY, FEBRUARY)

    assert stray.rule == "DELIVERY-007"
    assert stray.detail.endswith("replace more than it brings: Brunssum 2018-02: 40 rows → 1 row")
    assert shrunk.rule == "DELIVERY-006"


def test_a_stray_scope_may_be_small() -> None:
    six = delivery("a", "2018-01-09", ("0899", "2018-01", 200), ("0881", "2018-01", 6))
    one = delivery("b", "2018-02-09", ("0899", "2018-02", 200), ("0881", "2018-02", 6), ("0881", "2018-01", 5))

    assert closed(one, six) == ["DELIVERY-007"]


def test_correcting_a_small_municipality_by_one_row_is_not_stray() -> None:
    whole = delivery("a", "2018-01-09", ("0899", "2018-01", 2000), ("0881", "2018-01", 90))
    again = delivery("b", "2018-01-20", ("0899", "2018-01", 2001), ("0881", "2018-01", 89))
    year = delivery("y", "2019-01-20", *(("0899", f"2018-{n:02d}", 1000 - n) for n in range(1, 13)))
    year_again = delivery("z", "2019-02-20", *(("0899", f"2018-{n:02d}", 999 - n) for n in range(1, 13)))

    assert closed(again, whole) == []
    assert closed(year_again, year) == []


def test_a_place_that_was_never_there_waits() -> None:
    amsterdam = delivery("c", "2018-02-11", ("0363", "2018-02", 3))

    (gate,) = found(amsterdam, JANUARY, FEBRUARY)

    assert (gate.rule, gate.detail) == (
        "DELIVERY-008",
        "no earlier delivery of the sender held Amsterdam: 0 rows → 3 rows",
    )


def test_who_begins_together_is_no_surprise() -> None:
    neighbour = delivery("c", "2018-01-12", ("0882", "2018-01", 300))
    same_day = delivery("c", "2018-01-09", ("0882", "2018-02", 300))

    assert closed(neighbour, JANUARY) == []
    assert closed(same_day, JANUARY) == []
    assert closed(JANUARY) == []


def test_a_known_place_brings_no_stranger_along() -> None:
    again = delivery("c", "2018-01-20", ("0899", "2018-01", 40), ("0882", "2018-01", 1))

    assert closed(again, JANUARY) == ["DELIVERY-008"]


def test_a_municipality_that_merged_goes_on_under_another_code() -> None:
    onderbanken = delivery("a", "2018-12-09", ("0881", "2018-12", 96))

    assert closed(delivery("b", "2019-01-09", ("1954", "2019-01", 97)), onderbanken) == []
    assert closed(delivery("b", "2019-01-09", ("1955", "2019-01", 97)), onderbanken) == ["DELIVERY-008"]


def test_each_sender_has_places_of_its_own() -> None:
    brunssum = delivery("a", "2018-01-09", ("0899", "2018-01", 40), sender="Brunssum")
    landgraaf = delivery("b", "2018-01-10", ("0882", "2018-01", 90), sender="Landgraaf")

    astray = delivery("c", "2018-02-09", ("0899", "2018-02", 40), ("0882", "2018-02", 90), sender="Brunssum")
    nobody = delivery("c", "2018-02-09", ("0899", "2018-02", 40), ("0882", "2018-02", 90))

    assert closed(astray, brunssum, landgraaf) == ["DELIVERY-008"]
    assert closed(nobody, brunssum, landgraaf) == []


def test_the_first_delivery_of_a_sender_is_about_no_new_place() -> None:
    earlier = delivery("a", "2018-01-09", ("0899", "2018-01", 40), sender="Brunssum")
    first = (("0935", "2018-02", 40), ("0951", "2018-02", 30))

    assert closed(delivery("c", "2018-02-09", *first, sender="Maastricht"), earlier) == []
    assert closed(delivery("c", "2018-02-09", *first), earlier) == []
    assert closed(delivery("c", "2018-02-09", *first, sender="Brunssum"), earlier) == ["DELIVERY-008"]


def test_only_what_precedes_by_its_own_clock_is_looked_at() -> None:
    later = delivery("z", "2018-03-01", ("0899", "2018-01", 400))

    assert closed(JANUARY, later) == []


def test_within_a_day_the_earlier_date_comes_first() -> None:
    first = delivery("z", "2018-03-01", ("0899", "2018-01", 40))
    second = delivery("a", "2018-03-01", ("0899", "2018-02", 3))

    assert closed(second, first) == ["DELIVERY-006"]
    assert closed(first, second) == []


def shares(parts: list[tuple[str, int, int]], **counts: int) -> list[Closed]:
    rows = [
        (f"GM{place}" if place else None, None, month("2018-02") if place else None, good, bad)
        for place, good, bad in parts
    ]
    return quarantined(CASELOAD, pl.DataFrame(rows, schema=SCOPE_ROWS, orient="row"), CAUSES, **counts)


def test_a_small_municipality_does_not_vanish_in_a_large_file() -> None:
    (gate,) = shares([("0899", 95, 0), ("0881", 1, 5)], rows_quarantined=5, rows_read=101)

    assert gate.rule == "DELIVERY-005"
    assert gate.detail == (
        "Onderbanken 2018-02: 5 of 6 rows cannot be recorded (more than 5 %): "
        "CASELOAD-002 statistiekcode, 5 rows (row 98, row 99, row 100, …)"
    )


def test_where_a_scope_is_a_row_a_whole_municipality_is_looked_at() -> None:
    dates = [("GM0899", None, month(f"2018-{n:02d}"), 6, 0) for n in range(1, 10)]
    scopes = pl.DataFrame([*dates, ("GM0899", None, month("2018-10"), 0, 2)], schema=SCOPE_ROWS, orient="row")
    spoiled = pl.DataFrame([*dates, ("GM0881", None, month("2018-10"), 1, 2)], schema=SCOPE_ROWS, orient="row")
    totals = SOURCES["caseload_totals"]

    assert quarantined(totals, scopes, CAUSES, rows_quarantined=2, rows_read=60) == []
    assert [each.rule for each in quarantined(totals, spoiled, CAUSES, rows_quarantined=2, rows_read=60)] == [
        "DELIVERY-005"
    ]


def test_rows_of_an_unreadable_place_count_for_the_delivery_alone() -> None:
    assert shares([("0899", 95, 0), ("", 0, 3)], rows_quarantined=3, rows_read=98) == []


def test_both_shares_are_named() -> None:
    assert [each.rule for each in shares([("0899", 50, 0), ("0881", 1, 5)], rows_quarantined=5, rows_read=56)] == [
        "DELIVERY-003",
        "DELIVERY-005",
    ]


def keys(rows: pl.DataFrame) -> pl.DataFrame:
    assert NUMBERS is not None
    return event_keys(NUMBERS, rows.lazy()).collect()


def happenings(clients: str, numbers: str, *, trajectory: str = "T", **more: str) -> pl.DataFrame:
    rows = [
        {"row": 2, "delivered_on": date(2017, 6, 1), "provider_code": "RE01", "client_key": client,
         "occurred_on": date(2017, 3, day), "event": "gestart",
         "trajectory_id": f"{trajectory}{client}", "event_id": f"{numbers}{client}{day}", **more}
        for client in clients
        for day in (1, 9)
    ]  # fmt: skip
    others = [name for name in NUMBERS.says if name not in rows[0]] if NUMBERS else []
    return pl.DataFrame(rows).with_columns(pl.lit(more.get(name), pl.String()).alias(name) for name in others)


@pytest.mark.parametrize(
    ("own", "waits"),
    [
        pytest.param(happenings("abcde", "N"), True, id="new events"),
        pytest.param(happenings("abcde", "N", trajectory="2017/"), True, id="new events and trajectories"),
        pytest.param(happenings("abcde", "A", trajectory="2017/"), True, id="new trajectories"),
        pytest.param(happenings("abcde", "A"), False, id="everything again"),
        pytest.param(happenings("abcde", "N", replaces="A"), False, id="corrections"),
        pytest.param(happenings("ab", "N"), False, id="too few"),
        pytest.param(happenings("fghij", "N"), False, id="new clients"),
        pytest.param(pl.concat([happenings("abc", "N"), happenings("de", "A")]), True, id="more than half"),
        pytest.param(pl.concat([happenings("abc", "N"), happenings("def", "A")]), False, id="half"),
    ],
)
def test_clients_under_new_numbers_wait(own: pl.DataFrame, waits: bool) -> None:
    found = renumbered(keys(own), keys(happenings("abcdef", "A")))

    assert [each.rule for each in found] == (["DELIVERY-009"] if waits else [])


def test_numbers_given_out_in_another_order_are_new_numbers() -> None:
    before = happenings("abcde", "A")
    turned = before.with_columns(event_id=pl.col("event_id").reverse())

    (gate,) = renumbered(keys(turned), keys(before))

    assert gate.detail.endswith("RE01: 5 of 5 clients known before")


def cohort(clients: str, days: range) -> pl.DataFrame:
    """Clients who begin one after the other."""
    begun = [happenings(client, "N").head(1) for client in clients]
    dated = [each.with_columns(occurred_on=pl.lit(date(2017, 4, day))) for each, day in zip(begun, days, strict=True)]
    return pl.concat(dated)


@pytest.mark.parametrize(
    ("own", "waits"),
    [
        (cohort("ABCDEF", range(1, 7)), True),
        (cohort("ABCDEF", range(2, 8)), True),
        (cohort("ABCDEF", range(4, 10)), False),
        (cohort("ABCD", range(1, 5)), False),
        (cohort("ABCD", range(1, 5)).clear(), False),
        (pl.concat([cohort("ABCDEF", range(1, 7)), cohort("GHI", range(11, 14))]), False),
    ],
)
def test_new_clients_with_the_very_events_of_others_wait(own: pl.DataFrame, waits: bool) -> None:
    found = renumbered(keys(own), keys(cohort("abcdef", range(1, 7))))

    assert [each.rule for each in found] == (["DELIVERY-009"] if waits else [])


def courses(clients: str, days: range = range(1, 12), numbers: str = "N") -> pl.DataFrame:
    """Clients who begin on different days, each placed a week and ended two weeks later."""
    parts = []
    for client, day in zip(clients, cycle(days), strict=False):
        (begun,) = happenings(client, numbers).head(1).rows(named=True)
        for kind, later in (("gestart", 0), ("geplaatst", 7), ("beeindigd", 14)):
            on = date(2017, 4, day) + timedelta(later)
            parts.append(begun | {"event": kind, "occurred_on": on, "event_id": f"{numbers}{client}{kind}"})
    return pl.DataFrame(parts, schema=happenings("a", "A").schema)


OLD, NEW = "abcdefghijklmnopqrstuvwx", "ABCDEFGHIJKLMNOPQRSTUVWX"


@pytest.mark.parametrize(
    ("own", "waits"),
    [
        pytest.param(pl.concat([courses(NEW), courses("0123456789", range(25, 29))]), True, id="with news beside it"),
        pytest.param(courses(NEW[:12], range(12, 20)), False, id="other days"),
        pytest.param(courses(NEW[:9]), False, id="too few"),
        pytest.param(courses(NEW, range(1, 2)), False, id="a group that began together"),
    ],
)
def test_new_clients_with_the_whole_courses_of_others_wait(own: pl.DataFrame, waits: bool) -> None:
    found = renumbered(keys(own), keys(courses(OLD, numbers="A")))

    assert [each.rule for each in found] == (["DELIVERY-009"] if waits else [])


@pytest.mark.parametrize(
    ("own", "before", "waits"),
    [("0882", "0899", False), ("0899", "0899", True), (None, "0899", True), ("0882", None, True)],
)
def test_groups_of_two_places_on_one_calendar_are_two_groups(own: str | None, before: str | None, waits: bool) -> None:
    def of(place: str | None, clients: str) -> pl.DataFrame:
        return courses(clients, numbers=clients[0]).with_columns(municipality_code=pl.lit(place, pl.String()))

    found = renumbered(keys(of(own, NEW)), keys(of(before, OLD)), said("municipality_code"))

    assert [each.rule for each in found] == (["DELIVERY-009"] if waits else [])


def test_whole_courses_are_known_though_their_ends_were_announced() -> None:
    def announced(clients: str, delivered_on: date) -> pl.DataFrame:
        begun = courses(clients, numbers=clients[0])
        is_end = pl.col("event") == "beeindigd"
        ends = pl.when(is_end).then(pl.lit(date(2017, 5, 20))).otherwise("occurred_on")
        return begun.with_columns(occurred_on=ends, delivered_on=pl.lit(delivered_on))

    own = pl.concat([announced(NEW, date(2017, 6, 1)), courses("0123456789", range(25, 29))])
    (gate,) = renumbered(keys(own), keys(announced(OLD, date(2017, 5, 1))))

    assert "24 of 34 clients" in gate.detail


@pytest.mark.parametrize("size", [1, 12])
def test_two_groups_on_the_same_days_are_two_groups(size: int) -> None:
    before, own = (keys(courses(names[:size], range(1, 2))) for names in (OLD, NEW))

    assert renumbered(own, before) == []


def jobs(clients: str, kind: str, month: int, numbers: str, delivered: int = 12) -> pl.DataFrame:
    begun = happenings(clients, numbers).unique("client_key", maintain_order=True)
    return begun.with_columns(
        event=pl.lit(kind), occurred_on=pl.lit(date(2017, month, 3)), delivered_on=pl.lit(date(2017, delivered, 1))
    )


@pytest.mark.parametrize(
    ("before", "own", "waits"),
    [
        pytest.param([("geplaatst", 4, "A", 12)], [("geplaatst", 7, "B", 12)], True, id="placed again"),
        pytest.param(
            [("geplaatst", 4, "A", 12)],
            [("plaatsing_beeindigd", 6, "C", 12), ("geplaatst", 7, "B", 12)],
            False,
            id="after the job ended",
        ),
        pytest.param(
            [("geplaatst", 4, "A", 12), ("plaatsing_beeindigd", 6, "C", 12)],
            [("geplaatst", 7, "B", 12)],
            False,
            id="which was known",
        ),
        pytest.param(
            [("geplaatst", 4, "A", 12), ("plaatsing_beeindigd", 8, "C", 12)],
            [("geplaatst", 7, "B", 12)],
            True,
            id="before it ended",
        ),
        pytest.param([("beeindigd", 9, "A", 12)], [("beeindigd", 7, "B", 12)], True, id="ended again"),
        pytest.param([("beeindigd", 9, "A", 5)], [("beeindigd", 7, "B", 12)], False, id="as was announced"),
    ],
)
def test_a_second_job_and_an_end_that_was_announced_are_no_surprise(
    before: list[tuple[str, int, str, int]], own: list[tuple[str, int, str, int]], waits: bool
) -> None:
    known, told = (keys(pl.concat([jobs(OLD[:12], *each) for each in part])) for part in (before, own))

    assert [each.rule for each in begun_again(told, known)] == (["DELIVERY-027"] if waits else [])


def test_no_number_of_a_person_is_named() -> None:
    assert scope_name("GM0899", "123456782", month("2018-01")) == "Brunssum … 2018-01"
    assert scope_name(None, "RE01 INNOVATIEF2016 2017-12-31", None) == "RE01 INNOVATIEF2016 2017-12-31"


def there(place: str, on: str, clients: range, begun: str = "2010-05-01") -> pl.DataFrame:
    frame = pl.DataFrame({"row": [n + 2 for n in clients], "client": list(clients)})
    same = {"place": pl.lit(f"GM{place}"), "valid_on": pl.lit(month(on)), "started": pl.lit(date.fromisoformat(begun))}
    says = dict.fromkeys(ROW_KEYS.names()[6:], pl.lit(None))
    full = frame.with_columns(**says).with_columns(**same, dossier="client", is_live=pl.lit(value=True))
    return full.select(pl.col(name).cast(dtype) for name, dtype in ROW_KEYS.items())


@pytest.mark.parametrize(("left", "merged"), [("0358", False), ("0393", True)])
def test_clients_of_a_municipality_that_the_law_merged_into_another_have_not_moved(left: str, merged: bool) -> None:
    """Haarlemmerliede en Spaarnwoude went up in Haarlemmermeer in 2019, and Aalsmeer never did."""
    before = delivery("a", "2018-12-09", ("0394", "2018-12", 100), (left, "2018-12", 12))
    after = delivery("b", "2019-01-09", ("0394", "2019-01", 112))
    rows = {
        "a": pl.concat([there("0394", "2018-12", range(100)), there(left, "2018-12", range(200, 212))]),
        "b": pl.concat([there("0394", "2019-01", range(100)), there("0394", "2019-01", range(200, 212))]),
    }

    closed = continued(after, neighbours(after, before.placed), rows.__getitem__)

    assert [gate.rule for gate in closed] == ([] if merged else ["DELIVERY-019"])


def test_row_numbers_and_counts_in_a_receipt_are_never_taken_for_a_person() -> None:
    rows = [218, 318, 418]
    assert holds_number(", ".join(map(str, rows))), "as they stood once"
    assert not holds_number(numbers(rows, 9))
    assert holds_number("9000 → 5077 rows"), "as they stood once"
    assert not holds_number(from_to(9000, 5077))
