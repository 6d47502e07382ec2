"""The pages of a release behind the door: only with a login, only what a manifest names, never about single clients."""

import json
from pathlib import Path

import pytest
from starlette.responses import FileResponse, Response

from server.guard.site import ReleaseSite
from tests.server.test_door import OPENED, At, at

__all__ = ["at"]
RELEASE = "2018-09-21-3f9c0a1b2c3d"


@pytest.fixture
def curated(tmp_path: Path) -> Path:
    folder = tmp_path / "curated" / "releases" / RELEASE
    (folder / "site" / "en").mkdir(parents=True)
    for name in (
        "site/index.html",
        "site/en/index.html",
        "caseload_stock.parquet",
        "trajectories.parquet",
        "stray.txt",
    ):
        (folder / name).write_text(name)
    named = {"files": {"caseload_stock.parquet": {}, "trajectories.parquet": {}}}
    (folder / "manifest.json").write_text(json.dumps(named))
    pages = {"files": {"index.html": {}, "en/index.html": {}}}
    (folder / "site" / "manifest.json").write_text(json.dumps(pages))
    (tmp_path / "curated" / "current").symlink_to(f"releases/{RELEASE}", target_is_directory=True)
    (tmp_path / "secret.txt").write_text("nobody's")
    return tmp_path / "curated"


def given(answer: Response) -> str:
    return Path(answer.path).read_text() if isinstance(answer, FileResponse) else str(answer.status_code)


def test_the_entrance_leads_to_the_current_release_and_stays_in_it(curated: Path) -> None:
    answer = ReleaseSite(curated).answer("/uitgave/")

    assert (answer.status_code, answer.headers["location"]) == (303, f"/uitgave/{RELEASE}/site/index.html")


@pytest.mark.parametrize("name", ["site/index.html", "site/en/index.html", "caseload_stock.parquet"])
def test_what_a_manifest_names_is_given(curated: Path, name: str) -> None:
    assert given(ReleaseSite(curated).answer(f"/uitgave/{RELEASE}/{name}")) == name


@pytest.mark.parametrize(
    "path",
    [
        f"{RELEASE}/trajectories.parquet", f"{RELEASE}/stray.txt", f"{RELEASE}/../../secret.txt",
        f"{RELEASE}/site/../../../../secret.txt", f"{RELEASE}//etc/passwd", "../secret.txt", "..", f"{RELEASE}/site/",
        f"{RELEASE}/site/%2e%2e/stray.txt", "current/caseload_stock.parquet", "no-such-release/site/index.html",
    ],
)  # fmt: skip
def test_nothing_else_is_given(curated: Path, path: str) -> None:
    assert given(ReleaseSite(curated).answer(f"/uitgave/{path}")) in {"404", "303"}


def test_before_the_first_release_it_says_so(tmp_path: Path) -> None:
    assert given(ReleaseSite(tmp_path).answer("/uitgave")) == "404"


def test_it_stands_behind_the_login(at: At, curated: Path) -> None:
    object.__setattr__(at.door, "site", ReleaseSite(curated))
    address = f"/uitgave/{RELEASE}/site/index.html"
    before = at.client.get(address, headers=OPENED, follow_redirects=False)
    at.log_in()
    after = at.client.get(address, headers=OPENED)

    assert (before.status_code, before.headers["location"]) == (303, f"/inloggen?next={address}")
    assert (after.status_code, after.text) == (200, "site/index.html")
    assert after.headers["content-type"] == "text/html; charset=utf-8"
    assert after.headers["x-frame-options"] == "DENY"
    assert at.inner.got == []
