"""The rules as a page of the installation: what each means, why it exists, what to do. Links in reports lead here.

Here: the page as HTML, made from the declarations. Not here: serving it (``server.guard``), the reference in ``docs``.
"""

import html

from pipeline.steward.text import anchor
from pipeline.steward.wording import is_english, words
from schemas.catalogue import RULES
from schemas.rules.rule import Rule

_EFFECTS = {
    "block": ("de uitgave wacht", "the release waits"),
    "reject": ("het bestand wordt afgewezen", "the file is rejected"),
    "hold": ("de levering wacht op een besluit", "the delivery waits for a decision"),
    "quarantine": ("de rij gaat apart", "the row is quarantined"),
    "warn": ("een melding, alles telt mee", "a warning, everything counts"),
}
_STYLE = """
body { font: 1rem/1.55 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem;
  color-scheme: light dark; background: Canvas; color: CanvasText; }
section { border-top: 1px solid #8886; padding: .3rem 0 1rem; }
section:target { border-left: .3rem solid #0072B2; padding-left: .8rem; }
h2 { font-size: 1.1rem; margin: .8rem 0 .2rem; } code { font-size: 1em; }
"""


def page() -> str:
    """All rules, in the order of their codes, each under the anchor that links in reports name."""
    title = words("Regels", "Rules")
    about = words(
        "Elke bevinding noemt een van deze regels. Codes blijven wat ze zijn.",
        "Every finding names one of these rules. Codes stay what they are.",
    )
    back = words("Terug", "Back")
    rules = "\n".join(_rule(RULES[code]) for code in sorted(RULES))
    language = "en" if is_english() else "nl"
    return (
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>uitstroom: {title}</title>'
        f'<style>{_STYLE}</style></head><body><p><a href="/">{back}</a></p><h1>{title}</h1><p>{about}</p>\n'
        f"{rules}\n</body></html>\n"
    )


def _rule(rule: Rule) -> str:
    title = rule.titled(in_dutch=not is_english())
    effect = words(*_EFFECTS[rule.severity.value])
    parts = (
        (words("Gevolg", "Effect"), effect),
        (words("Waarom", "Why"), rule.reason(in_dutch=not is_english())),
        (words("Wat te doen", "What to do"), rule.advice(in_dutch=not is_english())),
    )
    told = "".join(f"<p><strong>{name}:</strong> {html.escape(text)}</p>" for name, text in parts if text)
    return f'<section id="{anchor(rule.code)}"><h2><code>{rule.code}</code> {html.escape(title)}</h2>{told}</section>'
