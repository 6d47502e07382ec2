"""The pages of a release in a browser: from a folder without a server, and behind the login."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.screen import Screen
from tests.site.release import EXAMPLE, pages

pytestmark = pytest.mark.browser
WIDTHS = (1200, 820, 390)
SERIOUS = {"serious", "critical"}
OPTIONS = {"resultTypes": ["violations"]}
LONG = {"regels.html", "woordenboek.html"}
"""Hundreds of rows of one kind, which take a browser long to look at: once is enough."""


@cache
def names() -> list[str]:
    """Of all pages."""
    return sorted(name for name in pages(**EXAMPLE) if name.endswith(".html"))


def dutch() -> list[str]:
    return [name for name in names() if not name.startswith("en/")]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages as they lie on a share."""
    folder = tmp_path_factory.mktemp("release") / "site"
    for name, content in pages(**EXAMPLE).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)
    return folder


@pytest.fixture(params=["light", "dark"])
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page that may ask for nothing but files of the site."""
    asked: list[str] = []
    with browser.new_context(color_scheme=request.param) as context:
        opened = context.new_page()
        opened.on("request", lambda sent: asked.append(sent.url))
        yield opened
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []


def test_no_page_has_a_serious_finding_of_accessibility(page: Page, site: Path) -> None:
    axe, found = Axe(), {}
    is_dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    # Each twin has the structure of the other.
    for name in sorted({*dutch()} - LONG) if is_dark else sorted({*names()} - {*dutch()}):
        page.goto((site / name).as_uri())
        page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        faults = [
            each["id"] for each in axe.run(page, options=OPTIONS).response["violations"] if each["impact"] in SERIOUS
        ]
        found |= {name: faults} if faults else {}

    assert found == {}


@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_is_wider_than_its_window(browser: Browser, site: Path, width: int) -> None:
    with browser.new_context(viewport={"width": width, "height": 900}) as context:
        page = context.new_page()
        wide = []
        for name in dutch():
            page.goto((site / name).as_uri())
            if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
                wide.append(name)

    assert wide == []


def test_a_page_prints_without_menu(page: Page, site: Path) -> None:
    page.goto((site / "gemeente-GM0899.html").as_uri())
    page.emulate_media(media="print")

    expect(page.get_by_role("navigation")).to_have_count(0)
    expect(page.get_by_role("heading", name="Brunssum")).to_be_visible()


def test_a_figure_is_followed_to_its_file_behind_the_login(screen: Screen) -> None:
    screen.open("/uitgave/")
    page = screen.page
    expect(page).to_have_url(re.compile(r"/uitgave/[\w-]+/site/index\.html$"))
    page.get_by_role("link", name="Brunssum").first.click()
    figure = page.get_by_role("table").first.get_by_role("link").first
    place = figure.get_attribute("href") or ""
    figure.click()

    expect(page).to_have_url(re.compile(re.escape(place) + "$"))
    expect(page.locator(f"#{place.partition('#')[2]}")).to_contain_text(".csv")
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Benefits")
