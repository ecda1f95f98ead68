import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click
import pytest

from phoneline import exports, live_settings, settings
from phoneline.cli import main
from phoneline.db import Database
from phoneline.spreadsheets import IMPORTS, checkins, people, shifts
from phoneline.spreadsheets.table import Column
from tests.structure.repository import ROOT, texts

COLUMNS: Mapping[str, Sequence[Column]] = {
    "people": people.COLUMNS,
    "shifts": shifts.COLUMNS,
    "checkins": checkins.COLUMNS,
}
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^ *```.*?^ *```", re.MULTILINE | re.DOTALL)
CELL_EDGE = re.compile(r"(?<!\\)\|")
# In pieces, since they would be found here.
ELSEWHERE = ["../" + "shared", "/work" + "/"]


def pages() -> list[tuple[Path, str]]:
    """Every page of documentation with its text."""
    return [(path, text) for path, text in texts() if path.suffix == ".md"]


def page(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def section(text: str, title: str) -> str:
    """What stands under a heading, until the next one of its level or above."""
    found = re.search(rf"^(#+) {re.escape(title)}\n(.*?)(?=^\1 |^#{{1,2}} |\Z)", text, re.MULTILINE | re.DOTALL)
    assert found, title
    return found[2]


def tables(text: str) -> Iterator[list[list[str]]]:
    """Each table's rows as cells, without its header."""
    for block in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE):
        rows = [[cell.strip() for cell in CELL_EDGE.split(line.strip())[1:-1]] for line in block.splitlines()]
        yield rows[2:]


def first_table(text: str) -> list[list[str]]:
    return next(tables(text))


def bare(cell: str) -> str:
    return cell.strip("`").replace("\\|", "|")


def slugs(text: str) -> set[str]:
    """The anchors of a page's headings, as they are made by the places that show it."""
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_links_lead_somewhere() -> None:
    broken = []
    for path, text in pages():
        for link in LINK.findall(FENCE.sub("", text)):
            if re.match(r"https?:|mailto:", link):
                continue
            name, _, anchor = link.partition("#")
            target = (ROOT / path.parent / name).resolve() if name else ROOT / path
            if not target.exists() or (anchor and anchor not in slugs(target.read_text("utf-8"))):
                broken.append(f"{path}: {link}")
    assert broken == []


def test_every_page_can_be_found_from_the_readme() -> None:
    seen, ahead = set(), [ROOT / "README.md"]
    while ahead:
        current = ahead.pop()
        if current in seen or current.suffix != ".md" or not current.exists():
            continue
        seen.add(current)
        ahead += [
            (current.parent / link.partition("#")[0]).resolve() for link in LINK.findall(current.read_text("utf-8"))
        ]
    assert {path for path, _ in pages()} == {path.relative_to(ROOT) for path in seen}


def test_nothing_points_outside_the_repository() -> None:
    assert [f"{path}: {place}" for path, text in texts() for place in ELSEWHERE if place in text] == []


def test_variables_stand_in_the_settings_with_their_defaults() -> None:
    rows = first_table(section(page("docs/settings.md"), "From the environment"))
    assert {bare(row[0]): bare(row[1]) for row in rows} == {
        variable.name: variable.default or "none" for variable in settings.VARIABLES
    }


def test_live_settings_stand_there_with_their_defaults() -> None:
    rows = first_table(section(page("docs/settings.md"), "Live settings"))
    defaults = live_settings.LiveSettings()
    assert {bare(row[0]): bare(row[1]) for row in rows} == {
        key: live_settings.shown(getattr(defaults, key)) for key in live_settings.KEYS
    }


def commands(group: click.Group, *names: str) -> Iterator[tuple[str, click.Command]]:
    """Each command with its whole name, groups left out."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, *names, name)
        else:
            yield " ".join(["phoneline", *names, name]), command


def test_commands_stand_in_the_readme_with_their_options() -> None:
    written = [bare(row[0]) for row in first_table(section(page("README.md"), "Commands"))]
    found = {}
    for name, command in commands(main):
        [line] = [line for line in written if f"{line} ".startswith(f"{name} ")]
        found[name] = line
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert parameter.opts[-1] in line, name
            if isinstance(parameter.type, click.Choice):
                assert "|".join(parameter.type.choices) in _sorted_as(line, parameter.type.choices), name
    assert sorted(found.values()) == sorted(written)


def _sorted_as(line: str, choices: Sequence[str]) -> str:
    """The line with its alternatives in the order of `choices`, where they are the same ones."""
    same = [part for part in re.findall(r"[\w|]+", line) if sorted(part.split("|")) == sorted(choices)]
    return line.replace(same[0], "|".join(choices)) if same else line


def test_exports_name_exactly_their_fields() -> None:
    text = page("docs/exports.md")
    for kind, export in exports.EXPORTS.items():
        assert [bare(row[0]) for row in first_table(section(text, kind))] == list(export.fields)
    assert set(re.findall(r"^## (.+)$", text, re.MULTILINE)) == set(exports.EXPORTS)


@pytest.mark.parametrize("kind", list(IMPORTS))
def test_spreadsheets_name_exactly_their_columns(kind: str) -> None:
    rows = first_table(section(page("docs/spreadsheets.md"), kind))
    assert [(bare(row[0]), row[1]) for row in rows] == [
        (column.name, "yes" if column.needed else "no") for column in COLUMNS[kind]
    ]


def test_the_spreadsheets_of_the_examples_can_be_imported(database: Database) -> None:
    text = page("docs/spreadsheets.md")
    for kind, take in IMPORTS.items():
        [example] = re.findall(r"^```csv\n(.*?)^```", section(text, kind), re.MULTILINE | re.DOTALL)
        now = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
        assert take(database, example.encode(), ZoneInfo("America/Toronto"), now) == example.count("\n") - 1
