from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from phoneline import checkin_layout, checkins, consents, due_checkins, occasions, plan_checks, plans, replanning
from phoneline.db import Database
from phoneline.home import Home
from phoneline.live_settings import LiveSettings
from phoneline.models import Attempt, Checkin, CheckinPlan, Leg, Person
from phoneline.plan_checks import Draft
from phoneline.states import (
    AttemptResult,
    CheckinReason,
    CheckinState,
    ConsentKind,
    LegEnd,
    PlanAuthor,
    PlanKind,
    PlanVoicemail,
    Purpose,
    Role,
)
from tests import factories

wall = datetime.fromisoformat
TORONTO = ZoneInfo("America/Toronto")
NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
"""A Monday, 10:00 in Toronto."""
DAY = timedelta(days=1)
LIVE = LiveSettings(home=Home(TORONTO, "+14165550100"))
NOON = Draft(wall("2026-11-20T12:00"), "FREQ=DAILY")


def peer(session: Session, **given: object) -> Person:
    made = factories.person(session, name="Sam", now=NOW - 30 * DAY, **given)
    factories.consent(session, made, NOW - 30 * DAY)
    return made


def made(database: Database, draft: Draft = NOON, now: datetime = NOW) -> str:
    with database.transaction() as session:
        return plans.make(session, peer(session), draft, LIVE, now).id


def laid_out(database: Database, plan_id: str | None = None) -> list[tuple[str, CheckinState, CheckinReason | None]]:
    """When, by the clock in Toronto, in which state and why: of one plan or of all."""
    with database.reading() as session:
        found = session.scalars(select(Checkin).order_by(Checkin.due_at)).all()
        return [
            (f"{one.due_at.astimezone(TORONTO):%d %H:%M}", one.state, one.reason)
            for one in found
            if plan_id in {None, one.plan_id}
        ]


DUE = CheckinState.DUE, None
PAUSED = CheckinState.SKIPPED, CheckinReason.PAUSED


def test_a_plan_counts_from_now_on(database: Database) -> None:
    made(database)
    assert laid_out(database) == [("23 12:00", *DUE), ("24 12:00", *DUE)]


def test_a_pause_skips_what_lies_in_it_and_ends_by_itself(database: Database) -> None:
    plan_id = made(database)
    with database.transaction() as session:
        plan = session.get_one(CheckinPlan, plan_id)
        plans.pause(session, plan, NOW, NOW + DAY, LIVE, NOW)
    assert laid_out(database) == [("23 12:00", *PAUSED), ("24 12:00", *DUE)]
    with database.transaction() as session:
        plans.resume(session, session.get_one(CheckinPlan, plan_id), LIVE, NOW)
    assert laid_out(database) == [("23 12:00", *DUE), ("24 12:00", *DUE)]


def test_a_pause_holds_for_what_is_laid_out_later(database: Database) -> None:
    plan_id = made(database)
    with database.transaction() as session:
        plans.pause(session, session.get_one(CheckinPlan, plan_id), NOW, None, LIVE, NOW)
        checkin_layout.lay_out(session, session.get_one(CheckinPlan, plan_id), TORONTO, NOW + DAY)
    assert {row[1:] for row in laid_out(database)} == {PAUSED}
    assert len(laid_out(database)) == 3


def test_a_pause_also_ends_the_wait_for_a_retry(database: Database) -> None:
    plan_id = made(database, now=NOW - DAY)
    with database.transaction() as session:
        today = session.scalars(select(Checkin).where(Checkin.due_at > NOW - DAY)).first()
        assert today is not None
        today.state, today.attempts_used = CheckinState.WAITING, 1
    after = NOW - DAY + timedelta(hours=3)
    with database.transaction() as session:
        plans.pause(session, session.get_one(CheckinPlan, plan_id), after, None, LIVE, after)
    assert {row[1:] for row in laid_out(database)} == {PAUSED}


