from datetime import datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from dashboard import pause_form, plan_meant, plans, typed
from phoneline import people
from phoneline.models import Checkin, CheckinPlan, Person
from phoneline.states import CheckinReason, CheckinState, PlanAuthor, PlanKind, PlanVoicemail, Purpose, Role
from tests import factories
from tests.dashboard.evening import DAY, NOW
from tests.dashboard.pages import StoppedLine, said, token
from tests.dashboard.test_now import words

MONDAYS: dict[str, Any] = {
    "repeat": "weekly",
    "days": ["MO", "TH"],
    "time": "10:00",
    "kind": "automated",
    "purpose": "social",
}
WEEKLY = {"rrule": "FREQ=WEEKLY;BYDAY=MO,TH", "laid_out_until": NOW + timedelta(hours=36)}
START = datetime(2026, 11, 16, 10, 0)  # noqa: DTZ001 - a wall clock's time


@pytest.fixture
def sam(line: StoppedLine) -> Person:
    with line.database.transaction() as session:
        made = factories.person(session, now=NOW, name="Sam")
        factories.consent(session, made, NOW - DAY)
        return made


@pytest.fixture
def ana(line: StoppedLine) -> Person:
    with line.database.transaction() as session:
        return factories.person(session, Role.VOLUNTEER, now=NOW, name="Ana")


def post(client: FlaskClient, sam: Person, path: str = "", **form: Any) -> TestResponse:
    filled = MultiDict({"csrf_token": token(client, "/")} | {name: form[name] for name in form})
    return client.post(f"/people/{sam.id}/plans{path}", data=filled, follow_redirects=True)


def keep(client: FlaskClient, sam: Person, path: str = "", **form: Any) -> TestResponse:
    return post(client, sam, path, step="keep", second="yes", **form)


def page(client: FlaskClient, sam: Person) -> str:
    return words(client.get(f"/people/{sam.id}").text)


def kept(line: StoppedLine, sam: Person) -> list[CheckinPlan]:
    with line.database.reading() as session:
        theirs = select(CheckinPlan).where(CheckinPlan.person_id == sam.id).order_by(CheckinPlan.starts_local)
        return list(session.scalars(theirs))


def planned(line: StoppedLine, sam: Person, **given: Any) -> CheckinPlan:
    with line.database.transaction() as session:
        return factories.plan(session, sam, given.pop("starts", START), NOW, **WEEKLY | given)


def test_a_plan_is_read_back_with_its_next_calls_before_it_holds(
    line: StoppedLine, coordinator: FlaskClient, sam: Person, ana: Person
) -> None:
    assert said("Sam isn't called regularly.") in coordinator.get(f"/people/{sam.id}").text
    given = MONDAYS | {"kind": "volunteer", "volunteer": ana.id, "time": "08:30"}
    look = words(post(coordinator, sam, **given).text)
    assert "Sam will be called Mondays and Thursdays at 08:30, by Ana. Is that right?" in look
    assert "Thursday 08:30: in quiet hours, so not before 09:00 Monday 08:30" in look
    assert kept(line, sam) == []
    never = "None of these calls would ever be made."
    assert never not in look
    assert never in post(coordinator, sam, **given | {"quiet_from": "08:00", "quiet_to": "20:00"}).text
    done = keep(coordinator, sam, **given)
    assert done.request.path == f"/people/{sam.id}"
    assert "Sam is called Mondays and Thursdays at 08:30 by Ana. Next: Thursday 08:30." in words(done.text)
    [plan] = kept(line, sam)
    assert (plan.rrule, plan.kind, plan.volunteer_id) == ("FREQ=WEEKLY;BYDAY=MO,TH", PlanKind.VOLUNTEER, ana.id)


