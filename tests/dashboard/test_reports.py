import csv
import io
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient

from dashboard import report_amounts, report_charts, report_days, report_files, report_view, tongue
from dashboard.report_charts import Counted
from dashboard.report_words import COUNTED, NAMES, SECTIONS
from phoneline.charge_states import ChargeKind
from phoneline.models import AccessLog, Charge, CheckinTry
from phoneline.report_rules import MEASURES, QUARTER_SECONDS, CallsAlike, Days, Tallies, Unit, half_within
from phoneline.states import (
    AccessAction,
    CallOutcome,
    CallState,
    CheckinState,
    ContactKind,
    Direction,
    FollowUp,
    PlanKind,
    Role,
    SettledBy,
)
from tests import factories
from tests.dashboard.evening import HOUR, MINUTE, NOW
from tests.dashboard.pages import StoppedLine
from tests.dashboard.test_now import words
from tests.databases import ONE_KIND

TODAY = date(2026, 11, 17)
"""A Tuesday."""
SECOND = timedelta(seconds=1)


def answered(line: StoppedLine, ago: timedelta, waited: int, **given: Any) -> None:
    """A conversation of ten minutes, after so many seconds."""
    at = NOW - ago
    with line.database.transaction() as session:
        factories.call(
            session,
            at,
            state=CallState.ENDED,
            answered_at=at + waited * SECOND,
            talk_seconds=600,
            ended_at=at + waited * SECOND + 10 * MINUTE,
            outcome=CallOutcome.CONNECTED,
            **given,
        )


def cells(client: FlaskClient, table: str, query: str = "days=this-week") -> list[list[str]]:
    answer = client.get(f"/reports/{table}.csv?{query}")
    assert answer.mimetype == "text/csv"
    return list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"))))


@ONE_KIND
def test_each_number_stands_beside_the_one_before_and_says_how_it_is_counted(
    line: StoppedLine, coordinator: FlaskClient
) -> None:
    for waited in (10, 20, 60):
        answered(line, HOUR, waited)
    answered(line, timedelta(days=7), 40)
    text = words(coordinator.get("/reports?days=this-week").text)
    assert "3 calls came in. Of those who looked for somebody to talk with, 67 % were answered within 30 s" in text
    assert "Monday 16 November to Tuesday 17 November 2026. Compared with the same weekdays of the week before:" in text
    assert "Today isn't over" in text
    assert "Every call to the line, whatever came of it. 3 The days before 1 2 more" in text
    assert "of all who were. 30 s The days before 40 s 10 s shorter" in text
    assert "67 % The days before 0 % 67 points more" in text
    assert "in all of these together, without time on hold. 0.5 h The days before 0.2 h 0.3 h more" in text
    assert "Longest wait" in text
    assert "1 min The days before 40 s 20 s longer" in text


@ONE_KIND
def test_without_calls_the_page_teaches(coordinator: FlaskClient) -> None:
    text = words(coordinator.get("/reports").text)
    assert "Nobody called the line in these days." in text
    assert "When somebody has called, you see here" in text
    assert "nothing to count" in text
    assert coordinator.get("/reports/summary").status_code == 200
    assert cells(coordinator, "hours") == [["hour"]]


@ONE_KIND
def test_the_sheet_for_those_who_give_money_names_nobody(line: StoppedLine, coordinator: FlaskClient) -> None:
    with line.database.transaction() as session:
        peer = factories.person(session, now=NOW, name="Marguerite")
        volunteer = factories.person(session, Role.VOLUNTEER, now=NOW, name="=Ravi")
        factories.shift(session, volunteer, NOW.replace(tzinfo=None) - 9 * HOUR, NOW.replace(tzinfo=None), NOW)
    answered(line, HOUR, 5, person_id=peer.id, volunteer_id=volunteer.id)
    page = coordinator.get("/reports/summary?days=this-week").text
    assert "Marguerite" not in page
    assert "Ravi" not in page
    assert "People in touch" in words(page)
    assert "Ravi" in coordinator.get("/reports?days=this-week").text
    assert "Marguerite" not in coordinator.get("/reports?days=this-week").text
    assert cells(coordinator, "volunteers")[1][:1] == ["'=Ravi"], "no spreadsheet program takes it for a formula"


