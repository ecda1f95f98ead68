"""A telephone on the simulated network, held by a person, a script or nobody."""

import threading
from typing import TYPE_CHECKING, Literal

from phoneline.simulator.behaviour import Behaviour
from phoneline.simulator.calling import call_line
from phoneline.simulator.leg import Leg
from phoneline.simulator.texts import Text, text_line
from phoneline.simulator.twiml import EVERY_KEY

if TYPE_CHECKING:
    from phoneline.simulator.exchange import Exchange

Kind = Literal["peer", "volunteer", "coordinator", "outside"]
State = Literal["idle", "dialling", "ringing", "talking"]


class HandsetError(Exception):
    """Something that can't be done with this telephone now; the message is a sentence for its holder."""


class Handset:
    """One telephone. It has one call at a time: whoever rings it meanwhile finds it busy.

    ``behaviour`` may be replaced at any time and holds from the next leg on.
    """

    def __init__(
        self, exchange: "Exchange", number: str, label: str, behaviour: Behaviour, kind: Kind, id_: str
    ) -> None:
        self.exchange = exchange
        self.id = id_
        self.number = number
        self.label = label or number
        self.behaviour = behaviour
        self.kind: Kind = kind
        self.changed = threading.Condition(exchange.lock)
        self.legs: list[Leg] = []
        self.inbox: list[Text] = []

    @property
    def current_leg(self) -> Leg | None:
        """The leg that this telephone is on or that rings it."""
        leg = self.last_leg
        return leg if leg is not None and not leg.over else None

    @property
    def last_leg(self) -> Leg | None:
        """The current leg, or the one before."""
        return self.legs[-1] if self.legs else None

    @property
    def ringing(self) -> bool:
        """Whether a call waits to be answered."""
        return self.state == "ringing"

    @property
    def state(self) -> State:
        """What the telephone is doing."""
        leg = self.current_leg
        if leg is None:
            return "idle"
        if leg.status == "in-progress":
            return "talking"
        return "dialling" if leg.direction == "inbound" else "ringing"

    def take(self, leg: Leg) -> None:
        """Hold this leg from now on. Lock held."""
        self.legs.append(leg)
        self.changed.notify_all()

    def ring(self, leg: Leg) -> bool:
        """An incoming leg; False when the telephone is engaged, and then the leg has ended as busy."""
        with self.changed:
            current = self.current_leg
            if current is not None or self.behaviour.busy:
                leg.end("busy", f"engaged on {current.sid}" if current else "behaviour")
                return False
            if leg.over:
                return False
            self.take(leg)
            leg.advance("ringing")
            return True

    # What its holder does

    def call_line(self, from_: str | None = None) -> Leg:
        """Dial the line; ``from_`` is the caller id to show instead of the number, such as ``anonymous``."""
        with self.changed:
            if self.current_leg is not None:
                raise HandsetError("This phone is already on a call.")
            return call_line(self.exchange, self, self.number if from_ is None else from_)

    def answer(self) -> Leg:
        """Take the call that rings."""
        with self.changed:
            leg = self._need("ringing")
            leg.advance("in-progress")
            return leg

    def reject(self) -> None:
        """Turn the ringing call away: the network says busy."""
        with self.changed:
            self._need("ringing").end("busy", "handset")

    def hang_up(self) -> None:
        """End the call, whatever its state."""
        with self.changed:
            leg = self.current_leg
            if leg is None:
                raise HandsetError("This phone is not on a call.")
            if self.state == "ringing":
                leg.end("busy", "handset")
            else:
                leg.end("completed" if leg.answered_at is not None else "no-answer", "handset")

    def press(self, keys: str, *, wait: float = 0.0) -> None:
        """Press keys; with ``wait`` only once they count, for at most so many real seconds.

        A key that nothing listens for has no effect, as on a real line.
        """
        if not keys or set(keys) - set(EVERY_KEY):
            raise HandsetError("There is no such key.")
        if wait:
            leg = self.current_leg
            if leg is None:
                raise HandsetError("This phone is not on a call.")
            leg.wait_listening(keys[0], wait)
        with self.changed:
            self._need("talking").press(keys)

    def speak(self, seconds: float) -> None:
        """Talk for so many virtual seconds, so that a recorder doesn't hear silence."""
        with self.changed:
            leg = self._need("talking")
            leg.speaking_until = self.exchange.pace.now() + seconds
            leg.notify()

    def text_line(self, body: str, from_: str | None = None) -> str:
        """Send the line a text; its SID. The webhook is posted in the background."""
        return text_line(self.exchange, self, body, self.number if from_ is None else from_)

    def wait_ringing(self, timeout: float = 10.0) -> Leg:
        """The leg that rings this telephone, waiting up to ``timeout`` real seconds. Raises TimeoutError."""
        with self.changed:
            self.changed.wait_for(lambda: self.ringing or self.exchange.stopping.is_set(), timeout)
            leg = self.current_leg
            if leg is None or not self.ringing:
                raise TimeoutError(f"{self.label} is not ringing but {self.state}")
            return leg

    def wait_idle(self, timeout: float = 10.0) -> None:
        """Until the telephone is on no call, for at most ``timeout`` real seconds. Raises TimeoutError."""
        with self.changed:
            self.changed.wait_for(lambda: self.current_leg is None or self.exchange.stopping.is_set(), timeout)
            if self.current_leg is not None:
                raise TimeoutError(f"{self.label} is still {self.state}")

    def _need(self, state: State) -> Leg:
        leg = self.current_leg
        if leg is None or self.state != state:
            words = {"ringing": "This phone is not ringing.", "talking": "Nobody is on this phone yet."}
            raise HandsetError(words[state])
        return leg
