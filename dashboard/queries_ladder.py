"""How far the ladders of check-ins have come, and whom a peer agreed to be asked. No number leaves here whole."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from phoneline import agreed_contacts
from phoneline.escalation_states import EscalationEnd, EscalationState, EscalationStep, TellingKind, TellingResult
from phoneline.models import AgreedContact, Callback, Contact, Escalation, EscalationTelling
from phoneline.states import CallbackState, ContactKind

LAST_DIGITS = 2


@dataclass(frozen=True)
class Told:
    """One of the peer's people who was rung or texted."""

    at: datetime
    name: str
    kind: TellingKind
    result: TellingResult | None


@dataclass(frozen=True)
class Ladder:
    """One check-in's, and everybody who was asked so far."""

    state: EscalationState
    step: EscalationStep | None
    began_at: datetime
    next_step_at: datetime | None
    taken_until: datetime | None
    over_at: datetime | None
    over_how: EscalationEnd | None
    by_hand: tuple[datetime, CallbackState] | None
    told: Sequence[Told]


def of_contacts(session: Session, contact_ids: Sequence[str]) -> Mapping[str, Ladder]:
    """By the contact's id; of those that have one."""
    found: Sequence[Any] = session.execute(
        select(Contact.id, Escalation, Callback.promised_at, Callback.state)
        .join(Escalation, Escalation.checkin_id == Contact.checkin_id)
        .join(Callback, Callback.escalation_id == Escalation.id, isouter=True)
        .where(Contact.id.in_(contact_ids), Contact.kind == ContactKind.CHECKIN)
    ).all()
    told = _told(session, [row.Escalation.id for row in found])
    return {
        row.id: Ladder(
            state=row.Escalation.state,
            step=row.Escalation.step,
            began_at=row.Escalation.began_at,
            next_step_at=row.Escalation.next_step_at,
            taken_until=row.Escalation.taken_until,
            over_at=row.Escalation.over_at,
            over_how=row.Escalation.over_how,
            by_hand=(row.promised_at, row.state) if row.promised_at else None,
            told=told.get(row.Escalation.id, ()),
        )
        for row in found
    }


def _told(session: Session, ids: Sequence[str]) -> Mapping[str, Sequence[Told]]:
    if not ids:
        return {}
    telling = EscalationTelling
    found: Iterable[Any] = session.execute(
        select(telling.escalation_id, telling.at, AgreedContact.name, telling.kind, telling.result)
        .join(AgreedContact, AgreedContact.id == telling.agreed_contact_id)
        .where(telling.escalation_id.in_(ids))
        .order_by(telling.step)
    )
    by_ladder: dict[str, list[Told]] = {}
    for ladder_id, *rest in found:
        by_ladder.setdefault(ladder_id, []).append(Told(*rest))
    return by_ladder


@dataclass(frozen=True)
class Agreed:
    """Somebody on a peer's list."""

    last_digits: str
    by_plan: bool
    """A safety plan of theirs names the number: asked first."""
    id: str = ""
    """Empty, as the rest, for a number that only a plan names."""
    name: str = ""
    language: str | None = None
    words: str | None = None
    texts_ok: bool = False
    agreed_at: datetime | None = None
    agreed_how: str = ""
    stopped_at: datetime | None = None


def agreed(session: Session, person_id: str) -> Sequence[Agreed]:
    """In the order in which they are asked; those that only a plan names come with it alone."""
    named = agreed_contacts.named_by_plans(session, person_id)
    standing = agreed_contacts.standing(session, person_id)
    listed = [
        Agreed(
            id=one.id,
            name=one.name,
            last_digits=one.number[-LAST_DIGITS:],
            language=one.language,
            words=one.words,
            texts_ok=one.texts_ok,
            agreed_at=one.agreed_at,
            agreed_how=one.agreed_how,
            stopped_at=one.stopped_at,
            by_plan=one.number in named,
        )
        for one in standing
    ]
    known = {one.number for one in standing}
    of_plans = [Agreed(last_digits=number[-LAST_DIGITS:], by_plan=True) for number in named if number not in known]
    return sorted([*of_plans, *listed], key=lambda one: not one.by_plan)
