"""What a data steward must be able to see after one command."""

import doctest
import re
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipeline.errors import UitstroomError
from pipeline.jobs.nightly import take_in
from pipeline.jobs.release.publish import release
from pipeline.jobs.workspace import open_writer
from pipeline.steward.terminal_summary import summary
from schemas.catalogue import TABLES
from schemas.person_number import holds_number
from schemas.references import references
from tests.acceptance.conftest import REPOSITORY, Sample, one_night
from tests.jobs.folder import tree

NOTEBOOK = REPOSITORY / "docs" / "how-to" / "notebook.md"
REPORT = REPOSITORY / "docs" / "tutorial" / "report.md"
CONFIRMED = {
    "S1-03": ("pw_ioaw_ioaz", 944), "S1-04": ("pw_ioaw_ioaz", 912), "S0-17": ("pw", 876), "E1-01": ("pw", 845),
    "S0-18": ("pw", 795), "E2-03": ("pw", 924), "E2-04": ("pw", 900), "E1-02": ("pw", -31),
}  # fmt: skip
PERCENTAGES = {"S1-01": -3.4, "S1-02": -0.74, "S0-14": -3.4, "S0-15": -3.9, "S0-16": -5.6}
CONTRADICTED = {"S1-05", "S1-06", "S0-19"}
WITHOUT_DATA = {"E2-01", "E3-01", "E3-02", "E3-04", "S0-10"}
PROGRAMMES = {
    "S0-01": 50, "S0-02": 50, "S0-03": 7, "S0-04": 4, "S0-06": 144, "S0-08": 13, "S0-09": 21, "S0-12": 24, "S0-13": 128,
    "S1-08": 24,
}  # fmt: skip
AVERAGES = {"S1-07": (88, 92), "S0-11": (88, 92), "S1-09": (0.32, 0.35)}
PLANTED = {
    ("RELATION-007", "RE06/INNOVATIEF2016/2017-03-01/2018-04-01/active"),
    ("RELATION-007", "RE06/INNOVATIEF2016/2017-03-01/2018-04-01/placed"),
    ("RELATION-008", "RE01/RE01-T0018+RE04/RE04-T0020"),
    ("RELATION-008", "RE02/RE02-T0006+RE03/RE03-T0009"),
    ("RELATION-020", "GM0881/2019-01-01"),
    ("TRAJECT-003", "RE06/RE06-T0010"),
    ("TRAJECT-005", "BB/BB-T0080"),
    ("TRAJECT-005", "BB/BB-T0101"),
}
PLANTED_RULES = ["TRAJECT-002", "TRAJECT-006", "TRAJECT-006"]
PLANTED_ROWS = {"EVENT-012": 1, "EVENT-013": 1, "EVENT-015": 1, "REPORT-002": 1, "REPORT-004": 1, "REPORT-005": 1}


@pytest.mark.parametrize(("claim", "series", "value"), [(claim, *found) for claim, found in CONFIRMED.items()])
def test_press_figures_hold_under_their_own_definition(sample: Sample, claim: str, series: str, value: int) -> None:
    row = sample.table("published_figures_check").filter(pl.col("claim_id") == claim).row(0, named=True)

    assert (row["verdict"], row["series_found"], row["value_found"]) == ("confirmed", series, value)
    assert str(abs(value)) in row["explanation"]


@pytest.mark.parametrize(("claim", "printed"), PERCENTAGES.items())
def test_percentages_hold_at_printed_precision(sample: Sample, claim: str, printed: float) -> None:
    row = sample.table("published_figures_check").filter(pl.col("claim_id") == claim).row(0, named=True)

    assert row["verdict"] == "confirmed"
    assert row["value_published"] == printed
    assert abs(row["value_found"] - printed) <= 0.5 * 10 ** -row["decimals_published"] + 1e-9


def test_two_figures_about_one_month_stand_side_by_side(sample: Sample) -> None:
    stock = sample.table("caseload_stock").filter(
        (pl.col("municipality_code") == "GM0899") & (pl.col("reference_date").cast(pl.String) == "2017-01-01")
    )

    assert dict(stock.select("series", "benefits").iter_rows()) == {"pw": 876, "pw_ioaw_ioaz": 912, "all": 948}
    finding = sample.table("relation_findings").filter(pl.col("rule") == "RELATION-005")
    assert finding["found"].to_list() == ["876 in S0-17, 912 in S1-04"]


