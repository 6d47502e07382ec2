"""Rules about single values and whole deliveries that hold for every source.

Not here: rules of one source (``sources``).
"""

from schemas.rules.rule import Rule
from schemas.vocabulary import Severity

VALUE_RULES: tuple[Rule, ...] = (
    Rule(
        "VALUE-001", Severity.QUARANTINE, "A date cannot be read", "Datum is niet leesbaar",
        "The cell holds something, but no date: 31-02-2017 does not exist. Unreadable is not the same as empty.",
        "Correct the date at the source and deliver the file again. Accepted: dd-mm-jjjj, d-m-jjjj, jjjj-mm-dd, jjjjmmdd.",
    ),
    Rule(
        "VALUE-002", Severity.QUARANTINE, "A number cannot be read", "Getal is niet leesbaar",
        "The cell holds something, but no number of the kind expected (a count has no decimals).",
        "Correct the number at the source and deliver the file again.",
    ),
    Rule(
        "VALUE-003", Severity.QUARANTINE, "A required value is empty", "Verplichte waarde ontbreekt",
        "Without this value the row cannot be counted or recognised.",
        "Fill the value at the source and deliver the file again.",
    ),
    Rule(
        "VALUE-004", Severity.QUARANTINE, "A citizen service number stands where none belongs", "BSN op een plek waar geen BSN hoort",
        "A nine-digit number that passes the 11-test was found outside the columns for it. It is not stored or shown anywhere.",
        "Ask the sender to remove it and to deliver again; report it as a possible data breach if the file went further.",
        "Participatiewet art. 68; AVG",
    ),
    Rule(
        "VALUE-005", Severity.QUARANTINE, "A number can be read in two ways", "Getal is op twee manieren te lezen",
        "1.234 is one thousand or one and a quarter. Guessing would be silent; so it is asked.",
        "Write the number without thousands separator, or with decimals.",
    ),
    Rule(
        "VALUE-006", Severity.QUARANTINE, "A number of a person or dossier has a wrong form", "Nummer van persoon of dossier heeft een verkeerde vorm",
        "A BSN has eight or nine digits; a client or registration number has at most 15 printable ASCII characters.",
        "Correct the number at the source and deliver the file again.",
        "BUS 2015, field 7",
    ),
    Rule(
        "VALUE-007", Severity.QUARANTINE, "A code cannot be read", "Code is niet leesbaar",
        "Municipality codes look like GM0899, 0899 or 899; CBS periods like 2016MM12 or 2016JJ00.",
        "Correct the code at the source and deliver the file again.",
    ),
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
        "DELIVERY-003", Severity.HOLD, "More than 5 % of the rows are in quarantine", "Meer dan 5 % van de rijen staat in quarantaine",
        "A month with so many rows missing would look like a fall of the caseload.",
        "Look at the findings; then deliver again, or decide: uitstroom accept DELIVERY, or uitstroom reject DELIVERY.",
    ),
    Rule(
        "DELIVERY-004", Severity.WARN, "The same file was delivered under another name", "Hetzelfde bestand is onder een andere naam aangeleverd",
        "The bytes are those of a delivery already known; nothing is recorded twice.",
        "Nothing to do; remove one of the copies if it confuses.",
    ),
)  # fmt: skip
