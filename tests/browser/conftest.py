"""One installation, one browser for all tests here. Run by ``make test-browser``; says what is missing."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, StorageState, expect, sync_playwright

from server.guard import users
from tests.browser import deliveries
from tests.browser.installation import Installation
from tests.browser.screen import Screen
from tests.jobs.folder import Folder
from tests.ports import free_port

CHROMIUM = "UITSTROOM_CHROMIUM"
USER, PASSWORD = "anna", "a-long-enough-password"
"""The steward of these tests."""
PICTURES = "UITSTROOM_PICTURES"
"""A folder in which the run leaves the pictures of ``docs/tutorial/steward.md``; unset, it leaves none."""

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
)  # fmt: skip
PATIENCE = 240_000
"""Milliseconds after which a page that does not show what it should is a failure; none waits that long when well."""


def chromium() -> str:
    found = os.environ.get(CHROMIUM) or next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.skip(f"needs Chromium (on Debian: apt install chromium), or {CHROMIUM}=/path/to/it")
    return found


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium()
    with sync_playwright() as play:
        started = play.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield started
        started.close()


@pytest.fixture(scope="session")
def installation(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A server with a first night behind it: twelve months of Brunssum, up to March 2017."""
    made = Installation(Folder.at(tmp_path_factory.mktemp("browser")), free_port())
    made.home.mkdir(parents=True, mode=0o700)
    users.add(users.users_file(made.home), USER, PASSWORD)
    deliveries.put_year(made.folder)
    try:
        made.start()
        first = made.steward.finished(made.steward.start("nightly"))
        assert first["state_name"] == "Completed", first["state"]
        yield made
    finally:
        made.stop()


_COOKIES: dict[int, StorageState] = {}
"""By how often the server was started: sessions end with it."""


@pytest.fixture
def logged_in(browser: Browser, installation: Installation) -> StorageState:
    """The cookies of a steward who logged in at the page, once for all tests between two starts of the server."""
    if installation.starts not in _COOKIES:
        with browser.new_context() as context:
            context.set_default_timeout(PATIENCE)
            Screen(context.new_page(), installation.address).log_in(USER, PASSWORD)
            _COOKIES[installation.starts] = context.storage_state()
    return _COOKIES[installation.starts]


@pytest.fixture
def screen(browser: Browser, installation: Installation, logged_in: StorageState) -> Iterator[Screen]:
    """A steward's page. At the end of each test: it asked nobody but the server."""
    folder = os.environ.get(PICTURES)
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
    expect.set_options(timeout=PATIENCE)
    asked: list[str] = []
    with browser.new_context(
        viewport={"width": 1200, "height": 800}, locale="nl-NL", timezone_id="Europe/Amsterdam",
        storage_state=logged_in,
    ) as context:  # fmt: skip
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        yield Screen(page, installation.address, Path(folder) if folder else None)
    assert [url for url in asked if not url.startswith((installation.address, "data:", "blob:"))] == []