@ONE_KIND
def test_each_table_is_there_as_csv(line: StoppedLine, coordinator: FlaskClient) -> None:
    answered(line, HOUR, 15)
    measures = {row[0]: row for row in cells(coordinator, "measures")}
    assert set(measures) == {"measure"} | {name for section in MEASURES.values() for name in section}
    assert measures["received"][3:6] == ["count", "1", "0"]
    assert measures["average_wait"][3:6] == ["seconds", "15.0", ""]
    assert cells(coordinator, "endings")[1:] == [["Talked", "1"]]
    assert sum(int(count) for row in cells(coordinator, "hours")[1:] for count in row[1:]) == 1
    assert cells(coordinator, "time")[-1] == ["17 November", "1", "1"]
    assert all(len(cells(coordinator, table)) > 0 for table in report_files.TABLES)
    assert coordinator.get("/reports/people.csv").status_code == 404


@ONE_KIND
@pytest.mark.parametrize(
    ("query", "field", "problem"),
    [
        ("from=17.11.2026", "from", "Please write the day as year-month-day"),
        ("from=2026-11-10&to=soon", "to", "Please write the day as year-month-day"),
        ("from=2026-11-10&to=2026-11-09", "to", "The last day is before the first."),
        ("from=2000-01-01&to=2026-01-01", "to", "at most ten years at once"),
    ],
)
def test_days_that_cannot_be_are_kept_and_named_beside_their_field(
    coordinator: FlaskClient, query: str, field: str, problem: str
) -> None:
    answer = coordinator.get(f"/reports?{query}")
    assert answer.status_code == 422
    assert f'id="{field}-problem"' in answer.text
    assert problem in words(answer.text)
    typed = dict(one.split("=") for one in query.split("&"))
    assert f'name="{field}" type="date" value="{typed[field]}" aria-invalid="true"' in answer.text


def test_what_only_the_line_knows_is_counted_too(line: StoppedLine, coordinator: FlaskClient) -> None:
    """Messages seen to, the usual volunteer, what is open, and what it cost: no export tells these."""
    with line.database.transaction() as session:
        peer = factories.person(session, now=NOW)
        usual, other = (factories.person(session, Role.VOLUNTEER, now=NOW) for _ in range(2))
        heard, done, rung, nobody = (
            factories.contact(session, NOW - 5 * HOUR, kind=ContactKind.VOICEMAIL, follow_up=FollowUp.WANTED, **given)
            for given in ({}, {}, {"person_id": peer.id}, {})
        )
        for after in (20, 10):
            at = NOW - 5 * HOUR + after * MINUTE
            session.add(AccessLog(at=at, action=AccessAction.MESSAGE_HEARD, contact_id=heard.id))
        done.follow_up, done.done_at = FollowUp.DONE, NOW - 4 * HOUR
        whose = {"kind": PlanKind.VOLUNTEER, "volunteer_id": other.id}
        plan = factories.plan(session, peer, NOW.replace(tzinfo=None), NOW, **whose)
        for hours, who in ((3, usual), (2, other), (1, usual)):
            due = NOW - hours * HOUR
            made = factories.call(session, due, direction=Direction.OUTBOUND, person_id=peer.id)
            settled = {"settled_at": due, "settled_by": SettledBy.VOLUNTEER, "settled_call_id": made.id}
            checkin = factories.checkin(session, plan, due, state=CheckinState.TALKED, **settled)
            factories.contact(session, due, kind=ContactKind.CHECKIN, checkin_id=checkin.id, volunteer_id=who.id)
            tried = {"checkin_id": checkin.id, "call_id": made.id, "usual_id": usual.id}
            session.add(CheckinTry(began_at=due, over_at=due, **tried))
        missed = factories.checkin(session, plan, NOW - 6 * HOUR, state=CheckinState.UNREACHED)
        given_up = {"checkin_id": missed.id, "follow_up": FollowUp.URGENT}
        factories.contact(session, NOW - 90 * MINUTE, kind=ContactKind.CHECKIN, **given_up)
        for serial, price in enumerate((8_500, 14_000, None)):
            unit = {"unit": "USD" if price else None, "micros": price, "at": NOW - HOUR, "kind": ChargeKind.INBOUND}
            session.add(Charge(carrier_sid=f"CA{serial}", **unit))
        for _ in range(2):
            factories.call(session, NOW - HOUR, ended_at=NOW, outcome=CallOutcome.ABANDONED)
    answered(line, 3 * HOUR, 0, person_id=peer.id)
    found = {row[0]: row[4] for row in cells(coordinator, "measures")}
    assert (found["messages"], found["messages_seen"], found["messages_time"]) == ("4", "0.75", "60")
    assert found["continuity"] == "0.666667"
    assert (found["unreached"], found["unreached_open"], found["unreached_age"]) == ("1", "1", "90")
    assert (found["cost"], found["cost_known"]) == ("0.0225", "0.666667")
    assert nobody.done_at is None
    assert rung.done_at is None
    assert "$0.02" in words(coordinator.get("/reports?days=this-week").text)


