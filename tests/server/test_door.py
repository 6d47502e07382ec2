"""The door around an application that writes down what reaches it: who comes in, and with which words."""

import asyncio
import json
from base64 import b64encode
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.types import Receive, Scope, Send

from server.guard import pages, users
from server.guard.door import COOKIE, Door
from server.guard.sessions import FAILURE_SECONDS, MOST_FAILURES, SESSION_SECONDS, Failures, Sessions

SECRET = "uitstroom:the-machine's-word"
ADDRESS = "http://127.0.0.1:4200"
PASSWORD = "correct-horse-battery"
RUN, DEPLOYMENT = "0" * 8 + "-0000-4000-8000-" + "0" * 12, "1" * 8 + "-0000-4000-8000-" + "0" * 12
START = f"/api/deployments/{DEPLOYMENT}/create_flow_run"
FORM = {"parameters": {"request": {"delivery": "abcdef12", "by": "Teamleider", "reason": "zaak 12", "run_now": True}}}
OWN = {"origin": ADDRESS, "sec-fetch-site": "same-origin", "sec-fetch-mode": "cors", "sec-fetch-dest": "empty"}
OPENED = {"sec-fetch-site": "none", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}


@dataclass
class Inner:
    """Stands for Prefect: writes down each request, and answers as carelessly as it does."""

    got: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)
    kind: str = "application/json"
    answer: bytes = b'{"auth": "BASIC"}'
    status: int = 200

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.accept"})
            return
        message = await receive()
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        self.got.append((scope["method"], scope["path"], headers, message.get("body", b"")))
        careless = [(b"content-type", self.kind.encode()), (b"access-control-allow-origin", b"*")]
        await send({"type": "http.response.start", "status": self.status, "headers": careless})
        await send({"type": "http.response.body", "body": self.answer})

    @property
    def body(self) -> dict[str, Any]:
        """Of the last request."""
        found: dict[str, Any] = json.loads(self.got[-1][3])
        return found


@dataclass
class Client:
    """A browser or a program in front of a door: sends what it is told, and keeps its cookies."""

    door: Door
    cookies: httpx.Cookies = field(default_factory=httpx.Cookies)

    def request(self, method: str, path: str, **sent: Any) -> httpx.Response:
        async def asked() -> httpx.Response:
            transport = httpx.ASGITransport(self.door)
            async with httpx.AsyncClient(transport=transport, base_url=ADDRESS, cookies=self.cookies) as client:
                answer = await client.request(method, path, **sent)
                self.cookies = client.cookies
                return answer

        return asyncio.run(asked())

    def get(self, path: str, **sent: Any) -> httpx.Response:
        return self.request("GET", path, **sent)

    def post(self, path: str, **sent: Any) -> httpx.Response:
        return self.request("POST", path, **sent)


@dataclass
class At:
    """A door, and somebody in front of it."""

    inner: Inner
    door: Door
    client: Client
    now: list[float]

    def log_in(self, name: str = "anna", password: str = PASSWORD, **headers: str) -> int:
        data = {"name": name, "password": password}
        sent = {"origin": ADDRESS, "sec-fetch-site": "same-origin"} | headers
        return self.client.post(pages.LOGIN, data=data, headers=sent, follow_redirects=False).status_code

    def ask(self, method: str, path: str, body: object | None = None, **headers: str) -> int:
        kind = {} if body is None else {"content-type": "application/json"}
        text = None if body is None else json.dumps(body)  # here, since it may hold what no client would send
        sent = OWN | kind | headers
        return self.client.request(method, path, content=text, headers=sent, follow_redirects=False).status_code


@pytest.fixture
def at(tmp_path: Path) -> At:
    path, inner, now = tmp_path / "users", Inner(), [1000.0]
    users.add(path, "anna", PASSWORD)

    def clock() -> float:
        return now[0]

    door = Door(inner, path, SECRET, frozenset({"127.0.0.1"}), Sessions(clock), Failures(clock))
    return At(inner, door, Client(door), now)