def test_everything_a_plan_can_hold_is_kept_and_stands_in_the_form_again(
    line: StoppedLine, coordinator: FlaskClient, sam: Person, ana: Person
) -> None:
    everything = {
        "repeat": "rule",
        "rrule": "freq=monthly;byday=1mo",
        "purpose": "safety",
        "volunteer": ana.id,
        "start": "2026-12-01",
        "last_day": "2027-03-01",
        "attempts": "2",
        "retry": "1.5",
        "ring": "20",
        "extension": "12 34#",
        "voicemail": "neutral",
        "discreet": "yes",
        "quiet_from": "22:00",
        "quiet_to": "08:00",
        "topics": "chess",
        "escalate_to": "(416) 555-0131",
    }
    filled = {name: text for name, text in (MONDAYS | everything).items() if name != "days"}
    text = words(keep(coordinator, sam, **filled).text)
    [plan] = kept(line, sam)
    assert (plan.starts_local, plan.rrule) == (datetime(2026, 12, 1, 10, 0), "FREQ=MONTHLY;BYDAY=1MO")  # noqa: DTZ001 - as typed
    assert (plan.purpose, plan.attempts, plan.retry_seconds, plan.ring_seconds) == (Purpose.SAFETY, 2, 90, 20)
    assert (plan.extension, plan.voicemail, plan.discreet) == ("1234#", PlanVoicemail.NEUTRAL, True)
    assert (plan.quiet, plan.topics, plan.escalate_to) == ("22:00-08:00", "chess", "+14165550131")
    assert plan.ends_local == datetime(2027, 3, 2)  # noqa: DTZ001 - the midnight after the last day
    assert "Sam is called on the first Monday of each month at 10:00 by the line itself." in text
    assert "Two, 90 seconds apart, ringing 20 seconds each" in text
    assert "A number that ends in 31 is told" in text
    assert "Last day Monday 1 March 2027" in text
    form = coordinator.get(f"/people/{sam.id}/plans/{plan.id}").text
    for value in ("FREQ=MONTHLY;BYDAY=1MO", "2027-03-01", "1.5", "1234#", "22:00", "chess"):
        assert f'value="{value}"' in form
    assert "5550131" not in form + text
    # The same once more changes nothing; the number needn't be typed again.
    with line.database.transaction() as session:
        plan = session.get_one(CheckinPlan, plan.id)
        plan.ends_local = datetime(2027, 3, 1, 12, 0)  # noqa: DTZ001 - to the minute, as a spreadsheet may say
    again = {name: text for name, text in filled.items() if name != "escalate_to"}
    keep(coordinator, sam, f"/{plan.id}", **again)
    [same] = kept(line, sam)
    assert (same.id, same.ends_local, same.escalate_to) == (plan.id, plan.ends_local, plan.escalate_to)
    keep(coordinator, sam, f"/{plan.id}", **again, escalate_off="yes")
    assert kept(line, sam)[0].escalate_to is None


