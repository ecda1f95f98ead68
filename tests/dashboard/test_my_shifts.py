"""A volunteer's own shifts and limits, and a coordinator who acts for them."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from phoneline.models import (
    Account,
    CoverRequest,
    Person,
    RosterChange,
    ShiftHours,
    SwapOffer,
    Unavailable,
    WorkLimit,
)
from phoneline.own_limits import Readiness
from phoneline.roster_states import RosterAct
from phoneline.states import AccountRole, Role
from tests import factories
from tests.dashboard.evening import EMAILS, HOUR, NOW
from tests.dashboard.pages import StoppedLine, token
from tests.dashboard.test_contact import ATTACK, words
from tests.dashboard.test_limits import post
from tests.databases import ONE_KIND

DAY = timedelta(days=1)


@pytest.fixture
def team(line: StoppedLine) -> dict[str, str]:
    """Ana, whose login the volunteer's is, and Ravi: their ids by name."""
    with line.database.transaction() as session:
        made = {name: factories.person(session, Role.VOLUNTEER, now=NOW, name=name).id for name in ("Ana", "Ravi")}
        tied = update(Account).where(Account.role == AccountRole.VOLUNTEER)
        session.execute(tied.values(person_id=made["Ana"]))
        return made


def hours(line: StoppedLine, begins: timedelta, who: str | None = None, lasts: int = 2) -> str:
    with line.database.transaction() as session:
        at = NOW + begins
        made = ShiftHours(tier=1, person_id=who, starts_at=at, ends_at=at + lasts * HOUR)
        session.add(made)
        session.flush()
        return made.id


def holder(line: StoppedLine, hours_id: str) -> str | None:
    with line.database.reading() as session:
        return session.scalars(select(ShiftHours.person_id).where(ShiftHours.id == hours_id)).one()


def said(client: FlaskClient, path: str = "/my-shifts") -> str:
    return words(client.get(path).text)


@ONE_KIND
def test_a_volunteer_sees_what_each_shift_is_to_them_and_takes_a_free_one(
    line: StoppedLine, volunteer: FlaskClient, team: dict[str, str]
) -> None:
    free, mine = hours(line, DAY), hours(line, 2 * DAY, team["Ana"])
    clashes, taken = hours(line, 2 * DAY + HOUR), hours(line, 3 * DAY, team["Ravi"])
    page = said(volunteer)
    assert "Your next shift is Thursday 19:14. One open shift is free to take." in page
    assert "Thursday 19:14 to 21:14 yours" in page
    assert "tomorrow 19:14 to 21:14 free Take it" in page
    assert "Thursday 20:14 to 22:14 you are on then You are on shift then anyway." in page
    assert "Friday 19:14 to 21:14 taken Ravi has it." in page
    assert post(volunteer, "/my-shifts/take", hours=free) == 303
    assert holder(line, free) == team["Ana"]
    assert 'href="/me" aria-current="true"' in volunteer.get("/my-shifts").text
    for refused in (clashes, taken):
        answer = volunteer.post("/my-shifts/take", data={"csrf_token": token(volunteer, "/"), "hours": refused})
        assert answer.status_code == 409
        assert "Nothing was changed." in words(answer.text)
    assert post(volunteer, "/my-shifts/open", hours=mine) == 404, "they stay responsible until another is"
    assert [holder(line, one) for one in (mine, clashes, taken)] == [team["Ana"], None, team["Ravi"]]


@ONE_KIND
def test_what_comes_later_is_folded_away_under_what_comes_soon(
    line: StoppedLine, volunteer: FlaskClient, team: dict[str, str]
) -> None:
    for day in range(1, 9):
        hours(line, day * DAY, team["Ana"])
    soon, later = volunteer.get("/my-shifts").text.split("2 later</summary>")
    ahead = later.split('id="h-open"')[0]
    assert (soon.count('class="what">yours'), ahead.count('class="what">yours')) == (6, 2)


