"""Known numbers of persons go through every failing path; then every byte that is left behind is searched for them."""

import io
import json
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import openpyxl  # type: ignore[import-untyped]
import polars as pl
import pytest

from pipeline.errors import Rejected
from pipeline.jobs.workspace import Writer
from tests.jobs.folder import CASELOAD, CLAIMS, TOTALS, Folder, Ran, benefit, caseload, claim, csv, total

PEOPLE = ("123456782", "111111110", "900038937")
LOST_ZERO = "10000008"
DOSSIER = "DOS7731Q"
BORN = ("17-03-1961", "19610317", "1961-03-17")
SECRETS = (*PEOPLE, LOST_ZERO, "010000008", DOSSIER, *BORN, "17 maart 1961")

WHO = {"registratienummer_uitkering": DOSSIER, "bsn": PEOPLE[0], "bsn_partner": PEOPLE[1], "leefvorm": "3"}
BIRTH = {"geboortedatum": BORN[0]}


def person(**changed: object) -> dict[str, object]:
    return benefit(0, **WHO, **BIRTH) | changed


OTHERS = tuple(benefit(n) for n in range(1, 42))


def beside(*rows: dict[str, object], header: Iterable[str] = CASELOAD) -> str:
    """Rows about the known person among others: so many that two bad ones do not hold the delivery, and everywhere as
    many, so that no month looks like a part of a file.
    """
    return caseload(*rows, *OTHERS, header=header)


def workbook(*rows: dict[str, object], merged: bool = False) -> bytes:
    sheet = (book := openpyxl.Workbook()).active
    sheet.append(list(CASELOAD))
    for row in rows:
        sheet.append([row.get(name) for name in CASELOAD])
    sheet["C2"] = f'="{DOSSIER}"'
    if merged:
        sheet.merge_cells("A2:B2")
    book.save(stream := io.BytesIO())
    return stream.getvalue()


HEADER, LINE = caseload(person()).splitlines(keepends=True)
HEADLESS = ";".join([PEOPLE[0], BORN[0], DOSSIER, LOST_ZERO])

MANY_TOTALS = [total(peildatum=f"01-0{month}-{year}") for year in (2014, 2015, 2016) for month in range(1, 10)]

