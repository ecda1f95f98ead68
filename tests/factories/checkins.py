"""Check-in plans, the check-ins of them, and whom a ladder tells."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from phoneline.escalation_states import EscalationState, TellingKind
from phoneline.models import (
    AgreedContact,
    Attempt,
    Call,
    Checkin,
    CheckinPlan,
    CheckinTry,
    Escalation,
    EscalationTelling,
    Person,
)
from phoneline.recurrence import day_around
from phoneline.states import (
    CallState,
    CheckinState,
    Direction,
    LegPurpose,
    PlanKind,
    Purpose,
)
from tests.factories.calls import call, leg
from tests.factories.constants import TORONTO


def plan(session: Session, who: Person, starts: datetime, now: datetime, **given: Any) -> CheckinPlan:
    """A plan in wall-clock time, not laid out yet; automated and social by default."""
    given = {"kind": PlanKind.AUTOMATED, "purpose": Purpose.SOCIAL, "laid_out_until": now} | given
    made = CheckinPlan(person_id=who.id, starts_local=starts, **given)
    session.add(made)
    session.flush()
    return made


def checkin(session: Session, of: CheckinPlan, due_at: datetime, **given: Any) -> Checkin:
    day_from, day_until = day_around(due_at, TORONTO)
    days = {"day_from": day_from, "day_until": day_until}
    given = {"state": CheckinState.DUE, "attempt_due_at": due_at, "dial_after": due_at} | days | given
    made = Checkin(plan_id=of.id, person_id=of.person_id, kind=of.kind, purpose=of.purpose, due_at=due_at, **given)
    session.add(made)
    session.flush()
    return made


def attempt(session: Session, of: Checkin, on: Call, at: datetime, **given: Any) -> Attempt:
    made = Attempt(checkin_id=of.id, call_id=on.id, at=at, **given)
    session.add(made)
    session.flush()
    return made


def checkin_try(session: Session, of: Checkin, usual: Person, now: datetime) -> None:
    """A volunteer is sought for a check-in."""
    seeking = call(session, now, direction=Direction.OUTBOUND, carrier_sid=None, state=CallState.SEEKING)
    session.add(CheckinTry(checkin_id=of.id, call_id=seeking.id, usual_id=usual.id, began_at=now))


def escalation(session: Session, of: Checkin, now: datetime, **given: Any) -> Escalation:
    """A ladder that nobody has climbed yet."""
    given = {"state": EscalationState.CLIMBING, "next_step_at": now} | given
    made = Escalation(checkin_id=of.id, person_id=of.person_id, began_at=now, **given)
    session.add(made)
    session.flush()
    return made


def telling(session: Session, of: Escalation, who: AgreedContact, now: datetime, **given: Any) -> EscalationTelling:
    """Somebody who is being rung about the peer."""
    rung = leg(session, now, purpose=LegPurpose.ESCALATION, number=who.number)
    given = {"step": 0, "kind": TellingKind.ASK} | given
    made = EscalationTelling(escalation_id=of.id, agreed_contact_id=who.id, leg_id=rung.id, at=now, **given)
    session.add(made)
    session.flush()
    return made
