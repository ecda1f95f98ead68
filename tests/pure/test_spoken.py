from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phoneline import spoken
from phoneline.live_settings import LANGUAGES

TORONTO = ZoneInfo("America/Toronto")


def local(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=TORONTO).astimezone(UTC)


NOW = local(24, 14, 20)
"""A Tuesday."""


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (local(24, 15), ("today at 3 PM", "aujourd'hui à 15 heures", "hoy a las 3 de la tarde")),
        (local(24, 0), ("yesterday at midnight", "hier à minuit", "ayer a las 12 de la noche")),
        (local(25, 0), ("today at midnight", "aujourd'hui à minuit", "hoy a las 12 de la noche")),
        (local(27, 0), ("on Thursday at midnight", "jeudi à minuit", "el jueves a las 12 de la noche")),
        (local(25, 12), ("tomorrow at noon", "demain à midi", "mañana a las 12 del día")),
        (local(25, 0, 5), ("tomorrow at 12:05 AM", "demain à minuit 5", "mañana a las 12 y 5 de la noche")),
        (local(25, 1, 30), ("tomorrow at 1:30 AM", "demain à 1 heure 30", "mañana a la 1 y media de la madrugada")),
        (local(23, 21, 15), ("yesterday at 9:15 PM", "hier à 21 heures 15", "ayer a las 9 y cuarto de la noche")),
        (local(26, 9), ("on Thursday at 9 AM", "jeudi à 9 heures", "el jueves a las 9 de la mañana")),
        (local(30, 9), ("on Monday at 9 AM", "lundi à 9 heures", "el lunes a las 9 de la mañana")),
        (
            local(1, 9, month=12),
            (
                "on Tuesday, December 1 at 9 AM",
                "mardi premier décembre à 9 heures",
                "el martes primero de diciembre a las 9 de la mañana",
            ),
        ),
        (
            local(20, 9),
            (
                "on Friday, November 20 at 9 AM",
                "vendredi 20 novembre à 9 heures",
                "el viernes 20 de noviembre a las 9 de la mañana",
            ),
        ),
    ],
)
def test_a_moment_is_said_as_people_say_it(at: datetime, said: tuple[str, str, str]) -> None:
    assert tuple(spoken.when(at, NOW, TORONTO, language) for language in LANGUAGES) == said


@pytest.mark.parametrize(
    ("starts", "ends", "said"),
    [
        (
            local(25, 9),
            local(25, 11, 30),
            (
                "tomorrow from 9 to 11:30 AM",
                "demain de 9 heures à 11 heures 30",
                "mañana de las 9 a las 11 y media de la mañana",
            ),
        ),
        (
            local(25, 9),
            local(25, 12),
            (
                "tomorrow from 9 AM to noon",
                "demain de 9 heures à midi",
                "mañana de las 9 de la mañana a las 12 del día",
            ),
        ),
        (
            local(26, 22),
            local(27, 2),
            (
                "on Thursday from 10 PM to 2 AM",
                "jeudi de 22 heures à 2 heures",
                "el jueves de las 10 de la noche a las 2 de la madrugada",
            ),
        ),
        (
            local(24, 20),
            local(25, 0),
            (
                "today from 8 PM to midnight",
                "aujourd'hui de 20 heures à minuit",
                "hoy de las 8 de la noche a las 12 de la noche",
            ),
        ),
        (
            local(25, 9),
            local(27, 17),
            (
                "tomorrow at 9 AM until Friday at 5 PM",
                "demain à 9 heures jusqu'à vendredi à 17 heures",
                "mañana a las 9 de la mañana hasta el viernes a las 5 de la tarde",
            ),
        ),
        (
            local(24, 9),
            local(24, 17),
            ("from now until 5 PM", "dès maintenant et jusqu'à 17 heures", "desde ahora hasta las 5 de la tarde"),
        ),
        (
            local(24, 9),
            local(25, 14),
            (
                "from now until tomorrow at 2 PM",
                "dès maintenant et jusqu'à demain à 14 heures",
                "desde ahora hasta mañana a las 2 de la tarde",
            ),
        ),
    ],
)
def test_a_stretch_is_said_as_people_say_it(starts: datetime, ends: datetime, said: tuple[str, str, str]) -> None:
    assert tuple(spoken.span(starts, ends, NOW, TORONTO, language) for language in LANGUAGES) == said


def test_an_end_in_the_coming_night_needs_no_day() -> None:
    assert spoken.until(local(25, 2), NOW, TORONTO, "en") == "2 AM"
    assert spoken.until(local(25, 15), NOW, TORONTO, "en") == "tomorrow at 3 PM"
    assert spoken.until(local(26, 0), NOW, TORONTO, "en") == "tomorrow at midnight", "and not at its beginning"


def test_a_moment_is_said_in_the_zone_of_who_hears_it() -> None:
    at = datetime(2026, 11, 25, 4, tzinfo=UTC)
    assert spoken.when(at, NOW, TORONTO, "en") == "today at 11 PM"
    assert spoken.when(at, NOW, ZoneInfo("America/Halifax"), "en") == "today at midnight"


def test_a_day_of_the_change_of_clocks_is_one_day() -> None:
    night_before = local(31, 23, 30, month=10)
    assert spoken.when(local(1, 23, 30), night_before, TORONTO, "en") == ("tomorrow at 11:30 PM")


def test_a_language_that_we_do_not_speak_hears_english() -> None:
    assert spoken.day(local(26, 9), NOW, TORONTO, "xx") == "Thursday"
    assert spoken.clock(time(9), "xx") == "9 AM"


@given(
    at=st.timedeltas(timedelta(0), timedelta(days=3000)).map(lambda since: NOW + since),
    ahead=st.timedeltas(timedelta(days=-20), timedelta(days=20)),
    length=st.timedeltas(timedelta(minutes=1), timedelta(days=31)),
    language=st.sampled_from(LANGUAGES),
)
def test_any_stretch_can_be_said(at: datetime, ahead: timedelta, length: timedelta, language: str) -> None:
    said = spoken.span(at + ahead, at + ahead + length, at, TORONTO, language)
    assert "{" not in said
    assert "  " not in said
    assert said == said.strip()
