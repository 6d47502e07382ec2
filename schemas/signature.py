"""Who decides and why: what a decision must say of both, on the command line as in a form, and what it must not.

Both stand in the log for good. Here: the rule, and its sentence. Not here: what is decided.
"""

from schemas.person_number import COVER, holds_number
from schemas.sentences import Sentence, said

LEAST_BY, LEAST_REASON = 2, 5
"""Characters, blanks around them not counted."""


def signature_problem(by: str | None, reason: str | None) -> Sentence | None:
    """What is wrong with who and why, in one sentence; what is not asked for is None."""
    if by is not None and len(by.strip()) < LEAST_BY:
        return said("sign.who-short", least=LEAST_BY)
    if by is not None and _names_person(by):
        return said("sign.who-person")
    if reason is not None and len(reason.strip()) < LEAST_REASON:
        return said("sign.why-short", least=LEAST_REASON)
    if reason is not None and _names_person(reason):
        return said("sign.why-person")
    return None


def _names_person(text: str) -> bool:
    # What was refused is kept covered, and cut to its length: given again as it is, it is refused again.
    return holds_number(text) or COVER[:8] in text