@ONE_KIND
def test_what_a_limit_forbids_is_said_and_not_done(
    line: StoppedLine, volunteer: FlaskClient, team: dict[str, str]
) -> None:
    agreed = {"hours_a_week": "3", "shifts_a_week": "", "rest_hours": "11", "days_off": "6"}
    assert post(volunteer, "/my-shifts/limits", **agreed) == 303
    with line.database.reading() as session:
        kept = session.get_one(WorkLimit, team["Ana"])
        assert (kept.hours_a_week, kept.shifts_a_week, kept.rest_hours, kept.days_off) == (3, None, 11, "6")
    long, sunday = hours(line, DAY, lasts=4), hours(line, 5 * DAY)
    page = said(volunteer)
    assert "against a limit With it that week would have more than three hours." in page
    assert "against a limit It is on a day off of yours." in page
    for one in (long, sunday):
        answer = volunteer.post("/my-shifts/take", data={"csrf_token": token(volunteer, "/"), "hours": one})
        assert answer.status_code == 409
        assert holder(line, one) is None


@ONE_KIND
def test_a_time_when_they_cannot_is_filled_in_and_taken_off(
    line: StoppedLine, volunteer: FlaskClient, team: dict[str, str]
) -> None:
    own = hours(line, 2 * DAY, team["Ana"])
    evening = {"since": "2026-11-19", "from_time": "18:00", "to_time": "20:00", "weekly": "yes", "words": ATTACK}
    assert post(volunteer, "/my-shifts/away", **evening) == 303
    page = volunteer.get("/my-shifts").text
    assert "Thursdays at 18:00 to 20:00" in words(page)
    assert ATTACK not in page
    assert "yours Look: You said that you can't then." in words(page).replace("&#39;", "'")
    assert holder(line, own) == team["Ana"], "what is theirs stays"
    with line.database.reading() as session:
        away = session.scalars(select(Unavailable)).one()
    assert (away.starts_local.hour, away.rrule) == (18, "FREQ=WEEKLY;BYDAY=TH")
    assert post(volunteer, "/my-shifts/can", away=away.id) == 303
    assert "Thursdays" not in said(volunteer)


@ONE_KIND
@pytest.mark.parametrize(
    ("path", "filled", "wrong"),
    [
        ("limits", {"hours_a_week": "169"}, "hours_a_week"),
        ("limits", {"rest_hours": "a lot"}, "rest_hours"),
        ("away", {"since": "soon"}, "since"),
        ("away", {"since": "2026-11-01"}, "since"),
        ("away", {"since": "2026-11-20", "until": "2026-11-19"}, "until"),
        ("away", {"since": "2026-11-20", "until": "2028-11-19"}, "until"),
        ("away", {"since": "2026-11-20", "from_time": "18:00"}, "to_time"),
        ("away", {"since": "2026-11-20", "from_time": "never", "to_time": "18:00"}, "from_time"),
        ("away", {"since": "2026-11-20", "until": "2026-11-30", "weekly": "yes"}, "until"),
    ],
)
def test_what_will_not_do_comes_back_with_what_to_mend(
    line: StoppedLine, volunteer: FlaskClient, team: dict[str, str], path: str, filled: dict[str, str], wrong: str
) -> None:
    answer = volunteer.post(f"/my-shifts/{path}", data={"csrf_token": token(volunteer, "/"), **filled})
    assert answer.status_code == 422
    assert f'aria-describedby="{wrong}-problem" autofocus' in answer.text
    with line.database.reading() as session:
        assert session.scalars(select(Unavailable.id)).all() == session.scalars(select(WorkLimit.person_id)).all() == []


