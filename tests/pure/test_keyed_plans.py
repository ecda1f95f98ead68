from datetime import datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phoneline import keyed_plans, spoken_days, weekly_rules
from phoneline.live_settings import LANGUAGES
from phoneline.weekly_rules import Pattern

A_WEDNESDAY = datetime.fromisoformat("2026-11-25T09:30")


@pytest.mark.parametrize(
    ("digits", "meant"),
    [
        ("0930", [time(9, 30)]),
        ("1430", [time(14, 30)]),
        ("930", [time(9, 30), time(21, 30)]),
        ("1130", [time(11, 30), time(23, 30)]),
        ("9", [time(9), time(21)]),
        ("09", [time(9)]),
        ("14", [time(14)]),
        ("12", [time(0), time(12)]),
        ("1200", [time(0), time(12)]),
        ("0", [time(0)]),
        *[(wrong, []) for wrong in ("", "960", "2400", "25", "2515", "12345", "9*30", "#", "١٢", "-1", "9.5")],
    ],
)
def test_keys_mean_a_time_of_day_or_one_in_the_morning_and_one_in_the_evening(digits: str, meant: list[time]) -> None:
    assert list(keyed_plans.times(digits)) == meant


@given(st.times().map(lambda one: one.replace(second=0, microsecond=0, tzinfo=None, fold=0)))
def test_a_time_keyed_in_as_a_digital_clock_shows_it_is_among_what_is_meant(at: time) -> None:
    assert at in keyed_plans.times(f"{at:%H%M}")
    assert at in keyed_plans.times(f"{at.hour}{at:%M}")


@pytest.mark.parametrize(
    ("digits", "meant"),
    [("1", [0]), ("7", [6]), ("531", [0, 2, 4]), ("1123", [0, 1, 2]), ("", []), ("18", []), ("0", []), ("1*", [])],
)
def test_keys_mean_days_of_the_week(digits: str, meant: list[int]) -> None:
    assert list(keyed_plans.weekdays(digits)) == meant


@pytest.mark.parametrize(
    ("digits", "meant"), [("7", 7), ("014", 14), ("366", 366), ("367", None), ("0", None), ("", None), ("1*", None)]
)
def test_keys_mean_a_number_of_days(digits: str, meant: int | None) -> None:
    assert keyed_plans.number_of_days(digits) == meant


SAID = [
    ("FREQ=DAILY", ("every day", "tous les jours", "todos los días")),
    ("FREQ=DAILY;INTERVAL=2", ("every other day", "un jour sur deux", "un día sí y otro no")),
    ("FREQ=DAILY;INTERVAL=3;COUNT=5", ("every 3 days", "tous les 3 jours", "cada 3 días")),
    ("FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR", ("Monday to Friday", "du lundi au vendredi", "de lunes a viernes")),
    ("FREQ=WEEKLY", ("on Wednesdays", "le mercredi", "los miércoles")),
    (
        "FREQ=WEEKLY;BYDAY=SU,SA;WKST=SU",
        ("on Saturdays and Sundays", "le samedi et le dimanche", "los sábados y domingos"),
    ),
    (
        "rrule:freq=weekly;byday=mo,th,fr;until=20270101T000000Z",
        (
            "on Mondays, Thursdays and Fridays",
            "le lundi, le jeudi et le vendredi",
            "los lunes, jueves y viernes",
        ),
    ),
    (
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU",
        ("every other week on Tuesdays", "une semaine sur deux, le mardi", "una semana sí y otra no, los martes"),
    ),
    (
        "FREQ=WEEKLY;INTERVAL=4",
        ("every 4 weeks on Wednesdays", "toutes les 4 semaines, le mercredi", "cada 4 semanas, los miércoles"),
    ),
    ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU", ("every day", "tous les jours", "todos los días")),
]


@pytest.mark.parametrize(("rule", "said"), SAID)
def test_a_rule_is_said_as_people_say_it(rule: str, said: tuple[str, str, str]) -> None:
    found = weekly_rules.pattern(rule, A_WEDNESDAY)
    assert found is not None
    assert tuple(spoken_days.days(found, language) for language in LANGUAGES) == said


@pytest.mark.parametrize(
    "rule",
    [
        *["", "FREQ=MONTHLY", "FREQ=DAILY;BYHOUR=9,17", "FREQ=MONTHLY;BYDAY=1MO", "FREQ=DAILY;INTERVAL=2;BYDAY=MO"],
        *["FREQ=WEEKLY;BYDAY=1MO", "FREQ=DAILY;INTERVAL=x", "nonsense", "FREQ=WEEKLY;BYSETPOS=1", "A=B=C"],
    ],
)
def test_a_rule_that_a_few_words_do_not_say_is_none_of_these(rule: str) -> None:
    assert weekly_rules.pattern(rule, A_WEDNESDAY) is None


@given(st.sets(st.integers(0, 6), min_size=1).map(sorted))
def test_the_days_that_somebody_chose_are_those_that_the_rule_says(chosen: list[int]) -> None:
    found = weekly_rules.pattern(weekly_rules.of_weekdays(chosen), A_WEDNESDAY)
    assert found == (Pattern(1) if len(chosen) == 7 else Pattern(1, chosen))
