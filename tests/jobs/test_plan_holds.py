"""A plan that waits or was refused holds its files, until somebody decides anew."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest

from pipeline.backfill.plan import Plan
from pipeline.backfill.request import Request
from pipeline.jobs import plan_holds
from pipeline.jobs.backfill.apply import apply
from pipeline.jobs.backfill.errors import PlanMoved
from pipeline.jobs.backfill.kept_plans import load_plan
from pipeline.jobs.backfill.make_plan import make_plan
from pipeline.jobs.backfill.plan_decisions import APPROVED, REFUSED, record_decision
from pipeline.jobs.delivery_decisions import decide
from pipeline.jobs.nightly import Night
from pipeline.steward.reports import night_report, plan_report
from pipeline.steward.terminal_summary import summary
from pipeline.store import plans
from schemas.vocabulary import Decision
from tests.jobs.folder import Folder, benefit, caseload
from tests.ready_made import ReadyMade

FEB, APRIL = "caseload/2017-03-20_again.csv", "caseload/2017-04-07_april.csv"
STOCK = ("GM0899", "2017-02-01", "pw")
WHO = {"by": "A. Steward", "why": "a letter"}


def month(day: str, size: int, bad: int = 0) -> str:
    return caseload(
        *(benefit(n, peildatum=day, **({"ingangsdatum": "31-02-2017"} if n < bad else {})) for n in range(size))
    )


def february_is_known(folder: Folder) -> None:
    folder.put("caseload/2017-02-07_first.csv", month("01-02-2017", 20))
    folder.run()


@pytest.fixture
def folder(tmp_path: Path, ready_made: ReadyMade) -> Folder:
    """February is known; a redelivery of it lies ready, and a plan about it waits."""
    made = ready_made.copy(february_is_known, Folder.at(tmp_path, publishes=False))
    made.put(FEB, month("01-02-2017", 22))
    return made


def planned(folder: Folder, *, waits: bool = True) -> Plan:
    asked = Request("2017-02", "2017-03", ("caseload",), reason="ticket 12")
    plan = make_plan(folder.writer(), asked, lambda _: None)
    if waits:
        plan_holds.wait_for_answer(folder.writer(), plan)
    return plan


def a_plan_waits(folder: Folder) -> None:
    february_is_known(folder)
    folder.put(FEB, month("01-02-2017", 22))
    planned(folder)


class Held(NamedTuple):
    folder: Folder
    plan: Plan


@pytest.fixture
def held(tmp_path: Path, ready_made: ReadyMade) -> Held:
    """The same folder with the plan, which was made."""
    made = ready_made.copy(a_plan_waits, Folder.at(tmp_path, publishes=False))
    (name,) = plans.ids(made.settings)
    return Held(made, load_plan(made.settings, name))


def held_files(folder: Folder) -> list[str]:
    return [name for hold in plan_holds.holds(folder.writer()) for name in hold.files.values()]


def refuse(folder: Folder, plan: Plan) -> None:
    record_decision(folder.writer(), plan, REFUSED, **WHO)


def approve(folder: Folder, plan: Plan) -> None:
    record_decision(folder.writer(), plan, APPROVED, **WHO)


def test_a_night_leaves_the_files_of_a_plan_that_waits_and_takes_the_others(held: Held) -> None:
    folder, _ = held
    folder.put(APRIL, month("01-04-2017", 12))

    ran = folder.run()

    assert [each.file_name for each in ran.receipts] == [APRIL]
    assert folder.stock()[STOCK] == 20
    assert held_files(folder) == [FEB]


def test_a_plan_that_nobody_is_asked_about_holds_nothing(folder: Folder) -> None:
    planned(folder, waits=False)

    folder.run()

    assert (folder.stock()[STOCK], held_files(folder)) == (22, [])


@pytest.mark.parametrize("nights", [1, 3])
def test_refused_is_refused_whatever_night_comes(held: Held, nights: int) -> None:
    folder, plan = held
    refuse(folder, plan)

    for _ in range(nights):
        folder.run()

    assert (folder.stock()[STOCK], held_files(folder)) == (20, [FEB])


def test_no_other_name_and_no_other_day_gets_the_same_bytes_in(held: Held) -> None:
    folder, plan = held
    refuse(folder, plan)
    folder.put("caseload/2017-05-07_other.csv", month("01-02-2017", 22))
    folder.put(f"{FEB}.meta.json", '{"delivered_on": "2017-03-01"}')

    folder.run()

    assert folder.stock()[STOCK] == 20


def applied(folder: Folder, plan: Plan) -> None:
    approve(folder, plan)
    apply(folder.writer(), plan, lambda _: None)


def test_what_is_approved_is_applied_and_holds_nothing(held: Held) -> None:
    folder, plan = held
    applied(folder, plan)

    assert (folder.stock()[STOCK], held_files(folder)) == (22, [])


def test_a_new_plan_about_what_was_refused_lets_it_in_when_approved(held: Held) -> None:
    folder, plan = held
    refuse(folder, plan)
    folder.put(APRIL, month("01-04-2017", 12))
    folder.run()

    applied(folder, planned(folder))

    assert (folder.stock()[STOCK], held_files(folder)) == (22, [])


def test_a_new_plan_that_is_withdrawn_leaves_the_refusal_as_it_was(held: Held) -> None:
    folder, plan = held
    refuse(folder, plan)
    again = planned(folder)
    plan_holds.withdraw(folder.writer(), again.id, "cancelled")

    folder.run()

    assert folder.stock()[STOCK] == 20
    (hold,) = plan_holds.holds(folder.writer())
    assert (hold.event, hold.by, hold.why) == (plan_holds.REFUSED, *WHO.values())


def test_a_plan_whose_question_was_cancelled_lets_its_files_go(held: Held) -> None:
    folder, plan = held
    assert plan_holds.waiting(folder.writer()) == (plan.id,)
    plan_holds.withdraw(folder.writer(), plan.id, "cancelled")

    assert plan_holds.waiting(folder.writer()) == ()
    folder.run()
    assert folder.stock()[STOCK] == 22


def test_an_approval_that_could_not_be_applied_holds_on(held: Held) -> None:
    folder, plan = held
    folder.put(APRIL, month("01-04-2017", 12))
    folder.run()
    approve(folder, plan)
    with pytest.raises(PlanMoved):
        apply(folder.writer(), plan, lambda _: None)

    folder.run()

    assert (folder.stock()[STOCK], held_files(folder)) == (20, [FEB])


def one_is_held(folder: Folder) -> str:
    folder.put(FEB, month("01-02-2017", 22, bad=4))
    folder.run()
    return str(folder.delivery(FEB)["delivery"])


def accept(folder: Folder, delivery: str) -> None:
    decide(folder.writer(), Decision.ACCEPTED, delivery, **WHO)


def test_a_later_decision_about_the_delivery_itself_is_a_new_decision(folder: Folder) -> None:
    delivery = one_is_held(folder)
    accept(folder, delivery)
    refuse(folder, planned(folder))
    folder.run()
    assert folder.stock()[STOCK] == 20

    decide(folder.writer(), Decision.REFUSED, delivery, **WHO)
    accept(folder, delivery)
    folder.run()

    assert (folder.stock()[STOCK], held_files(folder)) == (18, [])


def test_a_night_after_another_decision_leaves_them_too(folder: Folder) -> None:
    (folder.settings.raw / FEB).rename(folder.settings.raw / "kept_apart.csv")
    folder.put(APRIL, month("01-04-2017", 20, bad=5))
    folder.run()
    (folder.settings.raw / "kept_apart.csv").rename(folder.settings.raw / FEB)
    planned(folder)

    accept(folder, str(folder.delivery(APRIL)["delivery"]))
    folder.run()

    assert (folder.stock()[STOCK], folder.stock()["GM0899", "2017-04-01", "pw"]) == (20, 15)


def test_a_plan_whose_file_is_gone_stops_no_night(held: Held) -> None:
    folder, plan = held
    (folder.data / "plans" / f"{plan.id}.json").unlink()

    folder.run()

    assert folder.stock()[STOCK] == 22


TOLD: list[tuple[Callable[[Folder, Plan], None], str]] = [
    (lambda _folder, _plan: None, "wacht sinds"),
    (refuse, "geweigerd door A. Steward: a letter."),
    (approve, "goedgekeurd door A. Steward, en niet tot het einde uitgevoerd."),
]


@pytest.mark.parametrize(("decide_it", "says"), TOLD)
def test_the_night_tells_which_files_it_left_for_which_plan(
    held: Held, decide_it: Callable[[Folder, Plan], None], says: str
) -> None:
    folder, plan = replace(held.folder, publishes=True), held.plan
    decide_it(folder, plan)
    ran = folder.run()
    night = Night(ran.receipts, ran.published, holds=plan_holds.holds(folder.writer()))

    report = night_report(night, with_pictures=False)

    assert "## Blijft liggen voor een plan" in report.markdown
    assert f"Plan {plan.id}" in report.markdown
    assert says in report.markdown
    assert f"- `{FEB}`" in report.markdown
    assert [row["file_name"] for row in report.tables["held_by_plans"]] == [FEB]
    assert f"1 files are left alone. Plan {plan.id} " in summary(night)


def test_a_plan_tells_that_it_holds_its_files_and_what_was_refused_before(held: Held) -> None:
    folder, first = held
    refuse(folder, first)
    earlier = plan_holds.holds(folder.writer())
    second = replace(planned(folder, waits=False), made_by="another")

    told = plan_report(second, waits=True, earlier=earlier).markdown

    assert "legt geen nacht de 1 bestanden ervan vast" in told
    assert f"1 van deze bestanden bleven al liggen. Plan {first.id} is op " in told
    assert "legt geen nacht" not in plan_report(second, waits=False, earlier=()).markdown
