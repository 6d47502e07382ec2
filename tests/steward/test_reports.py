"""Reports about a release whose every cell is known: what they hold, what they say, how large they get."""

import base64
import json
import re
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from pipeline.backfill import plan as planning
from pipeline.jobs.ingest.receipts import Receipt
from pipeline.jobs.nightly import Night
from pipeline.jobs.release.publish import Block, Published
from pipeline.jobs.release.release_history import Publication
from pipeline.steward.reports import LARGEST, Report, held_report, night_report, plan_report, release_report
from pipeline.steward.terminal_summary import summary
from pipeline.store.releases.releases import Release
from schemas.catalogue import RULES as CATALOGUE
from tests.steward.made import HELD, HELD_ROW, JAN, MOMENT, RECEIPTS, release, restated, stock, verdict

RULES = "https://intranet.example/rules.html"
PICTURE = re.compile(r"!\[[^\]]*\]\(data:image/png;base64,([A-Za-z0-9+/=]+)\)")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return release(tmp_path_factory.mktemp("release"))


@pytest.fixture(scope="module")
def night(made: Release) -> Report:
    return night_report(Night(RECEIPTS, Published(made, is_new=True)), rules_url=RULES)


def of_release(made: Release) -> Report:
    return release_report(made, with_pictures=False)


def test_receipts_that_ask_for_attention_come_first(night: Report) -> None:
    names = ("status", "file_name", "rows_read", "rows_held")
    assert [tuple(row[name] for name in names) for row in night.tables["receipts"]] == [
        ("held", "provider_reports/c.csv", 100, 100),
        ("rejected", "caseload/b.csv", 0, 0),
        ("recorded", "caseload/a.csv", 1200, 0),
    ]  # fmt: skip
    assert [(row["source"], row["files"], row["rows_read"]) for row in night.tables["receipts_by_source"]] == [
        ("caseload", 2, 1200),
        ("provider_reports", 1, 100),
    ]


def test_findings_are_counted_by_rule_with_titles_and_the_page_of_the_rule(night: Report) -> None:
    found = night.tables["findings"]
    assert [(row["rule"], row["severity"], row["count"]) for row in found] == [
        ("FILE-015", "reject", 1),
        ("DELIVERY-003", "hold", 1),
        ("CASELOAD-010", "quarantine", 7),
        ("DELIVERY-001", "warn", 1),
    ]
    assert (found[2]["title_nl"], found[2]["title_en"]) == (
        "BSN voldoet niet aan de elfproef",
        "Citizen service number fails the 11-test",
    )
    assert found[2]["page"] == f"{RULES}#caseload-010"
    assert f"[CASELOAD-010]({RULES}#caseload-010)" in night.markdown


def test_a_release_counts_the_findings_of_all_its_deliveries(made: Release) -> None:
    reported = of_release(made)
    assert [(row["rule"], row["count"], row["page"]) for row in reported.tables["findings"]] == [
        ("DELIVERY-003", 1, "docs/reference/rules.md#delivery-003"),
        ("CASELOAD-010", 7, "docs/reference/rules.md#caseload-010"),
    ]
    assert [(row["rule"], row["count"]) for row in reported.tables["relation_findings"]] == [("RELATION-007", 3)]
    assert "`docs/reference/rules.md`" in reported.markdown
    assert "](docs/" not in reported.markdown


def test_signals_come_first_and_the_newest_of_them_first(tmp_path: Path) -> None:
    moved = [
        {"rule": "RELATION-010", "subject": f"GM0899/pw/{day}/caseload_stock.benefits", "what": f"benefits moved {n}"}
        for n, day in enumerate(("2016-03-01", "2017-02-01", *(f"2015-{month:02d}-01" for month in range(1, 7))))
    ]
    signalled = release(tmp_path, relation_findings=moved)

    told = of_release(signalled)
    night = summary(Night(RECEIPTS, Published(signalled, is_new=True)))

    assert [row["reference_date"] for row in told.tables["signals"]][:2] == ["2017-02-01", "2016-03-01"]
    assert told.markdown.index("Signalen / Signals") < told.markdown.index(signalled.id)
    assert "- `GM0899` pw 01-02-2017: benefits moved 1" in told.markdown
    assert night.startswith("Signals: 8 figures move further than their own history makes likely (RELATION-010)\n")
    assert "  and 3 older ones" in night


