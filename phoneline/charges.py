"""What calls and texts cost: asked of the carrier a while after them, by the clock on a thread of its own.

The rows say what is to be asked: one for each call that was answered and each text. The carrier isn't asked while a
database connection is held. A price that was asked for often enough in vain stays unknown: reports say for how many.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Select, exists, literal, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from phoneline.carrier import CarrierError, NotThereError, Price
from phoneline.charge_states import ChargeKind
from phoneline.db import insert_all_or_ignore
from phoneline.line import Line
from phoneline.models import Call, Charge, Leg, TextIn, TextOut
from phoneline.states import Direction, LegState, TextState

EVERY = timedelta(minutes=1)
FIRST_AFTER = timedelta(minutes=15)
"""The carrier works a price out some minutes after a call."""
PAUSES = (timedelta(hours=1), timedelta(hours=6), timedelta(hours=24))
"""Between one asking and the next; then it is given up."""
LOOK_BACK = timedelta(days=3)
"""What is older isn't begun with: a line that was away for long doesn't ask for weeks at once."""
MOST = 100
AT_ONCE = 4
TEXTS = frozenset({ChargeKind.TEXT_IN, ChargeKind.TEXT_OUT})

log = structlog.get_logger()


@dataclass(frozen=True)
class Asking:
    id: str
    sid: str
    kind: ChargeKind


class Watch:
    """Looks once in a while."""

    def __init__(self) -> None:
        self._looked_at: datetime | None = None

    def tick(self, line: Line) -> None:
        now = line.now
        if self._looked_at is not None and now < self._looked_at + EVERY:
            return
        self._looked_at = now
        ask_due(line)


def ask_due(line: Line) -> None:
    """One round: write down what is new, then ask for what is due."""
    now = line.now
    with line.database.reading() as session:
        new = found_new(session, now)
        due = session.scalars(select(Charge.id).where(Charge.next_ask_at <= now).limit(1)).first() is not None
    if not new and not due:
        return
    asked = line.database.run(lambda session: _claim(session, new, now))
    with ThreadPoolExecutor(AT_ONCE) as threads:
        list(threads.map(lambda one: _ask(line, one), asked))


def found_new(session: Session, now: datetime) -> Sequence[dict[str, Any]]:
    """Calls and texts that are long enough over to have a price, and for which none was asked yet."""
    found = [one for statement in _new(now) for one in session.execute(statement)]
    return [
        {"carrier_sid": sid, "kind": kind, "at": at, "next_ask_at": now, "tries": 0} for kind, sid, at in found[:MOST]
    ]


def _new(now: datetime) -> Sequence[Select[*tuple[Any, ...]]]:
    def of(kind: ChargeKind, sid: InstrumentedAttribute[Any], at: InstrumentedAttribute[Any]) -> Select[Any, Any, Any]:
        known = exists().where(Charge.carrier_sid == sid)
        recent = (at >= now - LOOK_BACK, at < now - FIRST_AFTER)
        return (
            select(literal(kind, Charge.kind.type), sid, at)
            .where(*recent, sid.is_not(None), ~known)
            .order_by(at)
            .limit(MOST)
        )

    sent = (TextState.SENT, TextState.DELIVERED)
    return (
        of(ChargeKind.INBOUND, Call.carrier_sid, Call.started_at).where(
            Call.direction == Direction.INBOUND, Call.ended_at < now - FIRST_AFTER
        ),
        of(ChargeKind.OUTBOUND, Leg.carrier_sid, Leg.dialled_at).where(
            Leg.state == LegState.ENDED, Leg.answered_at.is_not(None), Leg.ended_at < now - FIRST_AFTER
        ),
        of(ChargeKind.TEXT_OUT, TextOut.carrier_sid, TextOut.created_at).where(TextOut.state.in_(sent)),
        of(ChargeKind.TEXT_IN, TextIn.message_sid, TextIn.at),
    )


def _claim(session: Session, new: Sequence[dict[str, Any]], now: datetime) -> Sequence[Asking]:
    """What is due, put off for its next pause: whoever dies over it, or fails, leaves it to the next try."""
    insert_all_or_ignore(session, Charge, new)
    rows = session.scalars(
        select(Charge)
        .where(Charge.next_ask_at <= now)
        .order_by(Charge.next_ask_at)
        .limit(MOST)
        .with_for_update(skip_locked=True, of=Charge)
    ).all()
    for row in rows:
        row.next_ask_at = now + PAUSES[row.tries] if row.tries < len(PAUSES) else None
        row.tries += 1
    return [Asking(row.id, row.carrier_sid, row.kind) for row in rows]


def _ask(line: Line, one: Asking) -> None:
    """One price's trouble holds up no other."""
    try:
        of = line.carrier.price_of_text if one.kind in TEXTS else line.carrier.price_of_call
        price = of(one.sid)
        if price is not None:
            line.database.run(lambda session: _write_down(session, one, price))
    except NotThereError:
        line.database.run(lambda session: _give_up(session, one))
    except CarrierError as error:
        log.warning("price_not_told_yet", charge=one.id, reason=str(error))
    except Exception:
        log.exception("price_not_asked", charge=one.id)


def _write_down(session: Session, one: Asking, price: Price) -> None:
    known = update(Charge).where(Charge.id == one.id)
    session.execute(known.values(micros=price.micros, unit=price.unit, next_ask_at=None))


def _give_up(session: Session, one: Asking) -> None:
    session.execute(update(Charge).where(Charge.id == one.id).values(next_ask_at=None))
