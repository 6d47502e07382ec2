"""Which deliveries wait is read from the log: a release may be older, and a decision younger."""

from pathlib import Path

import pytest

from pipeline.jobs.delivery_decisions import decide
from pipeline.jobs.nightly import Night
from pipeline.steward.held_reports import held_now, held_report
from pipeline.steward.reports import night_report
from pipeline.store.releases import releases
from schemas.vocabulary import Decision
from tests.jobs.folder import Folder, benefit, caseload
from tests.ready_made import ReadyMade

NO_SUCH_DAY = {"ingangsdatum": "31-02-2017"}
HELD = "caseload/2017-04-07_held.csv"


def month(day: str, size: int, bad: int = 0) -> str:
    return caseload(*(benefit(n, peildatum=day, **(NO_SUCH_DAY if n < bad else {})) for n in range(size)))


def december_became_final(folder: Folder) -> None:
    folder.put("caseload/2015-12-07_first.csv", month("01-12-2015", 12))
    folder.put("caseload/2017-03-07_later.csv", month("01-03-2017", 16))
    folder.run()


def one_is_held(folder: Folder) -> None:
    december_became_final(folder)
    folder.put(HELD, month("01-04-2017", 20, bad=5))
    folder.run()


@pytest.fixture
def folder(tmp_path: Path, ready_made: ReadyMade) -> Folder:
    return ready_made.copy(december_became_final, Folder.at(tmp_path))


@pytest.fixture
def with_held(tmp_path: Path, ready_made: ReadyMade) -> Folder:
    """The same, and a delivery of April that is held."""
    return ready_made.copy(one_is_held, Folder.at(tmp_path))


def waiting(folder: Folder) -> list[str]:
    return [each.file_name for each in held_now(folder.writer().log)]


def known_to_the_release(folder: Folder) -> list[str]:
    current = releases.current(folder.settings.curated)
    assert current is not None
    return [each.file_name for each in held_report(current)]


def test_a_delivery_that_is_held_while_a_release_is_blocked_waits(folder: Folder) -> None:
    folder.put("caseload/2017-03-20_final.csv", month("01-12-2015", 13))
    assert folder.run().published.block is not None
    folder.put(HELD, month("01-04-2017", 20, bad=5))
    ran = folder.run()

    assert (known_to_the_release(folder), waiting(folder)) == ([], [HELD])
    (held,) = held_now(folder.writer().log)
    assert held.reason.startswith("DELIVERY-003: 5 van 20 rijen kunnen niet worden opgenomen")
    assert [(row["rule"], row["count"]) for row in held.findings] == [("DELIVERY-003", 1), ("VALUE-001", 5)]
    assert "Volgens de log van nu." in held.markdown
    reported = night_report(Night(ran.receipts, ran.published), with_pictures=False, waiting=[held])
    assert [row["file_name"] for row in reported.tables["held"]] == [HELD]


@pytest.mark.parametrize("decision", [Decision.ACCEPTED, Decision.REFUSED])
def test_what_was_just_decided_waits_no_more(with_held: Folder, decision: Decision) -> None:
    folder = with_held
    assert waiting(folder) == known_to_the_release(folder) == [HELD]

    decide(folder.writer(), decision, str(folder.delivery(HELD)["delivery"]), by="A. Steward", why="a letter")

    assert waiting(folder) == []
    assert known_to_the_release(folder) == [HELD]  # until the next night


def test_the_log_tells_the_same_as_a_release_that_is_made_of_it(with_held: Folder) -> None:
    folder = with_held
    (held,) = held_now(folder.writer().log)
    (shown,) = held_report(folder.run().published.release)

    assert held.findings == shown.findings
    assert (held.reason, held.rows_held) == (shown.reason, shown.rows_held) == (shown.reason, 20)
