"""How calls begin: a telephone dials the line, or the product creates a call by REST."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from phoneline.simulator.behaviour import Behaviour
from phoneline.simulator.leg import Leg, LegOver, Progress, Redirected
from phoneline.simulator.poster import NOWHERE, Hook
from phoneline.simulator.session import Session
from phoneline.simulator.source import Fetch, Source

if TYPE_CHECKING:
    from phoneline.simulator.exchange import Exchange
    from phoneline.simulator.handset import Handset

SETUP_SECONDS = 0.3
"""From dialling until the far end rings."""

VERDICT_SECONDS = 4.0
"""Twilio: machine detection takes about four seconds on average."""

DETECTION_LIMIT = 30.0
"""Twilio: MachineDetectionTimeout's default."""


@dataclass(frozen=True)
class Order:
    """What a REST create asks for. ``detection`` is empty, ``Enable`` or ``DetectMessageEnd``."""

    to: str
    from_: str
    first: Source
    fallback: Hook
    progress: Progress
    timeout: float = 60.0
    time_limit: float = 14400.0
    detection: str = ""
    detection_hook: Hook = NOWHERE


def call_line(exchange: "Exchange", handset: "Handset", from_: str) -> Leg:
    """A handset dials the line. The product's voice URL is asked on the leg's own thread."""
    line = exchange.line
    progress = Progress(line.status(), frozenset({"completed"}))
    with exchange.lock:
        leg = Leg(exchange, "inbound", from_, line.phone_number, handset=handset, progress=progress)
        handset.take(leg)
        if leg.script:
            leg.script.start_clock()
    _start(leg, lambda: Session(leg, line.fallback()).run(Fetch(line.voice())))
    return leg


def create_call(exchange: "Exchange", order: Order) -> Leg:
    """A leg for a REST create, still queued; ``dial`` sets it going."""
    with exchange.lock:
        handset = exchange.handsets.get(order.to)
        leg = Leg(exchange, "outbound-api", order.from_, order.to, handset=handset, progress=order.progress)
        leg.queue_seconds = exchange.seconds_queued()
    return leg


def dial(leg: Leg, order: Order) -> None:
    """Let a created leg queue, ring and run its document, on a thread of its own."""
    _start(leg, lambda: _carry_out(leg, order))


def _start(leg: Leg, work: Callable[[], None]) -> None:
    def run() -> None:
        try:
            work()
        except LegOver:
            pass
        except Exception as error:  # noqa: BLE001 -- a thread's end would pass unseen; the journal tells
            leg.note("simulator_error", error=repr(error))
            leg.end("failed", "simulator")
        finally:
            leg.exchange.forget(threading.current_thread())

    leg.exchange.run(threading.Thread(target=run, name=f"simulator leg {leg.sid[-6:]}", daemon=True))


def _carry_out(leg: Leg, order: Order) -> None:
    leg.sleep(leg.queue_seconds)
    leg.advance("initiated")
    leg.sleep(SETUP_SECONDS)
    if not _reach(leg):
        return
    try:
        answered = leg.sleep(order.timeout, lambda: leg.status == "in-progress")
    except Redirected:
        # Only an answered leg is sent elsewhere: in the same instant here, and what runs next goes there.
        answered = True
    if not answered:
        leg.end("no-answer", "timeout")
        return
    leg.exchange.timers.after(order.time_limit, lambda: leg.end("completed", "time limit"))
    Session(leg, order.fallback).run(_first(leg, order))


def _first(leg: Leg, order: Order) -> Source | None:
    """The first document, once detection is through; REST may have sent the leg elsewhere meanwhile."""
    try:
        if order.detection:
            _detect(leg, order)
    except Redirected:
        return leg.take_detour()
    return order.first


def _reach(leg: Leg) -> bool:
    """Have the far end ring, if there is one that works."""
    handset = leg.handset
    if handset is None or handset.behaviour.dead:
        leg.end("failed", "network")
        return False
    return handset.ring(leg)


def _detect(leg: Leg, order: Order) -> None:
    """Machine detection: silence until the verdict, or with a hook in the background (Twilio: AMD)."""
    seconds, verdict = _verdict(leg.handset.behaviour if leg.handset else Behaviour(), order.detection)
    if order.detection_hook:
        leg.exchange.timers.after(seconds, lambda: _tell_verdict(leg, order.detection_hook, verdict, seconds))
        return
    leg.sleep(seconds)
    leg.answered_by = verdict
    leg.note("amd_verdict", answered_by=verdict)


def _verdict(behaviour: Behaviour, detection: str) -> tuple[float, str]:
    """After how many seconds detection says what."""
    if not behaviour.machine:
        return VERDICT_SECONDS, behaviour.detected_as or "human"
    if detection == "Enable":
        return VERDICT_SECONDS, behaviour.detected_as or "machine_start"
    if behaviour.greeting_seconds > DETECTION_LIMIT:
        return DETECTION_LIMIT, behaviour.detected_as or "unknown"
    return max(VERDICT_SECONDS, behaviour.greeting_seconds), behaviour.detected_as or "machine_end_beep"


def _tell_verdict(leg: Leg, hook: Hook, verdict: str, seconds: float) -> None:
    with leg.changed:
        if leg.over:
            return
        leg.answered_by = verdict
        leg.note("amd_verdict", answered_by=verdict)
        params = {
            "AccountSid": leg.exchange.account_sid,
            "AnsweredBy": verdict,
            "CallSid": leg.sid,
            "MachineDetectionDuration": str(int(seconds * 1000)),
        }
        leg.exchange.callbacks.send(leg.sid, hook, params, leg.about())