def test_where_nothing_moved_unusually_there_is_no_word_of_it(made: Release) -> None:
    assert "Signal" not in of_release(made).markdown


def test_no_rule_sends_a_steward_to_a_shell(made: Release) -> None:
    every = Receipt("caseload", "caseload/a.csv", "a" * 64, "recorded", findings=dict.fromkeys(CATALOGUE, 1))
    reported = night_report(Night((every,), Published(made, is_new=False)), with_pictures=False)

    assert len(reported.tables["findings"]) == len(CATALOGUE)
    assert not [
        row["rule"] for row in reported.tables["findings"] if re.search(r"uitstroom [a-z]", str(row["what_to_do"]))
    ]
    assert "shell" not in reported.markdown


def test_findings_show_no_cell_and_no_row(night: Report, made: Release) -> None:
    columns = {"rule", "severity", "count", "title_nl", "title_en", "what_to_do", "page"}
    assert {frozenset(row) for row in night.tables["findings"] + of_release(made).tables["findings"]} == {
        frozenset(columns)
    }


def test_contradicted_press_figures_come_first(night: Report) -> None:
    judged = night.tables["verdicts"]
    assert [(row["claim_id"], row["verdict"], row["value_published"], row["value_found"]) for row in judged] == [
        ("B-1", "contradicted", 876.0, 875.0),
        ("A-1", "confirmed", 876.0, 875.0),
    ]
    assert "| `B-1` | **tegengesproken / contradicted** | 2017-01-01 | = 876 | 875 |" in night.markdown
    assert "- `B-1`: 876 as published; 875 in pw." in night.markdown
    assert "- `A-1`" not in night.markdown


def test_every_report_says_where_its_numbers_come_from(night: Report, made: Release) -> None:
    plan = plan_report(PLAN, release=made)
    for reported in (night.markdown, of_release(made).markdown, plan.markdown):
        for stated in (made.id, "07-03-2017", str(made.path), "5e326a938522", "| `caseload` | 3 | 1\u202f198 |"):
            assert stated in reported
        assert "GESIMULEERD / SIMULATED" in reported


def test_what_is_real_is_not_called_simulated(tmp_path: Path) -> None:
    assert "SIMUL" not in of_release(release(tmp_path, simulated=False)).markdown


def test_pictures_stand_in_the_text_and_beside_it(night: Report) -> None:
    shown = [base64.b64decode(found) for found in PICTURE.findall(night.markdown)]
    assert shown == [night.plots["caseload-gm0899"], night.plots["programmes"]]
    assert night.apart == ()


def test_the_text_is_markdown_without_html(night: Report) -> None:
    assert "<" not in PICTURE.sub("", night.markdown)
    rows = [line for line in night.markdown.splitlines() if line.startswith("|")]
    assert rows
    assert all(line.endswith(" |") for line in rows)


def test_headings_are_dutch_first(night: Report) -> None:
    assert re.findall(r"^#+ .*$", night.markdown, re.M) == [
        "# Nachtrun / Nightly run",
        "## Wacht op een besluit / Waiting for a decision",
        "## Ontvangstbewijzen / Receipts",
        "## Bevindingen per regel / Findings by rule (deze nacht / this night)",
        "## Wat te doen / What to do",
        "## Bevindingen over bronnen heen / Findings across sources",
        "## Uitspraken in de pers / Press figures",
        "## Wat veranderde er sinds de vorige uitgave / What changed since the last release",
        "## Bestand, brug en programma's / Caseload, bridge and programmes",
        "## Herkomst / Where these figures come from",
    ]


