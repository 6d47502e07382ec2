"""Row rules: for every rule of every source one row that breaks it and nothing else, and one that does not.

The cases are literals; a rule without a case fails. The row finder and Pandera have to agree about any frame.
Not here: unreadable cells (``test_parse``), rules about files (the tests of the readers), across deliveries
(``test_compare``).
"""

from collections import defaultdict
from datetime import date
from typing import Any

import pandera.errors
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.intake.findings import QUARANTINING, no_findings
from pipeline.intake.parse import Parsed
from pipeline.intake.validate import RulesDisagree, broken_rules, judge, key_conflicts
from schemas.catalogue import RULES, SOURCES
from schemas.column import Kind
from schemas.source import Source
from tests.examples import examples

D = date
Row = dict[str, Any]

CBS_COUNTS = (
    "inhabitants", "recipients", "inflow", "outflow", "outflow_to_work", "reintegration", "work_after_reintegration",
    "recipients_with_reintegration", "sheltered_workers",
)  # fmt: skip
BASE: dict[str, Row] = {
    "caseload": {
        "reference_date": D(2017, 1, 1),
        "municipality_code": "GM0899",
        "benefit_id": "D-1",
        "bsn": 123_456_782,
        "scheme_code": "01",
        "started_on": D(2015, 3, 1),
    },
    "caseload_totals": {
        "reference_date": D(2017, 1, 1),
        "municipality_code": "GM0899",
        "series": "pw",
        "benefits": 876,
    },
    "municipal_statistics": {
        "statistics_table": "83450NED",
        "year": 2015,
        "age_class": "90100",
        "region_code": "GM0899",
    },
    "national_statistics": {"period": "2016MM12"},
    "published_figures": {
        "claim_id": "S1-01",
        "document": "Steeds minder Brunssumers in de bijstand",
        "published_on": D(2017, 2, 7),
        "indicator": "caseload_stock",
        "operator": "=",
        "value": 944.0,
    },
    "trajectory_events": {
        "provider_code": "RE01",
        "event": "gestart",
        "occurred_on": D(2017, 3, 6),
        "trajectory_id": "T-1",
        "bsn": 123_456_782,
        "programme_code": "INNOVATIEF2016",
    },
    "provider_reports": {
        "provider_code": "RE01",
        "programme_code": "INNOVATIEF2016",
        "period_from": D(2017, 3, 1),
        "period_until": D(2018, 3, 1),
        "participants": 144,
        "placed": 50,
    },
}

DELIVERED = D(2019, 3, 1)
"""The day of delivery of every row here."""

OUT, WORK = {"ended_on": D(2016, 6, 30)}, {"end_reason": "11"}
COUPLE = {"household_code": "3"}
OF_BB = {"provider_code": "BB", "programme_code": "BETERE_BUREN"}

