"""Promised call-backs, brought along step by step: the clock's look, the dials, and everybody's keys."""

from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from phoneline import clock, due_callbacks, legs, progress
from phoneline.live_settings import LiveSettings
from phoneline.models import Call, Callback, CallbackTry, Leg, Offer
from phoneline.states import CallState, LegPurpose, LegState
from tests.webhooks.carrier import Carrier
from tests.webhooks.scenes import OnTheLine, Ringing, Scene
from tests.webhooks.twiml import Twiml

LIVE = LiveSettings()


@dataclass
class Peer:
    """The peer's leg of a call-back."""

    call: OnTheLine
    leg_token: str

    def at(self, path: str) -> str:
        return f"/webhooks/callbacks/{self.call.token}/{path}"

    def leg(self, path: str) -> str:
        return f"/webhooks/legs/{self.leg_token}/{path}"


@dataclass
class Promises:
    """The clock of the line goes `ahead` of ours by as much as the test says."""

    scene: Scene
    carrier: Carrier
    ahead: timedelta = field(default_factory=timedelta)
    live: LiveSettings = LIVE

    def promise(self, call: OnTheLine | None = None) -> OnTheLine:
        """A caller has asked to be called back and hung up."""
        call = call or self.scene.waiting_call()
        self.carrier.ask(call.at("wait-key/2"), call.sid, Digits="1")
        self.carrier.ask("/webhooks/voice/status", call.sid, CallStatus="completed")
        return call

    def look(self, seconds: float = 0) -> None:
        """One look of the clock, so much later than the last."""
        self.ahead += timedelta(seconds=seconds)
        now = clock.now() + self.ahead
        with self.scene.database.transaction() as session:
            due_callbacks.look(session, self.live, now)

    def dialled(self) -> list[Leg]:
        return dialled(self.scene)

    def volunteers_rung(self) -> list[Ringing]:
        """The clock looks, and the volunteers whom it chose are rung."""
        self.look()
        found = self.dialled()
        assert {leg.purpose for leg in found} <= {LegPurpose.OFFER}
        with self.scene.database.reading() as session:
            return [ringing_of(session, leg) for leg in found]

    def taken(self, ringing: Ringing) -> Peer:
        """The volunteer takes it, and the peer's phone rings."""
        self.carrier.ask(ringing.leg("answered"), ringing.sid)
        self.carrier.ask(ringing.at("key/1"), ringing.sid, Digits="1")
        (leg,) = self.dialled()
        with self.scene.database.reading() as session:
            call = session.scalars(select(Call).where(Call.leg_id == leg.id)).one()
            return Peer(OnTheLine(call.id, call.token, str(call.carrier_sid), call.number), leg.token)

    def peer_rung(self, call: OnTheLine | None = None) -> tuple[Ringing, Peer]:
        """Promised, taken by a volunteer, and the peer's phone rings."""
        self.promise(call)
        self.scene.volunteer()
        (ringing,) = self.volunteers_rung()
        return ringing, self.taken(ringing)

    def key(self, peer: Peer, key: str) -> Twiml:
        self.carrier.ask(peer.leg("answered"), peer.call.sid)
        return self.carrier.ask(peer.at("who-key/1"), peer.call.sid, Digits=key)

    def ended(self, peer: Peer, how: str = "completed") -> None:
        self.carrier.ask(peer.leg("status"), peer.call.sid, CallStatus=how)

    def states(self) -> list[tuple[str, int]]:
        """State and tries of every promise, the oldest first."""
        with self.scene.database.reading() as session:
            found = session.scalars(select(Callback).order_by(Callback.place_at, Callback.id)).all()
            return [(one.state.value, one.tries) for one in found]

    def tries(self) -> list[Call]:
        """The calls that keep promises, the first first."""
        with self.scene.database.reading() as session:
            rows = select(Call).join(CallbackTry, CallbackTry.call_id == Call.id).order_by(CallbackTry.began_at)
            return list(session.scalars(rows).all())

    def seeking(self) -> list[str]:
        return [call.id for call in self.tries() if call.state is CallState.SEEKING]


def ringing_of(session: Session, leg: Leg) -> Ringing:
    offer = session.scalars(select(Offer).where(Offer.leg_id == leg.id)).one()
    return Ringing(leg.token, str(leg.carrier_sid), offer.id, offer.volunteer_id, leg.number)


def dialled(scene: Scene) -> list[Leg]:
    """Whatever waits to be dialled is dialled."""
    with scene.database.transaction() as session:
        found = session.scalars(select(Leg).where(Leg.state == LegState.PENDING).order_by(Leg.priority)).all()
        for leg in found:
            legs.begin_dialling(leg, clock.now())
            progress.placed(session, leg, f"CA{leg.token:0>32}", clock.now())
        return list(found)
