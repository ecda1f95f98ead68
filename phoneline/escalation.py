"""The ladder after a safety check-in that reached nobody: what comes next, and who is told. Pure.

A volunteer on shift calls by hand, then the peer's own people are asked in their order, then it is a coordinator's.
Never anybody else: the police least of all.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from phoneline.escalation_states import EscalationEnd, EscalationStep, TellingResult

LOOK_AGAIN = timedelta(seconds=15)
LOOKED_AFTER_STEPS = 3
"""Whoever says "I'll look after it" has so many steps' time; then a coordinator asks."""
OWN_EVENING = timedelta(hours=3)
"""On the check-in's own day, and for so long after its time, the ladder rings in quiet hours too."""
MOST_DIALS = 3
"""A dial that the carrier certainly never made is made again, so often in all."""
ANSWERS: Mapping[str, TellingResult] = {
    "1": TellingResult.TAKEN,
    "2": TellingResult.WELL,
    "9": TellingResult.STOP,
}
TOLD = frozenset({TellingResult.TAKEN, TellingResult.WELL})
"""Who pressed a key heard of it. A machine, or silence, was told nothing."""


@dataclass(frozen=True)
class Asked:
    """One of the peer's people was rung; without a result the call goes on, or its end isn't known yet."""

    contact_id: str
    result: TellingResult | None


@dataclass(frozen=True)
class Standing:
    """Where a ladder stands, and who could be asked."""

    step: EscalationStep | None
    not_before: datetime
    """The step under way has until then."""
    taken_until: datetime | None
    may_ring: bool
    """Whether this is an hour at which the peer and their people may be rung."""
    volunteer: bool
    """Whether somebody on shift could call by hand."""
    talking: bool
    """The peer is on the telephone with the line, or about to be."""
    contacts: Sequence[str]
    """The peer's people who may be rung, in their order."""
    asked: Sequence[Asked]


@dataclass(frozen=True)
class Wait:
    until: datetime


@dataclass(frozen=True)
class AskVolunteer:
    pass


@dataclass(frozen=True)
class AskContact:
    contact_id: str


@dataclass(frozen=True)
class AskCoordinator:
    pass


Move = Wait | AskVolunteer | AskContact | AskCoordinator


def next_move(at: Standing, now: datetime) -> Move:
    """What comes next. Nobody is asked twice, and of two no one at once."""
    if at.step is EscalationStep.COORDINATOR:
        return AskCoordinator()
    if at.talking or any(one.result is None for one in at.asked):
        return Wait(now + LOOK_AGAIN)
    if at.taken_until is not None:
        return Wait(at.taken_until) if now < at.taken_until else AskCoordinator()
    if now < at.not_before:
        return Wait(at.not_before)
    if at.may_ring and at.step is None and at.volunteer:
        return AskVolunteer()
    left = still_to_ask(at.contacts, at.asked)
    return AskContact(left[0]) if at.may_ring and left else AskCoordinator()


def still_to_ask(contacts: Sequence[str], asked: Sequence[Asked]) -> Sequence[str]:
    """Who hasn't been rung yet. A dial that was certainly never made doesn't count, but for its third time."""
    return [one for one in contacts if not _was_asked([was.result for was in asked if was.contact_id == one])]


def _was_asked(results: Sequence[TellingResult | None]) -> bool:
    return len(results) >= MOST_DIALS or any(result is not TellingResult.NOT_RUNG for result in results)


def pause_after(result: TellingResult, step_seconds: int) -> timedelta:
    """From the beginning of a call to the next step. Who was never rung, or said no, is nobody to wait for."""
    match result:
        case TellingResult.NOT_RUNG:
            return LOOK_AGAIN
        case TellingResult.FAILED | TellingResult.STOP:
            return timedelta(0)
        case _:
            return timedelta(seconds=step_seconds)


def looked_after_until(now: datetime, step_seconds: int) -> datetime:
    return now + LOOKED_AFTER_STEPS * timedelta(seconds=step_seconds)


def may_ring(now: datetime, due_at: datetime, day_until: datetime, *, quiet: bool) -> bool:
    """Whether the peer and their people may be rung: on its own day always, later only outside quiet hours."""
    return not quiet or now < max(day_until, due_at + OWN_EVENING)


def hear_the_end(asked: Sequence[Asked], how: EscalationEnd) -> Collection[str]:
    """Of the peer's people, who is told that it is over: whoever was told of it, but for who said that all is well."""
    told = dict.fromkeys(one.contact_id for one in asked if one.result in TOLD)
    said_so = {one.contact_id for one in asked if one.result is TellingResult.WELL}
    return [one for one in told if how is not EscalationEnd.WELL or one not in said_so]
