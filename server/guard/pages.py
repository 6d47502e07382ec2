"""What the door itself shows, and what it adds to Prefect's pages. Here: texts, headers. Not here: when (``door``)."""

import html
from urllib.parse import quote

LOGIN, LOGOUT, STYLE, SCRIPT = "/inloggen", "/uitloggen", "/inloggen/page.css", "/inloggen/page.js"

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

INTO_PAGE = f'<link rel="stylesheet" href="{STYLE}"><script src="{SCRIPT}"></script></head>'
"""Put at the end of the head of Prefect's page."""

PAGE_STYLE = """\
#uitloggen, #uitgave { position: fixed; left: 1rem; z-index: 50; font-size: .75rem; text-decoration: underline; }
#uitloggen { bottom: .4rem; }
#uitgave { bottom: 1.7rem; }
a[href*="prefect.io"], a[href*="prefect.cloud"], a[href*="github.com/PrefectHQ"], a[href*="slack"],
.p-context-nav-item:is([href="/blocks"], [href="/variables"], [href="/concurrency-limits"]),
.join-the-community-modal, .marketing-banner, .cloud-sign-up { display: none !important; }
"""
"""Hides links to the maker and to pages that nobody may use here."""

PAGE_SCRIPT = """\
try { localStorage.setItem('prefect-show-promotional-content', 'false'); } catch (e) { /* no storage: nothing to do */ }
addEventListener('DOMContentLoaded', () => {
  const out = document.createElement('a');
  Object.assign(out, { id: 'uitloggen', href: '/uitloggen', textContent: 'Uitloggen / Log out' });
  const pages = document.createElement('a');
  Object.assign(pages, { id: 'uitgave', href: '/uitgave/', textContent: 'Uitgave / Release' });
  document.body.append(out, pages);
});
"""

SETTINGS_FOR_BROWSERS = {"server": {"ui": {"show_promotional_content": False}}}
"""The one setting that the page asks for. All others, with addresses and folders, stay here."""


def login(next_path: str, *, problem: str = "") -> str:
    """The page with name and password. ``problem``: what went wrong at the last try, as text."""
    shown = f'<p class="problem" role="alert">{html.escape(problem)}</p>' if problem else ""
    return f"""<!doctype html>
<html lang="nl"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>uitstroom: inloggen</title><style>
body {{ font: 1rem/1.5 system-ui, sans-serif; margin: 0; min-height: 100vh; display: grid; place-items: center;
  background: Canvas; color: CanvasText; color-scheme: light dark; }}
form {{ width: 20rem; max-width: 90vw; }}
label, input, button {{ display: block; width: 100%; box-sizing: border-box; }}
input, button {{ font: inherit; padding: .5rem; margin: .2rem 0 1rem; }}
.problem {{ border-left: .3rem solid #b3261e; padding-left: .6rem; }}
small {{ opacity: .8; }}
</style></head><body><form method="post" action="{LOGIN}?next={quote(next_path)}">
<h1>uitstroom</h1>{shown}
<label for="name">Naam / Name</label>
<input id="name" name="name" autocomplete="username" autocapitalize="none" required autofocus>
<label for="password">Wachtwoord / Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required>
<button type="submit">Inloggen / Log in</button>
<small lang="nl">Geen of een vergeten wachtwoord? De beheerder maakt een nieuw: </small>
<small lang="en">No password, or forgotten? The operator makes a new one: </small>
<small><code>python -m server.guard.users add NAAM</code></small>
</form></body></html>
"""