# (rule, column): a change of the base row that breaks the rule, and one that comes near and does not.
CASES: dict[str, dict[tuple[str, str], tuple[Row, Row]]] = {
    "caseload": {
        **{
            ("VALUE-003", name): ({name: None}, {})
            for name in ("reference_date", "municipality_code", "benefit_id", "scheme_code", "started_on")
        },
        ("CASELOAD-001", "municipality_code"): (
            {"municipality_code": "GM0881", "reference_date": D(2019, 1, 1)},
            {"municipality_code": "GM0881", "reference_date": D(2018, 12, 31)},
        ),
        ("CASELOAD-002", "scheme_code"): ({"scheme_code": "1"}, {"scheme_code": "14"}),
        ("CASELOAD-003", "scheme_code"): ({"scheme_code": "11"}, {"scheme_code": "03"}),
        ("CASELOAD-004", "household_code"): ({"household_code": "03"}, {"household_code": "4"}),
        ("CASELOAD-005", "sex_code"): ({"sex_code": "M"}, {"sex_code": "2"}),
        ("CASELOAD-006", "end_reason"): ({**OUT, "end_reason": "20"}, {**OUT, "end_reason": "05"}),
        ("CASELOAD-007", "ended_on"): (
            {"started_on": D(2016, 3, 1), "ended_on": D(2016, 2, 28), **WORK},
            {"started_on": D(2016, 3, 1), "ended_on": D(2016, 3, 1), **WORK},
        ),
        ("CASELOAD-008", "started_on"): ({"started_on": D(2017, 1, 2)}, {"started_on": D(2017, 1, 1)}),
        ("CASELOAD-009", "end_reason"): (OUT, {**OUT, **WORK}),
        ("CASELOAD-010", "bsn"): ({"bsn": 123_456_789}, {"bsn": 12}),
        ("CASELOAD-011", "partner_bsn"): (
            {"partner_bsn": 111_111_111, **COUPLE},
            {"partner_bsn": 111_111_110, **COUPLE},
        ),
        ("CASELOAD-012", "bsn"): ({"bsn": None}, {"bsn": None, "client_number": "K-17"}),
        ("CASELOAD-013", "original_started_on"): (
            {"original_started_on": D(2015, 3, 2)},
            {"original_started_on": D(2015, 3, 1)},
        ),
        ("CASELOAD-014", "partner_bsn"): (
            {"partner_bsn": 123_456_782, **COUPLE},
            {"partner_bsn": 900_038_937, **COUPLE},
        ),
        ("CASELOAD-015", "partner_bsn"): (
            {"partner_bsn": 111_111_110, "household_code": "1"},
            {"partner_bsn": 111_111_110},
        ),
        ("CASELOAD-016", "birth_year"): ({"birth_year": 1906}, {"birth_year": 1907}),
        ("CASELOAD-017", "reference_date"): (
            {"reference_date": D(2019, 4, 2)},
            {"reference_date": D(2019, 4, 1)},
        ),
        ("CASELOAD-018", "ended_on"): (
            {"ended_on": D(2020, 3, 2), **WORK},
            {"ended_on": D(2020, 3, 1), **WORK},
        ),
        ("CASELOAD-019", "started_on"): ({"started_on": D(1956, 12, 31)}, {"started_on": D(1957, 1, 1)}),
        ("CASELOAD-019", "original_started_on"): (
            {"original_started_on": D(1956, 12, 31)},
            {"original_started_on": D(1957, 1, 1)},
        ),
        ("CASELOAD-020", "introduced_on"): ({"introduced_on": D(2019, 3, 2)}, {"introduced_on": D(2019, 3, 1)}),
        ("CASELOAD-021", "reference_date"): (
            {"reference_date": D(1994, 2, 28), "started_on": D(1990, 1, 1)},
            {"reference_date": D(1994, 3, 1), "started_on": D(1990, 1, 1)},
        ),
        ("CASELOAD-022", "ended_on"): (
            {"ended_on": D(2015, 11, 27), **WORK},
            {"ended_on": D(2015, 11, 28), **WORK},
        ),
        ("CASELOAD-023", "introduced_on"): ({"introduced_on": D(1956, 12, 31)}, {"introduced_on": D(1957, 1, 1)}),
    },
    "caseload_totals": {
        **{
            ("VALUE-003", name): ({name: None}, {})
            for name in ("reference_date", "municipality_code", "series", "benefits")
        },
        ("TOTALS-001", "municipality_code"): (
            {"municipality_code": "GM1954"},
            {"municipality_code": "GM1954", "reference_date": D(2019, 1, 1)},
        ),
        ("TOTALS-002", "series"): ({"series": "PW"}, {"series": "all"}),
        **{
            ("TOTALS-003", name): ({name: -1}, {name: 0})
            for name in ("benefits", "previous_benefits", "inflow", "outflow", "outflow_to_work")
        },
        ("TOTALS-004", "change"): (
            {"previous_benefits": 907, "change": 31},
            {"previous_benefits": 907, "change": -31},
        ),
        # 876 against 907 is -3.418 %; 842 against 876 is -3.881 %.
        ("TOTALS-005", "change_pct"): (
            {"previous_benefits": 907, "change_pct": -3.4, "change_pct_decimals": 2},
            {"previous_benefits": 907, "change_pct": -3.4, "change_pct_decimals": 1},
        ),
        ("TOTALS-006", "benefits"): (
            {"previous_benefits": 907, "inflow": 250, "outflow": 280},
            {"previous_benefits": 907, "inflow": 250, "outflow": 281},
        ),
        ("TOTALS-007", "outflow_to_work"): (
            {"outflow": 129, "outflow_to_work": 130},
            {"outflow": 130, "outflow_to_work": 130},
        ),
        ("TOTALS-008", "previous_reference_date"): (
            {"previous_reference_date": D(2017, 1, 1)},
            {"previous_reference_date": D(2016, 12, 31)},
        ),
        ("TOTALS-009", "reference_date"): (
            {"reference_date": D(2019, 4, 2)},
            {"reference_date": D(2019, 4, 1)},
        ),
        ("TOTALS-010", "reference_date"): ({"reference_date": D(1994, 2, 28)}, {"reference_date": D(1994, 3, 1)}),
        ("TOTALS-010", "previous_reference_date"): (
            {"reference_date": D(1997, 1, 1), "previous_reference_date": D(1994, 2, 28)},
            {"reference_date": D(1997, 1, 1), "previous_reference_date": D(1994, 3, 1)},
        ),
        **{
            ("TOTALS-011", name): ({name: 200_001}, {name: 200_000})
            for name in ("benefits", "previous_benefits", "inflow", "outflow", "outflow_to_work")
        },
        ("TOTALS-012", "previous_reference_date"): (
            {"previous_reference_date": D(2011, 12, 31)},
            {"previous_reference_date": D(2012, 1, 1)},
        ),
    },
    "municipal_statistics": {
        **{
            ("VALUE-003", name): ({name: None}, {}) for name in ("statistics_table", "year", "age_class", "region_code")
        },
        **{("CBSMUN-001", name): ({name: -10}, {name: 0}) for name in CBS_COUNTS},
        **{("CBSMUN-002", name): ({name: 1115}, {name: 1110}) for name in CBS_COUNTS},
        **{
            ("CBSMUN-003", name): ({name: 24.7}, {name: 24.5})
            for name in (
                "recipients_per_1000",
                "inflow_pct",
                "outflow_pct",
                "outflow_to_work_pct",
                "work_after_reintegration_pct",
                "recipients_with_reintegration_pct",
                "reintegration_with_benefit_pct",
                "sheltered_per_1000",
            )
        },
        # Brunssum 2015, 15 and over: 1105 to 1115 of 24655 to 24665 persons is 44.80 to 45.22, which all round to 45.0.
        ("CBSMUN-004", "recipients_per_1000"): (
            {"recipients": 1110, "inhabitants": 24_660, "recipients_per_1000": 45.5},
            {"recipients": 1110, "inhabitants": 24_660, "recipients_per_1000": 45.0},
        ),
        ("CBSMUN-005", "outflow_to_work"): (
            {"outflow": 0, "outflow_to_work": 20},
            {"outflow": 0, "outflow_to_work": 10},
        ),
        ("CBSMUN-006", "age_class"): ({"age_class": "10000"}, {"age_class": "20150"}),
        # Base from inflow: 310 of 21.5 % is 1402 to 1482; the same outflow of 25.0 % would be 1208 to 1273.
        ("CBSMUN-007", "inflow_pct"): (
            {"inflow": 310, "inflow_pct": 21.5, "outflow": 310, "outflow_pct": 25.0},
            {"inflow": 310, "inflow_pct": 21.5, "outflow": 310, "outflow_pct": 21.5},
        ),
        ("CBSMUN-008", "year"): ({"year": 2019}, {"year": 2018}),
        ("CBSMUN-011", "year"): ({"year": 1993}, {"year": 1994}),
        **{("CBSMUN-009", name): ({name: 20_000_010}, {name: 20_000_000}) for name in CBS_COUNTS},
        **{
            ("CBSMUN-010", name): ({name: 120, "inhabitants": 100}, {name: 110, "inhabitants": 100})
            for name in CBS_COUNTS[1:]
        },
    },
    "national_statistics": {
        ("VALUE-003", "period"): ({"period": None}, {}),
        **{
            ("CBSNAT-001", name): ({name: -100}, {name: 0})
            for name in ("benefits", "benefits_to_aow_age", "benefits_from_aow_age", "ioaw", "ioaz")
        },
        ("CBSNAT-002", "benefits"): (
            {"benefits": 449_000, "benefits_to_aow_age": 435_100, "benefits_from_aow_age": 13_700},
            {"benefits": 449_000, "benefits_to_aow_age": 435_100, "benefits_from_aow_age": 14_000},
        ),
        ("CBSNAT-003", "period"): ({"period": "2019MM04"}, {"period": "2019MM03"}),
        ("CBSNAT-004", "period"): ({"period": "1997MM12"}, {"period": "1998MM01"}),
        **{
            ("CBSNAT-005", name): ({name: 1_000_100}, {name: 1_000_000})
            for name in ("benefits", "benefits_to_aow_age", "benefits_from_aow_age", "ioaw", "ioaz")
        },
    },
    "published_figures": {
        **{
            ("VALUE-003", name): ({name: None}, {})
            for name in ("claim_id", "document", "published_on", "indicator", "operator", "value")
        },
        ("CLAIM-001", "operator"): ({"operator": "=="}, {"operator": "~"}),
        ("CLAIM-002", "unit"): ({"unit": "personen"}, {"unit": "deel"}),
        ("CLAIM-003", "series"): ({"series": "PW"}, {"series": "pw"}),
        ("CLAIM-004", "reference_date"): (
            {"reference_date": D(2017, 1, 1), "period_from": D(2016, 1, 1), "period_until": D(2017, 1, 1)},
            {"period_from": D(2016, 1, 1), "period_until": D(2017, 1, 1)},
        ),
        ("CLAIM-005", "period_until"): (
            {"period_from": D(2017, 1, 1), "period_until": D(2017, 1, 1)},
            {"period_from": D(2016, 12, 1), "period_until": D(2016, 12, 2)},
        ),
        ("CLAIM-006", "published_on"): ({"published_on": D(2019, 4, 2)}, {"published_on": D(2019, 4, 1)}),
        ("CLAIM-006", "reference_date"): ({"reference_date": D(2019, 4, 2)}, {"reference_date": D(2019, 4, 1)}),
        ("CLAIM-006", "period_until"): (
            {"period_from": D(2018, 1, 1), "period_until": D(2019, 4, 2)},
            {"period_from": D(2018, 1, 1), "period_until": D(2019, 4, 1)},
        ),
        ("CLAIM-007", "provider_code"): ({"provider_code": "ZZ99"}, {"provider_code": "BB"}),
        ("CLAIM-008", "programme_code"): ({"programme_code": "ANDERS"}, {"programme_code": "BETERE_BUREN"}),
        ("CLAIM-009", "published_on"): ({"published_on": D(1959, 2, 28)}, {"published_on": D(1959, 3, 1)}),
        ("CLAIM-009", "reference_date"): ({"reference_date": D(1959, 2, 28)}, {"reference_date": D(1959, 3, 1)}),
        ("CLAIM-009", "period_from"): (
            {"period_from": D(1959, 2, 28), "period_until": D(2017, 1, 1)},
            {"period_from": D(1959, 3, 1), "period_until": D(2017, 1, 1)},
        ),
        ("CLAIM-010", "value"): ({"unit": "aantal", "value": 0.5}, {"unit": "deel", "value": 0.5}),
        ("CLAIM-011", "period_until"): (
            {"reference_date": None, "period_from": D(2016, 1, 1), "period_until": D(2016, 12, 31)},
            {"reference_date": None, "period_from": D(2016, 1, 1), "period_until": D(2017, 1, 1)},
        ),
        ("CLAIM-012", "period_until"): (
            {"reference_date": None, "period_from": D(2017, 1, 4), "period_until": D(2017, 1, 7)},
            {"reference_date": None, "period_from": D(2017, 1, 4), "period_until": D(2017, 2, 7)},
        ),
    },
    "trajectory_events": {
        **{
            ("VALUE-003", name): ({name: None}, {})
            for name in ("provider_code", "event", "occurred_on", "trajectory_id", "programme_code")
        },
        ("EVENT-001", "event"): ({"event": "start"}, {"event": "hervat"}),
        ("EVENT-002", "employment"): ({"employment": "fulltime"}, {"employment": "voltijd"}),
        ("EVENT-003", "channel"): ({"channel": "krant"}, {"channel": "rechtstreeks"}),
        ("EVENT-004", "subsidised"): ({"subsidised": "deels"}, {"subsidised": "nee"}),
        ("EVENT-005", "hours_per_week"): ({"hours_per_week": 0.0}, {"hours_per_week": 60.0}),
        ("EVENT-006", "end_reason"): ({"end_reason": "01"}, {"end_reason": "3"}),
        ("EVENT-007", "retracts"): ({"replaces": "E-1", "retracts": "E-2"}, {"retracts": "E-2"}),
        ("EVENT-008", "event_id"): ({"event_id": "E-1", "replaces": "E-1"}, {"event_id": "E-1", "replaces": "E-2"}),
        ("EVENT-009", "bsn"): ({"bsn": 123_456_789}, {"bsn": 12}),
        ("EVENT-010", "bsn"): ({"bsn": None}, {"bsn": None, "client_number": "K-17"}),
        ("EVENT-011", "municipality_code"): ({"municipality_code": "GM1954"}, {"municipality_code": "GM0881"}),
        ("EVENT-012", "target_group"): ({"target_group": "ouderen"}, {"target_group": "vijftigplus"}),
        ("EVENT-013", "method"): ({"method": "yoga"}, {"method": "wandelcoaching"}),
        ("EVENT-014", "programme_code"): (
            {"programme_code": "ANDERS"},
            {"programme_code": "BETERE_BUREN", "provider_code": "BB", "target_group": "ouderen"},
        ),
        ("EVENT-015", "occurred_on"): ({"occurred_on": D(2017, 2, 28)}, {"occurred_on": D(2017, 3, 1)}),
        ("EVENT-016", "employment"): ({"event": "geplaatst"}, {"event": "geplaatst", "employment": "deeltijd"}),
        ("EVENT-017", "occurred_on"): (
            {**OF_BB, "occurred_on": D(2019, 3, 2)},
            {**OF_BB, "occurred_on": D(2019, 3, 1)},
        ),
        ("EVENT-018", "occurred_on"): (
            {**OF_BB, "event": "beeindigd", "occurred_on": D(2020, 3, 2)},
            {**OF_BB, "event": "beeindigd", "occurred_on": D(2020, 3, 1)},
        ),
        ("EVENT-019", "provider_code"): ({"provider_code": "ZZ99"}, {"provider_code": "RE02"}),
        ("EVENT-020", "registered_on"): ({"registered_on": D(2019, 3, 2)}, {"registered_on": D(2019, 3, 1)}),
        ("EVENT-021", "occurred_on"): (
            {"programme_code": "BETERE_BUREN", "occurred_on": D(1994, 2, 28)},
            {"programme_code": "BETERE_BUREN", "occurred_on": D(1994, 3, 1)},
        ),
        ("EVENT-022", "registered_on"): ({"registered_on": D(2016, 3, 4)}, {"registered_on": D(2016, 3, 5)}),
    },
    # 144 participants, 50 placed (34.722 %), 13 of them part-time, 21 active, 73 ended otherwise.
    "provider_reports": {
        **{
            ("VALUE-003", name): ({name: None}, {})
            for name in ("provider_code", "programme_code", "period_from", "period_until", "participants", "placed")
        },
        ("REPORT-001", "participants"): ({"participants": -1, "placed": 0}, {"participants": 0, "placed": 0}),
        **{
            ("REPORT-001", name): ({name: -1}, {name: 0})
            for name in ("active", "placed", "placed_part_time", "ended_otherwise")
        },
        ("REPORT-002", "placed"): ({"placed": 145}, {"placed": 144}),
        ("REPORT-003", "placed_part_time"): ({"placed_part_time": 51}, {"placed_part_time": 50}),
        ("REPORT-004", "participants"): ({"active": 21, "ended_otherwise": 72}, {"active": 21, "ended_otherwise": 73}),
        ("REPORT-005", "placement_rate_pct"): (
            {"placement_rate_pct": 34.7, "placement_rate_pct_decimals": 2},
            {"placement_rate_pct": 34.7, "placement_rate_pct_decimals": 1},
        ),
        ("REPORT-006", "period_until"): ({"period_until": D(2017, 3, 1)}, {"period_until": D(2017, 3, 2)}),
        ("REPORT-007", "period_until"): ({"period_until": D(2019, 4, 2)}, {"period_until": D(2019, 4, 1)}),
        ("REPORT-008", "provider_code"): ({"provider_code": "null"}, {"provider_code": "BB"}),
        ("REPORT-009", "programme_code"): ({"programme_code": "ANDERS"}, {"programme_code": "BETERE_BUREN"}),
        ("REPORT-010", "period_from"): ({"period_from": D(1994, 2, 28)}, {}),
        **{
            ("REPORT-011", name): ({name: 50_001}, {})
            for name in ("participants", "active", "placed", "placed_part_time", "ended_otherwise")
        },
        ("REPORT-012", "period_from"): ({"period_from": D(2012, 2, 29)}, {"period_from": D(2012, 3, 1)}),
        ("REPORT-013", "period_until"): (
            {"period_from": D(2018, 1, 1), "period_until": D(2018, 3, 31)},
            {"period_from": D(2018, 1, 2), "period_until": D(2018, 4, 1)},
        ),
        ("REPORT-014", "period_until"): (
            {"period_from": D(2018, 1, 1), "period_until": D(2018, 1, 4)},
            {"period_from": D(2018, 1, 1), "period_until": D(2018, 1, 13)},
        ),
    },
}

