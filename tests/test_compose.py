"""The compose file, the image and `.env.example`: what can be known of them without building an image."""

import asyncio
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
import yaml
from aiohttp import web
from jsonschema import Draft202012Validator

from bots.__main__ import app
from bots.server import application, listen
from bots.settings import Settings, read_settings
from content.model import Library

ROOT = Path(__file__).parent.parent
COMPOSE: Any = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SCHEMA: Any = json.loads((ROOT / "tests" / "specifications" / "compose-spec.json").read_text(encoding="utf-8"))["schema"]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
EXAMPLE = (ROOT / ".env.example").read_text(encoding="utf-8")
SETTINGS = {name.upper() for name in Settings.model_fields}
OF_OTHERS = {"POSTGRES_USER", "POSTGRES_DB", "POSTGRES_PASSWORD"}
SERVICES = COMPOSE["services"]
BOTS = [name for name, service in SERVICES.items() if service.get("build")]


def started(*profiles: str) -> dict[str, Any]:
    """The services of these profiles: compose starts those that name one of them, and those that name none."""
    return {name: service for name, service in SERVICES.items() if not service.get("profiles") or {*service["profiles"]} & {*profiles}}


def filled(value: str, variables: dict[str, str]) -> str:
    """What compose makes of a value: `${NAME}`, `${NAME:-where it is empty}` and `${NAME:+where it is not}`, the inner ones first."""
    found = re.search(r"\$\{(\w+)(?:(:[-+])([^${}]*))?\}", value)
    if found is None:
        return value
    held, words = variables.get(found[1], ""), found[3] or ""
    put = {None: held, ":-": held or words, ":+": words if held else ""}[found[2]]
    return filled(value[: found.start()] + put + value[found.end() :], variables)


def settings_of(name: str, folder: Path, **variables: str) -> Settings:
    """What the program reads in this container; `folder` is where it works."""
    return read_settings({key: filled(value, variables) for key, value in SERVICES[name]["environment"].items()}, folder)


def instructions(name: str) -> list[str]:
    return [line.removeprefix(f"{name} ") for line in DOCKERFILE if line.startswith(f"{name} ")]


def test_the_compose_file_has_the_published_shape() -> None:
    """No key that compose does not know, no value of the wrong kind; and the shape can be missed."""
    validator = Draft202012Validator(SCHEMA)
    assert [error.message for error in validator.iter_errors(COMPOSE)] == []
    assert list(validator.iter_errors({"services": {"bot": {"read-only": True}}}))
    assert list(validator.iter_errors({"services": {"bot": {"healthcheck": {"test": 1}}}}))


def test_variables_are_filled_in_as_compose_does() -> None:
    """The three forms that the file uses, one inside another."""
    assert filled("a ${B} c", {"B": "b"}) == "a b c"
    assert filled("${B:-none}${B:+some}", {}) == "none"
    assert filled("${B:-none}${B:+some ${B}}", {"B": "b"}) == "bsome b"


def test_up_is_one_replica_on_sqlite(tmp_path: Path) -> None:
    """Without a profile one bot runs, with whatever tokens .env holds, and its database lies in a named volume."""
    assert list(started()) == ["immunobot"]
    assert SERVICES["immunobot"]["env_file"] == ".env"
    url = settings_of("immunobot", tmp_path).database_url.get_secret_value()
    written_to = Path(instructions("WORKDIR")[-1]) / url.removeprefix("sqlite:///")
    assert written_to == Path("/data/immunobot.db")
    assert "data:/data" in SERVICES["immunobot"]["volumes"]
    assert "data" in COMPOSE["volumes"]
    assert any("/data" in line and SERVICES["immunobot"]["user"].split(":")[0] in line for line in instructions("RUN"))


def test_scale_is_two_replicas_on_one_postgresql(tmp_path: Path) -> None:
    """Both wait until the database answers and stand on it; nobody outside reaches it."""
    replicas = [name for name in started("scale") if name in BOTS]
    urls = {settings_of(name, tmp_path, POSTGRES_PASSWORD="secret").database_url.get_secret_value() for name in replicas}
    database = {key: filled(value, {"POSTGRES_PASSWORD": "secret"}) for key, value in SERVICES["postgres"]["environment"].items()}
    user, password, name = (database[f"POSTGRES_{key}"] for key in ("USER", "PASSWORD", "DB"))
    assert urls == {f"postgresql://{user}:{password}@postgres/{name}"}
    assert len(replicas) == 2
    assert all(SERVICES[each]["depends_on"]["postgres"]["condition"] == "service_healthy" for each in replicas)
    assert all("database" in SERVICES[each]["networks"] for each in replicas)
    assert len({port for each in replicas for port in SERVICES[each]["ports"]}) == 2
    assert SERVICES["postgres"]["networks"] == ["database"]
    assert COMPOSE["networks"]["database"] == {"internal": True}
    assert "ports" not in SERVICES["postgres"]


def test_scale_never_runs_on_two_databases() -> None:
    """What would leave one replica on SQLite, an empty password, leaves PostgreSQL's image without one: it then refuses to begin."""
    assert filled(SERVICES["immunobot"]["environment"]["DATABASE_URL"], {}) == ""
    assert filled(SERVICES["postgres"]["environment"]["POSTGRES_PASSWORD"], {}) == ""
    assert "POSTGRES_HOST_AUTH_METHOD" not in SERVICES["postgres"]["environment"]
    assert SERVICES["replica"]["depends_on"]["postgres"].get("required", True)


def test_no_service_needs_one_that_is_not_started() -> None:
    """Compose refuses a service whose dependency lies in a profile that is off, unless it can do without."""
    for profiles in ((), ("scale",)):
        services = started(*profiles)
        needed = {name for each in services.values() for name, how in each.get("depends_on", {}).items() if how.get("required", True)}
        assert needed <= set(services)


