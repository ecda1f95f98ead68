"""Volunteers who make check-ins: the next one on their list from the line's own menu, or rung for one by the line."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from phoneline import clock, due_volunteer_checkins, legs, live_settings, progress
from phoneline.live_settings import LiveSettings
from phoneline.models import Call, Checkin, Leg, Offer
from phoneline.prompts import catalogue
from phoneline.quiet_hours import window
from phoneline.states import AttemptResult, CheckinState, LegPurpose, LegState, PlanKind
from tests import factories
from tests.webhooks.carrier import Carrier
from tests.webhooks.own_menu import AtThePhone, Member
from tests.webhooks.promises import dialled, ringing_of
from tests.webhooks.scenes import OnTheLine, Ringing, Scene
from tests.webhooks.twiml import Twiml

WORDS = catalogue("en")
NEVER = window("00:00-00:00")
ANY_HOUR = {"quiet_weekday": "00:00-00:00", "quiet_weekend": "00:00-00:00"}


@dataclass(frozen=True)
class Rung:
    """The peer's leg, and the volunteer's: their own call, or one that the line placed."""

    carrier: Carrier
    own_sid: str
    call: OnTheLine
    leg_token: str
    own_token: str

    def peer(self, page: str, key: str = "", **fields: str) -> Twiml:
        return self.carrier.ask(f"/webhooks/checkins/{self.call.token}/{page}", self.call.sid, Digits=key, **fields)

    def leg(self, page: str, **fields: str) -> None:
        self.carrier.ask(f"/webhooks/legs/{self.leg_token}/{page}", self.call.sid, **fields)

    def volunteer(self, page: str, key: str = "") -> Twiml:
        return self.carrier.ask(f"/webhooks/offers/{self.own_token}/{page}", self.own_sid, Digits=key)


@dataclass
class Lists:
    scene: Scene
    carrier: Carrier

    def peer(self, usual: Member | None, name: str = "Mika", *, due: float = 0, **given: Any) -> str:
        """A check-in on a volunteer's list, or on nobody's, due so many hours from now."""
        at = clock.now() + timedelta(hours=due)
        with self.scene.database.transaction() as session:
            numbers = {"numbers": given.pop("numbers")} if "numbers" in given else {}
            who = factories.person(session, now=at, name=f"{name} Secret", **numbers)
            plan = {"kind": PlanKind.VOLUNTEER, "volunteer_id": usual.id if usual else None} | given
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
            return Rung(self.carrier, phone.call.sid, _on_the_line(call), leg.token, offer.leg.token)

    def of(self, checkin_id: str) -> tuple[CheckinState, list[AttemptResult | None], int]:
        """State, what came of the attempts, and how many are used up."""
        with self.scene.database.reading() as session:
            found = session.get_one(Checkin, checkin_id)
            return found.state, [one.result for one in found.attempts], found.attempts_used


@dataclass
class DueCalls(Lists):
    """Check-ins for which the line rings volunteers. Its clock goes `ahead` of ours by as much as the test says."""

    ahead: timedelta = field(default_factory=timedelta)
    live: LiveSettings = field(default_factory=lambda: LiveSettings(quiet_weekday=NEVER, quiet_weekend=NEVER))

    def look(self, seconds: float = 0) -> None:
        """One look of the clock, so much later than the last."""
        self.ahead += timedelta(seconds=seconds)
        now = clock.now() + self.ahead
        with self.scene.database.transaction() as session:
            due_volunteer_checkins.look(session, self.live, now)

    def rung(self, seconds: float = 0) -> list[Ringing]:
        """The clock looks, and the volunteers whom it chose are rung."""
        self.look(seconds)
        found = dialled(self.scene)
        assert {leg.purpose for leg in found} <= {LegPurpose.OFFER}
        with self.scene.database.reading() as session:
            return [ringing_of(session, leg) for leg in found]

    def offered(self, ringing: Ringing) -> str:
        """What the volunteer hears who picks up."""
        return self.carrier.ask(ringing.leg("answered"), ringing.sid).said

    def key(self, ringing: Ringing, key: str) -> Twiml:
        return self.carrier.ask(ringing.at("key/1"), ringing.sid, Digits=key)

    def gone(self, ringing: Ringing, how: str = "completed") -> None:
        self.carrier.ask(ringing.leg("status"), ringing.sid, CallStatus=how)

    def taken(self, ringing: Ringing) -> Rung:
        """The volunteer takes it, and the peer's phone rings."""
        self.offered(ringing)
        self.key(ringing, "1")
        return self.peer_rung(ringing)

    def peer_rung(self, ringing: Ringing) -> Rung:
        (leg,) = dialled(self.scene)
        assert leg.purpose is LegPurpose.CHECKIN
        with self.scene.database.reading() as session:
            call = session.scalars(select(Call).where(Call.leg_id == leg.id)).one()
            return Rung(self.carrier, ringing.sid, _on_the_line(call), leg.token, ringing.token)


def _on_the_line(call: Call) -> OnTheLine:
    return OnTheLine(call.id, call.token, str(call.carrier_sid), call.number)


def at_any_hour(scene: Scene) -> None:
    """No quiet hours: tests run at night too."""
    with scene.database.transaction() as session:
        for key, text in ANY_HOUR.items():
            live_settings.write(session, key, text, clock.now())
