"""Any wrong digit in a date, in the name of a file, in a sidecar or in a row, is found or stays with its own scope.

Never does it make a placement of another provider durable, its trajectories too long or known further, or a stock
of another place or date final. Here: that promise, on whole nights. Not here: each bound (``test_clock``).
"""

import re
from dataclasses import dataclass, replace

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.examples import examples
from tests.jobs.all_sources import EVENTS, event
from tests.jobs.folder import TOTALS, Folder, benefit, caseload, csv, total
from tests.ready_made import ReadyMade

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{2}-[0-9]{2}-[0-9]{4}")


@dataclass(frozen=True)
class Sent:
    """One file of the sample, whose figures it is about, and what can hold a wrong digit."""

    source: str
    owner: str
    name: str
    content: str
    sidecar: str = ""


def _course(client: int, provider: str) -> str:
    own = {"aanbieder": provider}
    return csv(
        EVENTS,
        [
            event(client, "gestart", "2017-03-06", f"{client}a", **own),
            event(client, "geplaatst", "2017-05-01", f"{client}b", dienstverband="voltijd", **own),
            event(client + 1, "gestart", "2017-04-03", f"{client}c", **own),
            event(client + 1, "beeindigd", "2017-09-30", f"{client}d", reden_einde="1", **own),
        ],
    )


def _totals(code: str) -> str:
    return csv(TOTALS, [total(gemeentecode=code, peildatum=f"01-{month:02}-2016") for month in range(3, 10)])


SAMPLE = (
    Sent("trajectory_events", "RE01", "2017-06-10_RE01.csv", _course(10, "RE01")),
    Sent("trajectory_events", "RE02", "20170611_RE02.csv", _course(20, "RE02")),
    Sent("trajectory_events", "RE03", "RE03.csv", _course(30, "RE03"), '{"delivered_on": "2017-06-12"}'),
    Sent("caseload_totals", "GM0899", "10-10-2016_Brunssum.csv", _totals("0899")),
    Sent("caseload_totals", "GM0882", "2016-10-11_Landgraaf.csv", _totals("0882")),
    Sent("caseload", "GM0899", "2017-02-07_feb.csv", caseload(*(benefit(n) for n in range(3)))),
)


def put(folder: Folder, *files: Sent) -> None:
    for each in files:
        path = folder.put(f"{each.source}/{each.name}", each.content)
        if each.sidecar:
            path.with_name(f"{each.name}.meta.json").write_text(each.sidecar)


@st.composite
def typos(draw: st.DrawFn) -> tuple[int, Sent]:
    """One file of the sample with one wrong digit in one of its dates."""
    number = draw(st.integers(0, len(SAMPLE) - 1))
    part = draw(
        st.sampled_from([each for each in ("name", "content", "sidecar") if _digits(getattr(SAMPLE[number], each))])
    )
    text = getattr(SAMPLE[number], part)
    at = draw(st.sampled_from(_digits(text)))
    digit = draw(st.sampled_from("0123456789".replace(text[at], "")))
    return number, replace(SAMPLE[number], **{part: text[:at] + digit + text[at + 1 :]})


def _digits(text: str) -> list[int]:
    dates = re.finditer(rf"{_DATE.pattern}|^[0-9]{{8}}(?![0-9])", text)
    return [at for found in dates for at in range(found.start(), found.end()) if text[at].isdigit()]


def night(folder: Folder) -> None:
    put(folder, *SAMPLE)
    folder.run()


def of_others(folder: Folder, owner: str) -> dict[str, pl.DataFrame]:
    """What the tables hold of other providers."""
    names = ("trajectories", "programme_progress", "channel_progress")
    about = {name: folder.table(name).filter(~pl.col("provider_code").is_in([owner, "*"])) for name in names}
    late = folder.table("relation_findings").filter(~pl.col("subject").str.starts_with(owner), rule="TRAJECT-005")
    return about | {"too long": late}


def stocks(folder: Folder, without: pl.DataFrame) -> pl.DataFrame:
    key = ["municipality_code", "reference_date"]
    found = folder.table("caseload_stock").select(*key, "series", "benefits", "vintage")
    return found.join(without, on=key, how="anti").sort(*key, "series")


def scopes(folder: Folder, file: Sent) -> pl.DataFrame:
    """Of which places and dates a file of stocks is."""
    if file.source == "trajectory_events":
        return pl.DataFrame(schema={"municipality_code": pl.String, "reference_date": pl.Date})
    named = folder.events().filter(file_name=f"{file.source}/{file.name}")
    rows = folder.log_rows(file.source).join(named, on="delivery", how="semi")
    return rows.select("municipality_code", "reference_date").unique()


OF_OLD = (3, replace(SAMPLE[3], content=SAMPLE[3].content.replace("01-03-2016", "01-03-2006")))
"""A date ten years back: who reports for the first time is no stranger to a sender who seems to have begun then."""


@pytest.mark.system
@examples(4, are_nights=True)
@example(typo=OF_OLD)
@given(typo=typos())
def test_one_wrong_digit_in_a_date_stays_with_its_own_scope(
    typo: tuple[int, Sent], ready_made: ReadyMade, tmp_path_factory: pytest.TempPathFactory
) -> None:
    number, wrong = typo
    right = ready_made.original(night)
    folder = Folder.at(tmp_path_factory.mktemp("typo"), publishes=False)
    put(folder, *SAMPLE[:number], wrong, *SAMPLE[number + 1 :])

    folder.run()

    own = pl.concat([scopes(right, SAMPLE[number]), scopes(folder, wrong)]).unique()
    assert stocks(folder, own).equals(stocks(right, own))
    before, after = (of_others(each, wrong.owner) for each in (right, folder))
    for name, table in before.items():
        assert after[name].equals(table), name