@pytest.mark.parametrize("name", SERVICES)
def test_a_container_can_do_little(name: str) -> None:
    """Not root, a file system that cannot be written, no capability, no way to more; looked after and ended in peace."""
    service = SERVICES[name]
    assert service["user"].split(":")[0] not in ("root", "0", "")
    assert service["read_only"] is True
    assert service["tmpfs"]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["restart"] == "unless-stopped"
    assert {"test", "interval", "timeout", "retries", "start_period"} == set(service["healthcheck"])
    assert service["stop_grace_period"]
    assert not {"cap_add", "privileged", "network_mode", "pid"} & set(service)


def test_ports_are_published_to_this_computer_only() -> None:
    """TLS is a proxy's work, so nothing is published to the world."""
    ports = [port for service in SERVICES.values() for port in service.get("ports", [])]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_every_variable_is_known() -> None:
    """Each is a setting of ours, or one of PostgreSQL's image or of compose."""
    named = {key for service in SERVICES.values() for key in service["environment"]}
    read = set(re.findall(r"\$\{(\w+)", json.dumps(COMPOSE)))
    assert named | read <= SETTINGS | OF_OTHERS
    assert all(set(SERVICES[name]["environment"]) <= SETTINGS for name in BOTS)


@pytest.mark.parametrize("name", BOTS)
@pytest.mark.parametrize("variables", [{}, {"POSTGRES_PASSWORD": "secret", "INSTITUTION": "./ward.yaml"}])
def test_what_compose_sets_are_good_settings(name: str, variables: dict[str, str], tmp_path: Path) -> None:
    """The environment of each bot, with its variables filled in, is taken without a problem."""
    settings = settings_of(name, tmp_path, **variables)
    assert (settings.listen_on, settings.port) == ("0.0.0.0", 8080)
    assert settings.institution == (Path("/institution.yaml") if variables else None)


@pytest.mark.parametrize("name", BOTS)
def test_every_command_line_parses(name: str) -> None:
    """What a container runs is a command of ours, with arguments that it takes."""
    assert instructions("ENTRYPOINT") == ['["immunobot"]']
    for line in (SERVICES[name]["command"], *map(json.loads, instructions("CMD"))):
        command, _, _ = app.parse_args(line, exit_on_error=False, print_error=False)
        assert command.__name__ == "run"


def test_an_example_names_every_setting() -> None:
    """Every setting stands in .env.example once, and nothing stands there that nobody reads."""
    named = re.findall(r"^(?:# )?([A-Z][A-Z_]+)=", EXAMPLE, re.MULTILINE)
    assert sorted(named) == sorted({*SETTINGS, "POSTGRES_PASSWORD"})


def test_an_example_copied_is_valid(tmp_path: Path) -> None:
    """Copied as it is, it sets what is the default anyway; so do the lines that are commented out."""
    (tmp_path / ".env").write_text(EXAMPLE, encoding="utf-8")
    assert read_settings({}, tmp_path) == Settings()
    (tmp_path / ".env").write_text(re.sub(r"^# (?=[A-Z_]+=)", "", EXAMPLE, flags=re.MULTILINE), encoding="utf-8")
    assert read_settings({}, tmp_path) == Settings(host="127.0.0.1")


def test_the_image_is_pinned_and_not_root() -> None:
    """Every package is checked against its hash, and the last user is a number other than root's."""
    assert all(line.startswith("python:3.13-slim") for line in instructions("FROM"))
    installs = [line for line in instructions("RUN") if " install --no-cache-dir" in line]
    assert ["--require-hashes" in line or "--no-deps" in line for line in installs] == [True, True]
    assert all("--compile" in line for line in installs)
    assert instructions("USER")[-1] == SERVICES["immunobot"]["user"]


def test_the_image_holds_the_whole_library(tmp_path: Path) -> None:
    """What .dockerignore lets through builds into a wheel with every file of the three rooms."""
    allowed = [line[1:] for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines() if line.startswith("!")]
    copied = {name for line in instructions("COPY") if not line.startswith("--from") for name in line.split()[:-1]}
    assert copied == set(allowed)
    for name in allowed:
        source = ROOT / name
        _ = shutil.copytree(source, tmp_path / name) if source.is_dir() else shutil.copy(source, tmp_path)
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", "out"], cwd=tmp_path, check=True, capture_output=True)
    with ZipFile(next((tmp_path / "out").glob("*.whl"))) as wheel:
        held = {name for name in wheel.namelist() if "dist-info" not in name}
    wanted = {
        str(path.relative_to(ROOT)) for room in ("bots", "adapters", "content") for path in (ROOT / room).rglob("*") if path.is_file()
    }
    assert held == {path for path in wanted if "__pycache__" not in path}


async def test_the_healthcheck_tells_life_from_death(library: Library) -> None:
    """The very line of the compose file ends with 0 while the program serves, and with another number when it does not."""

    async def ready() -> dict[str, bool]:
        return {}

    interpreter, option, line = SERVICES["immunobot"]["healthcheck"]["test"][1:]
    assert (interpreter, option) == ("python", "-c")
    runner: web.AppRunner = await listen(application(lambda: library, ready, {}), "127.0.0.1", 0)
    here = line.replace(":8080/", f":{runner.addresses[0][1]}/")
    assert here != line
    assert await ended_with(here) == 0
    await runner.cleanup()
    assert await ended_with(here) == 1


async def ended_with(line: str) -> int:
    """The exit code of a line of Python, run while our own loop goes on."""
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", line, stderr=asyncio.subprocess.DEVNULL)
    return await process.wait()