def basic(secret: str) -> str:
    return f"Basic {b64encode(secret.encode()).decode()}"


def test_without_a_login_nothing_reaches_the_server(at: At) -> None:
    assert at.ask("POST", "/api/flow_runs/filter", {}) == 401
    assert at.ask("POST", START, FORM) == 401
    assert at.ask("GET", "/api/admin/settings") == 401
    opened = at.client.get("/runs", headers=OPENED, follow_redirects=False)
    assert (opened.status_code, opened.headers["location"]) == (303, f"{pages.LOGIN}?next=/runs")
    assert at.inner.got == []


def test_a_machine_comes_in_with_its_secret_and_a_browser_never(at: At) -> None:
    secret = {"authorization": basic(SECRET)}
    at.client.post(START, json={"job_variables": {"command": "x"}}, headers=secret)
    assert at.inner.got[-1][2]["authorization"] == secret["authorization"]
    seen = len(at.inner.got)
    for mark in ({"origin": ADDRESS}, {"sec-fetch-site": "same-origin"}, {"cookie": "a=b"}, {"origin": "null"}):
        assert at.client.post(START, json=FORM, headers=secret | mark).status_code in {401, 403}
    assert len(at.inner.got) == seen


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://127.0.0.1:4201"},
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "cross-site"},
    ],
)
def test_another_page_gets_nothing_with_the_session_of_its_visitor(at: At, headers: dict[str, str]) -> None:
    assert at.log_in() == 303
    assert at.ask("POST", START, FORM, **headers) == 403
    assert at.ask("POST", "/api/flow_runs/filter", {}, **headers) == 403
    assert at.ask("GET", f"/api/flow_runs/{RUN}", **headers) == 403
    assert at.log_in(**headers) == 403
    assert at.inner.got == []


def test_a_request_that_changes_something_needs_an_origin(at: At) -> None:
    assert at.log_in() == 303
    assert at.client.post(START, json=FORM).status_code == 403
    assert (
        at.client.post(START, content=json.dumps(FORM), headers=OWN | {"content-type": "text/plain"}).status_code == 403
    )
    assert at.inner.got == []


@pytest.mark.parametrize(
    "host",
    [
        "evil.example", "127.0.0.1.evil.example", "", "169.254.1.1:4200", "127.0.0.1.", "127.1", "0x7f000001", "[::1]",
        "127.0.0.1:4200@evil.example", "evil.example@127.0.0.1:4200", "127.0.0.1/api/health?", "127.0.0.1:4200#",
        "127.0.0.1, evil.example", "127.0.0.1:99999999", "127.0.0.1\\evil.example", "[127.0.0.1]:4200 ",
    ],
)  # fmt: skip
def test_a_name_that_was_led_here_is_refused(at: At, host: str) -> None:
    for headers in ({"authorization": basic(SECRET)}, OPENED):
        assert at.client.get("/api/version", headers=headers | {"host": host}).status_code == 400
    assert at.inner.got == []


@pytest.mark.parametrize(
    "second",
    [("origin", "http://evil.example"), ("sec-fetch-site", "cross-site"), ("origin", ADDRESS), ("cookie", "a=b")],
)
@pytest.mark.parametrize("comes_first", [True, False])
def test_what_a_browser_says_once_does_not_count_said_twice(
    at: At, second: tuple[str, str], *, comes_first: bool
) -> None:
    assert at.log_in() == 303
    token = f"{COOKIE}={at.client.cookies[COOKIE]}"
    own = [*OWN.items(), ("cookie", token), ("content-type", "application/json")]
    at.client.cookies.clear()
    headers = [second, *own] if comes_first else [*own, second]
    answer = at.client.request("POST", START, content=json.dumps(FORM), headers=headers)
    assert answer.status_code == 403
    assert at.inner.got == []


