"""What the data say about one claim, per indicator: the figure of every series, or why there is none.

Here: one small function per indicator about stocks, and the table that finds the right one. Not here: flows
(``flow``), figures of CBS (``cbs``), records (``record``), the choice between candidates
(``verdict``).
"""

from collections.abc import Callable, Iterable
from datetime import date

from pipeline.caseload.borders import change_between
from pipeline.checks.claims import cbs, flow, programme, record
from pipeline.checks.claims.behind import stock_there, stocks
from pipeline.checks.claims.lookup import SERIES, Lookup, Stock
from pipeline.checks.claims.model import Candidate, Claim, Evidence
from pipeline.checks.claims.wording import by, count, from_to, in_series, on, percent, published, signed
from schemas.indicators import UNITS
from schemas.sentences import Sentence, said
from schemas.words import Words


def gather(claim: Claim, lookup: Lookup) -> Evidence:
    """All that is known about the claim on the day of the lookup, or why nothing is: a claim is never dropped."""
    if claim.indicator in programme.INDICATORS:
        return programme.gather(claim, lookup.programmes.get(claim.programme_code or ""))
    indicator = _INDICATORS.get(claim.indicator)
    if indicator is None:
        return Evidence(missing=said("claim.unknown-indicator", indicator=claim.indicator))
    unit = UNITS[claim.indicator]
    if claim.unit not in (None, unit):
        return Evidence(missing=said("claim.other-unit", indicator=claim.indicator, unit=unit, claimed=claim.unit))
    if claim.region_code is None:
        return Evidence(missing=said("claim.no-region"))
    return indicator(claim, lookup)


def _stock(claim: Claim, lookup: Lookup) -> Evidence:
    region, day = claim.region_code or "", claim.reference_date
    if day is None:
        return _stock_within(claim, lookup)
    known = [lookup.stocks[region, day, series] for series in SERIES if (region, day, series) in lookup.stocks]
    return Evidence(
        tuple(_stock_candidate(claim, stock, said("claim.stock-brief", **_told(stock))) for stock in known),
        missing=said("claim.no-stock", region=region, day=on(day)),
    )


def _stock_within(claim: Claim, lookup: Lookup) -> Evidence:
    """A stock "in 2008": any reference date in the period may be meant, so the one that decides is shown."""
    if claim.period is None:
        return Evidence(missing=said("claim.no-time"))
    begin, until = claim.period
    found = []
    for series in SERIES:
        record = lookup.records.get((claim.region_code or "", series), ())
        within = [stock for stock in record if begin <= stock.reference_date < until]
        if within:
            stock = _deciding(claim, within)
            brief = said("claim.stock-brief-on", day=on(stock.reference_date), **_told(stock))
            found.append(_stock_candidate(claim, stock, brief))
    missing = said("claim.no-stock-within", region=claim.region_code, begin=on(begin), until=on(until))
    return Evidence(tuple(found), missing=missing)


def _deciding(claim: Claim, stocks: list[Stock]) -> Stock:
    """The nearest stock for = and ~; for an inequality, which has to hold all the time, the one that may break it."""
    if claim.operator in (">", ">="):
        return min(stocks, key=lambda stock: stock.benefits)
    if claim.operator in ("<", "<="):
        return max(stocks, key=lambda stock: stock.benefits)
    return min(stocks, key=lambda stock: abs(stock.benefits - claim.value))


def _told(stock: Stock) -> dict[str, Words]:
    return {"count": count(stock.benefits), "series": in_series(stock.series)}


def _stock_candidate(claim: Claim, stock: Stock, brief: Sentence) -> Candidate:
    sentence = said("claim.stock", day=on(stock.reference_date), source=by(stock.source), **_told(stock))
    behind = stocks(claim.region_code or "", stock.series, stock.reference_date)
    return Candidate(stock.series, stock.benefits, sentence, brief, behind=behind)


def _change(claim: Claim, lookup: Lookup) -> Evidence:
    def candidate(first: Stock, last: Stock) -> Candidate:
        change = last.benefits - first.benefits
        return _pair_candidate(claim, first, last, (change, signed(change)))

    return _between(claim, lookup, candidate)