def test_the_national_claim_is_contradicted_with_the_figure_of_cbs(sample: Sample) -> None:
    row = sample.table("published_figures_check").filter(pl.col("claim_id") == "S1-06").row(0, named=True)

    assert row["verdict"] == "contradicted"
    assert "From 428,200 to 442,400" in row["explanation"]
    assert "37789ksz" in row["explanation"]
    assert "CBS" in row["explanation"]


def test_every_claim_has_a_verdict_and_a_reason(sample: Sample) -> None:
    checked = sample.table("published_figures_check")
    by_verdict = {verdict: set(ids) for verdict, ids in checked.group_by("verdict").agg("claim_id").iter_rows()}

    assert checked.height == 34
    assert by_verdict["contradicted"] == CONTRADICTED
    assert by_verdict["not_checkable"] == WITHOUT_DATA
    assert checked.filter(pl.col("explanation").str.len_chars() < 20).is_empty()


def test_a_claim_is_explained_in_both_languages_with_the_same_figures(sample: Sample) -> None:
    def figures(text: str) -> list[str]:
        return sorted(re.findall(r"(?<![\w-])[−+]?\d+(?![\w-])", re.sub(r"[.,](?=\d)", "", _without_days(text))))

    pairs = sample.table("published_figures_check").select("explanation", "explanation_nl").rows()
    assert len(pairs) == 34
    assert [(en, nl) for en, nl in pairs if figures(en) != figures(nl)] == []
    assert [nl for _, nl in pairs if re.search(r" (is the|in the|counted|from|until) ", nl)] == []


def _without_days(text: str) -> str:
    return re.sub(r"\d{1,2} [a-z]+ (?:19|20)\d\d", "", re.sub(r"\d{4}-\d\d-\d\d", "", text))


@pytest.mark.parametrize(("claim", "value"), PROGRAMMES.items())
def test_claims_about_programmes_are_confirmed_with_their_figure(sample: Sample, claim: str, value: int) -> None:
    row = sample.table("published_figures_check").filter(pl.col("claim_id") == claim).row(0, named=True)

    assert (row["verdict"], row["value_found"]) == ("confirmed", value)


@pytest.mark.parametrize(("claim", "bounds"), AVERAGES.items())
def test_claims_about_averages_hold_about(sample: Sample, claim: str, bounds: tuple[float, float]) -> None:
    row = sample.table("published_figures_check").filter(pl.col("claim_id") == claim).row(0, named=True)

    assert row["verdict"] == "confirmed"
    assert bounds[0] <= row["value_found"] <= bounds[1]


def test_the_target_is_reached_by_the_fiftieth_placement(sample: Sample) -> None:
    progress = sample.table("programme_progress").filter(
        (pl.col("programme_code") == "INNOVATIEF2016") & (pl.col("provider_code") == "*")
    )
    august = progress.filter(pl.col("month").cast(pl.String) == "2018-08-01").row(0, named=True)

    counts = ("participants", "active", "placed", "placed_part_time", "ended_otherwise")
    assert [august[name] for name in counts] == [144, 21, 50, 13, 73]
    assert str(august["target_reached_on"]) == "2018-07-09"
    assert (
        progress.filter(pl.col("placed") < 50)["target_reached_on"].null_count()
        == progress.filter(pl.col("placed") < 50).height
    )


def test_each_planted_fault_is_found_by_its_rule_and_nothing_else(sample: Sample) -> None:
    relations = sample.table("relation_findings").filter(~pl.col("rule").is_in(["RELATION-001", "RELATION-005"]))
    found = set(relations.select("rule", "subject").rows())
    rows = sample.table("findings").filter(pl.col("source").is_in(["trajectory_events", "provider_reports"]))
    by_rule = dict(rows.filter(pl.col("row") > 0).group_by("rule").len().iter_rows())

    assert found >= PLANTED
    assert sorted(rule for rule, subject in found - PLANTED) == PLANTED_RULES
    assert by_rule == {**PLANTED_ROWS, "DELIVERY-001": 1}


def test_placement_and_outflow_are_different_things(sample: Sample) -> None:
    outcomes = {row["programme_code"]: row for row in sample.table("placement_outcomes").iter_rows(named=True)}

    assert outcomes["INNOVATIEF2016"]["placed"] == 50
    assert outcomes["BETERE_BUREN"]["placed"] == 128
    for row in outcomes.values():
        assert 0 < row["left_within_six_months"] < row["placed"]
        assert row["works_beside_benefit"] > 0
        assert row["durable"] > row["not_durable"] > 0


