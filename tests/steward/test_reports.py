"""Reports about a release whose every cell is known: what they hold, what they say, how large they get."""

import base64
import json
import re
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

from flows.reports import _SHOWN
from pipeline.backfill import plan as planning
from pipeline.backfill.planned_delivery import Action, PlannedDelivery
from pipeline.jobs.ingest.receipts import Receipt
from pipeline.jobs.nightly import Night
from pipeline.jobs.release.publish import Block, Published
from pipeline.jobs.release.release_history import Publication
from pipeline.settings import LANGUAGE
from pipeline.steward.held_reports import held_report
from pipeline.steward.reports import (
    LARGEST,
    Report,
    applied_report,
    known_on_report,
    night_report,
    plan_report,
    release_report,
)
from pipeline.steward.table_words import worded
from pipeline.steward.terminal_summary import summary
from pipeline.store.releases.releases import Release
from pipeline.versions import figure_diff
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
        ("DELIVERY-003", 1, "/regels#delivery-003"),
        ("CASELOAD-010", 7, "/regels#caseload-010"),
    ]
    assert [(row["rule"], row["count"]) for row in reported.tables["relation_findings"]] == [("RELATION-007", 3)]
    assert "[CASELOAD-010](/regels#caseload-010)" in reported.markdown


def test_every_link_of_a_report_is_one_that_a_browser_can_follow(night: Report, made: Release) -> None:
    for reported in (night, of_release(made), plan_report(PLAN, release=made)):
        links = re.findall(r"\]\(([^)]*)\)", PICTURE.sub("", reported.markdown))
        assert all(link.startswith(("/regels#", RULES)) for link in links)
        assert "file:" not in reported.markdown


def test_a_release_with_pages_is_linked_to_them(tmp_path: Path) -> None:
    with_pages = release(tmp_path)
    (tmp_path / "site").mkdir()
    assert f"[bladzijden van deze uitgave](/uitgave/{with_pages.id}/)" in of_release(with_pages).markdown


def test_signals_come_first_and_the_newest_of_them_first(tmp_path: Path) -> None:
    moved = [
        {"rule": "RELATION-010", "subject": f"GM0899/pw/{day}/caseload_stock.benefits", "what": f"benefits moved {n}"}
        for n, day in enumerate(("2016-03-01", "2017-02-01", *(f"2015-{month:02d}-01" for month in range(1, 7))))
    ]
    signalled = release(tmp_path, relation_findings=moved)

    told = of_release(signalled)
    night = summary(Night(RECEIPTS, Published(signalled, is_new=True)))

    assert [row["reference_date"] for row in told.tables["signals"]][:2] == ["2017-02-01", "2016-03-01"]
    assert told.markdown.index("**Signalen.**") < told.markdown.index(signalled.id)
    assert "- Brunssum pw 01-02-2017: benefits moved 1" in told.markdown
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
    assert "| `B-1` | **tegengesproken** | 2017-01-01 | = 876 | 875 |" in night.markdown
    assert "- `B-1`: 876 zoals gepubliceerd; 875 in PW." in night.markdown
    assert "- `A-1`" not in night.markdown


def test_every_report_says_where_its_numbers_come_from(night: Report, made: Release) -> None:
    plan = plan_report(PLAN, release=made)
    for reported in (night.markdown, of_release(made).markdown, plan.markdown):
        for stated in (made.id, "07-03-2017", str(made.path), "5e326a938522", "| `caseload` | 3 | 1\u202f198 |"):
            assert stated in reported
        assert "GESIMULEERD" in reported


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
        "# Nachtrapport",
        "## Vraagt aandacht",
        "## Deze maand naast vorige maand en vorig jaar",
        "## Bestand, brug en programma's",
        "## Wat veranderde er sinds de vorige uitgave",
        "## Ontvangstbewijzen",
        "## Bevindingen van deze nacht",
        "## Wat te doen",
        "## Bevindingen over bronnen heen",
        "## Waar en wanneer",
        "## Uitspraken in de pers",
        "## Herkomst",
    ]


DUTCH = ("Vraagt aandacht", "opgenomen", "Herkomst", "gemeente", "Geen eerdere")


def test_a_report_is_in_one_language(made: Release, monkeypatch: pytest.MonkeyPatch) -> None:
    dutch = night_report(Night(RECEIPTS, Published(made, is_new=True)), with_pictures=False).markdown
    monkeypatch.setenv(LANGUAGE, "en")
    english = night_report(Night(RECEIPTS, Published(made, is_new=True)), with_pictures=False).markdown

    assert len(re.findall(r"^#+ ", dutch, re.M)) == len(re.findall(r"^#+ ", english, re.M))
    for line in re.findall(r"^#+ (.*)$", english, re.M):
        assert line not in dutch, line
    assert not any(word in english for word in DUTCH)
    assert " / " not in dutch + english


