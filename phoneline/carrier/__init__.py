"""What we ask of a phone network, and how it can fail."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from phoneline.states import LegEnd


class CarrierError(Exception):
    """The carrier didn't do what it was asked. The text holds no phone number."""

    def __init__(self, message: str, code: int | None = None) -> None:
        super().__init__(message)
        self.code = code
        """The carrier's own number for what went wrong, where it gave one."""


class RefusedError(CarrierError):
    """A final no: the same request will never succeed (a number that can't be called, a leg that is over)."""


class BusyError(CarrierError):
    """Certainly not done, and worth another try later: too many requests, or no connection at all."""


class UnknownError(CarrierError):
    """Nobody knows whether it was done: a time-out, a broken connection, or the carrier's own failure."""


@dataclass(frozen=True)
class Dial:
    """A leg to be placed. Addresses are absolute."""

    number: str
    url: str
    fallback_url: str
    status_url: str
    ring_seconds: int
    machine_url: str | None = None
    """Ask whether a machine answers, without letting the person wait for the verdict."""


@dataclass(frozen=True)
class TextMessage:
    """A text to be sent. The address is absolute."""

    number: str
    body: str
    status_url: str


@dataclass(frozen=True)
class LegReport:
    """What the carrier says of a leg."""

    sid: str
    live: bool
    answered: bool
    end: LegEnd | None
    ended_at: datetime | None
    created_at: datetime | None


class Carrier(Protocol):
    """Every method raises a CarrierError when it fails, and never tries twice."""

    def dial(self, dial: Dial) -> str:
        """Place a call; the carrier's id of it."""

    def end(self, sid: str) -> None:
        """Cancel or hang up, whichever the leg's state needs. Fine if it is over already."""

    def redirect(self, sid: str, url: str) -> None:
        """Have a live leg fetch `url` at once. RefusedError when it is over."""

    def report(self, sid: str) -> LegReport | None:
        """What became of a leg; None if the carrier doesn't know it."""

    def legs_to(self, number: str) -> list[LegReport]:
        """The line's recent calls to `number`, queued ones included, newest first."""

    def send_text(self, text: TextMessage) -> str:
        """Send a text; the carrier's id of it."""
