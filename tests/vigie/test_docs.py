"""What README and docs tell people to type is there."""

from __future__ import annotations

import ast
import re
import tomllib
from collections import Counter
from pathlib import Path

import pytest
import yaml
from fastapi.routing import APIRoute
from typer.testing import CliRunner

from vigie import __version__
from vigie.cli import PANELS, app
from vigie.settings import load
from web.api.routes import api_router
from web.api.service import A_MINUTE

ROOT = Path(__file__).parents[2]
COMPOSE = ROOT / "compose.yaml"
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]
_VIGIE = re.compile(r"\bvigie ([a-z]+(?:-[a-z]+)*(?: [a-z]+)?)")
_MAKE = re.compile(r"(?:`|^ {4})make ([a-z-]+)", re.MULTILINE)
_LINK = re.compile(r"\]\(([^)#:]+)\)")


def commands() -> set[str]:
    """`vigie` subcommands, those of groups with their group."""
    found = set()
    for entry in (one for entries in PANELS.values() for one in entries):
        command = entry.load()
        found |= {f"{entry.name} {inner}" for inner in getattr(command, "commands", {})} or {entry.name}
        found |= {entry.name} if getattr(command, "invoke_without_command", False) else set()
    return found


def test_each_line_of_help_begins_the_commands_own_help() -> None:
    for entry in (one for entries in PANELS.values() for one in entries):
        own = " ".join((entry.load().help or "").split())
        assert own.startswith(entry.help.rstrip(".")), entry.name


def test_help_stands_in_the_order_of_a_days_work() -> None:
    shown = CliRunner().invoke(app, ["--help"], env={"COLUMNS": "200"}).output
    places = [shown.index(f" {panel} ") for panel in PANELS]
    assert places == sorted(places)
    for entry in (one for entries in PANELS.values() for one in entries):
        assert re.search(rf"│ {entry.name} +{re.escape(entry.help)}", shown), entry.name


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_targets_and_links_are_there(page: Path) -> None:
    text = page.read_text("utf-8")
    code = "\n".join(re.findall(r"`[^`]+`|^ {4}.+$", text, re.MULTILINE))
    known = commands()
    for typed in _VIGIE.findall(code):
        assert typed in known or typed.split()[0] in known, typed
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for target in _MAKE.findall(text):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
    for link in _LINK.findall(text):
        assert (page.parent / link).exists(), link


def test_the_readme_names_every_folder_of_code() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    rooms = {file.parent.name for file in ROOT.glob("*/__init__.py")}
    assert {room for room in rooms if f"`{room}/`" not in text} == set()


def imports_of(file: Path) -> set[str]:
    """The modules of ours that a file imports, as paths."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            inner = {f"{node.module}.{one.name}" for one in node.names}
            found |= {f"{one.replace('.', '/')}.py" for one in {node.module, *inner}}
    return found


def test_the_picture_of_an_articles_way_is_that_of_the_imports() -> None:
    text = (ROOT / "docs/architecture.md").read_text("utf-8")
    above: list[str] = []
    arrows = []
    for blanks, file in re.findall(r"^ {4}( *)([a-z_]+(?:/[a-z_]+)+\.py) ", text, re.MULTILINE):
        above = [*above[: len(blanks) // 2], file]
        assert (ROOT / file).exists(), file
        arrows += [(above[-2], file)] if len(above) > 1 else []
    assert len(arrows) > 25
    assert [(one, other) for one, other in arrows if other not in imports_of(ROOT / one)] == []


def test_the_rooms_in_the_picture_are_those_of_the_contract() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    layers = [set(floor.split(" | ")) for floor in contracts[0]["layers"]]
    text = (ROOT / "docs/architecture.md").read_text("utf-8")
    told = [set(re.findall(r"`([a-z]+)/`", row)) for row in re.findall(r"^\| \d \| (.+?) \|", text, re.MULTILINE)]
    assert told == layers


def test_the_version_is_that_of_the_newest_change() -> None:
    newest = re.search(r"^## \[(\d+\.\d+\.\d+)\]", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert newest is not None
    assert newest[1] == __version__


def test_the_glossary_says_each_word_once_in_both_languages() -> None:
    rows = [line.strip("|").split("|") for line in (ROOT / "docs/glossary.md").read_text("utf-8").splitlines()[4:]]
    rows = [[cell.strip() for cell in row] for row in rows if len(row) > 1][1:]
    words = [word.strip() for row in rows for word in row[0].split(",")]
    assert len(words) > 40
    assert [word for word, times in Counter(words).items() if times > 1] == []
    assert [row for row in rows if len(row) != 3 or not all(row)] == []


def test_the_interface_is_described_route_by_route() -> None:
    text = (ROOT / "docs/api.md").read_text("utf-8")
    asked = {one.path for one in api_router.routes if isinstance(one, APIRoute)}
    for path in asked:
        first, last = path.split("/")[1], path.rsplit("/", 1)[1]
        assert f"/{first}" in text, path
        assert last.startswith("{") or f"/{last}" in text, path
    assert f"{A_MINUTE} times a minute" in text


def test_compose_starts_commands_that_there_are_with_keys_that_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"POSTGRES_PASSWORD": "sesame", "VIGIE_WEB__SECRET": "s" * 64}
    written = re.sub(r"\$\{(\w+)(?::[?-]([^}]*))?\}", lambda one: given.get(one[1], one[2]), COMPOSE.read_text("utf-8"))
    services = yaml.safe_load(written)["services"]
    ours = {name: one for name, one in services.items() if one["image"] == "vigie"}
    assert set(ours) == {"web", "scheduler", "worker"}
    assert {one["command"][0] for one in ours.values()} <= commands()
    for name, value in ours["web"]["environment"].items():
        monkeypatch.setenv(name, value)
    settings = load(ROOT / "config.yaml")  # refuses keys that are not there
    assert settings.database_url == "postgresql+psycopg://vigie:sesame@postgres/vigie"
    assert settings.search.engine == "elasticsearch"
    assert settings.search.hosts == ["http://elasticsearch:9200"]
    assert {"postgres", "elasticsearch"} <= set(services)
    assert set(ours["worker"]["depends_on"]) <= set(services)