def test_the_summary_can_be_read_by_a_person(sample: Sample) -> None:
    assert "294 files dealt with: 1 copied, 1 held, 289 recorded, 3 rejected." in sample.printed
    assert "SIMULATED" in sample.printed
    assert "FILE-015" in sample.printed
    assert "more than 5 %" in sample.printed
    assert "Bijzondere bijstand in het bestand" in sample.printed
    assert "S0-17  confirmed" in sample.printed
    assert f"Tables: {(sample.data_dir / 'curated' / 'current').resolve()}" in sample.printed


def test_no_row_is_lost(sample: Sample) -> None:
    deliveries = sample.table("deliveries")
    held = deliveries.filter(pl.col("status") == "held")
    others = deliveries.filter(pl.col("status") != "held")

    assert sorted(held["rows_read"]) == sorted(held["rows_held"]) == [2119]
    assert others.filter(
        pl.col("rows_read") != pl.col("rows_recorded") + pl.col("rows_quarantined") + pl.col("rows_duplicate")
    ).is_empty()


def test_the_redelivered_month_is_version_two_and_speaks(sample: Sample) -> None:
    versions = sample.table("deliveries").filter((pl.col("version_of_scope") > 1) & (pl.col("source") == "caseload"))
    stock = sample.table("caseload_stock").filter(pl.col("reference_date").cast(pl.String) == "2016-03-01")

    assert versions["file_name"].to_list() == ["caseload/2016/2016-04-20_bestand_201603_herlevering_simulated.csv"]
    assert stock["delivery"].unique().to_list() == versions["delivery"].to_list()


def test_the_bridge_closes_everywhere(sample: Sample) -> None:
    flow = sample.table("caseload_flow")

    assert flow.height == 405
    assert flow.filter(pl.col("unexplained_difference") != 0).is_empty()


def test_the_planted_disagreement_is_the_only_one(sample: Sample) -> None:
    differing = sample.table("reconciliation").filter(pl.col("verdict") == "differs")
    of_totals = differing.filter(pl.col("rule") == "RELATION-001")

    assert set(differing["rule"]) == {"RELATION-001", "RELATION-007"}
    assert of_totals.select("subject", "period", "indicator", "difference").rows() == [
        ("GM0899/pw", "2017-06-01", "benefits", 3.0),
        ("GM0899/pw", "2017-06-01", "inflow", 3.0),
    ]


def test_a_figure_is_followed_back_to_file_and_rows(sample: Sample) -> None:
    reported = sample.json("explain", "caseload_stock", "GM0899", "2017-01-01", "pw")

    (trace,) = reported["own"]
    lines = (sample.data_dir / "raw" / trace["file_name"]).read_text(encoding="utf-8-sig").splitlines()
    counted = [lines[row - 1] for row in trace["rows"]]
    assert len(counted) == reported["figure"]["benefits"] == 876
    assert all("0899" in line or "899" in line for line in counted)


@pytest.mark.parametrize(
    "key",
    [
        ("caseload_flow", "GM0899", "2017-01-01", "pw"),
        ("outflow_reasons", "GM0899", "2017-01-01", "pw", "11"),
        ("published_figures_check", "S1-06"),
        ("benchmark", "GM0899", "2016", "recipients"),
        ("reconciliation", "GM0899/pw", "2017-06-01", "benefits"),
        ("relation_findings", "RELATION-001", "GM0899/pw/2017-06-01/benefits"),
        ("relation_findings", "RELATION-005", "GM0899/2017-01-01"),
        ("relation_findings", "TRAJECT-003", "RE06/RE06-T0010"),
        ("relation_findings", "RELATION-007", "RE06/INNOVATIEF2016/2017-03-01/2018-04-01/placed"),
        ("relation_findings", "RELATION-008", "RE01/RE01-T0018+RE04/RE04-T0020"),
        ("relation_findings", "RELATION-020", "GM0881/2019-01-01"),
        ("trajectories", "RE06-T0005", "RE06"),
        ("programme_progress", "INNOVATIEF2016", "RE06", "2018-08-01"),
        ("programme_occupancy", "BETERE_BUREN", "2016-06-01"),
        ("placement_outcomes", "INNOVATIEF2016"),
        ("reconciliation", "RE06/INNOVATIEF2016", "2017-03-01/2018-04-01", "placed"),
        ("published_figures_check", "S0-01"),
    ],
)
def test_every_table_can_be_followed_back(sample: Sample, key: tuple[str, ...]) -> None:
    reported = sample.json("explain", *key)

    assert reported["traces"]
    assert all((sample.data_dir / "raw" / trace["file_name"]).is_file() for trace in reported["traces"])
    assert all(trace["rows"] for trace in reported["traces"])


