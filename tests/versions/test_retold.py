"""Events that are told otherwise, by what the gates know of them: what is held, and what is ordinary life."""

from datetime import date

import polars as pl
import pytest

from pipeline.versions.gates.retold import begun_again, said_again, taken_back
from pipeline.versions.gates.told_events import event_keys
from schemas.catalogue import SOURCES

NUMBERS = SOURCES["trajectory_events"].gates.renumbering
assert NUMBERS is not None
WORDS = {name: name for name in NUMBERS.says}
CLIENTS = [f"c{n:02}" for n in range(20)]
MARCH, APRIL, MAY = date(2017, 3, 1), date(2017, 4, 1), date(2017, 5, 1)


def told(
    clients: list[str], kind: str, on: date, numbers: str, *, trajectory: str = "T", **more: object
) -> pl.DataFrame:
    """One event of each client. ``undoes``: with what the number of the event begins that is replaced or retracted."""
    rows = [
        {
            "row": n + 2, "delivered_on": date(2018, 1, 1), "provider_code": "RE01", "client_key": client,
            "occurred_on": on, "event": kind,
            "trajectory_id": f"{trajectory}{client}", "event_id": f"{numbers}{client}",
            **{name: f"{value}{client}" if name in ("replaces", "retracts") else value for name, value in more.items()},
        }
        for n, client in enumerate(clients)
    ]  # fmt: skip
    others = [name for name in WORDS if name not in rows[0]]
    return pl.DataFrame(rows).with_columns(pl.lit(None, pl.String()).alias(name) for name in others)


def keys(*parts: pl.DataFrame) -> pl.DataFrame:
    assert NUMBERS is not None
    return event_keys(NUMBERS, pl.concat(parts, how="diagonal_relaxed").lazy()).collect()


BEGUN = told(CLIENTS, "gestart", MARCH, "A")


@pytest.mark.parametrize(
    ("before", "own", "waits"),
    [
        pytest.param([BEGUN], [told(CLIENTS, "gestart", APRIL, "N")], True, id="the same trajectories, later"),
        pytest.param(
            [BEGUN, told(CLIENTS, "geplaatst", MAY, "P")],
            [told(CLIENTS, "gestart", APRIL, "N", trajectory="2017/")],
            True,
            id="others before what has happened since",
        ),
        pytest.param(
            [BEGUN], [told(CLIENTS, "gestart", APRIL, "N", trajectory="2017/")], False, id="second trajectories"
        ),
        pytest.param(
            [BEGUN, told(CLIENTS, "beeindigd", APRIL, "E")],
            [told(CLIENTS, "gestart", APRIL, "N", trajectory="2017/")],
            False,
            id="the next one on the day the first one ends",
        ),
        pytest.param(
            [BEGUN, told(CLIENTS, "verlengd", date(2017, 12, 31), "V")],
            [told(CLIENTS, "gestart", MAY, "N", trajectory="2017/")],
            False,
            id="before an announced day",
        ),
        pytest.param(
            [BEGUN],
            [told(CLIENTS, "gestart", MARCH, "R", retracts="A"), told(CLIENTS, "gestart", APRIL, "N")],
            False,
            id="taken back and told anew",
        ),
        pytest.param(
            [BEGUN, told(CLIENTS, "gestart", MARCH, "R", retracts="A")],
            [told(CLIENTS, "gestart", APRIL, "N")],
            False,
            id="taken back before",
        ),
        pytest.param([BEGUN], [told(CLIENTS, "gestart", APRIL, "N", replaces="A")], False, id="corrections"),
        pytest.param([BEGUN], [told(CLIENTS[:10], "gestart", APRIL, "N")], False, id="half of those of the day"),
        pytest.param([BEGUN], [told(CLIENTS[:11], "gestart", APRIL, "N")], True, id="more than half"),
        pytest.param([BEGUN], [told(CLIENTS, "geplaatst", APRIL, "N")], False, id="what follows"),
        pytest.param(
            [BEGUN, told(CLIENTS, "geplaatst", APRIL, "P")],
            [told(CLIENTS, "geplaatst", MAY, "N")],
            True,
            id="placed again",
        ),
        pytest.param(
            [BEGUN, told(CLIENTS, "beeindigd", APRIL, "P")],
            [told(CLIENTS, "beeindigd", MAY, "N")],
            True,
            id="ended again",
        ),
        pytest.param(
            [
                told(CLIENTS[:10], "beeindigd", APRIL, "P"),
                told(CLIENTS[10:], "beeindigd", APRIL, "P").with_columns(delivered_on=pl.lit(MARCH)),
            ],
            [told(CLIENTS[:10], "beeindigd", MAY, "N"), told(CLIENTS[10:], "beeindigd", MAY, "N")],
            True,
            id="ended again beside ends that had been announced",
        ),
        pytest.param(
            [BEGUN, told(CLIENTS, "geplaatst", APRIL, "P")],
            [told(CLIENTS[:10], "geplaatst", MAY, "N")],
            False,
            id="some have a second job",
        ),
        pytest.param(
            [BEGUN, told(CLIENTS, "geplaatst", MAY, "P")],
            [told(CLIENTS, "gestart", APRIL, "N", trajectory="2017/", programme_code="other")],
            False,
            id="another programme",
        ),
        pytest.param(
            [BEGUN, told(CLIENTS, "geplaatst", MAY, "P")],
            [told(CLIENTS, "gestart", date(2015, 5, 1), "N", trajectory="2015/")],
            False,
            id="an archive",
        ),
    ],
)
def test_clients_who_begin_again(before: list[pl.DataFrame], own: list[pl.DataFrame], waits: bool) -> None:
    found = begun_again(keys(*own), keys(*before))

    assert [each.rule for each in found] == (["DELIVERY-027"] if waits else [])