FILES: dict[str, str | bytes] = {
    "caseload/recorded.csv": beside(person()),
    "caseload/lost_zero.csv": beside(person(bsn=LOST_ZERO, bsn_partner="")),
    "caseload/quarantined.csv": beside(person(ingangsdatum="31-02-2017")),
    "caseload/wrong_number.csv": beside(person(bsn=f"{PEOPLE[0]}0", registratienummer_uitkering=DOSSIER * 3)),
    "caseload/birth.csv": beside(person(geboortedatum="17 maart 1961")),
    "caseload/same_person.csv": beside(person(bsn_partner=PEOPLE[0])),
    "caseload/reason.csv": beside(person(einddatum="01-02-2017", reden_einde=PEOPLE[2])),
    "caseload/start.csv": beside(person(ingangsdatum=PEOPLE[2], oorspronkelijke_ingangsdatum=LOST_ZERO)),
    "caseload/scheme.csv": beside(person(statistiekcode=DOSSIER, geslacht=PEOPLE[0], gemeentecode=LOST_ZERO)),
    "caseload/place.csv": beside(person(gemeentecode="Brunssum")),
    "caseload/twice.csv": beside(person(), person()),
    "caseload/conflict.csv": beside(person(), person(leefvorm="1", bsn_partner="")),
    "caseload/held.csv": caseload(
        person(ingangsdatum="31-02-2017"), *OTHERS[:9], person(bsn=PEOPLE[2], reden_einde="11")
    ),
    "caseload/short.csv": beside(person()) + f"{PEOPLE[0]};{DOSSIER};{BORN[0]}\n",
    "caseload/long.csv": beside(person()) + LINE.strip() + f";{PEOPLE[1]};{DOSSIER}\n",
    "caseload/quote.csv": HEADER + LINE.replace(DOSSIER, f'"{DOSSIER}') * 3,
    "caseload/stray_quote.csv": beside(person()).replace(DOSSIER, f'{DOSSIER}"x"'),
    "caseload/missing.csv": caseload(person(), header=[name for name in CASELOAD if name != "peildatum"]),
    "caseload/headless.csv": f"{HEADLESS}\n{HEADLESS}\n",
    "caseload/headless_line.csv": LINE.strip(";\n").replace(";;", ";1;") + "\n" + LINE,
    "caseload/headless_twice.csv": f"{HEADLESS};{HEADLESS}\n{HEADLESS};{HEADLESS}\n",
    "caseload/headless_dotted.csv": f"900.038.937;17.03.1961;{DOSSIER}\n1;2;3\n",
    "caseload/headless_wide.csv": (f"{HEADLESS};;x\n") * 2,
    "caseload/extra_columns.csv": beside(person(), header=[*CASELOAD, PEOPLE[2], BORN[0], BORN[1], f"z{LOST_ZERO}"]),
    "caseload/unknown_value.csv": beside(person(opmerking=f"{PEOPLE[2]} {DOSSIER}"), header=[*CASELOAD, "opmerking"]),
    "caseload/mixed.csv": (HEADER + LINE).encode() + "é".encode() + "é".encode("cp1252") + LINE.encode(),
    "caseload/nul.csv": HEADER + LINE + "\0" + LINE,
    "caseload/lines.jsonl": "\n".join(
        [json.dumps(person(ingangsdatum="31-02-2017")), json.dumps(person()) + "}", f'"{DOSSIER}"', PEOPLE[0]]
    ),
    "caseload/names.jsonl": json.dumps({PEOPLE[0]: 1, BORN[0]: 2, f"{DOSSIER}": 3}),
    "caseload/double.jsonl": '{"bsn": "123456782", "bsn": "111111110"}\n' + json.dumps(person()),
    "caseload/nested.jsonl": json.dumps(person(leefvorm={"bsn": PEOPLE[2], "nr": DOSSIER})),
    "caseload/book.xlsx": workbook(person(), person(ingangsdatum="31-02-2017"), *OTHERS),
    "caseload/merged.xlsx": workbook(person(), merged=True),
    "caseload_totals/count.csv": csv(TOTALS, [total(aantal=PEOPLE[0]), total(instroom="900.038.937", reeks=DOSSIER)]),
    "caseload_totals/among.csv": csv(TOTALS, [total(mutatie_pct=PEOPLE[0]), *MANY_TOTALS]),
    "caseload_totals/case.csv": beside(person()),
    "published_figures/note.csv": csv(CLAIMS, [claim(1, toelichting=f"zie 123456789 en {PEOPLE[2]}, {DOSSIER}")]),
    "published_figures/every.csv": csv(CLAIMS, [dict.fromkeys(CLAIMS, PEOPLE[0])]),
    "municipal_statistics/2015.csv": csv(["Leeftijd", "Regiokenmerken"], [{"Leeftijd": PEOPLE[0]}]),
    "national_statistics/x.csv": HEADLESS + "\n" + HEADLESS,
    "elders/x.csv": beside(person()),
    "caseload/nothing_left.csv": caseload(person(ingangsdatum="31-02-2017"), person(bsn=PEOPLE[2], reden_einde="11")),
}


@dataclass(frozen=True)
class Left:
    """What one run over all these files left behind."""

    folder: Folder
    ran: Ran
    heard: str
    refusals: list[Rejected]


@pytest.fixture(scope="module")
def left(tmp_path_factory: pytest.TempPathFactory) -> Left:
    """Everything is taken in once; what is printed, logged and refused meanwhile is kept."""
    folder = Folder.at(tmp_path_factory.mktemp("leak"))
    for number, (name, content) in enumerate(FILES.items()):
        # A month of its own for each, so that none supersedes another before its rows can show up in a table.
        month = f"01-{number % 12 + 1:02d}-20{20 + number // 12}"
        folder.put(name, content.replace("01-02-2017", month) if isinstance(content, str) else content)
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        with pytest.MonkeyPatch.context() as patch:
            refusals = remembered(patch)
            ran = folder.run()
            folder.run()
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
    return Left(folder, ran, stream.getvalue(), refusals)


def remembered(patch: pytest.MonkeyPatch) -> list[Rejected]:
    """Every refusal that is made from now on."""
    refusals: list[Rejected] = []
    make = Rejected.__init__

    def remember(refusal: Rejected, rule: str, detail: str = "", *, column: str = "") -> None:
        make(refusal, rule, detail, column=column)
        refusals.append(refusal)

    patch.setattr(Rejected, "__init__", remember)
    return refusals