ALSO: dict[tuple[str, str], set[tuple[str, str]]] = {
    ("REPORT-001", "participants"): {("REPORT-002", "placed"), ("REPORT-004", "participants")},
    ("REPORT-002", "placed"): {("REPORT-004", "participants")},
    ("REPORT-010", "period_from"): {("REPORT-012", "period_from")},
    ("REPORT-011", "active"): {("REPORT-004", "participants")},
    ("REPORT-011", "placed"): {("REPORT-002", "placed"), ("REPORT-004", "participants")},
    ("REPORT-011", "placed_part_time"): {("REPORT-003", "placed_part_time")},
    ("REPORT-011", "ended_otherwise"): {("REPORT-004", "participants")},
}
"""What such a row cannot but break too: who is placed is part of the participants."""

MORE: list[tuple[str, str, Row, bool]] = [
    ("caseload", "CASELOAD-002", {"scheme_code": "4"}, False),
    ("caseload", "CASELOAD-003", {"scheme_code": "12"}, False),
    ("caseload", "CASELOAD-006", {"ended_on": D(2012, 12, 31), "started_on": D(2010, 1, 1), "end_reason": "20"}, True),
    ("caseload", "CASELOAD-006", {"ended_on": D(2013, 1, 1), "started_on": D(2010, 1, 1), "end_reason": "20"}, False),
    ("caseload", "CASELOAD-006", {**OUT, "end_reason": "3"}, False),
    ("caseload", "CASELOAD-009", {"end_reason": "11"}, False),
    ("caseload", "CASELOAD-010", {"bsn": 999_999_999}, False),
    ("caseload", "CASELOAD-010", {"bsn": 0}, False),
    ("caseload", "CASELOAD-010", {"bsn": 900_038_937}, True),
    ("caseload", "CASELOAD-016", {"birth_year": 2003}, False),
    ("caseload", "CASELOAD-016", {"birth_year": 2002}, True),
    ("caseload_totals", "TOTALS-005", {"previous_benefits": 0, "change_pct": 5.0, "change_pct_decimals": 0}, True),
    ("caseload_totals", "TOTALS-005", {"previous_benefits": 912, "change_pct": -3.9, "change_pct_decimals": 1}, True),
    ("caseload_totals", "TOTALS-005", {"previous_benefits": 912, "change_pct": -3.9, "change_pct_decimals": 2}, False),
    ("municipal_statistics", "CBSMUN-004", {"recipients": 0, "inhabitants": 0, "recipients_per_1000": 300.0}, True),
    ("municipal_statistics", "CBSMUN-007", {"inflow": 0, "inflow_pct": 0.0, "outflow": 10, "outflow_pct": 20.0}, True),
    ("provider_reports", "REPORT-004", {"active": 95}, False),
    ("provider_reports", "REPORT-004", {"active": 94}, True),
    (
        "provider_reports",
        "REPORT-005",
        {"participants": 0, "placed": 0, "placement_rate_pct": 5.0, "placement_rate_pct_decimals": 0},
        True,
    ),
    ("trajectory_events", "EVENT-005", {"hours_per_week": 60.5}, False),
    ("trajectory_events", "EVENT-015", {"occurred_on": D(2019, 2, 28)}, True),
    ("trajectory_events", "EVENT-015", {"occurred_on": D(2019, 3, 1)}, False),
    ("trajectory_events", "EVENT-008", {"event_id": "E-1", "retracts": "E-1"}, False),
    ("trajectory_events", "EVENT-017", {"event": "beeindigd", "occurred_on": D(2020, 3, 1)}, True),
    ("trajectory_events", "EVENT-017", {"event": "plaatsing_beeindigd", "occurred_on": D(2020, 3, 1)}, True),
    ("trajectory_events", "EVENT-017", {"event": "verlengd", "occurred_on": D(2020, 3, 1)}, True),
    ("trajectory_events", "EVENT-017", {"event": "geplaatst", "occurred_on": D(2019, 3, 2)}, False),
    ("trajectory_events", "EVENT-019", {"provider_code": "RE06\u200b"}, False),
    ("published_figures", "CLAIM-005", {"period_from": D(2017, 1, 1)}, False),
    ("published_figures", "CLAIM-005", {"period_until": D(2017, 1, 1)}, False),
]