def test_what_is_told_again_is_compared_with_what_was_said_last() -> None:
    """First March, then April: who says April again says nothing new, and who says March does."""
    later = told(CLIENTS, "gestart", APRIL, "A")

    assert said_again(keys(later), keys(BEGUN, later), WORDS) == []
    (gate,) = said_again(keys(BEGUN), keys(BEGUN, later), WORDS)
    assert "occurred_on 20 of 20 known of the same days" in gate.detail


AHEAD = date(2018, 2, 28)


@pytest.mark.parametrize(
    "own",
    [
        pytest.param(told(CLIENTS, "beeindigd", date(2018, 8, 31), "E"), id="prolonged under the same numbers"),
        pytest.param(told(CLIENTS, "beeindigd", date(2018, 8, 31), "F", replaces="E"), id="replaced"),
        pytest.param(told(CLIENTS, "verlengd", MAY, "V", retracts="E"), id="taken back"),
    ],
)
def test_what_was_told_before_its_day_may_be_told_otherwise(own: pl.DataFrame) -> None:
    announced = keys(BEGUN, told(CLIENTS, "beeindigd", AHEAD, "E"))

    assert [*taken_back(keys(own), announced), *said_again(keys(own), announced, WORDS)] == []


def test_what_has_happened_since_is_no_announcement_any_more() -> None:
    announced = told(CLIENTS, "beeindigd", AHEAD, "E")
    happened = announced.with_columns(delivered_on=pl.lit(date(2018, 3, 5)))
    own = keys(told(CLIENTS, "verlengd", MAY, "V", retracts="E"))

    assert [each.rule for each in taken_back(own, keys(BEGUN, announced, happened))] == ["DELIVERY-025"]


@pytest.mark.parametrize("word", ["client_key", "trajectory_id", "method", "hours_per_week", "municipality_code"])
def test_every_word_is_compared(word: str) -> None:
    before = BEGUN.with_columns(pl.lit("x").alias(word)) if word not in ("client_key", "trajectory_id") else BEGUN
    (gate,) = said_again(keys(before.with_columns(pl.lit("y").alias(word))), keys(before), WORDS)

    assert f"RE01: {word} 20 of 20 known of the same days" in gate.detail


@pytest.mark.parametrize(("few", "waits"), [(9, False), (10, True), (12, True)])
def test_few_are_no_reason(few: int, waits: bool) -> None:
    own = told(CLIENTS[:few], "gestart", APRIL, "A")

    assert bool(said_again(keys(own), keys(BEGUN), WORDS)) is waits


@pytest.mark.parametrize("written", ["Job coaching", "job  coaching", "JOBCOACHING"])
def test_what_people_write_with_other_blanks_says_nothing_new(written: str) -> None:
    before, own = (keys(BEGUN.with_columns(method=pl.lit(method))) for method in ("job coaching", written))

    assert said_again(own, before, WORDS) == []
