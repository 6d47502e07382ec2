"""Rules about a delivery as a whole: its rows beside each other, its share in quarantine.

Not here: rules about single values (``value``), rules across deliveries (``relation``).
"""

from schemas.limits import HOLD_ABOVE_SHARE
from schemas.rules.rule import Rule, RuleFamily
from schemas.vocabulary import Severity

_SHARE = f"{100 * HOLD_ABOVE_SHARE:g} %"

_RULES = (
    Rule(
        "DELIVERY-001", Severity.WARN, "An identical row was delivered twice", "Dezelfde rij is dubbel aangeleverd",
        "Identical copies say nothing new: they are counted and kept once.",
        "Nothing to do; ask the sender why when there are many.",
    ),
    Rule(
        "DELIVERY-002", Severity.QUARANTINE, "Rows contradict each other", "Rijen spreken elkaar tegen",
        "Several rows have the same key and differ. Which one is true cannot be known, so none is recorded.",
        "Let the sender say which row holds, and deliver again.",
    ),
    Rule(
        "DELIVERY-003", Severity.HOLD, f"More than {_SHARE} of the rows are in quarantine", f"Meer dan {_SHARE} van de rijen staat in quarantaine",
        "A month with so many rows missing would look like a fall of the caseload.",
        "Look at the findings; then deliver again, or decide: uitstroom accept DELIVERY, or uitstroom reject DELIVERY.",
        fix_in_page="Look at the findings; then deliver again, or decide: under Runs in the waiting run decide with the first characters of the delivery, or with the deployment accept-delivery or reject-delivery.",
    ),
    Rule(
        "DELIVERY-004", Severity.WARN, "The same file was delivered under another name", "Hetzelfde bestand is onder een andere naam aangeleverd",
        "The bytes are those of a delivery already known; nothing is recorded twice.",
        "Nothing to do; remove one of the copies if it confuses.",
    ),
)  # fmt: skip

DELIVERY = RuleFamily("DELIVERY", "A delivery as a whole", _RULES)
