import ast
import io
import re
import tokenize
from pathlib import Path

from tests.structure.repository import LOCKS, PACKAGES, python_files, texts

LONGEST_FILE = 400
LONGEST_FUNCTION = 60

CODES = r"[A-Z]+\d+(?:,\s*[A-Z]+\d+)*"
REASON = r"\s+(?:#|--?)\s+\w"
WITHOUT_REASON = re.compile(rf"#\s*(?:noqa(?!:\s*{CODES}{REASON})|type:\s*ignore(?!\[[\w, -]+\]{REASON}))")
WALL_CLOCK = {("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today")}
NORTH_AMERICAN = re.compile(r"(?:\+|%2B)1(\d{10})(?!\d)")
INVENTED = re.compile(r"\d{3}55501\d{2}")
# In pieces, since they would be found here.
REGISTRIES = [
    ".".join(parts) for parts in (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("npmjs", "com"))
]


def test_no_file_is_two_things() -> None:
    lines = {str(path): len(text.splitlines()) for path, text in python_files(*PACKAGES)}
    assert {path: count for path, count in lines.items() if count > LONGEST_FILE} == {}


def test_no_function_is_two_things() -> None:
    assert [
        f"{path}:{node.lineno} {node.name}"
        for path, text in python_files(*PACKAGES)
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno + 1 > LONGEST_FUNCTION
    ] == []


def test_every_ignore_has_its_reason_beside_it() -> None:
    assert [
        f"{path}:{token.start[0]} {token.string}"
        for path, text in python_files()
        for token in tokenize.generate_tokens(io.StringIO(text).readline)
        if token.type == tokenize.COMMENT and WITHOUT_REASON.search(token.string)
    ] == []


def test_only_the_clock_asks_what_time_it_is() -> None:
    assert [
        f"{path}:{node.lineno}"
        for path, text in python_files(*PACKAGES)
        if path != Path("phoneline/clock.py")
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Attribute) and (_last_name(node.value), node.attr) in WALL_CLOCK
    ] == []


def test_phone_numbers_are_invented_ones() -> None:
    assert [
        f"{path}: {number}"
        for path, text in texts()
        if path.name not in LOCKS
        for number in NORTH_AMERICAN.findall(text)
        if not INVENTED.fullmatch(number)
    ] == []


def test_nothing_says_where_packages_come_from() -> None:
    assert [f"{path}: {host}" for path, text in texts() for host in REGISTRIES if host in text] == []


def test_locks_name_no_place() -> None:
    place = re.compile(r"://|file:|--(?:index|extra-index|find-links|trusted)")
    locks = {path.name: text for path, text in texts() if path.name in LOCKS}
    assert sorted(locks) == sorted(LOCKS)
    assert {name: place.findall(text) for name, text in locks.items() if place.search(text)} == {}


def _last_name(node: ast.expr) -> str | None:
    """`datetime` for both `datetime` and `datetime.datetime`."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else None