def test_an_ended_plan_makes_no_call_any_more(database: Database) -> None:
    plan_id = made(database)
    with database.transaction() as session:
        plan = session.get_one(CheckinPlan, plan_id)
        plans.end(session, plan, PlanAuthor.PEER, NOW)
        checkin_layout.lay_out_due(session, TORONTO, NOW + 3 * DAY)
        assert plans.of_person(session, plan.person_id) == []
    assert {row[1:] for row in laid_out(database)} == {(CheckinState.SKIPPED, CheckinReason.PLAN_ENDED)}
    assert len(laid_out(database)) == 2


def test_a_plan_ended_and_made_again_is_the_same_plan(database: Database) -> None:
    plan_id = made(database)
    with database.transaction() as session:
        plan = session.get_one(CheckinPlan, plan_id)
        plans.end(session, plan, PlanAuthor.COORDINATOR, NOW)
        assert plans.make(session, plan.person, NOON, LIVE, NOW).id == plan_id
    assert laid_out(database) == [("23 12:00", *DUE), ("24 12:00", *DUE)]


def test_a_later_yes_brings_back_nothing_of_a_plan_that_was_ended_meanwhile(database: Database) -> None:
    plan_id = made(database)
    with database.transaction() as session:
        plan = session.get_one(CheckinPlan, plan_id)
        consents.end_automated(session, plan.person_id, NOW)
        plans.end(session, plan, PlanAuthor.COORDINATOR, NOW)
        yes = consents.Yes(ConsentKind.AUTOMATED_CALLS, consents.How.PHONE, consents.Whose.OWN, None)
        consents.record(session, plan.person_id, yes, NOW)
    assert {state for _, state, _ in laid_out(database)} == {CheckinState.SKIPPED}
    with database.transaction() as session:
        plans.make(session, session.get_one(CheckinPlan, plan_id).person, NOON, LIVE, NOW)
    assert laid_out(database) == [("23 12:00", *DUE), ("24 12:00", *DUE)], "unless the plan itself comes back"


def test_another_time_moves_the_next_call(database: Database) -> None:
    old = made(database)
    with database.transaction() as session:
        plan = session.get_one(CheckinPlan, old)
        later = replace(NOON, starts_local=wall("2026-11-20T18:00"))
        new = plans.change(session, plan, later, PlanAuthor.PEER, LIVE, NOW).id
    changed = CheckinState.SKIPPED, CheckinReason.PLAN_CHANGED
    assert laid_out(database, old) == [("23 12:00", *changed), ("24 12:00", *changed)]
    assert laid_out(database, new) == [("23 18:00", *DUE), ("24 18:00", *DUE)]


def test_todays_call_stays_where_its_new_time_is_past(database: Database) -> None:
    old = made(database)
    with database.transaction() as session:
        plan = session.get_one(CheckinPlan, old)
        earlier = replace(NOON, starts_local=wall("2026-11-20T09:00"))
        new = plans.change(session, plan, earlier, PlanAuthor.PEER, LIVE, NOW).id
    assert laid_out(database, old)[0] == ("23 12:00", *DUE)
    assert laid_out(database, new) == [("24 09:00", *DUE)]


def test_who_was_heard_today_is_not_called_again_at_the_new_time(database: Database) -> None:
    old = made(database)
    with database.transaction() as session:
        today = session.scalars(select(Checkin).order_by(Checkin.due_at)).first()
        assert today is not None
        today.state = CheckinState.OK
        later = replace(NOON, starts_local=wall("2026-11-20T18:00"))
        plan = session.get_one(CheckinPlan, old)
        new = plans.change(session, plan, later, PlanAuthor.COORDINATOR, LIVE, NOW + timedelta(hours=3)).id
    assert laid_out(database, new) == [("24 18:00", *DUE)]