def found_in(text: str | bytes) -> list[str]:
    """The secrets that occur in a text, also in another case."""
    lowered = text.lower() if isinstance(text, str) else text.lower().decode("latin-1")
    return [secret for secret in SECRETS if secret.lower() in lowered]


COUNTED_UP = bytes(range(ord("/"), ord("9")))
"""Places in a dictionary of Parquet, one byte each: they count up, and are digits on their way. A number that stands
behind these very bytes is found in the values, which are searched too.
"""


def as_text(path: Path) -> str:
    """Every value of every column of a Parquet file."""
    frame = pl.read_parquet(path, hive_partitioning=False)
    assert frame.columns
    return "\n".join([*frame.columns, frame.write_json()])


def test_every_file_took_the_path_it_was_made_for(left: Left) -> None:
    statuses = {receipt.file_name: receipt.status for receipt in left.ran.receipts}
    assert set(statuses) == set(FILES)
    assert {"recorded", "held", "rejected"} == set(statuses.values())
    rules = {rule for receipt in left.ran.receipts for rule in receipt.findings}
    assert rules >= {
        "FILE-011", "FILE-012", "FILE-017", "FILE-018", "FILE-019", "FILE-020", "FILE-021", "FILE-022",
        "FILE-028", "FILE-030", "FILE-031", "FILE-032", "FILE-038", "VALUE-001", "VALUE-004", "VALUE-006", "VALUE-007",
        "CASELOAD-002", "CASELOAD-014", "DELIVERY-001", "DELIVERY-002", "DELIVERY-003", "DELIVERY-011",
    }  # fmt: skip
    assert left.folder.problems() == ()


@pytest.mark.parametrize("part", ["log", "quarantine", "curated"])
def test_no_file_left_behind_holds_a_secret(left: Left, part: str) -> None:
    paths = [path for path in (left.folder.data / part).rglob("*") if path.is_file()]
    tables = [path for path in paths if path.suffix == ".parquet"]
    assert tables
    found = {path: found_in(path.read_bytes().replace(COUNTED_UP, b"")) for path in paths}
    found |= {path: found[path] + found_in(as_text(path)) for path in tables}
    assert {path: leaked for path, leaked in found.items() if leaked} == {}


def test_no_receipt_holds_a_secret(left: Left) -> None:
    leaks = {receipt.file_name: found_in(f"{receipt!r}{receipt}") for receipt in left.ran.receipts}
    assert {name: leaked for name, leaked in leaks.items() if leaked} == {}


def test_nothing_printed_or_logged_holds_a_secret(left: Left) -> None:
    assert found_in(left.heard) == []


def test_running_prints_nothing(
    folder: Folder, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("caseload/held.csv", "caseload/headless.csv", "caseload/quote.csv", "caseload/lines.jsonl"):
        folder.put(name, FILES[name])
    folder.run()
    printed = capfd.readouterr()
    assert (printed.out, printed.err) == ("", "")
    assert found_in(caplog.text) == []


def test_no_refusal_holds_a_secret(left: Left) -> None:
    texts = [f"{each!r} {each} {each.args} {each.detail} {each.column} {each.__cause__!r}" for each in left.refusals]
    assert len(texts) >= 12
    assert [text for text in texts if found_in(text)] == []


def test_surroundings_do_not_show_the_key(folder: Folder) -> None:
    writer: Writer = folder.writer()
    assert folder.settings.key is not None
    assert folder.settings.key not in f"{writer!r}{writer}{writer.key!r}"
    assert not (folder.data / "data.key").exists()


def test_one_person_has_one_key_whatever_the_spelling(left: Left) -> None:
    rows = left.folder.log_rows("caseload")
    reported = left.folder.table("deliveries").select("delivery", "file_name")
    keys = rows.join(reported, on="delivery").filter(pl.col("row") == 2)
    recorded = keys.filter(pl.col("file_name") == "caseload/recorded.csv")
    other = keys.filter(pl.col("file_name") == "caseload/short.csv")
    assert recorded["client_key"].to_list() == other["client_key"].to_list()
    assert recorded["birth_year"].to_list() == [1961]
    assert {len(key) for key in rows["client_key"]} == {16}
