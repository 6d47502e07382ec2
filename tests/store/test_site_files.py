"""Pages in the folder of a release: put there whole, never part of what the release is."""

from pathlib import Path

from pipeline.store.releases import site_files
from pipeline.store.releases.publisher import publisher
from pipeline.store.releases.releases import Release, verify
from tests.store.release_fixtures import FACTS, frames, publish

PAGES = {"index.html": b"<p>Vandaag</p>", "en/index.html": b"<p>Today</p>"}
MADE_OF = {"pages_version": "1"}


def dressed(curated: Path, pages: dict[str, bytes] = PAGES) -> Release:
    with publisher(curated) as alone:
        dress = lambda release: alone.put_site(release, pages, MADE_OF)  # noqa: E731
        return alone.publish(frames(), facts=FACTS, dress=dress)[0]


def test_pages_do_not_count_for_the_release(tmp_path: Path) -> None:
    with_pages, without = dressed(tmp_path / "a"), publish(tmp_path / "b", frames(), facts=FACTS)[0]

    assert with_pages.manifest == without.manifest
    assert verify(tmp_path / "a") == ()
    assert (with_pages.path / "site" / "en" / "index.html").read_bytes() == PAGES["en/index.html"]


def test_new_pages_take_the_place_of_the_old_ones(tmp_path: Path) -> None:
    dressed(tmp_path)
    release = dressed(tmp_path, {"index.html": b"new"})

    assert sorted(path.name for path in (release.path / "site").iterdir()) == ["index.html", "manifest.json"]
    assert not list(tmp_path.glob(".staging-*"))


def test_half_of_them_is_as_good_as_none(tmp_path: Path) -> None:
    release = dressed(tmp_path)
    assert site_files.is_there(release.path, MADE_OF)
    assert not site_files.is_there(release.path, {"pages_version": "2"})

    (release.path / "site" / "index.html").write_bytes(b"")

    assert not site_files.is_there(release.path, MADE_OF)
    assert [problem for problem in verify(tmp_path) if "site/index.html" in problem]


def test_a_page_that_was_changed_is_found_and_does_not_damage_the_release(tmp_path: Path) -> None:
    from pipeline.store.releases.releases import checked

    release = dressed(tmp_path)
    (release.path / "site" / "index.html").write_bytes(b"<p>Gisteren</p>")

    assert len(verify(tmp_path)) == 1
    assert checked(tmp_path, release.id).manifest == release.manifest