def typed(source: Source, rows: list[Row]) -> pl.DataFrame:
    """A parsed frame from literal values."""
    columns: dict[str, pl.Series] = {"row": pl.Series(range(2, 2 + len(rows)), dtype=pl.Int64)}
    for column in source.columns:
        columns[column.name] = pl.Series([row.get(column.name) for row in rows], dtype=column.dtype)
        if column.kind is Kind.PRINTED:
            name = f"{column.name}_decimals"
            columns[name] = pl.Series([row.get(name) for row in rows], dtype=pl.Int16)
    return pl.DataFrame(columns).with_columns(**source.derived, delivered_on=pl.lit(DELIVERED))


def broken_in(source: Source, rows: list[Row]) -> list[set[tuple[str, str]]]:
    """(rule, column) that each of these rows breaks; all are judged in one frame."""
    found: list[set[tuple[str, str]]] = [set() for _ in rows]
    for row, column, rule in broken_rules(typed(source, rows), source).rows():
        found[row - 2].add((rule, column))
    return found


EVERY_SOURCE = pytest.mark.parametrize("name", list(SOURCES))


@EVERY_SOURCE
def test_every_row_rule_has_a_case(name: str) -> None:
    assert set(CASES[name]) == {(rule.code, rule.column) for rule in SOURCES[name].conditions}


@EVERY_SOURCE
def test_the_base_row_breaks_nothing(name: str) -> None:
    assert broken_in(SOURCES[name], [BASE[name]]) == [set()]


@EVERY_SOURCE
def test_a_rule_fires_on_its_row_alone(name: str) -> None:
    breaking = [BASE[name] | row for row, _ in CASES[name].values()]
    holding = [BASE[name] | row for _, row in CASES[name].values()]

    fired = dict(zip(CASES[name], broken_in(SOURCES[name], breaking), strict=True))
    quiet = dict(zip(CASES[name], broken_in(SOURCES[name], holding), strict=True))

    assert fired == {case: {case} | ALSO.get(case, set()) for case in CASES[name]}
    assert quiet == {case: set() for case in CASES[name]}


@pytest.mark.parametrize(("name", "rule", "change", "holds"), MORE)
def test_the_edges_of_a_rule(name: str, rule: str, change: Row, holds: bool) -> None:
    (found,) = broken_in(SOURCES[name], [BASE[name] | change])
    assert (rule not in {code for code, _ in found}) is holds


@EVERY_SOURCE
def test_a_row_leaves_when_its_rule_quarantines_and_stays_when_it_warns(name: str) -> None:
    cases = dict(enumerate(CASES[name], 3))
    rows = [BASE[name], *(BASE[name] | breaking for breaking, _ in CASES[name].values())]

    judged = judge(Parsed(typed(SOURCES[name], rows), no_findings()), SOURCES[name], delivered_on=DELIVERED)

    broken = {(row, column, rule) for row, case in cases.items() for rule, column in {case} | ALSO.get(case, set())}
    assert sorted(judged.findings.rows()) == sorted(broken)
    stays = [row for row, (rule, _) in cases.items() if RULES[rule].severity != "quarantine"]
    assert judged.good["row"].to_list() == [2, *stays]


def test_a_row_leaves_with_all_its_reasons() -> None:
    change = {"bsn": 123_456_789, "scheme_code": "1", "started_on": D(2017, 2, 1), "ended_on": D(2017, 1, 31)}

    (found,) = broken_in(SOURCES["caseload"], [BASE["caseload"] | change])
    assert found == {
        ("CASELOAD-002", "scheme_code"),
        ("CASELOAD-007", "ended_on"),
        ("CASELOAD-008", "started_on"),
        ("CASELOAD-009", "end_reason"),
        ("CASELOAD-010", "bsn"),
    }


def test_an_empty_frame_has_no_findings() -> None:
    judged = judge(Parsed(typed(SOURCES["caseload"], []), no_findings()), SOURCES["caseload"], delivered_on=DELIVERED)

    assert judged.good.is_empty()
    assert judged.findings.is_empty()


def test_pandera_refuses_what_slipped_through_and_its_values_stay_inside() -> None:
    frame = typed(SOURCES["caseload"], [BASE["caseload"]]).with_columns(pl.col("bsn").cast(pl.Int32))

    with pytest.raises(RulesDisagree) as refusal:
        judge(Parsed(frame, no_findings()), SOURCES["caseload"], delivered_on=DELIVERED)

    assert "123456782" not in str(refusal.value)
    assert refusal.value.__context__ is None or refusal.value.__suppress_context__


