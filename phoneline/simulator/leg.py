"""One call leg: its state, what was heard on it, and the keys that were pressed on it."""

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from phoneline.simulator.poster import About, Hook
from phoneline.simulator.script import Script
from phoneline.simulator.source import Source

if TYPE_CHECKING:
    from phoneline.simulator.exchange import Exchange
    from phoneline.simulator.handset import Handset
    from phoneline.simulator.room import Room

Direction = Literal["inbound", "outbound-api", "outbound-dial"]

OVER = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})
"""The statuses that nothing follows (Twilio: CallStatus)."""

EVENT_OF_STATUS = {"initiated": "initiated", "ringing": "ringing", "in-progress": "answered"}


class LegOver(Exception):  # noqa: N818 -- the ordinary end of a leg's thread, not an error
    """The leg has ended, or the network stops."""


class Redirected(Exception):  # noqa: N818 -- a turn in the road, not an error
    """REST has sent the leg to another document."""


@dataclass(frozen=True)
class Heard:
    """One line spoken on a leg; ``id`` counts from 0, ``at`` is in virtual seconds."""

    id: int
    text: str
    language: str
    at: float


@dataclass
class Progress:
    """Where a leg's progress is told, and which events of it."""

    hook: Hook
    events: frozenset[str]
    sequence: int = 0


