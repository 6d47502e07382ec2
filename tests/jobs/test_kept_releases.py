"""A release that is cited stays, or comes back from the log with the same bytes."""

import json
import os
import shutil
import time
from pathlib import Path

import pytest

from pipeline.cli import main
from pipeline.jobs.release.keep import CannotKeep, keep, let_go
from pipeline.jobs.release.remake import CannotRemake, remake
from pipeline.jobs.upkeep.maintain import maintain
from pipeline.store.releases import releases
from pipeline.store.releases.retention import Retention
from tests.jobs.folder import Folder, benefit, caseload, tree
from tests.ready_made import ReadyMade

BY = {"by": "a steward", "why": "stands in the yearly report"}


def four_nights(folder: Folder) -> None:
    """Four releases: a first month, a second, the first again, and a delivery that is held."""
    for number, size in enumerate((20, 21, 23), 1):
        day = "01-02-2017" if number != 2 else "01-03-2017"
        folder.put(
            f"caseload/2017-0{number + 2}-07_{number}.csv", caseload(*(benefit(n, peildatum=day) for n in range(size)))
        )
        folder.run()
    folder.put(
        "caseload/2017-06-07_bad.csv", caseload(benefit(1), *(benefit(n, bsn="123456789") for n in range(2, 30)))
    )
    folder.run()


@pytest.fixture
def folder(ready_made: ReadyMade, tmp_path: Path) -> Folder:
    return ready_made.copy(four_nights, Folder.at(tmp_path))


def ids(folder: Folder) -> tuple[str, ...]:
    return tuple(folder.table("releases").sort("number")["release"])


def lost(folder: Folder, release: str) -> dict[str, bytes]:
    """Remove a release by hand; gives what was in it, links followed, without its pages."""
    path = folder.settings.curated / "releases" / release
    there = {each.name: each.read_bytes() for each in path.iterdir() if each.is_file()}
    shutil.rmtree(path)
    shutil.rmtree(folder.settings.curated / "clients" / release)
    return there


@pytest.mark.parametrize("number", range(4))
def test_a_release_that_is_gone_comes_back_with_the_same_bytes(folder: Folder, number: int) -> None:
    release = ids(folder)[number]
    before = lost(folder, release)

    again, is_made = remake(folder.writer(), release[:-2], lambda _: None)

    assert (again.id, is_made) == (release, True)
    assert {each.name: each.read_bytes() for each in again.path.iterdir() if each.is_file()} == before
    assert len(before) > 20
    assert folder.problems() == () or number == 3


def test_making_one_again_changes_neither_log_nor_what_is_current(folder: Folder) -> None:
    release = ids(folder)[1]
    lost(folder, release)
    log, current = tree(folder.settings.log), releases.current(folder.settings.curated)

    assert main(["release", release, "--data-dir", str(folder.data)]) == 0

    assert tree(folder.settings.log) == log
    assert releases.current(folder.settings.curated) == current
    assert remake(folder.writer(), release, lambda _: None)[1] is False


def test_what_another_version_made_or_nobody_published_is_refused_with_the_next_step(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = ids(folder)[0]
    lost(folder, release)
    with pytest.raises(CannotRemake, match="0 releases that were published begin with 1999"):
        remake(folder.writer(), "1999", lambda _: None)
    monkeypatch.setattr("pipeline.jobs.workspace.fingerprints.tables_version", lambda: "another")
    with pytest.raises(CannotRemake, match="with that version of the program"):
        remake(folder.writer(), release, lambda _: None)
    assert release not in releases.releases(folder.settings.curated)


def test_a_release_that_is_kept_outlives_all_younger_ones_until_it_is_let_go(folder: Folder) -> None:
    first, second, *_ = ids(folder)
    assert keep(folder.writer(), first, name="jaarverslag-2018", **BY) == first

    maintain(folder.writer(), lambda _: None, keep_releases=1)
    assert releases.releases(folder.settings.curated)[0] == first
    assert second not in releases.releases(folder.settings.curated)
    assert main(["path", "--data-dir", str(folder.data)]) == 0

    let_go(folder.writer(), name="jaarverslag-2018", **BY)
    maintain(folder.writer(), lambda _: None, keep_releases=1)
    assert first not in releases.releases(folder.settings.curated)
    assert {path.name for path in (folder.settings.curated / "clients").iterdir()} == set(
        releases.releases(folder.settings.curated)
    )


def test_a_kept_name_stands_for_its_release_and_never_moves(
    folder: Folder, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UITSTROOM_KEY", folder.settings.key or "")
    first, second, *_ = ids(folder)
    words = ["--name", "begroting-2019", "--by", BY["by"], "--reason", BY["why"], "--data-dir", str(folder.data)]
    assert main(["keep", first, *words]) == 0
    with pytest.raises(CannotKeep, match="a citation does not move"):
        keep(folder.writer(), second, name="begroting-2019", **BY)

    capsys.readouterr()
    assert main(["changes", "--since", "begroting-2019", "--json", "--data-dir", str(folder.data)]) == 0
    assert json.loads(capsys.readouterr().out)["since"] == first
    assert main(["releases", "--data-dir", str(folder.data)]) == 0
    assert f"as begroting-2019 by {BY['by']}: {BY['why']}" in capsys.readouterr().out


@pytest.mark.parametrize(
    "name", ["", "a", "Jaar Verslag", "../x", "123456782", "bsn-123456782", "-x", "é" * 5, "x" * 61]
)
def test_names_that_are_no_names_are_refused(folder: Folder, name: str) -> None:
    with pytest.raises(CannotKeep, match="such as jaarverslag-2018"):
        keep(folder.writer(), ids(folder)[0], name=name, **BY)


def test_who_and_why_are_asked_and_hold_no_number_of_a_person(folder: Folder) -> None:
    for signature in ({"by": "", "why": BY["why"]}, {"by": BY["by"], "why": "for 123456782, see mail"}):
        with pytest.raises(CannotKeep):
            keep(folder.writer(), ids(folder)[0], name="x1", **signature)


def test_what_was_current_within_some_days_stays_whatever_the_number() -> None:
    day = 86_400 * 10**9
    aged = [(time.time_ns() - age * day, str(age)) for age in (40, 20, 5, 1)]

    assert Retention(1).stay(aged) == {"1"}
    assert Retention(1, days=7).stay(aged) == {"1", "5"}
    assert Retention(1, days=30).stay(aged) == {"1", "5", "20"}
    assert Retention(1, kept=frozenset({"40", "gone"})).stay(aged) == {"1", "40"}


def test_settings_say_how_long_releases_stay(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    first, *_ = ids(folder)
    old = time.time() - 20 * 86_400
    os.utime(folder.settings.curated / "releases" / first, (old, old))
    monkeypatch.setenv("UITSTROOM_KEY", folder.settings.key or "")
    for days, stays in (("30", True), ("7", False)):
        monkeypatch.setenv("UITSTROOM_KEEP_RELEASES", "1")
        monkeypatch.setenv("UITSTROOM_KEEP_RELEASE_DAYS", days)
        assert main(["maintain", "--json", "--data-dir", str(folder.data)]) == 0
        assert (first in releases.releases(folder.settings.curated)) is stays