def test_a_change_of_settings_changes_what_is_to_come(database: Database) -> None:
    plan_id = made(database)
    with database.transaction() as session:
        plan = session.get_one(CheckinPlan, plan_id)
        meant = replace(NOON, purpose=Purpose.SAFETY, ends_local=wall("2026-11-24T09:00"))
        assert plans.change(session, plan, meant, PlanAuthor.COORDINATOR, LIVE, NOW).id == plan_id
    assert laid_out(database) == [("23 12:00", *DUE)]
    with database.reading() as session:
        assert session.scalars(select(Checkin.purpose)).all() == [Purpose.SAFETY]


def test_what_was_moved_or_skipped_by_hand_stays_through_a_change(database: Database) -> None:
    plan_id = made(database)
    with database.transaction() as session:
        first, second = session.scalars(select(Checkin.id).order_by(Checkin.due_at)).all()
        assert occasions.skip(session, first, CheckinReason.BY_HAND)
        assert occasions.move(session, second, NOW + DAY + timedelta(hours=4))
        plan = session.get_one(CheckinPlan, plan_id)
        plans.change(session, plan, replace(NOON, attempts=1), PlanAuthor.COORDINATOR, LIVE, NOW)
        assert session.get_one(Checkin, first).reason is CheckinReason.BY_HAND
        assert session.get_one(Checkin, second).attempt_due_at == NOW + DAY + timedelta(hours=4)
        assert occasions.unskip(session, first, NOW)
        assert session.get_one(Checkin, first).state is CheckinState.DUE
    assert len(laid_out(database)) == 2


@pytest.mark.parametrize("state", [CheckinState.CALLING, CheckinState.OK, CheckinState.UNREACHED])
def test_what_is_called_or_over_is_neither_skipped_nor_moved(database: Database, state: CheckinState) -> None:
    made(database)
    with database.transaction() as session:
        one = session.scalars(select(Checkin).order_by(Checkin.due_at)).first()
        assert one is not None
        one.state = state
        session.flush()
        assert not occasions.skip(session, one.id, CheckinReason.BY_HAND)
        assert not occasions.move(session, one.id, NOW + DAY)
        assert one.state is state


def attempts(database: Database, draft: Draft, now: datetime, used: int = 0, **person: object) -> Sequence[Leg]:
    """The legs that are dialled at `now` for a plan of today's noon."""
    with database.transaction() as session:
        plans.make(session, peer(session, **person), draft, LIVE, NOW)
        for one in session.scalars(select(Checkin)):
            one.attempts_used = used
        session.flush()
        due_checkins.hold_or_expire(session, LIVE, TORONTO, now)
        due_checkins.begin_attempt(session, LIVE, TORONTO, now)
        return session.scalars(select(Leg)).all()


NOON_AT = NOW + timedelta(hours=2)
TWO = ("+14165550101", "+14165550102")


def test_a_plans_own_ring_time_extension_and_second_number_are_used(database: Database) -> None:
    draft = replace(NOON, ring_seconds=90, extension="123#")
    (leg,) = attempts(database, draft, NOON_AT, numbers=list(TWO))
    assert (leg.number, leg.ring_seconds, leg.digits) == (TWO[0], 90, "ww123#")
    with database.reading() as session:
        assert session.scalars(select(Attempt.number_position)).all() == [1]


@pytest.mark.parametrize(
    ("used", "on_retry", "rung"), [(0, True, TWO[0]), (1, True, TWO[1]), (2, True, TWO[0]), (1, False, TWO[0])]
)
def test_every_other_attempt_rings_the_second_number(database: Database, used: int, on_retry: bool, rung: str) -> None:
    draft = replace(NOON, second_on_retry=on_retry, extension="5")
    (leg,) = attempts(database, draft, NOON_AT, used, numbers=list(TWO))
    assert (leg.number, leg.digits) == (rung, "ww5" if rung == TWO[0] else None)


def test_a_plans_own_number_of_attempts_holds(database: Database) -> None:
    assert attempts(database, replace(NOON, attempts=1), NOON_AT, used=1) == []
    assert laid_out(database)[0][1] is CheckinState.UNREACHED


