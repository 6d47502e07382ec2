"""What ``deploy/`` declares: files that exist, names that are known, the same commands in units and containers."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from prefect.settings import Settings as PrefectSettings
from pydantic import BaseModel

from flows import reports
from flows.data_dir import VARIABLE
from server import automations, watch
from server.guard.__main__ import HOSTS
from tests.flows.compose import DEPLOY, ROOT, compose, copied, env_file, image_environment, service, variables

UNITS = DEPLOY / "systemd"
SRV = "/srv/uitstroom"
OURS = ("server", "worker", "watchman")


def unit(name: str) -> dict[str, str]:
    """The lines of a unit; of one said twice the last."""
    lines = (UNITS / f"uitstroom-{name}.service").read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))


def of_unit(name: str) -> list[str]:
    """What a unit starts, one command after the other, without the folder of its Python."""
    lines = [unit(name)[key] for key in ("ExecStartPre", "ExecStart") if key in unit(name)]
    return [line.removeprefix(f"{SRV}/.venv/bin/") for line in lines]


def of_container(name: str) -> list[str]:
    """What a container starts, one command after the other; listening to all is for what is inside a container."""
    command = list(service(name, env_file(DEPLOY / ".env.example")).command)
    line = command[2] if command[:2] == ["sh", "-c"] else " ".join(command)
    return [part.removeprefix("exec ").removesuffix(" --host 0.0.0.0") for part in line.split(" && ")]


def known() -> set[str]:
    """Every name that Prefect or we read from the environment."""
    ours = {VARIABLE, HOSTS, automations.WEBHOOK_VARIABLE, reports.RULES_VARIABLE, "UITSTROOM_KEY_FILE"}
    return ours | {"DO_NOT_TRACK"} | names_of(PrefectSettings, "PREFECT_")


def names_of(model: type[BaseModel], before: str) -> set[str]:
    """The environment's names of all settings in a group and the groups within it."""
    found: set[str] = set()
    for name, field in model.model_fields.items():
        inner, full = field.annotation, f"{before}{name.upper()}"
        is_group = isinstance(inner, type) and issubclass(inner, BaseModel)
        found |= names_of(inner, f"{full}_") if is_group else {full}  # type: ignore[arg-type]
    return found


@pytest.mark.parametrize("name", OURS)
def test_a_unit_and_a_container_start_the_same(name: str) -> None:
    assert of_unit(name) == of_container(name)


def test_the_watchman_knows_every_option_that_its_unit_gives(capsys: pytest.CaptureFixture[str]) -> None:
    options = {word for command in of_unit("watchman") for word in command.split() if word.startswith("--")}

    with pytest.raises(SystemExit) as ended:
        watch.main(["--help"])

    known_options = set(re.findall(r"--[a-z_-]+", capsys.readouterr().out))
    assert ended.value.code == 0
    assert options <= known_options
    assert "--arrivals" in options


@pytest.mark.parametrize("name", OURS)
def test_every_unit_runs_as_its_own_user_and_comes_back(name: str) -> None:
    stated = unit(name)

    assert (stated["User"], stated["WorkingDirectory"], stated["Restart"]) == ("uitstroom", SRV, "always")
    assert stated["EnvironmentFile"] == "/etc/uitstroom/uitstroom.env"
    assert (stated["NoNewPrivileges"], stated["ProtectSystem"]) == ("yes", "strict")


@pytest.mark.parametrize("name", OURS)
def test_systemd_takes_the_units(name: str, tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("needs systemd-analyze (on Debian: apt install systemd)")
    units = [tmp_path / path.name for path in UNITS.glob("*.service")]
    for path in units:
        text = (UNITS / path.name).read_text(encoding="utf-8")
        path.write_text(text.replace(f"{SRV}/.venv/bin/python", sys.executable), encoding="utf-8")

    ran = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(tmp_path / f"uitstroom-{name}.service")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert (ran.returncode, ran.stdout + ran.stderr) == (0, "")


def test_what_the_files_set_is_read_by_somebody() -> None:
    written = (UNITS / "uitstroom.env").read_text(encoding="utf-8")
    set_by_units = set(re.findall(r"^(?:# )?([A-Z][A-Z_]+)=", written, re.MULTILINE))
    set_by_containers = {name for each in OURS for name in service(each, env_file(DEPLOY / ".env.example")).environment}

    assert set_by_units - known() == set()
    assert set_by_containers - known() == set()


def test_what_the_containers_ask_for_stands_in_the_example() -> None:
    assert variables() == set(env_file(DEPLOY / ".env.example"))


def test_the_containers_keep_what_they_write() -> None:
    inside = image_environment()

    for name in OURS:
        mounted = {volume.rsplit(":", 1)[1] for volume in compose()["services"][name]["volumes"]}
        assert {inside["UITSTROOM_DATA"], inside["PREFECT_HOME"]} == mounted
    assert inside["UITSTROOM_KEY_FILE"] == f"/run/secrets/{next(iter(compose()['secrets']))}"


def test_the_page_is_prepared_where_the_service_may_write() -> None:
    # Beside Prefect itself it may not, and the server would offer no page at all.
    name = "PREFECT_SERVER_UI_STATIC_DIRECTORY"
    written = env_file(UNITS / "uitstroom.env")[name]

    assert Path(written).is_relative_to(unit("server")["ReadWritePaths"])
    assert Path(image_environment()[name]).is_relative_to(image_environment()["PREFECT_HOME"])


@pytest.mark.parametrize("heading", ["Install it for good, with systemd", "Install it in containers, with PostgreSQL"])
def test_every_folder_is_made_with_its_owner_and_not_on_the_way_to_another(heading: str) -> None:
    # `install -d` gives what it makes on the way to a folder to root, and the service could not write there.
    text = (
        (ROOT / "docs/how-to/operate.md")
        .read_text(encoding="utf-8")
        .partition(f"## {heading}")[2]
        .partition("\n## ")[0]
    )
    made = [
        Path(part) for line in re.findall("install -d .*", text) for part in line.split() if part.startswith("/var")
    ]

    assert Path("/var/lib/uitstroom/data/raw") in made
    assert all(path.parent in {*made, Path("/var/lib")} for path in made)


def test_only_this_machine_can_reach_the_containers() -> None:
    ports = [port for each in compose()["services"].values() for port in each.get("ports", [])]

    assert ports == ["127.0.0.1:4200:4200"]


@pytest.mark.system
def test_what_the_image_copies_is_enough_to_run(tmp_path: Path) -> None:
    # As the Dockerfile does it; what the lock names is taken from where it is installed already.
    image = tmp_path / "image"
    image.mkdir()
    for name in copied():
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, image / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, image / name)
    site = tmp_path / "site"
    pip = (sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--no-index")
    environment = image_environment() | {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}
    run(*pip, "--no-build-isolation", "--target", str(site), "--editable", ".", cwd=image, env=environment)
    environment |= {"PYTHONPATH": f"{image / 'src'}:{image}", "PREFECT_HOME": str(tmp_path)}
    probe = (
        "import pipeline, server.deploy as deploy, schemas.reference\n"
        "print(pipeline.__file__, deploy.__file__, len(deploy.declared()), schemas.reference.__file__)"
    )
    ran = run(sys.executable, "-c", probe, cwd=image, env=environment)

    where = [part for part in ran.split() if part.startswith("/")]
    assert len(where) == 3
    assert all(part.startswith(str(image)) for part in where)


def run(*command: str, cwd: Path, env: dict[str, str]) -> str:
    ran = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout
