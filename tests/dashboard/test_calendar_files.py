"""Shifts taken over from another program's calendar, by page and by command, whole or not at all."""

import io
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from sqlalchemy import select

from phoneline import rosters
from phoneline.cli import main
from phoneline.models import Shift, ShiftHours
from phoneline.recurrence import wall
from phoneline.states import Role
from tests import factories
from tests.dashboard.evening import DAY, HOUR, NOW
from tests.dashboard.pages import StoppedLine, token
from tests.dashboard.test_not_heard import words
from tests.databases import KEY, ONE_KIND
from tests.factories import TORONTO
from tests.pure.test_calendar_reading import calendar

PAGE = "/roster/addresses"
FIRST = wall(NOW, TORONTO).replace(minute=0, second=0) + 2 * DAY


def times(after: timedelta = timedelta(), lasting: timedelta = HOUR) -> str:
    return f"DTSTART:{FIRST + after:%Y%m%dT%H%M%S}\nDTEND:{FIRST + after + lasting:%Y%m%dT%H%M%S}"


def upload(client: FlaskClient, data: bytes, whose: str = "names") -> tuple[int, str]:
    sent = {"csrf_token": token(client, PAGE), "from": whose, "file": (io.BytesIO(data), "roster.ics")}
    answer = client.post("/roster/take-over", data=sent)
    return answer.status_code, words(answer.text)


