"""The same settings wherever Prefect is started from, and none that lets anything out."""

import tomllib
from pathlib import Path

import pytest

from flows import embedded

ROOT = Path(__file__).parents[2]


def flat(table: dict[str, object], before: str = "PREFECT") -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in table.items():
        full = f"{before}_{name.upper()}"
        if isinstance(value, dict):
            found |= flat(value, full)
        else:
            found[full] = str(value).lower() if isinstance(value, bool) else str(value)
    return found


def test_the_file_and_the_environment_say_the_same() -> None:
    written = flat(tomllib.loads((ROOT / "prefect.toml").read_text()))
    differing = {name: (value, written.get(name)) for name, value in embedded._SETTINGS.items()}
    differing = {name: pair for name, pair in differing.items() if name in written and pair[0] != pair[1]}

    assert differing == {}
    assert embedded._SETTINGS.keys() - written.keys() == {"DO_NOT_TRACK"}


def test_nothing_is_reported_to_anybody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DO_NOT_TRACK", "PREFECT_SERVER_ANALYTICS_ENABLED", "PREFECT_HOME"):
        monkeypatch.delenv(name, raising=False)
    before = dict(embedded.os.environ)
    try:
        embedded.prepare(tmp_path)
        assert embedded.os.environ["DO_NOT_TRACK"] == "1"
        assert embedded.os.environ["PREFECT_SERVER_ANALYTICS_ENABLED"] == "false"
        assert (tmp_path / ".prefect").stat().st_mode & 0o777 == 0o700
    finally:
        embedded.os.environ.clear()
        embedded.os.environ.update(before)


def test_no_interval_is_cut_down_to_nothing() -> None:
    # Prefect takes whole seconds of some intervals; half a second became none, and an idle server kept a core busy.
    written = flat(tomllib.loads((ROOT / "prefect.toml").read_text()))
    intervals = {name: float(value) for name, value in written.items() if name.endswith("_FLUSH_INTERVAL")}

    assert intervals
    assert {name: value for name, value in intervals.items() if value < 1} == {}
