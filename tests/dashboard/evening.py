"""An invented evening on the line, for tests that need a page with something on it and for its pictures."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from phoneline import people
from phoneline.crypto import lookup_hash
from phoneline.db import lookup_key
from phoneline.models import Account, Apart, Call, Checkin, Contact, Person
from phoneline.states import (
    AccountRole,
    CallOutcome,
    CallState,
    CheckinState,
    ContactKind,
    ContactOutcome,
    Direction,
    FollowUp,
    OfferResult,
    PlanKind,
    Purpose,
    Role,
)
from tests import factories

NOW = datetime(2026, 11, 18, 0, 14, tzinfo=UTC)
"""A Tuesday in Toronto, a quarter past seven in the evening."""
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
MESSAGE = "a-message"
"""The contact of the message that Luz left."""
PASSWORD = "four words make sense"
EMAILS = {role: f"{role.value}@example.org" for role in AccountRole}


def logins(session: Session, now: datetime) -> None:
    """A login for each role."""
    for role, email in EMAILS.items():
        session.add(
            Account(
                email=email,
                email_hash=lookup_hash(lookup_key(session), email),
                role=role,
                password_hash=factories.quick_hash(PASSWORD),
                created_at=now,
            )
        )


class Evening:
    """Who is about: made once, then referred to by name."""

    def __init__(self, session: Session, now: datetime = NOW) -> None:
        self._session = session
        self.now = now
        self.local = now.astimezone(factories.TORONTO).replace(tzinfo=None, second=0, microsecond=0)
        team, peers = ("Ana", "Ravi", "Kim", "Joëlle"), ("Sam", "Marguerite", "Old Tom", "Blue Heron", "Luz", "D.")
        self.team = {name: self._person(name, Role.VOLUNTEER) for name in team}
        self.peers = {name: self._person(name, Role.PEER) for name in peers}

    def _person(self, name: str, role: Role) -> Person:
        return factories.person(self._session, role, now=self.now, name=name)

    def fill(self) -> "Evening":
        self.shifts()
        self.calls_in_progress()
        self.checkins()
        self.contacts()
        self.blocks()
        self.apart()
        self.plans()
        self._session.flush()
        return self

    def shifts(self) -> None:
        """Ana and Ravi until ten with Kim behind them, then nobody until Joëlle in the morning."""
        start = self.local.replace(hour=18, minute=0)
        for name, first, length, tier in (
            ("Ana", start, 4, 1),
            ("Ravi", start, 4, 1),
            ("Kim", start, 4, 2),
            ("Joëlle", start + timedelta(hours=15), 4, 1),
        ):
            ends = first + timedelta(hours=length)
            factories.shift(self._session, self.team[name], first, ends, self.now, tier=tier)

    def calls_in_progress(self) -> None:
        """Sam talks with Ana; somebody unknown waits while Ravi's phone rings."""
        talking = factories.call(
            self._session,
            self.now - 6 * MINUTE,
            person_id=self.peers["Sam"].id,
            volunteer_id=self.team["Ana"].id,
            state=CallState.CONNECTED,
            number=factories.number(1),
            answered_at=self.now - 5 * MINUTE,
            joined_at=self.now - 4 * MINUTE - timedelta(seconds=20),
        )
        taken = factories.offer(self._session, talking, self.team["Ana"], self.now - 5 * MINUTE)
        taken.result = OfferResult.ACCEPTED
        taken.accepted_at = self.now - 4 * MINUTE - timedelta(seconds=20)
        waiting = factories.call(self._session, self.now - timedelta(seconds=40), number=factories.number(77))
        factories.offer(self._session, waiting, self.team["Ravi"], self.now - timedelta(seconds=12))

    def checkins(self) -> None:
        """Some are done, one is tried again, some are to come."""
        for name, apart, state, kind in (
            ("Blue Heron", -10 * HOUR, CheckinState.OK, PlanKind.AUTOMATED),
            ("Luz", -9 * HOUR, CheckinState.TALKED, PlanKind.VOLUNTEER),
            ("Old Tom", -3 * HOUR, CheckinState.UNREACHED, PlanKind.AUTOMATED),
            ("D.", -8 * MINUTE, CheckinState.WAITING, PlanKind.AUTOMATED),
            ("Marguerite", 31 * MINUTE, CheckinState.DUE, PlanKind.AUTOMATED),
            ("Blue Heron", 14 * HOUR, CheckinState.DUE, PlanKind.AUTOMATED),
            ("Luz", 15 * HOUR, CheckinState.DUE, PlanKind.VOLUNTEER),
        ):
            self.checkin(name, self.now + apart, state, kind)

    def plans(self) -> None:
        """Ana calls Sam twice a week, and the line every evening; he and others have agreed to that."""
        sam, ana, laid_out_until = self.peers["Sam"], self.team["Ana"], self.now + 36 * HOUR
        people.give_consent(
            self._session, sam.id, "by phone, their own word", self.now - 9 * DAY, words="Evenings are fine."
        )
        for name in ("Marguerite", "Blue Heron", "Old Tom", "D."):
            factories.consent(self._session, self.peers[name], self.now - 9 * DAY)
        given = {"purpose": Purpose.SAFETY, "laid_out_until": laid_out_until}
        starts = (self.local - 8 * DAY).replace(hour=10, minute=0)
        rule = "FREQ=WEEKLY;BYDAY=MO,TH"
        factories.plan(
            self._session,
            sam,
            starts,
            self.now,
            rrule=rule,
            kind=PlanKind.VOLUNTEER,
            volunteer_id=ana.id,
            topics="his garden, chess",
            **given,
        )
        factories.plan(self._session, sam, starts.replace(hour=18, minute=30), self.now, rrule="FREQ=DAILY", **given)

    def checkin(self, name: str, due_at: datetime, state: CheckinState, kind: PlanKind) -> Checkin:
        volunteer = self.team["Joëlle"].id if kind is PlanKind.VOLUNTEER else None
        plan = factories.plan(
            self._session,
            self.peers[name],
            due_at.replace(tzinfo=None, microsecond=0),
            self.now,
            kind=kind,
            purpose=Purpose.SOCIAL,
            volunteer_id=volunteer,
        )
        again = {"attempt_due_at": self.now + 2 * MINUTE} if state is CheckinState.WAITING else {}
        return factories.checkin(self._session, plan, due_at, state=state, **again)

    def contacts(self) -> None:
        """Today's, and some of the days before."""
        one = self.contact
        one(25 * MINUTE, ContactKind.CALL, None, "", CallOutcome.CALLBACK)
        promised = one(25 * MINUTE, ContactKind.CALLBACK, None, "", CallOutcome.CALLBACK, follow_up=FollowUp.WANTED)
        self.asked_for(promised)
        one(70 * MINUTE, ContactKind.CALL, "Marguerite", "Ravi", CallOutcome.CONNECTED, 742, ContactOutcome.FINE)
        tried = self.checkin("Old Tom", self.now - 2 * HOUR, CheckinState.UNREACHED, PlanKind.AUTOMATED)
        late: dict[str, Any] = {
            "owner_id": self.team["Joëlle"].id,
            "due_at": self.now + HOUR,
            "overdue_since": self.now - HOUR,
        }
        one(2 * HOUR, ContactKind.CHECKIN, "Old Tom", "", checkin=tried, follow_up=FollowUp.URGENT, **late)
        one(3 * HOUR, ContactKind.CALL, "D.", "", CallOutcome.ABANDONED)
        one(9 * HOUR, ContactKind.IN_PERSON, "Luz", "Joëlle", outcome=ContactOutcome.FINE)
        settled = self.checkin("Blue Heron", self.now - 11 * HOUR, CheckinState.OK, PlanKind.AUTOMATED)
        one(10 * HOUR, ContactKind.CHECKIN, "Blue Heron", "", checkin=settled, outcome=ContactOutcome.FINE)
        left = one(DAY, ContactKind.VOICEMAIL, "Luz", "", CallOutcome.VOICEMAIL, follow_up=FollowUp.DONE, id=MESSAGE)
        factories.voicemail(self._session, left, seconds=74, deleted_at=self.now)
        one(DAY + HOUR, ContactKind.CALL, "Sam", "Kim", CallOutcome.CONNECTED, 1910, ContactOutcome.FOLLOW_UP)
        one(DAY + 2 * HOUR, ContactKind.CALL, None, "Ana", CallOutcome.CONNECTED, 31, ContactOutcome.WRONG_NUMBER)
        one(4 * DAY, ContactKind.SMS, "Marguerite", "")
        one(9 * DAY, ContactKind.CALL, "Old Tom", "Ana", CallOutcome.CONNECTED, 4210, ContactOutcome.FINE)

    def blocks(self) -> None:
        """One number for a while, one until the day before yesterday, and half an hour a day agreed with Marguerite."""
        login = self._session.scalars(select(Account.id).filter_by(role=AccountRole.COORDINATOR)).one_or_none()
        agreed = {"minutes": 30, "calls": 3, "decided_by": login, "note": "Her own idea: it helps her to plan the day."}
        factories.daily_limit(self._session, self.peers["Marguerite"], self.now - 9 * DAY, **agreed)
        given = {"decided_by": login}
        late = self.now - DAY
        ends = self.now + 11 * DAY - 19 * HOUR - 14 * MINUTE
        factories.block(
            self._session,
            late,
            number=factories.number(66),
            reason="Rang forty times in one night.",
            **given,
            ends_at=ends,
        )
        over = self.now - 2 * DAY
        factories.block(
            self._session, over - 5 * DAY, number=factories.number(67), reason="Sales calls.", **given, ends_at=over
        )

    def apart(self) -> None:
        """D. and Ravi by a decision, Sam and Joëlle by the spreadsheet."""
        login = self._session.scalars(select(Account.id).filter_by(role=AccountRole.COORDINATOR)).one_or_none()
        given = {"reason": "They live in the same house.", "decided_by": login}
        factories.apart_decision(self._session, self.peers["D."].id, self.team["Ravi"].id, self.now - 3 * DAY, **given)
        self._session.add(Apart(person_id=self.peers["Sam"].id, other_id=self.team["Joëlle"].id, strict=False))

    def asked_for(self, contact: Contact) -> None:
        """Ravi let it ring, Kim passed: so the caller was promised a call back."""
        call = self._session.get_one(Call, contact.call_id)
        for name, ago, result in (("Ravi", 2, OfferResult.NO_ANSWER), ("Kim", 1, OfferResult.DECLINED)):
            factories.offer(self._session, call, self.team[name], contact.at - ago * MINUTE, result)

    def contact(  # noqa: PLR0913, PLR0917 - a line of the log, written as one
        self,
        ago: timedelta,
        kind: ContactKind,
        peer: str | None,
        volunteer: str,
        ending: CallOutcome | None = None,
        talked: int = 0,
        outcome: ContactOutcome = ContactOutcome.NONE,
        follow_up: FollowUp | None = None,
        checkin: Checkin | None = None,
        **more: Any,
    ) -> Contact:
        """One line of the log, with the call behind it where there was one."""
        wanted = {ContactOutcome.FOLLOW_UP: FollowUp.WANTED, ContactOutcome.URGENT: FollowUp.URGENT}
        call = self._ended_call(self.now - ago, peer, ending, talked) if ending else None
        opened = {"due_at": self.now + DAY - HOUR - 14 * MINUTE, "given_at": self.now - ago}
        made = Contact(
            at=self.now - ago,
            kind=kind,
            person_id=self.peers[peer].id if peer else None,
            volunteer_id=self.team[volunteer].id if volunteer else None,
            outcome=outcome,
            follow_up=follow_up or wanted.get(outcome, FollowUp.NONE),
            call_id=call.id if call else None,
            checkin_id=checkin.id if checkin else None,
            **(opened | more),
        )
        self._session.add(made)
        self._session.flush()
        return made

    def _ended_call(self, at: datetime, peer: str | None, ending: CallOutcome, talked: int) -> Call:
        return factories.call(
            self._session,
            at,
            person_id=self.peers[peer].id if peer else None,
            number=factories.number(12),
            direction=Direction.INBOUND,
            state=CallState.ENDED,
            answered_at=at if talked else None,
            ended_at=at + timedelta(seconds=talked + 30),
            talk_seconds=talked,
            outcome=ending,
        )