@pytest.mark.parametrize(
    "question",
    [
        {"flow_runs": {"name": {"like_": "half \ud800"}}},
        {"flow_runs": {"name": {"like_": "\0"}}},
        {"offset": 10**25},
        {"flow_runs": {"name": {"like_": "%a" * 25_000}}},
        {"flow_runs": {"id": {"any_": [RUN] * 20_000}}},
        json.loads('{"a":' * 300 + "1" + "}" * 300),
    ],
)
def test_a_question_that_no_database_answers_goes_no_further(at: At, question: dict[str, Any]) -> None:
    assert at.log_in() == 303
    assert at.ask("POST", "/api/flow_runs/filter", question) == 403
    assert at.inner.got == []
    assert at.ask("POST", "/api/flow_runs/filter", {"flow_runs": {"id": {"any_": [RUN] * 500}}, "offset": 3}) == 200
    assert (
        at.ask("POST", "/api/ui/schemas/validate", {"values": {"a": {"__prefect_kind": "json", "value": "1"}}}) == 200
    )


def test_a_link_from_elsewhere_opens_a_page_but_not_the_api_and_logs_nobody_out(at: At) -> None:
    assert at.log_in() == 303
    link = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}
    assert at.client.get("/runs", headers=link).status_code == 200
    assert at.client.get(f"/api/flow_runs/{RUN}", headers=link).status_code == 403
    assert at.client.get("/runs", headers=link | {"sec-fetch-dest": "iframe"}).status_code == 403
    assert at.client.get(pages.LOGOUT, headers=link).status_code == 403
    assert at.client.get("/runs", headers=OPENED).status_code == 200


def test_a_run_is_started_with_its_parameters_and_nothing_else(at: At) -> None:
    assert at.log_in() == 303
    tags = ["door:boss", "plan:abcdef012345", "a1b2c3d4e5f6", "0" * 64, "arrived", "mine"]
    form = FORM | {
        "job_variables": {}, "empirical_policy": {"retries": 9}, "work_queue_name": "x", "tags": tags,
        "idempotency_key": "catch-up 2026-01-01T01:15:00+00:00 0", "flow_id": RUN, "labels": {"a": "b"},
        "state": {"type": "SCHEDULED", "name": "x", "state_details": {"scheduled_time": "2026-01-01T00:00Z", "x": 1}},
    }  # fmt: skip
    assert at.ask("POST", START, form) == 200
    key = at.inner.body["idempotency_key"]
    assert at.inner.body == {
        "idempotency_key": key,
        "parameters": {"request": FORM["parameters"]["request"] | {"by": "anna (Teamleider)"}},
        "tags": ["mine", "door:anna"],
        "state": {"type": "SCHEDULED", "state_details": {"scheduled_time": "2026-01-01T00:00Z"}},
    }
    assert key.startswith("door:")
    assert at.inner.got[-1][2]["authorization"] == basic(SECRET)
    assert "cookie" not in at.inner.got[-1][2]


@pytest.mark.parametrize(
    "form",
    [
        {"job_variables": {"command": "sh"}},
        {"job_variables": [1]},
        {"enforce_parameter_schema": False},
        {"parameters": {"request": {"__prefect_kind": "jinja", "template": "{{ 1 }}"}}},
        {"parameters": {"request": [{"a": {"__prefect_kind": "json", "value": "1"}}]}},
        {"parameters": "x"},
        {"state": {"type": "COMPLETED"}},
        {"state": {"type": "RUNNING"}},
        {"infrastructure_document_id": RUN},
        {"state": "COMPLETED"},
        {"state": {"type": ["SCHEDULED"]}},
        {"state": {"type": "SCHEDULED", "state_details": [1]}},
        {"tags": [1]},
        {"tags": ["half \ud800"]},
        {"name": "x" * 1000},
        {"name": "x\0"},
        {"parameters": {"request": {"reason": "half \udfff"}}},
        {"parameters": json.loads('{"a":' * 300 + "1" + "}" * 300)},
    ],
)
def test_how_a_run_is_started_is_not_for_a_browser(at: At, form: dict[str, Any]) -> None:
    assert at.log_in() == 303
    assert at.ask("POST", START, FORM | form) == 403
    assert at.inner.got == []


