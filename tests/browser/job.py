"""A steward's job from the first page on, presses of the mouse counted. Not here: Prefect's pages (``screen``)."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Locator, expect

from tests.browser.screen import Screen

NEAR = 12
"""Presses of the Tab key from one text to the next, at most: between them lie choices and buttons."""
WORK_SECONDS = 900
_COUNTS = """addEventListener('pointerdown', () => {
  sessionStorage.presses = Number(sessionStorage.presses || 0) + 1;
}, true);"""


@dataclass(frozen=True)
class Job(Screen):
    """One job; who types goes on to the next field with the Tab key."""

    def begin(self) -> None:
        """Open the first page, and count from there on."""
        self.page.add_init_script(_COUNTS)
        self.open("/")
        expect(self.page.get_by_role("heading", name="Wacht op u")).to_be_visible()

    @property
    def presses(self) -> int:
        return int(self.page.evaluate("Number(sessionStorage.presses || 0)"))

    def task(self, name: str) -> None:
        """From the first page to the form of a task."""
        self.page.get_by_role("link", name=name, exact=True).click()
        expect(self.page.get_by_role("button", name="Submit")).to_be_visible()

    def type(self, *fields: tuple[str, str]) -> None:
        """Fill in fields: the first is where typing goes, the Tab key leads to the others."""
        for title, text in fields:
            box = self.field(title).get_by_role("textbox")
            expect(box).to_be_visible()
            self._tab_to(box)
            self.page.keyboard.press("Control+a")
            self.page.keyboard.insert_text(text)  # at once: a form drawn anew would lose single letters
            expect(box).to_have_value(text)

    def decide(self, decision: str, who: str, why: str) -> None:
        """Answer the question of a waiting run."""
        self.page.get_by_role("button", name="Resume").click()
        self.type(("Wie", who), ("Waarom", why))
        self.choose("Besluit", decision)
        self.answer()

    def open_started(self, run_id: str) -> None:
        """Back to the first page, and from there to the run that was just started."""
        self._back()
        link = self.page.locator(f'a[href="/runs/flow-run/{run_id}"]').first
        self._until(lambda: link.count() > 0)
        link.click()

    def report_of_the_night(self) -> Locator:
        """Back to the first page, there until nothing is at work, then the night's report."""
        self._back()
        self._until(lambda: not self.page.get_by_role("heading", name="Nu bezig").count())
        self.page.get_by_role("link", name="Nachtrapport").click()
        return self.page.get_by_role("tabpanel").first

    def _until(self, is_so: Callable[[], bool]) -> None:
        """Look again until the first page shows it."""
        end = time.monotonic() + WORK_SECONDS
        while not is_so():
            assert time.monotonic() < end, "the first page does not show it"
            self.page.wait_for_timeout(700)
            self.page.reload()

    def _back(self) -> None:
        self.page.get_by_role("link", name="Begin", exact=True).click()
        expect(self.page.get_by_role("heading", name="Wacht op u")).to_be_visible()

    def _tab_to(self, box: Locator) -> None:
        """To the field that comes next; the first one of a form is where typing goes. Else with the mouse."""
        for _ in range(NEAR):
            if box.evaluate("element => element === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        box.click()