def test_same_release_same_report(night: Report, made: Release) -> None:
    assert night_report(Night(RECEIPTS[::-1], Published(made, is_new=True)), rules_url=RULES) == night


def test_tables_can_be_sent_as_json(night: Report) -> None:
    assert json.loads(json.dumps(night.tables, allow_nan=False)) == night.tables


def test_a_blocked_release_says_which_final_figures_would_change(made: Release) -> None:
    block = Block("5f0c77aa", ("GM0899|2016-01-01|pw: 944 becomes 943, by delivery ab12", "zie 123456782"))
    reported = night_report(Night((), Published(made, is_new=False, block=block)), with_pictures=False)
    assert reported.tables["block"] == [
        {"block": "5f0c77aa", "reason": block.reasons[0]},
        {"block": "5f0c77aa", "reason": "zie •••••••••"},
    ]
    assert r"- GM0899\|2016-01-01\|pw: 944 becomes 943, by delivery ab12" in reported.markdown
    assert reported.markdown.index("waiting run of `decide-release`") < reported.markdown.index(
        "Kenmerk / id: `5f0c77aa`"
    )


def test_a_release_that_was_gone_back_to_says_who_decided_it(made: Release) -> None:
    back = Publication(3, "rolled_back", made.id, events=4, seen=5, by="A. Jansen", why="verkeerde maand")
    reported = night_report(Night((), Published(made, is_new=False, rolled_back=back)), with_pictures=False)
    assert "gone back by decision of A. Jansen: verkeerde maand." in reported.markdown


def test_a_night_with_nothing_new_says_so(made: Release) -> None:
    reported = night_report(Night((), Published(made, is_new=False)), with_pictures=False)
    assert "Niets nieuws in / nothing new in `data/raw`." in reported.markdown
    assert "De uitgave is niet veranderd / the release has not changed." in reported.markdown
    assert (reported.tables["receipts"], reported.plots) == ([], {})


def test_only_the_newest_restatements_are_told(tmp_path: Path) -> None:
    earlier = datetime(2017, 2, 7, tzinfo=UTC)
    rows = [restated(1, "added"), restated(2), restated(3, "removed"), restated(4, release="r1", moment=earlier)]
    reported = of_release(release(tmp_path, restatements=rows))
    assert reported.tables["changes"] == [
        {"table": "caseload_stock", "key": key, "column": "benefits", "kind": kind, "value_before": before,
         "value_after": after, "cause": "ab" * 32, "event": "recorded"}
        for key, kind, before, after in [
            ("GM0899|0002|pw", "changed", 876.0, 875.0),
            ("GM0899|0003|pw", "removed", 876.0, None),
            ("GM0899|0001|pw", "added", None, 875.0),
        ]
    ]  # fmt: skip
    assert reported.tables["changes_by_table"] == [{"table": "caseload_stock", "changed": 1, "removed": 1, "added": 1}]
    assert "Uitgave / release `r2`, van / of 07-03-2017 02:15 UTC, tegen / against `r1`." in reported.markdown
    assert (
        r"| `caseload_stock.benefits` | GM0899\|0002\|pw | 876 | 875 | `abababababab` recorded |" in reported.markdown
    )


def test_a_release_without_restatements_says_so(made: Release, tmp_path: Path) -> None:
    for without in (made, release(tmp_path, restatements=[])):
        assert "er is geen eerdere uitgave om mee te vergelijken" in of_release(without).markdown


def test_a_thousand_changes_are_kept_and_the_rest_is_counted(tmp_path: Path) -> None:
    reported = of_release(release(tmp_path, restatements=[restated(number) for number in range(1_234)]))
    assert len(reported.tables["changes"]) == 1_000
    assert reported.left_out == {"changes": 234}
    assert reported.tables["changes_by_table"] == [
        {"table": "caseload_stock", "changed": 1_234, "removed": 0, "added": 0}
    ]
    assert "the table holds 1\u202f000, 234 are left out." in reported.markdown


