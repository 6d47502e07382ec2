"""What single explanations name: which rows, of which delivery, as part of what."""

from datetime import date
from pathlib import Path

import pytest

from pipeline.jobs.lineage.explain import ExplainedCell, Explanation, explain_figure, explained, lineage_of
from pipeline.jobs.show import current_release
from pipeline.steward.explained_tree import section_of
from pipeline.steward.explanation_text import tree
from pipeline.store.kept_results import KEPT
from schemas.catalogue import TABLES
from schemas.sources import caseload as caseload_source
from tests.jobs.folder import CLAIMS, TOTALS, Folder, benefit, bsn, caseload, claim, csv, total

FIRST, AGAIN = "caseload/2016-02-05_a.csv", "caseload/2016-02-15_b.csv"


def month(day: str, numbers: range, **changed: object) -> str:
    return caseload(*(benefit(n, peildatum=day, **changed) for n in numbers))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """January counted, February first of five and then of three benefits, March a total alone, April counted."""
    made = Folder.at(tmp_path_factory.mktemp("answers"))
    made.put("caseload/2016-01-05_a.csv", month("01-01-2016", range(4)))
    made.put(FIRST, month("01-02-2016", range(5)))
    days = ("10-02-2016", "20-02-2016")
    claims = [
        claim(n, publicatiedatum=day, peildatum="01-02-2016", waarde=size)
        for n, (day, size) in enumerate(zip(days, (5, 3), strict=True), 1)
    ]
    made.put("published_figures/2016-02-20_k.csv", csv(CLAIMS, claims))
    made.run()
    made.put(AGAIN, month("01-02-2016", range(3)))
    made.put("caseload_totals/2016-03-05_t.csv", csv(TOTALS, [total(peildatum="01-03-2016", aantal=9)]))
    april = [benefit(n, peildatum="01-04-2016") for n in range(9)]
    made.put(
        "caseload/2016-04-05_a.csv", caseload(*april, benefit(9, peildatum="01-04-2016", ingangsdatum="10-03-2016"))
    )
    made.run()
    return made


def explain(folder: Folder, table: str, *key: str, column: str | None = None, day: date | None = None) -> Explanation:
    return explain_figure(folder.writer(), table, key, column=column, known_on=day)


def named(of: Explanation | ExplainedCell) -> dict[str, tuple[str, tuple[int, ...]]]:
    """File and rows by part."""
    return {trace.part: (trace.file_name, trace.rows) for trace in of.traces}


def test_a_month_of_which_only_a_total_is_known_is_a_step_of_the_bridge(folder: Folder) -> None:
    assert folder.flow("2016-04-01") == (9, 1, 0, 10, 0)
    assert named(explain(folder, "caseload_flow", "GM0899", "2016-04-01", "pw", column="inflow")) == {
        "inflow": ("caseload/2016-04-05_a.csv", (11,)),
        "from": ("caseload_totals/2016-03-05_t.csv", (2,)),
    }


def test_a_percentage_is_followed_to_its_denominator_and_the_cell_can_be_asked_in_turn(folder: Folder) -> None:
    found = explain(folder, "caseload_stock", "GM0899", "2016-02-01", "pw", column="change_pct")
    before = found.cells[1]

    assert [(cell.part, cell.value) for cell in found.cells] == [("stock now", 3), ("in % of the stock before", 4)]
    again = explain(folder, before.table, *before.key, column=before.column)
    assert again.value == 4
    assert named(again) == {"stock": ("caseload/2016-01-05_a.csv", (2, 3, 4, 5))}


def test_a_claim_is_followed_to_what_was_known_on_its_day(folder: Folder) -> None:
    first = explain(folder, "published_figures_check", "P-1", column="verdict")
    second = explain(folder, "published_figures_check", "P-2", column="verdict")

    assert (first.value, second.value) == ("confirmed", "confirmed")
    assert named(first)["stock"] == (FIRST, (2, 3, 4, 5, 6))
    assert named(second)["stock"] == (AGAIN, (2, 3, 4))
    assert [cell.known_on for cell in first.cells] == [date(2016, 2, 10)]


