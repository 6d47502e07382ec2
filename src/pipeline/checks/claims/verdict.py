"""The verdict on a claim, from its evidence and from what the other claims of the same text turn out to count.

Here: which candidate is meant, which verdict follows, and the line that explains it. Not here: the figures
(``evidence``).
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from pipeline.checks.claims.lookup import SERIES
from pipeline.checks.claims.model import Candidate, Claim, Evidence
from pipeline.checks.claims.wording import in_series, line, published
from schemas.limits.figures import ABOUT_SHARE
from schemas.sentences import Sentence, said
from schemas.vocabulary import Verdict
from schemas.words import Language

TextKey = tuple[str, str | None]
"""A text and a region: claims about both together count one series, as a rule."""

_ORDER = {series: position for position, series in enumerate(SERIES)}


@dataclass(frozen=True)
class Judgement:
    """What follows from all that is known on one day."""

    verdict: Verdict
    lines: tuple[Sentence, ...]
    """What explains it, one sentence after the other."""
    found: Candidate | None = None
    series_also: tuple[str, ...] = ()
    evidence: Evidence = field(default_factory=Evidence)
    named: str | None = None
    """The series that the claim names."""
    is_by_votes: bool = False
    """What other claims of the text count decided which series is told."""

    def explanation(self, language: Language) -> str:
        return line(self.lines, language)

    @property
    def is_in_other_series(self) -> bool:
        """Found in a series that the claim does not name: which one is told follows from all of them."""
        return self.found is not None and self.found.series not in (None, self.named)

    @property
    def deciding(self) -> tuple[Candidate, ...]:
        """What the verdict follows from: the candidate that was found, and those by which it is no other verdict."""
        found = self.found
        return tuple(each for each in self.evidence.candidates if each is found or self._matters(each))

    def _matters(self, other: Candidate) -> bool:
        if self.verdict is Verdict.CONTRADICTED:
            return bool(other.rests_on)
        return self.verdict is Verdict.CONFIRMED_IN_OTHER_SERIES and other.series == self.named

    @property
    def rests_on(self) -> tuple[str, ...]:
        """Other claims without which the verdict would be another."""
        return tuple(dict.fromkeys(claim for each in self.deciding for claim in each.rests_on))

    @property
    def outcome(self) -> tuple[Verdict, float | None, str | None]:
        """What has to differ between two days to be worth a remark."""
        found = self.found
        return self.verdict, found.value if found else None, found.series if found else None


@dataclass(frozen=True)
class Votes:
    """How many claims of one text, about one region, each series confirms: alone, and at all."""

    alone: Counter[str]
    at_all: Counter[str]

    def rank(self, series: str | None) -> tuple[int, int, int]:
        """Sorts the series that the text most likely counts first; ties in the order of the vocabulary."""
        if series is None:
            return 0, 0, len(_ORDER)
        return -self.alone[series], -self.at_all[series], _ORDER[series]


def count_votes(evidence: Iterable[tuple[Claim, Evidence]]) -> dict[TextKey, Votes]:
    """Votes per text and region. A claim that names its series, or fits one only, shows what the text counts."""
    votes: dict[TextKey, Votes] = {}
    for claim, found in evidence:
        own_votes = votes.setdefault((claim.document, claim.region_code), Votes(Counter(), Counter()))
        holding = [candidate.series for candidate in _holding(claim, found) if candidate.series]
        decided = [claim.series] if claim.series in holding else holding
        own_votes.at_all.update(holding)
        if len(decided) == 1:
            own_votes.alone.update(series for series in decided if series)
    return votes


def verdict_on(claim: Claim, evidence: Evidence, votes: Mapping[TextKey, Votes]) -> Judgement:
    """Confirmed where a candidate holds, contradicted where every one fails, else not checkable."""
    judged = _judged_by(votes[claim.document, claim.region_code], claim, evidence)
    without = _judged_by(Votes(Counter(), Counter()), claim, evidence)
    is_other = (judged.found, judged.series_also) != (without.found, without.series_also)
    return replace(judged, is_by_votes=is_other)


def _judged_by(own_votes: Votes, claim: Claim, evidence: Evidence) -> Judgement:
    holding = sorted(
        _holding(claim, evidence), key=lambda each: (each.series != claim.series, own_votes.rank(each.series))
    )
    if holding:
        named = claim.series in (None, holding[0].series)
        verdict = Verdict.CONFIRMED if named else Verdict.CONFIRMED_IN_OTHER_SERIES
        also = sorted((each.series for each in holding[1:] if each.series), key=own_votes.rank)
        lines = _explain(claim, evidence, holding[0])
        return Judgement(verdict, lines, holding[0], tuple(also), evidence, claim.series)
    failing = [each for each in evidence.candidates if claim.is_met_by(each.value, each.margin) is False]
    if failing:
        nearest = min(
            failing,
            key=lambda each: (each.series != claim.series, abs(each.value - claim.value), own_votes.rank(each.series)),
        )
        lines = _explain(claim, evidence, nearest)
        return Judgement(Verdict.CONTRADICTED, lines, nearest, evidence=evidence, named=claim.series)
    return Judgement(Verdict.NOT_CHECKABLE, _filled(_why_not(evidence), evidence.remark), evidence=evidence)


def _holding(claim: Claim, evidence: Evidence) -> list[Candidate]:
    return [each for each in evidence.candidates if claim.is_met_by(each.value, each.margin)]


def _why_not(evidence: Evidence) -> Sentence | None:
    """Without candidates: why there are none; with candidates that neither hold nor fail: their rounding."""
    if not evidence.candidates:
        return evidence.missing
    return said("claim.rounding", sentence=evidence.candidates[0].sentence)


def _explain(claim: Claim, evidence: Evidence, chosen: Candidate) -> tuple[Sentence, ...]:
    others = [_beside(claim, each) for each in evidence.candidates if each is not chosen]
    is_other = claim.series not in (None, chosen.series)
    named = [said("claim.named", series=in_series(claim.series))] if is_other else []
    together = said("claim.together", parts=(_compared(claim, chosen), *named, *others))
    return _filled(together, evidence.remark)


def _filled(*sentences: Sentence | None) -> tuple[Sentence, ...]:
    return tuple(sentence for sentence in sentences if sentence is not None)


def _beside(claim: Claim, other: Candidate) -> Sentence:
    holds_too = claim.is_met_by(other.value, other.margin)
    return said("claim.also", other=other.brief) if holds_too else other.brief


def _compared(claim: Claim, chosen: Candidate) -> Sentence:
    """The figure beside the printed one, in the words of its operator."""
    sentence, figure = chosen.sentence, published(claim)
    if chosen.is_statement:
        return sentence
    holds = claim.is_met_by(chosen.value, chosen.margin)
    if claim.operator == "~":
        code = "claim.within" if holds else "claim.not-within"
        return said(code, sentence=sentence, share=f"{100 * ABOUT_SHARE:g}", figure=figure)
    if claim.operator != "=":
        code = "claim.holds" if holds else "claim.fails"
        return said(code, sentence=sentence, sign=claim.operator, figure=figure)
    if not holds:
        return said("claim.published", sentence=sentence, figure=figure)
    return sentence if chosen.value == claim.value else said("claim.printed", sentence=sentence, figure=figure)
