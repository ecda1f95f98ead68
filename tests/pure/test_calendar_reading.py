"""iCalendar files of other programs, with their oddities."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phoneline.calendar_reading import LARGEST, MOST, Planned, read

TORONTO = ZoneInfo("America/Toronto")
SINGLE = "DTSTART:20261124T090000\nDTEND:20261124T120000"
DAILY = f"{SINGLE}\nRRULE:FREQ=DAILY;COUNT=5"


def calendar(*events: str) -> bytes:
    """Each event as its lines, with an id of its own unless it has one."""
    told = []
    for number, event in enumerate(events):
        uid = "" if "UID:" in event else f"UID:{number}@example.org\n"
        told.append(f"BEGIN:VEVENT\n{uid}DTSTAMP:20261101T000000Z\n{event}\nEND:VEVENT")
    return "\r\n".join(
        ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", *"\n".join(told).split("\n"), "END:VCALENDAR", ""]
    ).encode()


def one(*events: str) -> Planned:
    planned, wrong = read(calendar(*events), TORONTO)
    assert wrong == []
    [found] = planned
    return found


def why(*events: str) -> str:
    planned, wrong = read(calendar(*events), TORONTO)
    assert planned == []
    [found] = wrong
    return found.reason


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    "times",
    [
        SINGLE,
        "DTSTART;TZID=America/Toronto:20261124T090000\nDTEND;TZID=America/Toronto:20261124T120000",
        "DTSTART;TZID=Eastern Standard Time:20261124T090000\nDTEND;TZID=Eastern Standard Time:20261124T120000",
        "DTSTART:20261124T140000Z\nDTEND:20261124T170000Z",
        "DTSTART;TZID=Europe/Paris:20261124T150000\nDURATION:PT3H",
    ],
    ids=["no zone", "the line's", "a name of Windows'", "UTC", "another zone and a length"],
)
def test_a_single_date_comes_to_the_lines_wall_clock(times: str) -> None:
    found = one(f"{times}\nSUMMARY:Ana  (backup)")
    assert (found.starts_local, found.ends_local) == (at("2026-11-24T09:00"), at("2026-11-24T12:00"))
    assert (found.title, found.rrule) == ("Ana (backup)", "")


def in_its_own_zone(offset: str, change: str = "") -> bytes:
    """A file that says itself what time it is where it comes from, under a name that many have."""
    zone = [
        *("BEGIN:VTIMEZONE", "TZID:Customized Time Zone", "BEGIN:STANDARD", "DTSTART:20261101T000000"),
        *(f"TZOFFSETFROM:{offset}", f"TZOFFSETTO:{offset}", *([change] if change else []), "END:STANDARD"),
        *("END:VTIMEZONE", "BEGIN:VEVENT"),
    ]
    named = SINGLE.replace("DTSTART:", "DTSTART;TZID=Customized Time Zone:")
    named = named.replace("DTEND:", "DTEND;TZID=Customized Time Zone:")
    return calendar(named).replace(b"BEGIN:VEVENT", "\r\n".join(zone).encode())


@pytest.mark.parametrize("change", ["", "RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=1SU;BYMONTH=11"])
def test_each_file_has_the_time_zones_that_it_brings_along_for_itself(change: str) -> None:
    for offset, begins in (("-0500", "09:00"), ("+0100", "03:00"), ("-0800", "12:00")):
        [found], wrong = read(in_its_own_zone(offset, change), TORONTO)
        assert (found.starts_local, wrong) == (at(f"2026-11-24T{begins}"), [])


@pytest.mark.parametrize(
    "change",
    [
        "RRULE:FREQ=MINUTELY",
        "RRULE:FREQ=DAILY;COUNT=9",
        "RRULE:FREQ=YEARLY;BYDAY=MO",
        "RRULE:FREQ=YEARLY;BYMONTH=11;BYMINUTE=0,1",
        "RRULE:FREQ=YEARLY\r\nRRULE:FREQ=YEARLY",
        "\r\n".join(["RDATE:20261101T000000"] * 201),
    ],
)
def test_a_zone_whose_clocks_change_all_the_time_is_one_that_nobody_knows(change: str) -> None:
    planned, [wrong] = read(in_its_own_zone("-0500", change), TORONTO)
    assert (planned, "which nobody knows" in wrong.reason) == ([], True)


def test_a_rule_with_dates_left_out_moved_and_called_off() -> None:
    found = one(
        f"UID:1\n{DAILY}\nEXDATE:20261125T090000,20261126T140000Z\nEXDATE;VALUE=DATE:20261127",
        "UID:1\nRECURRENCE-ID:20261128T090000\nDTSTART:20261128T100000\nDTEND:20261128T130000",
        "UID:1\nRECURRENCE-ID:20261124T090000\nSTATUS:CANCELLED",
    )
    assert found.rrule == "FREQ=DAILY;COUNT=5"
    assert found.without == {at(f"2026-11-{day}T09:00") for day in (24, 25, 26, 27)}
    assert found.moved == {at("2026-11-28T09:00"): (at("2026-11-28T10:00"), at("2026-11-28T13:00"))}


def test_a_rule_may_be_by_the_clock_of_a_place_that_always_has_the_same_time() -> None:
    zone = "TZID=America/New_York"
    times = f"DTSTART;{zone}:20261124T090000\nDTEND;{zone}:20261124T120000\nRRULE:FREQ=WEEKLY;UNTIL=20261222"
    assert one(times).rrule == "FREQ=WEEKLY;UNTIL=20261222T235959"


def test_a_date_of_a_series_that_is_not_in_the_file_stands_alone_and_what_is_called_off_is_left_out() -> None:
    alone = f"RECURRENCE-ID:20261128T090000\n{SINGLE}"
    assert one(alone, f"{SINGLE}\nSTATUS:CANCELLED").rrule == ""


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        ("DTSTART;VALUE=DATE:20261124\nDTEND;VALUE=DATE:20261125", "is for the whole day"),
        ("DTSTART:20261124T090000", "has no end"),
        ("SUMMARY:Ana", "has no beginning"),
        ("DTSTART:20261124T090000\nDTEND:20261124T080000", "ends before it begins"),
        (
            "DTSTART;TZID=Nowhere:20261124T090000\nDTEND;TZID=Nowhere:20261124T120000",
            "zone Nowhere, which nobody knows",
        ),
        (DAILY.replace(":2026", ";TZID=Europe/Paris:2026"), "repeats by the clock of Europe/Paris"),
        ("DTSTART:20261124T140000Z\nDTEND:20261124T170000Z\nRRULE:FREQ=DAILY", "repeats by the clock of UTC"),
        (f"{DAILY}\nRDATE:20261224T090000", "has RDATE"),
        (f"{DAILY}\nEXRULE:FREQ=WEEKLY", "has EXRULE"),
        (f"{DAILY}\nRRULE:FREQ=WEEKLY", "more than one rule"),
        ("DTSTART:99991231T230000\nDURATION:P99D", "can't be read"),
        ("DTSTART:00010101T000000Z\nDTEND:00010101T010000Z", "can't be read"),
        ("DTSTART:99980101T000000\nDTEND:99980101T010000", "is before 1900 or after 8999"),
        ("DTSTART:20261124T090000\nDTEND:20261124T0X", "can't be read"),
        ("DTSTART:20261124T090000\nDURATION:PT1H\nDURATION:PT2H", "can't be read"),
        (f"{DAILY}\nEXDATE:garbage", "can't be read"),
        (f"{DAILY}\nEXDATE;VALUE=PERIOD:20261202T090000Z/PT1H", "can't be read"),
    ],
)
def test_what_would_have_to_be_guessed_is_refused(event: str, reason: str) -> None:
    assert reason in why(event)


def test_a_change_of_all_later_dates_is_refused() -> None:
    assert "can't be read" in why(f"UID:1\n{DAILY}", f"UID:1\nRECURRENCE-ID:x\n{SINGLE}")
    assert "RANGE" in why(f"UID:1\n{DAILY}", f"UID:1\nRECURRENCE-ID;RANGE=THISANDFUTURE:20261125T090000\n{SINGLE}")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"phone,starts_at\n", "no iCalendar file; take the one that your calendar program exports"),
        (b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n", "has no events"),
        (calendar(*[SINGLE] * (MOST + 1)), "more than 5,000 events"),
        (b" " * (LARGEST + 1), "larger than 2 MB"),
        (b"BEGIN:VEVENT\r\nEND:VEVENT\r\n", "no iCalendar file"),
    ],
    ids=["a spreadsheet", "empty", "too many", "too large", "an event alone"],
)
def test_a_file_that_will_not_do(data: bytes, reason: str) -> None:
    planned, [wrong] = read(data, TORONTO)
    assert planned == []
    assert reason in wrong.reason


@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda text: calendar(f"{SINGLE}\n{text}")))
def test_no_file_is_answered_with_an_exception(data: bytes) -> None:
    planned, wrong = read(data, TORONTO)
    assert planned or wrong or b"CANCELLED" in data.upper()