# The pure parts


@pytest.mark.parametrize(
    ("preset", "first", "last", "before_first"),
    [
        ("this-week", date(2026, 11, 16), TODAY, date(2026, 11, 9)),
        ("last-week", date(2026, 11, 9), date(2026, 11, 15), date(2026, 11, 2)),
        ("this-month", date(2026, 11, 1), TODAY, date(2026, 10, 15)),
        ("last-month", date(2026, 10, 1), date(2026, 10, 31), date(2026, 8, 31)),
        ("this-year", date(2026, 1, 1), TODAY, date(2025, 2, 14)),
        ("last-year", date(2025, 1, 1), date(2025, 12, 31), date(2024, 1, 2)),
    ],
)
def test_plain_words_are_days_and_as_many_lie_before(preset: str, first: date, last: date, before_first: date) -> None:
    days = report_days.read({"days": preset}, TODAY).days
    assert days == Days(first, last)
    assert days.before.first == before_first
    assert days.before.count == days.count
    assert days.before.last < days.first


def test_an_open_end_goes_up_to_today() -> None:
    assert report_days.read({"from": "2026-11-03"}, TODAY).days == Days(date(2026, 11, 3), TODAY)
    assert report_days.read({"from": "2026-12-03"}, TODAY).days.count == 1


def test_days_last_as_long_as_they_do_when_clocks_change() -> None:
    since, until = Days(date(2026, 11, 1), date(2026, 11, 1)).bounds(factories.TORONTO)
    assert until - since == timedelta(hours=25)


@pytest.mark.parametrize(
    ("unit", "value", "said"),
    [
        (Unit.COUNT, 12_345, "12,345"),
        (Unit.SHARE, 0.995, "99 %"),
        (Unit.SHARE, 0.001, "1 %"),
        (Unit.SHARE, 1, "100 %"),
        (Unit.SECONDS, 59.6, "1 min"),
        (Unit.SECONDS, 80, "1 min 20 s"),
        (Unit.MINUTES, 70, "1 h 10 min"),
        (Unit.MINUTES, 3 * 24 * 60 + 5, "3 days"),
        (Unit.HOURS, 7.25, "7.3 h"),
        (Unit.RATE, 1.456, "1.46"),
        (Unit.MONEY, 12.5, "CA$12.50"),
        (Unit.COUNT, None, ""),
    ],
)
def test_numbers_are_said_with_their_unit(unit: Unit, value: float | None, said: str) -> None:
    assert report_amounts.shown(unit, value, "CAD") == said


@pytest.mark.parametrize(
    ("unit", "now", "before", "said"),
    [
        (Unit.COUNT, 5, 3, "2 more"),
        (Unit.COUNT, 3, 5, "2 fewer"),
        (Unit.COUNT, 3, 3, "the same"),
        (Unit.SHARE, 0.5, 0.49, "1 point more"),
        (Unit.SHARE, 0.494, 0.486, "the same"),
        (Unit.SHARE, 0.2, 0.25, "5 points less"),
        (Unit.SECONDS, 20, 90, "1 min 10 s shorter"),
        (Unit.HOURS, 2, 3.5, "1.5 h less"),
        (Unit.MINUTES, 4 * 1440 - 1, 10 * 1440, "7 days shorter"),
        (Unit.MONEY, 3, 2, "$1.00 more"),
        (Unit.COUNT, None, 2, ""),
    ],
)
def test_differences_are_those_between_the_numbers_as_they_are_shown(
    unit: Unit, now: float | None, before: float | None, said: str
) -> None:
    assert report_amounts.difference(unit, now, before, "USD") == said


