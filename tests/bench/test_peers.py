"""The other tools of the bench find what ours finds, on a tiny set. Those with packages of their own are not run."""

from pathlib import Path

import pytest

from bench.peers import duckdb_sql, files, ours, pandera_polars, polars_by_hand, polars_steps
from bench.peers.compare import differences

ROWS = 400


@pytest.mark.system
def test_the_peers_find_what_ours_finds(tmp_path: Path) -> None:
    files.make(tmp_path / "files", 2, ROWS, spoilt=True)
    of_ours = ours.find(tmp_path / "files", tmp_path / "ours")
    found = {"duckdb": duckdb_sql.find(tmp_path / "files", tmp_path / "duckdb")}
    for peer in (pandera_polars, polars_by_hand):
        found[peer.__name__] = polars_steps.find(peer.judge, tmp_path / "files", tmp_path / peer.__name__)

    assert {name: differences(of_ours, each) for name, each in found.items()} == dict.fromkeys(found, "")
    assert (of_ours["quarantined"], of_ours["copies"]) == (2 * (4 + 4), 2 * 2)
    assert (len(of_ours["stock"]), len(of_ours["flow"])) == (6, 3)
    assert all(inflow and outflow for *_, inflow, outflow, _, _ in of_ours["flow"])


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("good", 9, "good: 9, ours 10"),
        (
            "stock",
            [["GM0899", "2000-01-01", 7]],
            "stock: [['GM0899', '2000-01-01', 7]], ours [['GM0899', '2000-01-01', 8]]",
        ),
    ],
)
def test_what_differs_is_said(name: str, value: object, said: str) -> None:
    alike = {"good": 10, "quarantined": 0, "copies": 0, "stock": [["GM0899", "2000-01-01", 8]], "flow": []}

    assert differences(alike, alike) == ""
    assert differences(alike, {**alike, name: value}) == said
