"""What lies below raw and is not taken is listed with its reason; silent is what the contract names, no more."""

import os
from pathlib import Path

import pytest

from pipeline.store.raw import RawFile, list_raw
from pipeline.store.raw_names import is_silent, printable
from schemas.rules.file import FILE


def listed(raw: Path, *names: str) -> dict[str, RawFile]:
    for name in names:
        path = raw / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    return {file.file_name: file for file in list_raw(raw)}


def reasons(raw: Path, *names: str) -> dict[str, str]:
    """The rule by which each listed file is refused; empty for what is a delivery so far."""
    return {name: file.refusal.rule if file.refusal else "" for name, file in listed(raw, *names).items()}


def test_silence_is_for_these_names_alone() -> None:
    silent = [".x.csv", ".git", "._x.csv", "Thumbs.db", "README.md", "~$x.xlsx"]
    reported = ["README.csv", "README_levering.csv", "readme.md", "README", "README.md.csv", "thumbs.db", "desktop.ini",
            "x.meta.json", "~x.csv", "$x.csv", "Thumbs.db.csv", " .csv"]  # fmt: skip
    assert [name for name in silent if not is_silent(name, is_folder=False)] == []
    assert [name for name in reported if is_silent(name, is_folder=False)] == []


def test_a_folder_with_a_silent_name_is_looked_into_unless_it_is_hidden(tmp_path: Path) -> None:
    names = (
        "README.md/a.csv",
        "Thumbs.db/b.csv",
        "~$old/c.csv",
        "readme_old/d.csv",
        "old.meta.json/e.csv",
        ".git/f.csv",
    )
    found = reasons(tmp_path, *(f"caseload/{name}" for name in names))
    assert found == {f"caseload/{name}": "" for name in sorted(names[:-1])}


def test_what_lies_directly_in_raw_is_told(tmp_path: Path) -> None:
    found = reasons(tmp_path, "x.csv", "x.csv.meta.json", "notes.docx", "README.md", ".x", "caseload/y.csv")
    assert found == {"x.csv": "FILE-050", "x.csv.meta.json": "FILE-050", "notes.docx": "FILE-050", "caseload/y.csv": ""}


def test_a_folder_of_no_source_is_told_even_when_nothing_lies_in_it(tmp_path: Path) -> None:
    for name in ("Caseload", "caseload", "bijstand", ".cache", "bijstand/leeg/diep"):
        (tmp_path / name).mkdir(parents=True, exist_ok=True)
    found = listed(tmp_path, "oud/x.csv", "bijstand/.x")
    assert {name: file.source for name, file in found.items()} == {
        "Caseload": "Caseload", "bijstand": "bijstand", "oud/x.csv": "oud",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("sidecar", "says"),
    [
        ("y.csv.meta.json", "is not there"),
        ("X.csv.meta.json", "name it x.csv.meta.json"),
        ("x.CSV.meta.json", "name it x.csv.meta.json"),
        ("x.meta.json", "name it x.csv.meta.json"),
        ("x.csv.META.JSON", "name it x.csv.meta.json, or remove it"),
        ("x.csv.meta.json.meta.json", "is not there"),
        ("z.csv.meta.json", "name it z.csv.gz.meta.json"),
        ("cafe\u0301.csv.meta.json", "name it caf\u00e9.csv.meta.json"),
        ("README.md.meta.json", "is not there"),
        (".meta.json", ""),
        ("x.csv .meta.json", "is not there"),
    ],
)
def test_a_sidecar_that_is_nobodys_is_told(tmp_path: Path, sidecar: str, says: str) -> None:
    files = ("x.csv", "x.csv.meta.json", "z.csv.gz", "z.csv.gz.meta.json", "caf\u00e9.csv", "README.md")
    found = listed(tmp_path, *(f"caseload/{name}" for name in (*files, sidecar)))
    name = f"caseload/{sidecar}"
    if not says:
        assert name not in found
        return
    refusal = found.pop(name).refusal
    assert refusal is not None
    assert refusal.rule == "FILE-051"
    assert says in refusal.detail
    assert [file for file in found.values() if file.refusal] == []
    assert sorted(found) == sorted(f"caseload/{each}" for each in ("x.csv", "z.csv.gz", "caf\u00e9.csv"))


def test_thousands_of_lonely_sidecars_are_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "caseload").mkdir()
    for number in range(3_000):
        (tmp_path / "caseload" / f"{number}.csv.meta.json").touch()
        (tmp_path / "caseload" / f"file{number}.csv").touch()
    found = list_raw(tmp_path)
    assert sum(file.refusal is not None for file in found) == 3_000
    assert len(found) == 6_000


def test_two_names_are_never_printed_alike(tmp_path: Path) -> None:
    names = [b"Jos\xe9.csv", b"Jos\\xe9.csv", "José.csv".encode(), "Jose\u0301.csv".encode(), b"Jos\\e9.csv"]
    (tmp_path / "caseload").mkdir()
    for name in names:
        Path(os.fsdecode(os.fsencode(tmp_path / "caseload") + b"/" + name)).touch()
    found = [file.file_name for file in list_raw(tmp_path)]
    assert len(set(found)) == len(names)
    assert printable("José.csv") == "José.csv"


def test_every_reason_has_its_rule() -> None:
    codes = {rule.code: rule for rule in FILE.rules}
    assert all(codes[code].fix and codes[code].title_nl for code in ("FILE-050", "FILE-051", "FILE-052"))
