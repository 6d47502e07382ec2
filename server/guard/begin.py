"""The first page of a steward: what waits for somebody, how the last night ended, what can be started.

Here: asking the server inside the door and the page as HTML, made anew each time. Each task leads to its form at once.
Not here: who may see it (``door``), what the tasks are (``prefect.yaml``, ``server.deploy``).
"""

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from httpx import ASGITransport, AsyncClient, HTTPError
from starlette.responses import HTMLResponse
from starlette.types import ASGIApp

from pipeline.steward.report_rows import RULES_PAGE
from pipeline.steward.wording import is_english, words
from schemas.spelling import shown

BEGIN = "/begin"
_MOST, _LAST = 50, 6
_OFTEN = (
    "nightly",
    "backfill-plan",
    "known-on",
    "accept-delivery",
    "retract-delivery",
    "reinstate-delivery",
    "rollback",
)
"""What a steward does most stands first; the others follow by name."""
_BY_A_NIGHT = ("decide-delivery", "decide-release")
"""Nights start these; there is nothing to start by hand."""
_STATES = {
    "Suspended": "wacht op uw antwoord", "Paused": "wacht", "Scheduled": "gepland",
    "Late": "had al moeten beginnen", "AwaitingRetry": "begint opnieuw", "Pending": "begint",
    "Running": "bezig", "AwaitingWriter": "wacht op een andere run", "Cancelling": "stopt",
    "Completed": "klaar", "Failed": "mislukt", "Crashed": "afgebroken", "TimedOut": "te lang bezig",
    "Cancelled": "gestopt", "CaughtUp": "niet meer nodig", "Attention": "vraagt aandacht",
    "Held": "leveringen wachten op u", "Blocked": "definitieve cijfers wachten op u", "Planned": "plan gemaakt",
    "NothingToDo": "niets te doen", "Refused": "geweigerd", "NotNow": "nu niet", "Settled": "al beslist",
}  # fmt: skip
"""Names of states, which Prefect's pages show in English, as this page says them in Dutch."""
_MARKS = re.compile(r"[`*]")
_STYLE = """
body { font: 1rem/1.55 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem;
  color-scheme: light dark; background: Canvas; color: CanvasText; }
section { border-top: 1px solid #8886; padding: .3rem 0 .8rem; }
h2 { font-size: 1.1rem; margin: .8rem 0 .2rem; } li { margin: .35rem 0; } .waits a { font-weight: 600; }
"""

Found = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Seen:
    """What the server knows: waiting and working runs, the last night and its report, what can be started."""

    waiting: Found
    working: Found
    ended: Found
    nights: Found
    reports: Found
    tasks: Found

    @classmethod
    async def of(cls, inner: ASGIApp, authorization: str) -> "Seen":
        """Ask Prefect's own application, as this machine does; nothing leaves the process."""
        transport = ASGITransport(inner, raise_app_exceptions=False)
        headers = {"authorization": authorization}
        async with AsyncClient(transport=transport, base_url="http://127.0.0.1/api", headers=headers) as client:

            async def filtered(what: str, **wanted: Any) -> Found:
                answer = await client.post(f"/{what}/filter", json={"limit": _MOST, **wanted})
                found: Found = answer.raise_for_status().json()
                return found

            nightly = {"name": {"any_": ["nightly"]}}
            ended = _in_state("COMPLETED", "FAILED", "CRASHED", "CANCELLED")
            newest = "EXPECTED_START_TIME_DESC"
            return cls(
                waiting=await filtered("flow_runs", flow_runs=_in_state("PAUSED"), sort=newest),
                working=await filtered("flow_runs", flow_runs=_in_state("RUNNING", "PENDING"), sort=newest),
                ended=await filtered("flow_runs", flow_runs=ended, sort="END_TIME_DESC", limit=_LAST),
                nights=await filtered("flow_runs", flows=nightly, flow_runs=ended, sort="END_TIME_DESC", limit=1),
                reports=await filtered(
                    "artifacts", artifacts={"key": {"any_": ["night"]}}, sort="CREATED_DESC", limit=1
                ),
                tasks=await filtered("deployments", sort="NAME_ASC"),
            )


