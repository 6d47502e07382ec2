"""The claim of being historically low: the lowest stock of a record, beside what other claims say of earlier years.

Here: that one indicator. Not here: the others (``evidence``).
"""

from datetime import date

from pipeline.caseload.borders import change_between
from pipeline.checks.claims.behind import stocks
from pipeline.checks.claims.lookup import SERIES, Lookup, Stock
from pipeline.checks.claims.model import Candidate, Claim, Evidence
from pipeline.checks.claims.wording import by, count, in_series, on, period_of, published
from schemas.sentences import Sentence, said


def lowest(claim: Claim, lookup: Lookup) -> Evidence:
    """True (1) where the stock is the lowest of its own record and no claim knows a lower one at an earlier date.

    A record begins anew where the borders of the municipality change.
    """
    region, day = claim.region_code or "", claim.reference_date
    if day is None:
        return Evidence(missing=said("claim.no-date"))
    found = []
    for series in SERIES:
        stock = lookup.stocks.get((region, day, series))
        candidate = _candidate(claim, lookup, stock) if stock else None
        if candidate:
            found.append(candidate)
    return Evidence(tuple(found), missing=said("claim.no-record", region=region, day=on(day)))


def _candidate(claim: Claim, lookup: Lookup, stock: Stock) -> Candidate | None:
    region = claim.region_code or ""
    record = lookup.records[region, stock.series]
    earlier = [
        other
        for other in record
        if other.reference_date < stock.reference_date and _same_place(region, other.reference_date, stock)
    ]
    lower_claim = _lower_claim(claim, lookup, stock)
    if not earlier and lower_claim is None:
        return None
    beaten_by = min(earlier, key=lambda other: other.benefits, default=None)
    in_record = beaten_by is None or stock.benefits < beaten_by.benefits
    own = said(
        "claim.record", count=count(stock.benefits), day=on(stock.reference_date), series=in_series(stock.series),
        source=by(stock.source), place=_in_own_record(earlier, None if in_record else beaten_by),
    )  # fmt: skip
    sentence = _beside(own, lower_claim, in_record=in_record) if lower_claim else own
    value = float(in_record and lower_claim is None)
    lowest = [stock] if beaten_by is None else [stock, beaten_by]
    return Candidate(
        stock.series, value, sentence, sentence, is_statement=True,
        behind=stocks(region, stock.series, *(each.reference_date for each in lowest)),
        rests_on=(lower_claim.claim_id,) if lower_claim and in_record else (),
        named=(lower_claim.claim_id,) if lower_claim else (),
        record_since=min((other.reference_date for other in earlier), default=stock.reference_date),
    )  # fmt: skip


def _in_own_record(earlier: list[Stock], beaten_by: Stock | None) -> Sentence:
    if not earlier:
        return said("claim.first-of-record")
    if beaten_by is not None:
        return said("claim.not-lowest", count=count(beaten_by.benefits), day=on(beaten_by.reference_date))
    return said("claim.lowest", dates=len(earlier) + 1, since=on(earlier[0].reference_date))


def _beside(own: Sentence, lower: Claim, *, in_record: bool) -> Sentence:
    """What a claim says of an earlier date, which is lower: against the own record, or as it does."""
    return said(
        "claim.lower-claim" if in_record else "claim.lower-claim-too", own=own, claim=lower.claim_id,
        figure=published(lower), period=period_of(lower), series=in_series(lower.series),
    )  # fmt: skip


def _lower_claim(claim: Claim, lookup: Lookup, stock: Stock) -> Claim | None:
    """The lowest stock published about an earlier date of the region; one in another series shows nothing."""
    lower = [
        other
        for other in lookup.claims.get(claim.region_code or "", ())
        if other.operator in ("=", "<", "<=") and other.value < stock.benefits
        if other.series in (None, stock.series) and _is_before(other, stock)
        if _same_place(claim.region_code or "", _begin(other, stock), stock)
    ]
    return min(lower, key=lambda other: (other.value, other.claim_id), default=None)


def _same_place(region: str, on: date, stock: Stock) -> bool:
    return change_between(region, on, stock.reference_date) is None


def _begin(other: Claim, stock: Stock) -> date:
    return other.reference_date or other.period_from or stock.reference_date


def _is_before(other: Claim, stock: Stock) -> bool:
    if other.reference_date is not None:
        return other.reference_date < stock.reference_date
    return other.period is not None and other.period[1] <= stock.reference_date
