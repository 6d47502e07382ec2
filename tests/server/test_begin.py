"""The first page of a steward: what it shows of what the server knows, and that names from outside stay text."""

import pytest

from pipeline.settings import LANGUAGE
from server.guard import begin
from tests.server.test_door import OPENED, SECRET, At, at, basic

__all__ = ["at"]
RUN = {"id": "r-1", "name": "accept? bestand_201811.csv (Brunssum, 2018-11)", "state_name": "Suspended", "state": None}
NIGHT = {"id": "n-1", "name": "nightly 27-11-2026 02:15", "state_name": "Attention",
         "state": {"message": "1 afgewezen: fout.csv"}}  # fmt: skip
TASKS = [
    {"id": f"d-{name}", "name": name, "description": f"Doet *{name}*.\n\nNog een alinea."}
    for name in ("approve-release", "decide-delivery", "maintain", "nightly", "rollback")
]


def seen(**changed: begin.Found) -> begin.Seen:
    found: dict[str, begin.Found] = {
        "waiting": [RUN], "working": [], "ended": [], "nights": [NIGHT], "reports": [{"id": "a-1"}], "tasks": TASKS,
    }  # fmt: skip
    return begin.Seen(**(found | changed))


def test_what_waits_leads_to_its_question_and_the_night_to_its_report() -> None:
    told = begin.page(seen())
    assert '<a href="/runs/flow-run/r-1">accept? bestand_201811.csv (Brunssum, 2018-11)</a>' in told
    assert "<strong>vraagt aandacht</strong>. 1 afgewezen: fout.csv" in told
    assert '<a href="/artifacts/artifact/a-1">Nachtrapport</a>' in told
    assert "Nu bezig" not in told
    assert "Nu bezig" in begin.page(seen(working=[RUN]))


def test_a_task_leads_to_its_form_the_usual_ones_first_and_those_of_nights_not_at_all() -> None:
    told = begin.page(seen())
    places = [told.index(f'<a href="/deployments/deployment/d-{name}/run">{name}</a>: Doet {name}.') for name in (
        "nightly", "rollback", "approve-release", "maintain",
    )]  # fmt: skip
    assert places == sorted(places)
    assert "decide-delivery" not in told
    assert "Nog een alinea" not in told


def test_of_a_new_installation_it_says_so() -> None:
    told = begin.page(seen(waiting=[], nights=[], reports=[]))
    assert "<p>Niets.</p>" in told
    assert "Er was nog geen nacht." in told


def test_english_by_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(LANGUAGE, "en")
    told = begin.page(seen())
    assert '<html lang="en">' in told
    assert "What you can do" in told
    assert "Wat u kunt doen" not in told
    assert "<strong>Attention</strong>" in told


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>.csv", "a\x1b[31m.csv", 'x" onmouseover="y.csv', "123456782.csv"]
)
def test_a_name_from_outside_is_text(name: str) -> None:
    told = begin.page(seen(waiting=[RUN | {"name": name}], nights=[NIGHT | {"state": {"message": name}}]))
    for live in ("<script", "\x1b", '" onmouseover', "123456782"):
        assert live not in told


def test_it_is_the_first_page_asks_as_this_machine_and_is_not_kept(at: At) -> None:
    at.inner.answer = b"[]"
    assert at.client.get("/begin", headers=OPENED, follow_redirects=False).status_code == 303
    assert at.log_in() == 303
    first = at.client.get("/", headers=OPENED, follow_redirects=False)
    assert (first.status_code, first.headers["location"]) == (303, begin.BEGIN)
    page = at.client.get("/begin", headers=OPENED)
    assert (page.status_code, page.headers["cache-control"]) == (200, "no-store")
    assert {headers["authorization"] for _, _, headers, _ in at.inner.got} == {basic(SECRET)}
    assert at.client.get("/begin", headers=OPENED | {"sec-fetch-site": "cross-site"}).status_code == 200  # a link to it
    assert (
        at.client.get(
            "/begin", headers=OPENED | {"sec-fetch-dest": "iframe"} | {"sec-fetch-site": "cross-site"}
        ).status_code
        == 403
    )


def test_a_busy_server_is_one_sentence(at: At) -> None:
    assert at.log_in() == 303
    at.inner.status, at.inner.answer = 503, b"{}"
    page = at.client.get("/begin", headers=OPENED)
    assert page.status_code == 503
    assert "De server is bezig" in page.text
