"""How a live setting is filled in, and from when on a change holds. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from dashboard.tongue import N_, Phrases


class Field(StrEnum):
    """How a value is filled in."""

    LENGTH = "length"
    """A number with a unit of time."""
    COUNT = "count"
    RATE = "rate"
    CHOICE = "choice"
    SPAN = "span"
    """Two times of day."""
    LANGUAGES = "languages"
    COUNTRIES = "countries"
    CRISIS = "crisis"
    """The numbers of each region."""
    HOURS = "hours"
    """On a page of their own."""


class Holds(StrEnum):
    """From when on a change holds."""

    NOW = "now"
    OFFER = "offer"
    CALL = "call"
    TURN = "turn"
    CHECKIN = "checkin"
    ANEW = "anew"
    MESSAGE = "message"
    FORGOTTEN = "forgotten"


FROM_WHEN = Phrases(
    {
        Holds.NOW: N_("It holds from now on."),
        Holds.OFFER: N_("It holds from the next volunteer who is rung."),
        Holds.CALL: N_("It holds from the next call on."),
        Holds.TURN: N_("It holds within seconds, for callers who wait already too."),
        Holds.CHECKIN: N_("It holds from the next attempt on."),
        Holds.ANEW: N_("It holds from now on, for check-ins that wait already too."),
        Holds.MESSAGE: N_("It holds from the next message on."),
        Holds.FORGOTTEN: N_("What is older is forgotten within a day, for good."),
    }
)


@dataclass(frozen=True)
class About:
    """One setting in words, all of them still to be translated."""

    name: str
    effect: str
    field: Field
    holds: Holds
    zero: str = ""
    """What 0 means, where it means something of its own."""


@dataclass(frozen=True)
class Group:
    id: str
    name: str
    keys: Sequence[str]