def test_daily_for_five_days_and_then_twice_a_week_are_two_plans(
    line: StoppedLine, coordinator: FlaskClient, sam: Person
) -> None:
    form = MONDAYS | {"repeat": "step_down", "start": "2026-11-18"}
    look = words(post(coordinator, sam, **form).text)
    assert "20:00 to 09:00, at weekends 18:00 to 10:00" in look
    assert "The next calls Tomorrow 10:00 Thursday 10:00" in look
    assert "every day at 10:00, five times, and then Mondays and Thursdays at 10:00" in look
    keep(coordinator, sam, **form)
    first, second = kept(line, sam)
    assert (first.starts_local.day, first.rrule) == (18, "FREQ=DAILY;COUNT=5")
    assert (second.starts_local.day, second.rrule) == (23, "FREQ=WEEKLY;BYDAY=MO,TH")


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"days": []}, plan_meant.NO_DAYS),
    ({"time": "25:00"}, typed.NO_TIME),
    ({"start": "soon"}, typed.NO_DAY),
    ({"last_day": "2026-11-01"}, "The last day must be later than the start."),
    ({"repeat": "once", "start": "2026-11-01"}, plans.OVER),
    ({"repeat": "rule", "rrule": "FREQ=SECONDLY"}, "FREQ must be HOURLY or slower; write it like"),
    ({"repeat": "rule", "rrule": "daily"}, "This is not an RFC 5545 rule; write it like"),
    ({"repeat": "rule", "rrule": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"}, "The rule never comes about; write it"),
    ({"attempts": "99"}, "Attempts must be a whole number from 1 to 10."),
    ({"retry": "soon"}, "The time between attempts must be from 0 to 86400 seconds, that is 24 hours."),
    ({"quiet_from": "22:00"}, plan_meant.NO_QUIET),
    ({"extension": "hello"}, "The extension must be up to 30 keys: digits, *, # and w to wait half a second."),
    ({"volunteer": "nobody"}, "This volunteer is no volunteer; choose one of the team."),
    ({"escalate_to": "911"}, typed.NO_NUMBER),
    ({"escalate_to": "+442079460100"}, "This is a number of a country that the line "),
]


def test_what_will_not_do_is_refused_at_its_field_and_what_was_typed_is_kept(
    line: StoppedLine, coordinator: FlaskClient, sam: Person
) -> None:
    for given, problem in REFUSED:
        answer = keep(coordinator, sam, **MONDAYS | {"topics": "his garden"} | given)
        assert answer.status_code == 422, given
        assert problem in words(answer.text), given
        assert 'value="his garden"' in answer.text
    assert kept(line, sam) == []


def test_without_consent_the_page_says_so_at_the_plan_and_the_form_refuses(
    line: StoppedLine, coordinator: FlaskClient, sam: Person
) -> None:
    plan = planned(line, sam)
    with line.database.transaction() as session:
        people.withdraw_consent(session, sam.id, people.SPREADSHEET, NOW)
        late = NOW - timedelta(hours=9)
        skipped = {"state": CheckinState.SKIPPED, "reason": CheckinReason.NO_CONSENT}
        factories.checkin(session, session.get_one(CheckinPlan, plan.id), late, **skipped)
        # Laid out before the yes was taken back: the clock won't call.
        factories.checkin(session, session.get_one(CheckinPlan, plan.id), NOW + DAY)
    text = page(coordinator, sam)
    assert said("Nobody is called now: they haven't agreed to automated calls.") in text
    assert said("Not called: they haven't agreed to automated calls") in text
    assert "Not called today 10:14: no consent." in text
    assert "Write down their yes" in text
    answer = keep(coordinator, sam, **MONDAYS)
    assert answer.status_code == 422
    assert said("They haven't agreed to automated calls; ask them and record their consent first.") in words(
        answer.text
    )
    assert f"/people/{sam.id}#consent" in answer.text


def test_nobody_without_a_number_gets_a_plan(line: StoppedLine, coordinator: FlaskClient) -> None:
    with line.database.transaction() as session:
        sam = factories.person(session, now=NOW, name="Sam", numbers=[])
        factories.consent(session, sam, NOW)
    assert "No telephone number is known" in page(coordinator, sam)
    assert "Add a plan" not in page(coordinator, sam)
    assert "Sam has no telephone number; give them one first." in words(keep(coordinator, sam, **MONDAYS).text)


def test_a_volunteer_who_is_kept_apart_is_no_choice(
    line: StoppedLine, coordinator: FlaskClient, sam: Person, ana: Person
) -> None:
    with line.database.transaction() as session:
        factories.apart_decision(session, sam.id, ana.id, NOW)
    answer = keep(coordinator, sam, **MONDAYS | {"volunteer": ana.id})
    assert "This volunteer is kept apart from them; choose somebody else." in words(answer.text)


def test_another_time_is_another_plan_and_the_old_one_stands_below(
    line: StoppedLine, coordinator: FlaskClient, sam: Person
) -> None:
    plan = planned(line, sam)
    text = words(keep(coordinator, sam, f"/{plan.id}", **MONDAYS | {"time": "11:00", "start": "2026-11-16"}).text)
    assert "Sam is called Mondays and Thursdays at 11:00 by the line itself." in text
    assert "Taken off today 19:14 by a coordinator" in text
    old, new = kept(line, sam)
    assert (old.id, old.ended_by) == (plan.id, PlanAuthor.COORDINATOR)
    assert new.starts_local == START + timedelta(hours=1)


def test_a_pause_has_an_end_or_is_resumed(line: StoppedLine, coordinator: FlaskClient, sam: Person) -> None:
    plan = planned(line, sam)
    other = planned(line, sam, starts=START + timedelta(hours=8))
    paused = words(post(coordinator, sam, f"/{plan.id}/pause", until="2026-11-30", all="yes").text)
    assert paused.count("Paused, again from Monday 30 November") == 2
    assert "Next: Monday 30 November 10:00." in paused
    resumed = words(post(coordinator, sam, f"/{plan.id}/resume").text)
    assert "Next Thursday 10:00" in resumed
    assert resumed.count("Paused, again from") == 1
    for given, problem in (
        ({"until": "2026-11-17"}, pause_form.BACK_IS_PAST),
        ({"since": "2026-12-02", "until": "2026-12-01"}, pause_form.WRONG_ORDER),
    ):
        refused = post(coordinator, sam, f"/{plan.id}/pause", **given)
        assert refused.status_code == 422
        assert problem in refused.text
    post(coordinator, sam, f"/{other.id}/pause", since="2026-11-20")
    assert said("Will be paused from Friday 20 November, until somebody resumes it") in page(coordinator, sam)


def test_a_plan_is_taken_off_and_taken_up_again(line: StoppedLine, coordinator: FlaskClient, sam: Person) -> None:
    plan = planned(line, sam)
    with line.database.transaction() as session:
        due = factories.checkin(session, session.get_one(CheckinPlan, plan.id), NOW + timedelta(hours=15)).id
    off = words(post(coordinator, sam, f"/{plan.id}/end").text)
    assert said("Sam isn't called regularly.") in off
    assert "Taken off today 19:14 by a coordinator" in off
    with line.database.reading() as session:
        assert session.get_one(Checkin, due).reason is CheckinReason.PLAN_ENDED
    assert post(coordinator, sam, f"/{plan.id}/end").status_code == 404
    assert "Next: Thursday 10:00." in words(post(coordinator, sam, f"/{plan.id}/back").text)
    post(coordinator, sam, f"/{plan.id}/end")
    with line.database.transaction() as session:
        people.withdraw_consent(session, sam.id, people.KEY_9, NOW)
    refused = post(coordinator, sam, f"/{plan.id}/back")
    assert refused.status_code == 422
    assert said("They have stopped automated calls themselves; it takes their own word") in words(refused.text)


def test_a_plan_without_a_call_to_come_stands_below(line: StoppedLine, coordinator: FlaskClient, sam: Person) -> None:
    planned(line, sam, rrule="")
    text = page(coordinator, sam)
    assert said("Sam isn't called regularly.") in text
    assert "Plans that are over On Monday 16 November at 10:00" in text


def test_times_are_of_the_persons_own_zone(line: StoppedLine, coordinator: FlaskClient) -> None:
    with line.database.transaction() as session:
        sam = factories.person(session, now=NOW, name="Sam", timezone="America/Vancouver")
    keep(coordinator, sam, **MONDAYS | {"kind": "volunteer"})
    assert "Mondays and Thursdays at 10:00 (Vancouver time) by a volunteer. Next: Thursday 10:00." in page(
        coordinator, sam
    )


def test_somebody_elses_plan_is_not_theirs(
    line: StoppedLine, coordinator: FlaskClient, sam: Person, ana: Person
) -> None:
    plan = planned(line, sam)
    for action in ("", "/pause", "/resume", "/end", "/back"):
        assert post(coordinator, ana, f"/{plan.id}{action}", **MONDAYS).status_code == 404
    assert coordinator.get(f"/people/{ana.id}/plans/{plan.id}").status_code == 404
    assert coordinator.get("/people/nobody/plans/new").status_code == 404
