"""What stands in a plan: what was asked and why, the place of the log it rests on, and rows that are right together."""

import polars as pl
import pytest
from deltalake import DeltaTable

from pipeline.backfill.plan import Plan
from pipeline.backfill.request import Request
from pipeline.backfill.text import plan_text
from pipeline.jobs.backfill.apply import apply
from pipeline.jobs.backfill.kept_plans import load_plan
from pipeline.jobs.backfill.make_plan import make_plan
from tests.jobs.folder import Folder, benefit, caseload
from tests.ready_made import ReadyMade

WINTER = Request("2017-01", "2017-04", reason="  archive of the former system, ticket 17 ")
KNOWN, FIRST, AGAIN = "caseload/2017-02-07_feb.csv", "caseload/2017-03-06_first.csv", "caseload/2017-03-20_again.csv"


def month(day: str, size: int) -> list[dict[str, object]]:
    return [benefit(n, peildatum=day) for n in range(size)]


def plan_of(folder: Folder, request: Request = WINTER) -> Plan:
    """A plan as it is read again from its file."""
    made = make_plan(folder.writer(), request, lambda _: None)
    return load_plan(folder.settings, made.id)


def rows_of(plan: Plan) -> dict[str, tuple[int, int]]:
    """By file: rows added, and rows that stop counting because of it."""
    return {each.file_name: (each.rows_add, each.rows_supersede) for each in plan.deliveries}


def february_is_known(folder: Folder) -> None:
    folder.put(KNOWN, caseload(*month("01-02-2017", 20)))
    folder.run()


@pytest.fixture
def known(folder: Folder, ready_made: ReadyMade) -> Folder:
    return ready_made.copy(february_is_known, folder)


def test_why_and_the_versions_of_the_log_stand_in_a_plan_and_another_reason_is_another_plan(known: Folder) -> None:
    known.put(FIRST, caseload(*month("01-01-2017", 9)))
    versions = {name: DeltaTable(known.settings.log / name).version() for name in ("caseload", "deliveries")}

    plan = plan_of(known)

    assert plan.request.reason == "archive of the former system, ticket 17"
    assert "Why: archive of the former system, ticket 17" in plan_text(plan)
    assert {name: plan.position.tables[name] for name in versions} == versions
    assert plan.position.events == known.events().height == 1
    assert dict(plan.position.sources["caseload"])["events"] == 1
    assert plan_of(known, Request("2017-01", "2017-04", reason="another")).id != plan.id


def test_of_two_new_deliveries_of_one_scope_the_later_silences_the_earlier(folder: Folder) -> None:
    folder.put(FIRST, caseload(*month("01-02-2017", 21)))
    folder.put(AGAIN, caseload(*month("01-02-2017", 23)))

    plan = plan_of(folder)

    assert rows_of(plan) == {FIRST: (21, 0), AGAIN: (23, 21)}
    is_done_as_planned(folder, plan, 23)


@pytest.mark.system
def test_of_two_new_deliveries_about_a_known_scope_the_one_that_wins_silences_both_others(known: Folder) -> None:
    known.put(FIRST, caseload(*month("01-02-2017", 21)))
    known.put(AGAIN, caseload(*month("01-02-2017", 23)))

    plan = plan_of(known)

    assert rows_of(plan) == {FIRST: (21, 0), AGAIN: (23, 20 + 21)}
    is_done_as_planned(known, plan, 23)


def test_the_redelivery_wins_also_when_its_month_is_done_first(known: Folder) -> None:
    """A redelivery that also covers an earlier month is recorded before the delivery that it replaces."""
    known.put(FIRST, caseload(*month("01-02-2017", 21)))
    known.put(AGAIN, caseload(*month("01-01-2017", 18), *month("01-02-2017", 23)))

    plan = plan_of(known)

    assert [(each.month, each.file_name) for each in plan.deliveries] == [("2017-01", AGAIN), ("2017-02", FIRST)]
    assert rows_of(plan) == {AGAIN: (18 + 23, 20 + 21), FIRST: (21, 0)}
    is_done_as_planned(known, plan, 23)


def is_done_as_planned(folder: Folder, plan: Plan, february: int) -> None:
    """Applied, the log gets the rows that were planned for each, and the redelivery counts."""
    before = folder.log_rows("caseload").height

    applied = apply(folder.writer(), plan, lambda _: None)

    assert applied.differences == ()
    assert folder.stock()["GM0899", "2017-02-01", "pw"] == february
    added = {each.file_name: each.rows_add for each in plan.deliveries}
    assert folder.log_rows("caseload").height == before + sum(added.values())
    recorded = folder.events().filter(pl.col("plan") == plan.id)
    assert dict(recorded.select("file_name", "rows_recorded").iter_rows()) == added
    assert folder.problems() == ()
