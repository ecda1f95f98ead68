"""A line that has seen many calls, and what a bench does to its rows between two measurements."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import TableClause, Text, column, select, table, update

from phoneline.crypto import vault
from phoneline.db import Database
from phoneline.models import Base, Call, Leg, Offer, ShiftHours
from phoneline.models.base import Encrypted
from phoneline.states import CallOutcome, CallState, Direction, LegEnd, LegPurpose, LegState, OfferResult

DAYS = timedelta(days=50)
TALK = timedelta(minutes=5)
BATCH = 5000
NUMBER = "+14165550100"
UNSEEN = {"synchronize_session": False}


def write(opened: Database, count: int, now: datetime) -> None:
    """So many calls, each taken by somebody who is on shift now, spread over the last days, today among them."""
    sealed = vault().encrypt(NUMBER)
    with opened.transaction() as session:
        ids = list(session.scalars(select(ShiftHours.person_id)))
        for first in range(0, count, BATCH):
            rows = [
                _rows(ids[number % len(ids)], sealed, now - TALK - number * DAYS / count)
                for number in range(first, min(first + BATCH, count))
            ]
            for place, model in enumerate((Call, Leg, Offer)):
                session.execute(_plain(model).insert(), [row[place] for row in rows])
    with opened.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")


def _plain(model: type[Base]) -> TableClause:
    """The model's table, in which nothing is encrypted any more: what is written is sealed already."""
    columns = model.__table__.columns
    return table(
        model.__tablename__,
        *(column(one.name, Text() if isinstance(one.type, Encrypted) else one.type) for one in columns),
    )


def _rows(volunteer_id: str | None, sealed: str, at: datetime) -> Sequence[dict[str, Any]]:
    """A call, the volunteer's leg and the offer."""
    call_id, leg_id = str(uuid4()), str(uuid4())
    call = {
        "id": call_id,
        "token": call_id,
        "carrier_sid": call_id,
        "direction": Direction.INBOUND,
        "language": "en",
        "state": CallState.ENDED,
        "started_at": at,
        "wait_began_at": at,
        "wait_round": 1,
        "answered_at": at,
        "talk_seconds": TALK.total_seconds(),
        "ended_at": at + TALK,
        "outcome": CallOutcome.CONNECTED,
        "volunteer_id": volunteer_id,
        "crisis_reached": False,
        "check_at": at,
    }
    leg = {
        "id": leg_id,
        "token": leg_id,
        "purpose": LegPurpose.OFFER,
        "priority": 1,
        "number": sealed,
        "ring_seconds": 20,
        "state": LegState.ENDED,
        "carrier_sid": leg_id,
        "created_at": at,
        "dialled_at": at,
        "answered_at": at,
        "ended_at": at + TALK,
        "end": LegEnd.COMPLETED,
        "machine": False,
        "check_at": at,
    }
    offer = {
        "id": str(uuid4()),
        "call_id": call_id,
        "volunteer_id": volunteer_id,
        "leg_id": leg_id,
        "wait_round": 1,
        "offered_at": at,
        "result": OfferResult.ACCEPTED,
        "resolved_at": at,
        "accepted_at": at,
        "joined_at": at,
        "conversation_ended_at": at + TALK,
        "wrap_up_until": at + TALK,
        "released_at": at + TALK,
    }
    return call, leg, offer


def end_all(opened: Database, now: datetime) -> None:
    """Every call and leg is over, and everybody on shift is free."""
    with opened.transaction() as session:
        session.execute(
            update(Offer)
            .where(Offer.released_at.is_(None))
            .values(result=OfferResult.CANCELLED, resolved_at=now, conversation_ended_at=now, released_at=now)
            .execution_options(**UNSEEN)
        )
        for row, ended in ((Call, CallState.ENDED), (Leg, LegState.ENDED)):
            values = {"state": ended, "ended_at": now}
            session.execute(update(row).where(row.state != ended).values(**values).execution_options(**UNSEEN))


def place_all(opened: Database, now: datetime) -> None:
    """Whatever waits to be dialled rings."""
    placed = {"state": LegState.PLACED, "dialled_at": now, "carrier_sid": Leg.token}
    with opened.transaction() as session:
        session.execute(
            update(Leg)
            .where(Leg.state == LegState.PENDING)
            .values(**placed)
            .execution_options(synchronize_session=False)
        )


def let_ring(opened: Database, now: datetime) -> None:
    """Whoever is being rung passes, and is free again."""
    passed = {"result": OfferResult.DECLINED, "resolved_at": now, "released_at": now}
    with opened.transaction() as session:
        session.execute(update(Offer).where(Offer.result.is_(None)).values(**passed).execution_options(**UNSEEN))