def on(line: StoppedLine) -> set[tuple[str | None, int, int, bool]]:
    """Who is on how many hours after `FIRST`, as first or backup, sitting in or not."""
    with line.database.reading() as session:
        found = set()
        for one in rosters.ahead(session, NOW, NOW + rosters.AHEAD):
            name = one.person.first_name if one.person else None
            found.add((name, (wall(one.starts_at, TORONTO) - FIRST) // HOUR, one.tier, one.shadow))
        return found


@pytest.fixture
def team(line: StoppedLine) -> list[str]:
    with line.database.transaction() as session:
        people = [
            factories.person(session, Role.VOLUNTEER, now=NOW, name=name, numbers=[factories.number(number)])
            for number, name in ((1, "Ana Example"), (2, "Ravi Example"), (3, "Ravi Other"))
        ]
        return [one.id for one in people]


ROSTER = calendar(
    f"UID:ana\nSUMMARY:ana\n{times()}\nRRULE:FREQ=DAILY;COUNT=4\nEXDATE:{FIRST + DAY:%Y%m%dT%H%M%S}",
    f"UID:ana\nSUMMARY:ana\nRECURRENCE-ID:{FIRST + 2 * DAY:%Y%m%dT%H%M%S}\n{times(2 * DAY + HOUR)}",
    f"SUMMARY:Ravi Example (backup)\n{times(DAY)}",
    f"SUMMARY:Ravi Other (sitting in)\n{times(DAY)}",
    f"SUMMARY:Open shift\n{times(DAY)}",
    f"SUMMARY:Ana\n{times(-9 * DAY)}",
)


@ONE_KIND
def test_a_roster_of_another_program_is_taken_over_once(
    coordinator: FlaskClient, line: StoppedLine, team: list[str]
) -> None:
    status, text = upload(coordinator, ROSTER)
    assert (status, "4 new shifts were taken over. Of the others, here already: 0; over: 1." in text) == (200, True)
    assert on(line) == {
        *(("Ana", 0, 1, False), (None, 24, 1, False), ("Ravi", 24, 1, True), ("Ravi", 24, 2, False)),
        *(("Ana", 49, 1, False), ("Ana", 72, 1, False)),
    }
    with line.database.transaction() as session:
        moved = session.scalars(select(ShiftHours).where(ShiftHours.kept, ~ShiftHours.off)).one()
        moved.starts_at += HOUR / 2
    before = factories.dump(line.database)
    status, text = upload(coordinator, ROSTER)
    assert "0 new shifts were taken over. Of the others, here already: 4; over: 1." in text
    assert factories.dump(line.database) == before


@ONE_KIND
def test_a_date_that_is_left_out_stands_in_nobodys_way(
    coordinator: FlaskClient, line: StoppedLine, team: list[str]
) -> None:
    instead = f"SUMMARY:Ana\n{times(DAY)}"
    series = f"SUMMARY:Ana\n{times()}\nRRULE:FREQ=DAILY;COUNT=2\nEXDATE:{FIRST + DAY:%Y%m%dT%H%M%S}"
    assert upload(coordinator, calendar(instead, series))[0] == 200
    assert on(line) == {("Ana", 0, 1, False), ("Ana", 24, 1, False)}


@ONE_KIND
@pytest.mark.parametrize(
    ("event", "said"),
    [
        (f"SUMMARY:Nobody\n{times()}", "Event 2, “Nobody”: is no volunteer's name"),
        (f"SUMMARY:Ravi\n{times()}", "Event 2, “Ravi”: is the name of several volunteers"),
        (f"SUMMARY:Ana\n{times(HOUR / 2)}", "Event 2, “Ana”: They are on another shift then, on "),
        ("SUMMARY:Ana\nDTSTART;VALUE=DATE:20991124", "is for the whole day"),
        (f"SUMMARY:Ana\n{times(DAY)}\nRRULE:FREQ=MINUTELY", "The rule's FREQ must be HOURLY or slower; "),
        (f"SUMMARY:Ana\n{times(DAY, 40 * DAY)}", "The end must be at most 31 days after the start"),
    ],
)
def test_one_event_that_will_not_do_and_nothing_of_the_file_is_taken_over(
    coordinator: FlaskClient, line: StoppedLine, team: list[str], event: str, said: str
) -> None:
    status, text = upload(coordinator, calendar(f"SUMMARY:Ana\n{times()}", event))
    assert (status, said in text) == (422, True), text
    assert on(line) == set()


@ONE_KIND
def test_all_shifts_of_one_person_and_what_is_no_calendar(
    coordinator: FlaskClient, line: StoppedLine, team: list[str]
) -> None:
    assert upload(coordinator, calendar(f"SUMMARY:Work\n{times()}"), team[1])[0] == 200
    assert on(line) == {("Ravi", 0, 1, False)}
    assert "Please choose an iCalendar file" in upload(coordinator, b"")[1]
    assert "The file is no iCalendar file" in upload(coordinator, b"phone,starts_at")[1]
    assert "Please choose whose shifts" in upload(coordinator, ROSTER, "somebody")[1]


@ONE_KIND
def test_the_rosters_own_file_is_read_again_without_change(
    coordinator: FlaskClient, line: StoppedLine, team: list[str]
) -> None:
    upload(coordinator, calendar(f"SUMMARY:Ana\n{times()}", f"SUMMARY:Open shift\n{times(DAY)}"))
    file = coordinator.get("/roster/shifts.ics")
    assert file.headers["Content-Disposition"] == 'attachment; filename="shifts.ics"'
    assert "0 new shifts were taken over. Of the others, here already: 2;" in upload(coordinator, file.data)[1]
    with line.database.transaction() as session:
        formula = factories.person(session, Role.VOLUNTEER, name="=1+1", now=NOW)
        factories.shift(session, formula, FIRST, FIRST + HOUR, NOW)
    rows = coordinator.get("/roster/shifts.csv").text.splitlines()
    assert rows[0] == "who,starts_at,ends_at"
    assert sorted(one.split(",")[0] for one in rows[1:]) == ["'=1+1", "Ana", "Open shift"]


@ONE_KIND
def test_by_command(line: StoppedLine, team: list[str], tmp_path: Path) -> None:
    file = tmp_path / "shifts.ics"
    file.write_bytes(calendar(f"SUMMARY:Work\n{times().replace(':2', ':3')}"))
    env = {"DATABASE_URL": line.settings.database_url, "PHONELINE_KEYS": KEY}

    def run(*more: str) -> tuple[int, str]:
        done = CliRunner().invoke(main, ["import", "calendar", str(file), *more], env=env)
        return done.exit_code, done.output.strip()

    assert run() == (1, "event 1, “Work”: is no volunteer's name; write it as on People, or “Open shift”")
    assert run("--person", factories.number(9))[0] == 1
    assert run("--person", factories.number(1)) == (0, "calendar: 1 new, 0 known, 0 over")
    assert run("--person", factories.number(1)) == (0, "calendar: 0 new, 1 known, 0 over")
    with line.database.reading() as session:
        assert session.scalars(select(Shift.person_id)).all() == [team[0]]
    file.write_bytes(calendar(f"SUMMARY:Open\n{times(DAY, 40 * DAY)}", f"{times(DAY)}\nRRULE:FREQ=MINUTELY"))
    assert run("--person", factories.number(1))[1].splitlines() == [
        "event 1, “Open”: the end must be at most 31 days after the start; let it repeat instead",
        "event 2: FREQ must be HOURLY or slower; write it like FREQ=WEEKLY;BYDAY=MO",
    ]