def test_a_night_of_a_thousand_odd_files_stays_small_enough_to_be_shown(tmp_path: Path) -> None:
    receipts = [
        Receipt("caseload", f"caseload/{number:04d}{'é|`' * 60}", f"{number:064d}", "held", JAN, rule="DELIVERY-003",
                detail="ü" * 2_000, findings={"CASELOAD-010": 1})
        for number in range(1_200)
    ]  # fmt: skip
    stocks = [stock(JAN, 100, code=f"GM{code:04d}") for code in range(881, 888)]
    waiting = [{**HELD_ROW, "delivery": f"{n:064d}", "reason": "ü" * 2_000} for n in range(60)]
    claims = [verdict(f"C-{number:03d}", "contradicted", explanation="ë" * 900) for number in range(200)]
    crowded = release(
        tmp_path,
        caseload_stock=stocks,
        deliveries=waiting,
        published_figures_check=claims,
        restatements=[restated(number) for number in range(50)],
    )
    reported = night_report(Night(tuple(receipts), Published(crowded, is_new=True)))
    assert len(reported.markdown.encode()) <= LARGEST
    assert len(reported.plots) == 8
    assert 0 < len(PICTURE.findall(reported.markdown)) < 8
    assert "los ernaast bewaard / too large for this text, kept beside it: `" in reported.markdown
    assert len(reported.apart) == 8 - len(PICTURE.findall(reported.markdown))
    assert set(reported.apart) < set(reported.plots)
    assert reported.left_out == {"receipts": 200}
    assert len(reported.tables["receipts"]) == 1_000


def test_a_held_delivery_is_told_with_its_reasons(made: Release) -> None:
    (held,) = held_report(made, rules_url=RULES)
    assert (held.delivery, held.delivered_on, held.rows_read, held.rows_held) == (HELD, date(2017, 3, 7), 100, 100)
    assert [(row["rule"], row["count"]) for row in held.findings] == [("DELIVERY-003", 1), ("CASELOAD-010", 6)]
    for stated in (HELD, held.reason, held.file_name, "Correct the number at the source.", made.id):
        assert stated in held.markdown


def test_what_waits_stands_in_the_report(night: Report) -> None:
    (row,) = night.tables["held"]
    assert (row["delivery"], row["rows_held"]) == (HELD, 100)
    assert row["rules"] == "DELIVERY-003 (1), CASELOAD-010 (6)"
    assert "- `caseload/2017-03-07_x.csv`, levering / delivery `07d52c65cd73`, 07-03-2017, 100 rijen" in night.markdown


def test_nothing_waits_nothing_is_asked(tmp_path: Path) -> None:
    quiet = release(tmp_path, deliveries=[])
    assert held_report(quiet) == []
    assert "Waiting for a decision" not in of_release(quiet).markdown


def figure(number: int, kind: str = "changed") -> planning.Figure:
    given = restated(number, kind)
    return planning.Figure(**{each.name: given[each.name] for each in fields(planning.Figure)})


PLAN = planning.Plan(
    planning.Request("2017-01", "2017-04", ("caseload", "caseload_totals"), reason="late"),
    "2017-03-07T02:15:00+00:00", "", "5e32", "0", planning.Position(4, {}, {}, ()),
    (
        planning.PlannedDelivery(
            "e" * 64, "caseload", "caseload/123456782.csv", ("2017-01",), (), planning.Action.RECORD, "2017-01"
        ),
    ),
    (figure(1), figure(2, "added")),
    {},
    gaps=(planning.Gap("caseload", "GM0899", "2017-02"),),
)  # fmt: skip