def _change_pct(claim: Claim, lookup: Lookup) -> Evidence:
    def candidate(first: Stock, last: Stock) -> Candidate | None:
        if first.benefits == 0:
            return None
        change = 100 * (last.benefits - first.benefits) / first.benefits
        return _pair_candidate(claim, first, last, (change, percent(change, claim.value_decimals)))

    return _between(claim, lookup, candidate)


def _between(claim: Claim, lookup: Lookup, candidate: Callable[[Stock, Stock], Candidate | None]) -> Evidence:
    """Stocks on exactly the two bounds of the period, in one series: two series are never compared with each other."""
    if claim.period is None:
        return Evidence(missing=said("claim.no-period"))
    begin, until = claim.period
    if moved := change_between(claim.region_code or "", begin, until):
        borders = said("claim.other-borders", region=claim.region_code, moved=on(moved), begin=on(begin))
        return Evidence(missing=borders)
    found, half, there = [], [], []
    for series in SERIES:
        first = lookup.stocks.get((claim.region_code or "", begin, series))
        last = lookup.stocks.get((claim.region_code or "", until, series))
        if first and last:
            found.append(candidate(first, last))
        elif first or last:
            half.append(said("claim.half", series=in_series(series), day=on(begin if first else until)))
            there.append(stock_there(claim.region_code or "", series, begin if first else until))
    no_pair = said("claim.no-pair", region=claim.region_code, begin=on(begin), until=on(until))
    why = said("claim.zero") if found else no_pair
    missing = said("claim.halves", why=why, halves=half) if half else why
    ends = () if any(found) else tuple(each for each in _claimed_ends(claim, lookup) if each)
    remark = _claims_on_bounds(claim, ends)
    claims = tuple(each.claim_id for each in ends) if remark else ()
    each_found = tuple(each for each in found if each)
    return Evidence(each_found, missing=missing, remark=remark, claims=claims, beside=lambda _: there)


def _pair_candidate(claim: Claim, first: Stock, last: Stock, change: tuple[float, Words]) -> Candidate:
    value, text = change
    pair = from_to(first.benefits, last.benefits, first.series)
    sentence = said("claim.change", pair=pair, source=by(first.source, last.source), change=text)
    behind = stocks(claim.region_code or "", first.series, first.reference_date, last.reference_date)
    brief = said("claim.change-brief", pair=pair, change=text)
    return Candidate(first.series, value, sentence, brief, behind=behind)


def _claimed_ends(claim: Claim, lookup: Lookup) -> Iterable[Claim | None]:
    return (_claimed_stock(claim, lookup, bound) for bound in claim.period or ())


def _claims_on_bounds(claim: Claim, ends: tuple[Claim, ...]) -> Sentence | None:
    """What the stocks claimed in the same text give by calculation: the text against itself, not against data."""
    if len(ends) != 2 or ends[0].value == 0:
        return None
    first, last = ends[0], ends[1]
    change = last.value - first.value
    is_pct = claim.indicator == "caseload_change_pct"
    value = 100 * change / first.value if is_pct else change
    text = percent(value, claim.value_decimals) if is_pct else signed(round(value))
    figures = {"first": published(first), "last": published(last), "change": text, "figure": published(claim)}
    code = "claim.of-the-text" if claim.is_met_by(value) else "claim.not-of-the-text"
    return said(code, one=first.claim_id, other=last.claim_id, **figures)


def _claimed_stock(claim: Claim, lookup: Lookup, day: date) -> Claim | None:
    """The one stock that the same text gives for that day. Another text may count another series."""
    found = [
        other
        for other in lookup.claims.get(claim.region_code or "", ())
        if other.reference_date == day and other.operator == "="
        if (other.document, other.series) == (claim.document, claim.series)
    ]
    return found[0] if len(found) == 1 else None


_INDICATORS: dict[str, Callable[[Claim, Lookup], Evidence]] = {
    "caseload_stock": _stock,
    "caseload_change": _change,
    "caseload_change_pct": _change_pct,
    "outflow_to_work_minus_inflow": flow.to_work_minus_inflow,
    "national_caseload_change_pct": cbs.national_change_pct,
    "is_lowest_on_record": record.lowest,
}
OF_NO_SERIES = frozenset({*programme.INDICATORS, "national_caseload_change_pct"})
"""Indicators of which the figures are of no series of the caseload."""
