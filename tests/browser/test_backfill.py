"""A backfill from the form to the figure: refused, planned, approved after a restart, applied, read."""

import polars as pl
import pytest
from playwright.sync_api import Locator, expect

from pipeline.store.releases import releases
from tests.browser.conftest import PASSWORD, USER
from tests.browser.deliveries import APRIL, FEBRUARY, LATE, MARCH, delivered, file_name, reference_date, stock
from tests.browser.installation import Installation
from tests.browser.screen import Screen

pytestmark = pytest.mark.browser

WHO, WHY = "M. Smeets", "zaak 2017-118"
IN_WORDS = {
    "sources": "Uitkeringen op een peildatum (caseload)",
    "municipalities": "GM0899 Brunssum",
    "mode": "aanvullen: wat nog niet is vastgelegd",
}
CHANGE = "caseload_stock.benefits GM0899|2017-02-01|pw 33 36"
"""A row of a report: figure, key, before, after."""


def fill(screen: Screen, start: str, end: str, why: str = WHY) -> None:
    screen.fill("Van maand", start)
    screen.fill("Tot maand", end)
    screen.fill("Waarom", why)


def figure(installation: Installation, month: int) -> int:
    return installation.folder.stock()["GM0899", reference_date(month).isoformat(), "pw"]


def planned_with_choices(screen: Screen, installation: Installation) -> str:
    """Ask for a plan with something chosen in every list, and see that the words arrive; the run's id."""
    screen.form("backfill-plan")
    fill(screen, "2017-02", "2017-05")
    screen.choose_some("Bronnen", IN_WORDS["sources"])
    screen.choose_some("Gemeenten", IN_WORDS["municipalities"])
    screen.choose("Wijze", IN_WORDS["mode"])
    screen.picture("form", screen.field("Van maand"))
    run = screen.submit()
    chosen = installation.steward.run({"id": run})["parameters"]["request"]
    assert (chosen["sources"], chosen["municipalities"]) == ([IN_WORDS["sources"]], [IN_WORDS["municipalities"]])
    assert chosen.get("mode", IN_WORDS["mode"]) == IN_WORDS["mode"]
    return run


def report_of_a_night(screen: Screen) -> Locator:
    """Start a night and open its report."""
    night = screen.quick_run("nightly")
    screen.run(night)
    screen.expect_state("Completed")
    return screen.artifact(night, "night")


def test_a_month_that_does_not_exist_is_refused_at_once_in_one_sentence(
    screen: Screen, installation: Installation
) -> None:
    plans = installation.folder.data / "plans"
    before = set(plans.iterdir())
    screen.form("backfill-plan")
    fill(screen, "2016-13", "2017-03")

    screen.run(screen.submit())
    screen.expect_state("Failed")

    stated = "Van maand '2016-13' is geen maand: schrijf maand en jaar, zoals 01-2017."
    expect(screen.page.get_by_text(stated)).to_have_count(2)  # said by the run, and in its state
    screen.picture("month-refused", screen.page.get_by_role("tablist"))
    assert set(plans.iterdir()) == before


def test_the_form_itself_refuses_a_reason_that_says_nothing(screen: Screen, installation: Installation) -> None:
    before = len(installation.runs_of("backfill-plan"))
    screen.form("backfill-plan")
    fill(screen, "2016-12", "2017-03", why="x")

    stated = screen.refused()

    assert "'request.reason'. Failure reason: 'x' is too short" in stated
    assert len(installation.runs_of("backfill-plan")) == before


def test_a_range_without_a_month_fails_at_once_in_one_sentence(screen: Screen) -> None:
    screen.form("backfill-plan")
    fill(screen, "2017-03", "2017-02")

    screen.run(screen.submit())
    screen.expect_state("Failed")

    screen.expect_text("Finished in state Failed")
    refusal = screen.page.get_by_text("Van 2017-03 tot 2017-02 is geen maand: tot is de eerste die niet meer meedoet.")
    expect(refusal).to_have_count(2)  # said by the run, and in its state


def test_a_plan_waits_over_a_restart_and_changes_the_figure_when_approved(
    screen: Screen, installation: Installation
) -> None:
    before = releases.current(installation.folder.settings.curated)
    assert before is not None
    again, april = file_name(MARCH, 20, "herlevering_202"), file_name(APRIL)
    installation.folder.put(again, delivered(FEBRUARY, late=LATE))
    installation.folder.put(april, delivered(APRIL))

    run = planned_with_choices(screen, installation)
    screen.run(run)
    screen.expect_state("Suspended")
    plan = screen.artifact(run, "plan")
    figures = plan.get_by_role("heading", name="Welke cijfers veranderen")
    screen.picture("plan", figures)
    expect(plan.get_by_role("row", name=CHANGE)).to_have_count(1)
    assert figure(installation, FEBRUARY) == stock(FEBRUARY) == 33

    left = report_of_a_night(screen)
    expect(left).to_contain_text("Blijft liggen voor een plan")
    expect(left).to_contain_text(again)
    assert figure(installation, FEBRUARY) == 33

    installation.stop()
    installation.start()
    screen.log_in(USER, PASSWORD)

    screen.run(run)
    screen.expect_state("Suspended")
    screen.resume("uitvoeren", who=WHO, why=WHY)
    screen.picture("approve")
    screen.answer()
    screen.expect_state("Completed")
    screen.expect_text("2017-02: leveringen: 1, rijen vastgelegd: 37 (maand 1 van 2)")
    screen.expect_text("2017-04: leveringen: 1, rijen vastgelegd: 36 (maand 2 van 2)")
    screen.picture("progress", screen.page.get_by_text("(maand 1 van 2)").first)

    applied = screen.artifact(run, "applied")
    expect(applied).to_contain_text("Alle cijfers zijn als gepland.")
    expect(applied.get_by_role("row", name=CHANGE)).to_have_count(1)

    assert (figure(installation, FEBRUARY), figure(installation, APRIL)) == (36, stock(APRIL))
    delivery = str(installation.folder.delivery(again)["delivery"])
    now = releases.current(installation.folder.settings.curated)
    assert now is not None
    restated = releases.read(now, "restatements").filter(
        pl.col("release") == now.id, pl.col("table") == "caseload_stock", pl.col("key") == "GM0899|2017-02-01|pw",
        pl.col("column") == "benefits",
    ).collect()  # fmt: skip
    assert restated.select("value_before", "value_after", "cause", "previous_release").rows() == [
        (33.0, 36.0, delivery, before.id)
    ]
    ended = installation.steward.run({"id": run})
    assert f"Goedgekeurd door {USER} ({WHO})" in ended["state"]["message"]
    (plan_id,) = (tag.removeprefix("plan:") for tag in ended["tags"] if tag.startswith("plan:"))
    publications = installation.folder.writer().log.publications.rows().collect()
    decided = publications.filter(release=plan_id, event="plan_approved")
    assert decided.select("decided_by", "why").rows() == [(f"{USER} ({WHO})", WHY)]

    report = report_of_a_night(screen)
    expect(report.get_by_role("row", name=f"{CHANGE} {delivery[:12]} opgenomen")).to_have_count(1)
    screen.picture("changed", report.get_by_role("heading", name="Wat veranderde er sinds de vorige uitgave"))