def test_a_past_day_is_asked_about_in_its_own_words(folder: Folder) -> None:
    key = ("GM0899", "2016-02-01", "pw")

    assert explain(folder, "caseload_stock", *key, column="benefits", day=date(2016, 2, 10)).value == 5
    assert explain(folder, "caseload_stock", *key, column="benefits").value == 3


def test_a_restatement_names_the_rows_before_and_after_and_its_cause(folder: Folder) -> None:
    rows = folder.table("restatements").filter(table="caseload_stock", key="GM0899|2016-02-01|pw", column="benefits")
    (row,) = rows.to_dicts()

    found = explain(folder, "restatements", row["release"], "caseload_stock", row["key"], "benefits")

    before, after = found.cells
    assert (before.value, after.value) == (row["value_before"], row["value_after"]) == (5, 3)
    assert named(before) == {"stock": (FIRST, (2, 3, 4, 5, 6))}
    assert named(after) == {"stock": (AGAIN, (2, 3, 4))}
    cause = explain(folder, "restatements", row["release"], "caseload_stock", row["key"], "benefits", column="cause")
    assert [(trace.part, trace.file_name) for trace in cause.own] == [("cause: recorded", AGAIN)]


def test_the_report_shows_the_tree_of_the_figure_that_stands_first_in_what_changed(folder: Folder) -> None:
    section = section_of(folder.writer(), current_release(folder.settings))

    assert "`caseload_stock.benefits`" in section
    assert "benefits = 3\n└─ stock: 3 rows of raw/caseload/2016-02-15_b.csv" in section
    assert section.endswith("`uitstroom explain caseload_stock GM0899 2016-02-01 all --column benefits`.")
    assert section.count("```") == 2


def test_a_file_name_cannot_leave_the_tree_nor_tell_a_number_of_a_person(tmp_path: Path) -> None:
    made = Folder.at(tmp_path)
    made.put(FIRST, month("01-02-2016", range(5)))
    made.run()
    made.put(f"caseload/2016-02-15_```_{bsn(7)}.csv", month("01-02-2016", range(4)))
    made.run()

    section = section_of(made.writer(), current_release(made.settings))

    assert section.count("```") == 2
    assert bsn(7) not in section


def test_a_tree_shows_a_count_per_file_and_the_first_rows(tmp_path: Path) -> None:
    made = Folder.at(tmp_path)
    made.put(FIRST, month("01-02-2016", range(90)))
    made.run()

    lines = tree(explain(made, "caseload_stock", "GM0899", "2016-02-01", "pw", column="benefits"))

    assert lines[0] == "benefits = 90"
    assert lines[1].startswith(f"└─ stock: 90 rows of raw/{FIRST}, delivered on 2016-02-05, delivery ")
    assert lines[1].endswith(": rows 2-21, …")


def test_which_delivery_counts_is_asked_of_counts_that_are_at_hand_and_else_of_the_log(folder: Folder) -> None:
    """A year beside CBS asks about a date for each of its months; counting all benefits for that takes long."""
    workspace, table = folder.writer(), TABLES["caseload_flow"]
    counts = folder.data / "curated" / KEPT / "counts-caseload"

    def answers() -> tuple[list[Explanation], bool]:
        lineage = lineage_of(workspace, current_release(workspace.settings), table)
        rows = lineage.scan(table).collect().iter_rows(named=True)
        found = [explained(lineage, table, row, "inflow") for row in rows]
        return found, caseload_source.SOURCE.name in lineage.contents.read

    by_counts, has_read_counts = answers()
    aside = counts.rename(counts.with_name("aside"))
    by_log, has_counted_anew = answers()
    aside.rename(counts)

    assert by_counts == by_log
    assert (has_read_counts, has_counted_anew) == (True, False)
