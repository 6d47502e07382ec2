"""A copy that is kept by changes alone is the release, whatever happened in between."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from pipeline.cli import main
from pipeline.jobs.delivery_decisions import CannotDecide, decide
from pipeline.store.releases import releases
from schemas.catalogue import TABLES
from schemas.vocabulary import Decision
from tests.examples import examples
from tests.jobs.folder import Folder
from tests.jobs.test_histories import DELIVERIES

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "export.md"


def recipe() -> Any:
    """The function of the page, as it stands there."""
    (code,) = re.findall(r'^```python title="keep a copy in step"\n(.*?)^```$', PAGE.read_text("utf-8"), re.S | re.M)
    names: dict[str, Any] = {}
    exec(compile(code, PAGE.name, "exec"), names)
    return names["keep_in_step"]


def begin_copy(folder: Folder, copy: Path) -> str:
    current = releases.current(folder.settings.curated)
    assert current is not None
    copy.mkdir()
    for name in TABLES:
        shutil.copy(current.path / f"{name}.parquet", copy / f"{name}.parquet")
    return current.id


def step(folder: Folder, copy: Path, since: str) -> str:
    """Bring the copy up to the current release, by the command and the recipe of the page."""
    place = copy.parent / "step"
    shutil.rmtree(place, ignore_errors=True)
    words = ["changes", "--since", since, "--to", str(place), "--with-clients", "--data-dir", str(folder.data)]
    assert main(words) == 0
    recipe()(copy, place)
    return str(json.loads((place / "changes.json").read_text())["release"])


def assert_in_step(folder: Folder, copy: Path, where: object) -> None:
    for name in TABLES:
        assert_frame_equal(pl.read_parquet(copy / f"{name}.parquet"), folder.table(name)), (name, where)


EVENTS = st.sampled_from([*DELIVERIES, *Decision])


@pytest.mark.system
@given(history=st.lists(st.lists(EVENTS, min_size=1, max_size=4), min_size=2, max_size=6), order=st.randoms())
@examples(4, are_nights=True)
def test_a_copy_kept_by_changes_alone_is_the_release_over_random_histories(
    tmp_path_factory: pytest.TempPathFactory, history: list[list[str]], order: Any
) -> None:
    home = tmp_path_factory.mktemp("copy")
    folder, copy, held = Folder.at(home), home / "copy", ""
    for night in history:
        for event in night:
            _happen(folder, event, order)
        folder.run()
        held = step(folder, copy, held) if held else begin_copy(folder, copy)
        assert_in_step(folder, copy, history)


def _happen(folder: Folder, event: str, order: Any) -> None:
    if event in DELIVERIES:
        folder.put(event, DELIVERIES[event])
        return
    known = folder.events()["delivery"].unique().sort().to_list()
    if known:
        try:
            decide(folder.writer(), Decision(event), order.choice(known), by="a steward", why="as it happened")
        except CannotDecide:
            return


def test_verdicts_vintages_and_findings_come_along(tmp_path: Path) -> None:
    folder, copy = Folder.at(tmp_path), tmp_path / "copy"
    nights = (
        ("caseload/2017-02-07_feb.csv", "published_figures/2017-03-10_p.csv"),
        ("caseload/2017-03-07_march.csv", "caseload/2017-05-03_held.csv"),
        ("caseload/2017-03-20_feb_again.csv", "trajectory_events/2017-06-01_e.csv"),
    )
    held = ""
    for night in nights:
        for name in night:
            folder.put(name, DELIVERIES[name])
        folder.run()
        held = step(folder, copy, held) if held else begin_copy(folder, copy)
        assert_in_step(folder, copy, night)


def test_changes_without_clients_say_nothing_of_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = Folder.at(tmp_path)
    folder.put("caseload/2017-02-07_feb.csv", DELIVERIES["caseload/2017-02-07_feb.csv"])
    first = folder.run().published.release.id
    folder.put("trajectory_events/2017-06-01_e.csv", DELIVERIES["trajectory_events/2017-06-01_e.csv"])
    folder.run()

    assert main(["changes", "--since", first, "--json", "--data-dir", str(folder.data)]) == 0
    told = json.loads(capsys.readouterr().out)
    assert "programme_progress" in told["tables"]
    assert "trajectories" not in {*told["tables"], *told["rows"]}
    assert told["since"] == first

    where = tmp_path / "step"
    asked = ["changes", "--since", first, "--with-clients", "--to", str(where), "--data-dir", str(folder.data)]
    assert main(asked) == 0
    assert (where / "trajectories.parquet").stat().st_mode & 0o777 == 0o600  # for who asked for it
    assert (where / "programme_progress.parquet").stat().st_mode & 0o044