def test_an_answer_is_signed_by_who_is_logged_in(at: At) -> None:
    assert at.log_in() == 303
    for typed, signed in (("anna", "anna"), ("", "anna"), ("boss", "anna (boss)"), (None, "anna")):
        assert at.ask("POST", f"/api/flow_runs/{RUN}/resume", {"run_input": {"decision": "accept", "by": typed}}) == 200
        assert at.inner.body == {"run_input": {"decision": "accept", "by": signed}}
    kind = {"run_input": {"by": {"__prefect_kind": "json"}}}
    assert at.ask("POST", f"/api/flow_runs/{RUN}/resume", kind) == 403


def test_a_run_can_be_cancelled_and_tried_again_but_not_be_called_done(at: At) -> None:
    assert at.log_in() == 303
    path = f"/api/flow_runs/{RUN}/set_state"
    for state in ({"type": "CANCELLING", "name": "Cancelling"}, {"type": "SCHEDULED", "name": "AwaitingRetry"}):
        assert at.ask("POST", path, {"state": state | {"data": {"type": "x"}}, "force": True}) == 200
        assert at.inner.body["force"] is False
        assert "data" not in at.inner.body["state"]
        assert at.inner.body["state"]["message"].endswith("door anna.")
    for kind in ("COMPLETED", "FAILED", "RUNNING", "PAUSED", "CRASHED"):
        assert at.ask("POST", path, {"state": {"type": kind}}) == 403
    for state in ("COMPLETED", [{"type": "CANCELLED"}], {"type": "SCHEDULED", "name": ["Late"]}, {"type": None}, None):
        assert at.ask("POST", path, {"state": state}) == 403


NOT_FOR_A_BROWSER = (
    ("PATCH", f"/api/deployments/{DEPLOYMENT}"),
    ("POST", "/api/deployments/"),
    ("DELETE", f"/api/deployments/{DEPLOYMENT}"),
    ("POST", "/api/flow_runs/"),
    ("DELETE", f"/api/flow_runs/{RUN}"),
    ("PATCH", f"/api/flow_runs/{RUN}"),
    ("POST", f"/api/deployments/{DEPLOYMENT}/create_flow_run/bulk"),
    ("POST", "/api/flow_runs/bulk_set_state"),
    ("POST", f"/api/flow_runs/{RUN}/input"),
    ("PATCH", "/api/work_pools/uitstroom"),
    ("POST", "/api/work_pools/"),
    ("GET", f"/api/block_documents/{RUN}"),
    ("POST", "/api/variables/"),
    ("POST", "/api/automations/"),
    ("POST", "/api/templates/validate"),
    ("POST", "/api/artifacts/"),
    ("POST", "/api/logs/"),
    ("POST", "/api/events"),
    ("PUT", "/api/admin/storage"),
    ("GET", "/api/docs"),
    ("POST", "/api/flow_runs/filter/../../work_pools/"),
    ("POST", "/api//flow_runs/"),
    ("POST", "/api"),
    ("POST", "/runs"),
    ("GET", "/docs"),
    ("GET", "/openapi.json"),
    ("POST", f"/api/deployments/{DEPLOYMENT}/schedules"),
    ("DELETE", f"/api/deployments/{DEPLOYMENT}/schedules/{RUN}"),
    ("POST", f"/api/deployments/{DEPLOYMENT}/branch"),
    ("POST", "/api/deployments/bulk_delete"),
    ("POST", "/api/work_pools/uitstroom/queues"),
    ("PATCH", "/api/work_pools/uitstroom/queues/default"),
    ("DELETE", "/api/work_pools/uitstroom"),
    ("POST", "/api/work_pools/uitstroom/workers/heartbeat"),
    ("GET", "/api/work_pools/uitstroom/workers/connect"),
    ("POST", "/api/block_documents/"),
    ("POST", "/api/block_types/"),
    ("POST", "/api/block_capabilities/"),
    ("GET", "/api/block_types/slug/secret/block_documents/name/x"),
    ("GET", "/api/variables/name/x"),
    ("PATCH", f"/api/automations/{RUN}"),
    ("POST", "/api/concurrency_limits/"),
    ("POST", "/api/v2/concurrency_limits/"),
    ("POST", "/api/flow_runs/bulk_delete"),
    ("PATCH", f"/api/flow_runs/{RUN}/labels"),
    ("DELETE", f"/api/flow_runs/{RUN}/input/x"),
    ("POST", "/api/task_runs/"),
    ("POST", f"/api/task_runs/{RUN}/set_state"),
    ("DELETE", f"/api/artifacts/{RUN}"),
    ("PATCH", f"/api/artifacts/{RUN}"),
    ("POST", "/api/flows/"),
    ("DELETE", f"/api/flows/{RUN}"),
    ("POST", "/api/saved_searches/"),
    ("POST", "/api/admin/database/clear"),
    ("GET", "/api/hello"),
    ("GET", "/api/csrf-token/x"),
    ("POST", f"/API/deployments/{DEPLOYMENT}/create_flow_run"),
    ("POST", f"/api/deployments/{DEPLOYMENT}/create_flow_run;x=1"),
    ("POST", f"/api/./deployments/{DEPLOYMENT}/create_flow_run"),
    ("POST", f"/api/deployments/{DEPLOYMENT}/create_flow_run%3F/filter"),
    ("POST", "/api/work_pools/filter%23/queues"),
    ("TRACE", "/api/version"),
    ("OPTIONS", "/api/flow_runs/filter"),
    ("CONNECT", "/api/version"),
    ("PUT", "/begin"),
    ("DELETE", "/uitgave/"),
)


