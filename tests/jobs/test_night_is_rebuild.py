"""A night projects only what is new: whatever came in which order, that gives what projecting everything gives."""

import random
import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from pipeline.jobs.delivery_decisions import decide
from pipeline.jobs.release.project import project
from pipeline.jobs.release.publish import release
from pipeline.versions import delivery_status
from pipeline.versions.supersede import versions, winning
from schemas.catalogue import SOURCES
from schemas.vocabulary import Decision, EventKind
from tests.jobs.all_sources import EVENTS, REPORTS
from tests.jobs.folder import CLAIMS, TOTALS, Folder, benefit, bsn, caseload, claim, csv, total, tree
from tests.jobs.state import state_of, tables_of
from tests.ready_made import ReadyMade
from tests.trajectories.known import programmes

KINDS = [kind.value for kind in EventKind]
COMMON = ["gestart", "gestart", "geplaatst", "plaatsing_beeindigd", "beeindigd", "onderbroken", "hervat"]


def event(draw: random.Random, provider: str, known: list[str]) -> dict[str, object]:
    """Any event of a few clients; a number may be known already, and corrections point anywhere."""
    number = draw.choice([*known, f"E{len(known)}", f"E{len(known)}"])
    known.append(number)
    client = draw.randrange(5)
    kind = draw.choice([*COMMON, draw.choice(KINDS)])
    target = draw.choice([None, None, None, draw.choice(["E0", "E1", "E2", "never delivered"])])
    person = {"clientnummer": f"C{client}"} if draw.random() < 0.2 else {"bsn": bsn(client)}
    return person | {
        "aanbieder": provider,
        "gebeurtenis_id": number,
        "gebeurtenis": kind,
        "datum": (date(2017, 1, 1) + timedelta(days=draw.randrange(200))).isoformat(),
        "traject_id": f"T{client}{draw.choice('ab')}",
        "programma": draw.choice(["INNOVATIEF2016", "BETERE_BUREN"]),
        "dienstverband": draw.choice(["voltijd", "deeltijd"]) if kind == "geplaatst" else "",
        "reden_einde": draw.choice(["1", "2"]) if kind == "beeindigd" else "",
        **({draw.choice(["vervangt", "trekt_in"]): target} if target not in (None, number) else {}),
    }


def deliveries(seed: int) -> Iterator[tuple[str, str]]:
    """Names and contents, not in the order of their days."""
    draw = random.Random(seed)
    known: dict[str, list[str]] = {"RE01": [], "RE02": []}
    days = [date(2017, 2, 3) + timedelta(days=17 * number) for number in range(8)]
    draw.shuffle(days)
    for number, day in enumerate(days):
        providers = draw.choice([["RE01"], ["RE02"], ["RE01", "RE02"]])
        rows = {
            (provider, str(each["gebeurtenis_id"])): each
            for provider in providers
            for each in (event(draw, provider, known[provider]) for _ in range(draw.randrange(1, 9)))
        }
        yield f"trajectory_events/{day}_e{number}.csv", csv(EVENTS, rows.values())
        month = f"01-0{1 + number % 4}-2017"
        if number % 2:
            people = [benefit(n, peildatum=month) for n in range(draw.randrange(3, 9))]
            yield f"caseload/{day}_c{number}.csv", caseload(*people)
            yield f"caseload_totals/{day}_t{number}.csv", csv(TOTALS, [total(peildatum=month, aantal=5)])
        else:
            report = {
                "aanbieder": draw.choice(["RE01", "RE02", "RE03"]), "programma": "INNOVATIEF2016",
                "periode_van": "2017-01-01", "periode_tot": f"2017-0{2 + number % 4}-01", "deelnemers": 3,
                "geplaatst": 1,
            }  # fmt: skip
            yield f"provider_reports/{day}_r{number}.csv", csv(REPORTS, [report])
    reported = [
        claim(1, publicatiedatum="15-03-2017", peildatum="01-02-2017", waarde="5"),
        claim(
            2, publicatiedatum="20-05-2017", indicator="placed", gemeentecode="", reeks="", programma="INNOVATIEF2016"
        )
        | {"peildatum": "01-05-2017", "waarde": "1"},
    ]
    yield "published_figures/2017-06-01_p.csv", csv([*CLAIMS, "programma"], reported)


