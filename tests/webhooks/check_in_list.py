"""Volunteers who ring the next one on their check-in list, from the line's own menu."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from phoneline import clock, legs, live_settings, progress
from phoneline.models import Call, Checkin, Leg, Offer
from phoneline.prompts import catalogue
from phoneline.states import AttemptResult, CheckinState, LegPurpose, LegState, PlanKind
from tests import factories
from tests.webhooks.carrier import Carrier
from tests.webhooks.own_menu import AtThePhone, Member
from tests.webhooks.scenes import OnTheLine, Scene
from tests.webhooks.twiml import Twiml

WORDS = catalogue("en")
ANY_HOUR = {"quiet_weekday": "00:00-00:00", "quiet_weekend": "00:00-00:00"}


@dataclass(frozen=True)
class Rung:
    """The peer's leg, and the volunteer's own call as the leg of their offer."""

    carrier: Carrier
    phone: AtThePhone
    call: OnTheLine
    leg_token: str
    own_token: str

    def peer(self, page: str, key: str = "", **fields: str) -> Twiml:
        return self.carrier.ask(f"/webhooks/checkins/{self.call.token}/{page}", self.call.sid, Digits=key, **fields)

    def leg(self, page: str, **fields: str) -> None:
        self.carrier.ask(f"/webhooks/legs/{self.leg_token}/{page}", self.call.sid, **fields)

    def volunteer(self, page: str, key: str = "") -> Twiml:
        return self.carrier.ask(f"/webhooks/offers/{self.own_token}/{page}", self.phone.call.sid, Digits=key)


@dataclass(frozen=True)
class Lists:
    scene: Scene
    carrier: Carrier

    def peer(self, usual: Member, name: str = "Mika", *, due: float = 0, **given: Any) -> str:
        """A check-in on a volunteer's list, due so many hours from now."""
        at = clock.now() + timedelta(hours=due)
        with self.scene.database.transaction() as session:
            who = factories.person(session, now=at, name=f"{name} Secret")
            plan = {"kind": PlanKind.VOLUNTEER, "volunteer_id": usual.id} | given
            planned = factories.plan(session, who, at.replace(tzinfo=None), at, **plan)
            return factories.checkin(session, planned, at).id

    def rings(self, phone: AtThePhone, checkin_id: str) -> Rung:
        """Key 1, and the peer's phone rings."""
        heard = phone.page(f"call/{checkin_id}/1", "1")
        assert heard.said == WORDS["callback_ringing"]
        with self.scene.database.transaction() as session:
            leg = session.scalars(
                select(Leg).where(Leg.purpose == LegPurpose.CHECKIN, Leg.state == LegState.PENDING)
            ).one()
            legs.begin_dialling(leg, clock.now())
            progress.placed(session, leg, f"CA{leg.token:0>32}", clock.now())
            call = session.scalars(select(Call).where(Call.leg_id == leg.id)).one()
            offer = session.scalars(select(Offer).where(Offer.call_id == call.id)).one()
            on_the_line = OnTheLine(call.id, call.token, str(call.carrier_sid), call.number)
            return Rung(self.carrier, phone, on_the_line, leg.token, offer.leg.token)

    def of(self, checkin_id: str) -> tuple[CheckinState, list[AttemptResult | None], int]:
        """State, what came of the attempts, and how many are used up."""
        with self.scene.database.reading() as session:
            found = session.get_one(Checkin, checkin_id)
            return found.state, [one.result for one in found.attempts], found.attempts_used


def at_any_hour(scene: Scene) -> None:
    """No quiet hours: tests run at night too."""
    with scene.database.transaction() as session:
        for key, text in ANY_HOUR.items():
            live_settings.write(session, key, text, clock.now())
