"""A safety check-in that reached nobody, brought up its ladder step by step: the clock's look, the dials, the keys."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select

from phoneline import alarm_ladder, alarms, clock, due_callbacks, due_checkins, due_escalations, legs, progress
from phoneline.escalation_states import TellingKind
from phoneline.live_settings import LiveSettings
from phoneline.models import (
    AgreedContact,
    Alarm,
    Checkin,
    CheckinPlan,
    Contact,
    Escalation,
    EscalationTelling,
    Leg,
    Person,
    TextOut,
)
from phoneline.states import CheckinState, FollowUp, LegEnd, LegPurpose, LegState, Purpose
from tests import factories
from tests.webhooks.carrier import LINE_NUMBER, Carrier
from tests.webhooks.promises import Promises
from tests.webhooks.scenes import Scene
from tests.webhooks.twiml import Twiml

LIVE = LiveSettings(home=replace(LiveSettings().home, number=LINE_NUMBER, zone=factories.TORONTO))
STEP = LIVE.escalation_step_seconds


@dataclass
class Ladder:
    """`now` goes ahead of the clock by as much as the test says."""

    scene: Scene
    carrier: Carrier
    live: LiveSettings = LIVE
    now: datetime = field(default_factory=clock.now)
    checkin_id: str = ""
    person_id: str = ""

    @property
    def promises(self) -> Promises:
        return Promises(self.scene, self.carrier, self.now - clock.now(), self.live)

    def start_anew(self) -> None:
        """Without the ladders of before, and their calls."""
        with self.scene.database.transaction() as session:
            for model in (EscalationTelling, Escalation, Leg):
                session.execute(delete(model))

    def unreached(
        self, *friends: dict[str, Any], tried: int = LIVE.checkin_attempts, late: timedelta = timedelta(), **plan: Any
    ) -> None:
        """A safety check-in whose attempts are used up, of a peer with these people of their own."""
        with self.scene.database.transaction() as session:
            peer = factories.person(session, now=self.now, name="Sam Example")
            factories.consent(session, peer, self.now)
            given = {"purpose": Purpose.SAFETY} | plan
            planned = factories.plan(session, peer, self.now.replace(tzinfo=None), self.now, **given)
            stands = {"state": CheckinState.WAITING, "attempts_used": tried}
            checkin = factories.checkin(session, planned, self.now - late, **stands)
            for position, friend in enumerate(friends, start=1):
                factories.agreed_contact(session, peer, self.now, position=position, **friend)
            self.checkin_id, self.person_id = checkin.id, peer.id
        with self.scene.database.transaction() as session:
            due_checkins.hold_or_expire(session, self.live, factories.TORONTO, self.now)

    def again(self) -> None:
        """Another check-in of the same peer, given up a moment later."""
        with self.scene.database.transaction() as session:
            first = session.get_one(Checkin, self.checkin_id)
            plan = session.get_one(CheckinPlan, first.plan_id)
            stands = {"state": CheckinState.WAITING, "attempts_used": LIVE.checkin_attempts}
            factories.checkin(session, plan, self.now - timedelta(minutes=1), **stands)
        self.now += timedelta(seconds=1)
        with self.scene.database.transaction() as session:
            due_checkins.hold_or_expire(session, self.live, factories.TORONTO, self.now)

    def all_stand(self) -> set[tuple[str, str | None]]:
        """As `stands`, of all there are."""
        with self.scene.database.reading() as session:
            return {_stands(one) for one in session.scalars(select(Escalation))}

    def tick(self, seconds: float = 0) -> None:
        """What the clocks do, so much later: two of them."""
        # Keys are pressed by the real clock.
        self.now = max(self.now, clock.now()) + timedelta(seconds=seconds)
        for _ in range(2):
            with self.scene.database.transaction() as session:
                due_callbacks.look(session, self.live, self.now)
            with self.scene.database.transaction() as session:
                due_escalations.look(session, self.live, self.now)
            with self.scene.database.transaction() as session:
                due_callbacks.look(session, self.live, self.now)
                alarms.find(session, self.live, self.now)
                alarm_ladder.take_due_steps(session, self.live, self.now)

    def pending(self) -> list[tuple[str, str]]:
        """Purpose and number of what waits to be dialled."""
        with self.scene.database.reading() as session:
            found = session.scalars(select(Leg).where(Leg.state == LegState.PENDING).order_by(Leg.created_at))
            return [(one.purpose.value, one.number) for one in found]

    def dial(self, purpose: LegPurpose = LegPurpose.ESCALATION) -> Leg:
        """The one leg of that purpose that waits is dialled."""
        with self.scene.database.transaction() as session:
            waits = select(Leg).where(Leg.state == LegState.PENDING, Leg.purpose == purpose)
            leg = session.scalars(waits).one()
            legs.begin_dialling(leg, self.now)
            progress.placed(session, leg, f"CA{leg.token:0>32}", self.now)
            return leg

    def answer(self, leg: Leg) -> Twiml:
        return self.carrier.ask(f"/webhooks/legs/{leg.token}/answered", str(leg.carrier_sid))

    def press(self, leg: Leg, key: str, tries: int = 1) -> Twiml:
        return self.carrier.ask(f"/webhooks/escalations/{leg.token}/key/{tries}", str(leg.carrier_sid), Digits=key)

    def over(self, leg: Leg, end: LegEnd = LegEnd.NO_ANSWER) -> None:
        """The carrier's word that the call is over, twice."""
        with self.scene.database.transaction() as session:
            for _ in range(2):
                progress._over(
                    session, session.get_one(Leg, leg.id), end, self.live, self.now, self.now
                )  # the same as by a callback

    def rung(self, kind: TellingKind = TellingKind.ASK) -> list[tuple[str, str | None]]:
        """Whom we rang or texted, in order, and what came of it."""
        with self.scene.database.reading() as session:
            found = session.execute(
                select(AgreedContact.name, EscalationTelling.result)
                .join(AgreedContact, AgreedContact.id == EscalationTelling.agreed_contact_id)
                .where(EscalationTelling.kind == kind)
                .order_by(EscalationTelling.step)
            )
            return [(name, result.value if result else None) for name, result in found]

    def escalation(self) -> Escalation:
        with self.scene.database.reading() as session:
            return session.scalars(select(Escalation)).one()

    def stands(self) -> tuple[str, str | None]:
        """State, and the step or how it ended."""
        return _stands(self.escalation())

    def follow_up(self) -> str:
        with self.scene.database.reading() as session:
            found = session.scalars(select(Contact).where(Contact.checkin_id == self.checkin_id)).one()
            assert (found.done_at is not None) == (found.follow_up is FollowUp.DONE)
            return found.follow_up.value

    def alarms(self) -> int:
        return self.scene.count(Alarm)

    def texts(self) -> list[tuple[str, str]]:
        """Number and words of what we text."""
        with self.scene.database.reading() as session:
            return [(one.number, one.body) for one in session.scalars(select(TextOut).order_by(TextOut.created_at))]

    def checkin(self) -> Checkin:
        return self.scene.checkin(self.checkin_id)

    def person(self) -> Person:
        with self.scene.database.reading() as session:
            return session.get_one(Person, self.person_id)


def _stands(one: Escalation) -> tuple[str, str | None]:
    more = one.over_how or one.step
    return one.state.value, more.value if more else None