def test_an_event_without_its_target_is_followed_back(sample: Sample) -> None:
    findings = sample.table("relation_findings").filter(pl.col("rule") == "TRAJECT-006")

    for subject in findings["subject"]:
        reported = sample.json("explain", "relation_findings", "TRAJECT-006", subject)
        assert [len(trace["rows"]) for trace in reported["traces"]] == [1]


def test_explain_says_what_is_wrong_with_a_key(sample: Sample) -> None:
    result = sample.command("explain", "caseload_stock", "GM0899", "2017-01-02", "pw")

    assert result.returncode == 1
    assert "has no row" in result.stderr
    assert "Traceback" not in result.stderr


def test_doctor_and_verify_find_everything_in_order(sample: Sample) -> None:
    assert sample.json("verify") == {"is_whole": True, "problems": []}
    assert all(check["is_ok"] for check in sample.json("doctor"))


def test_a_second_night_finds_nothing_new_and_changes_nothing(sample: Sample) -> None:
    before = {name: tree(sample.data_dir / name) for name in ("log", "quarantine", "curated")}

    again = one_night(sample.data_dir)

    assert again.receipts == ()
    assert "Nothing new in data/raw." in summary(again)
    assert {name: tree(sample.data_dir / name) for name in ("log", "quarantine", "curated")} == before


def test_every_code_in_a_table_stands_in_the_table_it_refers_to(sample: Sample) -> None:
    checked = 0
    for table in TABLES.values():
        for each in references(table, TABLES):
            rows, other = sample.table(table.name).drop_nulls(each.columns), sample.table(each.table)
            unknown = rows.join(other, left_on=each.columns, right_on=each.key, how="anti")
            assert unknown.is_empty(), (table.name, each.columns, unknown.select(each.columns).unique())
            checked += rows.height
    assert checked > 1000


def test_the_month_of_two_dates_is_counted_once_and_the_service_adds_up(sample: Sample) -> None:
    dates = sample.table("calendar")
    august = dates.filter((pl.col("municipality_code") == "GM0899") & (pl.col("month").cast(pl.String) == "2018-08-01"))
    assert august.select(pl.col("reference_date").cast(pl.String), "is_date_of_month").rows() == [
        ("2018-08-01", True),
        ("2018-08-31", False),
    ]
    assert dates.group_by("municipality_code", "month").agg(pl.col("is_date_of_month").sum())[
        "is_date_of_month"
    ].unique().to_list() == [1]
    own = (
        sample.table("caseload_stock").group_by("reference_date", "series").agg(pl.col("benefits").sum()).sort(pl.all())
    )
    service = sample.table("caseload_service")
    assert service["is_complete"].all()
    assert service.select(own.columns).sort(pl.all()).equals(own)


def test_another_key_ends_a_night_and_leaves_the_release(sample: Sample) -> None:
    before = tree(sample.data_dir / "curated")
    other = replace(sample.settings, key="ab" * 32)

    with pytest.raises(UitstroomError, match="Put the former key back"):
        open_writer(other)

    assert tree(sample.data_dir / "curated") == before


def test_no_explanation_of_a_press_figure_reads_as_the_number_of_a_person(sample: Sample) -> None:
    told = sample.table("published_figures_check")["explanation"].to_list()
    assert [text for text in told if holds_number(text)] == []


def _answers_hold(page: Path, text: str, names: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    """Run the questions in a part of a page; how many there are, and the names that they leave."""
    bare = re.sub(r"^```\w*$", "", text, flags=re.MULTILINE)
    asked = doctest.DocTestParser().get_doctest(bare, names, page.name, str(page), 0)
    stated: list[str] = []
    ran = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(asked, out=stated.append, clear_globs=False)
    assert not ran.failed, "".join(stated)
    return ran.attempted, asked.globs


def test_the_page_about_notebooks_gives_what_it_says(sample: Sample, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(sample.data_dir.parent)
    asked, _ = _answers_hold(NOTEBOOK, NOTEBOOK.read_text(encoding="utf-8"), {})
    assert asked > 15


def test_the_tutorial_about_a_report_gives_what_it_says_before_and_after_a_correction(
    sample: Sample, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(sample.data_dir, tmp_path / "data", symlinks=True)
    monkeypatch.chdir(tmp_path)
    before, after = REPORT.read_text(encoding="utf-8").split("```bash\nuitstroom run\n```")

    first, names = _answers_hold(REPORT, before, {})
    writer = open_writer(replace(sample.settings, data_dir=tmp_path / "data"))
    take_in(writer, lambda _: None)
    release(writer, lambda _: None)
    second, _ = _answers_hold(REPORT, after, names)

    assert (first > 10, second > 2) == (True, True)
