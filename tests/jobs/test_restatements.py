"""What changed from release to release: every figure, with its cause, for good."""

import shutil
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl
import pytest

from pipeline.backfill.plan import Plan
from pipeline.backfill.request import Request
from pipeline.jobs.backfill.apply import apply as apply_plan
from pipeline.jobs.backfill.make_plan import make_plan
from pipeline.jobs.delivery_decisions import decide
from pipeline.jobs.nightly import take_in
from pipeline.jobs.release import release_history
from pipeline.jobs.release.differences import NothingToCompare, difference, lines
from pipeline.jobs.release.final_figure_block import CannotApprove, approve
from pipeline.jobs.release.publish import release
from pipeline.jobs.release.rollback import CannotGoBack, rollback
from pipeline.store.releases import releases
from pipeline.versions.figure_diff import compare
from schemas.vocabulary import Decision
from tests.jobs.folder import TOTALS, Folder, benefit, caseload, csv, total, tree
from tests.ready_made import ReadyMade

FEB, MARCH = "caseload/2017-02-07_feb.csv", "caseload/2017-03-07_march.csv"
FEB_AGAIN = "caseload/2017-03-20_feb_again.csv"
LANDGRAAF = "caseload/2017-02-08_landgraaf.csv"
"""Landgraaf from February on: a place that nobody ever told of would wait for a steward (DELIVERY-008)."""


def month(day: str, size: int, code: str = "0899") -> str:
    return caseload(*(benefit(n, peildatum=day, gemeentecode=code) for n in range(size)))


def february_and_march(folder: Folder) -> None:
    folder.put(FEB, month("01-02-2017", 20))
    folder.put(MARCH, month("01-03-2017", 18))
    folder.run()


@pytest.fixture
def two_months(folder: Folder, ready_made: ReadyMade) -> Folder:
    return ready_made.copy(february_and_march, folder)


@dataclass(frozen=True)
class Again:
    """February came again, with 23 benefits instead of 20."""

    folder: Folder
    before: releases.Release
    """What was published before it."""


@pytest.fixture(scope="module")
def once_again(tmp_path_factory: pytest.TempPathFactory, ready_made: ReadyMade) -> Again:
    folder = ready_made.copy(february_and_march, Folder.at(tmp_path_factory.mktemp("again")))
    before = releases.current(folder.settings.curated)
    assert before is not None
    folder.put(FEB_AGAIN, month("01-02-2017", 23))
    folder.run()
    return Again(folder, before)


@pytest.fixture
def again(once_again: Again, folder: Folder) -> Again:
    shutil.copytree(once_again.folder.data, folder.data, symlinks=True)
    old = once_again.before
    path = folder.settings.curated / old.path.relative_to(once_again.folder.settings.curated)
    return Again(folder, replace(old, path=path))


def restated(folder: Folder) -> pl.DataFrame:
    """Those of the newest release."""
    rows = folder.table("restatements")
    return rows.filter(
        pl.col("release") == folder.writer().log.publications.rows().collect().sort("number")["release"][-1]
    )


def figure(rows: pl.DataFrame, key: str, column: str, table: str = "caseload_stock") -> dict[str, object]:
    (row,) = rows.filter(table=table, key=key, column=column).iter_rows(named=True)
    return row


def test_first_release_restates_nothing(two_months: Folder) -> None:
    assert two_months.table("restatements").is_empty()


def test_redelivered_month_restates_its_figures_and_those_that_follow_from_it(once_again: Again) -> None:
    two_months, before = once_again.folder, once_again.before
    rows = restated(two_months)
    again = two_months.delivery(FEB_AGAIN)["delivery"]
    stock = figure(rows, "GM0899|2017-02-01|pw", "benefits")
    assert (stock["kind"], stock["value_before"], stock["value_after"]) == ("changed", 20.0, 23.0)
    assert (stock["cause"], stock["event"], stock["candidates"]) == (again, "recorded", 1)
    assert stock["previous_release"] == before.id
    follows = figure(rows, "GM0899|2017-03-01|pw", "change")
    assert (follows["value_before"], follows["value_after"], follows["cause"]) == (-2.0, -5.0, again)
    opening = figure(rows, "GM0899|2017-03-01|pw", "opening", "caseload_flow")
    assert (opening["value_before"], opening["value_after"]) == (20.0, 23.0)
    assert set(rows["cause"]) == {again}
    assert rows.filter((pl.col("key") == "GM0899|2017-03-01|pw") & (pl.col("column") == "benefits")).is_empty()