@pytest.mark.parametrize(("quiet", "rings"), [(None, 1), ("11:00-13:00", 0)])
def test_own_quiet_hours_stand_in_place_of_the_lines(database: Database, quiet: str | None, rings: int) -> None:
    assert len(attempts(database, replace(NOON, quiet=quiet), NOON_AT)) == rings


def test_own_quiet_hours_may_be_shorter_than_the_lines(database: Database) -> None:
    early = replace(NOON, starts_local=wall("2026-11-24T06:30"), quiet="22:00-06:00")
    assert len(attempts(database, early, datetime(2026, 11, 24, 11, 30, tzinfo=UTC))) == 1


def reasons(database: Database, draft: Draft, **person: object) -> dict[str, str]:
    with database.transaction() as session:
        found = plan_checks.problems(session, peer(session, **person), draft, LIVE)
        return {one.field: one.reason for one in found}


@pytest.mark.parametrize(
    ("changed", "field", "said"),
    [
        ({"rrule": "FREQ=SECONDLY"}, "rrule", "HOURLY or slower"),
        ({"rrule": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"}, "rrule", "never comes about"),
        ({"rrule": "daily"}, "rrule", "not an RFC 5545 rule"),
        ({"ends_local": wall("2026-11-20T11:00")}, "ends_local", "later than the start"),
        ({"rrule": "FREQ=WEEKLY;BYDAY=WE", "ends_local": wall("2026-11-24T00:00")}, "ends_local", "2026-11-25 12:00"),
        ({"volunteer_id": "nobody"}, "volunteer_id", "no volunteer"),
        ({"escalate_to": "+14165550100"}, "escalate_to", "the line's own number"),
        ({"escalate_to": "+19005550123"}, "escalate_to", "costs by the minute"),
        ({"escalate_to": "+33142685300"}, "escalate_to", "a number of FR"),
        ({"attempts": 0}, "attempts", "from 1 to 10"),
        ({"retry_seconds": -1}, "retry_seconds", "from 0"),
        ({"ring_seconds": 2}, "ring_seconds", "from 5 to 600"),
        ({"extension": "call me"}, "extension", "digits"),
        ({"quiet": "late"}, "quiet", "two times of day"),
        ({"topics": "x" * 201}, "topics", "200 characters"),
    ],
)
def test_what_can_not_be_is_refused_with_the_way_to_mend_it(
    database: Database, changed: dict[str, Any], field: str, said: str
) -> None:
    found = reasons(database, replace(NOON, **changed))
    assert list(found) == [field]
    assert said in found[field]


def test_a_plan_for_somebody_without_a_number_or_consent_is_refused(database: Database) -> None:
    assert reasons(database, NOON, numbers=[]) == {"person": "has no telephone number; give them one first"}
    with database.transaction() as session:
        bare = factories.person(session, now=NOW)
        assert [one.field for one in plan_checks.problems(session, bare, NOON, LIVE)] == ["kind"]
        by_volunteer = replace(NOON, kind=PlanKind.VOLUNTEER, voicemail=PlanVoicemail.NEUTRAL)
        assert plan_checks.problems(session, bare, by_volunteer, LIVE) == []


def test_a_volunteer_kept_apart_from_the_peer_is_refused(database: Database) -> None:
    with database.transaction() as session:
        sam = peer(session)
        ana = factories.person(session, Role.VOLUNTEER, now=NOW)
        draft = replace(NOON, volunteer_id=ana.id)
        assert plan_checks.problems(session, sam, draft, LIVE) == []
        one, other = sorted((sam.id, ana.id))
        factories.apart_decision(session, one, other, NOW)
        assert [one.field for one in plan_checks.problems(session, sam, draft, LIVE)] == ["volunteer_id"]


def test_what_is_never_due_again() -> None:
    once = Draft(wall("2026-11-23T09:00"))
    assert plan_checks.is_over(once, TORONTO, NOW)
    assert not plan_checks.is_over(NOON, TORONTO, NOW)
    assert plan_checks.is_over(replace(NOON, ends_local=wall("2026-11-23T12:00")), TORONTO, NOW)


def test_a_retry_is_spaced_as_the_plan_says(database: Database) -> None:
    attempts(database, replace(NOON, attempts=2, retry_seconds=60), NOON_AT)
    ended = NOON_AT + timedelta(seconds=20)
    with database.transaction() as session:
        attempt = session.scalars(select(Attempt)).one()
        checkins.attempt_over(session, attempt.call, LegEnd.NO_ANSWER, LIVE, ended, ended)
        assert attempt.result is AttemptResult.NO_ANSWER
        assert attempt.checkin.attempt_due_at == ended + timedelta(seconds=60)


@pytest.mark.parametrize("end", [LegEnd.NO_ANSWER, LegEnd.FAILED])
def test_a_call_under_way_as_its_plan_ends_is_the_last(database: Database, end: LegEnd) -> None:
    attempts(database, replace(NOON, purpose=Purpose.SAFETY), NOON_AT)
    with database.transaction() as session:
        attempt = session.scalars(select(Attempt)).one()
        plans.end(session, attempt.checkin.plan, PlanAuthor.COORDINATOR, NOON_AT)
        session.refresh(attempt.checkin)
        checkins.attempt_over(session, attempt.call, end, LIVE, NOON_AT, NOON_AT)
    assert laid_out(database)[0] == ("23 12:00", CheckinState.SKIPPED, CheckinReason.PLAN_ENDED)


def test_a_plan_that_somebody_has_in_hand_is_laid_out_the_next_time(database: Database) -> None:
    """Their zone may just be changing."""
    if database.is_sqlite:
        pytest.skip("on SQLite whoever writes is alone")
    with database.transaction() as session:
        free, held = (factories.plan(session, peer(session), NOON.starts_local, NOW).id for _ in range(2))
        for one in (free, held):
            session.get_one(CheckinPlan, one).rrule = NOON.rrule
    with database.transaction() as other:
        plans.held(other, held)
        with database.transaction() as session:
            assert checkin_layout.lay_out_due(session, TORONTO, NOW) == 1
    with database.reading() as session:
        assert set(session.scalars(select(Checkin.plan_id))) == {free}


def test_who_stops_while_their_plan_is_being_changed_has_stopped(database: Database) -> None:
    if database.is_sqlite:
        pytest.skip("on SQLite whoever writes is alone")
    plan_id = made(database)
    with database.reading() as session:
        sam = session.get_one(CheckinPlan, plan_id).person_id
    with ThreadPoolExecutor() as elsewhere:
        with database.transaction() as session:
            plans.resume(session, session.get_one(CheckinPlan, plan_id), LIVE, NOW)
            stopping = elsewhere.submit(database.run, lambda other: len(checkins.stop_all(other, sam, NOW)))
            while not stopping.done() and not somebody_waits(database):
                pass
        assert stopping.result() == 0, "what there was is gone, and what came instead needs a yes when it is due"


def somebody_waits(database: Database) -> bool:
    waits = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    with database.reading() as session:
        return bool(session.scalar(text(waits)))


def test_a_moved_call_stays_at_its_hour_when_the_peer_travels(database: Database) -> None:
    plan_id = made(database)
    with database.transaction() as session:
        first = session.scalars(select(Checkin).order_by(Checkin.due_at)).first()
        assert first is not None
        assert occasions.move(session, first.id, NOW + timedelta(hours=6))
        person = session.get_one(CheckinPlan, plan_id).person
        person.timezone = "America/Vancouver"
        replanning.move_to_zone(session, person, TORONTO, TORONTO, NOW)
    with database.reading() as session:
        found = session.scalars(select(Checkin).order_by(Checkin.due_at)).all()
        assert [one.attempt_due_at - NOW for one in found[:2]] == [timedelta(hours=9), timedelta(hours=29)]
        assert found[0].due_at - NOW == timedelta(hours=5)
