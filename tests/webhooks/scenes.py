"""Calls, offers and check-ins in the middle of things, written straight into the rows."""

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from phoneline import clock, legs, rosters
from phoneline.db import Database
from phoneline.models import Attempt, Base, Call, Checkin, Contact, Handover, Leg, Offer, Person
from phoneline.states import (
    CallState,
    CheckinState,
    Direction,
    FollowUp,
    HandoverResult,
    LegEnd,
    LegPurpose,
    LegState,
    OfferResult,
    Role,
)
from tests import factories


@dataclass(frozen=True)
class Ringing:
    """One volunteer's leg: what stands in its addresses, and what the carrier calls it."""

    token: str
    sid: str
    offer_id: str
    volunteer_id: str
    number: str

    def at(self, path: str) -> str:
        return f"/webhooks/offers/{self.token}/{path}"

    def leg(self, path: str) -> str:
        return f"/webhooks/legs/{self.token}/{path}"


@dataclass(frozen=True)
class OnTheLine:
    """The leg of a caller, or of a peer whom we called."""

    id: str
    token: str
    sid: str
    number: str | None

    def at(self, path: str) -> str:
        return f"/webhooks/calls/{self.token}/{path}"


@dataclass(frozen=True)
class Third:
    """The leg of somebody who is brought into a conversation."""

    token: str
    sid: str
    handover_id: str
    person_id: str | None
    number: str

    def at(self, path: str) -> str:
        return f"/webhooks/handovers/{self.token}/{path}"

    def leg(self, path: str) -> str:
        return f"/webhooks/legs/{self.token}/{path}"


@dataclass(frozen=True)
class CalledPeer:
    """A check-in's call that has been placed."""

    call: OnTheLine
    leg_token: str
    checkin_id: str
    person_id: str

    def at(self, path: str) -> str:
        return f"/webhooks/checkins/{self.call.token}/{path}"


