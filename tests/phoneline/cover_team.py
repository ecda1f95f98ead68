"""Volunteers whose shifts change hands, and what they hear."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from phoneline import cover_requests, due_cover_requests
from phoneline.cover_states import CoverKind, CoverState
from phoneline.db import Database
from phoneline.live_settings import LiveSettings
from phoneline.models import CoverAsked, CoverRequest, Person, RosterChange, ShiftHours, TextOut
from phoneline.roster_changes import By
from phoneline.roster_states import Refusal, RosterAct
from phoneline.states import Role
from tests import factories

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
"""A Monday, 10:00 in Toronto: nobody sleeps."""
LIVE = LiveSettings()
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SOON = NOW + 3 * DAY
AWAY, SWAP, COVER = CoverKind.GIVE_AWAY, CoverKind.SWAP, CoverKind.COVER


class Team:
    """Volunteers, their shifts, and what they hear."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.ids: dict[str, str] = {}
        self.now = NOW

    def volunteer(self, name: str, *roles: Role) -> str:
        with self.database.transaction() as session:
            made = factories.person(session, Role.VOLUNTEER, *roles, now=NOW - 30 * DAY, name=name)
            self.ids[name] = made.id
        return name

    def later(self) -> datetime:
        """Texts are told apart by when they were written."""
        self.now += timedelta(milliseconds=1)
        return self.now

    def team(self, count: int) -> Sequence[str]:
        return [self.volunteer(f"V{number:02}") for number in range(count)]

    def shift(self, name: str | None, starts: datetime = SOON, hours: float = 2, **given: object) -> str:
        """The id of the only hours of a shift of theirs, or of nobody's."""
        with self.database.transaction() as session:
            who = session.get_one(Person, self.ids[name]) if name else None
            local = starts.astimezone(factories.TORONTO).replace(tzinfo=None)
            made = factories.shift(session, who, local, local + timedelta(hours=hours), NOW, **given)
            found = session.scalars(select(ShiftHours.id).where(ShiftHours.shift_id == made.id)).all()
            return found[0] if found else ""

    def ask(self, hours_id: str, name: str = "Ana", kind: CoverKind = AWAY, by: By | None = None) -> str | Refusal:
        with self.database.transaction() as session:
            who = session.get_one(Person, self.ids[name])
            done = cover_requests.ask(session, hours_id, who, kind, by or By(who.id), LIVE, self.later())
            return done if isinstance(done, Refusal) else done.id

    def take(self, request_id: str, name: str) -> Refusal | None:
        """Nothing if it is theirs."""

        def work(session: Session) -> ShiftHours | Refusal:
            who = session.get_one(Person, self.ids[name])
            return cover_requests.take(session, request_id, who, By(who.id), LIVE, self.later())

        done = self.database.run(work)
        return done if isinstance(done, Refusal) else None

    def undo(self, hours_id: str, name: str) -> Refusal | None:
        with self.database.transaction() as session:
            who = session.get_one(Person, self.ids[name])
            done = cover_requests.undo(session, hours_id, who, By(who.id), LIVE, self.later())
            return done if isinstance(done, Refusal) else None

    def offer(self, request_id: str, name: str, hours_id: str) -> str | Refusal:
        with self.database.transaction() as session:
            who = session.get_one(Person, self.ids[name])
            done = cover_requests.offer_swap(session, request_id, who, hours_id, LIVE, self.later())
            return done if isinstance(done, Refusal) else done.id

    def accept(self, offer_id: str) -> Refusal | None:
        with self.database.transaction() as session:
            done = cover_requests.accept_swap(session, offer_id, By(self.ids["Ana"]), LIVE, self.later())
            return done if isinstance(done, Refusal) else None

    def wait_for(self, hours_id: str, name: str) -> None:
        with self.database.transaction() as session:
            cover_requests.wait_for(session, hours_id, session.get_one(Person, self.ids[name]), self.now)

    def look(self, now: datetime | None = None) -> None:
        """What a clock does, as long as it has something to do."""
        self.now = now or self.now
        for _ in range(20):
            with self.database.reading() as session:
                if not session.scalars(select(due_cover_requests.is_anything_due(self.now))).one():
                    return
                found = due_cover_requests.whom_to_ask(session, LIVE, self.now)
            with self.database.transaction() as session:
                due_cover_requests.look(session, found, LIVE, self.now)
        pytest.fail("the clock is never done")

    def whose(self, hours_id: str) -> str | None:
        with self.database.reading() as session:
            person_id = session.get_one(ShiftHours, hours_id).person_id
            return next((name for name, one in self.ids.items() if one == person_id), None)

    def state(self, request_id: str) -> CoverState:
        with self.database.reading() as session:
            return session.get_one(CoverRequest, request_id).state

    def heard(self, name: str) -> list[str]:
        """The texts to somebody, oldest first."""
        with self.database.reading() as session:
            found = select(TextOut).where(TextOut.person_id == self.ids[name]).order_by(TextOut.created_at, TextOut.id)
            return [one.body for one in session.scalars(found)]

    def asked(self) -> list[str]:
        with self.database.reading() as session:
            ids = set(session.scalars(select(CoverAsked.person_id)))
            return sorted(name for name, one in self.ids.items() if one in ids)

    def acts(self) -> list[RosterAct]:
        with self.database.reading() as session:
            return list(session.scalars(select(RosterChange.act).order_by(RosterChange.at, RosterChange.id)))