def test_new_month_is_added_and_retracted_month_removed(two_months: Folder) -> None:
    two_months.put("caseload/2017-04-07_april.csv", month("01-04-2017", 17))
    two_months.run()
    added = figure(restated(two_months), "GM0899|2017-04-01|pw", "benefits")
    assert (added["kind"], added["value_before"], added["value_after"], added["event"]) == (
        "added", None, 17.0, "recorded",
    )  # fmt: skip
    april = two_months.delivery("caseload/2017-04-07_april.csv")["delivery"]
    decide(two_months.writer(), Decision.RETRACTED, str(april), by="a steward", why="wrong month")
    two_months.run()
    removed = figure(restated(two_months), "GM0899|2017-04-01|pw", "benefits")
    assert (removed["kind"], removed["value_after"], removed["event"], removed["cause"]) == (
        "removed", None, "retracted", april,
    )  # fmt: skip
    decide(two_months.writer(), Decision.REINSTATED, str(april), by="a steward", why="right after all")
    two_months.run()
    assert figure(restated(two_months), "GM0899|2017-04-01|pw", "benefits")["event"] == "reinstated"
    assert two_months.table("restatements")["release"].n_unique() == 3


def test_cause_is_the_delivery_about_that_place_and_time(two_months: Folder) -> None:
    two_months.put(LANDGRAAF, month("01-02-2017", 8, code="0882"))
    two_months.run()
    two_months.put(FEB_AGAIN, month("01-02-2017", 23))
    two_months.put("caseload/2017-03-21_landgraaf.csv", month("01-03-2017", 9, code="0882"))
    two_months.put("caseload/2017-03-22_march_again.csv", month("01-03-2017", 19))
    two_months.run()
    rows = restated(two_months)
    cause = {
        key: two_months.delivery(name)["delivery"]
        for key, name in {
            "GM0899|2017-02-01|pw": FEB_AGAIN,
            "GM0882|2017-03-01|pw": "caseload/2017-03-21_landgraaf.csv",
            "GM0899|2017-03-01|pw": "caseload/2017-03-22_march_again.csv",
        }.items()
    }
    for key, delivery in cause.items():
        assert figure(rows, key, "benefits")["cause"] == delivery
    assert figure(rows, "GM0882|2017-03-01|pw", "benefits")["candidates"] == 1
    assert figure(rows, "GM0899|2017-03-01|pw", "change")["candidates"] == 2


def test_restatements_are_what_differs_between_the_files_of_two_releases(two_months: Folder) -> None:
    for number, (name, content) in enumerate(
        {
            FEB_AGAIN: month("01-02-2017", 23),
            LANDGRAAF: month("01-02-2017", 8, code="0882"),
            "caseload_totals/2017-05-01_t.csv": csv(TOTALS, [total(peildatum="01-05-2017", aantal=15)]),
            "caseload/2017-06-01_june.csv": month("01-06-2017", 11, code="0882"),
        }.items(),
        1,
    ):
        before = releases.current(two_months.settings.curated)
        assert before is not None
        two_months.put(name, content)
        after = two_months.run().published.release
        reported = restated(two_months).select("table", "key", "column", "kind", "value_before", "value_after")
        assert reported.equals(compare(release_history.tables_of(before), release_history.tables_of(after)))
        assert reported.height > 0
        assert two_months.table("restatements")["release"].n_unique() == number


