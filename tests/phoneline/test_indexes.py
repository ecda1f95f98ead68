"""What runs every second, or for every caller who waits, finds its rows by an index and never reads a whole table."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Select, event, or_, select

from dashboard import queries_sheet
from dashboard.sheet_filters import Show
from phoneline import (
    cover_rows,
    due_cover_requests,
    due_escalations,
    follow_ups,
    places,
    rosters,
    team,
    time_warnings,
    waitlist,
)
from phoneline.db import Database
from phoneline.models import (
    ALARM_IS_OPEN,
    ALARM_STANDS,
    CALL_IS_LIVE,
    CALLBACK_WAITS,
    CHECKIN_TRY_IS_LIVE,
    CHECKIN_WAITS,
    ESCALATION_STANDS,
    LEG_IS_LIVE,
    LEG_IS_PENDING,
    TEXT_IS_UNSETTLED,
    TRY_IS_LIVE,
    AccessLog,
    Alarm,
    Apart,
    ApartDecision,
    Block,
    Call,
    Callback,
    CallbackTry,
    Checkin,
    CheckinTry,
    Contact,
    CoverAsked,
    Escalation,
    Leg,
    Offer,
    Pause,
    PhoneNumber,
    PromptTake,
    ShiftHours,
    TextOptOut,
    TextOut,
    Voicemail,
)
from phoneline.states import CallState
from tests.databases import Databases

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
QUERIES: dict[str, Select[Any]] = {
    "legs to dial": select(Leg.id).where(LEG_IS_PENDING).order_by(Leg.priority, Leg.created_at).limit(1),
    "legs to ask about": select(Leg.id).where(LEG_IS_LIVE, Leg.check_at <= NOW),
    "calls to ask about": select(Call.id).where(CALL_IS_LIVE, Call.check_at <= NOW),
    "who else waits": (select(Call.id).where(CALL_IS_LIVE, Call.check_at >= NOW, Call.state == CallState.WAITING)),
    "calls to nudge": select(Call.id).where(Call.nudge_at <= NOW, CALL_IS_LIVE),
    "volunteers to nudge": select(Offer.id).where(Offer.nudge_at <= NOW, Offer.released_at.is_(None)),
    "check-ins to dial": (
        select(Checkin.id).where(CHECKIN_WAITS, Checkin.dial_after <= NOW).order_by(Checkin.dial_after)
    ),
    "recorded prompts to fetch": (
        select(PromptTake.id).where(PromptTake.next_try_at <= NOW).order_by(PromptTake.next_try_at)
    ),
    "messages to fetch": select(Voicemail.id).where(Voicemail.next_try_at <= NOW).order_by(Voicemail.next_try_at),
    "who is busy": select(Offer.id).where(Offer.volunteer_id.in_(["a", "b"]), Offer.released_at.is_(None)),
    "who is on the phone": select(Call.id).where(Call.person_id.in_(["a", "b"]), CALL_IS_LIVE),
    "who is kept apart": select(Apart.person_id).where(Apart.other_id == "a", Apart.strict),
    "who was decided to be kept apart": select(ApartDecision.person_id).where(
        ApartDecision.lifted_at.is_(None), or_(ApartDecision.other_id == "a", ApartDecision.person_id == "a")
    ),
    "who is paused": select(Pause.id).where(Pause.person_id == "a", Pause.ended_at.is_(None)),
    "a volunteer's last offers": (
        select(Offer.id).where(Offer.volunteer_id == "a", Offer.resolved_at > NOW).order_by(Offer.resolved_at.desc())
    ),
    "whose next shift has begun": (
        select(ShiftHours.id).where(ShiftHours.person_id == "a", ShiftHours.starts_at > NOW)
    ),
    "ladders to climb": due_escalations.due(NOW),
    "ladders that are settled": due_escalations.settled(),
    "a peer's ladder": select(Escalation.id).where(Escalation.person_id == "a", ESCALATION_STANDS),
    "who is on shift": select(ShiftHours.id).where(ShiftHours.starts_at <= NOW, ShiftHours.ends_at > NOW),
    "who could be rung for a call": team.OF_CALL.params(rosters.at(NOW) | {"caller": "a"}),
    "who is free": team.OF_CALL.where(team.IS_FREE).params(rosters.at(NOW) | {"caller": "a"}),
    "who waits on the line": select(Call.id).where(places.on_the_line(NOW), Call.started_at < NOW),
    "the check-ins of a day": queries_sheet.chosen(NOW, NOW, Show.NEED, None),
    "who changed a check-in": select(AccessLog.id).where(AccessLog.checkin_id.in_(["a", "b"])),
    "call-backs promised": select(Callback.id).where(CALLBACK_WAITS, Callback.next_try_at <= NOW),
    "check-ins by volunteers under way": select(CheckinTry.id).where(CHECKIN_TRY_IS_LIVE),
    "call-backs under way": select(CallbackTry.id).where(TRY_IS_LIVE),
    "promises to one number": select(Callback.id).where(Callback.number_hash == "x", Callback.place_at < NOW),
    "texts to send": select(TextOut.id).where(TEXT_IS_UNSETTLED, TextOut.check_at <= NOW),
    "who wants no texts": select(TextOptOut.id).where(
        TextOptOut.ended_at.is_(None), or_(TextOptOut.number_hash == "x", TextOptOut.person_id == "a")
    ),
    "who is blocked": select(Block.id).where(
        Block.lifted_at.is_(None), or_(Block.person_id == "x", Block.number_hash == "x")
    ),
    "alarms to tell of": select(Alarm.id).where(ALARM_IS_OPEN, Alarm.next_step_at <= NOW),
    "follow-ups that are due": select(Contact.id).where(follow_ups.IS_OPEN, Contact.due_at <= NOW),
    "what is overdue": select(Contact.id).where(follow_ups.IS_OPEN, Contact.overdue_since.is_not(None)),
    "the alarm about a thing": select(Alarm.id).where(ALARM_STANDS, Alarm.subject == "x"),
    "with whom minutes are agreed": time_warnings.with_minutes(),
    "their conversations": time_warnings.conversations(["a", "b"], NOW),
    "calls placed today": select(Leg.id).where(Leg.dialled_at >= NOW),
    "who was rung in the last hour": select(Offer.id).where(Offer.volunteer_id.in_(["a", "b"]), Offer.offered_at > NOW),
    "shifts that are given away": due_cover_requests.due(NOW),
    "hours that somebody waits for": waitlist.due(NOW),
    **{f"which numbers mean something, {index}": one for index, one in enumerate(cover_rows.numbers(NOW))},
    "who was asked lately": select(CoverAsked.person_id).where(CoverAsked.at > NOW),
    "who calls": select(PhoneNumber.person_id).where(PhoneNumber.number_hash == "x"),
}


@pytest.mark.parametrize("name", QUERIES)
def test_it_is_found_by_an_index(databases: Databases, name: str) -> None:
    with databases.fresh("sqlite") as url:
        database = Database(url)
        with database.engine.connect() as connection:
            asked: list[tuple[str, Any]] = []
            event.listen(connection, "before_cursor_execute", lambda *about: asked.append((about[2], about[3])))
            connection.execute(QUERIES[name])
            # As it really runs, with what is bound and what is written out.
            words, values = asked[-1]
            plan = [str(row[3]) for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {words}", values)]
        database.close()
        assert plan
        assert not [step for step in plan if step.startswith("SCAN") and "INDEX" not in step], plan
