"""A decision counts from its own day: what a steward accepts today was not known before."""

from datetime import date

import polars as pl

from pipeline.jobs.delivery_decisions import decide
from pipeline.jobs.release.known_on import known_on
from pipeline.store.releases import releases
from schemas.vocabulary import Decision
from tests.jobs.folder import Folder, benefit, caseload

NO_SUCH_DAY = {"ingangsdatum": "31-02-2017"}
HELD = "caseload/2017-03-07_held.csv"
BEFORE = date(2017, 4, 1)


def with_held(folder: Folder) -> str:
    """February recorded; a correction of it, a quarter of its rows bad, held. Its hash."""
    folder.put("caseload/2017-02-07_feb.csv", caseload(*(benefit(n) for n in range(10))))
    folder.put(HELD, caseload(*(benefit(n, **(NO_SUCH_DAY if n < 5 else {})) for n in range(20))))
    folder.run()
    return str(folder.delivery(HELD)["delivery"])


def tables(folder: Folder, day: date) -> dict[str, pl.DataFrame]:
    made = known_on(folder.writer(), day, lambda _: None)
    return {name: releases.read(made, name).collect() for name in ("caseload_stock", "deliveries", "findings")}


def test_what_was_accepted_later_was_held_on_the_day(folder: Folder) -> None:
    delivery = with_held(folder)
    then = tables(folder, BEFORE)
    assert then["deliveries"].filter(delivery=delivery)["status"].to_list() == ["held"]

    decide(folder.writer(), Decision.ACCEPTED, delivery, by="a steward", why="they said so")
    folder.run()

    assert folder.stock()["GM0899", "2017-02-01", "pw"] == 15
    for name, frame in tables(folder, BEFORE).items():
        assert frame.equals(then[name]), name
    today = tables(folder, folder.writer().today)
    assert today["deliveries"].filter(delivery=delivery)["status"].to_list() == ["recorded"]
    assert today["caseload_stock"].equals(folder.table("caseload_stock"))


def test_as_known_on_today_is_what_is_known_now(folder: Folder) -> None:
    folder.put("caseload/2017-02-07_feb.csv", caseload(*(benefit(n) for n in range(10))))
    folder.run()
    assert set(folder.table("caseload_stock")["vintage"]) == {"provisional"}
    assert tables(folder, folder.writer().today)["caseload_stock"].equals(folder.table("caseload_stock"))
