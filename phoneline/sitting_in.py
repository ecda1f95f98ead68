"""Learning by sitting in: hours of one's own beside somebody who is trained, in which one is never rung."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from phoneline import matching, roster_changes
from phoneline.assignments import hold_people
from phoneline.live_settings import LiveSettings
from phoneline.models import Person, ShiftHours
from phoneline.roster_changes import By, Whose
from phoneline.roster_states import Refusal, RosterAct
from phoneline.shift_refusals import refusal


def sit_in(
    session: Session, learner: Person, hours_id: str, by: By, live: LiveSettings, now: datetime
) -> ShiftHours | Refusal:
    """Hours for the learner, as long as these ones of somebody else's. Again changes nothing."""
    beside = session.get(ShiftHours, hours_id)
    hold_people(session, {learner.id, *matching.apart_from(session, learner.id)})
    if beside is None or beside.person_id is None:
        return Refusal.NOT_READY
    times = {"starts_at": beside.starts_at, "ends_at": beside.ends_at}
    mine = select(ShiftHours).filter_by(person_id=learner.id, shadow=True, **times)
    already = session.scalars(mine).first()
    if already is not None:
        return already
    refused = refusal(session, learner, beside.starts_at, beside.ends_at, live, now, shadow=True)
    if refused is not None:
        return refused
    made = ShiftHours(person_id=learner.id, tier=beside.tier, shadow=True, **times)
    session.add(made)
    session.flush()
    roster_changes.note(session, RosterAct.TAKEN, by, now, made, Whose(None, learner.id))
    return made


def leave(session: Session, learner_id: str, hours_id: str, by: By, now: datetime) -> bool:
    """They don't sit in after all: nobody is missing, so nothing is to be taken. False if it isn't theirs."""
    hold_people(session, {learner_id})
    held = select(ShiftHours).where(ShiftHours.id == hours_id).with_for_update(of=ShiftHours, key_share=True)
    hours = session.scalars(held.execution_options(populate_existing=True)).one_or_none()
    if hours is None or hours.person_id != learner_id or not hours.shadow or hours.ends_at <= now or hours.off:
        return False
    roster_changes.note(session, RosterAct.ENDED, by, now, hours, Whose(learner_id, None))
    hours.off, hours.kept, hours.ends_at = True, True, hours.starts_at
    session.flush()
    return True
