"""What the door itself shows, and what it adds to Prefect's pages. Here: texts, headers. Not here: when (``door``)."""

import html
import json
from urllib.parse import quote

from pipeline.steward.report_rows import RULES_PAGE
from pipeline.steward.wording import is_english, words

LOGIN, LOGOUT, STYLE, SCRIPT = "/inloggen", "/uitloggen", "/inloggen/page.css", "/inloggen/page.js"
RULES = RULES_PAGE
"""Where links in reports lead."""

_POLICY = {
    "default-src": "'self'",
    "img-src": "'self' data: blob:",
    "style-src": "'self' 'unsafe-inline'",
    # The drawing of a run makes code of its own; without that word the whole page of a run breaks at times. Nothing can
    # be loaded by it, and no script can be written into a page.
    "script-src": "'self' 'unsafe-eval'",
    "worker-src": "'self' blob:",  # the help texts of forms
    "font-src": "'self' data:",
    "connect-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
HEADERS = {
    "content-security-policy": "; ".join(f"{name} {value}" for name, value in _POLICY.items()),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",  # without any a form of our own comes from nowhere: Origin null
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}
"""On every answer: nothing loads from elsewhere, nobody else shows our pages or reads our answers."""
NOT_KEPT = "no-store"
"""How long a browser keeps what stands behind the login: who opens it after somebody else logged out finds nothing."""
ASKED_AGAIN = "private, no-cache"
"""Pages of a release and their tables may be large: kept by this browser alone, and shown when the server says so."""

INTO_PAGE = f'<link rel="stylesheet" href="{STYLE}"><script src="{SCRIPT}"></script></head>'
"""Put at the end of the head of Prefect's page."""

PAGE_STYLE = """\
#uitstroom { position: fixed; left: 1rem; bottom: .4rem; z-index: 50; display: flex; gap: .8rem; font-size: .75rem; }
#uitstroom a { text-decoration: underline; }
a[href*="prefect.io"], a[href*="prefect.cloud"], a[href*="github.com/PrefectHQ"], a[href*="slack"],
.p-context-nav-item:is([href="/blocks"], [href="/variables"], [href="/concurrency-limits"]),
.join-the-community-modal, .marketing-banner, .cloud-sign-up { display: none !important; }
"""
"""Hides links to the maker and to pages that nobody may use here."""

PAGE_SCRIPT = """\
try { localStorage.setItem('prefect-show-promotional-content', 'false'); } catch (e) { /* no storage: nothing to do */ }
addEventListener('DOMContentLoaded', () => {
  const ours = document.createElement('nav');
  ours.id = 'uitstroom';
  for (const [href, textContent] of LINKS) {
    ours.append(Object.assign(document.createElement('a'), { href, textContent }));
  }
  document.body.append(ours);
  const NEVER_FILLED = [['.p-label', 'Run Name'], ['.p-checkbox', 'Validate parameters']];
  let at = '', isUsed = false;
  for (const what of ['keydown', 'pointerdown']) addEventListener(what, () => { isUsed = true; }, true);
  new MutationObserver(() => {
    for (const [within, text] of NEVER_FILLED) {
      for (const each of document.querySelectorAll(within)) {
        if (each.textContent.trim().startsWith(text)) each.style.display = 'none';
      }
    }
    const question = document.querySelector('.p-modal');
    const now = question ? 'question' : location.pathname;
    if (now !== at) [at, isUsed] = [now, false];
    const form = question ?? (now.endsWith('/run') ? document.body : null);
    const chosen = document.activeElement;
    if (!form || isUsed || (chosen !== document.body && form.contains(chosen))) return;
    form.querySelector('textarea')?.focus();
  }).observe(document.body, { childList: true, subtree: true });
});
"""
"""Ways out of Prefect's pages. In a form: what a run is called and that its fields are checked are no choices here, and
not shown; the first field is where typing goes, until somebody presses a key or the mouse: a form that is drawn anew
must not take the place of who types."""

SETTINGS_FOR_BROWSERS = {
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": False,
    "server": {"ui": {"show_promotional_content": False}},
}
"""The one setting that the page asks for, as either of Prefect's pages calls it; left out, what goes wrong is told with
an advertisement. All others, with addresses and folders, stay here."""


_LOGIN_NL = (
    "inloggen", "Naam", "Wachtwoord", "Inloggen", "Geen of een vergeten wachtwoord? De beheerder maakt een nieuw:",
)  # fmt: skip
_LOGIN_EN = (
    "log in", "Name", "Password", "Log in", "No password, or forgotten? The operator makes a new one:",
)  # fmt: skip


def script() -> str:
    """What Prefect's page runs first, in the language of who reads it."""
    links = [
        ("/", words("Begin", "Start")),
        ("/uitgave/", words("Uitgave", "Release")),
        (LOGOUT, words("Uitloggen", "Log out")),
    ]
    return PAGE_SCRIPT.replace("LINKS", json.dumps(links))


def login(next_path: str, *, problem: str = "") -> str:
    """The page with name and password. ``problem``: what went wrong at the last try, as text."""
    shown = f'<p class="problem" role="alert">{html.escape(problem)}</p>' if problem else ""
    texts = _LOGIN_EN if is_english() else _LOGIN_NL
    title, name, password_word, log_in, forgotten = texts
    language = "en" if is_english() else "nl"
    return f"""<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>uitstroom: {title}</title><style>
body {{ font: 1rem/1.5 system-ui, sans-serif; margin: 0; min-height: 100vh; display: grid; place-items: center;
  background: Canvas; color: CanvasText; color-scheme: light dark; }}
form {{ width: 20rem; max-width: 90vw; }}
label, input, button {{ display: block; width: 100%; box-sizing: border-box; }}
input, button {{ font: inherit; padding: .5rem; margin: .2rem 0 1rem; }}
.problem {{ border-left: .3rem solid #b3261e; padding-left: .6rem; }}
small {{ opacity: .8; }}
</style></head><body><form method="post" action="{LOGIN}?next={quote(next_path)}">
<h1>uitstroom</h1>{shown}
<label for="name">{name}</label>
<input id="name" name="name" autocomplete="username" autocapitalize="none" required autofocus>
<label for="password">{password_word}</label>
<input id="password" name="password" type="password" autocomplete="current-password" required>
<button type="submit">{log_in}</button>
<small>{forgotten} </small>
<small><code>python -m server.guard.users add NAAM</code></small>
</form></body></html>
"""
