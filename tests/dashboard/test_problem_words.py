"""What the line's rules refuse has words on the pages too; that these are translated holds `tests/structure`."""

import re
from collections.abc import Mapping
from enum import Enum

import pytest

from dashboard import calendar_problems, numbers, plan_problems, shift_problems
from phoneline import calendar_reading, countries, plan_checks, recurrence, roster_states, shift_faults
from phoneline.plan_checks import Problem

GAP = re.compile(r"%\((\w+)\)s")
OF_PAGES = {"who", "when", "days", "steps"}
"""What a page puts into gaps by itself."""


@pytest.mark.parametrize(
    ("said", "reasons"),
    [
        (calendar_problems.SAID, {*calendar_reading.Fault}),
        (plan_problems.SAID, {*plan_checks.Fault}),
        (plan_problems.CANT_BE_CALLED, {*countries.WhyNot}),
        (numbers.WHY_NOT, {*countries.WhyNot}),
        (shift_problems.SAID, {*shift_faults.Fault, *roster_states.Refusal}),
        (shift_problems.RULES, {*recurrence.RuleFault}),
    ],
    ids=["files", "plans", "people", "numbers", "shifts", "rules"],
)
def test_each_reason_has_words_with_gaps_that_can_be_filled(said: Mapping[Enum, str], reasons: set[Enum]) -> None:
    assert set(said) == reasons
    for why, marked in said.items():
        assert set(GAP.findall(marked)) <= {*OF_PAGES, *GAP.findall(why.value)}


def test_a_number_that_is_not_rung_is_told_apart_by_whose_it_is() -> None:
    values = countries.values("+33199000001", ["CA", "US"])
    told = [
        plan_problems.sentence(Problem(field, countries.WhyNot.COUNTRY, values), "Sam")
        for field in ("person", "escalate_to")
    ]
    assert told[0].startswith(
        "Sam can't be called: their number is of a country that the line doesn't ring, only CA,US"
    )
    assert told[1].startswith("This is a number of a country that the line doesn't ring, only CA,US")
