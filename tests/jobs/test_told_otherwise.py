"""Events and figures that are told again and say something else: undone, moved to other days, a nought too few."""

from pathlib import Path

import polars as pl
import pytest

from pipeline.jobs.delivery_decisions import decide
from schemas.vocabulary import Decision
from tests.jobs.all_sources import EVENTS, event
from tests.jobs.folder import CLAIMS, TOTALS, Folder, benefit, caseload, claim, csv, total


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder.at(tmp_path, publishes=False)


def _events(numbers: range, prefix: str, **changed: object) -> str:
    rows = [event(n, "gestart", "2016-02-01", f"{prefix}{n}") for n in numbers]
    return csv(EVENTS, [row | dict.fromkeys(changed, f"E{n}") for n, row in zip(numbers, rows, strict=True)])


@pytest.mark.parametrize("how", ["trekt_in", "vervangt"])
@pytest.mark.parametrize(("undone", "status"), [(range(30), "held"), (range(12), "held"), (range(8), "recorded")])
@pytest.mark.parametrize("is_turned", [pytest.param(False, marks=pytest.mark.system), True])
def test_a_provider_whose_events_are_mostly_undone_waits(
    folder: Folder, how: str, undone: range, status: str, is_turned: bool
) -> None:
    first, then = "trajectory_events/2016-03-01_a.csv", "trajectory_events/2016-04-01_b.csv"
    content = {first: _events(range(40), "E"), then: _events(undone, "N", **{how: True})}
    for name in sorted(content, reverse=is_turned):
        folder.put(name, content[name])
        folder.run()

    assert folder.outcome(first) == ("recorded", "")
    assert folder.outcome(then) == (status, "DELIVERY-025" if status == "held" else "")
    assert folder.problems() == ()


def test_a_provider_that_sends_everything_again_is_not_asked_about_old_corrections(folder: Folder) -> None:
    rows = [event(n, "gestart", "2016-02-01", f"E{n}") for n in range(40)]
    for month in range(8):
        first = 2 * month
        rows += [event(n, "gestart", "2016-02-02", f"N{n}") | {"vervangt": f"E{n}"} for n in range(first, first + 2)]
        folder.put(f"trajectory_events/2016-{month + 3:02}-10_a.csv", csv(EVENTS, rows))
        folder.run()

    assert folder.table("deliveries")["status"].unique().to_list() == ["recorded"]


EVENT_FILES = "trajectory_events/2016-03-01_a.csv", "trajectory_events/2016-04-01_b.csv"


def begun(day: str, prefix: str, count: int = 40, **changed: object) -> str:
    rows = [event(n, "gestart", day, f"{prefix}{n}" if prefix else "") for n in range(count)]
    return csv(EVENTS, [row | changed for row in rows])


@pytest.mark.parametrize(
    ("then", "rule"),
    [
        pytest.param(begun("2015-02-01", "E"), "DELIVERY-026", id="other days"),
        pytest.param(
            begun("2016-02-01", "E", programma="BETERE_BUREN"),
            "DELIVERY-026",
            id="another programme",
            marks=pytest.mark.system,
        ),
        pytest.param(begun("2016-02-02", "E", count=9), "", id="a few corrections"),
        pytest.param(begun("2016-02-01", "E", dienstverband="voltijd"), "", id="filled in", marks=pytest.mark.system),
        pytest.param(begun("2016-01-01", "N"), "DELIVERY-027", id="new numbers, earlier days"),
        pytest.param(begun("2016-03-01", "N"), "DELIVERY-027", id="new numbers, later days", marks=pytest.mark.system),
        pytest.param(
            begun("2016-03-01", "", geregistreerd_op="2016-03-02"),
            "DELIVERY-027",
            id="without numbers",
            marks=pytest.mark.system,
        ),
        pytest.param(begun("2016-03-01", "N", count=9), "", id="a few new starts"),
        pytest.param(
            begun("2016-03-01", "N", gebeurtenis="geplaatst"), "", id="what follows", marks=pytest.mark.system
        ),
    ],
)
def test_a_provider_that_tells_known_events_otherwise_waits(folder: Folder, then: str, rule: str) -> None:
    folder.put(EVENT_FILES[0], begun("2016-02-01", "E"))
    folder.put(EVENT_FILES[1], then)
    folder.run()

    assert folder.outcome(EVENT_FILES[0]) == ("recorded", "")
    assert folder.outcome(EVENT_FILES[1]) == ("held" if rule else "recorded", rule)
    if rule == "DELIVERY-026":
        last = folder.events().filter(pl.col("event") == "held").row(0, named=True)
        assert "40 of 40 known of the same days (row 2, row 3, row 4, row 5, row 6, …)" in last["detail"]


