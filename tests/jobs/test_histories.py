"""Random histories: whatever was delivered, redelivered, decided, interrupted, in whatever order and over however many
runs, the tables are what a rebuild of the log gives, to the byte, and what one undisturbed run would have given.
"""

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from pipeline.jobs.delivery_decisions import CannotDecide, decide
from pipeline.jobs.quiet_night import quiet_night
from pipeline.jobs.release import release_history
from pipeline.jobs.release.final_figure_block import approve
from pipeline.jobs.release.publish import release
from pipeline.store.releases import releases
from schemas.catalogue import TABLES
from schemas.vocabulary import Decision
from tests.examples import examples
from tests.jobs.folder import CLAIMS, TOTALS, Folder, Ran, benefit, bsn, caseload, claim, conserved, csv, total, tree

EVENTS = (
    "aanbieder", "gebeurtenis_id", "gebeurtenis", "datum", "traject_id", "bsn", "programma", "doelgroep", "vervangt",
    "trekt_in",
)  # fmt: skip
BAD = {"ingangsdatum": "31-02-2017"}


def month(number: int, size: int, code: str = "0899") -> str:
    day = f"01-{number:02d}-2017"
    ended = {"einddatum": f"15-{number - 1 or 12:02d}-{2017 - (number == 1)}", "reden_einde": "11"}
    rows = (benefit(n, peildatum=day, gemeentecode=code, **(ended if n % 7 == number else {})) for n in range(size))
    return caseload(*rows)