def quarter(at: str, zone: str) -> int:
    local = datetime.fromisoformat(at).replace(tzinfo=ZoneInfo(zone))
    return int(local.timestamp()) // QUARTER_SECONDS


@pytest.mark.parametrize("zone", ["America/Toronto", "America/St_Johns", "Asia/Kathmandu"])
def test_hours_and_days_are_those_of_the_lines_own_clock(zone: str) -> None:
    """Also where they begin at half past, and on the day whose hour from one to two comes twice."""
    quarters = [
        (quarter("2026-11-01T00:00", zone), 3, 1),
        (quarter("2026-11-01T23:45", zone), 5, 5),
        (quarter("2026-11-02T00:00", zone), 7, 0),
    ]
    found = Counted(quarters, ZoneInfo(zone))
    assert (found.of_weekly_hour(6, 0), found.of_weekly_hour(6, 23), found.of_weekly_hour(0, 0)) == (3, 5, 7)
    assert found.of_days(date(2026, 11, 1), date(2026, 11, 1)) == report_charts.Calls(8, 6)
    assert found.of_hour(0) == report_charts.Calls(10, 1)


@pytest.mark.parametrize(
    ("days", "count", "first", "last"),
    [
        (Days(date(2026, 11, 1), date(2026, 11, 30)), 30, "1 November", "30 November"),
        (Days(date(2026, 9, 30), date(2026, 11, 17)), 8, "30 September", "16 November"),
        (Days(date(2026, 1, 15), date(2026, 12, 31)), 12, "January 2026", "December 2026"),
    ],
)
def test_long_ranges_are_shown_by_weeks_and_months_and_lose_no_day(
    days: Days, count: int, first: str, last: str
) -> None:
    each = [days.first + timedelta(days=apart) for apart in range(days.count)]
    quarters = [(int(datetime(one.year, one.month, one.day, 12, tzinfo=UTC).timestamp()) // 900, 1, 0) for one in each]
    chart = report_charts.over_time(Counted(quarters, ZoneInfo("UTC")), days)
    assert [len(chart.columns), chart.columns[0].label, chart.columns[-1].label] == [count, first, last]
    assert sum(one.calls.count for one in chart.columns) == days.count


@pytest.mark.parametrize("most", [0, 1, 7, 23, 26, 100, 101, 999, 1_000_000])
def test_axes_begin_at_zero_and_end_at_a_round_number_above(most: int) -> None:
    top = report_charts._round_top(most)
    assert max(2, most) <= top <= max(2, 2 * most)
    chart = report_charts.by_hour(Counted([(0, most, most)] if most else [], ZoneInfo("UTC")))
    assert chart.lines[0].label == "0"
    assert all(report_charts.TOP <= one.rest_y <= report_charts.BOTTOM for one in chart.columns)


def test_every_measure_has_its_name_and_says_how_it_is_counted() -> None:
    measures = [name for section in MEASURES.values() for name in section]
    assert list(NAMES) == measures
    assert list(COUNTED) == measures
    assert list(SECTIONS) == list(MEASURES)
    assert set(report_view.IN_SHORT) <= set(measures)


def test_half_were_done_within_the_minutes_of_the_middle_one() -> None:
    assert half_within({}) is None
    assert half_within({5: 1}) == 5
    assert half_within({1: 2, 9: 2}) == 1
    assert half_within({1: 1, 9: 2}) == 9


def test_a_report_is_read_in_french(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(tongue.CATALOGUES, "en", tongue.CATALOGUES["fr"])
    calls = [CallsAlike(Direction.INBOUND, CallOutcome.CONNECTED, 12, 3, 900)]
    quarters = [(quarter("2026-11-16T20:00", "America/Toronto"), 3, 3)]
    days = Days(date(2026, 11, 16), TODAY)
    report = report_view.build(Tallies(calls=calls), Tallies(), Counted(quarters, factories.TORONTO), days, TODAY)
    assert report.answer.startswith("3 appels reçus. Parmi les personnes qui cherchaient quelqu'un à qui parler, 100 %")
