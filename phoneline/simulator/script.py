"""Plays a handset's behaviour on one leg, without a thread of its own: the timers act at the right moment."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from phoneline.simulator.behaviour import Behaviour, Press
from phoneline.simulator.timers import Timers

if TYPE_CHECKING:
    from phoneline.simulator.leg import Leg


class Script:
    """Follows the leg's events. Every method but the timers' own is called with the exchange's lock held."""

    def __init__(self, leg: "Leg", timers: Timers, behaviour: Behaviour) -> None:
        self._leg = leg
        self._timers = timers
        self._behaviour = behaviour
        self._waiting_for: Press | None = None
        self._presses = iter(behaviour.presses)
        self._hanging_up = False

    def moved_to(self, status: str) -> None:
        """The leg has a new status."""
        behaviour = self._behaviour
        if status == "ringing" and behaviour.answer_after is not None:
            self._later(behaviour.answer_after, lambda: self._leg.advance("in-progress"))
        if status == "in-progress":
            if self._leg.direction != "inbound":
                self.start_clock()
            if behaviour.machine:
                self._later(behaviour.greeting_seconds, self._leg.begin_tape)
            self._next_press()

    def start_clock(self) -> None:
        """From now on the patience counts that ends in hanging up."""
        if self._behaviour.hang_up_after is not None:
            self._later(self._behaviour.hang_up_after, self._hang_up)

    def heard(self, text: str) -> None:
        """A line begins to be spoken on the leg."""
        line = text.casefold()
        ending = self._behaviour.hang_up_on_hearing.casefold()
        if ending and ending in line and not self._hanging_up:
            self._hanging_up = True
            self._later(0, self._hang_up)
        press = self._waiting_for
        if press and press.after_hearing.casefold() in line:
            self._waiting_for = None
            self._later(press.after, lambda: self._press(press))

    def recording(self) -> None:
        """The leg is being recorded from now on."""
        seconds = self._behaviour.message_seconds
        if seconds is not None:
            self._leg.speaking_until = self._leg.exchange.pace.now() + seconds
            self._later(seconds, self._hang_up)

    def _next_press(self) -> None:
        press = next(self._presses, None)
        if press is None:
            return
        if press.after_hearing:
            self._waiting_for = press
        else:
            self._later(press.after, lambda: self._press(press))

    def _press(self, press: Press) -> None:
        with self._leg.changed:
            if not self._leg.over:
                self._leg.press(press.keys)
                self._next_press()

    def _hang_up(self) -> None:
        self._leg.end("completed" if self._leg.answered_at is not None else "no-answer", "handset")

    def _later(self, seconds: float, action: Callable[[], object]) -> None:
        self._timers.after(seconds, action)
