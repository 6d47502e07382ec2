"""The shape of a rule: every reason the pipeline can give, under a code that never changes meaning.

Here: code, severity, title, why the rule exists and what to do when it fires, in English and Dutch, and, for a rule
about one row, the condition itself. The rules page of the documentation is generated from the families. Not here: any
particular rule (beside this file, or in the source it is about), and checks that need more than one row (``pipeline``).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from schemas.vocabulary import Severity


@dataclass(frozen=True, eq=False)
class Rule:
    """One rule, in one row. ``code`` is stable and never reused."""

    code: str
    severity: Severity
    title: str
    title_nl: str
    why: str
    fix: str
    """The next step for whoever reads the finding."""
    basis: str = "contract"
    fix_in_page: str = ""
    """The same for a steward in the browser, where ``fix`` names commands of a shell."""
    why_nl: str = ""
    """The reason in Dutch. A rule without is told in English."""
    fix_nl: str = ""
    """The next step in Dutch; it names no command, so it stands in a page as in a terminal."""
    holds: Mapping[str, pl.Expr] = field(default_factory=dict)
    """For a rule about one row: the column a finding points at, by its name in events, and what must hold there. Null
    (nothing to compare) counts as met.
    """
    takes_as_absent: bool = False
    """For a warning about an optional value that stands in no list: it is taken as absent, and the row goes on."""
    is_asked_of_log: bool = False
    """Whether rows that were recorded before there was such a rule are looked through for it (``uitstroom verify``): for
    what would move other figures than its own. ``holds`` then rests on columns of the log alone.
    """

    def titled(self, *, in_dutch: bool) -> str:
        return self.title_nl if in_dutch else self.title

    def reason(self, *, in_dutch: bool) -> str:
        return self.why_nl if in_dutch and self.why_nl else self.why

    def advice(self, *, in_dutch: bool) -> str:
        """The next step for a steward in the browser."""
        return self.fix_nl if in_dutch and self.fix_nl else self.fix_in_page or self.fix


@dataclass(frozen=True, eq=False)
class RuleFamily:
    """Rules about the same thing; ``prefix`` is the first part of their codes."""

    prefix: str
    title: str
    rules: tuple[Rule, ...]