def test_what_needs_a_person_comes_before_all_figures(made: Release) -> None:
    """Blocked, waiting, rejected, signalled: in this order; then this month, then the rest."""
    block = Block("5f0c77aa", ("GM0899|2016-01-01|pw: 944 becomes 943",))
    told = night_report(Night(RECEIPTS, Published(made, is_new=False, block=block)), with_pictures=False).markdown
    order = ["## Vraagt aandacht", "**De uitgave wacht.**", "**Wacht op een besluit.**", "**1 bestand afgewezen.**",
             "## Deze maand naast", "## Ontvangstbewijzen"]  # fmt: skip
    places = [told.index(each) for each in order]

    assert places == sorted(places)
    assert f"- `caseload/b.csv`: FILE-015: send it again. {CATALOGUE['FILE-015'].fix_nl}" in told.replace("\\", "")


def test_a_night_in_which_nothing_needs_a_person_says_so(tmp_path: Path) -> None:
    quiet = release(tmp_path, deliveries=[])
    told = night_report(Night(RECEIPTS[:1], Published(quiet, is_new=True)), with_pictures=False).markdown
    assert "## Vraagt aandacht\n\nNiets vraagt om een besluit." in told


def test_this_month_stands_beside_last_month_and_last_year(tmp_path: Path) -> None:
    stocks = [stock(JAN.replace(year=2016), 900), stock(date(2016, 12, 1), 880), stock(JAN, 846, "provisional"),
              stock(JAN, 12, code="GM0882")]  # fmt: skip
    compared = of_release(release(tmp_path, caseload_stock=stocks))

    assert [tuple(row.values()) for row in compared.tables["months_compared"]] == [
        ("GM0882", "pw", "2017-01-01", 12, "final", None, None, None, None, None, None),
        ("GM0899", "pw", "2017-01-01", 846, "provisional", "2016-12-01", 880, -34, 900, -54, -6.0),
    ]
    assert "| Brunssum | PW | 01-01-2017 | 846 | 880 | −34 | 900 | −54 | −6 |" in compared.markdown
    assert "| Landgraaf | PW | 01-01-2017 | 12 | – | – | – | – | – |" in compared.markdown


def test_findings_across_sources_have_their_month_and_place(tmp_path: Path) -> None:
    found = [
        {"rule": "RELATION-007", "subject": "GM0899/pw/2016-03-01/benefits", "what": "five more"},
        {"rule": "RELATION-007", "subject": "GM0882/pw/2017-02-01/benefits", "what": "x" * 400},
        {"rule": "RELATION-007", "subject": "RE01/x", "what": "no month"},
    ]
    told = of_release(release(tmp_path, relation_findings=found))

    assert [(row["place"], row["month"]) for row in told.tables["relations"]] == [
        ("Landgraaf", "2017-02"), ("Brunssum", "2016-03"), ("RE01", ""),
    ]  # fmt: skip
    assert f"| Landgraaf | 2017-02 | {'x' * 400} |" in told.markdown  # never cut


def test_what_changed_is_grouped_by_municipality_and_nothing_is_left_out_uncounted(tmp_path: Path) -> None:
    rows = [restated(number) for number in range(24)]
    rows.append({**restated(30), "table": "caseload_flow", "column": "inflow", "key": "GM0899|0000|pw"})
    rows += [{**restated(1), "key": "GM0882|2017-01-01|pw"}, {**restated(2), "key": "INNOVATIEF2016|*|2017-01-01"}]
    told = of_release(release(tmp_path, restatements=rows)).markdown

    assert "**Brunssum**: 25 cijfers" in told
    assert "Getoond: 20 van 25." in told
    assert "caseload_flow.inflow" not in told  # benefits come first
    assert "**Landgraaf**: 1 cijfers" in told
    assert "**Programma's, aanbieders en overig**: 1 cijfers" in told
    assert told.index("**Brunssum**") < told.index("**Landgraaf**") < told.index("**Programma's")


def test_the_last_day_of_delivery_is_told_per_source(tmp_path: Path) -> None:
    known = {**HELD_ROW, "status": "recorded"}
    rows = [known, {**known, "delivery": "1" * 64, "source": "provider_reports", "delivered_on": date(2017, 1, 9)}]
    told = of_release(release(tmp_path, deliveries=rows)).markdown
    assert "Leveringen t/m: `caseload` 07-03-2017 · `provider_reports` 09-01-2017." in told


