"""Backfill: a plan is a rehearsal, applying it does exactly that, and nothing is doubled."""

import argparse
import hashlib
import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl
import pytest
from deltalake import DeltaTable

from pipeline.backfill.plan import Plan
from pipeline.backfill.request import Request
from pipeline.backfill.text import plan_text
from pipeline.commands.backfill import BACKFILL
from pipeline.errors import UitstroomError
from pipeline.intake import validate
from pipeline.jobs.backfill.applied import Applied, MonthDone
from pipeline.jobs.backfill.apply import apply as apply_plan
from pipeline.jobs.backfill.errors import BadRequest, PlanMoved, PlanNotApproved, PlanRefused, PlanUnknown
from pipeline.jobs.backfill.gaps import find_gaps
from pipeline.jobs.backfill.kept_plans import load_plan
from pipeline.jobs.backfill.make_plan import make_plan
from pipeline.jobs.backfill.plan_decisions import APPROVED, REFUSED, record_decision
from pipeline.jobs.delivery_decisions import decide
from pipeline.jobs.release.publish import release
from pipeline.jobs.release.rollback import rollback
from pipeline.jobs.workspace import Writer
from pipeline.store import sandbox
from pipeline.store.cell_task import Limits, Task
from pipeline.store.cells import Cells
from pipeline.versions.figure_diff import COMPARED_TABLES, compare
from schemas import reference
from schemas.catalogue import SOURCES
from schemas.rules.rule import Rule
from schemas.vocabulary import BackfillMode, Decision
from tests.jobs.folder import CASELOAD, KEY, TOTALS, Folder, benefit, bsn, caseload, conserved, csv, total, tree

WINTER = Request("2016-12", "2017-03")
FEB_AGAIN = "caseload/2017-03-20_feb_again.csv"


def month(day: str, size: int, **changed: object) -> list[dict[str, object]]:
    return [benefit(n, peildatum=day, **changed) for n in range(size)]


def plan_of(folder: Folder, request: Request = WINTER, **changed: object) -> Plan:
    return make_plan(replace(folder.writer(), **changed), request, lambda _: None)  # type: ignore[arg-type]


def apply(folder: Folder, plan: Plan, **changed: object) -> tuple[Applied, list[MonthDone]]:
    reported: list[MonthDone] = []
    writer: Writer = replace(folder.writer(), **changed)  # type: ignore[arg-type]
    return apply_plan(writer, plan, reported.append), reported


def figures(folder: Folder) -> dict[str, pl.DataFrame]:
    return {name: folder.table(name) for name in COMPARED_TABLES}


def rows_of(plan: Plan) -> dict[str, tuple[str, int, int, int]]:
    """By file: action, rows added, rows that stop counting, rows to quarantine."""
    return {
        each.file_name: (each.action.value, each.rows_add, each.rows_supersede, each.rows_quarantine)
        for each in plan.deliveries
    }