@ONE_KIND
def test_a_volunteers_login_acts_for_nobody_but_its_own_person(
    line: StoppedLine, volunteer: FlaskClient, team: dict[str, str]
) -> None:
    of_ravi, free = hours(line, DAY, team["Ravi"]), hours(line, 2 * DAY)
    theirs = f"/roster/people/{team['Ravi']}"
    assert volunteer.get(theirs).status_code == 403
    for act in ("take", "open", "limits", "away", "can", "leave"):
        assert post(volunteer, f"{theirs}/{act}", hours=free, person_id=team["Ravi"]) == 403
    assert post(volunteer, "/my-shifts/take", hours=free, person_id=team["Ravi"], person=team["Ravi"]) == 303
    assert holder(line, free) == team["Ana"]
    with line.database.transaction() as session:
        made = Unavailable(person_id=team["Ravi"], starts_local=NOW.replace(tzinfo=None), ends_local=AFTER)
        session.add(made)
        session.flush()
        other = made.id
    assert post(volunteer, "/my-shifts/leave", hours=of_ravi) == 409
    assert post(volunteer, "/my-shifts/can", away=other) == 303
    with line.database.reading() as session:
        assert session.get(Unavailable, other) is not None
    for path in (f"/people/{team['Ravi']}", "/people", "/log"):
        assert volunteer.get(path).status_code == 403


AFTER = (NOW + DAY).replace(tzinfo=None)


@ONE_KIND
def test_a_login_that_is_nobodys_learns_how_to_become_somebodys(
    volunteer: FlaskClient, coordinator: FlaskClient
) -> None:
    assert "tied to a volunteer yet" in said(volunteer)
    assert post(volunteer, "/my-shifts/take", hours="x") == 404
    assert "My page" not in coordinator.get("/").text


@ONE_KIND
def test_a_coordinator_does_all_of_it_for_others(
    line: StoppedLine, coordinator: FlaskClient, team: dict[str, str]
) -> None:
    path = f"/roster/people/{team['Ravi']}"
    free = hours(line, DAY)
    assert "Ravi has no shift ahead. One open shift is free to take." in said(coordinator, path)
    assert post(coordinator, f"{path}/take", hours=free) == 303
    assert holder(line, free) == team["Ravi"]
    assert "Ravi's" in said(coordinator, path).replace("&#39;", "'")
    assert "Undo : tomorrow 19:14 to 21:14 Make it open to all" in said(coordinator, path)
    assert post(coordinator, f"{path}/open", hours=free) == 303
    assert holder(line, free) is None
    assert post(coordinator, f"{path}/limits", hours_a_week="1") == 303
    assert post(coordinator, f"{path}/take", hours=free) == 409
    assert post(coordinator, f"{path}/nonsense") == 404
    assert coordinator.get("/roster/people/nobody").status_code == 404
    log = said(coordinator, "/roster/changes")
    assert "A coordinator made the shift of Ravi, Wednesday 18 November 19:14 to 21:14 open to all." in log
    assert "A coordinator gave Ravi the shift Wednesday 18 November 19:14 to 21:14." in log


@ONE_KIND
def test_training_and_the_login_are_on_the_page_of_the_person(
    line: StoppedLine, coordinator: FlaskClient, volunteer: FlaskClient, team: dict[str, str]
) -> None:
    person = f"/people/{team['Ravi']}"
    assert "No limits are written down." in said(coordinator, person)
    assert post(coordinator, f"{person}/readiness", readiness=Readiness.SHADOWING) == 303
    with line.database.reading() as session:
        ravi = session.get_one(Person, team["Ravi"])
        assert (ravi.ready, ravi.shadowing) == (False, True)
        accounts = {one.role: one for one in session.scalars(select(Account))}
    assert post(coordinator, f"{person}/readiness", readiness="genius") == 400
    taken = accounts[AccountRole.VOLUNTEER].id
    assert EMAILS[AccountRole.VOLUNTEER] not in coordinator.get(person).text, "Ana's isn't offered"
    assert post(coordinator, f"{person}/login", account=taken) == 404
    assert post(coordinator, f"/people/{team['Ana']}/login", account="") == 303
    assert "tied to a volunteer yet" in said(volunteer)
    assert post(coordinator, f"{person}/login", account=taken) == 303
    assert "You have no shift ahead." in said(volunteer)


