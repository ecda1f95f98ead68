"""Hours change hands: taken, handed over, given up. There is no other way, so that none breaks a limit."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from phoneline import matching, roster_changes
from phoneline.live_settings import LiveSettings
from phoneline.models import Person, ShiftHours, Waiting
from phoneline.roster_changes import By, Whose
from phoneline.roster_states import Refusal, RosterAct
from phoneline.shift_refusals import refusal


@dataclass(frozen=True)
class Move:
    """Whose the hours are until now, if anybody's, and who is to have them."""

    from_id: str | None
    to: Person


@dataclass(frozen=True)
class Given:
    """Hours, and between whom they change hands."""

    hours_id: str
    move: Move


def take(
    session: Session, person: Person, hours_id: str, by: By, live: LiveSettings, now: datetime
) -> ShiftHours | Refusal:
    """Open hours, if they are this volunteer's now. Of several at once one has them; again changes nothing."""
    return hand_over(session, hours_id, Move(None, person), RosterAct.TAKEN, by, live, now)


def hand_over(
    session: Session, hours_id: str, move: Move, act: RosterAct, by: By, live: LiveSettings, now: datetime
) -> ShiftHours | Refusal:
    """The hours, if they are who is to have them now. Again changes nothing."""
    to, from_id = move.to, move.from_id
    hold_people(session, {to.id, *([from_id] if from_id else []), *matching.apart_from(session, to.id)})
    hours = _held(session, hours_id)
    if hours is None or hours.off or hours.ends_at <= now:
        return Refusal.PAST
    if hours.person_id == to.id:
        return hours
    if hours.person_id != from_id:
        return Refusal.FULL
    refused = refusal(session, to, hours.starts_at, hours.ends_at, live, now, {hours_id}, shadow=hours.shadow)
    if refused is not None:
        return refused
    _pass_on(session, hours, to.id, act, by, now)
    return hours


def swap(session: Session, one: Given, other: Given, by: By, live: LiveSettings, now: datetime) -> Refusal | None:
    """Both hours change hands, or neither does: why not. For each of the two only the hours that they keep count."""
    people = {one.move.to.id, other.move.to.id}
    hold_people(session, people.union(*(matching.apart_from(session, person_id) for person_id in people)))
    ids = {one.hours_id, other.hours_id}
    held = {hours_id: _held(session, hours_id) for hours_id in sorted(ids)}
    moves: list[tuple[ShiftHours, Move]] = []
    for given in (one, other):
        hours, move = held[given.hours_id], given.move
        if hours is None or hours.off or hours.starts_at <= now:
            return Refusal.PAST
        if hours.person_id != move.from_id:
            return Refusal.FULL
        refused = refusal(session, move.to, hours.starts_at, hours.ends_at, live, now, ids, shadow=hours.shadow)
        if refused is not None:
            return refused
        moves.append((hours, move))
    for hours, move in moves:
        _pass_on(session, hours, move.to.id, RosterAct.SWAPPED, by, now)
    return None


def give_up(session: Session, hours_id: str, from_id: str, by: By, now: datetime) -> ShiftHours | Refusal:
    """The hours, open to be taken from now on. A coordinator's act: a volunteer stays responsible until another is."""
    hold_people(session, {from_id})
    hours = _held(session, hours_id)
    if hours is None or hours.off or hours.ends_at <= now:
        return Refusal.PAST
    if hours.person_id is None:
        return hours
    if hours.person_id != from_id:
        return Refusal.FULL
    _pass_on(session, hours, None, RosterAct.GIVEN, by, now)
    return hours


def hold_people(session: Session, ids: Collection[str]) -> None:
    """Nobody else gives these people hours meanwhile: a limit isn't broken by two at once."""
    held = select(Person.id).where(Person.id.in_(ids)).order_by(Person.id)
    session.execute(held.with_for_update(key_share=True))


def _held(session: Session, hours_id: str) -> ShiftHours | None:
    held = select(ShiftHours).where(ShiftHours.id == hours_id).with_for_update(of=ShiftHours, key_share=True)
    return session.scalars(held.execution_options(populate_existing=True)).one_or_none()


def _pass_on(session: Session, hours: ShiftHours, to_id: str | None, act: RosterAct, by: By, now: datetime) -> None:
    whose = Whose(hours.person_id, to_id)
    hours.person_id, hours.confirmed_at = to_id, None
    # Who has them waits for them no more.
    session.execute(delete(Waiting).where(Waiting.hours_id == hours.id, Waiting.person_id == to_id))
    roster_changes.note(session, act, by, now, hours, whose)
