"""Every claim judged twice, from what was known on its day of publication and from what is known now.

Here: the two days, and which of them decides. Not here: what is known (``lookup``), evidence per indicator
(``evidence``), verdicts (``verdict``), the table (``check``).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from pipeline.checks.claims import evidence
from pipeline.checks.claims.lookup import Knowledge, Lookup
from pipeline.checks.claims.model import Claim
from pipeline.checks.claims.verdict import Judgement, count_votes, verdict_on
from pipeline.checks.claims.wording import in_words, on, verdict_words
from pipeline.trajectories.programme_facts import programme_facts
from pipeline.versions.projection import Known
from schemas.sentences import said
from schemas.sources import municipal_statistics, national_statistics
from schemas.tables.caseload import CASELOAD_FLOW, CASELOAD_STOCK
from schemas.vocabulary import Verdict
from schemas.words import Language

WORDS = ("explanation", "explanation_nl")
"""Columns that tell of both days in words."""


@dataclass(frozen=True)
class Check:
    """One claim judged twice: as known on its day of publication, and as known now."""

    claim: Claim
    then: Judgement
    now: Judgement
    then_known_on: date
    now_known_on: date

    @property
    def is_from_then(self) -> bool:
        """Whether the day of publication decides; else what is known now."""
        return self.then.verdict is not Verdict.NOT_CHECKABLE

    @property
    def is_checkable(self) -> bool:
        """Whether anything follows on either day; if not, the words tell of now alone."""
        return {self.then.verdict, self.now.verdict} != {Verdict.NOT_CHECKABLE}

    @property
    def judgement(self) -> Judgement:
        return self.then if self.is_from_then else self.now

    @property
    def as_known_on(self) -> date | None:
        """Null where no data were used at all."""
        if self.judgement.verdict is Verdict.NOT_CHECKABLE:
            return None
        return self.then_known_on if self.is_from_then else self.now_known_on

    def names_now(self, column: str) -> bool:
        """Whether a column names the day until which all is known."""
        if column in WORDS:
            return self.then.outcome != self.now.outcome
        return column == "as_known_on" and self.as_known_on is not None and not self.is_from_then

    def explanation(self, language: Language) -> str:
        now = {"now": on(self.now_known_on), "explanation": self.now.explanation(language)}
        if self.then.outcome == self.now.outcome:
            return self.judgement.explanation(language)
        if not self.is_from_then:
            return in_words(said("claim.known-later", then=on(self.then_known_on), **now), language)
        verdict, before = verdict_words(self.now.verdict), self.then.explanation(language)
        return in_words(said("claim.known-otherwise", before=before, verdict=verdict, **now), language)


def known_then(known: Known, claims: pl.DataFrame) -> dict[date, Knowledge]:
    """What was known on each day of publication."""
    return {
        day: knowledge_of(known.on(day), with_programmes=of_day["programme_code"].is_not_null().any())
        for (day,), of_day in claims.sort("published_on").group_by("published_on", maintain_order=True)
        if isinstance(day, date)
    }


def knowledge_of(known: Known, *, with_programmes: bool) -> Knowledge:
    """What a check asks of a day. Facts about programmes take long, and many texts name none."""
    return Knowledge(
        known_on=known.known_until or date.min,
        stock=known.table(CASELOAD_STOCK),
        flow=known.table(CASELOAD_FLOW),
        national=known.rows(national_statistics.SOURCE),
        municipal=known.rows(municipal_statistics.SOURCE),
        programmes=known.once(programme_facts) if with_programmes else {},
    )


def judged(read: Sequence[Claim], then: Mapping[date, Knowledge], now: Knowledge) -> list[Check]:
    days = {
        day: Lookup.build(then[day], [claim for claim in read if claim.published_on <= day])
        for day in {claim.published_on for claim in read}
    }
    today = Lookup.build(now, read)
    judged_then = _verdicts_on({claim: days[claim.published_on] for claim in read})
    judged_now = _verdicts_on(dict.fromkeys(read, today))
    return [
        Check(claim, judged_then[claim], judged_now[claim], days[claim.published_on].known_on, now.known_on)
        for claim in read
    ]


def _verdicts_on(lookups: Mapping[Claim, Lookup]) -> dict[Claim, Judgement]:
    gathered = {claim: evidence.gather(claim, lookup) for claim, lookup in lookups.items()}
    votes = count_votes(gathered.items())
    return {claim: verdict_on(claim, found, votes) for claim, found in gathered.items()}
