"""What the stories are told with: people with telephones, shifts, plans, and what the exports say in the end."""

import csv
import io
import json
import re
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, select, update

from phoneline import callbacks, due_checkins, exports, live_settings
from phoneline.live_settings import FRESH_SECONDS
from phoneline.models import (
    CHECKIN_WAITS,
    LEG_IS_LIVE,
    Alarm,
    Call,
    Callback,
    Checkin,
    Escalation,
    Leg,
    LiveSetting,
    Offer,
    ShiftReminder,
)
from phoneline.simulator import Behaviour, Faults, Handset
from phoneline.spreadsheets import IMPORTS
from phoneline.states import CallbackState, CheckinState
from tests.journeys.stack import Stack

ZONE = ZoneInfo("America/Toronto")
AREAS = (416, 647, 437, 289, 365, 905, 204, 226, 236, 249, 250, 306)
QUICK = {
    "quiet_weekday": "00:00-00:00",
    "quiet_weekend": "00:00-00:00",
    "calls_per_second": "50",
    "wrap_up_seconds": "5",
}
"""Stories happen at any hour, and go on quickly."""


class Story:
    """One test's people on the running line. Waits are in our seconds; the line's go `stack.speed` times as fast."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.network = stack.network
        self._numbers = 0
        stack.clean()
        self._errors_before = Counter(stack.errors())
        self.set()

    def end(self) -> None:
        """Everybody hangs up, and the line has heard of it before the next story begins."""
        self.network.faults = Faults()
        self._nothing_more_to_do()
        for handset in self.network.handsets:
            handset.behaviour = Behaviour(busy=True)
        eventually(self._everybody_hung_up, 30)
        self.network.wait_quiet(20)

    def let_go_of_promises(self) -> None:
        """Nobody is called back any more: the line would go on trying."""
        with self.stack.database.transaction() as session:
            open_ones = update(Callback).where(Callback.state.in_(callbacks.OPEN))
            session.execute(open_ones.values(state=CallbackState.GIVEN_UP))

    def _nothing_more_to_do(self) -> None:
        """The line rings nobody of its own accord: it would be ringing as the next story begins."""
        self.let_go_of_promises()
        with self.stack.database.transaction() as session:
            session.execute(update(Alarm).values(next_step_at=None))
            session.execute(update(Escalation).values(next_step_at=None))
            session.execute(update(ShiftReminder).values(due_at=None))
            session.execute(update(Checkin).where(CHECKIN_WAITS).values(state=CheckinState.EXPIRED))

    def _everybody_hung_up(self) -> bool:
        for handset in self.network.handsets:
            if handset.current_leg is not None:
                handset.current_leg.end("completed", "the story is over")
        return self.live_calls() == 0 and self.live_legs() == 0

    def live_legs(self) -> int:
        with self.stack.database.reading() as session:
            return session.scalars(select(func.count()).select_from(Leg).where(LEG_IS_LIVE)).one()

    def errors(self) -> list[str]:
        """Those that came since this story began, whichever process they came from."""
        new = Counter(self.stack.errors()) - self._errors_before
        return [line for line in new.elements() if not self._is_of_another(line)]

    def _is_of_another(self, line: str) -> bool:
        """Whether it is about a row of the story before, which was gone as the carrier's answer came."""
        found = re.search(r'"(?:leg|id)": "([^"]+)"', line)
        if found is None or "NoResultFound" not in line:
            return False
        with self.stack.database.reading() as session:
            return all(session.get(model, found[1]) is None for model in (Leg, Call, Offer))

    # Who is there

    def person(self, name: str, roles: str = "peer", behaviour: Behaviour | None = None, **cells: str) -> Handset:
        """Somebody with a telephone of their own."""
        handset = self.phone(name, "volunteer" if "volunteer" in roles else "peer", behaviour)
        self.take("people", [{"name": name, "phone": handset.number, "roles": roles, **cells}])
        return handset

    def phone(self, label: str, kind: str = "peer", behaviour: Behaviour | None = None) -> Handset:
        """A telephone that nobody on the line knows."""
        taken = {one.number for one in self.network.handsets}
        number = next(n for n in _numbers() if n not in taken)
        return self.network.handset(number, label, behaviour, "volunteer" if kind == "volunteer" else "peer")

    def volunteer(
        self, name: str, tier: int = 1, behaviour: Behaviour | None = None, roles: str = "volunteer", **cells: str
    ) -> Handset:
        """A volunteer, or whom else the roles say, who is on shift now."""
        handset = self.person(name, roles, behaviour, **cells)
        now = self.local()
        shift = {"phone": handset.number, "starts_at": now - timedelta(hours=1), "ends_at": now + timedelta(hours=9)}
        self.take("shifts", [{**shift, "tier": tier}])
        return handset

    def checkin(self, peer: Handset, due: datetime | None = None, **cells: str) -> None:
        """An automated check-in, due now unless told otherwise."""
        row = {"phone": peer.number, "starts_at": due or self.local(), "kind": "automated", **cells}
        self.take("checkins", [row])

    def take(self, kind: str, rows: Sequence[dict[str, Any]]) -> None:
        """Import a spreadsheet."""
        IMPORTS[kind](self.stack.database, table(rows), ZONE, self.stack.now())

    def set(self, **settings: str) -> None:
        """The line's live settings from here on; waits until every process knows them."""
        wanted = {**QUICK, **settings}
        if wanted == self.stack.settings:
            return
        with self.stack.database.transaction() as session:
            session.execute(delete(LiveSetting))
            for key, value in wanted.items():
                live_settings.write(session, key, value, self.stack.now())
        self.stack.settings = wanted
        time.sleep(FRESH_SECONDS + 0.05)

    def look_again(self) -> None:
        """What `phoneline settings set` does after a change of quiet hours."""
        with self.stack.database.transaction() as session:
            due_checkins.look_again(session)

    def local(self) -> datetime:
        return self.stack.now().astimezone(ZONE).replace(tzinfo=None, microsecond=0)

    # What was written down

    def export(self, kind: str) -> list[dict[str, Any]]:
        rows = exports.read(self.stack.database, exports.EXPORTS[kind], None, None)
        return [json.loads(line) for line in exports.as_jsonl(rows)]

    def calls(self) -> list[dict[str, Any]]:
        return self.export("calls")

    def contacts(self) -> list[dict[str, Any]]:
        return self.export("contacts")

    def checkins(self) -> list[dict[str, Any]]:
        return self.export("checkins")

    def live_calls(self) -> int:
        return sum(row["ended_at"] is None for row in self.calls())

    def call_ended(self, count: int = 1) -> list[dict[str, Any]]:
        """The calls, once so many have ended."""
        eventually(lambda: sum(row["ended_at"] is not None for row in self.calls()) >= count, 30)
        return self.calls()

    def checkin_is(self, state: str, seconds: float = 30) -> dict[str, Any]:
        """The only check-in, once it has come to this state."""
        eventually(lambda: [row["state"] for row in self.checkins()] == [state], seconds)
        return self.checkins()[0]


def _numbers() -> Sequence[str]:
    return [f"+1{area}55501{last:02}" for area in AREAS for last in range(1, 100)]


def table(rows: Sequence[dict[str, Any]]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows({k: v.isoformat() if isinstance(v, datetime) else v for k, v in row.items()} for row in rows)
    return text.getvalue().encode()


def eventually(holds: Callable[[], bool], seconds: float = 20) -> None:
    """Wait for something that the line does by itself. AssertionError if it doesn't."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not come to be in time"
        time.sleep(0.05)


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
