"""What the line's rules refuse in English is told in each language where a page shows it."""

import ast
import inspect
from collections.abc import Iterator, Sequence
from types import ModuleType

import pytest
from flask import Flask

from dashboard import calendar_refusals, plan_refusals
from phoneline import calendar_import, calendar_reading, countries, plan_checks, recurrence
from phoneline.calendar_reading import Misread
from phoneline.plan_checks import Problem
from tests import factories
from tests.databases import ONE_KIND

FRANCE, BY_THE_MINUTE, HOME = "+33199000001", "+19005550101", factories.number(0)


def texts(node: ast.AST) -> Iterator[str]:
    """The sentences in a piece of code, with a 1 in each gap."""
    if isinstance(node, ast.JoinedStr):
        yield "".join(str(one.value) if isinstance(one, ast.Constant) else "1" for one in node.values)
    elif isinstance(node, ast.Constant) and " " in str(node.value):
        yield str(node.value)
    elif not isinstance(node, ast.FormattedValue):
        for child in ast.iter_child_nodes(node):
            yield from texts(child)


def said(module: ModuleType, *names: str) -> Iterator[tuple[str, str]]:
    """What is given to these in a module, and the word before it."""
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
            first = node.args[0]
            for one in texts(ast.Tuple(node.args)):
                yield str(first.value) if isinstance(first, ast.Constant) else "", one


def of_plans() -> Sequence[Problem]:
    rules = (recurrence.NEVER, recurrence.TOO_FAST, recurrence.WITH_START, recurrence.STEPS_TOO_LONG)
    ringing = [countries.reason_not_to_ring(one, ["CA"], HOME) for one in (FRANCE, BY_THE_MINUTE, HOME)]
    return [
        *(
            Problem(field, reason)
            for field, reason in said(plan_checks, "Problem")
            if not reason.startswith("1") and not reason.endswith("number 1")
        ),
        *(Problem("rrule", f"{one}; write it like FREQ=WEEKLY;BYDAY=MO") for one in (*rules, recurrence.UNREADABLE)),
        *(Problem("escalate_to", one) for one in ringing),
        *(Problem("person", f"can't be called: their number {one}") for one in ringing),
        Problem("quiet", "must be two times of day, such as 20:00-09:00"),
    ]


def of_files() -> Sequence[Misread]:
    whose = ast.walk(ast.parse(inspect.getsource(calendar_import._whose)))
    titles = [one for node in whose if isinstance(node, ast.Return | ast.Assign) for one in texts(node)]
    return [
        *(Misread(0, "", reason) for _, reason in said(calendar_reading, "Misread")),
        *(Misread(2, "Ana", reason) for _, reason in said(calendar_reading, "_Wrong")),
        *(Misread(2, "Ana", reason) for _, reason in said(calendar_import, "_Refused") if reason.startswith("moves")),
        *(
            Misread(2, "", reason)
            for reason in (*titles, calendar_reading.UNREADABLE)
            if reason.startswith(("is", "has"))
        ),
    ]


@ONE_KIND
@pytest.mark.parametrize("language", ["fr", "es"])
def test_what_speaks_against_plans_and_files_is_told_in_each_language(app: Flask, language: str) -> None:
    plans, files = of_plans(), of_files()
    assert (len(plans), len(files)) >= (25, 20)

    def told(tongue: str) -> Sequence[str]:
        with app.test_request_context(headers={"Accept-Language": tongue}):
            words = [plan_refusals.sentence(one, "Sam") for one in plans]
            return [*words, *map(calendar_refusals.sentence, files)]

    # The same words after a colon: the beginning alone was told.
    assert {one.split(": ")[-1] for one in told("en")} & {one.split(": ")[-1] for one in told(language)} == set()