@pytest.mark.system
def test_corrections_under_the_same_numbers_are_measured_by_what_was_known_of_those_days(folder: Folder) -> None:
    """Twelve corrections among two hundred events of the same days are no surprise, nor what was corrected before."""
    rows = [event(n, "gestart", f"2016-02-{1 + n % 20:02}", f"E{n}") for n in range(200)]
    corrected = [row | {"datum": "2016-02-10"} if n < 12 else row for n, row in enumerate(rows)]
    for month, told in (
        (3, rows),
        (4, corrected[:12]),
        (5, corrected),
        (6, [*corrected, event(999, "gestart", "2016-05-01", "E999")]),
    ):
        folder.put(f"trajectory_events/2016-{month:02}-10_a.csv", csv(EVENTS, told))
        folder.run()

    assert folder.table("deliveries")["status"].unique().to_list() == ["recorded"]


TOLD = "caseload_totals/2017-02-07.csv", "caseload_totals/2017-02-20.csv"


@pytest.mark.parametrize(
    ("before", "now", "is_far"),
    [
        (842, 84, True),
        pytest.param(842, 8420, True, marks=pytest.mark.system),
        pytest.param(842, 0, True, marks=pytest.mark.system),
        (912, 876, False),
        pytest.param(876, 438, False, marks=pytest.mark.system),
        pytest.param(12, 5, False, marks=pytest.mark.system),
    ],
)
def test_a_total_that_is_a_multiple_or_a_fraction_of_what_it_was_waits(
    folder: Folder, before: int, now: int, is_far: bool
) -> None:
    for name, count in zip(TOLD, (before, now), strict=True):
        folder.put(name, csv(TOTALS, [total(aantal=count)]))
    folder.run()

    assert folder.outcome(TOLD[1]) == (("held", "DELIVERY-028") if is_far else ("recorded", ""))
    if is_far:
        last = folder.events().filter(pl.col("event") == "held").row(0, named=True)
        assert f"aantal {before} before, {now} now (row 2)" in last["detail"]


@pytest.mark.system
def test_a_far_total_waits_in_any_order_of_loading_and_what_follows_stands_beside_what_counts(folder: Folder) -> None:
    content = {TOLD[0]: 842, TOLD[1]: 84, "caseload_totals/2017-03-01.csv": 850}
    for name in reversed(content):
        folder.put(name, csv(TOTALS, [total(aantal=content[name])]))
        folder.run()

    assert [folder.outcome(name)[0] for name in content] == ["recorded", "held", "recorded"]
    assert folder.run().receipts == ()
    assert folder.problems() == ()


@pytest.mark.system
def test_many_totals_that_are_out_of_line_wait_though_none_of_them_is_far(folder: Folder) -> None:
    def totals(share: float) -> str:
        rows = [total(peildatum=f"01-{1 + n:02}-2016", aantal=round(800 * share)) for n in range(12)]
        return csv(TOTALS, rows)

    folder.put(TOLD[0], totals(1.0))
    folder.put(TOLD[1], totals(1.4))
    assert "aantal: 12 of 12 (row 2, row 3, row 4, row 5, row 6, …)" in folder.run().receipt(TOLD[1]).detail


@pytest.mark.parametrize(
    ("column", "told"),
    [
        ("peildatum", "01-01-2016"),
        pytest.param("gemeentecode", "0882", marks=pytest.mark.system),
        pytest.param("operator", ">=", marks=pytest.mark.system),
    ],
)
def test_claims_that_are_told_again_about_something_else_wait(folder: Folder, column: str, told: str) -> None:
    names = "published_figures/2017-03-07.csv", "published_figures/2017-03-20.csv"
    folder.put(names[0], csv(CLAIMS, [claim(n) for n in range(12)]))
    folder.put(names[1], csv(CLAIMS, [claim(n, **{column: told}) for n in range(12)]))
    detail = folder.run().receipt(names[1]).detail

    assert folder.outcome(names[1]) == ("held", "DELIVERY-029")
    assert f"{column}: 12 of 12 (row 2" in detail


