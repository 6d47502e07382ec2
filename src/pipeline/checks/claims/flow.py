"""What own flows say about a claim: those of the intervals that lead through its whole period.

Here: sums over complete chains of intervals, per series. Not here: stocks (``evidence``), flows of CBS
(``cbs``).
"""

from datetime import date

from pipeline.checks.claims import behind, cbs
from pipeline.checks.claims.lookup import SERIES, Flow, Lookup
from pipeline.checks.claims.model import Candidate, Claim, Evidence
from pipeline.checks.claims.wording import count, in_series, on, signed
from schemas.sentences import said


def to_work_minus_inflow(claim: Claim, lookup: Lookup) -> Evidence:
    """Own flows that cover the whole period, per series; without them the persons that CBS counted in that year."""
    if claim.period is None:
        return Evidence(missing=said("claim.no-period"))
    chains = {series: _chain(claim, lookup, series) for series in SERIES}
    found = tuple(_flow_candidate(claim, series, flows) for series, flows in chains.items() if flows)
    of_cbs = cbs.to_work_minus_inflow(claim, lookup)
    if found:
        return Evidence(found, remark=of_cbs.sentence if of_cbs else None)
    begin, until = claim.period
    missing = said("claim.no-flows", region=claim.region_code, begin=on(begin), until=on(until))
    return Evidence((of_cbs,) if of_cbs else (), missing=missing)


def _chain(claim: Claim, lookup: Lookup, series: str) -> tuple[Flow, ...]:
    """The intervals that lead from the begin of the period to its end, without a gap; empty where there are none."""
    begin, until = claim.period or (date.max, date.min)
    flows: list[Flow] = []
    while begin < until:
        flow = lookup.flows.get((claim.region_code or "", series, begin))
        if flow is None or not begin < flow.end <= until:
            return ()
        flows.append(flow)
        begin = flow.end
    return tuple(flows)


def _flow_candidate(claim: Claim, series: str, flows: tuple[Flow, ...]) -> Candidate:
    to_work, inflow = sum(flow.outflow_to_work for flow in flows), sum(flow.inflow for flow in flows)
    figures = said("claim.flows", work=count(to_work), inflow=count(inflow), series=in_series(series))
    difference = signed(to_work - inflow)
    sentence = said(
        "claim.balance", flows=figures, begin=on(flows[0].begin), until=on(flows[-1].end), difference=difference
    )
    ends = [flow.end for flow in flows]
    return Candidate(
        series, to_work - inflow, sentence, said("claim.balance-brief", flows=figures, difference=difference),
        behind=behind.flows(claim.region_code or "", series, ends, ("outflow_to_work", "inflow")),
    )  # fmt: skip