def test_history_survives_the_loss_of_everything_but_the_log(again: Again) -> None:
    two_months = again.folder
    two_months.put("caseload/a.csv", month("01-04-2017", 5))
    last = two_months.run().published.release
    bytes_before = (last.path / "restatements.parquet").read_bytes()
    shutil.rmtree(two_months.settings.curated)
    shutil.rmtree(two_months.settings.raw)
    restored = two_months.run().published.release
    assert restored.id == last.id
    assert (restored.path / "restatements.parquet").read_bytes() == bytes_before
    assert (restored.path / "manifest.json").read_bytes() == (last.path / "manifest.json").read_bytes()
    assert two_months.problems() == ()


def test_release_after_a_loss_is_compared_with_what_was_published_before_it(two_months: Folder) -> None:
    shutil.rmtree(two_months.settings.curated)
    two_months.put(FEB_AGAIN, month("01-02-2017", 23))
    two_months.run()
    stock = figure(restated(two_months), "GM0899|2017-02-01|pw", "benefits")
    assert (stock["value_before"], stock["value_after"]) == (20.0, 23.0)


def test_rebuild_gives_the_same_bytes_and_restates_nothing(again: Again) -> None:
    two_months = again.folder
    before = tree(two_months.settings.curated)
    assert not release(two_months.writer(), lambda _: None, afresh=True).is_new
    assert tree(two_months.settings.curated) == before


def test_diff_names_the_file_behind_each_figure(ready_made: ReadyMade, once_again: Again) -> None:
    with pytest.raises(NothingToCompare, match="first release"):
        difference(ready_made.original(february_and_march).writer())
    two_months, first = once_again.folder, once_again.before
    reported = difference(two_months.writer())
    assert reported.before == first.id
    text = "\n".join(lines(reported))
    assert "caseload_stock  GM0899  2017-02-01  pw\n  recorded: caseload/2017-03-20_feb_again.csv\n" in text
    assert "benefits                             20 → 23" in text
    backwards = difference(two_months.writer(), reported.after, reported.before)
    assert backwards.figures.height == reported.figures.height
    assert backwards.figures["cause"].null_count() == backwards.figures.height


def test_rollback_stays_until_something_new_is_recorded(again: Again) -> None:
    two_months, first = again.folder, again.before
    rollback(two_months.writer(), first.id, by="a steward", why="the file is wrong")
    stays = two_months.run().published
    assert (stays.release.id, stays.is_new) == (first.id, False)
    assert stays.rolled_back is not None
    assert (stays.rolled_back.by, stays.rolled_back.why) == ("a steward", "the file is wrong")
    shutil.rmtree(two_months.settings.curated)
    assert two_months.run().published.release.id == first.id
    two_months.put("caseload/2017-04-07_april.csv", month("01-04-2017", 17))
    two_months.run()
    stock = figure(restated(two_months), "GM0899|2017-02-01|pw", "benefits")
    assert (stock["previous_release"], stock["value_before"], stock["value_after"]) == (first.id, 20.0, 23.0)
    assert two_months.problems() == ()


def february_became_final(folder: Folder) -> None:
    folder.put("caseload/2016-02-07_feb.csv", month("01-02-2016", 20))
    folder.put("caseload/2017-03-07_march.csv", month("01-03-2017", 18))
    folder.run()
    folder.put("caseload/2017-03-20_feb_again.csv", month("01-02-2016", 21))


@pytest.fixture
def blocked(folder: Folder, ready_made: ReadyMade) -> Folder:
    """February 2016 became final, and is delivered once more."""
    return ready_made.copy(february_became_final, folder)


def it_is_blocked(folder: Folder) -> None:
    february_became_final(folder)
    assert folder.run().published.block is not None


@pytest.fixture
def after_block(folder: Folder, ready_made: ReadyMade) -> Folder:
    """The same after the night that it blocks."""
    return ready_made.copy(it_is_blocked, folder)