def _verdict_of_pandera(source: Source, frame: pl.DataFrame) -> set[tuple[int, str, str]]:
    schema = source.schema()
    try:
        schema.validate(frame.select(list(schema.columns)), lazy=True)
    except pandera.errors.SchemaErrors as error:
        rows, rules = frame["row"].to_list(), source.conditions
        cases = error.failure_cases.select("check", "check_number", "index").rows()
        assert all(rules[number].code == check for check, number, _ in cases)
        return {(rows[index], rules[number].column, rules[number].code) for _, number, index in cases}
    return set()


def _pools(name: str) -> dict[str, st.SearchStrategy[Any]]:
    """Per column the values that stand in its source's cases, and null."""
    pools: dict[str, list[Any]] = defaultdict(lambda: [None])
    for row in (BASE[name], *(row for case in CASES[name].values() for row in case)):
        for column, value in row.items():
            if value not in pools[column]:
                pools[column].append(value)
    return {column: st.sampled_from(pool) for column, pool in pools.items()}


@EVERY_SOURCE
@examples(3)
@given(data=st.data())
def test_pandera_and_the_row_finder_give_the_same_verdict(name: str, data: st.DataObject) -> None:
    rows = data.draw(st.lists(st.fixed_dictionaries(_pools(name)), min_size=1, max_size=6))
    frame = typed(SOURCES[name], rows)

    found = set(broken_rules(frame, SOURCES[name]).rows())

    assert found == _verdict_of_pandera(SOURCES[name], frame)