def happening(provider: str, number: int, kind: str, day: str, **more: object) -> dict[str, object]:
    row: dict[str, object] = {
        "aanbieder": provider, "gebeurtenis_id": f"E{number}", "gebeurtenis": kind, "datum": day,
        "traject_id": f"T{number // 10}", "bsn": bsn(number // 10), "programma": "INNOVATIEF2016",
    }  # fmt: skip
    return row | more


def course(provider: str, first: int) -> list[dict[str, object]]:
    return [
        happening(provider, first * 10, "aangemeld", "01-03-2017"),
        happening(provider, first * 10 + 1, "gestart", "10-03-2017", doelgroep="vijftigplus"),
        happening(provider, first * 10 + 2, "geplaatst", "20-05-2017"),
    ]


DELIVERIES: dict[str, str] = {
    "caseload/2017-02-07_feb.csv": month(2, 20) + month(2, 8, "0882").partition("\n")[2],
    "caseload/2017-03-07_march.csv": month(3, 18),
    "caseload/2017-03-20_feb_again.csv": month(2, 22),
    "caseload/2017-04-07_april_both.csv": month(4, 17) + month(4, 9, "0882").partition("\n")[2],
    "caseload/2017-05-02_march_again.csv": month(3, 19),
    "caseload/2017-05-03_held.csv": caseload(benefit(1, **BAD), benefit(3, **BAD), benefit(2, peildatum="01-05-2017")),
    "caseload_totals/2017-05-08_t.csv": csv(
        TOTALS, [total(peildatum=f"01-{n:02d}-2017", aantal=20 - n, reeks="all") for n in (4, 5)]
    ),
    "published_figures/2017-03-10_p.csv": csv(CLAIMS, [claim(1, waarde="19", publicatiedatum="10-03-2017")]),
    "trajectory_events/2017-06-01_e.csv": csv(EVENTS, [*course("RE01", 1), *course("RE02", 2)]),
    "trajectory_events/2017-06-20_e.csv": csv(
        EVENTS,
        [
            happening("RE01", 15, "geplaatst", "22-05-2017", vervangt="E12"),
            happening("RE02", 25, "gestart", "11-03-2017", trekt_in="E22"),
        ],
    ),
}  # fmt: skip
DECIDED = tuple(name for name in DELIVERIES if name.startswith(("caseload/", "trajectory")))


class Interrupted(BaseException):
    """A run that ends in the middle, as when its process is told to stop."""


_LEFT = [0]
_ROOT = [""]


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    """Count steps that touch a file of the folder; at the last of those granted, end the run."""
    if (
        _LEFT[0]
        and event in ("open", "os.rename", "os.mkdir", "os.link", "os.remove")
        and _ROOT[0] in str(arguments[0])
    ):
        _LEFT[0] -= 1
        if not _LEFT[0]:
            raise Interrupted


sys.addaudithook(_watch)


@contextmanager
def interrupted(folder: Folder, after: int) -> Iterator[None]:
    """End what runs inside at its ``after``-th step that touches a file, if it comes so far."""
    _ROOT[0], _LEFT[0] = str(folder.data), after
    try:
        yield
    except Interrupted:
        pass
    finally:
        _LEFT[0] = 0


def run(folder: Folder) -> Ran:
    """A night, and the steward's yes where it is blocked. One that could be quiet changes nothing."""
    is_quiet = quiet_night(folder.writer()) is not None
    before = tree(folder.data) if is_quiet else {}
    ran = folder.run()
    if is_quiet:
        assert (ran.receipts, ran.published.is_new, ran.published.block) == ((), False, None)
        assert tree(folder.data) == before
    while ran.published.block is not None:
        approve(folder.writer(), ran.published.block.id, by="a steward", why="a letter")
        ran = folder.run()
    return ran


def take_decision(folder: Folder, name: str, decision: Decision) -> None:
    delivery = folder.events().filter(pl.col("file_name") == name)["delivery"]
    if len(delivery):
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(folder.data.parent)
            try:
                decide(folder.writer(), decision, delivery[0], by="a steward", why="to see what happens")
            except CannotDecide:
                return


def rebuilt(folder: Folder, root: Path) -> dict[str, str]:
    """The current release as a rebuild from the log alone gives it."""
    copy = Folder.at(root)
    shutil.copytree(folder.settings.log, copy.settings.log)
    shutil.copyfile(folder.settings.key_file, copy.settings.key_file) if folder.settings.key_file.exists() else None
    published = release(copy.writer(), lambda _: None, afresh=True)
    return {published.release.id: ""} | tree(published.release.path)


def undisturbed(folder: Folder, root: Path) -> Folder:
    """A folder that got the same files in one run, and the last decision about each."""
    other = Folder.at(root)
    for path in sorted(folder.settings.raw.rglob("*.csv")):
        other.put(path.relative_to(folder.settings.raw).as_posix(), path.read_bytes())
    other.take_in()
    decisions = folder.events().filter(pl.col("event").is_in(list(Decision))).sort("recorded_at")
    for name, event in decisions.select("file_name", "event").iter_rows():
        take_decision(other, name, Decision(event))
        if event == Decision.ACCEPTED:
            other.take_in()
    run(other)
    return other


Step = tuple[str, Any]
_STEPS: st.SearchStrategy[Step] = st.one_of(
    st.tuples(st.just("deliver"), st.sets(st.sampled_from(list(DELIVERIES)), min_size=1, max_size=4)),
    st.tuples(st.just("run"), st.none()),
    st.tuples(st.just("interrupt"), st.integers(1, 250)),
    st.tuples(st.just("decide"), st.tuples(st.sampled_from(DECIDED), st.sampled_from(list(Decision)))),
)


def go(folder: Folder, step: Step) -> None:
    kind, what = step
    if kind == "deliver":
        for name in sorted(what):
            folder.put(name, DELIVERIES[name])
    elif kind == "run":
        run(folder)
    elif kind == "interrupt":
        with interrupted(folder, what):
            run(folder)
    else:
        take_decision(folder, *what)


@examples(2, are_nights=True)
@given(steps=st.lists(_STEPS, min_size=3, max_size=9))
def test_tables_are_a_rebuild_of_the_log_whatever_happened(
    tmp_path_factory: pytest.TempPathFactory, steps: list[Step]
) -> None:
    root = tmp_path_factory.mktemp("history")
    folder = Folder.at(root / "own")
    for step in [("deliver", {"caseload/2017-02-07_feb.csv"}), *steps]:
        go(folder, step)
    run(folder)
    published = run(folder).published.release
    assert {published.id: ""} | tree(published.path) == rebuilt(folder, root / "rebuilt")
    other = undisturbed(folder, root / "other")
    for name in TABLES.keys() - {"restatements", "releases", "deliveries"}:
        assert_frame_equal(folder.table(name), other.table(name), check_exact=True)
    reported = [
        each.table("deliveries").select("delivery", "status", "rows_recorded", "version_of_scope")
        for each in (folder, other)
    ]
    assert_frame_equal(*reported)
    assert conserved(folder.table("deliveries"))
    assert folder.problems() == ()
    _each_release_follows_from_the_one_before(folder)


def _each_release_follows_from_the_one_before(folder: Folder) -> None:
    """Restated figures, added up from the first release on, are those of the current one."""
    history = release_history.ReleaseHistory.of(folder.writer())
    there = {name: _release(folder, name) for name in history.published["release"]}
    restated = folder.table("restatements")
    for name, previous in history.published.select("release", "previous").iter_rows():
        if previous is not None:
            own = restated.filter(release=name, table="caseload_stock", column="benefits")
            before, after = _benefits(there[previous]), _benefits(there[name])
            for key, old, new in own.select("key", "value_before", "value_after").iter_rows():
                assert before.pop(key, None) == old
                assert after.pop(key, None) == new
            assert before == after


def _release(folder: Folder, name: str) -> releases.Release:
    return releases.checked(folder.settings.curated, name)


def _benefits(of: releases.Release) -> dict[str, float]:
    rows = releases.read(of, "caseload_stock").collect()
    return {
        f"{code}|{day}|{series}": float(n)
        for code, day, series, n in rows.select("municipality_code", "reference_date", "series", "benefits").iter_rows()
    }