def test_final_figure_waits_for_a_steward(blocked: Folder) -> None:
    before = releases.current(blocked.settings.curated)
    ran = blocked.run().published
    assert before is not None
    assert (ran.release.id, ran.is_new) == (before.id, False)
    assert ran.block is not None
    assert ran.block.reasons[1].startswith("GM0899|2016-02-01|pw: 20 becomes 21, by delivery ")
    assert blocked.stock()["GM0899", "2016-02-01", "pw"] == 20
    again = blocked.run().published
    assert again.block == ran.block
    with pytest.raises(CannotApprove, match="0 blocks begin with 000000000000"):
        approve(blocked.writer(), "000000000000", by="a steward", why="they said so")
    with pytest.raises(CannotApprove, match="says too little"):
        approve(blocked.writer(), ran.block.id, by=" ", why="they said so")
    approve(blocked.writer(), ran.block.id, by="a steward", why="they said so")
    assert blocked.run().published.is_new
    assert blocked.stock()["GM0899", "2016-02-01", "pw"] == 21
    assert blocked.problems() == ()


def test_retracting_the_delivery_ends_the_block(after_block: Folder) -> None:
    decide(after_block.writer(), Decision.RETRACTED, FEB_AGAIN, by="a steward", why="wrong file")
    after = after_block.run().published
    assert after.block is None
    assert after.is_new
    assert after_block.stock()["GM0899", "2016-02-01", "pw"] == 20


def test_a_block_by_a_retraction_says_so(blocked: Folder) -> None:
    decide(
        blocked.writer(), Decision.RETRACTED, str(blocked.delivery("caseload/2016-02-07_feb.csv")["delivery"]),
        by="a steward", why="wrong file",
    )  # fmt: skip
    (blocked.settings.raw / "caseload/2017-03-20_feb_again.csv").unlink()
    block = blocked.run().published.block
    assert block is not None
    assert "GM0899|2016-02-01|pw: 20 becomes none, by the retraction of delivery " in block.reasons[1]


def test_blocked_state_survives_the_loss_of_the_releases(after_block: Folder) -> None:
    before = after_block.run().published
    assert before.block is not None
    shutil.rmtree(after_block.settings.curated)
    after = after_block.run().published
    assert after.release.id == before.release.id
    assert after.block == before.block


def test_two_publishers_end_with_the_newest_state(two_months: Folder, tmp_path: Path) -> None:
    stale = two_months.writer()
    two_months.put(FEB_AGAIN, month("01-02-2017", 23))
    newest = two_months.run().published.release
    assert release(stale, lambda _: None).release.id == newest.id


def planned(folder: Folder, month: str, until: str) -> Plan:
    return make_plan(folder.writer(), Request(month, until, reason="ticket 12"), lambda _: None)


FEBRUARY_2016 = ("caseload_stock", "GM0899|2016-02-01|pw", "benefits", 20.0, 21.0)


def final_figures(plan: Plan) -> list[tuple[str, str, str, float | None, float | None]]:
    return [
        (each.table, each.key, each.column, each.value_before, each.value_after)
        for each in plan.figures
        if (each.table, each.key, each.column) == FEBRUARY_2016[:3]
    ]


def test_backfill_plan_is_an_approval_of_the_final_figures_in_it(blocked: Folder) -> None:
    plan = planned(blocked, "2016-02", "2016-03")
    assert final_figures(plan) == [FEBRUARY_2016]
    assert [note for note in plan.notes if "3 of these figures are final" in note] == list(plan.notes)
    assert "GM0899|2016-02-01|pw (20 becomes 21)" in plan.notes[0]
    applied = apply_plan(blocked.writer(), plan, lambda _: None)
    assert applied.differences == ()
    assert blocked.stock()["GM0899", "2016-02-01", "pw"] == 21
    (row,) = release_history.ReleaseHistory.of(blocked.writer()).rows.filter(event="approved").iter_rows(named=True)
    assert row["why"] == f"backfill plan {plan.id}"
    assert blocked.run().published.block is None


def test_backfill_plan_about_another_month_names_the_final_figures_that_a_block_holds_back(
    after_block: Folder,
) -> None:
    after_block.put("caseload/2017-05-07_april.csv", month("01-04-2017", 17))
    plan = planned(after_block, "2017-04", "2017-05")
    assert final_figures(plan) == [FEBRUARY_2016]
    assert "GM0899|2016-02-01|pw (20 becomes 21)" in plan.notes[0]