@EVERY_SOURCE
@examples(3)
@given(data=st.data())
def test_the_joined_schema_lets_through_what_no_quarantining_rule_refuses(name: str, data: st.DataObject) -> None:
    frame = typed(SOURCES[name], data.draw(st.lists(st.fixed_dictionaries(_pools(name)), min_size=1, max_size=3)))
    is_refused = any(rule in QUARANTINING for rule in broken_rules(frame, SOURCES[name])["rule"])
    joined = SOURCES[name].joined_schema(QUARANTINING)

    if is_refused:
        with pytest.raises(pandera.errors.SchemaErrors):
            joined.validate(frame.select(list(joined.columns)), lazy=True)
    else:
        joined.validate(frame.select(list(joined.columns)), lazy=True)


def _conflicts_one_by_one(rows: list[tuple[int, Any, Any, Any]]) -> list[tuple[int, str, str]]:
    """The reference: look at every row beside every other."""
    found = []
    for number, *content in rows:
        same_key = [other for other in rows if other[1:3] == (content[0], content[1])]
        if any(list(other[1:]) != content for other in same_key):
            found.append((number, "", "DELIVERY-002"))
        elif any(other[0] < number for other in same_key):
            found.append((number, "", "DELIVERY-001"))
    return sorted(found)


@examples(25)
@given(
    st.lists(
        st.tuples(st.sampled_from(["a", "b", None]), st.sampled_from([1, None]), st.sampled_from([10, 11, None])),
        max_size=10,
    ),
    st.randoms(use_true_random=False),
)
def test_rows_that_share_a_key_are_copies_or_contradict_each_other(contents: list[Any], random: Any) -> None:
    rows = [(number, *content) for number, content in enumerate(contents, 2)]
    shuffled = random.sample(rows, len(rows))
    schema = {"row": pl.Int64, "key_1": pl.String, "key_2": pl.Int64, "value": pl.Int64}

    found = key_conflicts(pl.DataFrame(shuffled, schema=schema, orient="row"), ("key_1", "key_2"))

    assert found.rows() == _conflicts_one_by_one(rows)
