"""A delivery that is held: the night's report, the question beside its reasons, the answer in the log."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import USER
from tests.browser.deliveries import MAY, delivered, file_name, reference_date, stock
from tests.browser.installation import Installation
from tests.browser.screen import Screen

pytestmark = pytest.mark.browser

WHO, WHY = "M. Smeets", "brief van de ISD gezien"
NAME, BAD = file_name(MAY), 3


def test_a_held_delivery_is_accepted_in_the_browser(screen: Screen, installation: Installation) -> None:
    content = delivered(MAY, bad=BAD)
    rows = content.count("\n") - 1
    installation.folder.put(NAME, content)

    night = screen.quick_run("nightly")
    screen.run(night)
    screen.expect_state("Held")
    report = screen.artifact(night, "night")
    expect(report).to_contain_text(f"{NAME}, levering {installation.folder.delivery(NAME)['delivery'][:12]}")
    expect(report).to_contain_text(f"DELIVERY-003: {BAD} van {rows} rijen kunnen niet worden opgenomen (meer dan 5 %)")
    screen.picture("night")
    screen.picture("night-plot", report.get_by_role("img").first)

    delivery = str(installation.folder.delivery(NAME)["delivery"])
    screen.run_from_list(f"accept? {NAME.rpartition('/')[2]} (Brunssum, {reference_date(MAY):%Y-%m})")
    screen.expect_state("Suspended")
    screen.expect_text("Finished in state Suspended")
    screen.picture("waiting")
    (question,) = installation.steward.runs(flow_runs={"tags": {"all_": [delivery]}})
    reasons = screen.artifact(question["id"], "held-delivery")
    expect(reasons.get_by_role("row", name=f"VALUE-001 {BAD}")).to_have_count(1)
    expect(reasons.get_by_role("row", name=f"{NAME} VALUE-001 ingangsdatum {BAD} ")).to_have_count(1)
    screen.picture("held")

    screen.run(question["id"])
    screen.resume("aanvaarden", who=WHO, why=WHY)
    screen.picture("decide")
    screen.answer()
    screen.expect_state("Completed")
    reported = f"{NAME} is aanvaard, door {USER} ({WHO})."
    screen.expect_text(reported)
    screen.picture("decided", screen.page.get_by_text(reported).first)

    decided = installation.folder.events().filter(delivery=delivery, event="accepted")
    assert decided.select("file_name", "decided_by", "why").rows() == [(NAME, f"{USER} ({WHO})", WHY)]
    message = installation.steward.run(question)["state"]["message"]
    (shown,) = (run for run in installation.runs_of("nightly") if f"De run {run['name']} verwerkt het" in message)
    screen.run(shown["id"])
    screen.expect_state("Completed")
    assert installation.folder.stock()["GM0899", reference_date(MAY).isoformat(), "pw"] == stock(MAY) - BAD
    recorded = installation.folder.delivery(NAME)
    assert (recorded["status"], recorded["rows_recorded"], recorded["rows_quarantined"]) == (
        "recorded",
        rows - BAD,
        BAD,
    )
