"""How the parts of an explanation are called: by what they are to the figure, each row once. Not here: which rows they
are (``test_answers``).
"""

import pytest

from pipeline.jobs.lineage.explain import Explanation, explain_figure
from pipeline.steward.explanation_text import tree
from schemas.tables.trajectories import PLACEMENT_OUTCOMES
from tests.jobs.all_sources import EVENTS, event
from tests.jobs.folder import CBS, CLAIMS, TOTALS, Folder, benefit, caseload, claim, csv, region, total

CLAIMED = [*CLAIMS, "periode_van", "periode_tot"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """A client whose placement did not last, figures of CBS beside none of our own, and a claim about flows that series
    ``pw`` does not have from step to step.
    """
    made = Folder.at(tmp_path_factory.mktemp("parts"))
    told = [("gestart", "2016-01-05"), ("geplaatst", "2016-02-01"), ("plaatsing_beeindigd", "2016-03-01")]
    events = [event(1, kind, day, f"E{number}") for number, (kind, day) in enumerate(told)]
    made.put("trajectory_events/2016-10-10_e.csv", csv(EVENTS, events))
    made.put("trajectory_events/2016-11-10_e.csv", csv(EVENTS, [event(2, "aangemeld", "2016-11-05", "E9")]))
    for month in (1, 3):
        rows = [benefit(number, peildatum=f"01-{month:02}-2016") for number in range(4)]
        made.put(f"caseload/2016-{month:02}-05_a.csv", caseload(*rows))
    only_pw = total(peildatum="01-02-2016", aantal=4)
    made.put("caseload_totals/2016-02-05_t.csv", csv(TOTALS, [only_pw]))
    made.put("municipal_statistics/2016-11-30_83747NED_2016.csv", csv(CBS, [region(899, Bijstandsontvangers_2=60)]))
    about = {"indicator": "outflow_to_work_minus_inflow", "periode_van": "01-01-2016", "periode_tot": "01-03-2016"}
    flows = claim(1, publicatiedatum="20-03-2016", waarde=0, peildatum="", **about)
    made.put("published_figures/2016-03-20_k.csv", csv(CLAIMED, [flows]))
    made.run()
    return made


def explain(folder: Folder, table: str, *key: str, column: str) -> Explanation:
    return explain_figure(folder.writer(), table, key, column=column)


@pytest.mark.parametrize("column", PLACEMENT_OUTCOMES.not_key)
def test_who_does_not_count_is_not_called_started_or_placed(folder: Folder, column: str) -> None:
    found = explain(folder, "placement_outcomes", "INNOVATIEF2016", column=column)

    is_nobody = [trace.part.startswith("not counted: ") for trace in found.own]
    assert is_nobody
    assert set(is_nobody) == {found.value == 0}


@pytest.mark.parametrize("column", PLACEMENT_OUTCOMES.not_key)
def test_a_row_is_named_as_one_part(folder: Folder, column: str) -> None:
    found = explain(folder, "placement_outcomes", "INNOVATIEF2016", column=column)

    rows = [(trace.delivery, row) for trace in found.own for row in trace.rows]
    assert len(rows) == len(set(rows))


def test_of_nobody_in_a_month_somebody_else_is_named_as_such(folder: Folder) -> None:
    key = ("INNOVATIEF2016", "*", "2016-01-01")

    nobody, one = (explain(folder, "programme_progress", *key, column=name) for name in ("placed", "participants"))

    assert (nobody.value, one.value) == (0, 1)
    assert all(trace.part.startswith("not counted: ") for trace in nobody.own)
    assert one.own[0].part == "started"


@pytest.mark.parametrize(
    ("table", "key", "column"),
    [
        ("channel_progress", ("INNOVATIEF2016", "*", "unknown", "2016-03-01"), "placed_in_month"),
        ("channel_progress", ("INNOVATIEF2016", "*", "unknown", "2016-02-01"), "placed_part_time"),
        ("programme_occupancy", ("INNOVATIEF2016", "2016-01-01"), "placed_in_last_12_months"),
        ("programme_occupancy", ("INNOVATIEF2016", "2016-01-01"), "over_maximum_duration"),
    ],
)
def test_so_in_every_table_of_programmes(folder: Folder, table: str, key: tuple[str, ...], column: str) -> None:
    found = explain(folder, table, *key, column=column)

    assert found.value == 0
    assert {trace.part.partition(":")[0] for trace in found.own} == {"not counted"}


def test_how_far_a_provider_is_known_is_told_of_nobody(folder: Folder) -> None:
    key = ("INNOVATIEF2016", "*", "unknown", "2016-11-01")

    found = explain(folder, "channel_progress", *key, column="placed_in_month")

    assert [trace.part for trace in found.own] == ["not counted: started", "not counted: placed", "known until"]


def test_of_a_whole_row_nobody_is_named_as_counted_and_as_not(folder: Folder) -> None:
    found = explain_figure(folder.writer(), "programme_progress", ("INNOVATIEF2016", "*", "2016-01-01"))

    rows = [(trace.delivery, row) for trace in found.own for row in trace.rows]
    assert "started" in {trace.part for trace in found.own}
    assert len(rows) == len(set(rows))


def test_no_own_figure_beside_cbs_is_told_as_none(folder: Folder) -> None:
    lines = tree(explain(folder, "benchmark", "GM0899", "2016", "recipients", column="value_own"))

    assert lines[0] == "value_own = "
    assert lines[1].startswith(
        "├─ beside the CBS figure: 1 row of raw/municipal_statistics/2016-11-30_83747NED_2016.csv"
    )
    assert lines[2] == "└─ no own figure: own persons in series pw on 2017-01-01 are not known"
    of_cbs = explain(folder, "benchmark", "GM0899", "2016", "recipients", column="value_cbs")
    assert [trace.part for trace in of_cbs.own] == ["CBS figure"]


def test_a_step_of_the_series_that_the_claim_names_is_its_own(folder: Folder) -> None:
    found = explain(folder, "published_figures_check", "P-1", column="verdict")

    assert found.figure["series_found"] != "pw"
    assert "step of the claim's own series" in [cell.part for cell in found.cells]
    assert "step of another series" not in [cell.part for cell in found.cells]


def test_as_json_its_own_rows_stand_apart_from_all_behind_it(folder: Folder) -> None:
    found = explain(folder, "published_figures_check", "P-1", column="verdict").as_dict()

    assert [trace["part"] for trace in found["own"]] == ["claim"]
    assert len(found["traces"]) > 1