@ONE_KIND
def test_a_shift_is_given_away_kept_waited_for_taken_and_undone(
    line: StoppedLine, volunteer: FlaskClient, coordinator: FlaskClient, team: dict[str, str]
) -> None:
    mine, of_ravi = hours(line, DAY, team["Ana"]), hours(line, 2 * DAY, team["Ravi"])
    ravi = f"/roster/people/{team['Ravi']}"
    assert post(volunteer, "/my-shifts/confirm", hours=of_ravi) == 409
    for _ in range(2):
        assert post(volunteer, "/my-shifts/confirm", hours=mine) == 303
    assert "You said that you will come." in said(volunteer)
    assert " come? : tomorrow 19:14 to 21:14 Give it away" in said(volunteer)
    assert post(volunteer, "/my-shifts/ask", hours=mine, kind="give_away") == 303
    assert "Others are asked; it stays yours until one takes it. Keep it after all" in said(volunteer)
    assert post(volunteer, "/my-shifts/withdraw", request=asked(line)) == 303
    assert "Others are asked" not in said(volunteer)
    assert post(coordinator, f"{ravi}/wait", hours=mine) == 303
    assert "Ana has it. Ravi waits for it." in said(coordinator, ravi)
    assert post(coordinator, f"{ravi}/stop_waiting", hours=mine) == 303
    assert post(coordinator, f"{ravi}/ask", hours=of_ravi, kind="give_away") == 303
    assert "Thursday 19:14 to 21:14 free Ravi gives it away. Take it" in said(volunteer)
    assert post(volunteer, "/my-shifts/take", hours=of_ravi, request=asked(line)) == 303
    assert holder(line, of_ravi) == team["Ana"]
    assert post(volunteer, "/my-shifts/undo", hours=of_ravi) == 303
    assert holder(line, of_ravi) == team["Ravi"]
    assert post(volunteer, "/my-shifts/ask", hours=of_ravi, kind="give_away") == 409
    assert post(volunteer, "/my-shifts/withdraw", request=asked(line)) == 409, "it is Ravi's to keep"


@ONE_KIND
def test_two_swap_and_nobody_says_yes_for_another(
    line: StoppedLine, volunteer: FlaskClient, coordinator: FlaskClient, team: dict[str, str]
) -> None:
    mine, of_ravi = hours(line, DAY, team["Ana"]), hours(line, 2 * DAY, team["Ravi"])
    ravi = f"/roster/people/{team['Ravi']}"
    post(coordinator, f"{ravi}/ask", hours=of_ravi, kind="swap")
    assert "Ravi offers it for another." in said(volunteer)
    assert post(volunteer, "/my-shifts/offer_swap", request=asked(line), hours=mine) == 303
    with line.database.reading() as session:
        offer = session.scalars(select(SwapOffer.id)).one()
    assert "Swap for Ana's tomorrow 19:14 to 21:14" in said(coordinator, ravi).replace("&#39;", "'")
    for act in ("accept_swap", "decline_swap"):
        assert post(volunteer, f"/my-shifts/{act}", offer=offer) == 409
    assert post(coordinator, f"{ravi}/accept_swap", offer=offer) == 303
    assert (holder(line, mine), holder(line, of_ravi)) == (team["Ravi"], team["Ana"])
    assert "In a swap" in said(volunteer, "/roster/changes")


def asked(line: StoppedLine) -> str:
    with line.database.reading() as session:
        return session.scalars(select(CoverRequest.id).order_by(CoverRequest.state != "open")).first() or ""


