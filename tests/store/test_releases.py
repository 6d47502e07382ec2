"""What a release is: whole, sorted, described, the same bytes for the same content, and one pointer to it."""

import json
import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pandera.config import config_context

from pipeline.errors import ReleaseBlocked, UitstroomError
from pipeline.store.releases.files import problems, write_json, write_table
from pipeline.store.releases.releases import current, read, releases, verify
from schemas.catalogue import TABLES
from schemas.schema_version import SCHEMA_VERSION
from schemas.table import Field, Invariant, Table
from tests.ending import ending
from tests.store.release_fixtures import FACTS, frames, publish, rollback


def _bytes(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_release_holds_every_table_sorted_and_typed_as_declared(tmp_path: Path) -> None:
    release, is_new = publish(tmp_path, frames(), facts=FACTS)

    assert is_new
    assert release == current(tmp_path)
    assert release.path == tmp_path / "releases" / release.id
    for name, table in TABLES.items():
        found = read(release, name).collect()
        assert found.schema == table.polars_schema
        assert found.equals(frames()[name].sort(table.key))
    assert verify(tmp_path) == ()


def test_the_pointers_agree_and_are_relative(tmp_path: Path) -> None:
    release, _ = publish(tmp_path, frames(), facts=FACTS)

    pointer = json.loads((tmp_path / "current.json").read_text())
    assert os.readlink(tmp_path / "current") == f"releases/{release.id}" == pointer["path"]
    assert pointer["id"] == release.id
    assert pointer["manifest"] == json.loads((release.path / "manifest.json").read_text()) == release.manifest
    moved = tmp_path.parent / f"{tmp_path.name}-moved"
    tmp_path.rename(moved)
    assert verify(moved) == ()


def test_the_manifest_holds_the_facts_and_nothing_of_this_run(tmp_path: Path) -> None:
    release, _ = publish(tmp_path, frames(), facts=FACTS)

    assert {**FACTS, "id": release.id, "files": release.manifest["files"]} == release.manifest
    assert set(release.manifest["files"]) == {f"{name}.parquet" for name in TABLES} | {
        "datapackage.json",
        "dictionary.md",
    }
    assert release.manifest["files"]["findings.parquet"]["rows"] == 3
    for content in _bytes(release.path).values():
        assert str(tmp_path).encode() not in content
        assert os.uname().nodename.encode() not in content
        assert str(date.today()).encode() not in content


def test_same_content_same_bytes_whatever_the_order_of_rows(tmp_path: Path) -> None:
    first, _ = publish(tmp_path / "a", frames(40), facts=FACTS)
    shuffled = {name: frame.sample(fraction=1.0, shuffle=True, seed=7) for name, frame in reversed(frames(40).items())}
    chunked = {name: pl.concat([frame[:1], frame[1:]], rechunk=False) for name, frame in shuffled.items()}

    second, _ = publish(tmp_path / "b", chunked, facts=dict(reversed(FACTS.items())))

    assert first.id == second.id
    assert _bytes(first.path) == _bytes(second.path)


def _with_threads(curated: Path, threads: int) -> subprocess.Popen[str]:
    code = f"import tests.store.release_fixtures as f, pathlib; print(f.publish_large(pathlib.Path({str(curated)!r})))"
    settings = {"POLARS_MAX_THREADS": str(threads), "OMP_NUM_THREADS": str(threads)}
    environment = os.environ | settings | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    return subprocess.Popen([sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE, text=True)


@pytest.mark.system
def test_bytes_do_not_depend_on_threads(tmp_path: Path) -> None:
    runs = [_with_threads(tmp_path / str(threads), threads) for threads in (1, 5)]

    with ending(runs[0]), ending(runs[1]):
        few, many = (json.loads(run.communicate(timeout=1200)[0]) for run in runs)

    assert (few[:2], many[:2]) == ([1, 1], [5, 5])
    assert few[2:] == many[2:]


def test_the_id_follows_frames_and_facts(tmp_path: Path) -> None:
    plain, _ = publish(tmp_path, frames(), facts={})
    dated, _ = publish(tmp_path, frames(), facts=FACTS)
    other, _ = publish(tmp_path, frames(4), facts=FACTS)

    assert plain.id.startswith("r-")
    assert len(plain.id) == len("r-") + 12
    assert dated.id.startswith("2018-09-21-")
    assert len({plain.id, dated.id, other.id}) == 3


def test_publishing_the_same_again_moves_nothing(tmp_path: Path) -> None:
    release, _ = publish(tmp_path, frames(), facts=FACTS)
    link = os.lstat(tmp_path / "current").st_ino

    again, is_new = publish(tmp_path, frames(), facts=FACTS)

    assert (again, is_new) == (release, False)
    assert os.lstat(tmp_path / "current").st_ino == link
    assert releases(tmp_path) == (release.id,)


def test_rollback_and_forward_again(tmp_path: Path) -> None:
    old, _ = publish(tmp_path, frames(3), facts=FACTS)
    new, _ = publish(tmp_path, frames(4), facts=FACTS)

    assert rollback(tmp_path, old.id) == old == current(tmp_path)
    assert releases(tmp_path) == (new.id, old.id)
    assert verify(tmp_path) == ()
    assert publish(tmp_path, frames(4), facts=FACTS) == (new, True)
    assert verify(tmp_path) == ()


def test_rollback_refuses_what_is_not_there_or_not_whole(tmp_path: Path) -> None:
    old, _ = publish(tmp_path, frames(3), facts=FACTS)
    new, _ = publish(tmp_path, frames(4), facts=FACTS)
    (old.path / "findings.parquet").unlink()

    with pytest.raises(UitstroomError, match=r"no release \.\."):
        rollback(tmp_path, "..")
    with pytest.raises(UitstroomError, match=r"damaged, current stays: findings\.parquet: missing"):
        rollback(tmp_path, old.id)
    assert current(tmp_path) == new


def test_a_damaged_folder_of_the_same_content_is_put_right(tmp_path: Path) -> None:
    release, _ = publish(tmp_path, frames(), facts=FACTS)
    whole = _bytes(release.path)
    (release.path / "findings.parquet").write_bytes(b"torn")
    (release.path / "manifest.json").unlink()

    assert publish(tmp_path, frames(), facts=FACTS) == (release, False)
    assert _bytes(release.path) == whole
    assert verify(tmp_path) == ()


def test_only_the_youngest_are_kept_and_the_current_always(tmp_path: Path) -> None:
    ids = [publish(tmp_path, frames(), facts={"turn": turn}, keep=3)[0].id for turn in range(5)]
    assert releases(tmp_path) == tuple(ids[2:])

    rollback(tmp_path, ids[2])
    newest, _ = publish(tmp_path, frames(), facts={"turn": 9}, keep=2)

    # The one rolled back to was current until now: somebody may be reading it, so it counts as young.
    assert releases(tmp_path) == (ids[2], newest.id)
    publish(tmp_path, frames(), facts={"turn": 9}, keep=0)
    assert current(tmp_path) == newest
    assert verify(tmp_path) == ()


def test_ten_releases_are_kept_by_default(tmp_path: Path) -> None:
    ids = [publish(tmp_path, frames(), facts={"turn": turn})[0].id for turn in range(12)]

    assert releases(tmp_path) == tuple(ids[2:])


def test_nothing_published_is_nothing_wrong(tmp_path: Path) -> None:
    assert current(tmp_path) is None
    assert releases(tmp_path / "absent") == ()
    assert verify(tmp_path) == ()


def test_read_names_what_is_not_there(tmp_path: Path) -> None:
    release, _ = publish(tmp_path, frames(), facts=FACTS)

    with pytest.raises(UitstroomError, match="has no table clients"):
        read(release, "clients")


def test_facts_may_not_take_the_names_of_the_manifest(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="files, id"):
        publish(tmp_path, frames(), facts={"id": "x", "files": {}})


SECRET = "999990019"


@pytest.mark.parametrize(
    ("table", "change", "message"),
    [
        ("findings", lambda f: pl.concat([f, f[:1]]), r"findings: multiple_fields_uniqueness \(2 rows\)"),
        ("findings", lambda f: f.with_columns(rule=pl.lit(None, pl.String())), r"rule not_null\w+ \(3 rows\)"),
        ("findings", lambda f: f.with_columns(severity=pl.lit(SECRET)), r"findings: severity isin \(3 rows\)"),
        ("findings", lambda f: f.with_columns(pl.col("row").cast(pl.Int32)), r"column row is Int32, declared Int64"),
        ("findings", lambda f: f.with_columns(bsn=pl.lit(SECRET)), r"findings: column bsn is not declared"),
        ("findings", lambda f: f.drop("row"), r"findings: column row is missing"),
        ("findings", lambda f: f.select(reversed(f.columns)), r"findings: columns are not in the declared order"),
        ("caseload_flow", lambda f: f.with_columns(pl.col("closing") + int(SECRET)), r"the bridge adds up \(1 rows\)"),
    ],
)  # fmt: skip
def test_a_table_that_breaks_its_declaration_blocks_the_release(tmp_path, table, change, message) -> None:  # type: ignore[no-untyped-def]
    release, _ = publish(tmp_path, frames(), facts=FACTS)
    before = sorted(tmp_path.rglob("*"))

    with pytest.raises(ReleaseBlocked, match=message) as blocked:
        publish(tmp_path, frames() | {table: change(frames()[table])}, facts=FACTS)

    assert SECRET not in str(blocked.value)
    assert blocked.value.__context__ is None, "an exception with cell values travels along"
    assert current(tmp_path) == release
    assert sorted(tmp_path.rglob("*")) == before


def test_an_empty_table_is_judged_by_names_and_types(tmp_path: Path) -> None:
    """The rules of a table are not asked where there is no row: Pandera says the same of every empty table."""
    empty = {name: table.empty() for name, table in TABLES.items()}
    for name, table in TABLES.items():
        table.schema().validate(empty[name], lazy=True)
    narrow = empty["findings"].with_columns(pl.col("row").cast(pl.Int32))

    with pytest.raises(ReleaseBlocked, match="findings: column row is Int32, declared Int64"):
        publish(tmp_path, empty | {"findings": narrow}, facts=FACTS)

    assert publish(tmp_path, empty, facts=FACTS)[1]


def test_all_faults_of_all_tables_are_told_at_once(tmp_path: Path) -> None:
    faulty = frames() | {"clients": pl.DataFrame(), "findings": frames()["findings"].drop("row")}
    del faulty["benchmark"]

    with pytest.raises(
        ReleaseBlocked, match=r"clients: not a curated table.*benchmark: the table is missing.*column row"
    ):
        publish(tmp_path, faulty, facts=FACTS)


def test_the_gate_cannot_be_switched_off(tmp_path: Path) -> None:
    twice = frames() | {"findings": pl.concat([frames()["findings"]] * 2)}

    with config_context(validation_enabled=False), pytest.raises(ReleaseBlocked):
        publish(tmp_path, twice, facts=FACTS)


def test_the_bytes_of_a_table_do_not_depend_on_its_chunks(tmp_path: Path) -> None:
    whole = frames(9_000)["findings"]
    chunked = pl.concat([whole[:1_234], whole[1_234:]], rechunk=False)
    assert (whole.n_chunks(), chunked.n_chunks()) == (1, 2)

    for name, frame in (("whole", whole), ("chunked", chunked)):
        write_table(frame, TABLES["findings"], tmp_path / name)

    assert (tmp_path / "whole").read_bytes() == (tmp_path / "chunked").read_bytes()


def test_list_columns_and_empty_tables_are_written(tmp_path: Path) -> None:
    fields = (
        Field("trajectory_id", pl.String(), "Number"),
        Field("methods", pl.List(pl.String()), "Methods used", nullable=True),
    )
    table = Table("trajectories", "Trajectories", "one trajectory", ("trajectory_id",), fields, "events",
                  (Invariant("has a number", pl.col("trajectory_id") != ""),))  # fmt: skip
    frame = pl.DataFrame(
        {"trajectory_id": ["a", "b", "c"], "methods": [["x", "y"], [], None]}, schema=table.polars_schema
    )

    write_table(frame, table, tmp_path / "some.parquet")
    write_table(table.empty(), table, tmp_path / "none.parquet")

    assert pl.read_parquet(tmp_path / "some.parquet").equals(frame)
    assert pl.read_parquet(tmp_path / "none.parquet").equals(table.empty())
    assert pa.types.is_large_list(pq.read_schema(tmp_path / "some.parquet").field("methods").type)


def _rewrite(folder: Path, frame: pl.DataFrame, rows: int) -> Path:
    """A release whose own writer was wrong: hashes and id fit, the content does not."""
    import hashlib

    from pipeline.store.releases.release_id import release_id

    path = folder / "findings.parquet"
    write_table(frame, TABLES["findings"], path)
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["files"]["findings.parquet"] |= {"sha256": hashlib.sha256(path.read_bytes()).hexdigest(), "rows": rows}
    write_json(folder / "manifest.json", manifest | {"id": release_id(manifest)})
    return folder.rename(folder.parent / release_id(manifest))


def test_verify_sees_wrong_rows_and_keys(tmp_path: Path) -> None:
    release, _ = publish(tmp_path, frames(), facts=FACTS)
    wrong = _rewrite(release.path, pl.concat([frames()["findings"]] * 2), rows=5)

    problems = "\n".join(verify(tmp_path))

    assert f"releases/{wrong.name}/findings.parquet: 6 rows, 5 in the manifest" in problems
    assert f"releases/{wrong.name}/findings.parquet: key (delivery, row, column, rule) is not unique" in problems
    assert "current: dangling" in problems


def test_verify_sees_damage_and_leftovers(tmp_path: Path) -> None:
    release, _ = publish(tmp_path, frames(), facts=FACTS)
    (release.path / "benchmark.parquet").unlink()
    (release.path / "dictionary.md").write_text("edited")
    (release.path / "extra.csv").write_text("a;b")
    (tmp_path / "current.json").unlink()
    (tmp_path / ".staging-1-dead").mkdir()

    problems = "\n".join(verify(tmp_path))

    for expected in (
        "benchmark.parquet: missing",
        "dictionary.md: hash differs",
        "extra.csv: not in the manifest",
        "current.json: missing or unreadable",
        ".staging-1-dead: left behind",
    ):
        assert expected in problems


def test_verify_sees_an_edited_manifest(tmp_path: Path) -> None:
    release, _ = publish(tmp_path, frames(), facts=FACTS)
    write_json(release.path / "manifest.json", {**release.manifest, "simulated": False})

    assert verify(tmp_path) == (f"releases/{release.id}/manifest.json: does not belong to this release",)


def test_a_link_to_nowhere_is_an_error_and_the_next_publication_mends_it(tmp_path: Path) -> None:
    release, _ = publish(tmp_path, frames(), facts=FACTS)
    shutil.rmtree(release.path)

    with pytest.raises(UitstroomError, match="roll back"):
        current(tmp_path)
    publish(tmp_path, frames(), facts=FACTS)
    assert verify(tmp_path) == ()


def test_the_data_package_fits_the_files(tmp_path: Path) -> None:
    release, _ = publish(tmp_path, frames(), facts=FACTS)

    package = json.loads((release.path / "datapackage.json").read_text())

    assert [resource["name"] for resource in package["resources"]] == list(TABLES)
    assert "licenses" not in package, "every table would inherit it"
    assert any("Bron: CBS" in source["title"] for source in package["sources"])
    assert "simulated" in package["description"]
    for resource in package["resources"]:
        path, table = release.path / resource["path"], TABLES[resource["name"]]
        assert resource["schema"]["primaryKey"] == list(table.key)
        assert [field["name"] for field in resource["schema"]["fields"]] == pq.read_schema(path).names
    fields = {field["name"]: field for field in package["resources"][0]["schema"]["fields"]}
    assert fields["series"]["constraints"] == {"required": True, "enum": ["pw", "pw_ioaw_ioaz", "all"]}
    assert (fields["benefits"]["type"], fields["benefits"]["unit"]) == ("integer", "benefits")
    kinds = [fields[name]["type"] for name in ("reference_date", "change_pct", "is_lowest_on_record")]
    assert kinds == ["date", "number", "boolean"]
    assert (package["id"], package["version"]) == (release.id, SCHEMA_VERSION)
    assert package["temporal"] == {"start": "2017-01-01", "end": "2017-02-01"}


def test_every_table_has_a_licence_of_its_own_and_one_about_clients_is_closed(tmp_path: Path) -> None:
    release, _ = publish(tmp_path, frames(), facts=FACTS)

    package = json.loads((release.path / "datapackage.json").read_text())

    named = {each["name"]: [licence["name"] for licence in each["licenses"]] for each in package["resources"]}
    assert named["trajectories"] == ["other-closed"]
    assert named["benchmark"] == ["CC-BY-4.0", "notspecified"]
    assert named["caseload_stock"] == ["notspecified"]


def test_foreign_keys_lead_to_the_key_of_a_table_that_is_there(tmp_path: Path) -> None:
    release, _ = publish(tmp_path, frames(), facts=FACTS)

    package = json.loads((release.path / "datapackage.json").read_text())

    keys = [(each["name"], key) for each in package["resources"] for key in each["schema"].get("foreignKeys", [])]
    assert len(keys) > 20
    for name, key in keys:
        other = TABLES[key["reference"].get("resource", name)]
        assert tuple(key["reference"]["fields"]) == other.key
        assert set(key["fields"]) <= set(TABLES[name].columns)


def test_tables_about_clients_lie_apart_and_are_read_through_a_link(tmp_path: Path) -> None:
    release, _ = publish(tmp_path, frames(), facts=FACTS)

    link = release.path / "trajectories.parquet"
    apart = tmp_path / "clients"
    assert link.is_symlink()
    assert link.resolve() == apart / release.id / "trajectories.parquet"
    assert apart.stat().st_mode & 0o007 == 0, "others may not enter"
    assert [path.name for path in release.path.iterdir() if path.is_symlink()] == ["trajectories.parquet"]
    assert pl.read_parquet(link).schema == TABLES["trajectories"].polars_schema
    assert tuple(problems(release.path)) == ()


def test_what_lies_apart_goes_with_its_release(tmp_path: Path) -> None:
    names = [publish(tmp_path, frames(), facts=FACTS | {"turn": turn}, keep=2)[0].id for turn in range(4)]

    assert {path.name for path in (tmp_path / "clients").iterdir()} == set(names[2:])


def test_a_file_apart_that_is_lost_or_damaged_is_a_problem_of_its_release_and_is_put_right(tmp_path: Path) -> None:
    release, _ = publish(tmp_path, frames(), facts=FACTS)
    file = tmp_path / "clients" / release.id / "trajectories.parquet"

    file.write_bytes(b"spoilt")
    assert tuple(problems(release.path)) == ("trajectories.parquet: hash differs from the manifest",)
    file.unlink()
    assert tuple(problems(release.path)) == ("trajectories.parquet: missing",)

    publish(tmp_path, frames(), facts=FACTS)
    assert tuple(problems(release.path)) == ()


def test_the_dictionary_names_every_table_and_column(tmp_path: Path) -> None:
    release, _ = publish(tmp_path, frames(), facts=FACTS)

    text = (release.path / "dictionary.md").read_text()

    for table in TABLES.values():
        chapter = text.split(f"## {table.name}\n")[1].split("\n## ")[0]
        rows = [line for line in chapter.splitlines() if line.startswith("| `")]
        assert [row.split("`")[1] for row in rows] == list(table.columns)
        assert all(row.replace("\\|", "").count("|") == 7 for row in rows)
