"""As what a night ends, and what its message tells: what needs a person is never green, and is told once."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from prefect.client.schemas.objects import StateType

from flows import news, night_end, rejections, run_names
from flows.moments import at_moment
from flows.night_end import NeedsAttention, ended
from pipeline.jobs.ingest.receipts import Receipt
from pipeline.jobs.nightly import Night
from pipeline.jobs.release.publish import Block, Published
from pipeline.settings import LANGUAGE
from pipeline.steward.about import about
from pipeline.steward.held_reports import Held, held_now
from server.automations import wanted
from tests.jobs.folder import Folder, benefit, caseload
from tests.steward.made import release

GOOD = Receipt("caseload", "caseload/good.csv", "a" * 64, "recorded")
BAD = Receipt("caseload", "caseload/bestand_201811.csv", "b" * 64, "rejected", rule="FILE-015")
WAITS = Held("c" * 64, "caseload", "caseload/x.csv", date(2018, 12, 7), 20, 20, "", [], "")


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Published:
    return Published(release(tmp_path_factory.mktemp("release")), is_new=True)


def test_a_night_with_a_rejected_file_asks_for_attention_and_names_it(published: Published) -> None:
    state = ended(Night((GOOD, GOOD, BAD, BAD), published), (), [BAD, BAD], is_shown=True)

    assert (state.name, state.type) == ("Attention", StateType.FAILED)
    assert state.message == (
        "2 afgewezen, als eerste caseload/bestand_201811.csv (FILE-015). "
        "4 bestanden verwerkt: 2 opgenomen, 2 afgewezen. Nieuwe uitgave 2017-03-08-30631257d2f0."
    )


def test_a_night_in_which_all_was_recorded_is_green(published: Published) -> None:
    state = ended(Night((GOOD,), published), (), [], is_shown=True)

    assert (state.name, state.type) == ("Completed", StateType.COMPLETED)
    assert state.message == "1 bestand verwerkt: 1 opgenomen. Nieuwe uitgave 2017-03-08-30631257d2f0."


@pytest.mark.parametrize(
    ("block", "waiting", "rejected", "name"),
    [
        (True, (WAITS,), (BAD,), "Blocked"),
        (True, (), (), "Blocked"),
        (False, (WAITS,), (BAD,), "Held"),
        (False, (WAITS,), (), "Held"),
        (False, (), (BAD,), "Attention"),
    ],
)
def test_what_waits_or_was_rejected_is_never_green(
    published: Published, block: bool, waiting: tuple[Held, ...], rejected: tuple[Receipt, ...], name: str
) -> None:
    of = replace(published, block=Block("5f0c77aa", ("GM0899|2016-01-01|pw: 944 becomes 943",))) if block else published
    state = ended(Night(rejected, of), waiting, rejected, is_shown=True)

    assert (state.name, state.type) == (name, StateType.FAILED)
    assert name in night_end.NOT_GREEN
    # What is rejected is told beside what waits, and the other way round.
    assert ("afgewezen, als eerste" in str(state.message)) == bool(rejected)
    assert ("Te beslissen: " in str(state.message)) == bool(waiting)


def test_who_calls_the_night_as_a_function_gets_it(published: Published) -> None:
    night = Night((BAD,), published)
    by_hand, served = (ended(night, (), [BAD], is_shown=is_shown) for is_shown in (False, True))

    assert (by_hand.name, by_hand.type, by_hand.data) == ("Attention", StateType.COMPLETED, night)
    assert isinstance(served.data, NeedsAttention)
    assert served.data.night is night


def test_the_message_is_english_by_setting(published: Published, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(LANGUAGE, "en")
    state = ended(Night((BAD,), published), (), [BAD], is_shown=True)
    assert str(state.message).startswith(
        "1 rejected, the first is caseload/bestand_201811.csv (FILE-015). 1 file dealt"
    )


def test_the_webhook_tells_of_failures_and_of_what_is_new_to_a_person_not_of_how_things_stand() -> None:
    from prefect.events.actions import DoNothing

    told = {event for each in wanted(DoNothing(), DoNothing()) for event in each.trigger.expect}
    assert told == {*(f"prefect.flow-run.{name}" for name in ("Failed", "Crashed", "TimedOut")), news.EVENT}


def test_a_rejection_is_told_once_also_by_the_night_after_one_that_was_killed(tmp_path: Path) -> None:
    folder = Folder.at(tmp_path)
    folder.put("caseload/2017-02-07_first.csv", "no;table\n")
    first = folder.take_in()
    assert [each.file_name for each in rejections.untold(folder.data, first, folder.events())] == [
        "caseload/2017-02-07_first.csv"
    ]
    rejections.note_told(folder.data, folder.events())
    assert rejections.untold(folder.data, folder.take_in(), folder.events()) == ()

    folder.put("caseload/2017-02-08_second.csv", "no;table\n1;2\n")
    folder.take_in()  # and then it was killed

    (told,) = rejections.untold(folder.data, folder.take_in(), folder.events())
    assert (told.file_name, told.rule[:5]) == ("caseload/2017-02-08_second.csv", "FILE-")
    rejections.note_told(folder.data, folder.events())
    assert rejections.untold(folder.data, folder.take_in(), folder.events()) == ()
    (folder.data / rejections.NOTE).write_text("{not json")
    assert rejections.untold(folder.data, (), folder.events()) == ()


def test_a_question_is_called_after_its_file_place_and_month(tmp_path: Path) -> None:
    folder = Folder.at(tmp_path)
    bad = {"ingangsdatum": "31-02-2017"}
    rows = [benefit(n, peildatum="01-11-2018", **(bad if n < 5 else {})) for n in range(20)]
    folder.put("caseload/2018-12-07_bestand_201811.csv", caseload(*rows))
    folder.run()
    (held,) = held_now(folder.writer().log)

    assert run_names.about_file("accept?", held.file_name, held.about) == (
        "accept? 2018-12-07_bestand_201811.csv (Brunssum, 2018-11)"
    )


def test_what_a_delivery_is_about_stays_short() -> None:
    rows = [[f"GM0{number}", "pw", f"2018-{number - 880:02d}-01", 3] for number in (881, 882, 899 - 10)]
    assert about(json.dumps(rows)) == "Onderbanken en 2 andere, 2018-01 t/m 2018-09"
    assert about("[]") == about(None) == about("") == ""


@pytest.mark.parametrize(
    ("moment", "name"),
    [
        (datetime(2026, 11, 27, 1, 15, tzinfo=UTC), "nightly 27-11-2026 02:15"),
        (datetime(2026, 7, 1, 0, 15, tzinfo=UTC), "nightly 01-07-2026 02:15"),
        (datetime(2026, 7, 1, 10, 0, 7, tzinfo=UTC), "nightly 01-07-2026 12:00:07"),
    ],
)
def test_a_night_is_called_after_its_moment_on_the_local_clock(moment: datetime, name: str) -> None:
    assert at_moment("nightly", moment) == name


def test_a_number_of_a_person_in_a_file_name_is_covered_in_the_name_of_a_run() -> None:
    assert run_names.about_file("accept?", "caseload/client 123456782.csv", "") == "accept? client •••••••••.csv"