PERIOD = [*CLAIMS, "periode_van", "periode_tot"]


@pytest.mark.parametrize(
    ("told", "status"), [("-3,9", "recorded"), ("-3,8", "recorded"), ("3,9", "held"), ("-39", "held")]
)
def test_a_change_below_zero_is_compared_by_its_size_and_sign(folder: Folder, told: str, status: str) -> None:
    change = {"indicator": "caseload_change_pct", "peildatum": "", "eenheid": "procent"}
    period = {"periode_van": "2016-01-01", "periode_tot": "2017-01-01"}
    names = "published_figures/2017-03-07.csv", "published_figures/2017-03-20.csv"
    folder.put(names[0], csv(PERIOD, [claim(1, waarde="-3,9", **change, **period)]))
    folder.put(names[1], csv(PERIOD, [claim(1, waarde=told, **change, **period), claim(2)]))
    folder.run()

    assert [folder.outcome(name)[0] for name in names] == ["recorded", status]


@pytest.mark.system
def test_one_month_of_many_that_says_something_else_is_found(folder: Folder) -> None:
    """Of a delivery of forty months all are compared, the last one, too."""

    def years(**changed: object) -> str:
        days = [f"01-{1 + n % 12:02}-{2016 + n // 12}" for n in range(40)]
        return caseload(
            *(benefit(n, peildatum=day) | (changed if day == days[-1] else {}) for day in days for n in range(12))
        )

    folder.put("caseload/2019-05-07.csv", years())
    folder.put("caseload/2019-05-20.csv", years(ingangsdatum="02-05-2015"))
    detail = folder.run().receipt("caseload/2019-05-20.csv").detail

    assert "Brunssum 2019-04: ingangsdatum: 12 of 12 dossiers" in detail


@pytest.mark.system
@pytest.mark.parametrize("wrong", [0, 39])
def test_of_figures_that_were_told_one_by_one_each_is_compared(folder: Folder, wrong: int) -> None:
    """Forty months of totals in forty files, then all of them in one."""
    days = [f"{2013 + n // 12}-{1 + n % 12:02}-01" for n in range(40)]
    for day in days:
        folder.put(f"caseload_totals/{day[:8]}09.csv", csv(TOTALS, [total(peildatum=day)]))
    folder.put(TOLD[1], csv(TOTALS, [total(peildatum=d, aantal=84 if n == wrong else 842) for n, d in enumerate(days)]))
    folder.put("caseload_totals/2017-03-01.csv", csv(TOTALS, [total(peildatum=day) for day in days]))
    folder.run()

    assert folder.outcome(TOLD[1]) == ("held", "DELIVERY-028")
    assert folder.outcome("caseload_totals/2017-03-01.csv") == ("recorded", "")


@pytest.mark.system
def test_a_claim_of_long_ago_is_compared_too(folder: Folder) -> None:
    for n in range(15):
        folder.put(f"published_figures/2017-03-{n + 1:02}.csv", csv(CLAIMS, [claim(n, publicatiedatum="01-02-2017")]))
    folder.put("published_figures/2017-04-01.csv", csv(CLAIMS, [claim(0, waarde="84", publicatiedatum="01-02-2017")]))
    folder.run()

    assert folder.outcome("published_figures/2017-04-01.csv") == ("held", "DELIVERY-028")


