"""The rule catalogue: every reason the pipeline can give, under a code that never changes meaning.

Here: code, severity, titles in English and Dutch, why the rule exists and what to do when it fires. The rules page
of the documentation is generated from this list. Not here: how a rule is tested (``sources`` hold the expressions,
``pipeline.core`` the checks that need more than one row).
"""

from dataclasses import dataclass

from schemas.vocabulary import Severity


@dataclass(frozen=True)
class Rule:
    """One rule. ``code`` is stable and never reused; ``fix`` is the next step for whoever reads the finding."""

    code: str
    severity: Severity
    title: str
    title_nl: str
    why: str
    fix: str
    basis: str = "contract"
