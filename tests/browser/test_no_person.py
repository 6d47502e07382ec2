"""Nothing that identifies a client in what Prefect shows or keeps. After the other tests there is more to see."""

import json

import pytest

from tests.browser.deliveries import secrets
from tests.browser.installation import Installation
from tests.browser.screen import Screen

pytestmark = pytest.mark.browser

ASKED = ("artifacts", "logs", "flow_runs", "task_runs", "deployments", "events")


@pytest.fixture(scope="module")
def clients(installation: Installation) -> list[str]:
    """Numbers and dossiers as they were sent, and the pseudonyms that stand for them in the log."""
    rows = installation.folder.log_rows("caseload")
    keys = {key for name in ("client_key", "partner_key") for key in rows[name].drop_nulls()}
    assert len(keys) > 20
    return [*secrets(), *sorted(keys)]


def found_in(text: str, clients: list[str]) -> list[str]:
    return [secret for secret in clients if secret in text]


def test_the_server_tells_of_no_client(installation: Installation, clients: list[str]) -> None:
    reported = {name: json.dumps(everything(installation, name)) for name in ASKED}

    assert {name: found_in(text, clients) for name, text in reported.items()} == {name: [] for name in ASKED}
    assert "bestand_201702" in reported["artifacts"]  # the search would find what is there


def test_no_log_is_for_programmers(installation: Installation) -> None:
    # What a run refuses it says in a sentence; a traceback names folders and lines of code.
    assert "Traceback" not in json.dumps(everything(installation, "logs"))


def test_the_pages_show_no_client(screen: Screen, installation: Installation, clients: list[str]) -> None:
    ended = [run for run in installation.runs_of("nightly") if run["state_type"] == "COMPLETED"]
    for run in ended[:2]:
        report = screen.artifact(run["id"], "night")
        assert found_in(report.inner_text() + screen.page.content(), clients) == []
        screen.run(run["id"])
        screen.expect_text("Finished in state")
        assert found_in(screen.page.content(), clients) == []


def test_prefects_files_hold_no_client(installation: Installation, clients: list[str]) -> None:
    files = {path: path.read_bytes() for path in installation.home.rglob("*") if path.is_file()}
    wanted = [secret.encode() for secret in clients]

    assert {path.name: [secret for secret in wanted if secret in content] for path, content in files.items()} == {
        path.name: [] for path in files
    }
    assert any(b"bestand_201702" in content for path, content in files.items() if path.name.startswith("prefect.db"))


def everything(installation: Installation, name: str) -> list[object]:
    """All of one kind, page by page."""
    if name == "events":
        return [installation.steward.ask("POST", "/events/filter", {"limit": 50})]
    found: list[object] = []
    while page := installation.steward.ask("POST", f"/{name}/filter", {"limit": 200, "offset": len(found)}):
        found += page
    return found