class Scene:
    """Writes rows and reads them again."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def waiting_call(self, **given: Any) -> OnTheLine:
        """An inbound call from a known number, waiting unless told otherwise."""
        with self.database.transaction() as session:
            person = factories.person(session, now=clock.now())
            number = person.numbers[0].number
            call = factories.call(session, clock.now(), **({"number": number, "person_id": person.id} | given))
            return OnTheLine(call.id, call.token, str(call.carrier_sid), call.number)

    def arrived(self, sid: str) -> OnTheLine:
        """The call that the carrier calls so."""
        with self.database.reading() as session:
            row = session.scalars(select(Call).where(Call.carrier_sid == sid)).one()
            return OnTheLine(row.id, row.token, sid, row.number)

    def shift(self, volunteer_id: str, hours: float = 8) -> None:
        """A shift that begins a minute ago."""
        now = clock.now()
        local = now.astimezone(factories.TORONTO).replace(tzinfo=None)
        with self.database.transaction() as session:
            who = session.get_one(Person, volunteer_id)
            factories.shift(session, who, local - timedelta(minutes=1), local + timedelta(hours=hours), now)

    def volunteer(self, hours: float = 8) -> str:
        """Somebody who is on shift and free."""
        with self.database.transaction() as session:
            return _volunteer(session, hours).id

    def on_shift(self) -> set[str]:
        with self.database.reading() as session:
            return {one.person_id for one in rosters.on_shift(session, clock.now())}

    def ringing(self, call: OnTheLine, *, hours: float = 8, **leg: Any) -> Ringing:
        """A volunteer whose phone rings for the call; on shift for so many hours, if any."""
        with self.database.transaction() as session:
            who = _volunteer(session, hours)
            offer = factories.offer(session, session.get_one(Call, call.id), who, clock.now())
            row = session.get_one(Leg, offer.leg_id)
            row.number = who.numbers[0].number
            _placed(row, **leg)
            return Ringing(row.token, str(row.carrier_sid), offer.id, who.id, row.number)

    def talking(self, **given: Any) -> tuple[OnTheLine, Ringing]:
        """A caller and the volunteer who took the call, together in their room."""
        now = clock.now()
        call = self.waiting_call(**given)
        ringing = self.ringing(call)
        with self.database.transaction() as session:
            offer, row = session.get_one(Offer, ringing.offer_id), session.get_one(Call, call.id)
            offer.result, offer.resolved_at = OfferResult.ACCEPTED, now
            offer.accepted_at = offer.joined_at = row.joined_at = row.answered_at = now
            row.state, row.room, row.volunteer_id = CallState.CONNECTED, "a-room", ringing.volunteer_id
        return call, ringing

    def coordinator(self, hours: float = 8, *, also_volunteer: bool = False) -> str:
        """A coordinator who is on duty for so many hours."""
        roles = (Role.COORDINATOR, Role.VOLUNTEER) if also_volunteer else (Role.COORDINATOR,)
        with self.database.transaction() as session:
            return _on_shift(session, hours, *roles).id

    def third(self, call: OnTheLine) -> Third:
        """Who is being rung for the call, their leg placed now if it wasn't yet."""
        with self.database.transaction() as session:
            found = session.scalars(select(Handover).where(Handover.call_id == call.id, Handover.ended_at.is_(None)))
            handover = found.one()
            if handover.leg.carrier_sid is None:
                _placed(handover.leg)
            leg = handover.leg
            return Third(leg.token, str(leg.carrier_sid), handover.id, handover.person_id, leg.number)

    def bringing(self, *, joined: bool = False) -> tuple[OnTheLine, Ringing, Third]:
        """A conversation for which the crisis line is being rung, or into which it has come."""
        now = clock.now()
        call, ringing = self.talking()
        with self.database.transaction() as session:
            handover = factories.handover(session, session.get_one(Offer, ringing.offer_id), now)
            if joined:
                handover.answered_at, handover.joined_at, handover.result = now, now, HandoverResult.JOINED
        return call, ringing, self.third(call)

    def handover(self, handover_id: str) -> Handover:
        with self.database.reading() as session:
            return session.get_one(Handover, handover_id)

    def handovers(self, call: OnTheLine) -> list[tuple[str, str | None]]:
        """Kind and result of all who were rung for the call, in that order."""
        with self.database.reading() as session:
            found = session.scalars(
                select(Handover).join(Leg).where(Handover.call_id == call.id).order_by(Leg.created_at)
            )
            return [(one.kind.value, one.result.value if one.result else None) for one in found]

    def called_peer(self, **plan: Any) -> CalledPeer:
        """A peer whose automated check-in has been dialled."""
        now = clock.now()
        with self.database.transaction() as session:
            peer = factories.person(session, now=now, name="Mika Example")
            factories.consent(session, peer, now)
            planned = factories.plan(session, peer, now.replace(tzinfo=None), now, **plan)
            checkin = factories.checkin(session, planned, now, state=CheckinState.CALLING)
            leg = factories.leg(session, now, purpose=LegPurpose.CHECKIN, number=peer.numbers[0].number)
            _placed(leg)
            call = factories.call(
                session,
                now,
                direction=Direction.OUTBOUND,
                leg_id=leg.id,
                carrier_sid=leg.carrier_sid,
                person_id=peer.id,
                number=leg.number,
                state=CallState.CHECKIN,
            )
            factories.attempt(session, checkin, call, now)
            on_the_line = OnTheLine(call.id, call.token, str(call.carrier_sid), call.number)
            return CalledPeer(on_the_line, leg.token, checkin.id, peer.id)

    def identify(self, peer: CalledPeer) -> None:
        """They have said who they are."""
        with self.database.transaction() as session:
            attempt = session.scalars(select(Attempt).where(Attempt.call_id == peer.call.id)).one()
            attempt.identified_at = clock.now()

    def end_legs(self) -> None:
        """Every leg that we placed is over, and who was rung on it is free."""
        with self.database.transaction() as session:
            for offer in session.scalars(select(Offer).where(Offer.released_at.is_(None))):
                legs.close(offer.leg, LegEnd.CANCELLED, clock.now())
                offer.released_at = clock.now()

    def change(self, model: type[Base], row_id: str, **values: Any) -> None:
        with self.database.transaction() as session:
            row = session.get_one(model, row_id)
            for name, value in values.items():
                setattr(row, name, value)

    def call(self, call_id: str) -> Call:
        with self.database.reading() as session:
            return session.get_one(Call, call_id)

    def offer(self, offer_id: str) -> Offer:
        with self.database.reading() as session:
            return session.get_one(Offer, offer_id)

    def checkin(self, checkin_id: str) -> Checkin:
        with self.database.reading() as session:
            return session.get_one(Checkin, checkin_id)

    def attempt(self, peer: CalledPeer) -> Attempt:
        with self.database.reading() as session:
            return session.scalars(select(Attempt).where(Attempt.call_id == peer.call.id)).one()

    def call_sid(self, path: str) -> str:
        """The carrier's id of the leg that the address is about; any id for the others."""
        with self.database.reading() as session:
            found = session.execute(select(Call.token, Call.carrier_sid).union(select(Leg.token, Leg.carrier_sid)))
            return next((str(sid) for token, sid in found if f"/{token}/" in path), "")

    def contacts(self, call: OnTheLine) -> list[tuple[str, str, str]]:
        """Kind, outcome and follow-up of each line of the log about the call."""
        with self.database.reading() as session:
            found = session.scalars(select(Contact).where(Contact.call_id == call.id)).all()
            assert all((one.done_at is not None) == (one.follow_up is FollowUp.DONE) for one in found)
            return sorted((one.kind.value, one.outcome.value, one.follow_up.value) for one in found)

    def count(self, model: type[Base]) -> int:
        with self.database.reading() as session:
            return session.scalar(select(func.count()).select_from(model)) or 0

    def dump(self) -> dict[str, list[tuple[Any, ...]]]:
        return factories.dump(self.database)

    def settled(self) -> dict[str, list[dict[str, Any]]]:
        """The rows that webhooks change, without what differs from run to run: when we last heard of a leg."""
        return {
            table: [{name: value for name, value in row.items() if name != "check_at"} for row in rows]
            for table, rows in self._rows(
                "call",
                "leg",
                "offer",
                "handover",
                "contact",
                "checkin",
                "attempt",
                "consent",
                "shift_hours",
                "callback",
                "callback_try",
            )
        }

    def _rows(self, *tables: str) -> list[tuple[str, list[dict[str, Any]]]]:
        with self.database.engine.connect() as connection:
            return [
                (
                    name,
                    [
                        dict(row)
                        for row in connection.execute(Base.metadata.tables[name].select().order_by("id")).mappings()
                    ],
                )
                for name in tables
            ]


def await_trouble() -> None:
    """Until the line has written down whom it served the safe document."""
    for thread in threading.enumerate():
        if thread.name == "trouble":
            thread.join(30)
            assert not thread.is_alive()


def _volunteer(session: Session, hours: float, **given: Any) -> Person:
    return _on_shift(session, hours, Role.VOLUNTEER, **given)


def _on_shift(session: Session, hours: float, *roles: Role, **given: Any) -> Person:
    now = clock.now()
    who = factories.person(session, *roles, now=now, **given)
    local = now.astimezone(factories.TORONTO).replace(tzinfo=None)
    factories.shift(session, who, local - timedelta(hours=1), local + timedelta(hours=hours), now)
    return who


def _placed(leg: Leg, **given: Any) -> None:
    """The carrier has answered the dial."""
    now: datetime = clock.now()
    values = {
        "state": LegState.PLACED,
        "dialled_at": now,
        "carrier_sid": f"CA{leg.token.replace('-', ''):0>32}",
    } | given
    for name, value in values.items():
        setattr(leg, name, value)
