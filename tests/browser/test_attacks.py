"""What a page of another site can do in the browser of a steward who is logged in: nothing.

The page is served by another server of this machine, whose cookies a browser shares with ours; each attack is really
made by the browser. Not here: requests without a browser (``tests/server/test_door.py``).
"""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PASSWORD, USER
from tests.browser.installation import Installation
from tests.browser.screen import Screen

pytestmark = pytest.mark.browser

BLANK = "<!doctype html><title>elsewhere</title><p id=here>here"


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[str]:
    """The address of another site on this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-type", "text/html")
            self.end_headers()
            self.wfile.write(BLANK.encode())

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@pytest.fixture(params=["127.0.0.1", "localhost"])
def evil(request: pytest.FixtureRequest, screen: Screen, elsewhere: str) -> Iterator[Page]:
    """The other site, open in a second page of the steward's browser: at the same name, and at another."""
    page = screen.page.context.new_page()
    page.goto(elsewhere.replace("127.0.0.1", str(request.param)))
    expect(page.locator("#here")).to_be_visible()
    yield page
    page.close()


def fetched(page: Page, address: str, path: str, body: object, **options: object) -> dict[str, Any]:
    """What the page gets to know when it asks for an address with the visitor's cookies."""
    script = """async ([address, body, options]) => {
        try {
            const sent = {credentials: 'include', ...options};
            if (body !== null) Object.assign(sent, {method: 'POST', body: JSON.stringify(body)});
            const answer = await fetch(address, sent);
            return {status: answer.status, type: answer.type, text: await answer.text()};
        } catch (error) { return {error: String(error)}; }
    }"""
    found: dict[str, Any] = page.evaluate(script, [f"{address}{path}", body, options])
    return found


def runs(installation: Installation) -> set[str]:
    return {run["id"] for run in installation.steward.runs(limit=200)}


@pytest.fixture
def start(installation: Installation) -> str:
    return f"/api/deployments/{installation.steward.deployment('maintain')['id']}/create_flow_run"


HARM = {"job_variables": {"command": "sh -c 'touch /tmp/harm'"}}


@pytest.mark.parametrize("kind", ["application/json", "text/plain"])
def test_a_page_elsewhere_starts_no_run(evil: Page, installation: Installation, start: str, kind: str) -> None:
    before = runs(installation)
    for mode in ("cors", "no-cors"):
        for body in ({}, HARM):
            got = fetched(evil, installation.address, start, body, mode=mode, headers={"content-type": kind})
            assert not got.get("text")
    assert runs(installation) == before


def test_a_page_elsewhere_reads_nothing(evil: Page, installation: Installation) -> None:
    for path, body in (
        ("/api/flow_runs/filter", {}),
        ("/api/admin/version", None),
        ("/runs", None),
        ("/inloggen", None),
    ):
        for mode in ("cors", "no-cors"):
            assert not fetched(evil, installation.address, path, body, mode=mode).get("text")


def test_a_form_elsewhere_sends_nothing_that_counts(evil: Page, installation: Installation, start: str) -> None:
    before = runs(installation)
    evil.evaluate(
        """([address, text]) => {
            const form = Object.assign(document.createElement('form'),
                {method: 'post', action: address, enctype: 'text/plain'});
            const field = Object.assign(document.createElement('input'), {name: text, value: ''});
            form.append(field); document.body.append(form); form.submit();
        }""",
        [f"{installation.address}{start}", json.dumps(HARM)],
    )
    evil.wait_for_url(f"**{start}")
    expect(evil.locator("body")).to_contain_text("Een andere site vroeg dit")
    assert runs(installation) == before


def test_nobody_else_shows_our_pages(evil: Page, installation: Installation) -> None:
    evil.evaluate(
        """address => { const frame = Object.assign(document.createElement('iframe'), {src: address, id: 'shown'});
                        document.body.append(frame); }""",
        f"{installation.address}/runs",
    )
    evil.wait_for_timeout(2_000)
    shown = next(frame for frame in evil.frames if frame != evil.main_frame)
    assert "Runs" not in shown.content()
    assert "Inloggen" not in shown.content()


def test_a_page_elsewhere_gets_no_socket(evil: Page, installation: Installation) -> None:
    ended = evil.evaluate(
        """address => new Promise(done => { const socket = new WebSocket(address);
            socket.onopen = () => done('open'); socket.onerror = () => done('refused'); })""",
        f"{installation.address.replace('http', 'ws')}/api/events/out",
    )
    assert ended == "refused"


def test_a_page_elsewhere_logs_nobody_in_or_out(evil: Page, screen: Screen, installation: Installation) -> None:
    as_form = {"content-type": "application/x-www-form-urlencoded"}
    evil.evaluate(
        """([address, body, headers]) =>
            fetch(address, {method: 'POST', credentials: 'include', mode: 'no-cors', body, headers}).catch(String)""",
        [f"{installation.address}/inloggen", f"name={USER}&password={PASSWORD}", as_form],
    )
    evil.evaluate("address => { new Image().src = address; }", f"{installation.address}/uitloggen")
    evil.wait_for_timeout(1_000)
    screen.open("/runs")
    expect(screen.page.get_by_role("link", name="Uitloggen")).to_be_visible()


def test_a_steward_cannot_change_how_a_run_is_started(screen: Screen, installation: Installation, start: str) -> None:
    # The page itself, with the session of who is logged in: a script that got into it could do no more.
    screen.open("/deployments")
    before = runs(installation)
    json_kind = {"content-type": "application/json"}
    for path, body in (
        (start, HARM),
        (start, {"parameters": {"x": {"__prefect_kind": "jinja", "template": "{{ 1 }}"}}}),
        ("/api/flow_runs/", {"flow_id": "0" * 32}),
        ("/api/work_pools/", {"name": "p", "type": "process"}),
        ("/api/block_types/", {"name": "x"}),
    ):
        assert fetched(screen.page, installation.address, path, body, headers=json_kind)["status"] == 403
    assert runs(installation) == before
    template = installation.steward.ask("GET", "/work_pools/uitstroom")["base_job_template"]["variables"]["properties"]
    assert set(template) & {"command", "env", "working_dir"} == set()


def test_the_page_shows_no_way_to_the_maker_and_a_way_out(
    browser: Browser, screen: Screen, installation: Installation
) -> None:
    screen.open("/runs")
    expect(screen.page.get_by_role("link", name="Uitloggen")).to_be_visible()
    for name in ("Blocks", "Variables", "Concurrency"):
        expect(screen.page.get_by_role("link", name=name, exact=True)).to_be_hidden()
    with browser.new_context() as context:  # a session of its own: that of the other tests goes on
        own = Screen(context.new_page(), installation.address)
        own.log_in(USER, PASSWORD)
        own.page.get_by_role("link", name="Uitloggen").click()
        expect(own.page.get_by_label("Naam")).to_be_visible()
        own.open("/runs")
        expect(own.page.get_by_label("Naam")).to_be_visible()