@ONE_KIND
def test_who_learns_sits_in_from_their_page(line: StoppedLine, volunteer: FlaskClient, team: dict[str, str]) -> None:
    with line.database.transaction() as session:
        ana = session.get_one(Person, team["Ana"])
        ana.ready, ana.shadowing = False, True
    open_one, of_ravi = hours(line, DAY), hours(line, 2 * DAY, team["Ravi"])
    assert "not yet for you Only who is trained takes calls." in said(volunteer)
    assert post(volunteer, "/my-shifts/take", hours=open_one) == 409
    assert post(volunteer, "/my-shifts/sit_in", hours=open_one) == 409
    assert post(volunteer, "/my-shifts/sit_in", hours=of_ravi) == 303
    with line.database.reading() as session:
        mine = session.scalars(select(ShiftHours).filter_by(person_id=team["Ana"])).one()
        assert mine.shadow
    assert "yours Sitting in, to learn: no calls." in said(volunteer)
    assert post(volunteer, "/my-shifts/leave", hours=mine.id) == 303
    assert "You have no shift ahead." in said(volunteer)


@ONE_KIND
def test_every_act_is_one_sentence_of_the_log_and_everybody_on_the_team_reads_it(
    line: StoppedLine, volunteer: FlaskClient, team: dict[str, str]
) -> None:
    assert "Nothing was changed on the roster yet." in said(volunteer, "/roster/changes")
    with line.database.transaction() as session:
        for minute, act in enumerate(RosterAct):
            session.add(
                RosterChange(
                    at=NOW - timedelta(minutes=minute),
                    act=act,
                    starts_at=NOW,
                    ends_at=NOW + 12 * HOUR,
                    from_id=team["Ana"],
                    to_id=team["Ravi"],
                    by_person_id=team["Ana"] if minute % 2 else None,
                    undone_at=NOW if act is RosterAct.MADE else None,
                )
            )
    log = said(volunteer, "/roster/changes")
    when = "Tuesday 17 November 19:14 to Wednesday 07:14"
    assert f"The line made a shift of Ravi: {when}. Undone today 19:14." in log
    assert f"Ana changed the shift of Ana, {when}, it is now Ravi&#39;s." in log.replace("'", "&#39;")
    assert f"In a swap Ravi got {when} from Ana." in log
    assert "{" not in log
    assert "Older ones" not in log
    with line.database.transaction() as session:
        for _ in range(50):
            session.add(RosterChange(at=NOW - DAY, act=RosterAct.ON, to_id=team["Ravi"]))
    assert "Older ones" in said(volunteer, "/roster/changes")
    assert volunteer.get("/roster/changes?before=nonsense").status_code == 200


@ONE_KIND
@pytest.mark.parametrize(
    "path",
    ["/roster/changes?before=0001-01-01T00:00%2B14:00", "/roster/changes?before=9999-12-31T23:59-10:00"],
)
def test_what_no_calendar_has_is_as_if_it_were_not_there(volunteer: FlaskClient, path: str) -> None:
    assert volunteer.get(path).status_code == 200


@ONE_KIND
def test_a_null_character_is_no_id(
    line: StoppedLine, volunteer: FlaskClient, coordinator: FlaskClient, team: dict[str, str]
) -> None:
    assert team
    assert volunteer.get("/roster/changes?before=%00").status_code == 404
    assert post(volunteer, "/my-shifts/take", hours="\0") == 409
    assert post(volunteer, "/my-shifts/can", away="\0") == 303
    who = {"who": "\0", "day": "2026-12-01", "starts": "09:00", "ends": "10:00", "repeat": "once"}
    assert post(coordinator, "/roster/new", **who) == 303, "nobody's"
    quick = {"person": "\0x", "at": "09:00", "until": "10:00", "days": "MO"}
    assert post(coordinator, "/roster/quick", **quick) == 422
    far = {"starts": "9999-12-31T23:00", "ends": "9999-12-31T23:59", "which": "one"}
    assert post(coordinator, f"/roster/hours/{hours(line, DAY)}", **far) == 400
