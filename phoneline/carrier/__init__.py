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


class NotThereError(RefusedError):
    """The carrier doesn't know what it was asked about: its 404."""


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
    digits: str | None = None
    """Keyed as soon as somebody picks up; `w` waits half a second."""
    machine_url: str | None = None
    """Ask whether a machine answers, without letting the person wait for the verdict."""
    until_greeting_ends: bool = False
    """Have the verdict on a machine wait until its greeting has ended: then something can be left there."""


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


@dataclass(frozen=True)
class Price:
    """What the carrier wants for a call or a text."""

    micros: int
    """Millionths of the unit."""
    unit: str
    """The currency, such as USD."""


@dataclass(frozen=True)
class RecordingReport:
    """What the carrier says of a recording."""

    sid: str
    in_the_making: bool
    complete: bool
    """Neither of both: it failed, or there was nothing to record."""
    seconds: int | None


@dataclass(frozen=True)
class Audio:
    """Sound, as a browser plays it."""

    data: bytes
    media_type: str


class Recordings(Protocol):
    """What we ask about recordings. Every method raises a CarrierError when it fails, and never tries twice."""

    def of_call(self, call_sid: str) -> list[RecordingReport]:
        """The recordings of a call that the carrier still has."""

    def report(self, sid: str) -> RecordingReport | None:
        """One recording; None when the carrier says that it has none of that id, and only then."""

    def audio(self, sid: str, *, as_wav: bool = False) -> Audio | None:
        """What was recorded, in the smallest form there is or as WAV; None while the carrier doesn't have it ready."""

    def delete(self, sid: str) -> None:
        """Ask for a recording to be deleted. Fine if it is gone already."""


class Carrier(Protocol):
    """Every method raises a CarrierError when it fails, and never tries twice."""

    @property
    def recordings(self) -> Recordings:
        """Messages that callers left, as long as they are at the carrier's."""

    def dial(self, dial: Dial) -> str:
        """Place a call; the carrier's id of it."""

    def end(self, sid: str) -> None:
        """Cancel or hang up, whichever the leg's state needs. Fine if it is over already."""

    def redirect(self, sid: str, url: str) -> None:
        """Have a live leg fetch `url` at once. RefusedError when it is over."""

    def announce(self, room: str, url: str) -> None:
        """Have everybody in a room hear the document at `url` while they talk on. NotThereError without such a room."""

    def report(self, sid: str) -> LegReport | None:
        """What became of a leg; None if the carrier doesn't know it."""

    def legs_to(self, number: str) -> list[LegReport]:
        """The line's recent calls to `number`, queued ones included, newest first."""

    def send_text(self, text: TextMessage) -> str:
        """Send a text; the carrier's id of it."""

    def price_of_call(self, sid: str) -> Price | None:
        """What a call that is over costs; None while the carrier doesn't say, which may take it hours."""

    def price_of_text(self, sid: str) -> Price | None:
        """The same of a text."""
