"""Whatever happens to a check-in, in whatever order and however late: no way leads out of an end, and none is lost."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from phoneline import checkins, due_checkins, occasions, plans, progress
from phoneline.carrier.statuses import Status
from phoneline.home import Home
from phoneline.live_settings import LiveSettings
from phoneline.models import Attempt, Checkin
from phoneline.quiet_hours import window
from phoneline.states import (
    OPEN_CHECKIN_STATES,
    CheckinReason,
    CheckinState,
    LegEnd,
    LegState,
    PlanAuthor,
    Purpose,
    SettledBy,
)
from tests import factories
from tests.databases import Databases
from tests.factories import TORONTO

NEVER = window("00:00-00:00")
LIVE = LiveSettings(
    quiet_weekday=NEVER,
    quiet_weekend=NEVER,
    checkin_attempts=2,
    checkin_snoozes=1,
    home=Home(TORONTO, "+14165550100"),
)
START = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)


class Course:
    """Two check-ins of one peer, and all that may happen to them. `n` picks which."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.now = START
        peer = factories.person(session, now=START)
        factories.consent(session, peer, START)
        self.person_id = peer.id
        self._made = [
            factories.checkin(session, factories.plan(session, peer, local, START, purpose=purpose), START).id
            for local, purpose in (
                (datetime(2026, 11, 23, 10), Purpose.SOCIAL),  # noqa: DTZ001 - by the clock on the wall
                (datetime(2026, 11, 23, 9), Purpose.SAFETY),  # noqa: DTZ001 - as above
            )
        ]

    def rows(self) -> Sequence[Checkin]:
        return [checkins.locked(self.session, one) for one in self._made]

    def attempts(self) -> Sequence[Attempt]:
        return self.session.scalars(select(Attempt).order_by(Attempt.at, Attempt.id)).all()

    def _of(self, n: int) -> Attempt | None:
        """One of all that there were: keys and notices may be very late."""
        found = self.attempts()
        return found[-1 - n % len(found)] if found else None

    def dial(self, _: int) -> None:
        before = {one.id: one.state for one in self.rows()}
        leg = due_checkins.begin_attempt(self.session, LIVE, TORONTO, self.now)
        if leg is not None:
            [begun] = [one for one in self.attempts() if one.call.leg_id == leg.id]
            assert before[begun.checkin_id] in {CheckinState.DUE, CheckinState.WAITING}

    def on_leg(self, what: Callable[..., None], *more: object) -> Callable[[int], None]:
        def act(n: int) -> None:
            attempt = self._of(n)
            if attempt is not None and attempt.call.leg is not None:
                what(self.session, attempt.call.leg, *more, self.now)

        return act

    def placed(self, n: int) -> None:
        attempt = self._of(n)
        if attempt is not None and attempt.call.leg is not None:
            progress.placed(self.session, attempt.call.leg, f"CA{attempt.call.leg.token}", self.now)

    def end(self, n: int) -> None:
        attempt = self._of(n // 5)
        if attempt is not None and attempt.call.leg is not None:
            word = Status(live=False, end=list(LegEnd)[n % 5])
            progress.status(self.session, attempt.call.leg, word, LIVE, self.now, self.now)

    def key(self, press: Callable[..., object], *more: object) -> Callable[[int], None]:
        def act(n: int) -> None:
            attempt = self._of(n)
            if attempt is not None:
                press(self.session, attempt, *more, self.now)

        return act

    def identify(self, n: int) -> None:
        attempt = self._of(n)
        if attempt is not None:
            attempt.identified_at = attempt.identified_at or self.now

    def joined(self, n: int) -> None:
        attempt = self._of(n)
        if attempt is not None and attempt.over_at is None:
            checkins.talked(self.session, attempt.call, self.now)

    def plan(self, n: int) -> None:
        plan = self.rows()[n % 2].plan
        if n % 3:
            plans.pause(self.session, plan, self.now, None, LIVE, self.now)
        else:
            plans.end(self.session, plan, PlanAuthor.PEER, self.now)

    def time(self, n: int) -> None:
        self.now += timedelta(seconds=(1, 4, 30, 601, 1801, 3601)[n % 6])
        self.look()

    def look(self) -> None:
        due_checkins.hold_or_expire(self.session, LIVE, TORONTO, self.now)

    def acts(self) -> Mapping[str, Callable[[int], object]]:
        heard = checkins.heard_from
        return {
            "dial": self.dial,
            "placed": self.placed,
            "unclear": self.on_leg(progress.unclear),
            "refused": self.on_leg(progress.refused, LIVE),
            "not reached": self.on_leg(progress.not_reached, LIVE),
            "end": self.end,
            "me": self.identify,
            "ok": self.key(checkins.said_ok),
            "later": self.key(checkins.said_later, LIVE),
            "stop": self.key(checkins.said_stop),
            "talk": self.key(checkins.wants_to_talk),
            "joined": self.joined,
            "calls": lambda _: heard(self.session, self.person_id, SettledBy.INBOUND_CALL, self.now),
            "texts": lambda _: heard(self.session, self.person_id, SettledBy.SMS, self.now),
            "stop by text": lambda _: checkins.stop_all(self.session, self.person_id, self.now),
            "skip": lambda n: occasions.skip(self.session, self._made[n % 2], CheckinReason.BY_HAND),
            "move": lambda n: occasions.move(self.session, self._made[n % 2], self.now + timedelta(minutes=n)),
            "plan": self.plan,
            "time": self.time,
        }


OFTEN = ["dial", "time", "end", "me", "later", "placed"]
RARE = ["ok", "stop", "calls", "texts", "stop by text", "skip", "plan", "joined"]
ACTS = [*OFTEN * 3, *RARE, *["unclear", "refused", "not reached", "talk", "move"] * 2]
End = tuple[CheckinState, datetime | None, SettledBy | None]


def ends(course: Course) -> dict[str, End]:
    return {
        one.id: (one.state, one.settled_at, one.settled_by)
        for one in course.rows()
        if one.state not in OPEN_CHECKIN_STATES
    }


def in_order(course: Course) -> None:
    """What holds between any two acts."""
    for row in course.rows():
        live = [one for one in course.attempts() if one.checkin_id == row.id and one.over_at is None]
        assert len(live) <= 1
        assert live or row.state is not CheckinState.CALLING, "nobody would ever look after it"
        assert 0 <= row.attempts_used <= LIVE.checkin_attempts
        assert row.snoozes_used <= LIVE.checkin_snoozes


def let_it_end(course: Course) -> None:
    """Every leg ends; the clock goes on, and nobody does anything any more."""
    for _ in range(3):
        for attempt in course.attempts():
            leg = attempt.call.leg
            if leg is not None and leg.state is not LegState.ENDED:
                word = Status(live=False, end=LegEnd.NO_ANSWER)
                progress.status(course.session, leg, word, LIVE, course.now, course.now)
        course.now += timedelta(hours=2)
        course.look()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 30)), min_size=8, max_size=35))
@example([("dial", 0), ("later", 0), ("end", 0), ("time", 5), ("dial", 0), ("end", 0), ("later", 0)])
def test_no_way_leads_out_of_an_end_and_every_check_in_comes_to_one(
    databases: Databases, happens: list[tuple[str, int]]
) -> None:
    with databases.opened("sqlite") as database, database.transaction() as session:
        course = Course(session)
        acts = course.acts()
        ended: dict[str, End] = {}
        for name, n in happens:
            acts[name](n)
            session.flush()
            in_order(course)
            now_ended = ends(course)
            assert now_ended | ended == now_ended, f"{name} led out of an end"
            ended = now_ended
        let_it_end(course)
        assert len(ends(course)) == 2, "lost"
        session.rollback()
