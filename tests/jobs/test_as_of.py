"""As known on a day: a release of its own, with nothing in it that was said later."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from pipeline.cli import main
from pipeline.errors import UitstroomError
from pipeline.jobs.delivery_decisions import decide
from pipeline.jobs.release.known_on import known_on
from pipeline.jobs.release.rollback import rollback
from pipeline.store.releases import releases
from schemas.catalogue import TABLES
from schemas.vocabulary import Decision
from tests.jobs.all_sources import ALL_SOURCES, by_day
from tests.jobs.folder import CLAIMS, KEY, Folder, Ran, benefit, caseload, claim, csv, tree
from tests.jobs.state import states_of, tables_of
from tests.ready_made import ReadyMade

FEB, FEB_AGAIN = "caseload/2017-02-07_feb.csv", "caseload/2017-03-20_feb_again.csv"
DELIVERIES = {
    FEB: caseload(*(benefit(n) for n in range(20))),
    "caseload/2017-03-07_march.csv": caseload(*(benefit(n, peildatum="01-03-2017") for n in range(18))),
    FEB_AGAIN: caseload(*(benefit(n) for n in range(23)), benefit(99, ingangsdatum="31-02-2017")),
    "published_figures/2017-03-08_press.csv": csv(
        CLAIMS,
        [claim(1, waarde="20", publicatiedatum="08-03-2017"), claim(2, waarde="23", publicatiedatum="08-03-2017")],
    ),
    "published_figures/2017-04-02_press.csv": csv(CLAIMS, [claim(3, waarde="23", publicatiedatum="02-04-2017")]),
}


def put(folder: Folder, *names: str) -> Ran:
    for name in names or DELIVERIES:
        folder.put(name, DELIVERIES[name])
    return folder.run()


@pytest.fixture
def known(folder: Folder, ready_made: ReadyMade) -> Folder:
    """All deliveries, taken in and published in one night."""
    return ready_made.copy(put, folder)


def current_of(folder: Folder) -> releases.Release:
    found = releases.current(folder.settings.curated)
    assert found is not None
    return found


def as_known(folder: Folder, day: date) -> releases.Release:
    return known_on(folder.writer(), day, lambda _: None)


def benefits(release: releases.Release) -> dict[str, int]:
    rows = releases.read(release, "caseload_stock").filter(series="pw").select("reference_date", "benefits").collect()
    return {day.isoformat(): count for day, count in rows.iter_rows()}


def test_each_day_knows_what_was_delivered_until_then(known: Folder) -> None:
    current = current_of(known)
    assert benefits(current) == {"2017-02-01": 23, "2017-03-01": 18}
    for day, expected in {
        date(2017, 2, 6): {},
        date(2017, 2, 7): {"2017-02-01": 20},
        date(2017, 3, 19): {"2017-02-01": 20, "2017-03-01": 18},
        date(2017, 3, 20): {"2017-02-01": 23, "2017-03-01": 18},
    }.items():
        release = as_known(known, day)
        assert benefits(release) == expected
        assert release.manifest["as_known_on"] == day.isoformat()
        reported = releases.read(release, "deliveries").collect()
        assert all(row <= day for row in reported["delivered_on"])
        assert set(releases.read(release, "findings").collect()["delivery"]) <= set(reported["delivery"])
    assert releases.current(known.settings.curated) == current
    assert known.problems() == ()


def test_equals_the_release_of_a_folder_that_never_got_the_rest(
    known: Folder, tmp_path_factory: pytest.TempPathFactory
) -> None:
    day = date(2017, 3, 19)
    other = Folder.at(tmp_path_factory.mktemp("until"))
    then = put(other, *(name for name in DELIVERIES if name.split("/")[1][:10] <= day.isoformat())).published.release
    looked_back = as_known(known, day)
    for name in ("caseload_stock", "caseload_flow", "published_figures_check", "reconciliation", "relation_findings"):
        assert releases.read(looked_back, name).collect().equals(releases.read(then, name).collect())


def test_verdict_as_of_its_publication_and_as_known_now_differ_and_say_so(known: Folder) -> None:
    rows = {row["claim_id"]: row for row in known.table("published_figures_check").iter_rows(named=True)}
    assert (rows["P-1"]["verdict"], rows["P-1"]["verdict_now"]) == ("confirmed", "contradicted")
    assert (rows["P-2"]["verdict"], rows["P-2"]["verdict_now"]) == ("contradicted", "confirmed")
    assert (rows["P-3"]["verdict"], rows["P-3"]["verdict_now"]) == ("confirmed", "confirmed")
    assert rows["P-1"]["as_known_on"] == date(2017, 3, 8)
    assert "As known on 2017-04-02 contradicted" in rows["P-1"]["explanation"]
    then = releases.read(as_known(known, date(2017, 3, 19)), "published_figures_check").collect()
    assert dict(then.select("claim_id", "verdict_now").iter_rows()) == {"P-1": "confirmed", "P-2": "contradicted"}


def test_made_once_and_the_same_bytes_when_made_again(known: Folder) -> None:
    release = as_known(known, date(2017, 3, 19))
    before = tree(release.path)
    known.put("caseload/2017-05-07_may.csv", caseload(*(benefit(n, peildatum="01-05-2017") for n in range(9))))
    known.run()
    assert as_known(known, date(2017, 3, 19)).id == release.id
    assert tree(release.path) == before
    (release.path / "manifest.json").unlink()
    again = as_known(known, date(2017, 3, 19))
    assert (again.id, tree(again.path)) == (release.id, before)


def test_later_delivery_about_that_day_makes_another_release(folder: Folder) -> None:
    put(folder, FEB)
    first = as_known(folder, date(2017, 3, 31))
    put(folder, FEB_AGAIN)
    second = as_known(folder, date(2017, 3, 31))
    assert (benefits(first), benefits(second)) == ({"2017-02-01": 20}, {"2017-02-01": 23})
    assert first.id != second.id


def test_decision_counts_from_its_own_day(known: Folder) -> None:
    delivery = str(known.delivery(FEB_AGAIN)["delivery"])
    writer = known.writer()
    decide(writer, Decision.RETRACTED, delivery, by="a steward", why="wrong")
    known.run()
    assert known.stock()["GM0899", "2017-02-01", "pw"] == 20
    assert benefits(as_known(known, date(2017, 3, 20)))["2017-02-01"] == 23
    assert benefits(as_known(known, writer.today))["2017-02-01"] == 20


def test_never_current_and_no_goal_of_a_rollback(known: Folder) -> None:
    release = as_known(known, date(2017, 3, 19))
    assert release.path.parent == known.settings.curated / "known-on"
    assert release.id not in releases.releases(known.settings.curated)
    assert release.id.startswith("known-2017-03-19-")


def test_a_rollback_to_it_is_refused_and_leaves_no_trace(known: Folder) -> None:
    current = current_of(known)
    release = as_known(known, date(2017, 3, 19))
    before = known.writer().log.publications.rows().collect()

    with pytest.raises(UitstroomError, match=f"There is no release {release.id}. There are: –"):
        rollback(known.writer(), release.id, by="a steward", why="as it was")

    assert releases.current(known.settings.curated) == current
    assert known.writer().log.publications.rows().collect().equals(before)


def test_command_line_shows_a_table_as_known_on_a_day(
    known: Folder, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UITSTROOM_KEY", KEY)
    where = ["--data-dir", str(known.data), "--known-on", "2017-03-19"]
    assert main(["show", "caseload_stock", "--where", "series=pw", *where]) == 0
    reported = capsys.readouterr().out
    assert "As known on 2017-03-19; not put aside as a release, which `uitstroom path` does." in reported
    assert not (known.settings.curated / "known-on").exists()  # one table is asked for: one is made
    assert main(["path", *where]) == 0
    path = capsys.readouterr().out.strip()
    assert main(["show", "caseload_stock", "--where", "series=pw", *where]) == 0
    again = capsys.readouterr().out
    assert "As known on 2017-03-19: release known-2017-03-19-" in again
    assert again.splitlines()[:3] == reported.splitlines()[:3]
    assert Path(path, "site", "index.html").is_file()  # made for who asks for the folder, not for one table
    assert pl.read_parquet(f"{path}/caseload_stock.parquet").filter(series="pw")["benefits"].to_list() == [20, 18]


Tables = Mapping[str, pl.DataFrame]


def comparable(tables: Tables) -> Tables:
    """What was said, but for the moment of recording and for what is about releases."""
    stated = {name: frame for name, frame in tables.items() if not TABLES[name].names_release}
    return stated | {"deliveries": stated["deliveries"].drop("recorded_at")}


def released(release: releases.Release) -> Tables:
    return comparable({name: releases.read(release, name).collect() for name in TABLES})


def unlike(known: Tables, then: Tables) -> list[str]:
    return [name for name in then if not known[name].equals(then[name])]


EVERY_DAY = [day for day, _ in by_day()]


@pytest.mark.system
@pytest.mark.parametrize("days", [EVERY_DAY], ids=len)
def test_with_all_sources_each_day_equals_a_folder_that_got_nothing_later(
    folder: Folder, tmp_path_factory: pytest.TempPathFactory, days: list[date]
) -> None:
    """Both for a release of that day, which leaves later deliveries aside, and for a look back with all of them."""
    for name, content in ALL_SOURCES.items():
        folder.put(name, content)
    folder.run()
    other = Folder.at(tmp_path_factory.mktemp("until"))
    arriving = tuple(by_day())
    for past, (day, files) in zip(states_of(folder, *EVERY_DAY), arriving, strict=True):
        for name, content in files.items():
            other.put(name, content)
        if day not in days:
            continue
        then = released(other.run().published.release)
        assert unlike(comparable(tables_of(past)), then) == [], day
        assert unlike(released(as_known(folder, day)), then) == [], day