def test_tables_as_known_on_a_day_and_an_applied_plan_have_reports(made: Release) -> None:
    known = known_on_report(made, date(2016, 4, 19))
    assert known.markdown.startswith("# Zoals bekend op 19-04-2016")
    assert known.plots
    assert "since" not in known.tables

    told = applied_report(PLAN, "Plan x is uitgevoerd.", (), made)
    assert "Plan x is uitgevoerd." in told.markdown
    assert "Alle cijfers zijn als gepland." in told.markdown
    assert "| 876 | 875 |" in told.markdown
    other = applied_report(PLAN, "Plan x is uitgevoerd.", ("caseload_stock: 5 other",), made).markdown
    assert "- caseload\\_stock: 5 other" in other
    assert "als gepland." not in other


def test_what_changed_since_a_day_is_told_and_new_figures_are_counted(made: Release) -> None:
    differing = pl.DataFrame([restated(1), restated(2, "added"), restated(3, "removed")]).select(
        figure_diff.SHAPE.names()
    )
    known = known_on_report(made, date(2016, 4, 19), since=differing)
    own = known.markdown.partition("## Wat is sinds 19-04-2016 veranderd")[2].partition("\n## ")[0]
    assert "| `caseload_stock` | 1 | 1 | 1 |" in own
    assert "GM0899\\|0001\\|pw | 876 | 875 |" in own
    assert "GM0899\\|0003\\|pw | 876 | – |" in own
    assert "0002" not in own
    assert [row["kind"] for row in known.tables["since"]] == ["changed", "removed", "added"]

    same = known_on_report(made, date(2016, 4, 19), since=differing.clear()).markdown
    assert "Niets: alle cijfers zijn nu dezelfde." in same


def test_same_release_same_report(night: Report, made: Release) -> None:
    assert night_report(Night(RECEIPTS[::-1], Published(made, is_new=True)), rules_url=RULES) == night


def test_tables_can_be_sent_as_json(night: Report) -> None:
    assert json.loads(json.dumps(night.tables, allow_nan=False)) == night.tables


def test_a_blocked_release_says_which_final_figures_would_change(made: Release) -> None:
    block = Block("5f0c77aa", ("GM0899|2016-01-01|pw: 944 becomes 943, by delivery ab12", "zie 123456782"))
    reported = night_report(Night((), Published(made, is_new=False, block=block)), with_pictures=False)
    assert reported.tables["block"] == [
        {"block": "5f0c77aa", "reason": "GM0899|2016-01-01|pw: 944 wordt 943, door levering ab12"},
        {"block": "5f0c77aa", "reason": "zie •••••••••"},
    ]
    assert r"- GM0899\|2016-01-01\|pw: 944 wordt 943, door levering ab12" in reported.markdown
    assert reported.markdown.index("wachtende run van `decide-release`") < reported.markdown.index(
        "Kenmerk: `5f0c77aa`"
    )


def test_a_release_that_was_gone_back_to_says_who_decided_it(made: Release) -> None:
    back = Publication(3, "rolled_back", made.id, events=4, seen=5, by="A. Jansen", why="verkeerde maand")
    reported = night_report(Night((), Published(made, is_new=False, rolled_back=back)), with_pictures=False)
    assert "Teruggezet op besluit van A. Jansen: verkeerde maand." in reported.markdown


