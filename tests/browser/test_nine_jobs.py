"""The nine jobs of a steward, each from the first page on: what comes of it, and how often the mouse was pressed.

Counted is every press of a button of the mouse; who types goes on to the next field with the Tab key.
"""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from pipeline.store.releases import releases
from tests.browser.deliveries import FEBRUARY, MARCH, MAY, delivered, file_name, reference_date, stock
from tests.browser.installation import Installation
from tests.browser.job import Job
from tests.browser.screen import Screen

pytestmark = pytest.mark.browser

MOST = 8
WHO, WHY = "M. Smeets", "zaak 2017-204"
HELD, BAD = file_name(MAY, 9, "te_veel_fouten"), 4
SPOILT = "caseload/2017-06-08_zonder_kolommen.csv"
LIVE = "caseload/2017-06-09_[kolommen](http:evil.example)_<b>![x](http:evil.example).csv"
"""A name that would be a link, a picture and bold, if a report took it for Markdown or HTML."""
TAKEN_BACK = file_name(MARCH)


@pytest.fixture
def job(screen: Screen) -> Iterator[Job]:
    """A steward at the first page; at the end the presses are counted."""
    made = Job(screen.page, screen.address, screen.pictures)
    made.begin()
    yield made
    assert 0 < made.presses <= MOST


def current(installation: Installation) -> str:
    found = releases.current(installation.folder.settings.curated)
    assert found is not None
    return found.id


def test_run_a_night_and_see_why_a_file_was_rejected(job: Job, installation: Installation) -> None:
    installation.folder.put(HELD, delivered(MAY, bad=BAD))
    installation.folder.put(SPOILT, "a;b\n1;2\n")
    installation.folder.put(LIVE, "a;b\n1;3\n")

    job.task("nightly")
    job.submit()
    installation.at_rest()
    report = job.report_of_the_night()
    expect(report).to_contain_text(SPOILT)
    expect(report).to_contain_text(LIVE)
    expect(report.locator("b, img[src*=evil], a[href*=evil]")).to_have_count(0)
    expect(report).to_contain_text("FILE-")
    expect(report).to_contain_text("ontbreek")


def test_a_report_begins_with_what_needs_attention_and_its_links_work(job: Job) -> None:
    job.page.get_by_role("link", name="Nachtrapport").click()
    report = job.page.get_by_role("tabpanel").first
    expect(report).to_contain_text(re.compile(r"Leveringen t/m: caseload \d\d-\d\d-2017"))
    headings = report.get_by_role("heading", level=2).all_inner_texts()
    in_order = ["Vraagt aandacht", "Deze maand", "Bestand, brug", "Wat veranderde er", "Ontvangstbewijzen"]
    found = [next((n for n, each in enumerate(headings) if each.startswith(begin)), None) for begin in in_order]
    assert None not in found, headings
    assert found == sorted(found), headings
    links = {str(each.get_attribute("href")) for each in report.get_by_role("link").all()}
    assert any(each.startswith("/uitgave/") for each in links)
    assert any(each.startswith("/regels#") for each in links)
    for each in sorted({link.partition("#")[0] for link in links}):
        assert each.startswith("/"), each
        answer = job.page.goto(f"{job.address}{each}")
        assert answer is not None, each
        assert answer.ok, each


def test_accept(job: Job, installation: Installation) -> None:
    assert installation.folder.delivery(HELD)["status"] == "held"
    job.picture("begin")
    job.page.get_by_role("link", name=re.compile(r"^accept\? .*te_veel_fouten")).click()
    job.decide("aanvaarden", WHO, WHY)
    job.expect_state("Completed")
    installation.at_rest()
    assert installation.folder.stock()["GM0899", reference_date(MAY).isoformat(), "pw"] == stock(MAY) - BAD


def test_retract(job: Job, installation: Installation) -> None:
    job.task("retract-delivery")
    job.type(("Levering", TAKEN_BACK), ("Wie", WHO), ("Waarom", WHY))
    job.submit()
    installation.at_rest()
    assert installation.folder.delivery(TAKEN_BACK)["status"] == "retracted"
    assert ("GM0899", reference_date(MARCH).isoformat(), "pw") not in installation.folder.stock()


def test_reinstate(job: Job, installation: Installation) -> None:
    job.task("reinstate-delivery")
    job.type(("Levering", TAKEN_BACK), ("Wie", WHO), ("Waarom", WHY))
    job.submit()
    installation.at_rest()
    assert installation.folder.delivery(TAKEN_BACK)["status"] == "recorded"
    assert installation.folder.stock()["GM0899", reference_date(MARCH).isoformat(), "pw"] == stock(MARCH)


def test_backfill(job: Job, installation: Installation) -> None:
    again = file_name(MARCH, 22, "nog_eens_201702")
    installation.folder.put(again, delivered(FEBRUARY, late=range(900, 905)))
    before = installation.folder.stock()["GM0899", reference_date(FEBRUARY).isoformat(), "pw"]
    job.task("backfill-plan")
    job.type(("Van maand", "februari 2017"), ("Tot maand", "03-2017"), ("Waarom", WHY))
    job.open_started(job.submit())
    job.expect_state("Suspended")
    job.decide("uitvoeren", WHO, WHY)
    job.expect_state("Completed")
    assert installation.folder.delivery(again)["status"] == "recorded"
    assert installation.folder.stock()["GM0899", reference_date(FEBRUARY).isoformat(), "pw"] != before


def test_as_known_on_a_day_and_what_changed_since(job: Job, installation: Installation) -> None:
    job.task("known-on")
    job.type(("Dag", "15-02-2017"))
    job.open_started(job.submit())
    job.expect_state("Completed")
    job.tab("Artifacts")
    job.page.get_by_role("tabpanel").last.get_by_text("known-on", exact=True).click()
    report = job.page.get_by_role("tabpanel").first
    expect(report).to_contain_text("Zoals bekend op 15-02-2017")
    expect(report).to_contain_text("Wat is sinds 15-02-2017 veranderd")
    expect(
        report.get_by_role("row", name=re.compile(r"caseload_stock\.benefits GM0899\|2017-02-01\|pw 33 "))
    ).to_have_count(1)


def test_go_back(job: Job, installation: Installation) -> None:
    before = current(installation)
    job.task("rollback")
    job.type(("Wie", WHO), ("Waarom", WHY))  # the release before is what the form says by itself
    job.submit()
    installation.at_rest()
    assert current(installation) != before


def test_what_cannot_be_done_says_which_step_can(job: Job) -> None:
    job.task("accept-delivery")
    job.type(("Levering", TAKEN_BACK), ("Wie", WHO), ("Waarom", WHY))
    job.open_started(job.submit())
    job.expect_state("Failed")
    job.expect_text(
        re.compile("alleen wat aangehouden of geweigerd is kan worden aanvaard. Ze telt al mee; .*retract-delivery")
    )


def test_codes_in_a_report_lead_to_the_rules_of_the_installation(job: Job) -> None:
    job.page.get_by_role("link", name="De regels, met wat te doen").click()
    expect(job.page.get_by_role("heading", name=re.compile("^DELIVERY-003 "))).to_be_visible()


def test_the_months_there_are_stand_beside_the_form_of_a_backfill(screen: Screen) -> None:
    screen.deployment("backfill-plan")
    screen.tab("Description")
    months = screen.page.get_by_role("tabpanel").first
    expect(months).to_contain_text(re.compile(r"Brunssum.*gemeld \d+"))
    expect(months.get_by_role("row", name=re.compile("^2017 [^1-9]*●")).first).to_be_visible()