class Leg:
    """A leg between the network and one telephone. All waiting times of its public methods are real seconds."""

    def __init__(
        self,
        exchange: "Exchange",
        direction: Direction,
        from_: str,
        to: str,
        *,
        handset: "Handset | None",
        progress: Progress | None = None,
        parent: "Leg | None" = None,
    ) -> None:
        self.exchange = exchange
        self.direction: Direction = direction
        self.from_ = from_
        self.to = to
        self.handset = handset
        self.progress = progress
        self.parent = parent
        self.sid = exchange.sids.new("CA")
        self.changed = threading.Condition(exchange.lock)
        self.status = "ringing" if direction == "inbound" else "queued"
        self.answered_by = ""
        self.queue_seconds = 0.0
        self.created_at = exchange.pace.now()
        self.created_wall = exchange.pace.wall()
        self.started_wall: float | None = self.created_wall if direction == "inbound" else None
        self.ended_wall: float | None = None
        self.answered_at: float | None = None
        self.ended_at: float | None = None
        self.heard: list[Heard] = []
        self.keys: deque[str] = deque()
        self.accepts = ""
        self.recording = False
        self.speaking_until = 0.0
        self.tape_from: float | None = None
        self.detour: Source | None = None
        self.room: Room | None = None
        self.children: list[Leg] = []
        self.bridged_with: Leg | None = None
        self.script = Script(self, exchange.timers, handset.behaviour) if handset else None
        exchange.legs[self.sid] = self
        self.note("leg_created", direction=direction, from_=from_, to=to, parent=parent.sid if parent else "")

    # What tests and handsets see

    @property
    def transcript(self) -> list[str]:
        """Every line spoken so far."""
        return [line.text for line in self.heard]

    @property
    def on_tape(self) -> list[str]:
        """What a machine that answered has recorded: the lines that began after its greeting."""
        since = self.tape_from
        return [] if since is None else [line.text for line in self.heard if line.at >= since]

    @property
    def over(self) -> bool:
        """Whether the leg has ended."""
        return self.status in OVER

    @property
    def number(self) -> str:
        """The telephone's own number, however the caller id is spelt."""
        if self.handset:
            return self.handset.number
        return self.from_ if self.direction == "inbound" else self.to

    def wait_heard(self, text: str, timeout: float = 10.0, since: int = 0) -> str:
        """The first line from number ``since`` of the transcript that has ``text`` in it, in any case of letters.

        A line counts from the moment that its speaking begins. Raises TimeoutError, at once when the leg has ended.
        """
        wanted = text.casefold()
        found: list[str] = []

        def there() -> bool:
            found.extend(line.text for line in self.heard[since:] if wanted in line.text.casefold())
            return bool(found) or self.over

        self._wait(there, timeout)
        if not found:
            raise TimeoutError(f"{text!r} was not heard; {self.status}; heard: {self.transcript}")
        return found[0]

    def wait_status(self, status: str, timeout: float = 10.0) -> None:
        """Until the leg has this status. Raises TimeoutError, at once when it has ended with another one."""
        self._wait(lambda: self.status == status or self.over, timeout)
        if self.status != status:
            raise TimeoutError(f"the leg is {self.status}, not {status}; heard: {self.transcript}")

    def wait_over(self, timeout: float = 10.0) -> str:
        """The status that the leg ended with. Raises TimeoutError."""
        if not self._wait(lambda: self.over, timeout):
            raise TimeoutError(f"the leg is still {self.status}; heard: {self.transcript}")
        return self.status

    def wait_listening(self, key: str = "1", timeout: float = 10.0) -> None:
        """Until a press of ``key`` would count. Raises TimeoutError, at once when the leg has ended."""
        self._wait(lambda: key in self.accepts or self.over, timeout)
        if key not in self.accepts:
            raise TimeoutError(f"nothing listens for {key!r}; {self.status}; heard: {self.transcript}")

    def wait_in_conference(self, timeout: float = 10.0, mates: int = 0) -> None:
        """Until the leg is in a conference, with at least so many ``mates`` in it. Raises TimeoutError."""

        def there() -> bool:
            return self.over or (self.room is not None and len(self.conference_mates()) >= mates)

        self._wait(there, timeout)
        if self.over or not there():
            raise TimeoutError(f"not in a conference with {mates}; {self.status}; heard: {self.transcript}")

    def conference_mates(self) -> "list[Leg]":
        """The other legs in the same conference."""
        with self.changed:
            return [] if self.room is None else [leg for leg in self.room.legs() if leg is not self]

    def _wait(self, there: Callable[[], bool], timeout: float) -> bool:
        with self.changed:
            return self.changed.wait_for(lambda: there() or self.exchange.stopping.is_set(), timeout)

    # Moves, each of them atomic under the exchange's lock

    def advance(self, status: str) -> None:
        """Go on to ``initiated``, ``ringing`` or ``in-progress``; a leg that is over stays as it ended."""
        with self.changed:
            if self.over or self.status == status:
                return
            self.status = status
            if status == "in-progress":
                self.answered_at = self.exchange.pace.now()
            if self.started_wall is None:
                self.started_wall = self.exchange.pace.wall()
            self.note({"in-progress": "leg_answered"}.get(status, f"leg_{status}"))
            self.tell(EVENT_OF_STATUS[status])
            if self.script:
                self.script.moved_to(status)
            self.notify()

    def end(self, status: str, by: str) -> bool:
        """End the leg and whatever hangs on it; False when it had ended before. ``by`` says who did it."""
        with self.changed:
            if self.over or self.exchange.stopping.is_set():
                return False
            told = self.status != "queued"
            self.status = status
            self.ended_at = self.exchange.pace.now()
            self.ended_wall = self.exchange.pace.wall()
            self.accepts = ""
            self.note("leg_ended", status=status, by=by, answered=self.answered_at is not None)
            for child in self.children:
                child.end("completed" if child.answered_at is not None else "canceled", "parent leg")
            if self.room:
                self.room.leave(self)
            # Twilio: a call that is cancelled while queued gives no callback at all.
            if told:
                self.tell("completed")
            self.notify()
            return True

    def press(self, keys: str) -> None:
        """Press keys one after the other. What nothing listens for has no effect, and the journal says so."""
        with self.changed:
            for key in keys:
                counts = key in self.accepts and not self.over
                self.note("digits", key=key, dropped=not counts)
                if counts:
                    self.keys.append(key)
            self.notify()

    def redirect(self, source: Source) -> bool:
        """Have the leg go on elsewhere; False when it isn't in progress (Twilio: 21220)."""
        with self.changed:
            if self.status != "in-progress":
                return False
            self.detour = source
            self.note("leg_redirected")
            self.notify()
            return True

    def begin_tape(self) -> None:
        """A machine has said its greeting and records from now on."""
        with self.changed:
            if not self.over:
                self.tape_from = self.exchange.pace.now()
                self.note("machine_records")

    def hear(self, text: str, language: str, **detail: object) -> None:
        """A line begins to be spoken on the leg."""
        with self.changed:
            self.heard.append(Heard(len(self.heard), text, language, self.exchange.pace.now()))
            self.note("said", text=text, language=language, **detail)
            if self.script:
                self.script.heard(text)
            self.notify()

    def notify(self) -> None:
        """Wake whoever waits for this leg, its parent or its telephone. Lock held."""
        self.changed.notify_all()
        if self.parent:
            self.parent.changed.notify_all()
        if self.handset:
            self.handset.changed.notify_all()

    # What the leg's own thread uses

    def sleep(self, seconds: float, until: Callable[[], bool] | None = None) -> bool:
        """Wait ``seconds`` virtual seconds, or until ``until`` holds (then True; it runs with the lock held).

        Raises LegOver when the leg ends meanwhile and Redirected when REST sends it elsewhere.
        """
        pace = self.exchange.pace
        with self.changed:
            deadline = pace.now() + seconds
            while True:
                self.check()
                if until is not None and until():
                    return True
                left = deadline - pace.now()
                if left <= 0:
                    return False
                self.changed.wait(pace.real(left))

    def check(self) -> None:
        """Raise LegOver or Redirected when one of them holds."""
        with self.changed:
            if self.over or self.exchange.stopping.is_set():
                raise LegOver
            if self.detour is not None:
                raise Redirected

    def listen(self, keys: str) -> None:
        """From now on exactly these keys count; earlier ones are forgotten."""
        with self.changed:
            self.keys.clear()
            self.accepts = "" if self.over else keys
            self.notify()

    def take_detour(self) -> Source | None:
        """Where REST has sent the leg, once."""
        with self.changed:
            source, self.detour = self.detour, None
            return source

    # Words for the product and the journal

    def about(self) -> About:
        """Whom webhooks about this leg are about."""
        return About(self.sid, self.number)

    def note(self, kind: str, **detail: object) -> None:
        """Write an event of this leg down."""
        self.exchange.journal.add(kind, self.sid, self.number, **detail)

    def seconds(self) -> int:
        """Whole virtual seconds from the answer to the end, 0 without both (Twilio: CallDuration)."""
        if self.answered_at is None or self.ended_at is None:
            return 0
        return max(1, round(self.ended_at - self.answered_at))

    def params(self) -> dict[str, str]:
        """What every request about a call carries (Twilio: voice webhook parameters)."""
        params = {
            "AccountSid": self.exchange.account_sid,
            "ApiVersion": "2010-04-01",
            "CallSid": self.sid,
            "CallStatus": self.status,
            "Called": self.to,
            "Caller": self.from_,
            "Direction": self.direction,
            "From": self.from_,
            "FromCountry": "CA" if self.from_.startswith("+1") else "",
            "To": self.to,
            "ToCountry": "CA" if self.to.startswith("+1") else "",
        }
        if self.direction == "inbound":
            params["StirVerstat"] = "TN-Validation-Passed-A" if self.from_.startswith("+1") else "No-TN-Validation"
        if self.parent:
            params["ParentCallSid"] = self.parent.sid
        if self.answered_by:
            params["AnsweredBy"] = self.answered_by
        return params

    def tell(self, event: str) -> None:
        """Send a progress callback if it was asked for (Twilio: call progress events). Lock held."""
        progress = self.progress
        if progress is None or not progress.hook or event not in progress.events:
            return
        params = self.params() | {
            "Timestamp": self.exchange.pace.stamp(),
            "CallbackSource": "call-progress-events",
            "SequenceNumber": str(progress.sequence),
        }
        if event == "completed":
            params |= {"CallDuration": str(self.seconds()), "Duration": str((self.seconds() + 59) // 60)}
        progress.sequence += 1
        self.exchange.callbacks.send(self.sid, progress.hook, params, self.about())
