"""The page about published figures that can be checked: indicators, what each is a part of, and operators.

Here: text from the declarations (``schemas.indicators``). Not here: writing pages (``pages``).
"""

from pipeline.reference.text import MADE
from pipeline.store.releases.dictionary import cell
from schemas.indicators import INDICATORS, OPERATORS

_HEAD = """# Indicators

{made}
A row of `published_figures` claims a figure. It can be checked when its `indicator` is one of these and the claim names
what the indicator needs; any other is `not_checkable`, and the reason stands in `explanation`. What a verdict rests on:
`uitstroom explain published_figures_check CLAIM --column verdict`.

A claim about the caseload is looked for in the series that it names, and in every other series; two series are never
compared with each other. It is judged as known on the day of publication; where nothing was known then, as known now
(`as_known_on`: the last day on which something was delivered, or a decision changed what counts). Figures of CBS carry
their own rounding.
"""

_TAIL = """
A verdict may rest on another claim: that a stock is the lowest of its record is contradicted where another text
published a lower one about an earlier date. Such claims stand in `rests_on_claims`; without them the verdict would be
another. `record_since` says where the record begins that was looked at.
"""


def indicators_page() -> str:
    """Every indicator and every operator, in the order of the declarations."""
    rows = [
        f"| `{each.name}` | {each.unit} | {cell(each.needs)} | {cell(each.counts)} | {cell(each.base)} |"
        for each in INDICATORS
    ]
    operators = [f"| `{name}` | {cell(meaning)} |" for name, meaning in OPERATORS.items()]
    return "\n".join(
        [
            _HEAD.format(made=MADE.format(module="schemas.indicators")),
            "| indicator | eenheid | the claim names | what is found | in parts of (denominator) |",
            "|---|---|---|---|---|",
            *rows,
            "\n## Operators\n",
            "| operator | holds when |",
            "|---|---|",
            *operators,
            _TAIL,
        ]
    )
