"""What a steward does at the screen: open, fill in, press, read. Here: where things are on Prefect's pages.

Not here: what is right (the tests). The pages are those of Prefect's first user interface: it asks nobody outside the
machine, shows *Resume* as a button, and takes a form at the first press.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Locator, Page, Response, expect
from playwright.sync_api import TimeoutError as NotInTime

BUSY = 503
GLANCE = 5_000
"""Milliseconds after which a person presses again."""


@dataclass(frozen=True)
class Screen:
    """A browser's page at an installation's address."""

    page: Page
    address: str
    pictures: Path | None = None

    def open(self, path: str) -> None:
        self.page.goto(f"{self.address}{path}")

    def log_in(self, name: str, password: str) -> None:
        """Open the installation and fill in who it is."""
        self.open("/dashboard")
        self.page.get_by_label("Naam").fill(name)
        self.page.get_by_label("Wachtwoord").fill(password)
        self.page.get_by_role("button", name="Inloggen").click()
        self.page.wait_for_url(f"{self.address}/dashboard")

    def deployment(self, name: str) -> None:
        """Open a deployment from the list, as from the menu."""
        self.open("/deployments")
        self.page.get_by_role("link", name=name, exact=True).first.click()
        expect(self.page.get_by_role("banner")).to_contain_text(name)

    def form(self, name: str) -> None:
        """Open the form of a deployment."""
        self.deployment(name)
        self._menu(self.page.get_by_role("link", name="Custom run"))
        expect(self.page.get_by_role("heading", name="Parameters")).to_be_visible()

    def quick_run(self, name: str) -> str:
        """Start a deployment that asks nothing; the run's id."""
        self.deployment(name)
        quick = self.page.get_by_role("button", name="Quick run")
        return _id_in(self._press(lambda: self._menu(quick), "/create_flow_run"))

    def fill(self, title: str, text: str) -> None:
        """Type into a field, and see it stand there; a form drawn anew just then would have lost it."""
        box = self.field(title).get_by_role("textbox")
        box.fill(text)
        expect(box).to_have_value(text)

    def choose(self, title: str, option: str) -> None:
        # At its arrow: pressed elsewhere, the list takes the focus, gives it back, and closes again.
        self.field(title).locator(".p-select-button__icon").click()
        self.page.locator(".p-select-option").filter(has_text=option).click()

    def choose_some(self, title: str, *options: str) -> None:
        """Of a list of which several may be chosen: it stays open until something else is pressed."""
        self.field(title).locator(".p-select-button__icon").click()
        for option in options:
            self.page.locator(".p-select-option").filter(has_text=option).click()
        self.page.get_by_role("heading", name="Parameters").click()
        expect(self.page.locator(".p-select-option")).to_have_count(0)

    def submit(self) -> str:
        """Press *Submit* of a deployment's form; the run's id."""
        return _id_in(self._press(self.page.get_by_role("button", name="Submit").click, "/create_flow_run"))

    def refused(self) -> str:
        """Press *Submit* of a form that is wrong; what the page says."""
        answer = self._press(self.page.get_by_role("button", name="Submit").click, "/create_flow_run")
        assert not answer.ok, f"taken: {answer.request.post_data}"
        stated = self.page.get_by_text("Error creating flow run").last
        expect(stated).to_be_visible()
        return stated.inner_text()

    def run(self, run_id: str) -> None:
        self.open(f"/runs/flow-run/{run_id}")

    def run_from_list(self, name: str) -> None:
        """Open a run by its name from the list of all runs."""
        self.open("/runs")
        self.page.get_by_role("link", name=name).first.click()

    def expect_state(self, name: str) -> None:
        """Wait until the run's page shows a state; the page asks the server again by itself."""
        expect(self.page.get_by_role("banner").get_by_text(name, exact=True)).to_be_visible(timeout=900_000)

    def tab(self, name: str) -> None:
        self.page.get_by_role("tablist").get_by_text(name, exact=True).click()

    def expect_text(self, text: str | re.Pattern[str]) -> None:
        expect(self.page.get_by_text(text).first).to_be_visible()

    def artifact(self, run_id: str, key: str) -> Locator:
        """Open a report of a run from its tab *Artifacts*; the report's text."""
        self.run(run_id)
        self.tab("Artifacts")
        self.page.get_by_text(key, exact=True).first.click()
        expect(self.page.get_by_role("tablist").get_by_text("Raw", exact=True)).to_be_visible()
        report = self.page.get_by_role("tabpanel").first
        expect(report).to_contain_text(re.compile(r"\w+"))
        return report

    def resume(self, decision: str, *, who: str, why: str) -> None:
        """Open the question of a waiting run and fill in the answer."""
        self.page.get_by_role("button", name="Resume").click()
        self.choose("Besluit", decision)
        self.fill("Wie", who)
        self.fill("Waarom", why)

    def answer(self) -> None:
        """Press *Submit* of a question."""
        response = self._press(self.page.get_by_role("button", name="Submit").click, "/resume")
        assert response.json()["status"] == "ACCEPT", response.text()

    def picture(self, name: str, at: Locator | None = None) -> None:
        """Keep what is seen now, with ``at`` on top, where pictures are asked for."""
        if self.pictures is None:
            return
        if at is not None:
            at.evaluate("element => element.scrollIntoView({block: 'start'})")
        self.page.wait_for_load_state("networkidle")
        seen = Image.open(BytesIO(self.page.screenshot(animations="disabled"))).convert("RGB")
        seen.quantize(256, dither=Image.Dither.NONE).save(self.pictures / f"{name}.png", optimize=True)

    def field(self, title: str) -> Locator:
        # Labels lie within the label of their group, which comes first.
        return self.page.locator(".p-label").filter(has_text=title).last

    def _menu(self, item: Locator) -> None:
        """Open the menu *Run* of a deployment's page and choose. It closes when the page is drawn anew: once more."""
        for turn in range(5):
            self.page.get_by_role("button", name="Run", exact=True).click()
            try:
                item.click(timeout=GLANCE)
            except NotInTime:
                if turn == 4:
                    raise
            else:
                return

    def _press(self, press: Callable[[], None], path: str) -> Response:
        """Press, and press again when the database was busy: the page says so, and a person does the same."""
        for _ in range(5):
            with self.page.expect_response(lambda response: response.url.endswith(path)) as answered:
                press()
            if answered.value.status != BUSY:
                break
        return answered.value


def _id_in(response: Response) -> str:
    assert response.ok, response.text()
    return str(response.json()["id"])
