"""Gather: prompts that a key interrupts, then keys until enough, a finishing key, or silence (Twilio: Gather docs)."""

from typing import TYPE_CHECKING

from phoneline.simulator.leg import Leg
from phoneline.simulator.prompts import speak
from phoneline.simulator.source import Source
from phoneline.simulator.twiml import EVERY_KEY, Gather

if TYPE_CHECKING:
    from phoneline.simulator.session import Session


def gather(session: "Session", verb: Gather) -> Source | None:
    """Perform a Gather: its action with ``Digits``, or None to fall through on silence."""
    leg = session.leg
    leg.listen(EVERY_KEY)
    leg.note("gather_opened", num_digits=verb.num_digits, finish_on_key=verb.finish_on_key, timeout=verb.timeout)
    digits = finished_by = ""
    try:
        for prompt in verb.prompts:
            if speak(session, prompt, lambda: bool(leg.keys)):
                break
        digits, finished_by = _collect(leg, verb)
    finally:
        leg.listen("")
        leg.note("gather_closed", digits=digits, finished_by=finished_by)
    if not digits and not verb.action_on_empty_result:
        return None
    extra = {"Digits": digits} | ({"FinishedOnKey": finished_by} if finished_by else {})
    return session.follow(verb.action, verb.method, extra)


def _collect(leg: Leg, verb: Gather) -> tuple[str, str]:
    """The digits and the key that finished them; the time-out starts again with every key."""
    digits = ""
    while verb.num_digits is None or len(digits) < verb.num_digits:
        if not leg.sleep(verb.timeout, lambda: bool(leg.keys)):
            break
        key = leg.keys.popleft()
        if key in verb.finish_on_key:
            return digits, key
        digits += key
    return digits, ""
