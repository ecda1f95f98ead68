"""Dial with numbers: child legs ring together or in turn, the first that picks up is joined (Twilio: Dial, Number)."""

from typing import TYPE_CHECKING

from phoneline.simulator.leg import Leg, LegOver, Progress, Redirected
from phoneline.simulator.numbering import E164
from phoneline.simulator.poster import Hook
from phoneline.simulator.source import Source
from phoneline.simulator.twiml import Dial, Number

if TYPE_CHECKING:
    from phoneline.simulator.session import Session

BAD_CALLER_ID = 13214
BAD_NUMBER = 13224
EXTRA_RING = 5
"""Twilio: a Dial rings five seconds longer than its time-out."""


def dial_numbers(session: "Session", dial: Dial) -> Source | None:
    """Perform a Dial with numbers; its action with the outcome, or None to go on with the next verb."""
    attempt = Attempt(session, dial)
    try:
        attempt.run()
    except (LegOver, Redirected):
        # Twilio requests the action even so, and throws its TwiML away (changelog: changes to Dial behaviour).
        attempt.break_off()
        session.tell(dial.action, dial.method, attempt.result())
        raise
    attempt.end_children()
    if dial.action is None:
        return None
    return session.follow(dial.action, dial.method, attempt.result())


class Attempt:
    """One performance of a Dial verb."""

    def __init__(self, session: "Session", dial: Dial) -> None:
        self._session = session
        self._dial = dial
        self._leg = session.leg
        self._status = "failed"
        self._children: list[Leg] = []
        self._answered: Leg | None = None

    def run(self) -> None:
        """Ring, join, and wait for the end of the conversation. Raises LegOver, Redirected."""
        if not self._may_dial():
            return
        groups = [[number] for number in self._dial.numbers] if self._dial.sequential else [list(self._dial.numbers)]
        for group in groups:
            if (child := self._ring(group)) is not None:
                self._converse(child)
                return

    def end_children(self) -> None:
        """End every child that still lives."""
        for child in self._children:
            child.end("completed" if child.answered_at is not None else "canceled", "dial")

    def break_off(self) -> None:
        """The caller is gone or goes elsewhere."""
        self._status = "canceled"
        self.end_children()

    def result(self) -> dict[str, str]:
        """The parameters of the action's request (Twilio: Dial docs)."""
        shown = self._answered or (self._children[-1] if self._children else None)
        status = "completed" if self._answered else self._status
        result = {"DialCallStatus": status, "DialBridged": "true" if self._answered else "false"}
        if shown:
            result["DialCallSid"] = shown.sid
        if self._answered:
            result["DialCallDuration"] = str(self._answered.seconds())
        return result

    def _caller_id(self) -> str:
        return self._dial.caller_id or self._leg.from_

    def _may_dial(self) -> bool:
        """Whether the caller id may be shown: the call's own ends, or a number of ours (Twilio: 13214)."""
        if self._caller_id() in {self._leg.from_, self._leg.to, self._session.exchange.line.phone_number}:
            return True
        self._session.complain(BAD_CALLER_ID, "", f"callerId {self._caller_id()!r} is not ours", warning=True)
        return False

    def _ring(self, numbers: list[Number]) -> Leg | None:
        """Ring these together; the one that picked up."""
        fresh = [child for number in numbers if (child := self._child(number)) is not None]
        self._children.extend(fresh)

        def settled() -> bool:
            return any(child.status == "in-progress" for child in fresh) or all(child.over for child in fresh)

        self._leg.sleep(self._dial.timeout + EXTRA_RING, settled)
        with self._leg.changed:
            self._answered = next((child for child in fresh if child.status == "in-progress"), None)
            for child in fresh:
                if child is not self._answered:
                    child.end("no-answer" if self._answered is None else "canceled", "dial")
        if self._answered is None and fresh:
            self._status = fresh[-1].status
        return self._answered

    def _child(self, number: Number) -> Leg | None:
        exchange = self._session.exchange
        if not E164.fullmatch(number.number):
            self._session.complain(BAD_NUMBER, "", f"{number.number!r} is no number", warning=True)
            return None
        progress = Progress(
            Hook(self._session.resolve(number.status_callback) if number.status_callback else "", number.status_method),
            number.status_events,
        )
        with exchange.lock:
            handset = exchange.handsets.get(number.number)
            child = Leg(
                exchange,
                "outbound-dial",
                self._caller_id(),
                number.number,
                handset=handset,
                progress=progress,
                parent=self._leg,
            )
            self._leg.children.append(child)
            child.advance("initiated")
            if handset is None or handset.behaviour.dead:
                child.end("failed", "network")
            else:
                handset.ring(child)
        return child

    def _converse(self, child: Leg) -> None:
        self._leg.listen("*" if self._dial.hangup_on_star else "")
        self._join(child)
        try:
            self._leg.sleep(self._dial.time_limit, lambda: child.over or bool(self._leg.keys))
        finally:
            self._leg.listen("")
            self._part(child)

    def _join(self, child: Leg) -> None:
        with self._leg.changed:
            self._leg.bridged_with, child.bridged_with = child, self._leg
            self._leg.note("bridged", other=child.sid, other_number=child.number)

    def _part(self, child: Leg) -> None:
        with self._leg.changed:
            self._leg.bridged_with = child.bridged_with = None
            self._leg.note("unbridged", other=child.sid, other_number=child.number)