@pytest.mark.parametrize("nights", [1, pytest.param(3, marks=pytest.mark.system)])
def test_what_waits_for_its_commit_is_compared_without_committing_it(
    folder: Folder, nights: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Claims of one night stand beside each other before they are part of the log; in three nights it is the same."""
    monkeypatch.setattr("pipeline.jobs.ingest.waiting._MOST_SECONDS", 600.0)  # however busy the machine is
    for n in range(12):
        folder.put(
            f"published_figures/2017-03-{n + 1:02}.csv", csv(CLAIMS, [claim(0, waarde=84 if n == 5 else 842 + n)])
        )
        if n % (12 // nights) == 0:
            folder.run()
    folder.run()

    statuses = folder.table("deliveries").sort("delivered_on")["status"].to_list()
    assert statuses == ["recorded"] * 5 + ["held"] + ["recorded"] * 6
    assert (
        len(list((folder.settings.data_dir / "log" / "published_figures" / "_delta_log").glob("*.json"))) <= nights + 2
    )


@pytest.mark.parametrize("nights", [pytest.param(False, marks=pytest.mark.system), True])
def test_what_a_retraction_let_in_waits_again_once_it_is_taken_back(folder: Folder, nights: bool) -> None:
    """Nobody accepted the second total: it counts only as long as nothing stands beside it, whenever nights come."""
    for name, count in zip(TOLD, (842, 84), strict=True):
        folder.put(name, csv(TOTALS, [total(aantal=count)]))
    folder.run()
    for decision in (Decision.RETRACTED, Decision.REINSTATED):
        decide(folder.writer(), decision, TOLD[0], by="A. Steward", why="the sender wrote so")
        if nights:
            folder.run()
    folder.run()

    assert [folder.outcome(name)[0] for name in TOLD] == ["recorded", "held"]
    assert folder.run().receipts == ()
    assert folder.problems() == ()


@pytest.mark.parametrize("is_late", [pytest.param(False, marks=pytest.mark.system), True])
def test_what_was_let_in_closes_no_gate_before_that_and_hides_none_that_a_late_file_closes(
    folder: Folder, is_late: bool
) -> None:
    """The last total is far from the one let in, which is no reason to wait, and from one that comes too late."""
    let_in, between, last = (f"caseload_totals/2017-02-{day}.csv" for day in ("09", 11, 20))
    bad = [total(peildatum=f"01-{month}-2017") for month in (13, 14)]
    files = {let_in: [total(aantal=8420), *bad], between: [total(aantal=400)], last: [total(aantal=842)]}
    steps = [let_in, last, "", between] if is_late else [let_in, between, last, ""]
    for step in steps:
        if step:
            folder.put(step, csv(TOTALS, files[step]))
        else:
            decide(folder.writer(), Decision.ACCEPTED, let_in, by="A. Steward", why="the others come later")
        folder.run()

    assert [folder.outcome(name)[0] for name in files] == ["recorded", "recorded", "held"]
    assert folder.run().receipts == ()


GROUPS = ("", "schoolverlater", "50plus")


def report(*groups: str, **changed: object) -> str:
    rows = [
        {"aanbieder": "RE01", "programma": "INNOVATIEF2016", "periode_van": "2016-01-01", "periode_tot": "2017-01-01",
         "deelnemers": 40, "lopend": 30, "geplaatst": 10, "doelgroep": group} | changed
        for group in groups
    ]  # fmt: skip
    return csv(list(rows[0]), rows)


@pytest.mark.parametrize(
    ("then", "told"),
    [
        (report(*GROUPS[1:]), "RE01, INNOVATIEF2016, 2017-01-01 2016-01: not told any more"),
        pytest.param(
            report(*GROUPS, lopend=""),
            "lopend: 3 of 3 not told any more (row 2, row 3, row 4)",
            marks=pytest.mark.system,
        ),
        pytest.param(report(*GROUPS, lopend=29), "", marks=pytest.mark.system),
    ],
)
def test_a_report_that_tells_less_than_before_waits(folder: Folder, then: str, told: str) -> None:
    names = "provider_reports/2017-02-07.csv", "provider_reports/2017-02-20.csv"
    for name, content in zip(names, (report(*GROUPS), then), strict=True):
        folder.put(name, content)
    detail = folder.run().receipt(names[1]).detail

    assert folder.outcome(names[0]) == ("recorded", "")
    assert folder.outcome(names[1]) == (("held", "DELIVERY-028") if told else ("recorded", ""))
    assert told in detail


@pytest.mark.parametrize(
    ("before", "now"), [pytest.param("9,5", "0,95", marks=pytest.mark.system), ("0,334", "0,0334")]
)
def test_a_claim_of_a_share_with_a_nought_too_many_waits(folder: Folder, before: str, now: str) -> None:
    unit = "deel" if before.startswith("0") else "procent"
    names = "published_figures/2017-03-07.csv", "published_figures/2017-03-20.csv"
    for name, value in zip(names, (before, now), strict=True):
        folder.put(name, csv(CLAIMS, [claim(0, waarde=value, eenheid=unit)]))
    folder.run()

    assert folder.outcome(names[1]) == ("held", "DELIVERY-028")