async def answer(inner: ASGIApp, authorization: str) -> HTMLResponse:
    """The page as it is at this moment; a sentence where the server is too busy to say."""
    try:
        shown_now = page(await Seen.of(inner, authorization))
    except HTTPError:
        busy = words("De server is bezig: open deze bladzijde opnieuw.", "The server is busy: open this page again.")
        return HTMLResponse(_document(f"<p>{busy}</p>"), 503, {"retry-after": "5"})
    return HTMLResponse(shown_now, headers={"cache-control": "no-store"})


def _in_state(*types: str) -> dict[str, Any]:
    return {"state": {"type": {"any_": list(types)}}}


def page(seen: Seen) -> str:
    """The page in the language of the installation."""
    parts = (
        _section(words("Wacht op u", "Waits for you"), _runs(seen.waiting, "waits")),
        _section(words("Nu bezig", "At work now"), _runs(seen.working, "works")) if seen.working else "",
        _section(words("De laatste nacht", "The last night"), _night(seen)),
        _section(words("Pas klaar", "Just ended"), _runs(seen.ended, "ended")) if seen.ended else "",
        _section(words("Wat u kunt doen", "What you can do"), _tasks(seen.tasks)),
        _section(words("Lezen", "Read"), _links(_READ)),
    )
    return _document("".join(parts))


def _document(content: str) -> str:
    title, language = words("Begin", "Start"), "en" if is_english() else "nl"
    return (
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>uitstroom: {title}</title>'
        f"<style>{_STYLE}</style></head><body><main><h1>uitstroom</h1>\n{content}</main></body></html>\n"
    )


def _runs(runs: Found, kind: str) -> str:
    if not runs:
        return f"<p>{words('Niets.', 'Nothing.')}</p>"
    lines = "".join(f"<li>{_link(_run(each), each['name'])}: {_state(each)}</li>" for each in runs)
    return f'<ul class="{kind}">{lines}</ul>'


def _night(seen: Seen) -> str:
    if not seen.nights:
        return f"<p>{words('Er was nog geen nacht.', 'There was no night yet.')}</p>"
    night = seen.nights[0]
    said = _text((night.get("state") or {}).get("message") or "")
    report = words("Nachtrapport", "Night report")
    read = "".join("<p>" + _link("/artifacts/artifact/" + each["id"], report) + "</p>" for each in seen.reports)
    return f"<p>{_link(_run(night), night['name'])}: <strong>{_state(night)}</strong>. {said}</p>{read}"


def _state(run: Mapping[str, Any]) -> str:
    name = run["state_name"]
    return _text(name if is_english() else _STATES.get(name, name))


def _tasks(tasks: Found) -> str:
    offered = [each for each in tasks if each["name"] not in _BY_A_NIGHT]
    often = {name: place for place, name in enumerate(_OFTEN)}
    ordered = sorted(offered, key=lambda each: (often.get(each["name"], len(often)), each["name"]))
    return "<ul>" + "".join(_task(each) for each in ordered) + "</ul>"


def _task(each: Mapping[str, Any]) -> str:
    about = _MARKS.sub("", (each.get("description") or "").partition("\n\n")[0])
    form = f"/deployments/deployment/{each['id']}/run"
    return f"<li>{_link(form, each['name'])}: {_text(about)}</li>"


_READ = (
    ("/uitgave/", "De uitgave: cijfers, wijzigingen, leveringen", "The release: figures, changes, deliveries"),
    (RULES_PAGE, "De regels, met wat te doen", "The rules, with what to do"),
    ("/runs", "Alle runs", "All runs"),
    ("/deployments", "Alle taken, met hun uitleg", "All tasks, with what they do"),
)


def _links(named: Sequence[tuple[str, str, str]]) -> str:
    return "<ul>" + "".join(f"<li>{_link(path, words(nl, en))}</li>" for path, nl, en in named) + "</ul>"


def _run(run: Mapping[str, Any]) -> str:
    return f"/runs/flow-run/{run['id']}"


def _section(heading: str, content: str) -> str:
    return f"<section><h2>{heading}</h2>{content}</section>\n"


def _link(path: str, text: str) -> str:
    return f'<a href="{html.escape(path)}">{_text(text)}</a>'


def _text(text: str) -> str:
    """Text that may come from outside: names of files stand in names of runs."""
    return html.escape(shown(str(text)))