def test_what_is_not_on_the_list_is_refused(at: At) -> None:
    assert at.log_in() == 303
    harm = {"base_job_template": {}, "job_variables": {"command": "x"}}
    taken = [(how, path) for how, path in NOT_FOR_A_BROWSER if at.ask(how, path, harm) not in {403, 404, 405}]
    assert taken == []
    assert at.inner.got == []


def test_a_schedule_can_be_paused_and_nothing_else_of_a_deployment_changed(at: At) -> None:
    assert at.log_in() == 303
    assert at.ask("PATCH", f"/api/deployments/{DEPLOYMENT}", {"paused": True}) == 200
    assert at.ask("PATCH", f"/api/deployments/{DEPLOYMENT}/schedules/{RUN}", {"active": False}) == 200
    for body in ({"paused": True, "entrypoint": "x"}, {"paused": {"command": "x"}}, {"pull_steps": []}, {}):
        assert at.ask("PATCH", f"/api/deployments/{DEPLOYMENT}", body) == 403


def test_what_leaves_lets_nothing_load_from_elsewhere_and_no_other_page_read_it(at: At) -> None:
    assert at.log_in() == 303
    for path, headers in (("/api/version", OWN), ("/runs", OPENED), (pages.LOGIN, OPENED), ("/api/docs", OWN)):
        answer = at.client.get(path, headers=headers)
        assert {name: answer.headers.get(name) for name in pages.HEADERS} == pages.HEADERS
        assert not [name for name in answer.headers if name.startswith("access-control")]


def test_the_page_gets_our_style_and_no_second_login(at: At) -> None:
    assert at.log_in() == 303
    assert at.client.get("/ui-settings", headers=OWN).json() == {"auth": None}
    at.inner.kind, at.inner.answer = "text/html; charset=utf-8", b"<html><head><title>x</title></head></html>"
    page = at.client.get("/dashboard", headers=OPENED)
    assert pages.SCRIPT in page.text
    assert int(page.headers["content-length"]) == len(page.content)
    assert at.client.get("/api/admin/settings", headers=OWN).json() == pages.SETTINGS_FOR_BROWSERS


