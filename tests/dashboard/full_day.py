"""A day sheet with something of everything: each way in which a check-in stands, and why."""

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from phoneline.models import Checkin, Contact
from phoneline.states import (
    AttemptResult,
    CallState,
    CheckinReason,
    CheckinState,
    ContactKind,
    Direction,
    FollowUp,
    LegEnd,
    LegState,
    PlanKind,
    Purpose,
    Role,
    SettledBy,
)
from tests import factories
from tests.dashboard.evening import HOUR, MINUTE, Evening


class FullDay:
    """The evening's check-ins, by the names of their peers."""

    def __init__(self, session: Session, evening: Evening) -> None:
        self._session, self._evening = session, evening
        self.now = evening.now
        self.checkins: dict[str, Checkin] = {}

    def fill(self) -> "FullDay":
        one, state, reason = self.one, CheckinState, CheckinReason
        safety, volunteer = {"purpose": Purpose.SAFETY}, {"kind": PlanKind.VOLUNTEER}
        self.tried(one("Amina", -10 * HOUR, state.OK, settled_by=SettledBy.KEYPAD), (0, AttemptResult.OK))
        self.talked(one("Bo", -9 * HOUR, state.TALKED, settled_by=SettledBy.VOLUNTEER, **volunteer), "Joëlle")
        one("Chidi", -8 * HOUR, state.TALKED, settled_by=SettledBy.INBOUND_CALL)
        one("Dora", -7 * HOUR, state.SKIPPED, reason=reason.NO_CONSENT)
        one("Emil", -7 * HOUR, state.SKIPPED, reason=reason.PAUSED)
        self.tried(one("Fatou", -6 * HOUR, state.STOPPED), (0, AttemptResult.STOP))
        self.tried(
            self.needed(one("Gil", -5 * HOUR, state.UNREACHED, **safety), FollowUp.URGENT),
            (0, AttemptResult.NO_ANSWER),
            (12, AttemptResult.MACHINE),
            (24, AttemptResult.NO_ANSWER),
        )
        self.needed(one("Hana", -4 * HOUR, state.EXPIRED), FollowUp.WANTED)
        self.tried(one("Ines", -25 * MINUTE, state.WAITING, again=4 * MINUTE), (0, AttemptResult.BUSY))
        later = one("Jo", -2 * HOUR, state.WAITING, again=18 * MINUTE, snoozes_used=1)
        self.tried(later, (0, AttemptResult.LATER))
        one("Kofi", -20 * MINUTE, state.DUE, plan={"quiet": "18:00-20:00"})
        one("Lia", -15 * MINUTE, state.DUE, **volunteer)
        self.ringing(one("Mo", -1 * MINUTE, state.CALLING))
        one("Noémie", 31 * MINUTE, state.DUE, zone="America/Vancouver")
        one("Ole", 2 * HOUR, state.DUE, **volunteer, **safety)
        return self

    def week(self) -> None:
        """The six days before: nearly all were heard from, most at once."""
        for days in range(1, 7):
            for index, name in enumerate(("Pia", "Bela", "Cy", "Dev")):
                apart = -timedelta(days=days) - index * HOUR
                silent = (days, index) in {(2, 3), (5, 0)}
                state = CheckinState.UNREACHED if silent else CheckinState.OK
                kind = PlanKind.VOLUNTEER if index == 1 else PlanKind.AUTOMATED
                by = SettledBy.VOLUNTEER if index == 1 else SettledBy.KEYPAD
                made = self.one(name, apart, state, kind=kind, settled_by=None if silent else by)
                if index == 1:
                    self.talked(made, "Ana" if days == 3 else "Joëlle")
                self.tried(made, (index * (days % 3), AttemptResult.OK))
                made.attempts_used = 3 if silent else index % 2
                self.checkins[f"{name}, {days} days ago"] = made

    def one(self, name: str, apart: timedelta, state: CheckinState, **given: Any) -> Checkin:
        """A peer of that name and their check-in."""
        zone, again, plan = given.pop("zone", None), given.pop("again", None), given.pop("plan", {})
        peer = factories.person(self._session, Role.PEER, now=self.now, name=name, timezone=zone)
        due_at = self.now.replace(second=0, microsecond=0) + apart
        kind, purpose = given.pop("kind", PlanKind.AUTOMATED), given.pop("purpose", Purpose.SOCIAL)
        usual = self._evening.team["Joëlle"].id if kind is PlanKind.VOLUNTEER else None
        local = due_at.replace(tzinfo=None)
        done = {"laid_out_until": self.now + 36 * HOUR, "volunteer_id": usual}
        planned = factories.plan(self._session, peer, local, self.now, kind=kind, purpose=purpose, **done, **plan)
        factories.consent(self._session, peer, self.now)
        if again is not None:
            given["attempt_due_at"] = given["dial_after"] = self.now.replace(second=0) + again
        if given.get("settled_by"):
            given["settled_at"] = due_at + MINUTE
        self.checkins[name] = factories.checkin(self._session, planned, due_at, state=state, **given)
        return self.checkins[name]

    def tried(self, of: Checkin, *ended: tuple[int, AttemptResult]) -> None:
        """Attempts, so many minutes after it was due."""
        for index, (after, result) in enumerate(ended):
            at = of.due_at + after * MINUTE + timedelta(seconds=2)
            over = at + timedelta(seconds=45)
            leg = factories.leg(
                self._session, at, dialled_at=at, ended_at=over, end=LegEnd.NO_ANSWER, state=LegState.ENDED
            )
            call = factories.call(
                self._session,
                at,
                leg_id=leg.id,
                person_id=of.person_id,
                direction=Direction.OUTBOUND,
                state=CallState.ENDED,
                ended_at=over,
            )
            factories.attempt(self._session, of, call, at, result=result, over_at=over, number_position=1 + index % 2)
            of.attempts_used += 1
        self._session.flush()

    def ringing(self, of: Checkin) -> None:
        at = self.now - timedelta(seconds=9)
        leg = factories.leg(self._session, at, dialled_at=at, state=LegState.PLACED)
        call = factories.call(
            self._session,
            at,
            leg_id=leg.id,
            person_id=of.person_id,
            direction=Direction.OUTBOUND,
            state=CallState.CHECKIN,
        )
        factories.attempt(self._session, of, call, at)

    def needed(self, of: Checkin, follow_up: FollowUp) -> Checkin:
        at = of.due_at + HOUR
        factories.contact(
            self._session, at, kind=ContactKind.CHECKIN, person_id=of.person_id, checkin_id=of.id, follow_up=follow_up
        )
        return of

    def talked(self, of: Checkin, volunteer: str) -> None:
        by = self._evening.team[volunteer].id
        made: Contact = factories.contact(
            self._session, of.due_at, kind=ContactKind.CHECKIN, person_id=of.person_id, checkin_id=of.id
        )
        made.volunteer_id = by
        self._session.flush()

    def ahead(self) -> None:
        """Plans for the days to come."""
        for hour, name in enumerate(("Amina", "Ole", "Kofi", "Lia", "Jo"), start=9):
            peer = self.checkins[name].person
            local = self.now.replace(tzinfo=None, hour=hour, minute=0, second=0)
            rule = "FREQ=DAILY" if hour % 2 else "FREQ=WEEKLY;BYDAY=TH,SA"
            factories.plan(self._session, peer, local, self.now, rrule=rule)