def test_a_plan_is_told_as_rows() -> None:
    reported = plan_report(PLAN)
    assert reported.tables["request"] == [
        {"what": "from_month", "value": "2017-01"},
        {"what": "until_month", "value": "2017-04"},
        {"what": "sources", "value": "caseload, caseload_totals"},
        {"what": "municipalities", "value": ""},
        {"what": "mode", "value": "missing"},
        {"what": "reason", "value": "late"},
    ]
    [delivery] = reported.tables["deliveries"]
    assert delivery.keys() == {each.name for each in fields(planning.PlannedDelivery)}
    assert (delivery["delivery"], delivery["file_name"]) == ("e" * 64, "caseload/•••••••••.csv")
    assert reported.tables["figures"] == [
        {"table": "caseload_stock", "key": "GM0899|0001|pw", "column": "benefits", "kind": "changed",
         "value_before": 876.0, "value_after": 875.0},
        {"table": "caseload_stock", "key": "GM0899|0002|pw", "column": "benefits", "kind": "added",
         "value_before": None, "value_after": 875.0},
    ]  # fmt: skip
    [month] = reported.tables["months"]
    assert (month["month"], month["files"]) == ("2017-01", "caseload/•••••••••.csv")
    assert reported.tables["gaps"] == [
        {"source": "caseload", "municipality_code": "GM0899", "month": "2017-02", "also_in": None}
    ]
    for stated in (PLAN.id, "nothing has changed yet", "| 876 | 875 |\n", "| 2017-02 |", "`backfill-apply`"):
        assert stated in reported.markdown


def test_a_real_plan_is_told_with_what_it_does_first() -> None:
    months = tuple(f"2017-{month:02d}" for month in range(1, 6))
    left = planning.PlannedDelivery("a" * 64, "caseload", "caseload/a.csv", months, ("GM0899",), planning.Action.SAME)
    read = replace(
        left, delivery="b" * 64, file_name="caseload/b.csv", action=planning.Action.RECORD, month="2017-01", rows_add=12
    )
    plan = planning.Plan(
        planning.Request("2017-01", "2017-06", reason="late"), "2017-03-07T02:15:00+00:00", "A. Jansen", "5e32", "0",
        planning.Position(4, {}, {}, ()), (left, read),
        (planning.Figure("caseload_stock", "GM0899|2017-01-01|pw", "benefits", "changed", 876.0, 888.0),), {},
        gaps=(planning.Gap("caseload", "GM0882", "2017-02"),),
    )  # fmt: skip
    reported = plan_report(plan)
    assert [(row["action"], row["months"]) for row in reported.tables["deliveries"]] == [
        ("record", "2017-01 … 2017-05 (5)"),
        ("same", "2017-01 … 2017-05 (5)"),
    ]
    assert [(row["month"], row["files"], row["rows_add"]) for row in reported.tables["months"]] == [
        ("2017-01", "caseload/b.csv", 12)
    ]
    for stated in (plan.id, "A. Jansen", "| 876 | 888 |", "| `caseload` | GM0882 | 2017-02 | – |"):
        assert stated in reported.markdown


def test_a_plan_that_changes_nothing_says_so() -> None:
    reported = plan_report(replace(PLAN, figures=(), deliveries=(), gaps=()))
    assert "Geen cijfer verandert / no figure changes." in reported.markdown
    assert reported.tables["figures"] == []


def test_a_plan_of_many_figures_is_cut_and_counted() -> None:
    reported = plan_report(replace(PLAN, figures=tuple(figure(number) for number in range(1_500))))
    assert (len(reported.tables["figures"]), reported.left_out) == (1_000, {"figures": 500})
    assert len(reported.markdown.encode()) < LARGEST


def test_moments_are_iso_text(tmp_path: Path) -> None:
    reported = of_release(release(tmp_path, restatements=[restated(1, moment=MOMENT)]))
    assert reported.tables["verdicts"][0]["published_on"] == "2017-02-01"
    assert reported.tables["log"][0]["last_recorded_at"] == "2017-03-08T02:15:00.971009+00:00"