def test_wrong_passwords_are_slowed_down_by_name(at: At, caplog: pytest.LogCaptureFixture) -> None:
    assert [at.log_in(password="wrong") for _ in range(MOST_FAILURES)] == [401] * MOST_FAILURES
    assert at.log_in() == 429
    assert at.log_in("other") == 401
    at.now[0] += FAILURE_SECONDS + 1
    assert at.log_in() == 303
    assert "login of anna failed" in caplog.text
    at.log_in("my-secret-password-in-the-wrong-field")
    assert "my-secret" not in caplog.text
    assert PASSWORD not in caplog.text


def test_a_session_ends_with_the_day_with_its_user_and_with_its_password(at: At) -> None:
    def is_in() -> bool:
        return at.ask("POST", "/api/flow_runs/filter", {}) == 200

    at.log_in()
    assert is_in()
    at.now[0] += SESSION_SECONDS + 1
    assert not is_in()
    at.log_in()
    users.add(at.door.users_file, "anna", "another-long-password")
    assert not is_in()
    assert at.log_in(password="another-long-password") == 303
    assert is_in()
    users.remove(at.door.users_file, "anna")
    assert not is_in()


def test_logging_out_ends_the_session_itself(at: At) -> None:
    at.log_in()
    token = at.client.cookies[COOKIE]
    at.client.get(pages.LOGOUT, headers=OPENED, follow_redirects=False)
    assert at.ask("POST", "/api/flow_runs/filter", {}, cookie=f"{COOKIE}={token}") == 401


def test_the_cookie_is_for_this_server_alone(at: At) -> None:
    data = {"name": "anna", "password": PASSWORD}
    answer = at.client.post(pages.LOGIN, data=data, headers=OWN, follow_redirects=False)
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "domain=" not in cookie


@pytest.mark.parametrize(
    "elsewhere",
    ["//evil.example", "https://evil.example", "/\\evil.example", "/\tx", "javascript:1", "/..//evil.example", "/a//b"],
)
def test_after_the_login_nobody_is_led_elsewhere(at: At, elsewhere: str) -> None:
    data = {"name": "anna", "password": PASSWORD}
    sent = at.client.post(pages.LOGIN, params={"next": elsewhere}, data=data, headers=OWN, follow_redirects=False)
    assert sent.headers["location"] == "/"


@pytest.mark.parametrize("header", [(b"origin", ADDRESS.encode()), (b"cookie", b"a=b"), (b"sec-fetch-site", b"none")])
def test_a_browser_gets_no_socket(at: At, header: tuple[bytes, bytes]) -> None:
    def opened(*headers: tuple[bytes, bytes]) -> str:
        sent: list[Any] = []

        async def receive() -> dict[str, Any]:
            return {"type": "websocket.connect"}

        async def send(message: Any) -> None:
            sent.append(message)

        scope = {"type": "websocket", "path": "/api/events/in", "headers": list(headers)}
        asyncio.run(at.door(scope, receive, send))
        return str(sent[0]["type"])

    named = (b"host", b"127.0.0.1:4200")
    assert opened(named) == "websocket.accept"
    assert opened(named, header) == "websocket.close"
    assert opened((b"host", b"evil.example")) == "websocket.close"