def rebuilt(folder: Folder) -> dict[str, pl.DataFrame]:
    """All tables from the log alone."""
    writer = folder.writer()
    return project(writer, writer.log.events(), lambda _: None, afresh=True)


def same_as_rebuilt(folder: Folder) -> None:
    for name, frame in rebuilt(folder).items():
        assert_frame_equal(folder.table(name), frame, check_row_order=False)


def same_as_projected_whole(folder: Folder) -> None:
    """What the providers' cells add up to is what all winning rows together give."""
    writer = folder.writer()
    ranks = delivery_status.recorded(delivery_status.statuses(writer.log.events()), "trajectory_events")
    rows, scope = folder.log_rows("trajectory_events"), SOURCES["trajectory_events"].scope
    reached = rows.drop("delivered_on").join(ranks, on=["delivery", "processing"]).group_by("provider_code")
    last = dict(reached.agg(pl.col("delivered_on").max()).iter_rows())
    whole = programmes(winning(rows, ranks, scope), last)
    for name, table in whole.tables.items():
        assert_frame_equal(folder.table(name), table)
    about = rows.select("delivery", *scope).unique().join(ranks.select("delivery", "rank"), on="delivery")
    numbers = folder.table("deliveries").filter(source="trajectory_events", status="recorded")
    assert dict(numbers.select("delivery", "version_of_scope").iter_rows()) == dict(versions(about).iter_rows())


@pytest.mark.system
@pytest.mark.parametrize("seed", [1])
def test_after_every_night_the_tables_are_those_of_a_rebuild(folder: Folder, seed: int) -> None:
    for number, (name, content) in enumerate(deliveries(seed)):
        folder.put(name, content)
        if number % 2:
            folder.run()
        if number == 7:
            same_as_rebuilt(folder)
    folder.run()
    same_as_rebuilt(folder)
    same_as_projected_whole(folder)

    events = folder.events().filter(pl.col("source") == "trajectory_events")["delivery"].to_list()
    decide(folder.writer(), Decision.RETRACTED, events[seed], by="A. Steward", why="sent by mistake")
    folder.run()
    same_as_rebuilt(folder)
    same_as_projected_whole(folder)


def one_night(folder: Folder) -> None:
    for name, content in deliveries(7):
        folder.put(name, content)
    folder.run()


@pytest.fixture
def filled(folder: Folder, ready_made: ReadyMade) -> Folder:
    """All deliveries of one history, taken in and published in one night."""
    return ready_made.copy(one_night, folder)


def test_nothing_is_read_again_for_providers_that_told_nothing_new(filled: Folder) -> None:
    """Shown by taking a provider's rows away: what was kept is believed."""
    folder = filled
    writer = folder.writer()
    before = folder.table("trajectories")
    for path in (writer.settings.log / "trajectory_events").glob("*.parquet"):
        path.unlink()
    assert_frame_equal(state_of(folder).table("trajectories"), before)