def test_backfill_plan_does_not_lift_the_block_of_a_figure_that_it_does_not_name(blocked: Folder) -> None:
    plan = planned(blocked, "2016-02", "2016-03")
    other = tuple(each for each in plan.figures if each.key != "GM0899|2016-02-01|pw")
    applying = replace(blocked.writer(), plan=plan.id)
    take_in(applying, lambda _: None)
    published = release(applying, lambda _: None, planned=other)
    assert published.block is not None
    assert blocked.stock()["GM0899", "2016-02-01", "pw"] == 20
    assert release(applying, lambda _: None, planned=plan.figures).is_new


class Gone(BaseException):
    """The process ends here."""


def test_publication_that_ended_between_its_figures_and_its_event_is_recorded_once(
    two_months: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ends(*_arguments: object, **_named: object) -> None:
        raise Gone

    two_months.put(FEB_AGAIN, month("01-02-2017", 23))
    two_months.take_in()
    with monkeypatch.context() as patch:
        patch.setattr(release_history.ReleaseHistory, "append", ends)
        with pytest.raises(Gone):
            release(two_months.writer(), lambda _: None)
    assert two_months.writer().log.restatements.rows().collect().height > 0
    two_months.run()
    rows = two_months.table("restatements")
    assert figure(rows, "GM0899|2017-02-01|pw", "benefits")["value_after"] == 23.0
    assert rows.equals(restated(two_months))
    shutil.rmtree(two_months.settings.curated)
    two_months.run()
    assert two_months.table("restatements").equals(rows)


@pytest.mark.parametrize("left", ["older", "none"])
def test_run_with_nothing_new_mends_the_pointer_of_a_publisher_that_died(
    again: Again, ready_made: ReadyMade, left: str
) -> None:
    two_months, pointer = again.folder, again.folder.settings.curated / "current.json"
    right = pointer.read_bytes()
    if left == "older":
        pointer.write_bytes((ready_made.original(february_and_march).settings.curated / "current.json").read_bytes())
    else:
        pointer.unlink()
    assert len(two_months.problems()) == 1
    two_months.run()
    assert pointer.read_bytes() == right
    assert two_months.problems() == ()


def test_the_last_block_is_meant_where_none_is_named_and_twice_is_told(blocked: Folder) -> None:
    block = blocked.run().published.block
    assert block is not None

    assert approve(blocked.writer(), "", by="a steward", why="they said so") == block.id

    with pytest.raises(CannotApprove, match=r"approved already, .* back with uitstroom retract"):
        approve(blocked.writer(), block.id, by="a steward", why="they said so")


def test_the_release_before_is_meant_by_its_word_and_the_same_word_undoes_it(again: Again) -> None:
    two_months = again.folder
    last = releases.current(two_months.settings.curated)
    assert last is not None
    names = [
        rollback(two_months.writer(), word, by="a steward", why="the file is wrong").id
        for word in ("vorige", "previous")
    ]

    assert names[0] != last.id
    assert names[1] == last.id
    with pytest.raises(CannotGoBack, match=f"Release {last.id} is current. Others: .*{names[0]}"):
        rollback(two_months.writer(), last.id, by="a steward", why="the file is wrong")
    with pytest.raises(CannotGoBack, match=r"There is no release 1999\. There are: "):
        rollback(two_months.writer(), "1999", by="a steward", why="the file is wrong")


def test_a_restored_folder_gives_a_release_the_bytes_it_had_also_after_going_back(again: Again) -> None:
    """Backed up are raw files and the log: what is published again from them is the same to the byte."""
    two_months, first = again.folder, again.before
    rollback(two_months.writer(), first.id, by="a steward", why="the file is wrong")
    before = tree(first.path)
    shutil.rmtree(two_months.settings.curated)

    restored = two_months.run().published.release

    assert restored.id == first.id
    assert tree(restored.path) == before
    assert two_months.problems() == ()
