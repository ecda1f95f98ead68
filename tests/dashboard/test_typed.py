"""What somebody typed is read alike on every page; what can't be read never breaks one."""

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard import typed


def test_words_come_without_what_nobody_typed() -> None:
    form = {"name": "  Ana\0  B. \n", "note": "one\r\n\r\ntwo\0 "}
    assert typed.line(form, "name", 5) == "Ana B"
    assert typed.lines(form, "note") == "one\n\ntwo"
    assert (typed.key(form, "id"), typed.key({"id": "\0" + "x" * 70}, "id")) == ("", "x" * 64)


@pytest.mark.parametrize(
    ("found", "meant"),
    [
        (typed.day("2026-11-24"), date(2026, 11, 24)),
        (typed.day("1999-12-31"), None),
        (typed.any_day("1999-12-31"), date(1999, 12, 31)),
        (typed.any_day("9999-12-31"), None),
        (typed.clock("9:05"), time(9, 5)),
        (typed.clock("09:05:59"), time(9, 5)),
        (typed.clock("25:00"), None),
        (typed.clock("24:00"), None),
        (typed.clock_of_span("24:00"), time()),
        (typed.clock_of_span("09:05+01:00"), None),
        (typed.wall_time("2026-11-24T09:05"), datetime(2026, 11, 24, 9, 5)),  # noqa: DTZ001 - a wall clock's
        (typed.wall_time("2026-11-24T09:05Z"), None),
        (typed.instant("2026-11-24T09:05Z"), datetime(2026, 11, 24, 9, 5, tzinfo=UTC)),
        (typed.instant("2026-11-24T09:05"), None),
        (typed.instant("1999-11-24T09:05Z"), None),
    ],
)
def test_days_and_times_come_as_they_are_meant(found: object, meant: object) -> None:
    assert found == meant


@given(st.text(max_size=50) | st.from_regex(r"[\d:T.Z+-]{1,40}", fullmatch=True))
def test_whatever_stands_there_is_read_or_is_nothing(text: str) -> None:
    for read in (typed.day, typed.any_day, typed.clock, typed.clock_of_span, typed.wall_time, typed.instant):
        read(text)