@pytest.mark.parametrize(
    "damage",
    ["cut", *(pytest.param(each, marks=pytest.mark.system) for each in ("turned", "gone", "empty", "other"))],
)
def test_damaged_cells_are_made_again(filled: Folder, damage: str) -> None:
    folder = filled
    before = tree(folder.settings.curated)
    kept = _files(folder.settings.curated / ".steps")
    other = next(path for path in kept if path.name == "book.cell").read_bytes()
    for path in kept:
        content = path.read_bytes()
        if damage == "gone":
            path.unlink()
        elif damage == "turned" and path.suffix == ".cell":
            path.write_bytes(content[:-9] + bytes([content[-9] ^ 1]) + content[-8:])
        else:
            path.write_bytes({"cut": content[: len(content) // 2], "empty": b"", "other": other}.get(damage, content))
    same_as_rebuilt(folder)
    now = state_of(folder)
    tables_of(now)
    now.contents.steps.sweep()
    assert tree(folder.settings.curated) == before


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


@pytest.mark.system
def test_what_no_longer_occurs_is_swept_and_nothing_else(folder: Folder) -> None:
    """Night by night and swept, the same cells lie there as after one night."""
    for number, (name, content) in enumerate(deliveries(7)):
        folder.put(name, content)
        if number % 4 == 0:
            folder.run()
    folder.run()
    now = state_of(folder)
    tables_of(now)
    now.contents.steps.sweep()
    before = tree(folder.settings.curated / ".steps")
    again = state_of(folder, afresh=True)
    tables_of(again)
    again.contents.steps.sweep()
    assert tree(folder.settings.curated / ".steps") == before
    assert len(before) > 10


def test_only_a_scope_that_was_delivered_again_is_revised(folder: Folder) -> None:
    """The redelivery says something about a second month as well, for the first time."""
    folder.put("caseload/2017-02-07_feb.csv", caseload(*(benefit(n) for n in range(4))))
    both = [benefit(n, peildatum=day) for day in ("01-02-2017", "01-03-2017") for n in range(5)]
    folder.put("caseload/2017-03-07_both.csv", caseload(*both))
    folder.put("caseload_totals/2017-04-08_t.csv", csv(TOTALS, [total(peildatum="01-04-2017", aantal=5)]))
    again = [total(peildatum=f"01-0{month}-2017", aantal=6) for month in (4, 5)]
    folder.put("caseload_totals/2017-04-09_t.csv", csv(TOTALS, again))
    folder.run()

    stock = folder.table("caseload_stock").filter(series="pw").sort("reference_date")
    assert stock["vintage"].to_list() == ["revised", "provisional", "revised", "provisional"]
    assert folder.delivery("caseload/2017-03-07_both.csv")["version_of_scope"] == 2


def test_an_older_delivery_that_comes_later_changes_what_was_known_on_publication(
    folder: Folder, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """What a past day is known by is kept, under a name that says which deliveries made it."""
    folder.put("caseload/2017-02-07_feb.csv", caseload(*(benefit(n) for n in range(18))))
    folder.put("published_figures/2017-03-08_p.csv", csv(CLAIMS, [claim(1, waarde="20", publicatiedatum="08-03-2017")]))
    folder.run()
    assert folder.table("published_figures_check")["verdict"].to_list() == ["contradicted"]

    folder.put("caseload/2017-02-20_again.csv", caseload(*(benefit(n) for n in range(20))))
    night = folder.run().published.release

    assert folder.table("published_figures_check")["verdict"].to_list() == ["confirmed"]
    other = Folder.at(tmp_path_factory.mktemp("rebuilt"))
    shutil.copytree(folder.settings.log, other.settings.log)
    assert tree(release(other.writer(), lambda _: None, afresh=True).release.path) == tree(night.path)


def test_a_rejected_file_moves_the_day_up_to_which_a_verdict_is_known(folder: Folder) -> None:
    """Nothing of it counts, so the same deliveries count for every table; the last day of delivery is another one."""
    folder.put("caseload/2017-02-07_feb.csv", caseload(*(benefit(n) for n in range(18))))
    folder.put("caseload/2017-04-20_again.csv", caseload(*(benefit(n) for n in range(20))))
    folder.put("published_figures/2017-03-08_p.csv", csv(CLAIMS, [claim(1, waarde="20", publicatiedatum="08-03-2017")]))
    folder.run()
    same_as_rebuilt(folder)

    folder.put("caseload/2017-06-20_bad.csv", "no;caseload\n1;2\n")
    assert folder.run().receipt("caseload/2017-06-20_bad.csv").status == "rejected"
    same_as_rebuilt(folder)