def test_users_are_kept_hashed_in_a_file_of_their_owner(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home = ["--home", str(tmp_path)]
    assert users.main([*home, "add", "bob"]) == 0
    word = capsys.readouterr().out.split("with ")[1].split()[0]
    path = users.users_file(tmp_path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert word not in path.read_text()
    assert users.knows(users.read(path), "bob", word)
    assert not users.knows(users.read(path), "bob", word + "x")
    assert users.first(path) is None
    for name in ("B", "123456782", "a b", "../x", "a:b", "x" * 31, ""):
        assert users.main([*home, "add", name]) == 1
    assert users.main([*home, "remove", "carol"]) == 1
    assert users.main([*home, "remove", "bob"]) == 0
    assert users.first(path)


NUMBER = "931063644"
ANSWER = f"/api/flow_runs/{RUN}/resume"
TYPED = {
    "why": {"reason": f"over {NUMBER}"},
    "who": {"by": f"Jan {NUMBER}"},
    "in groups": {"reason": "over 931 063 644"},
    "a number": {"reason": int(NUMBER)},
    "a name of a field": {NUMBER: "x"},
    "deep": {"a": [{"b": ["x", f"bsn:{NUMBER}"]}]},
    "other digits": {"reason": "".join(chr(0x0660 + int(digit)) for digit in NUMBER)},
    "a delivery": {"delivery": NUMBER},
}


@pytest.mark.parametrize("typed", TYPED.values(), ids=TYPED.keys())
def test_a_number_of_a_person_in_a_form_or_an_answer_never_reaches_the_server(at: At, typed: dict[str, Any]) -> None:
    at.log_in()
    program = Client(at.door)
    as_machine = {"authorization": basic(SECRET)}
    answer = {"run_input": {**FORM["parameters"]["request"], **typed}}
    form = {"parameters": {"request": {**FORM["parameters"]["request"], **typed}}}
    stored = {"key": "suspended-verdict-response", "value": json.dumps(answer["run_input"])}

    for path, body in ((START, form), (ANSWER, answer)):
        assert at.ask("POST", path, body) == 422
        refused = program.post(path, json=body, headers=as_machine)
        assert refused.status_code == 422
        assert "zaaknummer" in refused.json()["exception_message"]
        assert NUMBER not in refused.text
    assert program.post(f"/api/flow_runs/{RUN}/input", json=stored, headers=as_machine).status_code == 422
    assert program.request("PATCH", f"/api/flow_runs/{RUN}", json=form, headers=as_machine).status_code == 422
    assert program.post("/api/flow_runs/", json=[form], headers=as_machine).status_code == 422
    assert at.inner.got == []


def test_a_number_of_a_person_in_a_name_or_a_key_that_stands_twice_is_refused(at: At) -> None:
    at.log_in()
    program = Client(at.door)
    as_machine = {"authorization": basic(SECRET), "content-type": "application/json"}
    twice = '{"run_input": {"reason": "over ' + NUMBER + '", "reason": "zaak"}}'
    escaped = '{"parameters": {"request": {"reason": "' + "".join(f"\\u{ord(digit):04x}" for digit in NUMBER) + '"}}}'

    assert at.ask("POST", START, {**FORM, "name": f"voor {NUMBER}"}) == 422
    assert at.ask("POST", START, {**FORM, "tags": [f"bsn {NUMBER}"]}) == 422
    for path, body in ((ANSWER, twice), (START, escaped), (START, "{"), (START, "[" * 100_000)):
        assert program.post(path, content=body, headers=as_machine).status_code == 422
    assert at.inner.got == []


def test_what_the_program_itself_stores_passes_as_it_came(at: At) -> None:
    as_machine = {"authorization": basic(SECRET)}
    hashed = "931063644" + "a" * 55
    sent: list[tuple[str, object]] = [
        (START, {"parameters": {"delivery": hashed}, "tags": [hashed], "name": "decide 0123456789ab"}),
        (START, {"parameters": {"block": "931063644abc", "reasons": ["GM0899 2017-03-01: 812 → 814"]}}),
        (START, {"tags": ["plan:931063644abc"], "parameters": {}}),
        (f"/api/flow_runs/{RUN}/input", {"key": "suspended-verdict-description", "value": f"levering {NUMBER}"}),
        ("/api/logs/", [{"message": "x"}]),
        (START, FORM),
    ]
    for path, body in sent:
        assert at.client.post(path, json=body, headers=as_machine).status_code == 200
        assert json.loads(at.inner.got[-1][3]) == body


def test_a_wrong_secret_goes_no_further_than_the_door(at: At, caplog: pytest.LogCaptureFixture) -> None:
    for wrong in ("Basic eA==", basic(SECRET + "x"), basic(SECRET)[:-4], "Bearer x", basic(SECRET).lower(), "", "é"):
        for path in ("/api/version", "/openapi.json", "/", START):
            assert at.client.post(path, json=FORM, headers={"authorization": wrong.encode()}).status_code == 401
    assert at.inner.got == []
    assert SECRET not in caplog.text
    assert "wrong secret" in caplog.text


@pytest.mark.parametrize(
    "path", ["/api/hea%0alth", "/api/health%0d%0aanna: login", "/%5c%5cevil.example", "/a%00b", "/%e2%80%ae", "/%09"]
)
def test_an_address_that_cannot_be_read_is_none(at: At, path: str, caplog: pytest.LogCaptureFixture) -> None:
    at.log_in()
    for headers in (OPENED, OWN, {"authorization": basic(SECRET)}):
        assert at.client.get(path, headers=headers).status_code == 400
    assert at.inner.got == []
    assert not [line for line in caplog.text.splitlines() if line.startswith("anna")]


def test_a_request_of_two_lengths_is_not_read(at: At) -> None:
    at.log_in()
    answer = at.client.post(
        "/api/flow_runs/filter", content=b"{}", headers=OWN | {"content-length": "2", "transfer-encoding": "chunked"}
    )
    assert (answer.status_code, answer.headers["connection"]) == (400, "close")
    assert at.inner.got == []


def test_of_a_crowd_at_the_door_no_more_passwords_are_looked_at_than_one_by_one(at: At) -> None:
    form = {"origin": ADDRESS, "sec-fetch-site": "same-origin"}

    async def crowd() -> list[int]:
        transport = httpx.ASGITransport(at.door)
        async with httpx.AsyncClient(transport=transport, base_url=ADDRESS) as client:
            tries = (client.post(pages.LOGIN, data={"name": "anna", "password": "x"}, headers=form) for _ in range(40))
            return [answer.status_code for answer in await asyncio.gather(*tries)]

    assert sorted(asyncio.run(crowd())) == [401] * MOST_FAILURES + [429] * (40 - MOST_FAILURES)


def test_what_is_behind_the_login_is_not_kept_by_the_browser(at: At) -> None:
    at.log_in()
    at.inner.answer = b"[]"
    for path, headers in (("/api/version", OWN), ("/begin", OPENED), ("/regels", OPENED), ("/inloggen", OPENED)):
        assert at.client.get(path, headers=headers).headers["cache-control"] == "no-store"
    at.inner.kind, at.inner.answer = "text/html", b"<head></head>"
    assert at.client.get("/runs", headers=OPENED).headers["cache-control"] == "no-store"
    at.inner.kind = "text/javascript"
    assert "cache-control" not in at.client.get("/assets/x.js", headers=OWN).headers


def test_the_makers_lists_are_not_asked_for_nor_are_secrets(at: At) -> None:
    at.log_in()
    secrets = at.client.post("/api/block_documents/filter", json={"include_secrets": True}, headers=OWN)
    assert secrets.json() == []
    assert at.client.get("/api/collections/views/aggregate-worker-metadata", headers=OWN).json() == {}
    assert at.inner.got == []


def test_who_changed_something_stands_in_the_log(at: At, caplog: pytest.LogCaptureFixture) -> None:
    at.log_in()
    at.ask("PATCH", f"/api/deployments/{DEPLOYMENT}", {"paused": True})
    at.ask("POST", f"/api/deployments/{DEPLOYMENT}/pause_deployment")
    at.ask("POST", "/api/flow_runs/filter", {})
    assert [line for line in caplog.messages if line.startswith("anna:")] == [
        f"anna: PATCH /api/deployments/{DEPLOYMENT}",
        f"anna: POST /api/deployments/{DEPLOYMENT}/pause_deployment",
    ]