def hashed(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()


def with_hash(contents: Iterable[str], *, than: str, is_higher: bool) -> str:
    """The first content that wins from another one of the same day, or loses: the higher hash counts."""
    return next(each for each in contents if (hashed(each) > hashed(than)) is is_higher)


def is_whole(folder: Folder) -> None:
    events = folder.events()
    assert events.select("source", "delivery", "processing", "event", "file_name").is_duplicated().sum() == 0
    for source in ("caseload", "caseload_totals"):
        assert folder.log_rows(source).select("delivery", "processing", "row").is_duplicated().sum() == 0
    assert folder.writer().log.findings.rows().collect().is_duplicated().sum() == 0
    assert conserved(folder.table("deliveries"))
    assert folder.problems() == ()


def copy(of: Folder, folder: Folder) -> Folder:
    """A folder that begins where another one stands: made once, copied for each test."""
    shutil.copytree(of.data, folder.data, symlinks=True)
    return folder


@pytest.fixture(scope="module")
def once_known(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    folder = Folder.at(tmp_path_factory.mktemp("known"))
    folder.put("caseload/2017-02-07_feb.csv", caseload(*month("01-02-2017", 20)))
    folder.put("caseload/2017-03-07_march.csv", caseload(*month("01-03-2017", 18)))
    folder.run()
    return folder


@pytest.fixture
def known(once_known: Folder, folder: Folder) -> Folder:
    """February and March are known and published."""
    return copy(once_known, folder)


@pytest.fixture
def waiting(known: Folder) -> Folder:
    """Files that the log does not have yet: three about the winter, one about later."""
    put_waiting(known)
    return known


def put_waiting(known: Folder) -> None:
    known.put(
        "caseload/2017-01-07_jan.csv",
        caseload(
            *month("01-01-2017", 21), benefit(99, peildatum="01-01-2017", oorspronkelijke_ingangsdatum="02-05-2015")
        ),
    )
    known.put(FEB_AGAIN, caseload(*month("01-02-2017", 22), *month("01-04-2017", 15)))
    known.put("caseload_totals/2017-01-08_t.csv", csv(TOTALS, [total(peildatum="01-12-2016", aantal=25)]))
    known.put("caseload/2017-06-07_june.csv", caseload(*month("01-06-2017", 12)))


class Planned(NamedTuple):
    folder: Folder
    plan: Plan


@pytest.fixture(scope="module")
def once_planned(tmp_path_factory: pytest.TempPathFactory, once_known: Folder) -> Planned:
    """Only to be read. A plan about what waits, as ``planned``."""
    folder = copy(once_known, Folder.at(tmp_path_factory.mktemp("planned")))
    put_waiting(folder)
    return Planned(folder, plan_of(folder))


@pytest.fixture
def planned(once_planned: Planned, folder: Folder) -> Planned:
    """What waits, with a plan about it that was made."""
    return Planned(copy(once_planned.folder, folder), once_planned.plan)


class Done(NamedTuple):
    folder: Folder
    plan: Plan
    before: dict[str, pl.DataFrame]
    applied: Applied
    reported: list[MonthDone]


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory, once_planned: Planned) -> Done:
    """Only to be read. The same plan, approved and applied."""
    folder = copy(once_planned.folder, Folder.at(tmp_path_factory.mktemp("done")))
    record_decision(folder.writer(), once_planned.plan, APPROVED, by="A. Steward", why="a letter")
    before = figures(folder)
    return Done(folder, once_planned.plan, before, *apply(folder, once_planned.plan))


def test_a_plan_says_what_applying_it_does(done: Done) -> None:
    waiting, plan, before, applied, reported = done

    assert rows_of(plan) == {
        "caseload_totals/2017-01-08_t.csv": ("record", 1, 0, 0),
        "caseload/2017-01-07_jan.csv": ("record", 21, 0, 1),
        FEB_AGAIN: ("record", 37, 20, 0),
    }
    assert [(each.month, each.files) for each in plan.months] == [
        ("2016-12", ("caseload_totals/2017-01-08_t.csv",)),
        ("2017-01", ("caseload/2017-01-07_jan.csv",)),
        ("2017-02", (FEB_AGAIN,)),
    ]
    assert [(each.month, each.done, each.total) for each in reported] == [
        ("2016-12", 1, 3),
        ("2017-01", 2, 3),
        ("2017-02", 3, 3),
    ]
    assert (applied.differences, applied.is_stopped, applied.rows_recorded) == ((), False, 59)
    changes = compare(before, figures(waiting))
    planned = pl.DataFrame([each.__dict__ for each in plan.figures], schema=changes.schema)
    assert planned.equals(changes)
    assert ("caseload_stock", "GM0899|2017-02-01|pw", "benefits", "changed", 20.0, 22.0) in planned.rows()
    is_whole(waiting)


def test_a_plan_holds_no_identifying_value(once_planned: Planned) -> None:
    waiting, plan = once_planned

    written = (waiting.data / "plans" / f"{plan.id}.json").read_text()

    assert plan.figures
    assert [number for number in range(25) if bsn(number) in written] == []
    assert "D1" not in plan_text(plan)


def test_a_file_that_was_rejected_and_can_be_read_now_is_missing_too(
    known: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ["ingegaan" if name == "ingangsdatum" else name for name in CASELOAD]
    rows = [{**row, "ingegaan": row["ingangsdatum"]} for row in month("01-01-2017", 18)]
    known.put("caseload/2017-01-07_jan.csv", csv(names, rows))
    known.run()
    aliases = pl.DataFrame({"source": "caseload", "header": "ingangsdatum", "alias": "ingegaan"})
    newer = pl.concat([reference.aliases(), aliases])
    read_here(monkeypatch)
    monkeypatch.setattr(reference, "aliases", lambda: newer)

    plan = plan_of(known, rules_version="newer")
    applied, _ = apply(known, plan, rules_version="newer")

    (planned,) = plan.deliveries
    assert (planned.status_before, planned.status_after, planned.processing, planned.rows_add) == (
        "rejected", "recorded", 1, 18,
    )  # fmt: skip
    assert applied.differences == ()
    is_whole(known)


def test_what_a_release_records_as_restated_is_what_was_planned(done: Done) -> None:
    waiting, plan, _, applied, _ = done

    restated = waiting.table("restatements").filter(pl.col("release") == applied.release)

    names = ("table", "key", "column", "kind", "value_before", "value_after")
    assert restated.select(names).sort(names[:3]).rows() == [
        tuple(getattr(each, name) for name in names) for each in plan.figures
    ]


def test_a_file_belongs_to_its_first_month_in_the_range_and_all_its_months_are_told(once_planned: Planned) -> None:
    plan = once_planned.plan

    (again,) = (each for each in plan.deliveries if each.file_name == FEB_AGAIN)

    assert (again.month, again.months, again.municipalities) == ("2017-02", ("2017-02", "2017-04"), ("GM0899",))
    assert any("other months" in note for note in plan.notes)
    assert {each.table: each.periods[0] for each in plan.touched}["caseload_stock"] == "2016-12-01"


@pytest.mark.system
def test_what_is_outside_the_range_waits_for_the_next_night(done: Done, folder: Folder) -> None:
    receipts = copy(done.folder, folder).run().receipts

    assert [receipt.file_name for receipt in receipts] == ["caseload/2017-06-07_june.csv"]


def test_planning_leaves_the_folder_as_it_was_and_the_same_request_is_the_same_plan(
    waiting: Folder, once_planned: Planned
) -> None:
    before = tree(waiting.data)

    plan = plan_of(waiting)

    after = {name: content for name, content in tree(waiting.data).items() if not name.startswith("plans/")}
    assert after == before
    assert [path.name for path in waiting.data.glob(".shadow*")] == []
    assert load_plan(waiting.settings, plan.id[:6]) == plan
    assert plan.id == once_planned.plan.id
    assert plan.made_at != once_planned.plan.made_at


def test_a_sandbox_that_was_left_behind_is_removed(waiting: Folder) -> None:
    code = (
        "import os, signal, sys\nfrom pathlib import Path\nfrom tests.jobs.folder import Folder\n"
        "from pipeline.store.sandbox import sandbox\n"
        "with sandbox(Folder.at(Path(sys.argv[1])).settings):\n    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    killed = subprocess.run(
        [sys.executable, "-c", code, str(waiting.data.parent)], cwd=Path(__file__).parents[2], check=False
    )
    assert killed.returncode == -signal.SIGKILL
    assert len(sandbox.leftovers(waiting.data)) == 1

    with sandbox.sandbox(waiting.settings) as alive:
        assert sandbox.leftovers(waiting.data) == ()
        assert [alive.data_dir] == list(waiting.data.glob(".shadow*"))

    assert list(waiting.data.glob(".shadow*")) == []


def test_a_plan_that_was_changed_by_hand_is_refused(planned: Planned) -> None:
    waiting, plan = planned
    path = waiting.data / "plans" / f"{plan.id}.json"
    content = json.loads(path.read_text())
    content["deliveries"][0]["rows_add"] = 1000
    path.write_text(json.dumps(content))

    with pytest.raises(PlanUnknown, match="its file was changed"):
        load_plan(waiting.settings, plan.id)
    with pytest.raises(PlanUnknown, match="0 plans begin with"):
        load_plan(waiting.settings, "ffff")


def test_sources_and_municipalities_narrow_a_plan(waiting: Folder) -> None:
    waiting.put("caseload/2017-02-09_landgraaf.csv", caseload(*month("01-02-2017", 5, gemeentecode="0882")))

    by_source = plan_of(waiting, replace(WINTER, sources=("caseload_totals",)))
    by_code = plan_of(waiting, replace(WINTER, municipalities=("0882",)))

    assert [each.file_name for each in by_source.deliveries] == ["caseload_totals/2017-01-08_t.csv"]
    assert {each.file_name for each in by_code.deliveries} == {"caseload/2017-02-09_landgraaf.csv"}
    assert by_code.request.municipalities == ("GM0882",)
    assert {gap.municipality_code for gap in by_code.gaps} == {"GM0882"}


def test_a_plan_names_the_later_delivery_that_waits_because_of_it(known: Folder) -> None:
    known.put("caseload/2017-01-07_jan.csv", caseload(*month("01-01-2017", 10)))

    plan = plan_of(known)
    applied, _ = apply(known, plan)

    assert [(each.file_name, each.action, each.status_after) for each in plan.deliveries] == [
        ("caseload/2017-01-07_jan.csv", "record", "recorded"),
        ("caseload/2017-02-07_feb.csv", "put_back", "held"),
    ]
    assert "Judged again: caseload/2017-02-07_feb.csv (was recorded) waits for a steward. DELIVERY-006" in plan_text(
        plan
    )
    assert applied.differences == ()
    nothing_follows(known)


def test_a_plan_names_the_later_delivery_that_it_frees(folder: Folder) -> None:
    folder.put("caseload/2017-01-07_jan.csv", caseload(*month("01-01-2017", 10)))
    folder.put("caseload/2017-02-07_feb.csv", caseload(*month("01-02-2017", 20)))
    assert folder.run().receipt("caseload/2017-02-07_feb.csv").status == "held"
    folder.put("caseload/2017-01-20_jan_again.csv", caseload(*month("01-01-2017", 19)))

    plan = plan_of(folder)
    applied, _ = apply(folder, plan)

    assert [(each.file_name, each.action, each.rows_add) for each in plan.deliveries] == [
        ("caseload/2017-01-20_jan_again.csv", "record", 19),
        ("caseload/2017-02-07_feb.csv", "free", 20),
    ]
    assert applied.differences == ()
    assert folder.table("caseload_stock").filter(pl.col("reference_date") == date(2017, 2, 1))["benefits"].max() == 20
    nothing_follows(folder)


def nothing_follows(folder: Folder) -> None:
    """The next night finds nothing to hold or to free, and no figure to change."""
    events, shown = folder.events(), figures(folder)
    assert folder.run().receipts == ()
    assert folder.events().equals(events)
    assert all(folder.table(name).equals(frame) for name, frame in shown.items())
    is_whole(folder)


def test_everything_wrong_with_a_request_is_told_at_once(folder: Folder) -> None:
    wrong = Request("2016-13", "2016-01", ("payroll",), ("9999", "Heerlen"), "again")  # type: ignore[arg-type]

    with pytest.raises(BadRequest) as refused:
        plan_of(folder, wrong)

    assert [fault.split(";")[0].split(",")[0] for fault in refused.value.faults] == [
        "from: 2016-13 is not a month such as 2016-01",
        "there is no source payroll",
        "there is no municipality GM9999",
        "there is no municipality Heerlen",
        "there is no mode again",
    ]
    assert not list((folder.data / "plans").iterdir())


@pytest.mark.parametrize(
    ("request_", "says"),
    [
        (Request("2017-01", "2017-01"), "from 2017-01 is not before until 2017-01"),
        (Request("2016-01", "2017-1"), "until: 2017-1 is not a month"),
        (Request("2016-01", "2017-01", ("provider_reports",), ("0882",)), "rows do not say a municipality"),
    ],
)
def test_a_request_that_cannot_be_planned_says_why(folder: Folder, request_: Request, says: str) -> None:
    with pytest.raises(BadRequest, match=says):
        plan_of(folder, request_)


def test_a_plan_is_refused_when_the_log_moved_and_says_what_moved(planned: Planned) -> None:
    waiting, plan = planned
    waiting.put("caseload/2017-05-07_may.csv", caseload(*month("01-05-2017", 13)))
    waiting.take_in()
    decide(
        waiting.writer(),
        Decision.RETRACTED,
        str(waiting.delivery("caseload/2017-02-07_feb.csv")["delivery"]),
        by="A. Steward",
        why="a letter",
    )
    before = tree(waiting.settings.log)

    with pytest.raises(PlanMoved) as refused:
        apply(waiting, plan)

    reported = "; ".join(refused.value.moved)
    assert "caseload/2017-05-07_may.csv was recorded on" in reported
    assert "caseload/2017-02-07_feb.csv was retracted on" in reported
    assert "Plan again" in str(refused.value)
    assert tree(waiting.settings.log) == before


def test_a_plan_is_refused_when_rules_code_or_files_are_others(planned: Planned) -> None:
    waiting, plan = planned
    waiting.put(FEB_AGAIN, caseload(*month("01-02-2017", 3)))
    (waiting.settings.raw / "caseload/2017-01-07_jan.csv").unlink()
    waiting.put("caseload_totals/2017-01-08_t.csv.meta.json", json.dumps({"delivered_on": "2017-01-09"}))

    with pytest.raises(PlanMoved) as refused:
        apply(waiting, plan, rules_version="other", code_version="9.9")

    reported = "; ".join(refused.value.moved)
    assert "rules version was" in reported
    assert "code version was" in reported
    assert [f"raw/{each.file_name} is gone" in reported for each in plan.done_by_month] == [True] * 3
    assert waiting.events().height == 2


@pytest.mark.system
def test_compacting_the_log_does_not_move_it(planned: Planned) -> None:
    waiting, plan = planned
    for table in waiting.settings.log.iterdir():
        if table.is_dir():
            DeltaTable(table).optimize.compact()

    applied, _ = apply(waiting, plan)

    assert applied.differences == ()


def test_stopped_between_months_the_same_plan_goes_on(planned: Planned) -> None:
    waiting, plan = planned
    answers = iter([False, False, True])
    reported: list[MonthDone] = []

    stopped = apply_plan(waiting.writer(), plan, reported.append, lambda: next(answers))
    meanwhile = waiting.stock()
    ended, rest = apply(waiting, plan)

    assert (stopped.is_stopped, stopped.months_done, [each.month for each in reported]) == (
        True,
        2,
        ["2016-12", "2017-01"],
    )
    assert ("GM0899", "2017-01-01", "pw") not in meanwhile
    assert [len(each.receipts) for each in rest] == [0, 0, 1]
    assert (ended.is_stopped, ended.differences) == (False, ())
    assert waiting.stock()[("GM0899", "2017-02-01", "pw")] == 22
    is_whole(waiting)


def test_a_plan_that_was_applied_says_so_and_does_nothing_again(done: Done, folder: Folder) -> None:
    waiting, plan, first = copy(done.folder, folder), done.plan, done.applied
    before = tree(waiting.data)

    again, reported = apply(waiting, plan)

    assert (again.was_applied, again.release, reported) == (first.applied_at, first.release, [])
    assert "was applied on" in str(again)
    assert tree(waiting.data) == before


def test_every_event_of_a_plan_names_it(done: Done) -> None:
    waiting, plan, *_ = done

    events = waiting.events().filter(pl.col("plan") == plan.id)

    assert sorted(events["file_name"]) == sorted(each.file_name for each in plan.deliveries)
    assert events["recorded_at"].n_unique() == 3


_CHILD = """
import os, signal, sys
from pathlib import Path
from pipeline.jobs.backfill.apply import apply as apply_plan
from pipeline.jobs.backfill.kept_plans import load_plan
from pipeline.store.log.table import LogTable
from tests.jobs.folder import Folder
folder, steps = Folder.at(Path(sys.argv[1])), int(sys.argv[3])
commit = LogTable.commit_together
def killed_before(self, *rest):
    global steps
    steps -= 1
    if steps < 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return commit(self, *rest)
LogTable.commit_together = killed_before
writer = folder.writer()
apply_plan(writer, load_plan(folder.settings, sys.argv[2]), print)
"""


@pytest.mark.system
@pytest.mark.parametrize("steps", [1, 6])
def test_killed_while_applying_the_same_plan_goes_on(planned: Planned, steps: int) -> None:
    waiting, plan = planned

    killed = subprocess.run(
        [sys.executable, "-c", _CHILD, str(waiting.data.parent), plan.id, str(steps)],
        cwd=Path(__file__).parents[2],
        check=False,
    )
    applied, _ = apply(waiting, plan)

    assert killed.returncode == -signal.SIGKILL
    assert applied.differences == ()
    assert waiting.stock()[("GM0899", "2017-02-01", "pw")] == 22
    is_whole(waiting)


def test_a_file_that_would_be_held_is_planned_as_held(known: Folder) -> None:
    known.put(
        "caseload/2017-01-07_jan.csv",
        caseload(*month("01-01-2017", 10), *month("01-01-2017", 5, oorspronkelijke_ingangsdatum="02-05-2015")),
    )

    plan = plan_of(known)
    apply(known, plan)

    assert rows_of(plan) == {"caseload/2017-01-07_jan.csv": ("hold", 0, 0, 0)}
    assert plan.figures == ()
    assert known.delivery("caseload/2017-01-07_jan.csv")["status"] == "held"
    is_whole(known)


def test_a_held_delivery_that_a_steward_accepted_is_missing_until_it_is_read_again(known: Folder) -> None:
    known.put(
        "caseload/2017-01-07_jan.csv",
        caseload(
            *month("01-01-2017", 17),
            *(benefit(n, peildatum="01-01-2017", oorspronkelijke_ingangsdatum="02-05-2015") for n in (77, 78)),
        ),
    )
    known.run()
    held = known.delivery("caseload/2017-01-07_jan.csv")
    decide(known.writer(), Decision.ACCEPTED, str(held["delivery"]), by="A. Steward", why="letter")

    plan = plan_of(known)
    applied, _ = apply(known, plan)

    (planned,) = plan.deliveries
    assert (planned.status_before, planned.status_after, planned.rows_add, planned.rows_quarantine) == (
        "held",
        "recorded",
        17,
        2,
    )
    assert applied.differences == ()
    assert known.run().receipts == ()
    is_whole(known)


def test_known_bytes_under_another_name_are_noted_once(known: Folder) -> None:
    known.put("caseload/2017-02-05_copy.csv", caseload(*month("01-02-2017", 20)))

    plan = plan_of(known)
    applied, _ = apply(known, plan)

    assert rows_of(plan) == {"caseload/2017-02-05_copy.csv": ("copy", 0, 0, 0)}
    assert applied.differences == ()
    first, again = (known.delivery(f"caseload/2017-02-{name}.csv") for name in ("05_copy", "07_feb"))
    assert (first["status"], again["status"]) == ("recorded", "copied")
    assert str(first["delivered_on"]) == "2017-02-05"
    is_whole(known)


def test_a_file_without_a_day_keeps_the_day_of_the_plan(known: Folder) -> None:
    known.put("caseload/jan.csv", caseload(*month("01-01-2017", 10)))
    writer = known.writer()
    plan = make_plan(writer, WINTER, lambda _: None)
    later = writer.recorded_at.replace(year=writer.recorded_at.year + 1)

    applied, _ = apply(known, plan, recorded_at=later)

    assert known.delivery("caseload/jan.csv")["delivered_on"] == writer.today
    assert applied.differences == ()


RESTARTED = next(rule for rule in SOURCES["caseload"].rules if rule.code == "CASELOAD-013")
WITHOUT = tuple(rule for rule in SOURCES["caseload"].rules if rule is not RESTARTED)


@pytest.fixture
def rules(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Rules that a test may change; the schemas made from them are made anew."""
    yield monkeypatch
    monkeypatch.undo()
    validate._deciding_schema.cache_clear()
    validate._warning_rules.cache_clear()


def read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are read in this process, where declarations can be changed for one test; cells have those of the code."""

    def done(_: Cells, work: Callable[[Any], object], argument: object, limits: Limits) -> Task:
        task = Task(work, argument, limits, is_done=True)
        try:
            task.result = work(argument)
        except UitstroomError as error:
            task.error = error
        return task

    monkeypatch.setattr(Cells, "begin", done)
    monkeypatch.setenv("UITSTROOM_KEY", KEY)  # which a cell has from the settings


def set_rules(monkeypatch: pytest.MonkeyPatch, found: tuple[Rule, ...]) -> None:
    read_here(monkeypatch)
    monkeypatch.setitem(SOURCES, "caseload", replace(SOURCES["caseload"], rules=found))
    validate._deciding_schema.cache_clear()
    validate._warning_rules.cache_clear()


FEB_WITH_RESTARTED = caseload(*month("01-02-2017", 40), benefit(99, oorspronkelijke_ingangsdatum="02-05-2015"))
SPRING = Request("2017-02", "2017-05", mode=BackfillMode.REVALIDATE)


@pytest.fixture(scope="module")
def once_judged(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    folder = Folder.at(tmp_path_factory.mktemp("judged"))
    folder.put("caseload/2017-02-07_feb.csv", FEB_WITH_RESTARTED)
    folder.put("caseload/2017-03-07_march.csv", caseload(*month("01-03-2017", 38)))
    older = month("01-04-2017", 30, oorspronkelijke_ingangsdatum="01-05-2014")
    restarted = [benefit(n, peildatum="01-04-2017", oorspronkelijke_ingangsdatum="02-05-2015") for n in range(30, 40)]
    folder.put("caseload/2017-04-07_april.csv", caseload(*older, *restarted))
    folder.run()
    return folder


@pytest.fixture
def judged(once_judged: Folder, folder: Folder) -> Folder:
    """February lost a row to a rule, March did not, April was held for it."""
    return copy(once_judged, folder)


def test_rows_that_are_valid_now_are_recorded_under_a_higher_processing(
    judged: Folder, rules: pytest.MonkeyPatch
) -> None:
    before = figures(judged)
    set_rules(rules, WITHOUT)

    plan = plan_of(judged, SPRING, rules_version="newer")
    applied, _ = apply(judged, plan, rules_version="newer")

    assert rows_of(plan) == {
        "caseload/2017-02-07_feb.csv": ("record_again", 41, 40, 0),
        "caseload/2017-03-07_march.csv": ("same", 0, 0, 0),
        "caseload/2017-04-07_april.csv": ("record", 40, 0, 0),
    }
    assert applied.differences == ()
    assert [each.__dict__ for each in plan.figures] == compare(before, figures(judged)).to_dicts()
    assert {day: count for (_, day, series), count in judged.stock().items() if series == "pw"} == {
        "2017-02-01": 41, "2017-03-01": 38, "2017-04-01": 40,
    }  # fmt: skip
    feb, march = (judged.delivery(f"caseload/2017-0{n}-07_{name}.csv") for n, name in ((2, "feb"), (3, "march")))
    assert [(row["processing"], row["rows_quarantined"], row["rules_version"] == "newer") for row in (feb, march)] == [
        (1, 0, True), (0, 0, False),
    ]  # fmt: skip
    assert str(feb["delivered_on"]) == "2017-02-07"
    is_whole(judged)


@pytest.mark.system
def test_reading_again_does_not_overtake_another_delivery_of_the_same_day(
    judged: Folder, rules: pytest.MonkeyPatch
) -> None:
    corrected = {caseload(*month("01-02-2017", size)): size for size in range(33, 39)}
    winning = with_hash(corrected, than=FEB_WITH_RESTARTED, is_higher=True)
    judged.put("caseload/2017-02-07_feb_corrected.csv", winning)
    judged.run()
    assert judged.stock()[("GM0899", "2017-02-01", "pw")] == corrected[winning]
    set_rules(rules, WITHOUT)

    plan = plan_of(judged, replace(SPRING, until_month="2017-03"), rules_version="newer")
    applied, _ = apply(judged, plan, rules_version="newer")

    # Read again, and still behind the one of that day with the higher hash: a higher processing does not pass it.
    assert rows_of(plan)["caseload/2017-02-07_feb.csv"][0] == "record_again"
    assert judged.delivery("caseload/2017-02-07_feb.csv")["processing"] == 1
    assert judged.stock()[("GM0899", "2017-02-01", "pw")] == corrected[winning]
    assert (plan.figures, applied.differences) == ((), ())
    is_whole(judged)


def test_reading_again_under_the_same_rules_changes_nothing(judged: Folder) -> None:
    plan = plan_of(judged, SPRING)

    assert {each.action.value for each in plan.deliveries} == {"same"}
    assert (plan.figures, plan.months) == ((), ())


@pytest.mark.system
def test_what_would_fare_worse_keeps_counting(judged: Folder, rules: pytest.MonkeyPatch) -> None:
    set_rules(
        rules,
        (*WITHOUT, replace(RESTARTED, holds={"original_started_on": pl.col("original_started_on").is_not_null()})),
    )
    before = figures(judged)

    plan = plan_of(judged, SPRING, rules_version="newer")
    apply(judged, plan, rules_version="newer")

    assert {name: row[0] for name, row in rows_of(plan).items()} == {
        "caseload/2017-02-07_feb.csv": "refused",
        "caseload/2017-03-07_march.csv": "refused",
        "caseload/2017-04-07_april.csv": "record",
    }
    changed = compare(before, figures(judged))
    assert changed.filter(~pl.col("key").str.contains("2017-04-01", literal=True)).is_empty()
    is_whole(judged)


def test_what_a_steward_decided_and_files_that_are_gone_are_left_alone(
    judged: Folder, rules: pytest.MonkeyPatch
) -> None:
    decide(
        judged.writer(),
        Decision.RETRACTED,
        str(judged.delivery("caseload/2017-02-07_feb.csv")["delivery"]),
        by="A. Steward",
        why="a letter",
    )
    (judged.settings.raw / "caseload/2017-03-07_march.csv").unlink()
    set_rules(rules, WITHOUT)

    plan = plan_of(judged, replace(SPRING, until_month="2017-04"), rules_version="newer")

    assert {name: row[0] for name, row in rows_of(plan).items()} == {
        "caseload/2017-02-07_feb.csv": "decided",
        "caseload/2017-03-07_march.csv": "file_missing",
    }
    assert plan.done_by_month == ()


def test_projecting_again_reads_no_file_and_normally_changes_no_figure(known: Folder) -> None:
    plan = plan_of(known, Request("2017-02", "2017-03", mode=BackfillMode.REPROJECT))

    applied, reported = apply(known, plan)

    assert rows_of(plan) == {"caseload/2017-02-07_feb.csv": ("project", 0, 0, 0)}
    assert (plan.figures, applied.differences) == ((), ())
    assert [str(each.month) for each in reported] == ["2017-02"]
    assert known.events().height == 2
    is_whole(known)


def test_projecting_again_after_a_rollback_says_that_it_stays(known: Folder) -> None:
    known.put("caseload/2017-04-07_april.csv", caseload(*month("01-04-2017", 19)))
    known.run()
    back = rollback(known.writer(), "previous", by="a steward", why="the file of April is wrong")
    plan = plan_of(known, Request("2017-04", "2017-05", mode=BackfillMode.REPROJECT))

    applied, _ = apply(known, plan)

    (told,) = applied.differences
    assert told.startswith(
        f"nothing was published: a steward went back to release {back.id} (the file of April is wrong)"
    )
    assert applied.release == back.id
    is_whole(known)


def test_gaps_are_months_without_a_word(known: Folder) -> None:
    known.put("caseload_totals/2017-01-08_t.csv", csv(TOTALS, [total(peildatum="01-12-2016", aantal=25)]))
    known.run()

    found = find_gaps(known.writer(), until_month="2017-04")

    of_brunssum = [(gap.source, gap.month, gap.also_in) for gap in found if gap.municipality_code == "GM0899"]
    assert of_brunssum == [
        ("caseload", "2016-12", "caseload_totals"),
        ("caseload", "2017-01", None),
        ("caseload_totals", "2017-01", None),
        ("caseload_totals", "2017-02", "caseload"),
        ("caseload_totals", "2017-03", "caseload"),
    ]
    assert {gap.municipality_code for gap in found} == {"GM0899", "GM0882", "GM0881"}


def test_a_retracted_delivery_leaves_a_gap(known: Folder) -> None:
    decide(
        known.writer(),
        Decision.RETRACTED,
        str(known.delivery("caseload/2017-02-07_feb.csv")["delivery"]),
        by="A. Steward",
        why="a letter",
    )

    found = find_gaps(known.writer(), "2017-02", "2017-04")

    assert [gap.month for gap in found if gap.municipality_code == "GM0899"] == ["2017-02"]


def test_an_empty_folder_has_an_empty_plan(folder: Folder) -> None:
    plan = plan_of(folder)

    applied, reported = apply(folder, plan)

    assert (plan.deliveries, plan.figures, reported, applied.differences) == ((), (), [], ())
    assert "Nothing to do" in plan_text(plan)


@pytest.mark.system
@pytest.mark.parametrize("is_first_recorded_higher", [True, False])
def test_of_two_deliveries_of_one_day_the_same_wins_in_one_sitting_and_in_two(
    known: Folder, *, is_first_recorded_higher: bool
) -> None:
    """The one that is also about January is recorded first; which one counts is for their hashes to say."""
    one_month = caseload(*month("01-02-2017", 24))
    two_months = [caseload(*month("01-01-2017", size), *month("01-02-2017", 25)) for size in range(18, 25)]
    known.put("caseload/2017-03-20_a.csv", one_month)
    known.put("caseload/2017-03-20_b.csv", with_hash(two_months, than=one_month, is_higher=is_first_recorded_higher))
    plan = plan_of(known)
    assert rows_of(plan).keys() == {"caseload/2017-03-20_a.csv", "caseload/2017-03-20_b.csv"}
    answers = iter([False, True])

    apply_plan(known.writer(), plan, lambda _: None, lambda: next(answers))
    release(known.writer(), lambda _: None)
    applied, _ = apply(known, plan)

    assert applied.differences == ()
    assert known.stock()[("GM0899", "2017-02-01", "pw")] == (25 if is_first_recorded_higher else 24)
    is_whole(known)


@pytest.mark.system
def test_final_figures_change_without_another_approval_when_a_plan_says_so(known: Folder) -> None:
    known.put("caseload/2019-02-07_later.csv", caseload(*month("01-02-2019", 12)))
    known.run()
    known.put(FEB_AGAIN, caseload(*month("01-02-2017", 22)))

    plan = plan_of(known)
    applied, _ = apply(known, plan)

    assert applied.differences == ()
    assert known.stock()[("GM0899", "2017-02-01", "pw")] == 22


@pytest.mark.system
def test_what_was_recorded_just_before_the_release_is_told(planned: Planned) -> None:
    waiting, plan = planned

    def meanwhile(done: MonthDone) -> None:
        if done.done == done.total:
            waiting.put("caseload/2017-05-07_may.csv", caseload(*month("01-05-2017", 13)))
            waiting.take_in()

    applied = apply_plan(waiting.writer(), plan, meanwhile)

    assert "caseload/2017-05-07_may.csv was recorded" in " ".join(applied.differences)
    is_whole(waiting)


def test_what_is_recorded_between_months_stops_the_plan(planned: Planned) -> None:
    waiting, plan = planned

    def meanwhile(done: MonthDone) -> None:
        if done.done == 1:
            waiting.put("caseload/2017-05-07_may.csv", caseload(*month("01-05-2017", 13)))
            waiting.take_in()

    with pytest.raises(PlanMoved, match="1 months were done before that; what is recorded stays"):
        apply_plan(waiting.writer(), plan, meanwhile)

    waiting.run()
    is_whole(waiting)


def approvals(folder: Folder, plan: str) -> list[tuple[str, str, str]]:
    """What was decided about a plan, by whom and why."""
    events = folder.writer().log.publications.rows().collect().filter(pl.col("release") == plan)
    return events.select("event", "decided_by", "why").rows()


def test_who_approved_a_plan_stands_in_the_log(done: Done) -> None:
    assert approvals(done.folder, done.plan.id) == [("plan_approved", "A. Steward", "a letter")]
    assert done.applied.differences == ()


@pytest.mark.system
def test_a_plan_that_was_refused_is_not_applied_until_it_is_made_again(planned: Planned) -> None:
    waiting, plan = planned
    record_decision(waiting.writer(), plan, REFUSED, by="A. Steward", why="wrong month")
    before = waiting.writer().log.events().height

    with pytest.raises(PlanRefused, match=rf"{plan.id} was refused by A\. Steward on .*: wrong month\."):
        apply(waiting, plan)
    with pytest.raises(PlanRefused):
        record_decision(waiting.writer(), plan, APPROVED, by="Another", why="all the same")
    assert waiting.writer().log.events().height == before

    again = plan_of(waiting)
    assert again.id == plan.id
    record_decision(waiting.writer(), again, APPROVED, by="Another", why="looked again")
    assert apply(waiting, load_plan(waiting.settings, again.id))[0].differences == ()


def run(folder: Folder, *words: str) -> int:
    parser = argparse.ArgumentParser()
    BACKFILL.add_to(parser.add_subparsers(required=True))
    options = parser.parse_args(["backfill", "--data-dir", str(folder.data), *words])
    return int(options.command(options))


def test_a_plan_without_who_and_why_is_not_applied_from_the_command_line(
    planned: Planned, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting, plan = planned
    monkeypatch.setenv("UITSTROOM_KEY", str(waiting.settings.key))
    before = waiting.events().height

    for words in ([], ["--by", "A. Steward"], ["--reason", "a letter"], ["--by", " ", "--reason", "a letter"]):
        with pytest.raises(PlanNotApproved, match=rf"{plan.id} needs who decides \(--by\) and why \(--reason\)"):
            run(waiting, "apply", plan.id, *words)

    assert (waiting.events().height, approvals(waiting, plan.id)) == (before, [])
    assert run(waiting, "apply", plan.id, "--by", "A. Steward", "--reason", "a letter") == 0
    assert run(waiting, "apply", plan.id) == 0, "it is applied, and says when that was"
    assert approvals(waiting, plan.id) == [("plan_approved", "A. Steward", "a letter")]
    is_whole(waiting)


def test_a_refused_plan_is_not_applied_from_the_command_line(planned: Planned, monkeypatch: pytest.MonkeyPatch) -> None:
    waiting, plan = planned
    monkeypatch.setenv("UITSTROOM_KEY", str(waiting.settings.key))
    record_decision(waiting.writer(), plan, REFUSED, by="A. Steward", why="wrong month")

    with pytest.raises(PlanRefused):
        run(waiting, "apply", plan.id, "--by", "Another", "--reason", "all the same")

    assert [event for event, *_ in approvals(waiting, plan.id)] == ["plan_refused"]


def test_the_commands_plan_show_apply_and_list_gaps(
    waiting: Folder, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UITSTROOM_KEY", str(waiting.settings.key))

    assert run(waiting, "plan", "--from", "2016-12", "--to", "2017-03", "--reason", "archive") == 0
    shown = capsys.readouterr().out
    plan_id = shown.split()[1].rstrip(":")
    assert "GM0899|2017-02-01|pw" in shown
    assert f"uitstroom backfill apply {plan_id}" in shown
    assert run(waiting, "show", plan_id, "--json") == 0
    assert json.loads(capsys.readouterr().out)["id"] == plan_id
    assert run(waiting, "apply", plan_id, "--by", "A. Steward") == 0
    applied = capsys.readouterr()
    assert approvals(waiting, plan_id) == [("plan_approved", "A. Steward", "archive")]
    assert "All figures are as planned." in applied.out
    assert "(month 3 of 3)" in applied.err
    assert run(waiting, "gaps", "--from", "2016-11", "--to", "2017-02") == 0
    assert "caseload GM0899: 2016-11 to 2016-12" in capsys.readouterr().out