def test_a_night_with_nothing_new_says_so(made: Release) -> None:
    reported = night_report(Night((), Published(made, is_new=False)), with_pictures=False)
    assert "Niets nieuws in `data/raw`." in reported.markdown
    assert "De uitgave is niet veranderd." in reported.markdown
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
    assert "Uitgave `r2`, van 07-03-2017 02:15 UTC, tegen `r1`." in reported.markdown
    assert (
        r"| `caseload_stock.benefits` | GM0899\|0002\|pw | 876 | 875 | `abababababab` opgenomen |" in reported.markdown
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
    assert "De tabel `changes` houdt er 1\u202f000; 234 staan er niet in." in reported.markdown


@pytest.mark.system
def test_a_night_of_a_thousand_odd_files_stays_small_enough_to_be_shown(tmp_path: Path) -> None:
    receipts = [
        Receipt("caseload", f"caseload/{number:04d}{'é|`' * 60}", f"{number:064d}", "held", JAN, rule="DELIVERY-003",
                detail="ü" * 2_000, findings={"CASELOAD-010": 1})
        for number in range(1_200)
    ]  # fmt: skip
    stocks = [stock(JAN, 100, code=f"GM{code:04d}") for code in range(881, 888)]
    waiting = [{**HELD_ROW, "delivery": f"{n:064d}", "reason": "ü" * 2_000} for n in range(60)]
    claims = [verdict(f"C-{number:03d}", "contradicted", explanation_nl="ë" * 900) for number in range(200)]
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
    assert "los ernaast bewaard: `" in reported.markdown
    assert len(reported.apart) == 8 - len(PICTURE.findall(reported.markdown))
    assert set(reported.apart) < set(reported.plots)
    assert reported.left_out == {"receipts": 200}
    assert len(reported.tables["receipts"]) == 1_000


def test_a_held_delivery_is_told_with_its_reasons(made: Release) -> None:
    (held,) = held_report(made, rules_url=RULES)
    assert (held.delivery, held.delivered_on, held.rows_read, held.rows_held) == (HELD, date(2017, 3, 7), 100, 100)
    assert [(row["rule"], row["count"]) for row in held.findings] == [("DELIVERY-003", 1), ("CASELOAD-010", 6)]
    for stated in (HELD, held.reason, held.file_name, "Verbeter het nummer bij de bron.", made.id):
        assert stated in held.markdown


def test_what_waits_stands_in_the_report(night: Report) -> None:
    (row,) = night.tables["held"]
    assert (row["delivery"], row["rows_held"]) == (HELD, 100)
    assert row["rules"] == "DELIVERY-003 (1), CASELOAD-010 (6)"
    assert "- `caseload/2017-03-07_x.csv`, levering `07d52c65cd73`, 07-03-2017, 100 rijen" in night.markdown


def test_nothing_waits_nothing_is_asked(tmp_path: Path) -> None:
    quiet = release(tmp_path, deliveries=[])
    assert held_report(quiet) == []
    assert "Wacht op een besluit" not in of_release(quiet).markdown


def figure(number: int, kind: str = "changed") -> planning.Figure:
    given = restated(number, kind)
    return planning.Figure(**{each.name: given[each.name] for each in fields(planning.Figure)})


PLAN = planning.Plan(
    planning.Request("2017-01", "2017-04", ("caseload", "caseload_totals"), reason="late"),
    "2017-03-07T02:15:00+00:00", "", "5e32", "0", planning.Position(4, {}, {}, ()),
    (
        PlannedDelivery(
            "e" * 64, "caseload", "caseload/123456782.csv", ("2017-01",), (), Action.RECORD, "2017-01"
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
    assert delivery.keys() == {each.name for each in fields(PlannedDelivery)}
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
    for stated in (PLAN.id, "Er is nog niets veranderd", "| 876 | 875 |\n", "| 2017-02 |", "`backfill-apply`"):
        assert stated in reported.markdown


def test_a_real_plan_is_told_with_what_it_does_first() -> None:
    months = tuple(f"2017-{month:02d}" for month in range(1, 6))
    left = PlannedDelivery("a" * 64, "caseload", "caseload/a.csv", months, ("GM0899",), Action.SAME)
    read = replace(
        left, delivery="b" * 64, file_name="caseload/b.csv", action=Action.RECORD, month="2017-01", rows_add=12
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
    assert "Geen cijfer verandert." in reported.markdown
    assert reported.tables["figures"] == []


def test_a_plan_of_many_figures_is_cut_and_counted() -> None:
    reported = plan_report(replace(PLAN, figures=tuple(figure(number) for number in range(1_500))))
    assert (len(reported.tables["figures"]), reported.left_out) == (1_000, {"figures": 500})
    assert len(reported.markdown.encode()) < LARGEST


def test_moments_are_iso_text(tmp_path: Path) -> None:
    reported = of_release(release(tmp_path, restatements=[restated(1, moment=MOMENT)]))
    assert reported.tables["verdicts"][0]["published_on"] == "2017-02-01"
    assert reported.tables["log"][0]["last_recorded_at"] == "2017-03-08T02:15:00.971009+00:00"


def test_tables_beside_a_report_are_in_the_language_of_who_reads_them(
    night: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = {heading for name in night.tables for row in worded(night.tables[name]) for heading in row if name in _SHOWN}
    assert {"bestand", "geleverd op", "gevolg", "oordeel", "wat te doen"} <= told
    assert not [each for each in told if "_" in each]
    assert {row["status"] for row in worded(night.tables["receipts"])} <= {"opgenomen", "aangehouden", "afgewezen"}
    monkeypatch.setenv(LANGUAGE, "en")
    (first, *_) = worded(night.tables["findings"])
    assert "title_en" in first
    assert "title_nl" not in first
